"""The feed of a record on PostgreSQL: LISTEN on a connection of its own; the bell says only that something moved.

Subscribe first, then read.  The heartbeat goes over the same connection, so that a link that died in
silence is found by it (reliability.md 1.4).
"""

from __future__ import annotations

import selectors
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg

from console.domain.record import Cursor, Identity, Kind, Role, Stored
from console.ports.clock import Clock
from console.ports.store import Heartbeat, StoreAway
from db.mapping import envelope_of_row, mark_of_row
from db.postgres.lines import Address, Line, translated
from db.postgres.rows import cursors, heartbeat_of, stored_of_row
from db.seen import SeenNews

CHANNEL = "nightdesk"
LIMIT = 2.0
"""Seconds a call of the feed may take: the worker must hear within 5 s that the record is away."""
_GONE = "The shared record cannot be reached.  What you write waits on this computer and is sent by itself."


class _Bell:
    """Rings when a notification came.  A thread of its own waits at the socket and wakes the feed; it reads nothing."""

    def __init__(self, line: Line, wake: Callable[[], None]) -> None:
        self._line = line
        self._wake = wake
        self._rung = True
        self._closed = False
        self._heard = threading.Event()
        line.add_notify_handler(lambda _: self._ring())
        line.execute(f"LISTEN {CHANNEL}")
        threading.Thread(target=self._wait, name="feed bell", daemon=True).start()

    def rang(self) -> bool:
        """Say whether something may be new; raises where the connection died."""
        with translated():
            self._line.pgconn.consume_input()
            while self._line.pgconn.notifies() is not None:
                self._rung = True
        rung, self._rung = self._rung, False
        self._heard.set()
        return rung

    def close(self) -> None:
        """End the subscription."""
        self._closed = True
        self._heard.set()
        with suppress(psycopg.Error):
            self._line.close()

    def _ring(self) -> None:
        self._rung = True

    def _wait(self) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._line.pgconn.socket, selectors.EVENT_READ)
                while not self._closed:
                    if selector.select(0.5):
                        # What is there is for the feed's thread to read: wait until it has.
                        self._heard.clear()
                        if self._closed:
                            return
                        self._wake()
                        self._heard.wait()
        except (OSError, ValueError, psycopg.Error):
            self._wake()  # the connection is gone, and the feed finds that out by itself


class PostgresSource:
    """How a feed watches and reads one service's database, over one connection."""

    def __init__(
        self, address: Address, who: Identity, clock: Clock, prove: Callable[[Line], None] = lambda _: None
    ) -> None:
        """``prove`` asks on a new connection what must be answered before anything is read, or raises."""
        self._address = address
        self._prove = prove
        self._who = who
        self._is_witness = who.role is Role.WITNESS
        self._clock = clock
        self._line: Line | None = None

    def subscribe(self, wake: Callable[[], None]) -> _Bell:
        """Begin to watch; ``wake`` is called when the server rings."""
        self.close()
        self._line = self._address.connect(LIMIT)
        with translated():
            self._prove(self._line)
            return _Bell(self._line, wake)

    def news(self, after: int, limit: int) -> tuple[Stored, ...]:
        """Return what is new; to a witness without words, not even its own, but those that ask something of it."""
        if self._is_witness:
            found = tuple(map(envelope_of_row, self._rows("envelopes(%s, %s)", after, limit)))
            asked = [envelope.id for envelope in found if envelope.kind is Kind.SHIFT_ASKED]
            words = dict(self._rows("asked(%s)", asked)) if asked else {}
            return tuple(Stored(envelope, words.get(envelope.id)) for envelope in found)
        return tuple(map(stored_of_row, self._rows("news(%s, %s, %s)", self._who.role.value, after, limit)))

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat."""
        rows = self._rows("heartbeat(%s::bigint[], %s::text[])", *cursors(history))
        if not rows:
            raise StoreAway(_GONE)
        return heartbeat_of(rows[0], history)

    def first_tick(self, after: int) -> int:
        """Return the tick from which marks beyond seq ``after`` will be told; a witness asks for none."""
        if self._is_witness:
            return 0
        rows = self._rows("first_tick(%s)", after)
        return int(rows[0][0]) if rows else 0

    def seen_since(self, tick: int) -> SeenNews:
        """Return what other workers have seen since ``tick``."""
        if self._is_witness:
            return SeenNews((), tick)
        rows = self._rows("seen_since(%s)", tick)
        marks = tuple(mark for mark in map(mark_of_row, rows) if mark.worker != self._who.worker)
        return SeenNews(marks, rows[-1][4] if rows else tick)

    def close(self) -> None:
        """Close the feed's connection."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(psycopg.Error):
                line.close()

    def _rows(self, door: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  whatever a door takes
        if self._line is None:
            raise StoreAway(_GONE)
        with translated():
            return self._line.execute(f"SELECT * FROM {door}", values).fetchall()  # noqa: S608  our own doors

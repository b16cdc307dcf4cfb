"""Eight consoles that write without a pause, and an account of what they were told, for tests of what survives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from console.domain.record import Entry, Identity, StreamRef
from console.ports.store import Receipt, StoreAway, Verdict
from db.postgres.store import PostgresStore
from tests.helpers.record_parts import HandClock, Pen

_AGAIN_AFTER = 0.02
"""Seconds before a writer tries again, as an outbox does (its own pause is longer)."""


@dataclass
class Told:
    """What one writer was told: ids in the order of their acknowledgement, and when the last came."""

    stream: StreamRef
    acknowledged: list[tuple[UUID, int]] = field(default_factory=list)
    in_doubt: int = 0
    already: int = 0
    last_at: float = 0.0
    away_at: float = 0.0
    fault: str = ""


class Writer:
    """One console's store, in a thread of its own: one entry after the other, each offered until it is answered."""

    def __init__(self, who: Identity, store: PostgresStore) -> None:
        self._pen = Pen(who, HandClock(datetime.now(UTC)))
        self._store = store
        self._stop = threading.Event()
        stream, self._opened = self._pen.contact()
        self.told = Told(stream)
        self._thread = threading.Thread(target=self._run, name=f"writer {who.worker}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Let the entry that is on its way come to its answer, and end."""
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "a writer hangs"
        self._store.close()
        assert not self.told.fault, self.told.fault

    def _run(self) -> None:
        try:
            self._offer(self._opened)
            number = 0
            while not self._stop.is_set():
                self._offer(self._pen.note(self.told.stream, f"line {number}"))
                number += 1
        except Exception as error:
            self.told.fault = repr(error)

    def _offer(self, entry: Entry) -> None:
        tried = 0
        while (receipt := self._tried(entry)) is None:
            tried += 1
            self.told.away_at = self.told.away_at or time.monotonic()
            self._stop.wait(_AGAIN_AFTER)
        self._note(receipt, tried)

    def _tried(self, entry: Entry) -> Receipt | None:
        try:
            (receipt,) = self._store.append(self._pen.who, [entry])
        except StoreAway:
            return None
        return receipt

    def _note(self, receipt: Receipt, tried: int) -> None:
        assert receipt.verdict in (Verdict.STORED, Verdict.ALREADY), receipt
        assert tried or receipt.verdict is Verdict.STORED, "nobody had offered it before"
        self.told.in_doubt += bool(tried)
        self.told.already += receipt.verdict is Verdict.ALREADY
        self.told.acknowledged.append((receipt.id, receipt.seq))
        self.told.last_at = time.monotonic()


@contextmanager
def writing(stores: Callable[[Identity], PostgresStore], people: list[Identity]) -> Iterator[list[Writer]]:
    """Let everybody write for the length of a block; afterwards each has had the answer to its last entry."""
    writers = [Writer(who, stores(who)) for who in people]
    try:
        yield writers
    finally:
        for writer in writers:
            writer.end()


def acknowledged(writers: list[Writer]) -> int:
    """Return how many entries were acknowledged so far."""
    return sum(len(writer.told.acknowledged) for writer in writers)

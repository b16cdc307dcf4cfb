"""Connections to PostgreSQL: every call ends by its deadline, every error is a sentence.

Neither TCP settings nor a server's own limits end a call to a frozen server (reliability.md 0.6), so the
waiting itself has the deadline.  A connection that failed is thrown away, never mended.
"""

from __future__ import annotations

import selectors
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

from db.postgres.refusals import EXPIRED, NOTHING_TYPED, SLOW, TOO_OLD, sentence_for
from db.postgres.refusals import LineBroke as LineBroke
from db.postgres.refusals import LogInRefused as LogInRefused
from db.postgres.refusals import NotLetIn as NotLetIn

R = TypeVar("R")

CALL_LIMIT = 2.8
"""Seconds after which every call has come back; a little under the port's deadline of 3 s."""
CONNECT_LIMIT = 3
"""Whole seconds for reaching one host and logging in."""
OLDEST = 150_000
"""The oldest server we serve, as libpq numbers versions."""
_IDLE = 4
_SHORTEST = 0.01
RING = "SELECT ring()"
"""The doorbell, in a transaction of its own: inside the write it holds up the whole server (reliability.md 0.2)."""
SCHEMA = "nightdesk"
"""The schema of our tables and doors inside the service's database."""


class Late(Exception):
    """A call outlived its deadline."""


class Line(psycopg.Connection[TupleRow]):
    """A connection whose every wait has a deadline."""

    limit: float | None = CALL_LIMIT
    """Seconds one wait may take; None waits for ever (imports, upgrades)."""
    ends_at: float | None = None
    """The moment, on the computer's steady clock, when the call that has this line must be over; None: no such call."""

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """Run a generator of psycopg's to its end; past the limit the connection is closed and :class:`Late` raised."""
        begun = time.monotonic()
        limit = self._left(begun)
        try:
            return super().wait(gen, interval, limit if timeout is None else timeout)
        except psycopg.Error:
            if timeout is None and limit is not None and time.monotonic() - begun >= limit:
                # Whatever it was doing may still happen on the server: the caller offers the same ids again.
                self.pgconn.finish()
                raise Late from None
            raise

    def _left(self, now: float) -> float | None:
        if self.limit is None or self.ends_at is None:
            return self.limit
        return min(self.limit, max(_SHORTEST, self.ends_at - now))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service's database is, and who logs in.  ``password`` never leaves this object in words."""

    keywords: Mapping[str, str]
    """libpq's own: host (several for failover), port, dbname, user, sslmode, sslrootcert, sslnegotiation."""
    password: str = field(default="", repr=False)

    def connect(self, limit: float | None = CALL_LIMIT) -> Line:
        """Open a connection in autocommit, its search path pinned; raises the sentence of what stands in the way."""
        if not self.password:
            # libpq would look into the environment and a readable file for one.
            raise NotLetIn(NOTHING_TYPED)
        with translated():
            line = Line.connect(
                **{"connect_timeout": str(CONNECT_LIMIT), "application_name": "nightdesk", **self.keywords},  # type: ignore[arg-type]  # libpq takes words for all
                password=self.password,
                autocommit=True,
                options=f"-c search_path={SCHEMA} -c statement_timeout={0 if limit is None else int(limit * 1000)}",
                target_session_attrs="read-write",
            )
            line.limit = limit
            line.prepare_threshold = 2
            if line.info.server_version < OLDEST:
                found = line.info.server_version // 10_000
                line.close()
                raise NotLetIn(TOO_OLD.format(found=found))
            return line


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of PostgreSQL into sentences; an error of our own code goes through."""
    try:
        yield
    except Late:
        raise LineBroke(SLOW) from None
    except psycopg.Error as error:
        raise sentence_for(error) from None


class Lines:
    """A few connections of one log-in, lent to any thread, one at a time each."""

    def __init__(self, address: Address, limit: float | None = CALL_LIMIT) -> None:
        self.address = address
        self._limit = limit
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[Line]:
        """Give a connection; it is kept for the next only where nothing went wrong on it."""
        with translated():
            begun = time.monotonic()
            line = self._take()
            # One limit for all waits of one call, and for what it took to get in.
            line.ends_at = begun + self._limit if self._limit is not None else None
            try:
                yield line
            except BaseException:
                if line.broken or line.closed or line.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    with suppress(psycopg.Error):
                        line.close()
                else:
                    self._put(line)
                raise
            self._put(line)

    def rows(self, door: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  whatever a door takes
        """Call a door in a transaction of its own and return its rows."""
        marks = ", ".join(["%s"] * len(values))
        query = f"SELECT * FROM {door}({marks})"  # noqa: S608  the doors' names are ours
        with self.lent() as line:
            return line.execute(query, values).fetchall()

    def one(self, door: str, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401  whatever a door takes
        """Call a door that returns one row; raises :class:`NotLetIn` where it returns none: nobody of this service."""
        rows = self.rows(door, *values)
        if not rows:
            raise LogInRefused(EXPIRED)
        return rows[0]

    def write(self, door: str, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401  whatever a door takes
        """Call a door that writes, then ring the bell in a transaction of its own; return the door's row.

        A bell that cannot be rung costs the others a heartbeat, and the writer nothing: the write is committed.
        """
        marks = ", ".join(["%s"] * len(values))
        with self.lent() as line:
            row = line.execute(f"SELECT {door}({marks})", values).fetchone()  # noqa: S608  the doors' names are ours
            with suppress(psycopg.Error, Late):
                line.execute(RING)
        return row or ()

    def prove(self, line: Line) -> None:
        """Ask on a connection that was opened beside these whatever must be asked before anything is read: nothing."""

    def close(self) -> None:
        """Close what is idle; what is lent closes when given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for line in idle:
            with suppress(psycopg.Error):
                line.close()

    def _take(self) -> Line:
        with self._lock:
            while self._idle:
                line = self._idle.pop()
                if not line.closed and not _went_away(line):
                    return line
        return self.address.connect(self._limit)

    def _put(self, line: Line) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE and not line.closed:
                self._idle.append(line)
                return
        with suppress(psycopg.Error):
            line.close()


def _went_away(line: Line) -> bool:
    """Say whether the server closed an idle connection meanwhile: its socket can be read, and holds the end."""
    with selectors.DefaultSelector() as selector:
        selector.register(line.pgconn.socket, selectors.EVENT_READ)
        if not selector.select(0):
            return False
    with suppress(psycopg.Error):
        line.close()
    return True

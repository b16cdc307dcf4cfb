"""The feed of a record in one file: ``PRAGMA data_version`` on a connection outside any transaction.

It changes for commits by others only, in this program or another, and costs 2 microseconds
(reliability.md 1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from console.domain.record import Cursor, Identity, Stored
from console.ports.clock import Clock
from console.ports.store import Heartbeat, StoreAway
from db.engine import Database, Driver, translated
from db.reading import read_heartbeat, read_news
from db.seen import SeenNews, first_tick, seen_since

LIMIT = 1.0
"""Seconds a call of the feed may take: the worker must hear within 5 s that the record is away."""
_ANOTHER = "Another file stands where the shared record was; it is being read.  What you write waits on this computer."


class _VersionBell:
    """Rings when ``data_version`` has changed, or when another file stands in the file's place."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.check_file()
        self._turn = database.turn()
        with translated():
            self._driver: Driver = database.bare()
        self._last = self._version()

    def rang(self) -> bool:
        if self._database.turn() != self._turn:
            raise StoreAway(_ANOTHER)
        before, self._last = self._last, self._version()
        return before != self._last

    def close(self) -> None:
        self._driver.close()

    def _version(self) -> int:
        with translated():
            row = self._driver.execute("PRAGMA data_version").fetchone()
        return int(row[0]) if row is not None else 0


class SqliteSource:
    """How a feed watches and reads one file; has connections of its own."""

    def __init__(self, database: Database, who: Identity, clock: Clock) -> None:
        self._database = database
        self._who = who
        self._clock = clock

    def subscribe(self, wake: Callable[[], None]) -> _VersionBell:
        """Begin to watch; nobody wakes us, the file is looked at."""
        return _VersionBell(self._database)

    def news(self, after: int, limit: int) -> tuple[Stored, ...]:
        """Return what is new."""
        with self._database.reading() as connection:
            return read_news(connection, self._who, after, limit, self._clock.now())

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat, and whether somebody sits on the file so that nobody can write."""
        with self._database.reading() as connection:
            found = read_heartbeat(connection, history, self._clock.now())
        return replace(found, held=self._held())

    def _held(self) -> str:
        # Readers of a WAL see nothing of a writer that never ends, and a worker who types would hear
        # of it only when the first words could not go.
        try:
            with self._database.writing():
                return ""
        except StoreAway as away:
            return str(away)

    def first_tick(self, after: int) -> int:
        """Return the tick from which marks beyond seq ``after`` will be told."""
        with self._database.reading() as connection:
            return first_tick(connection, after)

    def seen_since(self, tick: int) -> SeenNews:
        """Return what other workers have seen since ``tick``."""
        with self._database.reading() as connection:
            return seen_since(connection, self._who, tick)

    def close(self) -> None:
        """Close the feed's connections."""
        self._database.close()

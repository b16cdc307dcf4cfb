"""Finds where to begin to read, and brings open work of before; tries for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from console.domain.record import Cursor, Identity, Stored, StreamRef
from console.domain.text import NightdeskError
from console.ports.clock import Timer
from console.ports.feed import FeedAway
from console.services.asking import begin_at, read_open_streams
from console.services.driver import AGAIN, Doors, Driver
from console.services.ledger import Ledger
from console.services.sync_words import Opened


class Joining:
    """The beginning of a console's reading; harmless to leave unfinished."""

    def __init__(self, who: Identity, doors: Doors, driver: Driver, ledger: Ledger) -> None:
        self._who = who
        self._doors = doors
        self._driver = driver
        self._ledger = ledger
        self._timer: Timer | None = None
        self._stopped = False

    def begin(self, since: datetime) -> None:
        """Read everything stored from ``since`` on, and then work of before that is still open."""

        def opened(cursor: Cursor) -> None:
            self._driver.take(Opened(cursor))
            self._read_open_streams()

        def failed(problem: Exception) -> None:
            self._driver.take(FeedAway(str(problem) if isinstance(problem, NightdeskError) else ""))
            self._again(partial(self.begin, since))

        self._doors.runner.read(partial(begin_at, self._doors.store, since), opened, failed)

    def stop(self) -> None:
        """Try no more."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()

    def _read_open_streams(self) -> None:
        """Bring open work after the cursor is known, so that nobody waits for it."""

        def brought(found: tuple[tuple[StreamRef, tuple[Stored, ...]], ...]) -> None:
            for stream, entries in found:
                self._ledger.pen.merge(stream, entries)
            self._ledger.pen.publish()

        def failed(_: Exception) -> None:
            self._again(self._read_open_streams)

        self._doors.runner.read(partial(read_open_streams, self._doors.store, self._who), brought, failed)

    def _again(self, act: Callable[[], None]) -> None:
        if not self._stopped:
            self._timer = self._doors.alarm.after(AGAIN, act)

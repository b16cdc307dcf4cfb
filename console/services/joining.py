"""Finds where to begin to read, and brings open work of before; tries for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from console.domain.record import Cursor, Identity, Stored, StreamKind, StreamRef
from console.domain.text import NightdeskError
from console.ports.clock import Timer
from console.ports.feed import FeedAway
from console.services.asking import OPEN_KINDS, begin_at, read_open_streams
from console.services.driver import AGAIN, Doors, Driver
from console.services.ledger import Ledger
from console.services.sync_words import Opened


class Joining:
    """The beginning of a console's reading; harmless to leave unfinished."""

    def __init__(
        self, who: Identity, doors: Doors, driver: Driver, ledger: Ledger, kinds: Collection[StreamKind] = OPEN_KINDS
    ) -> None:
        """``kinds``: of which streams open work of before is brought."""
        self._who = who
        self._doors = doors
        self._driver = driver
        self._ledger = ledger
        self._kinds = kinds
        self._timer: Timer | None = None
        self._stopped = False

    def begin(self, since: datetime) -> None:
        """Read everything stored from ``since`` on, and then work of before that is still open."""

        def opened(cursor: Cursor) -> None:
            self._driver.take(Opened(cursor))
            if self._kinds:
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

        self._doors.runner.read(partial(read_open_streams, self._doors.store, self._who, self._kinds), brought, failed)

    def _again(self, act: Callable[[], None]) -> None:
        if not self._stopped:
            self._timer = self._doors.alarm.after(AGAIN, act)

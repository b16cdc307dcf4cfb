"""Draws a screen again when something it shows has moved, at most once a turn, and once a second for its clocks."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.record import StreamKind
from console.ports.clock import Alarm, Timer
from console.services.ledger import ChangeSet, Ledger

SOON = 0.1
"""Seconds in which the states beside what was written follow: typed, kept, shared."""


class Refresher:
    """Calls ``draw`` once however many changes one turn brought, and not while the screen is hidden."""

    def __init__(self, alarm: Alarm, draw: Callable[[], None], seconds: float = 1.0) -> None:
        self._alarm = alarm
        self._draw = draw
        self._seconds = seconds
        self._waiting: Timer | None = None
        self._lazy = False
        self._beat: Timer | None = alarm.every(seconds, self.now)

    def touch(self) -> None:
        """Draw in the next turn."""
        if self._beat is None or (self._waiting is not None and not self._lazy):
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._lazy, self._waiting = False, self._alarm.after(0, self.now)

    def soon(self) -> None:
        """Draw within :data:`SOON` seconds: for what moves with every key."""
        if self._waiting is None and self._beat is not None:
            self._lazy, self._waiting = True, self._alarm.after(SOON, self.now)

    def now(self) -> None:
        """Draw at once, unless it is paused."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._beat is not None:
            self._draw()

    def resume(self) -> None:
        """Draw at once and from now on."""
        if self._beat is None:
            self._beat = self._alarm.every(self._seconds, self.now)
        self.now()

    def stop(self) -> None:
        """Draw no more, until :meth:`resume`."""
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class RecordNews:
    """Has a screen drawn for what the record brings: at once for news, soon for what only counts on.

    A tick beside an own entry (kept, then shared) says nothing of which the partner waits.  Drawn at once it would
    hold the thread that hands the entry on, twice, before it is on its way.
    """

    def __init__(self, ledger: Ledger, refresher: Refresher, soon: frozenset[StreamKind] = frozenset()) -> None:
        """``soon``: kinds of streams whose news can wait as well."""
        self._ledger = ledger
        self._refresher = refresher
        self._soon = soon
        self._told = ledger.link.uncounted

    def changed(self, changes: ChangeSet) -> None:
        """Follow the record; for ``Ledger.subscribe``."""
        told, self._told = self._told, self._ledger.link.uncounted
        if told == self._told and all(ref.kind in self._soon for ref in changes.news):
            self._refresher.soon()
        else:
            self._refresher.touch()

"""What waits on this computer and is not shared, for the board's line about stations (screens.md 1)."""

from __future__ import annotations

from console.domain.record import Kind
from console.ports.clock import Alarm, Timer
from console.ports.journal import StrandedJournal
from console.services.ledger import Ledger
from console.services.link_state import Link
from console.services.shift_desk import ShiftDesk
from console.services.strays import StraysService

EVERY = 30.0
"""Seconds between two looks; each opens the journals of others who worked on this computer."""


class UnsentWatch:
    """Counts what others left here and what of this worker's own was refused, and says the number when it changes."""

    def __init__(self, strays: StraysService, ledger: Ledger, shift: ShiftDesk, station: str, alarm: Alarm) -> None:
        self._strays = strays
        self._ledger = ledger
        self._shift = shift
        self._station = station
        self._timer: Timer = alarm.every(EVERY, self.look)

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def look(self) -> None:
        """Look once; while the record is away nobody could be told, so nothing is done."""
        if self._ledger.link.link is Link.TOGETHER and self._shift.me() is not None:
            self._strays.look(self._found)

    def _found(self, strays: tuple[StrandedJournal, ...]) -> None:
        # What says the number must not be counted by it, or each refusal would make the next.
        refused = [entry for entry, _ in self._ledger.set_aside() if entry.kind is not Kind.SHIFT_UNSENT]
        count = sum(one.waiting for one in strays) + len(refused)
        before = next((one.count for one in self._shift.shift().unsent if one.station == self._station), 0)
        self._strays.say_unsent(self._shift.stream, count, before)

"""The one key of the slot: whom it answers, or takes back, by who stood there when the hand began to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.ports.switchboard import ActionAnswer
from console.services.call_slots import CallSlot, DeskState, next_to_answer
from console.services.held_callers import take_back_held
from console.services.refusing import Refused
from ui.desktop.desk import Desk
from ui.desktop.screens.handler.aim import Aim

NOT_THAT_CALLER = "That caller does not wait any more.  Nothing was done: look at the row below the call bar."


class HeldActs:
    """Follows what the slot shows; one caller's key never does anything to another."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._aim = Aim()

    def drawn(self, calls: DeskState, own: CallSlot | None, now: datetime) -> None:
        """Take note of who stands in the slot; ``own`` is on the call bar."""
        waiting = [one for one in calls.waiting if one is not own]
        first = next_to_answer(waiting, self._desk.who.worker) or next(iter(calls.held), None)
        self._aim.drawn(first.call.id if first is not None else None, now)

    def take_back(self, then: Callable[[ActionAnswer], None]) -> bool:
        """Take back the held caller of the slot; False where the key is for one who waits.  Raises ``Refused``."""
        calls, meant = self._desk.calls.state(), self._aim.call(self._desk.clock.now())
        held = {one.call.id for one in calls.held}
        if meant in held:
            take_back_held(self._desk.calls, self._desk.call_acts, meant, then)
            return True
        if held and meant is not None and not any(one.call.id == meant for one in calls.waiting):
            raise Refused(NOT_THAT_CALLER)
        return False

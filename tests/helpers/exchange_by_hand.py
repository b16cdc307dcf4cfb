"""The simulator's own exchange behind the consoles of a room: no thread, and the room's manual time."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.calls import Presentation
from console.ports.switchboard import Action, ActionAnswer
from telephony_adapters.simulator.connection import OUTSIDE_ANSWERS_AFTER
from telephony_adapters.simulator.exchange import Exchange
from telephony_adapters.simulator.mapping import perform, play
from telephony_adapters.simulator.steps import Answers, CallArrives, Rings, Step
from tests.helpers.night_room import Console, Room


class ExchangeByHand:
    """Carries out what the consoles of ``room`` ask, as the simulator does, and tells all of them what happens."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.exchange = Exchange("sim")
        for console in room.consoles:
            self.serve(console)

    def serve(self, console: Console) -> None:
        """Carry out what this console asks as well."""
        console.switchboard.perform = self._perform  # type: ignore[method-assign]  # the simulator in place of a memory

    def do(self, step: Step) -> None:
        """Let the telephones do something."""
        self._room.hears(*play(self.exchange, step, self._room.clock.now()))

    def call_in(self, number: str, line: str, extension: str) -> None:
        """Let somebody ring in, and one of ours answer."""
        self.do(CallArrives("c1", number, Presentation.ALLOWED, line, queue="oohs"))
        self.do(Rings("c1", (extension,)))
        self.do(Answers("c1", extension))

    def _perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        done = perform(self.exchange, action, self._room.clock.now())
        then(done.answer)
        self._room.hears(*done.facts)
        if done.later is not None:
            step = done.later
            self._room.alarm.after(OUTSIDE_ANSWERS_AFTER.total_seconds(), lambda: self.do(step))

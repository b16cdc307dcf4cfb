"""The other side of the simulator's wire: a real simulated exchange, whose messages a test sends as it likes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

from console.domain.call_events import CallEvent, NumberLearned
from console.domain.calls import Presentation
from console.ports.switchboard import ActionAnswer, Answer
from telephony_adapters.contract.bench import STORY, CannotShow, Moment, Story
from telephony_adapters.simulator import ComputerClock, SimulatedSwitchboard, SimulatorSettings, mapping, parse, wire
from telephony_adapters.simulator.desk import Desk
from telephony_adapters.simulator.steps import Answers, CallArrives, HangsUp, Rings
from tests.helpers.loopback import Loopback

_HIDDEN: dict[str, Any] = {"number": "", "presentation": Presentation.WITHHELD}
SCRIPT = """\
phone 1001 "P" queue oohs
phone 1002 "T" queue oohs
22:14:05 call c1 from 02079460123 to 01632 960001 queue oohs
 rings 1001 1002
22:14:19 1001 answers c1
22:15 caller rings off c1
"""
REFUSED = ActionAnswer(Answer.REFUSED, "This account may not do that.  Nothing was done.")


class FakeSimulator(Loopback):
    """One adapter's line to a simulated exchange; the script plays only as far as it is asked for its messages."""

    story: Story = STORY
    wrong_settings = None

    def __init__(self) -> None:
        super().__init__("fake-simulator")
        self._clock = ComputerClock()
        self._exchange = SimulatedSwitchboard(parse(SCRIPT), waits_for=0)
        self._steps = [happening.step for happening in parse(SCRIPT).happenings if happening.step is not None]
        self._played: dict[Moment, list[CallEvent]] = {}
        self._refusing = False
        self._guard = threading.Lock()

    @property
    def settings(self) -> SimulatorSettings:
        """Return what reaches it."""
        return SimulatorSettings(address=f"127.0.0.1:{self.port}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._exchange.close()

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst."""
        return [_line(fact) for fact in self._facts(moment)]

    def withheld(self) -> Sequence[bytes]:
        """Return the first burst as a script tells it that says withheld: there is no number in it."""
        facts = self._facts(Moment.RINGS)
        return [_line(replace(one, **_HIDDEN) if isinstance(one, NumberLearned) else one) for one in facts]

    def broken(self, data: bytes) -> bytes:
        """Return it with the end of a line."""
        return data + b"\n"

    def unknown(self) -> bytes:
        """Return a fact of a later release."""
        return b'{"event": "NoveltyOfALaterRelease", "facts": {"call": "1"}}\n'

    def send(self, data: bytes) -> None:
        """Say it."""
        with self._guard:
            self.play(data)

    def drop(self, upto: Moment) -> None:
        """Hang up on the adapter."""
        self._facts(upto)
        self.hang_up()

    def fall_silent(self) -> None:
        """It runs on the console's own computer, and is asked for no sign of life."""
        raise CannotShow("it runs on the console's own computer, and is asked for no sign of life")

    def refuse(self) -> None:
        """Take every right to act away."""
        self._refusing = True

    def _facts(self, moment: Moment) -> list[CallEvent]:
        """Let the exchange come to ``moment``, and return what it said of it."""
        for one in Moment:
            if one <= moment and one not in self._played:
                kinds = _STEPS[one]
                steps = [step for step in self._steps if isinstance(step, kinds)]
                at = self._clock.now()
                self._played[one] = [fact for step in steps for fact in mapping.play(self._exchange.exchange, step, at)]
        return self._played[moment]

    def _serve(self, client: socket.socket) -> None:
        with suppress(wire.BadMessage), client.makefile("rb") as lines:
            if json.loads(next(lines, b"{}")) != wire.HELLO:
                return
            desk = self._exchange.attach()
            desk.start(lambda fact: self.send(_line(fact)))
            try:
                for line in lines:
                    self._hear(desk, line)
            finally:
                desk.stop()

    def _hear(self, desk: Desk, line: bytes) -> None:
        number, action = wire.action_in(json.loads(line))

        def then(answer: ActionAnswer) -> None:
            self.send(json.dumps(wire.answer_out(number, answer)).encode() + b"\n")

        if self._refusing:
            then(REFUSED)
        else:
            desk.perform(action, then)


def _line(fact: CallEvent) -> bytes:
    return json.dumps(wire.event_out(fact)).encode() + b"\n"


_STEPS = {Moment.RINGS: (CallArrives, Rings), Moment.ANSWERED: (Answers,), Moment.ENDED: (HangsUp,)}

"""What was meant for one caller is never done to another: every act at a call carries the call it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from console.domain.call_events import HoldChanged, LegEnd, LegEnded
from console.domain.lines import USUAL
from console.ports.switchboard import Act, ActionAnswer
from console.services.meant_call import NOT_ON_A_CALL, NOT_RINGING, NOT_THAT_CALL
from console.services.passing_on import PassingOn
from console.services.refusing import Refused
from tests.helpers.night_room import PRIYA, Console, Room

LINE = "01632960001"


@dataclass
class TwoCallers:
    """Priya has c1 on hold and c2 on the line."""

    room: Room = field(default_factory=Room)
    answers: list[ActionAnswer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let both ring in."""
        self.priya: Console = self.room.console(PRIYA, "1001")
        self.passing = PassingOn(self.priya.desk, self.priya.acts, USUAL)
        for call, number in (("c1", "07700900412"), ("c2", "01632960741")):
            self.room.rings(call, number, LINE, "1001")
            self.room.answers(call, "1001")
            self.holds(call, on=call == "c1")
        self.priya.switchboard.asked.clear()

    def holds(self, call: str, *, on: bool) -> None:
        """Let a call be on hold, or on the line."""
        self.room.hears(HoldChanged(call, self.room.clock.now(), "1001", on))

    @property
    def current(self) -> UUID:
        """The call on the line."""
        current = self.priya.desk.state().current
        assert current is not None
        return current.call.id

    def asked(self) -> list[tuple[Act, str]]:
        """Return what the switchboard was asked, with whose call."""
        return [(one.act, one.provider_call) for one in self.priya.switchboard.asked]


@pytest.fixture
def two() -> Iterator[TwoCallers]:
    made = TwoCallers()
    yield made
    made.room.close()


Does = Callable[[TwoCallers, UUID], None]
ACTS: dict[str, tuple[Does, Act]] = {
    "hold": (lambda two, call: two.priya.acts.hold_or_resume(two.answers.append, call), Act.HOLD),
    "end": (lambda two, call: two.priya.acts.end(two.answers.append, call), Act.HANG_UP),
    "ask first": (lambda two, call: two.passing.ask_first("1002", two.answers.append, call), Act.START_ATTENDED),
    "give": (lambda two, call: two.passing.give_at_once("1002", two.answers.append, call), Act.BLIND_TRANSFER),
    "park": (lambda two, call: two.passing.park(two.answers.append, call), Act.PARK),
    "keys": (lambda two, call: two.passing.press("1", two.answers.append, call), Act.DTMF),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_an_act_for_a_caller_who_rang_off_is_not_done_to_the_one_on_hold(two: TwoCallers, name: str) -> None:
    does, act = ACTS[name]
    meant = two.current
    does(two, meant)
    assert two.asked() == [(act, "c2")]
    two.room.ends("c2")
    with pytest.raises(Refused) as refused:
        does(two, meant)
    assert str(refused.value) == NOT_THAT_CALL
    assert two.asked() == [(act, "c2")]


def test_what_was_meant_for_whoever_is_asked_with_one_caller_is_not_done_with_another(two: TwoCallers) -> None:
    meant = two.current
    two.room.ends("c2")
    two.holds("c1", on=True)
    two.room.hears(LegEnded("c1", two.room.clock.now(), "c1/1002", "1002", LegEnd.HUNG_UP))
    for act in (two.passing.give_over, two.passing.all_together, two.passing.take_back):
        with pytest.raises(Refused, match="not on your line any more"):
            act(two.answers.append, meant)
    assert two.asked() == []


def test_with_nobody_on_the_line_that_is_what_is_said(two: TwoCallers) -> None:
    meant = two.current
    two.room.ends("c2")
    two.room.ends("c1")
    with pytest.raises(Refused, match=NOT_ON_A_CALL):
        two.priya.acts.end(two.answers.append, meant)


def test_who_rings_no_more_or_was_answered_is_not_sent_on(two: TwoCallers) -> None:
    answered = two.current
    two.room.rings("c3", "01632960742", LINE, "1001")
    (ringing,) = two.priya.desk.state().waiting
    two.passing.send_on("1002", two.answers.append, ringing.call.id)
    assert two.asked() == [(Act.REDIRECT, "c3")]
    two.room.ends("c3")
    for gone in (ringing.call.id, answered):
        with pytest.raises(Refused) as refused:
            two.passing.send_on("1002", two.answers.append, gone)
        assert str(refused.value) == NOT_RINGING
    assert len(two.asked()) == 1

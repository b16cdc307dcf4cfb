"""F9 with a caller on the line: they are put on hold for whoever waits, and for nobody who is gone by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from console.domain.call_events import HoldChanged
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from console.services.call_acts import OFF_HOLD, STILL_ON_HOLD
from tests.helpers.night_room import PRIYA, TOM, Console, Room

LINE = "01632960001"
Then = Callable[[ActionAnswer], None]
GONE: list[Callable[[Room], None]] = [lambda room: room.answers("c2", "1002"), lambda room: room.ends("c2")]


@dataclass
class Second:
    """Priya has c1, and c2 waits; what she asks is answered when the test says so."""

    room: Room = field(default_factory=Room)
    said: list[ActionAnswer] = field(default_factory=list)
    under_way: list[tuple[Act, Then]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let both ring in, and press F9."""
        self.priya: Console = self.room.console(PRIYA, "1001")
        self.room.console(TOM, "1002")
        self.room.rings("c1", "07700900412", LINE, "1001")
        self.room.answers("c1", "1001")
        self.room.rings("c2", "01632960741", LINE, "1001", "1002")
        self.priya.switchboard.asked.clear()
        self.priya.switchboard.perform = self._perform  # type: ignore[method-assign]  # answers in its own time
        self.priya.acts.answer(self.said.append)

    def _perform(self, action: Action, then: Then) -> None:
        self.priya.switchboard.asked.append(action)
        self.under_way.append((action.act, then))

    def goes(self, act: Act, answer: Answer = Answer.ACCEPTED) -> None:
        """Answer what is under way."""
        asked, then = self.under_way.pop()
        assert asked is act
        if act is Act.HOLD and answer is Answer.ACCEPTED:
            self.room.hears(HoldChanged("c1", self.room.clock.now(), "1001", True))
        then(ActionAnswer(answer, "" if answer is Answer.ACCEPTED else "It does not ring any more."))

    def asked(self) -> list[tuple[Act, str]]:
        """Return what the switchboard was asked, with whose call."""
        made = self.priya.switchboard.asked
        return [(one.act, one.provider_call) for one in made if one.act not in (Act.PAUSE, Act.UNPAUSE)]


@pytest.fixture
def second() -> Iterator[Second]:
    made = Second()
    yield made
    made.room.close()


HELD = (Act.HOLD, "c1")
TO_ANSWER = (Act.ANSWER, "c2")
BACK = (Act.RESUME, "c1")


def test_whoever_waits_is_answered_once_the_other_is_on_hold(second: Second) -> None:
    second.goes(Act.HOLD)
    second.goes(Act.ANSWER)
    assert second.asked() == [HELD, TO_ANSWER]
    assert [one.answer for one in second.said] == [Answer.ACCEPTED]


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.REFUSED])
def test_whoever_is_gone_before_the_hold_is_not_answered_and_the_own_caller_is_taken_back(
    second: Second, gone: Callable[[Room], None], answer: Answer
) -> None:
    gone(second.room)
    second.goes(Act.HOLD)
    second.goes(Act.RESUME, answer)
    assert second.asked() == [HELD, BACK], "nobody who is gone is answered"
    (said,) = second.said
    assert said.answer is Answer.REFUSED
    assert said.sentence.endswith(OFF_HOLD if answer is Answer.ACCEPTED else STILL_ON_HOLD)


@pytest.mark.parametrize("gone", GONE)
def test_whoever_is_gone_before_the_answer_leaves_nobody_on_hold(second: Second, gone: Callable[[Room], None]) -> None:
    second.goes(Act.HOLD)
    gone(second.room)
    second.goes(Act.ANSWER, Answer.REFUSED)
    second.goes(Act.RESUME)
    assert second.asked() == [HELD, TO_ANSWER, BACK]


def test_where_they_wait_still_the_own_caller_stays_on_hold_for_the_handset(second: Second) -> None:
    second.goes(Act.HOLD)
    second.goes(Act.ANSWER, Answer.REFUSED)
    assert second.asked() == [HELD, TO_ANSWER]
    assert [one.sentence for one in second.said] == ["It does not ring any more."]


def test_whoever_was_answered_all_the_same_is_not_left_for_the_other(second: Second) -> None:
    second.goes(Act.HOLD)
    second.room.answers("c2", "1001")
    second.goes(Act.ANSWER, Answer.NO_ANSWER)
    assert second.asked() == [HELD, TO_ANSWER]


def test_what_was_not_held_is_not_taken_back(second: Second) -> None:
    second.room.ends("c2")
    second.goes(Act.HOLD, Answer.REFUSED)
    assert second.asked() == [HELD]
    assert len(second.said) == 1

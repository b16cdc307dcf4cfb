"""The same key pressed twice, before anything is seen to happen, dials once and gives a caller to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from console.domain.call_events import CallBegan, LegEnd, LegEnded, Parked
from console.domain.calls import Direction
from console.domain.lines import USUAL
from console.ports.switchboard import NO_CONFIRMATION, Act, Action, ActionAnswer, Answer
from console.services.act_confirmations import SOON
from console.services.call_acts import RINGS_ALREADY, RINGS_SOON, UNDER_WAY
from console.services.passing_on import PassingOn
from console.services.refusing import Refused
from tests.helpers.night_room import PRIYA, Console, Room

LINE = "01632960001"
Then = Callable[[ActionAnswer], None]


@dataclass
class Hand:
    """Priya's hand on the keys; with ``slow`` the switchboard's answers wait, as they do through a witness."""

    room: Room = field(default_factory=Room)
    said: list[str] = field(default_factory=list)
    late: list[Then] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sit down."""
        self.priya: Console = self.room.console(PRIYA, "1001")
        self.passing = PassingOn(self.priya.desk, self.priya.acts, USUAL)

    @property
    def now(self) -> datetime:
        """The time in the room."""
        return self.room.clock.now()

    def slow(self) -> None:
        """Let no answer come before it is let."""
        board = self.priya.switchboard

        def perform(action: Action, then: Then) -> None:
            board.asked.append(action)
            self.late.append(then)

        board.perform = perform  # type: ignore[method-assign]  # answers in its own time

    def rings(self, number: str = "01632960123") -> None:
        """Press the key that rings somebody."""
        self.priya.acts.ring(number, self.hears)

    def on_call(self) -> None:
        """Let a caller be on the line."""
        self.room.rings("c1", "07700900412", LINE, "1001")
        self.room.answers("c1", "1001")
        self.priya.switchboard.asked.clear()

    def hears(self, answer: ActionAnswer) -> None:
        """Take what is said of a request."""
        self.said.append(answer.sentence)

    def asked(self) -> list[tuple[Act, str]]:
        """Return what the switchboard was asked, with its target."""
        made = self.priya.switchboard.asked
        return [(one.act, one.target) for one in made if one.act not in (Act.PAUSE, Act.UNPAUSE)]


@pytest.fixture
def hand() -> Iterator[Hand]:
    made = Hand()
    yield made
    made.room.close()


@pytest.mark.parametrize("slow", [False, True])
def test_two_presses_ring_one_telephone_once(hand: Hand, slow: bool) -> None:
    if slow:
        hand.slow()
    hand.rings()
    hand.rings()
    hand.rings("01632960124")
    assert hand.asked() == [(Act.ORIGINATE, "01632960123")]
    assert [one for one in hand.said if one] == [RINGS_SOON, RINGS_SOON]


def test_what_is_seen_says_it_itself_and_once_it_is_over_one_may_ring_again(hand: Hand) -> None:
    hand.rings()
    hand.room.hears(CallBegan("o1", hand.now, Direction.OUTBOUND, "01632960123", "1001"))
    hand.rings()
    assert hand.said[-1] == RINGS_ALREADY
    hand.room.ends("o1")
    hand.rings()
    assert len(hand.asked()) == 2


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.NO_ANSWER, Answer.UNSUPPORTED])
def test_what_was_not_taken_may_be_tried_again_at_once(hand: Hand, answer: Answer) -> None:
    hand.priya.switchboard.reply = ActionAnswer(answer, NO_CONFIRMATION)
    hand.rings()
    hand.rings()
    assert len(hand.asked()) == 2


def test_what_is_never_seen_may_be_tried_again_when_that_was_said(hand: Hand) -> None:
    hand.rings()
    hand.room.advance(SOON - 1)
    hand.rings()
    assert len(hand.asked()) == 1
    hand.room.advance(2)
    hand.rings()
    assert len(hand.asked()) == 2


def test_a_caller_is_given_to_the_first_alone(hand: Hand) -> None:
    hand.on_call()
    hand.passing.give_at_once("1002", hand.hears)
    hand.passing.give_at_once("1003", hand.hears)
    hand.passing.ask_first("1003", hand.hears)
    hand.passing.park(hand.hears)
    assert hand.asked() == [(Act.BLIND_TRANSFER, "1002")]
    assert hand.said == ["", UNDER_WAY, UNDER_WAY, UNDER_WAY]


def test_whoever_is_asked_is_given_the_caller_or_left_not_both(hand: Hand) -> None:
    hand.on_call()
    hand.room.hears(LegEnded("c1", hand.now, "c1/1002", "1002", LegEnd.HUNG_UP))
    hand.passing.ask_first("1002", hand.hears)
    hand.priya.acts.hold_or_resume(hand.hears)
    assert [act for act, _ in hand.asked()] == [Act.START_ATTENDED, Act.HOLD], "a hold goes on its way beside it"


def test_a_parked_caller_is_fetched_once_and_nobody_is_rung_beside(hand: Hand) -> None:
    hand.on_call()
    hand.room.hears(Parked("c1", hand.now, True, "701"))
    hand.passing.fetch(hand.hears)
    with pytest.raises(Refused, match="about to ring"):
        hand.passing.fetch(hand.hears)
    hand.rings()
    assert hand.asked() == [(Act.RETRIEVE, "")]
    assert hand.said == ["", RINGS_SOON]

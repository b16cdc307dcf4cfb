"""What was accepted is seen to happen, or said to be unconfirmed: never believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.domain.call_events import (
    AgentPaused,
    Alerting,
    CallBegan,
    CallEvent,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    Parked,
    PartyJoined,
    SupervisionBegan,
    Transferred,
)
from console.domain.calls import Direction, TransferKind
from console.domain.lines import USUAL
from console.ports.manual import InlineInbox
from console.ports.switchboard import NO_CONFIRMATION, Act, ActionAnswer, Answer
from console.services.act_confirmations import LIFTED, PAUSE_UNSEEN, SOON, Confirmations
from console.services.call_acts import CallActs
from console.services.call_claims import CallClaims, ClaimParts
from console.services.passing_on import PassingOn
from tests.helpers.night_room import PRIYA, Console, Room


class Desk:
    """Priya at her telephone with a caller on the line; ``said`` is what she was told of late."""

    def __init__(self) -> None:
        self.room = Room()
        self.priya: Console = self.room.console(PRIYA, "1001")
        self.said: list[str] = []
        self.answers: list[ActionAnswer] = []
        watching = Confirmations(self.priya.desk, self.room.alarm, self.said.append)
        me, room = self.priya, self.room
        parts = ClaimParts(me.desk, me.recorder, me.folds, me.clock, room.alarm, self.said.append)
        claims = CallClaims(parts, room.limits.claims)
        self.acts = CallActs(me.desk, me.switchboard, InlineInbox(), claims, me.who.worker, watching)
        self.passing = PassingOn(me.desk, self.acts, USUAL)
        self.room.rings("c1", "07700900412", "01632960001", "1001")
        self.room.answers("c1", "1001")

    def holds(self) -> None:
        """Ask for a hold."""
        self.acts.hold_or_resume(self.answers.append)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.room.close()


def test_a_hold_that_is_seen_says_nothing_more(desk: Desk) -> None:
    desk.holds()
    desk.room.hears(HoldChanged("c1", desk.room.clock.now(), "1001", True))
    desk.room.advance(SOON + 1)
    assert desk.said == []


def test_a_hold_that_is_accepted_and_never_seen_is_said_once(desk: Desk) -> None:
    desk.holds()
    desk.room.advance(SOON - 1)
    assert desk.said == []
    desk.room.advance(30)
    assert desk.said == [NO_CONFIRMATION]
    assert [one.answer for one in desk.answers] == [Answer.ACCEPTED], "whoever asked is answered once"


def test_what_is_seen_before_the_answer_counts(desk: Desk) -> None:
    seen = HoldChanged("c1", desk.room.clock.now(), "1001", True)
    plain = desk.priya.switchboard.perform

    def perform(action: object, then: object) -> None:
        desk.room.hears(seen)
        plain(action, then)  # type: ignore[arg-type]  # handed on as it came

    desk.priya.switchboard.perform = perform  # type: ignore[method-assign]  # a switchboard whose fact overtakes its answer
    desk.holds()
    desk.room.advance(SOON + 1)
    assert desk.said == []


def test_a_refusal_is_no_promise(desk: Desk) -> None:
    desk.priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "The telephone system refused.")
    desk.holds()
    desk.room.advance(SOON + 1)
    assert desk.said == []


def test_a_transfer_and_an_end_settle_it(desk: Desk) -> None:
    desk.passing.give_at_once("1003", desk.answers.append)
    desk.room.hears(Transferred("c1", desk.room.clock.now(), TransferKind.BLIND, "1001", "1003"))
    desk.acts.end(desk.answers.append)
    desk.room.hears(LegEnded("c1", desk.room.clock.now(), "c1/1001", "1001", LegEnd.HUNG_UP))
    desk.room.ends("c1")
    desk.room.advance(SOON + 1)
    assert desk.said == []


def asks(desk: Desk, at_last: bool = True) -> None:
    """Ask 1003, who lifts."""
    desk.passing.ask_first("1003", desk.answers.append)
    now = desk.room.clock.now()
    desk.room.hears(HoldChanged("c1", now, "1001", True))
    desk.room.hears(Alerting("c1", now, "c1/1003", "1003"))
    if at_last:
        desk.room.hears(LegEnded("c1", now, "c1/1003", "1003", LegEnd.HUNG_UP))


def resumed(desk: Desk) -> CallEvent:
    """Tell that the caller waits no more."""
    return HoldChanged("c1", desk.room.clock.now(), "1001", False)


AFTER_ASKING: dict[str, tuple[Callable[[Desk], None], Callable[[Desk], CallEvent]]] = {
    "give over": (
        lambda desk: desk.passing.give_over(desk.answers.append),
        lambda desk: Transferred("c1", desk.room.clock.now(), TransferKind.ATTENDED, "1001", "1003"),
    ),
    "take back": (lambda desk: desk.passing.take_back(desk.answers.append), resumed),
    "take back by F8": (lambda desk: desk.acts.hold_or_resume(desk.answers.append), resumed),
    "all together": (
        lambda desk: desk.passing.all_together(desk.answers.append),
        lambda desk: PartyJoined("c1", desk.room.clock.now(), "1003"),
    ),
}


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
@pytest.mark.parametrize("step", AFTER_ASKING)
def test_what_becomes_of_asking_a_colleague_is_seen_or_said_to_be_unconfirmed(
    desk: Desk, step: str, seen: bool
) -> None:
    asks(desk)
    desk.room.advance(SOON + 1)
    assert desk.said == [], "that 1003 rang was seen"
    act, fact = AFTER_ASKING[step]
    act(desk)
    if seen:
        desk.room.hears(fact(desk))
    desk.room.advance(SOON + 1)
    assert desk.said == ([] if seen else [NO_CONFIRMATION])


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
def test_parking_and_fetching_are_seen_or_said_to_be_unconfirmed(desk: Desk, seen: bool) -> None:
    desk.passing.park(desk.answers.append)
    if seen:
        desk.room.hears(Parked("c1", desk.room.clock.now(), True, "701"))
    desk.room.advance(SOON + 1)
    assert desk.said == ([] if seen else [NO_CONFIRMATION])
    if seen:
        desk.passing.fetch(desk.answers.append)
        desk.room.advance(SOON + 1)
        assert desk.said == [], "the own telephone rings first, and is lifted when there is a hand free"
        desk.room.advance(LIFTED)
        assert desk.said == [NO_CONFIRMATION]


def test_asking_that_is_accepted_and_never_seen_is_said(desk: Desk) -> None:
    desk.passing.ask_first("1003", desk.answers.append)
    desk.room.advance(SOON + 1)
    assert desk.said == [NO_CONFIRMATION]


def test_a_hold_of_another_call_confirms_nothing(desk: Desk) -> None:
    desk.room.rings("c2", "01632960741", "01632960001", "1002")
    desk.room.answers("c2", "1002")
    desk.holds()
    desk.room.hears(HoldChanged("c2", desk.room.clock.now(), "1002", True))
    desk.room.advance(SOON + 1)
    assert desk.said == [NO_CONFIRMATION]


@pytest.mark.parametrize("rings", [True, False])
def test_a_call_out_is_seen_by_its_own_telephone(desk: Desk, rings: bool) -> None:
    desk.room.ends("c1")
    desk.acts.ring("01632960162", desk.answers.append)
    if rings:
        desk.room.hears(CallBegan("out", desk.room.clock.now(), Direction.OUTBOUND, "901632960162", "1001"))
    desk.room.hears(CallBegan("else", desk.room.clock.now(), Direction.OUTBOUND, "901632960163", "1002"))
    desk.room.advance(SOON + 1)
    assert desk.said == ([] if rings else [NO_CONFIRMATION])


def test_listening_has_the_time_that_a_telephone_rings(desk: Desk) -> None:
    call = desk.priya.desk.calls()[0].id
    desk.acts.hear(Act.LISTEN, call, "1002", desk.answers.append)
    desk.room.advance(SOON + 15)
    assert desk.said == []
    desk.room.hears(SupervisionBegan("c1", desk.room.clock.now(), "1001"))
    desk.room.advance(LIFTED)
    assert desk.said == []
    desk.acts.hear(Act.WHISPER, call, "1002", desk.answers.append)
    desk.room.advance(LIFTED + 1)
    assert desk.said == [NO_CONFIRMATION]


def test_a_lost_link_has_a_chip_of_its_own(desk: Desk) -> None:
    desk.holds()
    desk.room.hears(LinkChanged(desk.room.clock.now(), LinkState.LOST, "lost"))
    desk.room.advance(SOON + 1)
    assert desk.said == []


def pauses(desk: Desk, paused: bool) -> None:
    """Ask for a pause of Priya's telephone, or its end."""
    desk.acts.pause(paused, "Break", desk.answers.append)


def tells(desk: Desk, paused: bool, extension: str = "1001") -> None:
    """Let the switchboard tell of a telephone in both its queues."""
    now = desk.room.clock.now()
    desk.room.hears(*(AgentPaused(now, extension, queue, paused) for queue in ("oohs", "amhp")))


@pytest.mark.parametrize(("paused", "act"), [(True, Act.PAUSE), (False, Act.UNPAUSE)])
def test_a_pause_that_is_accepted_and_never_seen_says_what_may_ring(desk: Desk, paused: bool, act: Act) -> None:
    tells(desk, not paused)
    pauses(desk, paused)
    tells(desk, paused, "1002")
    desk.room.advance(SOON + 1)
    assert desk.said == [PAUSE_UNSEEN[act]]


def test_it_is_said_once_until_the_telephone_is_seen_to_follow(desk: Desk) -> None:
    tells(desk, False)
    for _ in range(3):
        pauses(desk, True)
        desk.room.advance(SOON + 1)
    assert desk.said == [PAUSE_UNSEEN[Act.PAUSE]]
    tells(desk, True)
    pauses(desk, False)
    desk.room.advance(SOON + 1)
    assert desk.said == [PAUSE_UNSEEN[Act.PAUSE], PAUSE_UNSEEN[Act.UNPAUSE]]


def test_a_pause_that_is_seen_or_that_was_so_already_says_nothing(desk: Desk) -> None:
    pauses(desk, False)
    pauses(desk, True)
    tells(desk, True)
    desk.room.advance(SOON + 1)
    pauses(desk, True)
    desk.room.advance(SOON + 1)
    assert desk.said == []


def test_of_a_switchboard_that_tells_of_no_pause_none_is_missed(desk: Desk) -> None:
    pauses(desk, True)
    desk.room.advance(SOON + 1)
    assert desk.said == [], "as through a witness: none is told there"


def test_digits_are_not_watched_for_nothing_tells_of_them(desk: Desk) -> None:
    watching = Confirmations(desk.priya.desk, desk.room.alarm, desk.said.append)
    watching.asked(Act.DTMF, desk.priya.desk.calls()[0].id)(ActionAnswer(Answer.ACCEPTED))
    desk.room.advance(LIFTED + 1)
    assert desk.said == []

"""Who has a ringing call that only a handset answers: one at a time, never for longer than their console is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.domain.board import LiveKind
from console.domain.call_claims import Claim, ClaimRules, Taking, taking
from console.domain.call_events import (
    Alerting,
    CallEnded,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    SnapshotTaken,
    Transferred,
)
from console.domain.calls import CallOutcome, TransferKind
from console.domain.ids import new_id
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.switchboard import Act, ActionAnswer, Answer
from console.services.call_acts import GIVEN_BACK
from console.services.call_claims import NeedsReason
from console.services.refusing import Refused
from tests.helpers.night_room import GRACE, PRIYA, TOM, Console, Room

LINE = "01632960001"
BY_HAND = frozenset(Act) - {Act.ANSWER}
Heard = list[ActionAnswer]


@pytest.fixture
def room() -> Iterator[Room]:
    """A room that is closed after the test."""
    made = Room()
    yield made
    made.close()


@pytest.fixture
def two(room: Room) -> tuple[Console, Console]:
    """Two whose telephones ring for one caller, and only their handsets answer."""
    both = room.console(PRIYA, "1001", acts=BY_HAND), room.console(TOM, "1002", acts=BY_HAND)
    room.rings("c1", "07700900412", LINE, "1001", "1002")
    room.settle()
    return both


def has_it(console: Console) -> str:
    """Return who has the call that waits."""
    return console.desk.state().waiting[0].claimed_by


@pytest.mark.parametrize(
    ("after", "kept", "needs"),
    [(0, 0, Taking.FREE), (20, 0, Taking.FREE), (21, 0, Taking.WITH_REASON), (60, 30, Taking.WITH_REASON),
     (60, 15, Taking.WITH_REASON), (61, 15, Taking.STALE), (46, 0, Taking.STALE)],
)  # fmt: skip
def test_what_it_needs_to_take_a_call(room: Room, after: int, kept: int, needs: Taking) -> None:
    at = room.clock.now()
    claim = Claim(new_id(at), "priya.raman", "1001", at, at + timedelta(seconds=kept))
    assert taking(claim, at + timedelta(seconds=after), ClaimRules()) is needs
    assert taking(None, at, ClaimRules()) is Taking.FREE


def test_a_key_that_was_on_its_way_takes_nothing_from_a_colleague(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    heard: Heard = []
    priya.acts.answer(heard.append)
    room.settle()
    with pytest.raises(Refused, match=r"Priya Raman has had this call since .*press once more to take it"):
        tom.acts.answer(heard.append)
    assert has_it(tom) == "priya.raman"
    tom.acts.answer(heard.append)
    room.settle()
    assert [one.answer for one in heard] == [Answer.ACCEPTED, Answer.ACCEPTED]
    assert has_it(priya) == has_it(tom) == "tom.adeyemi"


def test_who_has_it_is_told_once_more_and_not_taken_again(room: Room, two: tuple[Console, Console]) -> None:
    priya, _ = two
    heard: Heard = []
    priya.acts.answer(heard.append)
    room.settle()
    priya.acts.answer(heard.append)
    assert "lift the handset" in heard[-1].sentence
    call = StreamRef(StreamKind.CALL, priya.desk.state().waiting[0].call.id)
    assert len([one for one in priya.ledger.items(call) if one.kind is Kind.CALL_CLAIMED]) == 1


def test_after_the_grace_a_colleague_gives_a_reason(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    heard: Heard = []
    priya.acts.answer(heard.append)
    room.advance(30)
    call = tom.desk.state().waiting[0].call.id
    with pytest.raises(NeedsReason, match="say why you take it"):
        tom.acts.answer(heard.append)
    with pytest.raises(NeedsReason, match="say why you take it") as refused:
        tom.acts.answer(heard.append)
    assert refused.value.call == call
    tom.acts.take(call, heard.append, "does not lift", refused.value.claim)
    room.settle()
    assert has_it(priya) == "tom.adeyemi"
    record = priya.folds.call(call)
    assert record is not None
    assert record.claim is not None
    assert record.claim.reason == "does not lift"
    assert priya.told == ["Tom Adeyemi took the call that you had: does not lift."]


@pytest.mark.parametrize("since", [1, 30])
def test_a_reason_written_for_one_colleague_takes_nothing_from_another(
    room: Room, two: tuple[Console, Console], since: int
) -> None:
    priya, tom = two
    grace = room.console(GRACE, "1003", acts=BY_HAND)
    heard: Heard = []
    priya.acts.answer(heard.append)
    room.advance(30)
    call = tom.desk.state().waiting[0].call.id
    with pytest.raises(NeedsReason, match="Priya Raman") as asked:
        tom.acts.answer(heard.append)
    grace.acts.take(call, heard.append, "Priya is away", asked.value.claim)
    room.advance(since)
    with pytest.raises(Refused, match="Grace Whitlock has had this call since") as again:
        tom.acts.take(call, heard.append, "Priya does not lift", asked.value.claim)
    room.settle()
    assert has_it(tom) == "grace.whitlock"
    assert isinstance(again.value, NeedsReason) is (since == 30), "after the grace a reason for her is asked for"
    over = again.value.claim if isinstance(again.value, NeedsReason) else asked.value.claim
    tom.acts.take(call, heard.append, "Grace does not lift either", over)
    room.settle()
    assert has_it(tom) == "tom.adeyemi"


def test_a_console_that_is_silent_keeps_no_caller(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    heard: Heard = []
    priya.acts.answer(heard.append)
    room.advance(16)
    claimed = tom.folds.call(tom.desk.state().waiting[0].call.id)
    assert claimed is not None
    assert claimed.claim is not None
    assert claimed.claim.kept_at > claimed.claim.at, "a console that is there says so"
    priya.recorder.stop()
    room.consoles.remove(priya)
    room.advance(46)
    with pytest.raises(Refused, match="their console is silent") as refused:
        tom.acts.answer(heard.append)
    assert not isinstance(refused.value, NeedsReason)
    tom.acts.answer(heard.append)
    room.settle()
    assert has_it(tom) == "tom.adeyemi"


def claims_and_loses_telephones(room: Room, *consoles: Console) -> None:
    """Let the first take the call that rings, and the telephones of all of them be away."""
    consoles[0].acts.answer(lambda _: None)
    room.settle()
    for console in consoles:
        console.desk.hear(LinkChanged(room.clock.now(), LinkState.LOST))


def signs(console: Console) -> int:
    """Return how often whoever has the one call that waits said that their console is there."""
    call = StreamRef(StreamKind.CALL, console.desk.calls()[0].id)
    return sum(one.kind is Kind.CALL_CLAIM_KEPT for one in console.ledger.items(call))


def test_a_console_without_its_telephones_is_not_silent_and_no_claim_is_free_for_it(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, tom = two
    claims_and_loses_telephones(room, priya)
    room.advance(90)
    with pytest.raises(NeedsReason, match="say why you take it"):
        tom.acts.answer(lambda _: None)


def test_the_signs_end_where_no_telephone_is_heard_for_long_and_go_on_when_it_is_back(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, _ = two
    claims_and_loses_telephones(room, *two)
    room.advance(630)
    written = signs(priya)
    room.advance(600)
    assert signs(priya) == written == 40, "nobody can know for ten minutes that a caller waits still"
    now = room.clock.now()
    room.hears(LinkChanged(now, LinkState.CONNECTED, boot="night"), SnapshotTaken(now, frozenset({"c1"})))
    room.advance(20)
    assert signs(priya) == written + 1


def test_they_end_when_the_record_knows_that_it_is_over_though_the_telephones_are_away(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, tom = two
    claims_and_loses_telephones(room, priya)
    tom.desk.hear(tom.clock.placed(CallEnded("c1", room.clock.now(), CallOutcome.ABANDONED, "caller")))
    room.advance(60)
    assert signs(priya) == 0


def test_no_sign_is_written_for_a_call_that_is_over(room: Room, two: tuple[Console, Console]) -> None:
    priya, _ = two
    call = priya.desk.state().waiting[0].call.id
    priya.acts.answer(lambda _: None)
    room.settle()
    room.answers("c1", "1001")
    room.advance(120)
    kinds = [one.kind for one in priya.ledger.items(StreamRef(StreamKind.CALL, call))]
    assert Kind.CALL_CLAIM_KEPT not in kinds


def test_the_next_caller_is_answered_and_not_the_one_a_colleague_has(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    priya.acts.answer(lambda _: None)
    room.settle()
    room.rings("c2", "01632960741", LINE, "1001", "1002")
    tom.acts.answer(lambda _: None)
    room.settle()
    claims = {slot.call.caller.number: slot.claimed_by for slot in priya.desk.state().waiting}
    assert claims == {"07700900412": "priya.raman", "01632960741": "tom.adeyemi"}


# --- a caller given on from the handset that was lifted --------------------------------------------


def given_on(room: Room, taker: str) -> None:
    """Let Priya talk for a while, then transfer the caller to a telephone that rings."""
    room.answers("c1", "1001")
    room.advance(70)
    now = room.clock.now()
    room.hears(
        Transferred("c1", now, TransferKind.BLIND, "1001", taker),
        LegEnded("c1", now, "c1-1001", "1001", LegEnd.HUNG_UP),
        Alerting("c1", now, f"c1-given-{taker}", taker),
    )
    room.settle()


def test_a_claim_ends_with_the_answer_and_the_wait_begins_anew_with_the_transfer(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, tom = two
    priya.acts.answer(lambda _: None)
    room.settle()
    given_on(room, "1003")
    room.advance(5)
    for console in two:
        assert has_it(console) == ""
        (row,) = console.board.now().live
        assert (row.kind, row.lead) == (LiveKind.WAITING, "")
        assert row.since == room.clock.now() - timedelta(seconds=5)
        assert console.board.now().waiting.oldest_since == row.since
    assert not priya.desk.claimed(priya.desk.state().waiting[0].call.id)


def test_a_caller_who_was_given_on_can_be_had_again(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    priya.acts.answer(lambda _: None)
    room.settle()
    given_on(room, "1002")
    heard: Heard = []
    tom.acts.answer(heard.append)
    room.settle()
    assert has_it(priya) == "tom.adeyemi"


# --- what a handset cannot answer, and giving back --------------------------------------------------


def test_a_call_that_does_not_ring_here_is_not_had_by_whoever_cannot_lift_for_it(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001", acts=BY_HAND), room.console(TOM, "1002", acts=BY_HAND)
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.rings("c2", "07700900741", LINE, "1002")
    heard: Heard = []
    with pytest.raises(Refused, match=r"does not ring at your telephone.*Nothing was taken"):
        priya.acts.answer(heard.append)
    room.settle()
    assert (heard, has_it(tom)) == ([], "")
    tom.acts.answer(heard.append)
    room.settle()
    assert has_it(priya) == "tom.adeyemi"


@pytest.mark.parametrize("told_by", ["hand", "lamps"])
def test_where_nobody_knows_what_rings_whoever_sits_there_says_it(room: Room, told_by: str) -> None:
    priya = room.console(PRIYA, "1001", acts=BY_HAND)
    priya.switchboard.by_word = told_by == "hand"
    room.hears(LinkChanged(room.clock.now(), LinkState.CONNECTED, only_watched=told_by == "lamps"))
    room.rings("c1", "07700900412", LINE, "1002")
    priya.acts.answer(lambda _: None)
    room.settle()
    assert has_it(priya) == "priya.raman"


def test_whoever_has_a_call_gives_it_back_and_another_takes_it_from_nobody(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, tom = two
    heard: Heard = []
    for console in two:
        console.switchboard.acts -= {Act.OFFER_TO_TEAM}
    priya.acts.answer(heard.append)
    room.settle()
    priya.acts.offer_to_team(heard.append)
    room.settle()
    assert (heard[-1].answer, heard[-1].sentence) == (Answer.ACCEPTED, GIVEN_BACK)
    assert has_it(priya) == has_it(tom) == ""
    room.advance(60)
    tom.acts.answer(heard.append)
    room.settle()
    assert has_it(priya) == "tom.adeyemi", "at once, and without a reason"
    assert priya.told == []


def test_a_call_that_is_given_back_is_offered_where_the_switchboard_can(
    room: Room, two: tuple[Console, Console]
) -> None:
    priya, _ = two
    priya.acts.answer(lambda _: None)
    room.settle()
    priya.acts.offer_to_team(lambda _: None)
    room.settle()
    assert has_it(priya) == ""
    assert priya.switchboard.asked[-1].act is Act.OFFER_TO_TEAM


def test_nobody_gives_back_what_a_colleague_has(room: Room, two: tuple[Console, Console]) -> None:
    priya, tom = two
    priya.acts.answer(lambda _: None)
    room.settle()
    call = priya.desk.state().waiting[0].call.id
    record = priya.folds.call(call)
    assert record is not None
    assert record.claim is not None
    body = {"of": str(record.claim.id)}
    tom.recorder.record(tom.recorder.entry(Kind.CALL_UNCLAIMED, StreamRef(StreamKind.CALL, call), body))
    room.settle()
    assert has_it(tom) == has_it(priya) == "priya.raman"

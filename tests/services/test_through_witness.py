"""Telephones heard and asked through the record: one witness or two, a worker's console, and time turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from console.domain.call_aliases import without_aliases
from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallsMerged,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    NumberLearned,
    Parked,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.calls import (
    Asked,
    CallOutcome,
    CallState,
    Direction,
    Presentation,
    Supervised,
    TransferKind,
    asker,
)
from console.domain.record import Expects, Kind
from console.ports.switchboard import SUPERVISION, Act, ActionAnswer, Answer
from console.services.through_witness import NOBODY_TOOK, NOT_KNOWN
from console.services.witness_acts import EMERGENCY, NOT_THROUGH
from telephony_adapters.through_witness import SPEC
from tests.helpers.night_room import TOM, Room
from tests.helpers.through_the_record import LINE, Case, Rack


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case()
    yield made
    made.room.close()


# --- hearing ------------------------------------------------------------------------------------


def test_a_call_is_heard_from_ring_to_end_by_the_records_own_id(case: Case) -> None:
    case.rack()
    case.sit()
    assert [link.state for link in case.links] == [LinkState.CONNECTED]
    case.rings()
    call = case.call()
    assert (call.state, call.dialled, call.queue, call.caller.e164) == (
        CallState.ALERTING, LINE, "oohs", "+447700900412",
    )  # fmt: skip
    assert call.alerting == {"1001", "1002"}
    assert case.priya.folds.call(call.id) is not None, "its id is the record's"
    now = case.room.clock.now()
    case.happens(
        LegEnded("c1", now, "c1-2", "1002", LegEnd.ANSWERED_ELSEWHERE),
        Answered("c1", now, "c1-1", "1001"),
        HoldChanged("c1", now, "1001", held=True),
    )
    assert case.call().state is CallState.HELD
    assert case.call().talking == {"1001"}
    case.happens(LegEnded("c1", now, "c1-1", "1001", LegEnd.HUNG_UP))
    case.happens(CallEnded("c1", now, CallOutcome.ANSWERED, "caller"))
    assert (case.call().outcome, case.call().ended_by) == (CallOutcome.ANSWERED, "caller")
    assert [odd.what for odd in case.book.take_oddities()] == []


def test_a_colleague_who_is_asked_is_told_so_from_the_ring_to_the_giving_over(case: Case) -> None:
    case.rack()
    case.sit()
    case.rings()
    now = case.room.clock.now()
    case.happens(
        LegEnded("c1", now, "c1-1", "1001", LegEnd.ANSWERED_ELSEWHERE),
        Answered("c1", now, "c1-2", "1002"),
        HoldChanged("c1", now, "1002", held=True),
        Alerting("c1", now, "c1-asked", "1001"),
    )
    assert (case.call().asked, asker(case.call()), case.call().held_since) == (Asked("1001"), "1002", now)
    case.happens(LegEnded("c1", now, "c1-asked", "1001", LegEnd.HUNG_UP))
    assert case.call().asked == Asked("1001", answered=True)
    case.happens(
        Answered("c1", now, "c1-given", "1001"),
        Transferred("c1", now, TransferKind.ATTENDED, "1002", "1001"),
        LegEnded("c1", now, "c1-2", "1002", LegEnd.HUNG_UP),
    )
    assert case.call().asked is None
    assert case.call().talking == {"1001"}


def test_one_telephone_that_rings_in_two_ways_is_in_the_call_until_both_are_over(case: Case) -> None:
    case.rack()
    case.sit()
    case.rings()
    now = case.room.clock.now()
    case.happens(Alerting("c1", now, "c1-1b", "1001"), Answered("c1", now, "c1-1b", "1001"))
    case.happens(LegEnded("c1", now, "c1-1", "1001", LegEnd.ANSWERED_ELSEWHERE))
    assert case.call().talking == {"1001"}
    case.happens(LegEnded("c1", now, "c1-1b", "1001", LegEnd.HUNG_UP))
    assert case.call().talking == frozenset()


def test_who_signs_in_in_mid_call_hears_what_goes_on_and_nothing_of_what_is_over(case: Case) -> None:
    case.rack()
    case.rings("over")
    case.happens(CallEnded("over", case.room.clock.now(), CallOutcome.ABANDONED, "caller"))
    case.rings("now")
    case.sit()
    assert case.call().state is CallState.ALERTING
    assert not [event for event in case.events if isinstance(event, CallEnded)]


def test_what_only_late_comers_saw_is_told_and_how_it_began_stays(case: Case) -> None:
    """Both witnesses were started anew in its middle: neither saw the call whole, and it goes on."""
    first = case.rack("rack-1")
    case.sit()
    case.rings()
    now = case.room.clock.now()
    case.happens(Answered("c1", now, "c1-1", "1001"))
    first.kill()
    late = case.rack("rack-2")
    late.witness.hear(SnapshotTaken(case.room.clock.now(), frozenset({"c1"})))
    again = case.room.clock.now()
    case.happens(
        CallBegan("c1", again, Direction.INBOUND, "1001"),
        Answered("c1", again, "c1-1", "1001"),
        HoldChanged("c1", again, "1001", held=True),
    )
    case.advance(4)
    call = case.call()
    assert (call.state, call.dialled, call.answered_by) == (CallState.HELD, LINE, ("1001",))
    case.happens(LegEnded("c1", again, "c1-1", "1001", LegEnd.HUNG_UP))
    case.happens(CallEnded("c1", again, CallOutcome.ANSWERED, "caller"))
    case.advance(4)
    assert case.call().outcome is CallOutcome.ANSWERED


def test_a_withheld_number_never_comes(case: Case) -> None:
    case.rack()
    case.sit()
    now = case.room.clock.now()
    case.happens(
        CallBegan("c1", now, Direction.INBOUND, LINE),
        NumberLearned("c1", now, "07700900412", "A Caller", Presentation.WITHHELD, settled=True),
    )
    assert case.call().caller.presentation is Presentation.WITHHELD
    assert "7700900412" not in repr(case.events)


def test_whoever_is_heard_is_shown_it_until_it_is_over_also_across_a_silence_of_the_record(case: Case) -> None:
    case.rack()
    case.sit()
    case.rings()
    began = case.room.clock.now()
    case.happens(Answered("c1", began, "c1-1", "1001"), SupervisionBegan("c1", began, "1004"))
    assert case.call().supervisors == (Supervised("1004", began),)
    with case.room.record_away():
        case.advance(10)
    case.advance(10)
    assert [link.state for link in case.links] == [LinkState.CONNECTED, LinkState.LOST, LinkState.CONNECTED]
    assert case.call().supervisors == (Supervised("1004", began),)
    case.happens(SupervisionEnded("c1", case.room.clock.now(), "1004"))
    assert case.call().supervisors == ()


def test_who_placed_a_call_is_told(case: Case) -> None:
    case.rack()
    case.sit()
    now = case.room.clock.now()
    case.happens(
        CallBegan("c1", now, Direction.OUTBOUND, "01632960123", "1001"), Answered("c1", now, "c1-o", "outside")
    )
    assert case.call().placed_by("1001")


def test_a_call_that_ended_while_every_witness_was_gone_is_no_phantom_on_the_desk(case: Case) -> None:
    """Whichever witness comes next reads no words, and may find the switchboard begun anew."""
    first = case.rack()
    case.sit()
    case.rings()
    case.advance(5)
    first.kill()
    case.racks.remove(first)
    case.advance(60)
    assert case.call().live
    now = case.room.clock.now()
    second = case.rack("rack-2", run="begun anew")
    second.witness.hear(SnapshotTaken(now, frozenset(), listed=frozenset()))
    case.advance(4)
    assert not case.call().live
    (missed,) = case.priya.night.missed.now()
    assert missed.call.ended_unseen


def test_who_signs_in_after_that_finds_no_phantom_either(case: Case) -> None:
    first = case.rack()
    case.rings()
    first.kill()
    case.racks.remove(first)
    case.advance(60)
    second = case.rack("rack-2")
    second.witness.hear(SnapshotTaken(case.room.clock.now(), frozenset(), listed=frozenset()))
    case.advance(4)
    case.sit()
    assert case.book.calls() == ()


def test_an_alias_that_a_witness_finds_gone_ends_nobodys_call(case: Case) -> None:
    """It reads no words, so not that two calls were found to be one; whoever it became part of talks on."""
    first = case.rack()
    case.sit()
    case.rings()
    now = case.room.clock.now()
    case.happens(
        Answered("c1", now, "c1-1", "1001"),
        CallBegan("c2", now, Direction.INTERNAL, "1003", "1001"),
        CallsMerged("c1", now, "c2"),
    )
    first.kill()
    case.racks.remove(first)
    case.advance(60)
    second = case.rack("rack-2")
    second.witness.hear(SnapshotTaken(case.room.clock.now(), frozenset({"c1"}), listed=frozenset({"c1"})))
    case.advance(4)
    assert case.call().talking == {"1001"}
    assert [one.ended_at for one in without_aliases(case.priya.folds.call_log())] == [None]


def test_a_parked_caller_is_seen_by_two_witnesses_and_told_as_one_until_fetched(case: Case) -> None:
    one, two = case.rack("rack-1"), case.rack("rack-2")
    case.sit()
    case.rings()
    began = case.room.clock.now()
    case.happens(Answered("c1", began, "c1-1", "1001"))
    for rack, seconds in ((one, 0), (two, 2)):  # their computers' clocks differ, the switchboard's is one
        rack.witness.hear(Parked("c1", began + timedelta(seconds=seconds), True, "701", began))
    case.happens(LegEnded("c1", began, "c1-1", "1001", LegEnd.HUNG_UP))
    call = case.call()
    assert (call.state, call.parked_at, call.parked_since) == (CallState.PARKED, "701", began)
    told = [one.envelope for one in case.room.store.news(TOM, 0, 10_000) if one.envelope.kind is Kind.CALL_PARKED]
    assert len(told) == 1
    assert all(one.envelope.kind is not Kind.SEEN_OUTSIDE for one in case.room.store.news(TOM, 0, 10_000))

    case.ask(Act.RETRIEVE)
    case.settle()
    asked = one.board.asked + two.board.asked
    assert [(a.act, a.extension, a.call, a.provider_call) for a in asked] == [(Act.RETRIEVE, "1001", call.id, "c1")]
    assert case.answers == [ActionAnswer(Answer.ACCEPTED)]
    case.advance(5)
    now = case.room.clock.now()
    case.happens(
        Parked("c1", now, False, "701", now),
        Transferred("c1", now, TransferKind.PARK, "1001", "1001"),
        Answered("c1", now, "c1-3", "1001"),
    )
    assert (case.call().state, case.call().parked_at) == (CallState.CONNECTED, "")
    assert case.call().talking == {"1001"}


def test_who_was_parked_while_no_witness_heard_it_is_parked_here_once_one_lists_the_places(case: Case) -> None:
    """A list of places has no time of the switchboard's own, and two who list it say one thing."""
    first = case.rack("rack-1")
    case.sit()
    case.rings()
    case.happens(Answered("c1", case.room.clock.now(), "c1-1", "1001"))
    first.kill()
    for rack in (case.rack("rack-2"), case.rack("rack-3")):
        rack.witness.hear(SnapshotTaken(case.room.clock.now(), frozenset({"c1"}), listed=frozenset({"c1"})))
        again = case.room.clock.now()
        for fact in (CallBegan("c1", again, Direction.INBOUND, "702"), Parked("c1", again, True, "702")):
            rack.witness.hear(fact)
    case.advance(5)
    assert (case.call().state, case.call().parked_at) == (CallState.PARKED, "702")
    told = [one for one in case.room.store.news(TOM, 0, 10_000) if one.envelope.kind is Kind.CALL_PARKED]
    assert len(told) == 1


def test_a_witness_that_only_watches_tells_nothing_that_an_older_record_would_refuse(case: Case) -> None:
    case.rack(acts=False)
    case.rings()
    case.happens(Parked("c1", case.room.clock.now(), True, "701", case.room.clock.now()))
    kinds = {one.envelope.kind for one in case.room.store.news(TOM, 0, 10_000)}
    assert Kind.CALL_SEEN in kinds
    assert not kinds & {Kind.CALL_PARKED, Kind.CALL_PLACED}


# --- the way ------------------------------------------------------------------------------------


def test_without_a_witness_the_worker_is_told_what_still_works(case: Case) -> None:
    case.sit()
    (lost,) = case.links
    assert lost.state is LinkState.LOST
    assert "No witness has been heard" in lost.sentence
    assert "answer on the handset" in lost.sentence
    case.ask(Act.PAUSE)
    assert case.answers[0].answer is Answer.UNSUPPORTED
    assert "No witness" in case.answers[0].sentence


def test_a_witness_that_falls_silent_is_said_within_the_limit_and_one_of_two_is_enough(case: Case) -> None:
    one, two = case.rack("rack-1"), case.rack("rack-2")
    case.sit()
    case.advance(600)
    assert [link.state for link in case.links] == [LinkState.CONNECTED], "they say every minute that they are there"
    one.kill()
    case.advance(300)
    assert len(case.links) == 1
    two.kill()
    case.advance(160)
    assert "No witness has been heard since" in case.links[-1].sentence
    case.rack("rack-3")
    assert [link.state for link in case.links] == [LinkState.CONNECTED, LinkState.LOST, LinkState.CONNECTED]


def test_a_witness_that_hears_no_telephones_is_no_way(case: Case) -> None:
    rack = case.rack()
    case.sit()
    rack.witness.hear(LinkChanged(case.room.clock.now(), LinkState.LOST, "gone"))
    case.advance(31)
    assert (case.links[-1].state, "does not hear the telephone system" in case.links[-1].sentence) == (
        LinkState.LOST, True,
    )  # fmt: skip


def test_a_witness_is_quiet_while_nobody_sits_there(case: Case) -> None:
    """Every quarter of an hour, as one that only watches: a record is kept for years."""
    room = Room()
    rack = Rack(room, "rack-1")
    rack.deliver()
    rack.witness.hear(LinkChanged(room.clock.now(), LinkState.CONNECTED, boot="night"))
    for _ in range(1800):
        room.alarm.advance(1.0)
        rack.deliver()
    said = [one for one in room.store.news(TOM, 0, 10_000) if one.envelope.kind is Kind.SHIFT_WATCH]
    assert 2 <= len(said) <= 4
    room.close()


# --- asking -------------------------------------------------------------------------------------


def test_what_is_asked_is_done_once_by_one_of_two_witnesses_for_the_askers_telephone(case: Case) -> None:
    one, two = case.rack("rack-1"), case.rack("rack-2")
    case.sit()
    case.rings()
    case.ask(Act.HOLD)
    case.settle()
    assert case.answers == [ActionAnswer(Answer.ACCEPTED)]
    done = one.board.asked + two.board.asked
    assert [(a.act, a.extension, a.call, a.provider_call) for a in done] == [(Act.HOLD, "1001", case.call().id, "c1")]
    case.advance(30)
    assert len(case.answers) == len(one.board.asked + two.board.asked) == 1


@pytest.mark.parametrize("word", [Answer.REFUSED, Answer.UNSUPPORTED, Answer.NO_ANSWER])
def test_the_switchboards_own_word_comes_back(case: Case, word: Answer) -> None:
    rack = case.rack()
    case.sit()
    rack.board.reply = ActionAnswer(word, "Because.")
    case.ask(Act.PAUSE)
    case.settle()
    assert case.answers == [ActionAnswer(word, "Because.")]


def test_where_the_taker_dies_nobody_does_it_again_and_the_worker_hears_that_nobody_knows(case: Case) -> None:
    one, two = case.rack("rack-1"), case.rack("rack-2")
    case.sit()
    one.board.silent = two.board.silent = True
    case.ask(Act.HANG_UP)
    case.settle()
    taker = one if one.board.asked else two
    taker.kill()
    case.advance(13)
    assert case.answers == [ActionAnswer(Answer.NO_ANSWER, NOT_KNOWN)]
    assert len(one.board.asked + two.board.asked) == 1


def test_a_switchboard_that_says_nothing_is_no_confirmation(case: Case) -> None:
    rack = case.rack()
    case.sit()
    rack.board.silent = True
    case.ask(Act.PAUSE)
    case.advance(9)
    (answer,) = case.answers
    assert (answer.answer, "No confirmation" in answer.sentence) == (Answer.NO_ANSWER, True)


def test_what_no_witness_takes_is_withdrawn_and_never_done(case: Case) -> None:
    rack = case.rack()
    case.sit()
    feed = rack.feeds[-1]
    rack.deliver = lambda: False  # type: ignore[method-assign]  # it reads nothing for a while
    case.ask(Act.PAUSE)
    case.advance(4)
    assert case.answers == [ActionAnswer(Answer.NO_ANSWER, NOBODY_TOOK)]
    while feed.deliver():
        pass
    case.advance(20)
    assert rack.board.asked == []


def test_a_request_that_comes_too_late_is_not_done(case: Case) -> None:
    """As by a console that died before it could take it back."""
    rack = case.rack()
    case.sit()
    feed = rack.feeds[-1]
    rack.deliver = lambda: False  # type: ignore[method-assign]  # it reads nothing for a while
    case.ask(Act.PAUSE)
    case.telephones.stop()
    case.priya.feed.stop()
    case.room.alarm.advance(7)
    while feed.deliver():
        pass
    assert rack.board.asked == []


@pytest.mark.parametrize("number", ["999", "9112", "00 44 999"])
@pytest.mark.parametrize("act", [Act.ORIGINATE, Act.BLIND_TRANSFER])
def test_an_emergency_number_is_refused_at_both_ends(case: Case, act: Act, number: str) -> None:
    rack = case.rack()
    case.sit()
    case.ask(act, number)
    assert case.answers == [ActionAnswer(Answer.REFUSED, EMERGENCY)]
    one = case.priya
    body = {"act": act.value, "extension": "1001", "call": "", "target": number, "reason": ""}
    entry = one.recorder.entry(Kind.SHIFT_ASKED, one.shift.stream, body, slot=f"ask:{uuid4()}", expects=Expects(None))
    one.recorder.exclusive(entry, lambda _: None)
    case.settle()
    assert rack.board.asked == []
    said = [item.content for item in one.ledger.items(one.shift.stream) if item.kind is Kind.SHIFT_ASK_ANSWERED]
    assert said[-1] == {"state": "refused", "sentence": EMERGENCY}


def test_a_colleagues_telephone_is_refused_by_the_record_and_by_the_witness(case: Case) -> None:
    case.room.console(TOM, "1002")
    rack = case.rack()
    case.sit()
    case.ask(Act.PAUSE, extension="1002")
    case.settle()
    assert (case.answers[0].answer, "own telephone only" in case.answers[0].sentence) == (Answer.REFUSED, True)
    holders = rack.witness._acts
    assert holders is not None
    key = case.priya.shift.stream, "extension:1001"
    holders._holders[key] = replace(holders._holders[key], worker=TOM.worker)
    case.ask(Act.PAUSE)
    case.settle()
    assert case.answers[-1].answer is Answer.REFUSED
    assert rack.board.asked == []


@pytest.mark.parametrize("act", sorted(SUPERVISION))
def test_no_manner_of_hearing_a_colleagues_call_is_asked_for_through_a_witness(case: Case, act: Act) -> None:
    """Not by the console, and not by an entry written past it: the witness looks once more."""
    rack = case.rack()
    case.sit()
    case.rings()
    case.happens(Answered("c1", case.room.clock.now(), "c1-2", "1002"))
    case.ask(act, "1002")
    assert case.answers[0].answer is Answer.UNSUPPORTED
    one = case.priya
    body = {"act": act.value, "extension": "1001", "call": str(case.call().id), "target": "1002", "reason": ""}
    entry = one.recorder.entry(Kind.SHIFT_ASKED, one.shift.stream, body, slot=f"ask:{uuid4()}", expects=Expects(None))
    one.recorder.exclusive(entry, lambda _: None)
    case.settle()
    assert rack.board.asked == []
    said = [item.content for item in one.ledger.items(one.shift.stream) if item.kind is Kind.SHIFT_ASK_ANSWERED]
    assert said[-1] == {"state": "unsupported", "sentence": NOT_THROUGH}


def test_a_witness_says_of_no_manner_of_hearing_that_it_carries_it_out(case: Case) -> None:
    case.rack()
    case.sit()
    assert not case.telephones.capabilities().acts & SUPERVISION
    assert not SPEC.capabilities.acts & SUPERVISION


def test_a_witness_that_only_watches_carries_nothing_out(case: Case) -> None:
    rack = case.rack(acts=False)
    case.sit()
    assert case.links[-1].state is LinkState.CONNECTED
    case.ask(Act.PAUSE)
    case.advance(2)
    assert case.answers[0].answer is Answer.UNSUPPORTED
    assert rack.board.asked == []


def test_bodies_of_a_strange_form_ask_for_nothing_and_break_nothing(case: Case) -> None:
    rack = case.rack()
    case.sit()
    one = case.priya
    for body in ({}, {"act": 7, "extension": ["1001"]}, {"act": "fly", "extension": "1001"}, {"withdrawn": True}):
        usual = one.recorder.entry(
            Kind.SHIFT_ASKED, one.shift.stream, {"extension": "1001", **body}, slot=f"ask:{uuid4()}",
            expects=Expects(None),
        )  # fmt: skip
        for entry in (usual, replace(usual, id=uuid4(), slot="ask:none")):
            one.recorder.exclusive(entry, lambda _: None)
        case.settle()
    assert rack.board.asked == []
    case.ask(Act.PAUSE)
    case.settle()
    assert case.answers == [ActionAnswer(Answer.ACCEPTED)]

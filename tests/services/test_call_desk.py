"""The call desk: line and wait at once, names when they come, the record on answer, late answers dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.domain.call_events import Alerting, CallsMerged, LinkChanged, LinkState, NumberLearned, SnapshotTaken
from console.domain.calls import CallOutcome, Certainty, Presentation
from console.domain.people import NewPerson
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.manual import HeldRunner
from console.ports.switchboard import Act, ActionAnswer, Answer
from console.services.access import Access
from console.services.call_looks import CallLooks, LookState
from console.services.call_slots import Phones
from console.services.refusing import Refused
from tests.helpers.night_room import PRIYA, TOM, Console, Room

LINE, CHILDREN = "01632960001", "01632960004"
MARCUS = NewPerson("Fenn", "Marcus", e164="+447700900412", authority="hampshire")
LENA = NewPerson("Fenn", "Lena", e164="+447700900412", authority="hampshire")


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def kinds(console: Console) -> list[Kind]:
    """Return the kinds of every fact of calls that a console holds, in order."""
    streams = console.ledger.streams(StreamKind.CALL)
    return [item.kind for stream in streams for item in console.ledger.items(stream)]


def test_line_and_wait_are_there_at_once_and_names_only_where_it_rings(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001")
    hers, his = priya.desk.state().waiting[0], tom.desk.state().waiting[0]
    assert (hers.line, his.line) == ("Hampshire adults", "Hampshire adults")
    assert hers.alerting
    assert hers.looked.state is LookState.HERE
    assert his.looked.state is LookState.NOT_ASKED
    assert his.call.caller.number == "07700900412"
    assert hers.call.offered_at == room.clock.now()


def test_two_people_on_a_number_are_both_shown_and_no_record_is_opened(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.people.create(None, MARCUS)
    priya.people.create(None, LENA)
    room.settle()
    room.rings("c1", "07700900412", LINE, "1001")
    found = priya.desk.state().waiting[0].looked.candidates
    assert found is not None
    assert {one.given for one in found.people} == {"Marcus", "Lena"}
    room.answers("c1", "1001")
    contact = priya.folds.contact(priya.contact)
    assert contact is not None
    assert contact.subjects == ()


def test_the_record_opens_on_answer_with_line_authority_and_call_and_only_here(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001", "1002")
    offered = room.clock.now()
    assert priya.folds.contacts() == ()
    room.advance(14)
    room.answers("c1", "1001")
    contact = priya.folds.contact(priya.contact)
    assert contact is not None
    assert (contact.value("authority"), contact.value("service")) == ("hampshire", "adults")
    assert contact.received == offered
    assert len(priya.folds.contacts()) == 1
    assert [one.owner for one in tom.folds.contacts()] == ["priya.raman"], "the envelope only"
    assert tom.desk.state().current is None


def test_a_fact_seen_by_three_consoles_is_one_entry(room: Room) -> None:
    consoles = [room.console(PRIYA, "1001"), room.console(TOM, "1002")]
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.ends("c1")
    room.advance(3)
    stored = [one.kind for one in room.store.envelopes(0) if one.stream.kind is StreamKind.CALL]
    assert len(stored) == len(set(stored)) == 6
    assert all(sorted(kinds(one)) == sorted(stored) for one in consoles)
    assert not consoles[0].ledger.set_aside()
    assert not consoles[1].ledger.set_aside()


def test_a_console_that_takes_no_part_reports_when_nobody_else_does(room: Room) -> None:
    tom = room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001")
    assert kinds(tom) == [], "silent at first: somebody nearer may say it"
    room.advance(1)
    assert Kind.CALL_SEEN in kinds(tom)


def test_a_withheld_number_is_a_state_and_nobody_is_asked(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "", LINE, "1001")
    slot = priya.desk.state().waiting[0]
    assert slot.looked.state is LookState.NO_NUMBER
    assert slot.call.caller.number == ""


def test_a_second_call_has_its_own_slot_and_answering_it_holds_the_first(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.advance(20)
    room.rings("c2", "01632960741", CHILDREN, "1001")
    state = priya.desk.state()
    assert state.current is not None
    assert state.current.call.caller.number == "07700900412"
    assert [one.line for one in state.waiting] == ["Portsmouth children"]
    heard: list[ActionAnswer] = []
    priya.acts.answer(heard.append)
    assert [one.act for one in priya.switchboard.asked[-2:]] == [Act.HOLD, Act.ANSWER]
    assert priya.switchboard.asked[-1].provider_call == "c2"
    assert heard == [ActionAnswer(Answer.ACCEPTED)]


def test_a_refused_hold_leaves_both_calls_where_they_are(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.rings("c2", "01632960741", CHILDREN, "1001")
    priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "The telephone refused.")
    heard: list[ActionAnswer] = []
    priya.acts.answer(heard.append)
    assert priya.switchboard.asked[-1].act is Act.HOLD
    assert heard[0].answer is Answer.REFUSED


def test_where_software_cannot_answer_one_worker_claims_it_and_the_other_is_told(room: Room) -> None:
    by_hand = frozenset(Act) - {Act.ANSWER}
    priya, tom = room.console(PRIYA, "1001", acts=by_hand), room.console(TOM, "1002", acts=by_hand)
    room.rings("c1", "07700900412", LINE, "1001", "1002")
    first: list[ActionAnswer] = []
    second: list[ActionAnswer] = []
    priya.acts.answer(first.append)
    tom.acts.answer(second.append)
    room.settle()
    assert first[0].answer is Answer.ACCEPTED
    assert "lift the handset" in first[0].sentence
    assert second[0].answer is Answer.REFUSED
    assert "Priya Raman" in second[0].sentence
    assert tom.desk.state().waiting[0].claimed_by == "priya.raman"
    assert priya.desk.claimed(priya.desk.state().waiting[0].call.id)


def test_a_caller_who_rings_off_leaves_a_quiet_line_and_no_record(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900415", LINE, "1001")
    room.advance(41)
    room.ends("c1", CallOutcome.ABANDONED)
    state = priya.desk.state()
    assert state.waiting == ()
    assert state.rang_off is not None
    assert state.rang_off.number == "07700900415"
    assert state.rang_off.offered_at is not None
    assert (state.rang_off.at - state.rang_off.offered_at).total_seconds() == 41
    assert priya.folds.contacts() == ()
    priya.desk.dismiss_rang_off()
    assert priya.desk.state().rang_off is None


def test_phones_away_is_said_and_live_calls_stay_on_screen(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.hears(LinkChanged(room.clock.now(), LinkState.LOST, "The telephones are away. Answer on the handset."))
    state = priya.desk.state()
    assert state.phones.away
    assert state.current is not None
    assert state.current.call.certainty is Certainty.STALE
    with pytest.raises(Refused, match="handset"):
        priya.acts.answer(lambda _: None)
    by_hand = priya.contacts.open()
    assert priya.folds.contact(by_hand) is not None


def test_phones_away_counts_from_the_loss_and_keeps_its_words_through_every_try(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    lost, words = room.clock.now(), "The telephones are away. Answer on the handset."
    room.hears(LinkChanged(lost, LinkState.LOST, words))
    for _ in range(80):
        room.advance(30)
        room.hears(LinkChanged(room.clock.now(), LinkState.CONNECTING))
        assert (priya.desk.phones.since, priya.desk.phones.sentence) == (lost, words)
        room.hears(LinkChanged(room.clock.now(), LinkState.LOST, words))
    board = priya.board.now()
    assert board.age(board.phones_at) == timedelta(minutes=40)
    room.hears(LinkChanged(room.clock.now(), LinkState.CONNECTED, boot="night"))
    assert priya.desk.phones == Phones(LinkState.CONNECTED, room.clock.now())


def test_a_reconnect_with_a_call_under_way_opens_no_second_record(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    before = priya.contact
    now = room.clock.now()
    room.hears(
        LinkChanged(now, LinkState.LOST),
        LinkChanged(now, LinkState.CONNECTED, boot="night"),
        SnapshotTaken(now, frozenset({"c1"})),
    )
    assert priya.contact == before
    assert len(priya.folds.contacts()) == 1


def test_two_calls_found_to_be_one_keep_their_one_record(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    contact = priya.contact
    room.rings("c0", "07700900412", LINE)
    room.hears(CallsMerged("c0", room.clock.now(), "c1"))
    found = priya.folds.contact(contact)
    assert found is not None
    assert len(found.calls) == 2
    survivor = priya.desk.calls()[0]
    assert priya.desk.contact_of(survivor.id) == contact


def test_an_answer_that_comes_late_is_dropped_for_every_other_call(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    call = priya.desk.calls()[0]
    held = HeldRunner()
    shown = {call.id}
    told: list[bool] = []
    looks = CallLooks(Access(room.store, held, PRIYA), shown.__contains__, lambda: told.append(True))
    looks.ask(call)
    looks.ask(call)
    assert held.waiting("read") == 1, "one question for one call and number"
    shown.clear()
    held.run("read")
    assert told == []
    assert looks.of(call.id).candidates is None


def test_a_late_answer_leaves_the_question_about_the_newer_number_alone(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    first = priya.desk.calls()[0]
    room.hears(NumberLearned("c1", room.clock.now(), "07700900413", "", Presentation.ALLOWED, settled=True))
    second = priya.desk.calls()[0]
    held = HeldRunner()
    looks = CallLooks(Access(room.store, held, PRIYA), {first.id}.__contains__, lambda: None)
    looks.ask(first)
    looks.ask(second)
    held.run("read", 1)
    assert looks.of(first.id).state is LookState.ASKING, "the answer about the old number is nobody's"
    held.run("read", 1)
    assert (looks.of(first.id).state, looks.of(first.id).e164) == (LookState.HERE, "+447700900413")


def test_a_call_that_became_another_while_it_was_asked_for_is_asked_for_again(room: Room) -> None:
    held = HeldRunner()
    priya, tom = room.console(PRIYA, "1001", reader=held), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001", "1002")
    room.rings("c0", "07700900412", LINE)
    room.answers("c1", "1001")
    merged = CallsMerged("c0", room.clock.now(), "c1")
    # The colleague's console hears it first, so that the record brings nothing new to this one.
    tom.desk.hear(merged)
    room.settle()
    priya.desk.hear(merged)
    held.run("read")
    current = priya.desk.state().current
    assert current is not None
    assert current.looked.state is LookState.HERE


def test_a_look_while_the_record_is_away_says_so_and_the_ring_stands(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    with room.record_away():
        room.rings("c1", "07700900412", LINE, "1001")
        slot = priya.desk.state().waiting[0]
        assert slot.looked.state is LookState.AWAY
        assert slot.looked.sentence
    room.hears(Alerting("c1", room.clock.now(), "again", "1001"))
    assert priya.desk.state().waiting[0].looked.state is LookState.HERE


def test_calls_from_one_number_are_counted_tonight(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    for call in ("a", "b", "c"):
        room.rings(call, "07700900412", LINE, "1001")
        room.advance(2)
        if call != "c":
            room.ends(call, CallOutcome.ABANDONED)
    assert priya.desk.calls_tonight(priya.desk.state().waiting[0].call) == 3


def test_the_end_of_the_last_own_call_is_wrap_up_and_ends_by_itself(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.ends("c1")
    me = priya.shift.me()
    assert me is not None
    assert me.state_words == "Wrap-up"
    room.advance(125)
    me = priya.shift.me()
    assert me is not None
    assert me.state_words == "Ready"
    assert [one.act for one in priya.switchboard.asked] == [Act.UNPAUSE, Act.PAUSE, Act.UNPAUSE]


def test_a_call_gone_when_the_switchboard_is_heard_again_is_over_in_the_record_too(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.hears(LinkChanged(room.clock.now(), LinkState.LOST))
    room.advance(60)
    room.hears(LinkChanged(room.clock.now(), LinkState.CONNECTED))
    room.hears(SnapshotTaken(room.clock.now(), frozenset()))
    room.advance(3)
    for console in (priya, tom):
        (record,) = console.folds.call_log()
        assert record.ended_at is not None
        assert record.outcome is CallOutcome.UNKNOWN


def test_a_withheld_number_that_an_adapter_lets_slip_never_enters_the_record(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "", LINE, "1001")
    room.hears(NumberLearned("c1", room.clock.now(), "07700900412", "Lena Fenn", Presentation.WITHHELD, settled=True))
    room.advance(3)
    (record,) = priya.folds.call_log()
    stream = StreamRef(StreamKind.CALL, record.id)
    said = [item.content for item in priya.ledger.items(stream) if item.kind is Kind.CALL_NUMBER]
    assert said
    assert not any(body["number"] or body["e164"] or body["name"] for body in said)


def test_a_call_that_ended_while_the_telephones_were_away_is_the_workers_to_write_down(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    heard = room.clock.now()
    room.advance(5)
    room.hears(LinkChanged(room.clock.now(), LinkState.LOST, "lost"))
    room.advance(26)
    back = room.clock.now()
    room.hears(LinkChanged(back, LinkState.CONNECTED, boot="another run"))
    room.hears(SnapshotTaken(back, frozenset()))
    lost = priya.desk.state().lost
    assert lost is not None
    assert (lost.own, lost.heard_at, lost.at, lost.line) == (True, heard, back, "Hampshire adults")
    assert tom.desk.state().lost is None, "it was nobody else's"
    room.rings("c2", "07700900413", LINE, "1001")
    assert priya.desk.state().lost is not None
    room.answers("c2", "1001")
    assert priya.desk.state().lost is None


def test_a_caller_who_waited_when_the_telephones_went_away_is_said_to_everybody(room: Room) -> None:
    consoles = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", LINE, "1001")
    room.hears(LinkChanged(room.clock.now(), LinkState.LOST, "lost"))
    room.hears(LinkChanged(room.clock.now(), LinkState.CONNECTED, boot="night"))
    room.hears(SnapshotTaken(room.clock.now(), frozenset()))
    states = [one.desk.state() for one in consoles]
    assert [state.lost.own for state in states if state.lost is not None] == [False, False]
    assert [state.rang_off for state in states] == [None, None], "nobody knows that they rang off"


def test_of_a_call_long_over_nothing_is_kept_and_of_one_under_way_everything(room: Room) -> None:
    """Each call of a shift would else leave its id behind."""
    priya = room.console(PRIYA, "1001")
    room.rings("long", "07700900414", LINE, "1001")
    for number in range(3):
        room.rings(f"c{number}", "07700900412", LINE, "1001")
        room.advance(1)
        room.ends(f"c{number}", CallOutcome.ABANDONED)
        room.clock.advance(11 * 60)
    known = {call.id: call for call in priya.desk.calls()}
    assert set(priya.desk._providers) == set(known)
    (lasts,) = [call.id for call in known.values() if call.live]
    assert priya.desk.provider_call(lasts) == "long"

"""Contacts through the record: filled in by two, clashes kept, wrong person told, complete only when whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from console.domain.contacts import ContactState, Progress
from console.domain.forms.checking import Missing
from console.domain.forms.registry import FORMS
from console.domain.forms.spec import FormSpec
from console.domain.help_kinds import HelpKind
from console.domain.people import Candidate, DobCertainty, MatchKind, NewPerson
from console.domain.record import StreamKind, StreamRef
from console.ports.store import CardOrder, CardQuery
from console.services.contact_people import Chosen, chosen_candidate
from console.services.contact_record import DecisionDraft
from console.services.help_ledger import Draft
from console.services.refusing import Refused
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room

FENN = Chosen(UUID(int=7), "FENN, Marcus", date(1992, 2, 19), "Male", "448 210")


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.fixture
def priya(room: Room) -> Console:
    return room.console(PRIYA, "1001")


def state(console: Console, contact: UUID) -> ContactState:
    """Return a contact as a console has it."""
    found = console.folds.contact(contact)
    assert found is not None
    return found


def pair_of(room: Room, priya: Console, tom: Console) -> UUID:
    """Return a contact that two people work."""
    contact = priya.contacts.open(dialled="01632960001")
    priya.pair.need_second(contact)
    room.settle()
    tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
    room.settle()
    return contact


def test_a_contact_without_a_call_has_a_reference_and_the_lines_authority(room: Room, priya: Console) -> None:
    contact = priya.contacts.open(dialled="01632960004", channel="police_room")
    made = state(priya, contact)
    assert len(made.ref) == 11
    assert made.calls == ()
    assert (made.value("authority"), made.value("service"), made.channel) == ("portsmouth", "children", "police_room")
    assert made.owner == "priya.raman"


def test_a_field_shows_both_values_where_two_typed_over_the_same_head(room: Room, priya: Console) -> None:
    tom = room.console(TOM, "1002")
    contact = pair_of(room, priya, tom)
    priya.contacts.set_field(contact, "safe_contact", "none")
    room.settle()
    # Both have "none" in front of them.
    priya.contacts.set_field(contact, "safe_contact", "sister")
    tom.contacts.set_field(contact, "safe_contact", "brother")
    room.settle()
    for console in (priya, tom):
        assert [one.name for one in state(console, contact).clashes] == ["safe_contact"]
        heads = state(console, contact).fields["safe_contact"].heads
        assert {(one.value, one.author) for one in heads} == {("sister", "priya.raman"), ("brother", "tom.adeyemi")}
    assert "safe_contact" in {one.key for one in missing_of(priya, contact)}
    priya.contacts.choose(contact, "safe_contact", "sister")
    room.settle()
    for console in (priya, tom):
        assert state(console, contact).clashes == ()
        assert state(console, contact).value("safe_contact") == "sister"
        assert state(console, contact).fields["safe_contact"].versions == 4


def missing_of(console: Console, contact: UUID) -> tuple[Missing, ...]:
    """Return what is missing, with a kind of call chosen."""
    if not state(console, contact).type:
        console.contacts.set_field(contact, "type", "information")
    return console.contacts.missing(contact)


def test_both_typing_the_same_thing_is_no_clash(room: Room, priya: Console) -> None:
    tom = room.console(TOM, "1002")
    contact = pair_of(room, priya, tom)
    priya.contacts.set_field(contact, "caller_name", "Dana")
    tom.contacts.set_field(contact, "caller_name", "Dana")
    room.settle()
    assert state(priya, contact).clashes == ()


def test_typing_the_same_value_again_writes_nothing(priya: Console, room: Room) -> None:
    contact = priya.contacts.open()
    priya.contacts.set_field(contact, "caller_name", "Dana")
    room.settle()
    before = len(room.store.envelopes(0))
    priya.contacts.set_field(contact, "caller_name", "Dana")
    room.settle()
    assert len(room.store.envelopes(0)) == before


def test_an_impossible_value_is_kept_and_said_and_still_missing(priya: Console) -> None:
    contact = priya.contacts.open()
    priya.contacts.set_field(contact, "type", "silent")
    said = priya.contacts.set_field(contact, "duration", "a while")
    assert "whole number" in said
    assert state(priya, contact).value("duration") == "a while"
    assert "duration" in {one.key for one in priya.contacts.missing(contact)}
    assert priya.contacts.set_field(contact, "duration", "40") == ""
    assert "duration" not in {one.key for one in priya.contacts.missing(contact)}


def test_words_of_the_screen_mean_their_keys(priya: Console) -> None:
    contact = priya.contacts.open()
    priya.contacts.set_field(contact, "type", "suicidal_caller")
    priya.contacts.set_field(contact, "source_code", "Self")
    priya.contacts.set_field(contact, "consent", "Not needed: risk to life")
    priya.contacts.set_field(contact, "handover_to", "Adults' team, crisis team")
    found = state(priya, contact)
    assert found.value("source_code") == "1C"
    assert found.value("consent") == "not_needed_risk"
    assert found.value("handover_to") == "adults_team,crisis_team"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_form_can_be_kept_empty_and_not_completed(form: FormSpec, room: Room, priya: Console) -> None:
    key = form.title
    contact = priya.contacts.open()
    priya.contacts.set_field(contact, "type", key)
    assert state(priya, contact).type == form.key
    lacking = priya.contacts.complete(contact)
    assert lacking
    assert state(priya, contact).progress is Progress.DRAFT
    priya.contacts.keep(contact)
    assert state(priya, contact).progress is Progress.KEPT
    assert [one.id for one in priya.contacts.unfinished()] == [contact]


def test_without_a_kind_of_call_one_thing_is_missing(priya: Console) -> None:
    contact = priya.contacts.open()
    assert [one.key for one in priya.contacts.complete(contact)] == ["type"]


def test_an_information_contact_completes_when_filled_and_leaves_the_list(priya: Console, room: Room) -> None:
    contact = priya.contacts.open(dialled="01632960001")
    for name, value in {
        "type": "information",
        "priority": "p5_information",
        "source_code": "Self",
        "outcome": "advice_given",
        "asked": "When the office opens",
        "told": "08:30",
    }.items():
        priya.contacts.set_field(contact, name, value)
    assert [one.key for one in priya.contacts.missing(contact)] == ["summary"]
    priya.note(contact, "asks when the office opens")
    assert priya.contacts.complete(contact) == ()
    room.settle()
    assert state(priya, contact).progress is Progress.COMPLETE
    assert priya.contacts.unfinished() == ()
    cards = room.store.cards(PRIYA, CardQuery(CardOrder.RECENT, frozenset({StreamKind.CONTACT})))
    assert cards[0].line == "Information only: advice given"
    assert cards[0].details["state"] == "complete"


def test_a_threshold_decision_is_a_social_workers_and_needs_reason_and_consultation(room: Room, priya: Console) -> None:
    grace = room.console(GRACE, "1004")
    contact = grace.contacts.open(dialled="01632960004")
    grace.contacts.set_field(contact, "type", "child_protection")
    decision = DecisionDraft("threshold", "s47 threshold met", "Bruise, no account", consulted="Helen Marsh")
    mine = priya.contacts.open()
    priya.contacts.set_field(mine, "type", "child_protection")
    with pytest.raises(Refused, match="role"):
        priya.contacts.decide(mine, decision)
    with pytest.raises(Refused, match="why"):
        grace.contacts.decide(contact, DecisionDraft("threshold", "met", " "))
    grace.contacts.decide(contact, DecisionDraft("threshold", "met", "because"))
    assert "decision:threshold" in {one.key for one in grace.contacts.missing(contact)}, "nobody was consulted"
    grace.contacts.decide(contact, decision)
    assert "decision:threshold" not in {one.key for one in grace.contacts.missing(contact)}
    assert [one.rationale for one in state(grace, contact).decisions] == ["because", "Bruise, no account"]


def test_chosen_is_not_confirmed_and_only_a_chosen_one_can_be(priya: Console) -> None:
    contact = priya.contacts.open()
    with pytest.raises(Refused, match="Choose the person first"):
        priya.people.confirm(contact, FENN.person, "name")
    priya.people.choose(contact, FENN)
    priya.people.choose(contact, FENN)
    subject = state(priya, contact).subject
    assert subject is not None
    assert (subject.name, subject.born, subject.confirmed) == ("FENN, Marcus", date(1992, 2, 19), False)
    assert len(state(priya, contact).subjects) == 1
    priya.people.confirm(contact, FENN.person, "name")
    subject = state(priya, contact).subject
    assert subject is not None
    assert subject.confirmed
    assert subject.confirmed_by == "name"


def test_a_restricted_candidate_cannot_be_chosen() -> None:
    unseen = Candidate(
        uuid4(), "", "", None, DobCertainty.UNKNOWN, "", "", MatchKind.NUMBER, "", None, None, None, restricted=True
    )
    with pytest.raises(Refused, match="duty manager"):
        chosen_candidate(unseen)


def test_a_new_person_is_found_by_number_at_the_next_call(room: Room, priya: Console) -> None:
    contact = priya.contacts.open()
    priya.people.create(contact, NewPerson("Orme", "Kayleigh", e164="+441632960204"))
    room.settle()
    room.rings("c9", "01632960204", "01632960001", "1001")
    found = priya.desk.state().waiting[0].looked.candidates
    assert found is not None
    assert [one.given for one in found.people] == ["Kayleigh"]
    with pytest.raises(Refused, match="at least one name"):
        priya.people.create(contact, NewPerson(" "))


def test_the_wrong_person_moves_the_contact_and_tells_whoever_relied_on_it(room: Room, priya: Console) -> None:
    tom = room.console(TOM, "1002")
    contact = pair_of(room, priya, tom)
    priya.people.choose(contact, FENN)
    room.settle()
    incident = priya.folds.incident_of(contact)
    assert incident is not None
    police = tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident.id))
    tom.helps.send(police)
    room.settle()
    assert priya.people.wrong(contact, FENN.person, "It is his brother") == ("tom.adeyemi",)
    room.settle()
    moved = state(tom, contact)
    assert moved.subject is None
    assert [one.wrong for one in moved.subjects] == [True], "struck through, never gone"
    assert moved.wrong[0].told == ("tom.adeyemi",)
    told = tom.heard(contact)
    assert told.startswith("Wrong person")
    assert "FENN" not in told
    request = tom.folds.help(police)
    assert request is not None
    assert request.news[-1].text.startswith("The person first named was wrong")
    cards = room.store.cards(PRIYA, CardQuery(CardOrder.OF_PERSON, person=FENN.person))
    assert cards == ()


def test_a_person_is_attached_long_after_the_call(room: Room, priya: Console) -> None:
    room.rings("c1", "", "01632960001", "1001")
    room.answers("c1", "1001")
    contact = priya.contact
    room.ends("c1")
    room.advance(600)
    priya.people.choose(contact, FENN)
    room.settle()
    assert state(priya, contact).subject is not None


def test_a_second_call_makes_a_second_contact_while_the_first_is_unfinished(room: Room, priya: Console) -> None:
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    first = priya.contact
    room.ends("c1")
    room.rings("c2", "01632960741", "01632960004", "1001")
    room.answers("c2", "1001")
    assert priya.contact != first
    assert {one.id for one in priya.contacts.unfinished()} == {first, priya.contact}


def test_what_is_written_while_the_record_is_away_is_shared_after_in_order(room: Room, priya: Console) -> None:
    contact = priya.contacts.open()
    room.settle()
    with room.record_away():
        priya.note(contact, "first")
        priya.note(contact, "second")
        priya.contacts.set_field(contact, "caller_name", "Dana")
        assert [line.seq for line in state(priya, contact).notes] == [0, 0]
    room.advance(5)
    lines = state(priya, contact).notes
    assert [line.text for line in lines] == ["first", "second"]
    assert 0 < lines[0].seq < lines[1].seq
    stored = room.store.stream(PRIYA, StreamRef(StreamKind.CONTACT, contact))
    assert len(stored) == 4


def test_a_prompt_is_ticked_and_taken_back(priya: Console) -> None:
    contact = priya.contacts.open()
    priya.contacts.ask(contact, "where")
    priya.contacts.ask(contact, "where")
    assert state(priya, contact).prompts["where"].asked
    priya.contacts.ask(contact, "where", asked=False)
    assert not state(priya, contact).prompts["where"].asked


def test_the_handover_flag_fills_the_forms_teams(priya: Console) -> None:
    contact = priya.contacts.open()
    priya.contacts.hand_over(contact, wanted=True, to=("adults_team", "crisis_team"))
    handover = state(priya, contact).handover
    assert handover is not None
    assert handover.wanted
    assert handover.to == ("adults_team", "crisis_team")


def test_a_manager_reads_a_contact_only_as_a_member(room: Room, priya: Console) -> None:
    helen = room.console(HELEN, "1003")
    contact = priya.contacts.open()
    priya.note(contact, "words for the two of us")
    room.settle()
    seen = state(helen, contact)
    assert seen.notes == ()
    assert seen.unreadable > 0
    assert seen.owner == "priya.raman"

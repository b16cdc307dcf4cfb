"""Facts once: the table, both values where two differ, what a note proposes; never a record address as now."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.fact_sheet import FACTS, SHEET_PARTS, WHERE, FactField, FactKind, fact_meant
from console.domain.incidents import IncidentState, fold_incident
from console.domain.items import Item
from console.domain.locations import NEVER_CURRENT, LocationSource
from console.domain.notes import NoteLine, fold_notes
from console.domain.places import fold_where
from console.domain.proposals import Proposal, proposals
from console.domain.record import Kind, StreamKind, iso
from console.domain.registers import Written, made_register
from console.domain.relay_card import RelaySources, relay_card
from console.domain.relay_forms import RelayForm, card_as
from console.domain.timeline import timeline
from tests.helpers.items import TEN_PAST, Stream

AUTHORS = ("priya.raman", "tom.adeyemi")


def incident() -> Stream:
    """Return an incident that stands."""
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {"ref": "X", "contact": uuid4(), "call": uuid4(), "risk": "p1_life_now"})
    return stream


def fold(stream: Stream) -> IncidentState:
    """Return the incident."""
    found = fold_incident(stream.items)
    assert found is not None
    return found


def places(stream: Stream, text: str, source: str = "caller_stated", **how: object) -> UUID:
    """Say where they are."""
    body: dict[str, object] = {"text": text, "source": source, "at": iso(stream.at)}
    if "settles" in how:
        body["settles"] = how.pop("settles")
    author, replaces, slot = str(how.get("author", AUTHORS[0])), how.get("replaces"), str(how.get("slot", WHERE))
    assert replaces is None or isinstance(replaces, UUID)
    return stream.write(Kind.INCIDENT_LOCATION, body, author=author, replaces=replaces, slot=slot)


def test_every_line_of_the_sheet_can_be_asked_and_is_named_once() -> None:
    assert len({one.key for one in FACTS}) == len(FACTS)
    assert all(one.ask and one.label for one in FACTS)
    words = [word for one in FACTS for word in {one.key, one.label.casefold(), *one.words}]
    assert sorted(words) == sorted(set(words)), "a word before a colon means one fact"
    wanted = {"where", "name", "happening", "taken", "taken_at", "state", "weapons", "children", "animals", "access"}
    assert wanted | {"hazards", "safe_number", "quote", "present"} <= {one.key for one in FACTS}


def test_what_the_relay_card_lacks_is_on_the_sheet_and_marked_so() -> None:
    card = relay_card(RelaySources(fold(incident())), incident().at)
    on_card = {one.key for one in FACTS if one.relay} | {"place"}
    assert {item.ask for item in card.missing} <= on_card


READ_OUT = [one for one in FACTS if one.relay]


@pytest.mark.parametrize("form", RelayForm)
@pytest.mark.parametrize("field", READ_OUT, ids=[one.key for one in READ_OUT])
def test_every_fact_that_is_read_out_reaches_each_form_of_the_card_alone_and_among_all(
    field: FactField, form: RelayForm
) -> None:
    for stated in ((field,), READ_OUT):
        stream = incident()
        for one in stated:
            _stated(stream, one)
        card = card_as(form, RelaySources(fold(stream)), stream.at)
        rows = [item for item in card.items if not item.missing and f"told of {field.key}," in item.text]
        assert field.relay in {item.key for item in rows}


def _stated(stream: Stream, field: FactField) -> None:
    if field.kind is FactKind.PLACE:
        places(stream, f"told of {field.key}, words")
    else:
        _fact(stream, field.key, f"told of {field.key}, words", AUTHORS[0], None)


def test_what_call_takers_ask_and_the_sheet_knows_is_read_out() -> None:
    asked = {"where", "access", "happening", "state", "taken", "taken_at", "substance", "weapons", "children"}
    asked |= {"hazards", "animals", "name", "speaking", "present", "vehicle", "number"}
    assert asked <= {one.key for one in READ_OUT}
    assert {"safe_number", "quote", "family"} & {one.key for one in READ_OUT} == set(), "never read out"


def test_two_who_were_told_different_places_stand_beside_each_other_until_one_is_chosen() -> None:
    stream = incident()
    first = places(stream, "By the reservoir")
    second = places(stream, "On the bridge", author="tom.adeyemi")
    state = fold(stream)
    assert [place.text for place in state.where_stands] == ["By the reservoir", "On the bridge"]
    assert state.where_said is not None
    assert state.where_said.clash
    places(stream, "By the reservoir", settles=[str(first), str(second)], replaces=second)
    state = fold(stream)
    assert [place.text for place in state.where_stands] == ["By the reservoir"]
    assert state.where is not None
    assert state.where.text == "By the reservoir"
    assert state.where_said is not None
    assert [one.value for one in state.where_said.history] == ["By the reservoir", "On the bridge", "By the reservoir"]


def not_there(stream: Stream, place: UUID, reason: str = "they have moved on", author: str = "tom.adeyemi") -> UUID:
    """Take a place back."""
    body = {"text": "", "source": "", "reason": reason}
    return stream.write(
        Kind.INCIDENT_LOCATION, body, slot=WHERE, replaces=place, corrects=place, author=author
    )  # fmt: skip


def test_a_place_that_was_taken_back_stands_nowhere_and_stays_in_the_history() -> None:
    stream = incident()
    first = places(stream, "By the reservoir")
    gone = not_there(stream, first)
    state = fold(stream)
    assert (state.where, state.where_stands, state.where_words) == (None, (), "")
    (place,) = state.places
    assert (place.text, place.ended, place.ended_by, place.why) == (
        "By the reservoir", gone, "tom.adeyemi", "they have moved on",
    )  # fmt: skip
    assert state.where_said is not None
    assert [one.value for one in state.where_said.history] == ["By the reservoir", ""]
    assert relay_card(RelaySources(state), stream.at).items[1].missing
    told = [line.text for line in timeline(state)]
    assert "Where: By the reservoir (caller stated)" in told
    assert "Not there: By the reservoir. They have moved on" in told
    line = NoteLine(uuid4(), "where: By the reservoir", TEN_PAST, TEN_PAST, AUTHORS[0], first, 2, stream.ref)
    assert proposals([line], state, stream.at + timedelta(minutes=1)) == (), "the note says it no more"

    places(stream, "On the bridge", replaces=first)
    assert [one.text for one in fold(stream).where_stands] == ["On the bridge"]


def test_of_two_places_the_one_that_is_not_taken_back_stands_alone() -> None:
    stream = incident()
    first = places(stream, "By the reservoir")
    places(stream, "On the bridge", author="tom.adeyemi")
    not_there(stream, first)
    state = fold(stream)
    assert [one.text for one in state.where_stands] == ["On the bridge"]
    assert state.where_said is not None
    assert not state.where_said.clash


def test_what_was_typed_over_a_place_while_a_colleague_took_it_back_stands() -> None:
    stream = incident()
    first = places(stream, "By the reservoir")
    not_there(stream, first)
    places(stream, "By the weir", replaces=first)
    assert [one.text for one in fold(stream).where_stands] == ["By the weir"]


@given(st.permutations(range(3)))
def test_a_place_is_taken_back_whatever_order_the_entries_come_in(order: list[int]) -> None:
    stream = incident()
    first = places(stream, "By the reservoir")
    second = places(stream, "On the bridge", replaces=first)
    not_there(stream, second)
    items = [stream.items[0], *(stream.items[1:][at] for at in order)]
    state = fold_incident(items)
    assert state is not None
    assert state.where_stands == ()
    assert [one.text for one in state.places if one.ended] == ["On the bridge"]


def test_a_place_of_an_older_console_is_taken_back_too() -> None:
    stream = incident()
    plain = stream.write(Kind.INCIDENT_LOCATION, {"text": "At the weir", "source": "caller_stated"})
    not_there(stream, plain)
    assert fold(stream).where_stands == ()


def test_a_place_of_an_older_console_is_typed_over_all_before_it() -> None:
    stream = incident()
    places(stream, "At home")
    places(stream, "In the car", slot="")
    state = fold(stream)
    assert [place.text for place in state.where_stands] == ["In the car"]


@pytest.mark.parametrize("source", sorted(NEVER_CURRENT))
def test_a_record_address_is_never_among_the_places_that_stand(source: LocationSource) -> None:
    stream = incident()
    places(stream, "In the car")
    places(stream, "9 Larch Court", source.value)
    state = fold(stream)
    assert state.where is not None
    assert state.where.text == "In the car"
    assert [place.text for place in state.where_stands] == ["In the car"]


def test_a_fact_that_was_emptied_is_gone_and_its_history_is_kept_until_it_is_stated_again() -> None:
    stream = incident()
    first = _fact(stream, "weapons", "A knife", AUTHORS[0], None)
    gone = _fact(stream, "weapons", "", AUTHORS[0], first)
    assert fold(stream).fact("weapons") is None
    _fact(stream, "weapons", "None", AUTHORS[1], gone)
    fact = fold(stream).fact("weapons")
    assert fact is not None
    assert [one.value for one in fact.register.history] == ["A knife", "", "None"]


def test_a_fact_emptied_by_one_while_another_corrected_it_shows_what_the_other_wrote() -> None:
    stream = incident()
    first = _fact(stream, "weapons", "A knife", AUTHORS[0], None)
    _fact(stream, "weapons", "Two knives", AUTHORS[1], first)
    _fact(stream, "weapons", "", AUTHORS[0], first)
    fact = fold(stream).fact("weapons")
    assert fact is not None
    assert fact.clash
    assert {head.value for head in fact.register.heads} == {"Two knives", ""}


def _fact(
    stream: Stream, key: str, text: str, author: str, over: UUID | None, settles: list[str] | None = None
) -> UUID:
    body: dict[str, object] = {"key": key, "text": text, "source": "caller stated"}
    if settles is not None:
        body["settles"] = settles
    return stream.write(Kind.INCIDENT_FACT, body, slot=f"fact:{key}", author=author, replaces=over)


# --- the same whatever the order -----------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.booleans()), min_size=1, max_size=9), st.randoms())
def test_two_who_type_over_each_other_agree_whatever_the_order_it_arrives_in(
    acts: list[tuple[int, int, bool]], random: Random
) -> None:
    stream, seen = incident(), [list[UUID](), list[UUID]()]
    for author, shown, settles in acts:
        # Each has seen the first so many of what is written, and types over the newest of it.
        known = [one.id for one in stream.items[1 : 1 + shown]]
        over = known[-1] if known else None
        every = [str(one) for one in known] if settles and known else None
        seen[author].append(_fact(stream, "state", f"{author} {len(stream.items)}", AUTHORS[author], over, every))
    said = [item for item in stream.items if item.kind is Kind.INCIDENT_FACT]
    shuffled = list(said)
    random.shuffle(shuffled)
    assert _heads(shuffled) == _heads(said)
    assert _heads(said), "something always stands"
    assert {one.value for one in _history(said)} == {str(item.content["text"]) for item in said}, "nothing is lost"


def _value(item: Item) -> tuple[str, str]:
    return str(item.content["text"]), ""


def _heads(items: list[Item]) -> set[UUID]:
    made = made_register("state", items, _value)
    return {head.entry for head in made.heads} if made is not None else set()


def _history(items: list[Item]) -> set[Written]:
    made = made_register("state", items, _value)
    return set(made.history) if made is not None else set()


@given(st.permutations(range(4)))
def test_what_settles_a_clash_of_places_settles_it_whatever_came_first(order: list[int]) -> None:
    stream = incident()
    first = places(stream, "A")
    second = places(stream, "B", author="tom.adeyemi", replaces=first)
    third = places(stream, "C", replaces=first)
    places(stream, "B", replaces=third, settles=[str(second), str(third)])
    made = fold_where([stream.items[1:][at] for at in order])
    assert made is not None
    assert [head.value for head in made.heads] == ["B"]


def test_foreign_bodies_never_end_the_fold() -> None:
    stream = incident()
    for body in ({}, {"text": 7, "settles": [None, "x"]}, {"text": ["a"]}, {"sort": {}, "due": "never", "text": "x"}):
        for kind, slot in (
            (Kind.INCIDENT_FACT, "fact:state"),
            (Kind.INCIDENT_LOCATION, "where"),
            (Kind.INCIDENT_HOOK, "hook:not an id"),
            (Kind.INCIDENT_HOOK, f"hook:{uuid4()}"),
            (Kind.INCIDENT_RING_BACK, ""),
        ):
            stream.write(kind, body, slot=slot)
            stream.write(kind, body, slot=slot, readable=False)
    assert fold(stream).live


# --- what the note proposes ----------------------------------------------------------------------


def noted(text: str, after: float = 10, stream: Stream | None = None) -> tuple[Proposal, ...]:
    """Return what a line of the note proposes so many seconds after it was typed."""
    contact, about = Stream(StreamKind.CONTACT), stream or incident()
    contact.at = about.at
    contact.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": text})
    return proposals(fold_notes(contact.items), fold(about), contact.at + timedelta(seconds=after))


@pytest.mark.parametrize(
    ("line", "key", "text"),
    [
        ("where: in the car, by the reservoir", "where", "in the car, by the reservoir"),
        ("Taken: 40 tabs at 2145", "taken", "40 tabs at 2145"),
        ("DOG:  in the   car", "animals", "in the car"),
        ("safe number: 07700 900555", "safe_number", "07700 900555"),
    ],
)
def test_a_line_that_names_a_fact_is_proposed(line: str, key: str, text: str) -> None:
    assert [(one.key, one.text) for one in noted(line)] == [(key, text)]


@pytest.mark.parametrize("line", ["alone, drinking", "where:", "he said it loud and clear: yes", "10:45 rang", ": x"])
def test_any_other_line_is_none(line: str) -> None:
    assert noted(line) == ()


def test_a_line_is_not_proposed_while_it_is_typed_and_not_kept_back_by_a_clock_that_goes_ahead() -> None:
    assert noted("where: in th", after=1) == ()
    assert len(noted("where: in the car", after=-7200)) == 1


def test_a_proposal_ends_when_it_was_accepted_or_something_else_was_stated_after_it() -> None:
    for text in ("in the car", "on the bridge"):
        stream = incident()
        stream.write(Kind.INCIDENT_NOTE, {"line": uuid4(), "text": "x"})
        places(stream, text)
        assert noted("where: in the car", stream=stream) == ()


def test_a_correction_in_the_note_is_proposed_over_what_was_accepted() -> None:
    stream = incident()
    contact = Stream(StreamKind.CONTACT)
    contact.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": "where: car park"})
    places(stream, "car park")
    for _ in range(9):
        contact.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": "x"})
    contact.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": "where: the second car park"})
    found = proposals(fold_notes(contact.items), fold(stream), contact.at + timedelta(minutes=1))
    assert [one.text for one in found] == ["the second car park"]


def test_a_word_before_a_colon_is_read_whatever_its_case_and_spaces() -> None:
    meant = fact_meant("  Who  is   THERE ")
    assert meant is not None
    assert meant.key == "present"


def test_every_fact_of_the_table_has_its_place_on_the_sheet() -> None:
    listed = [key for _, keys in SHEET_PARTS for key in keys]
    assert sorted(listed) == sorted(one.key for one in FACTS)

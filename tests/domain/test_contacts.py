"""Contacts as folds: newest text per line, both values of a clash, the wrong person struck through."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from console.domain.contacts import Progress, fold_contact
from console.domain.record import Kind, StreamKind
from tests.helpers.items import TEN_PAST, Stream


def opened() -> Stream:
    """Return a contact's stream that has just been opened."""
    stream = Stream(StreamKind.CONTACT)
    stream.write(Kind.CONTACT_OPENED, {"ref": "7K3M-Q2XA-5", "call": "", "channel": "phone"})
    return stream


def test_no_items_make_no_contact() -> None:
    assert fold_contact([]) is None


def test_the_newest_text_of_each_line_stands_in_the_order_the_lines_were_begun() -> None:
    stream = opened()
    first, second = uuid4(), uuid4()
    stream.write(Kind.CONTACT_NOTE, {"line": first, "text": "over"})
    stream.write(Kind.CONTACT_NOTE, {"line": second, "text": "alone"})
    stream.write(Kind.CONTACT_NOTE, {"line": first, "text": "overdose 2145"}, kept=True)
    state = fold_contact(stream.items)
    assert state is not None
    assert [(line.text, line.seq) for line in state.notes] == [("overdose 2145", 0), ("alone", 3)]


def test_a_line_keeps_its_author_when_another_delivers_it() -> None:
    stream = opened()
    line = uuid4()
    stream.write(Kind.CONTACT_NOTE, {"line": line, "text": "he is"}, author="p.raman")
    stream.write(Kind.CONTACT_NOTE, {"line": line, "text": "he is alone"}, author="tom", behalf="p.raman")
    state = fold_contact(stream.items)
    assert state is not None
    assert [(one.text, one.author, one.delivered_by) for one in state.notes] == [("he is alone", "p.raman", "tom")]


def test_an_emptied_line_is_gone_and_a_corrected_one_is_marked() -> None:
    stream = opened()
    line = uuid4()
    stream.write(Kind.CONTACT_NOTE, {"line": line, "text": "typed by mistake"})
    wrong = stream.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": "40 tablets"})
    stream.write(Kind.CONTACT_NOTE, {"line": line, "text": "  "})
    stream.write(Kind.CONTACT_NOTE, {"line": uuid4(), "text": "14 tablets"}, corrects=wrong)
    state = fold_contact(stream.items)
    assert state is not None
    assert [(one.text, one.corrected) for one in state.notes] == [("40 tablets", True), ("14 tablets", False)]


def test_a_field_typed_over_the_value_shown_replaces_it() -> None:
    stream = opened()
    first = stream.field("outcome", "advice_given")
    stream.field("outcome", "signposted", first)
    state = fold_contact(stream.items)
    assert state is not None
    assert state.value("outcome") == "signposted"
    assert state.clashes == ()


def test_what_is_typed_of_a_decision_is_half_of_one_until_a_decision_takes_it_up() -> None:
    stream = opened()
    what = stream.field("decision:what", "Call for help")
    why = stream.field("decision:why", "Alone with a child")
    stream.field("outcome", "advice_given")
    before = fold_contact(stream.items)
    assert before is not None
    assert before.half_decision == {"what": "Call for help", "why": "Alone with a child"}
    stream.write(Kind.CONTACT_DECISION, {"decision": "Call for help", "rationale": "...", "takes_up": [what, why]})
    stream.field("decision:why", "Alone with a child of 3", why)
    after = fold_contact(stream.items)
    assert after is not None
    assert after.half_decision == {"why": "Alone with a child of 3"}


def test_two_over_the_same_head_both_stand_until_somebody_chooses() -> None:
    stream = opened()
    head = stream.field("safe_contact", "none")
    one = stream.field("safe_contact", "sister", head)
    two = stream.field("safe_contact", "brother", head, author="tom.adeyemi")
    state = fold_contact(stream.items)
    assert state is not None
    assert {found.value for found in state.fields["safe_contact"].heads} == {"sister", "brother"}
    stream.field("safe_contact", "sister", two, settles=[str(one), str(two)])
    state = fold_contact(stream.items)
    assert state is not None
    assert state.clashes == ()
    assert state.value("safe_contact") == "sister"


def test_typing_over_one_of_two_leaves_the_other_standing() -> None:
    stream = opened()
    stream.field("safe_contact", "sister")
    two = stream.field("safe_contact", "brother", author="tom.adeyemi")
    stream.field("safe_contact", "both parents", two, author="tom.adeyemi")
    state = fold_contact(stream.items)
    assert state is not None
    assert {one.value for one in state.fields["safe_contact"].heads} == {"sister", "both parents"}


@given(st.lists(st.tuples(st.integers(-1, 8), st.sampled_from("abc")), max_size=12))
def test_a_register_never_loses_a_value_that_nobody_replaced(writes: list[tuple[int, str]]) -> None:
    stream = opened()
    ids: list[UUID] = []
    for head, value in writes:
        ids.append(stream.field("x", value, ids[head] if 0 <= head < len(ids) else None))
    state = fold_contact(stream.items)
    assert state is not None
    replaced = {item.replaces for item in stream.items}
    left = [item.id for item in stream.items if item.slot == "field:x" and item.id not in replaced]
    assert [one.entry for one in state.fields["x"].heads] == left if writes else "x" not in state.fields


def test_the_wrong_person_stays_struck_through_and_is_no_subject() -> None:
    stream = opened()
    person = uuid4()
    stream.write(Kind.CONTACT_SUBJECT_ADDED, {"person": person, "how": "number", "born": "1992-02-19"})
    stream.write(Kind.CONTACT_IDENTITY, {"person": person, "confirmed_by": "name"})
    state = fold_contact(stream.items)
    assert state is not None
    assert state.subject is not None
    assert state.subject.confirmed
    stream.write(Kind.CONTACT_WRONG_PERSON, {"person": person, "reason": "his brother", "told": ["tom"]})
    state = fold_contact(stream.items)
    assert state is not None
    assert state.subject is None
    assert not state.subjects[0].confirmed
    assert state.wrong[0].told == ("tom",)


def test_one_who_may_not_read_sees_that_it_is_there_and_how_far_it_is() -> None:
    stream = Stream(StreamKind.CONTACT)
    stream.write(Kind.CONTACT_OPENED, {"ref": "7K3M-Q2XA-5"}, readable=False)
    stream.write(Kind.CONTACT_NOTE, {"text": "words"}, readable=False)
    stream.write(Kind.CONTACT_COMPLETED, {}, readable=False)
    state = fold_contact(stream.items)
    assert state is not None
    assert (state.owner, state.progress, state.notes, state.unreadable) == (
        "priya.raman",
        Progress.COMPLETE,
        (),
        3,
    )
    assert state.opened_at is not None
    assert state.opened_at > TEN_PAST


def test_bodies_of_another_world_never_raise() -> None:
    stream = opened()
    for kind in Kind:
        stream.write(kind, {"person": 7, "line": None, "text": ["x"], "at": "yesterday", "state": {}}, slot="field:x")
    assert fold_contact(stream.items) is not None

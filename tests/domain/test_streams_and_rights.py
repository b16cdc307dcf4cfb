"""What a stream is follows from its entries; who may write what follows from domain.md 8.3."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.record import SHIFT_ROLES, Kind, Role, StreamClass, StreamKind, StreamRef
from console.domain.rights import decision_right, kind_right, refusal
from console.domain.streams import Step, StreamState, advance, begin, is_structural

NOW = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)


def fold(kind: StreamKind, *steps: tuple[Kind, dict[str, object]]) -> StreamState:
    state = begin(StreamRef(kind, ONE), 1)
    for seq, (what, content) in enumerate(steps, start=1):
        state = advance(state, Step(what, "priya.raman", NOW, seq, content))
    return state


@pytest.mark.parametrize(
    ("kind", "klass"),
    [
        (StreamKind.CALL, StreamClass.SHIFT),
        (StreamKind.SHIFT, StreamClass.SHIFT),
        (StreamKind.HELP, StreamClass.SHIFT),
        (StreamKind.SIGNALS, StreamClass.SHIFT),
        (StreamKind.CONTACT, StreamClass.CASE),
        (StreamKind.INCIDENT, StreamClass.CASE),
        (StreamKind.PERSON, StreamClass.CASE),
        (StreamKind.VISIT, StreamClass.CASE),
        (StreamKind.HANDOVER, StreamClass.CASE),
    ],
)
def test_the_class_of_a_stream_follows_from_its_kind(kind: StreamKind, klass: StreamClass) -> None:
    assert begin(StreamRef(kind, ONE), 1).klass is klass


def test_a_contact_gathers_members_and_subjects_and_closes_once() -> None:
    state = fold(
        StreamKind.CONTACT,
        (Kind.CONTACT_OPENED, {}),
        (Kind.CONTACT_SUBJECT_ADDED, {"person": str(ONE)}),
        (Kind.CONTACT_SUBJECT_ADDED, {"person": str(TWO)}),
        (Kind.CONTACT_WRONG_PERSON, {"person": str(ONE)}),
        (Kind.CONTACT_TAKEN, {"worker": "tom.ashdown"}),
        (Kind.CONTACT_COMPLETED, {}),
    )
    assert state.subjects == {TWO}
    assert state.members == {"priya.raman", "tom.ashdown"}
    assert (state.opened_at, state.closed_at, state.begun, state.version) == (NOW, NOW, 1, 6)


def test_an_incident_links_what_it_was_opened_from_and_what_joins_later() -> None:
    state = fold(
        StreamKind.INCIDENT,
        (Kind.INCIDENT_OPENED, {"contact": str(TWO), "call": ""}),
        (Kind.INCIDENT_LINKED, {"stream": f"call:{ONE}"}),
        (Kind.INCIDENT_LINKED, {"stream": "nonsense"}),
    )
    assert state.links == {StreamRef(StreamKind.CONTACT, TWO), StreamRef(StreamKind.CALL, ONE)}


def test_a_persons_stream_is_about_that_person_and_can_be_restricted() -> None:
    state = fold(StreamKind.PERSON, (Kind.PERSON_CREATED, {}), (Kind.PERSON_RESTRICTED, {"reason": "x"}))
    assert (set(state.subjects), state.klass) == ({ONE}, StreamClass.RESTRICTED)


@given(
    kind=st.sampled_from(list(Kind)),
    content=st.dictionaries(
        st.sampled_from(["person", "worker", "stream", "state", "contact", "call"]),
        st.none() | st.text(max_size=8) | st.integers() | st.lists(st.text(max_size=3), max_size=2),
    ),
)
def test_no_content_from_outside_breaks_the_derivation(kind: Kind, content: dict[str, object]) -> None:
    before = begin(StreamRef(StreamKind.CONTACT, ONE), 4)
    after = advance(before, Step(kind, "priya.raman", NOW, 9, content))
    assert (after.begun, after.version) == (4, 9)
    if not is_structural(kind):
        assert after == StreamState(before.ref, before.klass, 4, 9)


def test_everybody_on_the_shift_writes_notes_and_nobody_else() -> None:
    assert {role for role in Role if kind_right(Kind.CONTACT_NOTE, role)} == SHIFT_ROLES


@pytest.mark.parametrize("kind", list(Kind))
def test_administrators_auditors_and_day_readers_write_no_case_content(kind: Kind) -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.DAY_TEAM_READER):
        assert not kind_right(kind, role) or kind.value.startswith("shift.") or kind is Kind.ACCESS_OFFLINE


def test_whoever_may_sign_in_may_say_that_they_came_in_while_the_record_was_away() -> None:
    assert {role for role in Role if kind_right(Kind.ACCESS_OFFLINE, role)} == set(Role) - {Role.WITNESS}


@pytest.mark.parametrize(
    ("decision", "least"),
    [("s47", Role.AMHP), ("placement", Role.SOCIAL_WORKER_CHILDREN), ("decline_service", Role.DUTY_MANAGER)],
)
def test_weighty_decisions_are_not_everybodys(decision: str, least: Role) -> None:
    assert decision_right(decision, least)
    assert not decision_right(decision, Role.SUPPORT_WORKER)
    assert not decision_right(decision, Role.SERVICE_ADVISER)


def test_a_refusal_names_the_role_and_says_what_is_safe() -> None:
    said = refusal(Kind.PERSON_RESTRICTED, Role.SUPPORT_WORKER)
    assert "support worker" in said
    assert "kept on this computer" in said


@pytest.mark.parametrize(
    ("state", "over"), [("declined", False), ("failed", False), ("completed", True), ("cancelled", True)]
)
def test_a_request_that_leaves_somebody_without_help_is_not_over(state: str, over: bool) -> None:
    made = fold(StreamKind.HELP, (Kind.HELP_DRAFTED, {}), (Kind.HELP_CHANGED, {"state": state}))
    assert (made.closed_at is not None) is over

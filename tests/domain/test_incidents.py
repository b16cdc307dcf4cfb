"""Incidents as folds: roles with times, places that are and are not current, closed only by people."""

from __future__ import annotations

from uuid import uuid4

import pytest

from console.domain.incidents import ROLES, IncidentRole, IncidentState, fold_incident
from console.domain.locations import NEVER_CURRENT, LocationSource, source_of
from console.domain.people import Rank
from console.domain.record import Kind, StreamKind, iso
from tests.helpers.items import TEN_PAST, Stream


def opened() -> Stream:
    """Return an incident with its lead."""
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {"ref": "X", "contact": uuid4(), "call": uuid4(), "risk": "p1_life_now"})
    joins(stream, "priya", "lead")
    return stream


def joins(stream: Stream, worker: str, role: str) -> None:
    """Let a worker take a role."""
    body = {"worker": worker, "name": worker.title(), "role": role}
    stream.write(Kind.INCIDENT_JOINED, body, slot=f"role:{role}", author=worker)


def fold(stream: Stream) -> IncidentState:
    """Return the incident."""
    found = fold_incident(stream.items)
    assert found is not None
    return found


def test_the_pair_and_who_was_when_in_which_role() -> None:
    stream = opened()
    assert not fold(stream).paired
    joins(stream, "tom", "coordinator")
    state = fold(stream)
    assert state.paired
    stream.write(Kind.INCIDENT_SWAPPED, {"lead": "tom", "coordinator": "priya"}, slot="roles")
    state = fold(stream)
    lead, second = state.lead, state.coordinator
    assert lead is not None
    assert second is not None
    assert (lead.worker, lead.name, second.worker) == ("tom", "Tom", "priya")
    assert [(one.worker, one.role.value, one.until is None) for one in state.members] == [
        ("priya", "lead", False),
        ("tom", "coordinator", False),
        ("tom", "lead", True),
        ("priya", "coordinator", True),
    ]


def test_an_observer_takes_no_ones_place_and_may_leave() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    joins(stream, "helen", "observer")
    joins(stream, "dilip", "observer")
    assert {one.worker for one in fold(stream).present} == {"priya", "tom", "helen", "dilip"}
    stream.write(Kind.INCIDENT_LEFT, {"worker": "helen"})
    assert fold(stream).member("helen") is None
    assert fold(stream).holder(IncidentRole.OBSERVER) is not None


def test_a_new_coordinator_ends_the_old_ones_time() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    joins(stream, "grace", "coordinator")
    state = fold(stream)
    assert state.member("tom") is None
    stream.write(Kind.INCIDENT_LEFT, {"worker": "grace"})
    state = fold(stream)
    assert not state.paired


def test_a_late_leaving_of_who_watched_does_not_empty_the_seat_they_were_given_meanwhile() -> None:
    stream = opened()
    joins(stream, "helen", "observer")
    given = {"worker": "helen", "name": "Helen", "role": "lead", "stays": True}
    stream.write(Kind.INCIDENT_JOINED, given, slot=ROLES, author="priya")
    stream.write(Kind.INCIDENT_LEFT, {"worker": "helen"}, author="helen")
    lead = fold(stream).lead
    assert lead is not None
    assert lead.worker == "helen"
    stream.write(Kind.INCIDENT_LEFT, {"worker": "priya"}, author="priya")
    assert fold(stream).member("priya") is None, "who gave it only watches"
    stream.write(Kind.INCIDENT_LEFT, {"worker": "helen"}, author="helen", slot=ROLES)
    assert fold(stream).lead is None


@pytest.mark.parametrize("source", list(LocationSource))
def test_a_record_address_or_an_unknown_source_is_never_where_somebody_is_now(source: LocationSource) -> None:
    stream = opened()
    stream.write(Kind.INCIDENT_LOCATION, {"text": "9 Larch Court", "source": source.value})
    state = fold(stream)
    assert (state.where is None) == (source in NEVER_CURRENT)
    assert len(state.places) == 1, "it is shown all the same, with its age"


def test_a_source_of_another_version_is_never_current() -> None:
    assert source_of("satellite") in NEVER_CURRENT


def test_the_newest_said_place_stands_by_when_it_was_said_and_the_history_stays() -> None:
    stream = opened()
    stream.write(Kind.INCIDENT_LOCATION, {"text": "reservoir", "source": "caller_stated"})
    early = {"text": "at home", "source": "caller_stated", "at": iso(TEN_PAST)}
    stream.write(Kind.INCIDENT_LOCATION, early)
    state = fold(stream)
    assert state.where is not None
    assert state.where.text == "reservoir"
    assert [place.text for place in state.places] == ["at home", "reservoir"]


def test_two_who_heard_differently_both_stand() -> None:
    stream = opened()
    stream.write(Kind.INCIDENT_FACT, {"key": "taken", "text": "40 tablets", "source": "s"}, slot="fact:taken")
    stream.write(
        Kind.INCIDENT_FACT, {"key": "taken", "text": "14 tablets", "source": "s"}, slot="fact:taken", author="tom"
    )
    fact = fold(stream).fact("taken")
    assert fact is not None
    assert fact.clash
    assert fact.label == "Taken"


def test_only_a_stand_down_closes_it() -> None:
    stream = opened()
    stream.write(Kind.INCIDENT_LEFT, {"worker": "priya"})
    assert fold(stream).live
    stream.write(Kind.INCIDENT_STOOD_DOWN, {"reason": "person reached"}, author="tom")
    state = fold(stream)
    assert not state.live
    assert (state.stood_down_by, state.stood_down_reason) == ("tom", "person reached")


def test_a_board_that_may_not_read_still_knows_who_is_in_it() -> None:
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {}, readable=False)
    stream.write(Kind.INCIDENT_JOINED, {}, slot="role:coordinator", author="tom", readable=False)
    stream.write(Kind.INCIDENT_LOCATION, {"text": "secret"}, readable=False)
    state = fold(stream)
    assert state.live
    assert state.places == ()
    assert state.coordinator is not None
    assert state.coordinator.worker == "tom"


def test_the_risk_is_the_newest_said_and_another_versions_rank_changes_nothing() -> None:
    stream = opened()
    stream.write(Kind.INCIDENT_RISK, {"rank": "p2_harm_tonight", "words": "calmer"}, slot="risk")
    assert fold(stream).risk is Rank.HOUR
    stream.write(Kind.INCIDENT_RISK, {"rank": "p0", "words": "?"}, slot="risk")
    assert fold(stream).risk is Rank.HOUR


def test_bodies_of_another_world_never_raise() -> None:
    stream = opened()
    for kind in Kind:
        stream.write(kind, {"worker": 7, "stream": "x", "text": ["x"], "at": 3, "role": []}, slot="fact:x")
    assert fold(stream).live or fold(stream).stood_down_at is not None


def test_a_late_opening_takes_the_lead_from_nobody() -> None:
    stream = Stream(StreamKind.INCIDENT)
    for worker in ("priya", "tom"):
        stream.write(Kind.INCIDENT_OPENED, {"ref": "7K3Q-9T"}, author=worker)
        stream.write(Kind.INCIDENT_JOINED, {"worker": worker, "name": worker.title(), "role": "lead"}, author=worker)
    state = fold_incident(stream.items)
    assert state is not None
    assert [(one.worker, one.role) for one in state.present] == [("priya", IncidentRole.LEAD)]
    body = {"worker": "tom", "name": "Tom", "role": "lead"}
    stream.write(Kind.INCIDENT_JOINED, body, slot="roles", author="priya")
    state = fold_incident(stream.items)
    assert state is not None
    assert [(one.worker, one.role) for one in state.present] == [("tom", IncidentRole.LEAD)]


def test_of_seats_whose_words_may_not_be_read_the_first_to_come_in_leads() -> None:
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {}, readable=False)
    stream.write(Kind.INCIDENT_JOINED, {}, author="priya", readable=False)
    stream.write(Kind.INCIDENT_JOINED, {}, slot="roles", author="tom", readable=False)
    stream.write(Kind.INCIDENT_JOINED, {}, slot="role:observer", author="helen", readable=False)
    state = fold_incident(stream.items)
    assert state is not None
    assert [(one.worker, one.role) for one in state.present] == [
        ("priya", IncidentRole.LEAD),
        ("tom", IncidentRole.COORDINATOR),
        ("helen", IncidentRole.OBSERVER),
    ]


def seat(stream: Stream, worker: str, role: str, **more: object) -> None:
    """Let a worker take a seat, decided on what stood before."""
    body = {"worker": worker, "name": worker.title(), "role": role, **more}
    stream.write(Kind.INCIDENT_JOINED, body, slot="roles", author=worker)


def roles(stream: Stream) -> dict[str, str]:
    """Return everybody present with their role."""
    return {one.worker: one.role.value for one in fold(stream).present}


def test_who_hands_a_seat_over_stays_to_watch_and_the_partner_keeps_theirs() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    joins(stream, "grace", "observer")
    seat(stream, "grace", "lead", stays=True)
    assert roles(stream) == {"grace": "lead", "tom": "coordinator", "priya": "observer"}


def test_handing_a_seat_to_the_other_of_the_two_exchanges_the_seats() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    seat(stream, "tom", "lead", stays=True)
    assert roles(stream) == {"tom": "lead", "priya": "coordinator"}
    seat(stream, "tom", "coordinator", stays=True)
    assert roles(stream) == {"priya": "lead", "tom": "coordinator"}


def test_a_manager_who_takes_over_unseats_one_and_empties_none() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    seat(stream, "helen", "coordinator", stays=True)
    assert roles(stream) == {"priya": "lead", "helen": "coordinator", "tom": "observer"}
    seat(stream, "helen", "lead", stays=True)
    assert roles(stream) == {"helen": "lead", "priya": "coordinator", "tom": "observer"}


def test_a_seat_taken_from_nobody_makes_nobody_step_back() -> None:
    stream = opened()
    seat(stream, "tom", "coordinator", stays=True)
    assert roles(stream) == {"priya": "lead", "tom": "coordinator"}


def test_forty_present_are_all_there_and_the_two_are_still_two() -> None:
    stream = opened()
    joins(stream, "tom", "coordinator")
    for number in range(38):
        joins(stream, f"watcher.{number:02d}", "observer")
    state = fold(stream)
    assert len(state.present) == 40
    assert state.paired
    assert len({one.worker for one in state.present}) == 40


def test_who_has_a_part_that_only_a_newer_version_knows_is_there() -> None:
    stream = opened()
    joins(stream, "ines", "liaison")
    present = [(one.worker, one.role) for one in fold(stream).present]
    assert present == [("priya", IncidentRole.LEAD), ("ines", IncidentRole.OBSERVER)]

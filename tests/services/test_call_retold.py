"""Whatever a console writes down of a call is told again to one that hears no switchboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from console.domain.call_events import (
    AgentPaused,
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    CallsMerged,
    EmergencyDialled,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    QueueTimedOut,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.call_retold import Retelling
from console.domain.calls import CallOutcome, Direction, Presentation, TransferKind
from console.domain.record import Kind, StreamKind
from console.services.call_facts import Fact, fact_for_others, fact_of
from tests.helpers.items import Stream

AT = datetime(2026, 12, 1, 22, 14, 5, tzinfo=UTC)
CALL = UUID("00000000-0000-4000-8000-00000000ca11")
NAME = str(CALL)
WRITTEN: tuple[CallEvent, ...] = (
    CallBegan(NAME, AT, Direction.INBOUND, "01632960001"),
    CallBegan(NAME, AT, Direction.OUTBOUND, "", assumed=True),
    NumberLearned(NAME, AT, "07700900412", "", Presentation.ALLOWED, settled=True),
    QueueJoined(NAME, AT, "oohs"),
    Alerting(NAME, AT, "1001.1", "1001"),
    Answered(NAME, AT, "1001.1", "1001"),
    LegEnded(NAME, AT, "1001.1", "1001", LegEnd.HUNG_UP),
    HoldChanged(NAME, AT, "1001", held=True),
    PartyJoined(NAME, AT, "1003"),
    PartyLeft(NAME, AT, "1003"),
    SupervisionBegan(NAME, AT, "1004"),
    SupervisionEnded(NAME, AT, "1004"),
    Transferred(NAME, AT, TransferKind.BLIND, "1001", "1002"),
    EmergencyDialled(NAME, AT, "999", "1001"),
    CallEnded(NAME, AT, CallOutcome.ANSWERED, "caller"),
)
"""One of each that the record keeps, as the record can tell it: one leg for a telephone, our own id for the call's."""
FOR_OTHERS: tuple[CallEvent, ...] = (
    CallBegan(NAME, AT, Direction.OUTBOUND, "01632960123", "1001"),
    Parked(NAME, AT, True, "701", AT),
    Parked(NAME, AT, True, "701"),
    Parked(NAME, AT, True),
    Parked(NAME, AT, False, "701", AT),
)
"""What a witness that acts tells besides."""
UNWRITTEN = (QueueTimedOut, AgentPaused, LinkChanged, SnapshotTaken)
"""What the record keeps nothing of, and why such a console does not see a pause set by hand (0042)."""


def told(fact: Fact) -> list[CallEvent]:
    stream = Stream(StreamKind.CALL, CALL)
    stream.at = fact.at
    stream.write(fact.kind, fact.content, seconds=0.0)
    return Retelling().events(stream.items)


@pytest.mark.parametrize("event", WRITTEN, ids=repr)
def test_what_is_written_is_told_again_as_the_same(event: CallEvent) -> None:
    fact = fact_of(event)
    assert fact is not None
    assert told(fact) == [event]


@pytest.mark.parametrize("event", FOR_OTHERS, ids=repr)
def test_what_is_written_for_those_without_a_way_to_the_switchboard_is_told_again(event: CallEvent) -> None:
    fact = fact_for_others(event)
    assert fact is not None
    assert told(fact) == [event]


def test_a_parking_is_told_apart_by_the_switchboards_own_time_and_without_one_by_its_place() -> None:
    def facts(*events: CallEvent) -> int:
        return len({fact.parts for fact in map(fact_for_others, events) if fact is not None})

    again, moved = AT + timedelta(minutes=1), AT + timedelta(hours=1)
    assert facts(Parked(NAME, AT, True, "701", AT), Parked(NAME, moved, True, "701", AT)) == 1, "by another clock"
    assert facts(Parked(NAME, AT, True, "701", AT), Parked(NAME, again, True, "701", again)) == 2
    assert facts(Parked(NAME, AT, True, "701"), Parked(NAME, again, True, "701")) == 1, "two who list the places"
    assert facts(Parked(NAME, AT, True, "701"), Parked(NAME, again, True, "702")) == 2
    first, second = (fact_for_others(Parked(NAME, at, True, "701", AT)) for at in (AT, moved))
    assert first is not None
    assert second is not None
    assert first.content == second.content, "or it would be disputed"


def test_what_is_told_late_of_a_place_that_the_caller_has_left_is_nothing_new() -> None:
    stream, retelling = Stream(StreamKind.CALL, CALL), Retelling()
    stream.write(Kind.CALL_PARKED, {"parked": True, "place": "701"})
    stream.write(Kind.CALL_PARKED, {"parked": False, "place": "701"})
    assert [type(event) for event in retelling.events(stream.items)] == [Parked, Parked]
    stream.write(Kind.CALL_PARKED, {"parked": True, "place": "701", "late": True}, seconds=-0.5)
    assert retelling.events(stream.items) == []
    stream.write(Kind.CALL_PARKED, {"parked": True, "place": "702"}, seconds=5)
    assert len(retelling.events(stream.items)) == 1
    stream.write(Kind.CALL_ANSWERED, {"extension": "1001"}, seconds=5)
    assert [type(event) for event in retelling.events(stream.items)] == [Answered]
    stream.write(Kind.CALL_PARKED, {"parked": True, "place": "703", "late": True}, seconds=-1)
    assert retelling.events(stream.items) == []


@pytest.mark.parametrize("body", [{}, {"parked": "yes", "place": 7}, {"parked": True, "stamp": [1]}])
def test_a_parking_of_a_strange_form_breaks_nothing(body: dict[str, object]) -> None:
    assert [type(event) for event in told(Fact(Kind.CALL_PARKED, (), body, AT))] == [Parked]


def test_an_alias_is_told_again() -> None:
    other = "00000000-0000-4000-8000-00000000ca12"
    assert told(Fact(Kind.CALL_ALIAS, (), {"other": other}, AT)) == [CallsMerged(NAME, AT, other)]


def test_every_event_of_an_adapter_is_told_again_or_named_as_left_out() -> None:
    assert {*map(type, WRITTEN), *map(type, FOR_OTHERS), *UNWRITTEN, CallsMerged} == set(get_args(CallEvent))

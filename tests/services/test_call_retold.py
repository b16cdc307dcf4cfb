"""Whatever a console writes down of a call is told again to one that hears no switchboard."""

from __future__ import annotations

from datetime import UTC, datetime
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
from console.services.call_facts import Fact, fact_of, placed_fact
from tests.helpers.items import Stream

AT = datetime(2026, 12, 1, 22, 14, 5, tzinfo=UTC)
CALL = UUID("00000000-0000-4000-8000-00000000ca11")
NAME = str(CALL)
WRITTEN: tuple[CallEvent, ...] = (
    CallBegan(NAME, AT, Direction.INBOUND, "01632960001"),
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
UNWRITTEN = (QueueTimedOut, Parked, AgentPaused, LinkChanged, SnapshotTaken)
"""What the record keeps nothing of, and why such a console does not see parking or a pause set by hand (0042)."""


def told(fact: Fact) -> list[CallEvent]:
    stream = Stream(StreamKind.CALL, CALL)
    stream.at = fact.at
    stream.write(fact.kind, fact.content, seconds=0.0)
    return Retelling().events(stream.items)


@pytest.mark.parametrize("event", WRITTEN, ids=lambda event: type(event).__name__)
def test_what_is_written_is_told_again_as_the_same(event: CallEvent) -> None:
    fact = fact_of(event)
    assert fact is not None
    assert told(fact) == [event]


def test_who_placed_a_call_is_told_again() -> None:
    event = CallBegan(NAME, AT, Direction.OUTBOUND, "01632960123", "1001")
    fact = placed_fact(event)
    assert fact is not None
    assert told(fact) == [event]


def test_an_alias_is_told_again() -> None:
    other = "00000000-0000-4000-8000-00000000ca12"
    assert told(Fact(Kind.CALL_ALIAS, (), {"other": other}, AT)) == [CallsMerged(NAME, AT, other)]


def test_every_event_of_an_adapter_is_told_again_or_named_as_left_out() -> None:
    assert {*map(type, WRITTEN), *UNWRITTEN, CallsMerged} == set(get_args(CallEvent))

"""What must hold for every stream, also a damaged one (telephony.md 5)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.domain.call_events import CallBegan, CallEnded, LegEnded
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report, event_report
from console.domain.calls import CallState
from tests.helpers.ami_streams import (
    NOW,
    STREAMS,
    damaged,
    facts_of_messages,
    messages_of,
)
from tests.helpers.fuzzing import folded
from tests.helpers.recordings import SWITCHBOARD, Recording
from tests.helpers.stream_damage import Damage, damages

streams = st.sampled_from(STREAMS)
LATER = NOW + timedelta(days=3650)
MARKED_WITHHELD = next(r for r in STREAMS if r.marked and r.name == "withheld_pai")


@settings(max_examples=150)
@given(streams, damages)
def test_every_call_ends_in_one_final_state(recording: Recording, damage: list[Damage]) -> None:
    facts = facts_of_messages(damaged(recording, damage))
    book = folded(facts)
    ends = [book.find(fact.call) for fact in facts if isinstance(fact, CallEnded)]
    assert len(ends) == len(set(ends)), "a call ended twice"
    for call in book.calls():
        assert call.state is CallState.ENDED
        assert call.outcome is not None
        assert not call.talking | call.alerting


@settings(max_examples=100)
@given(streams, damages)
def test_no_outside_caller_is_lost_or_doubled(recording: Recording, damage: list[Damage]) -> None:
    facts = facts_of_messages(damaged(recording, damage))
    keys = [fact.call for fact in facts if isinstance(fact, CallBegan)]
    book = folded(facts)
    assert len(book.calls()) == len({book.find(key) for key in keys})


@settings(max_examples=60)
@given(streams)
def test_a_stream_told_twice_is_told_once(recording: Recording) -> None:
    once = messages_of(recording)
    twice = folded(facts_of_messages([*once, *once]))
    assert [call_report(c) for c in twice.calls()] == [call_report(c) for c in folded(facts_of_messages(once)).calls()]


@settings(max_examples=100)
@given(damages)
@example([Damage("cut", 0.02)])
def test_a_withheld_number_is_never_told(damage: list[Damage]) -> None:
    """Also where every message that carries the true mark was lost: its birth's mark is not believed."""
    facts = facts_of_messages(damaged(MARKED_WITHHELD, damage))
    book = folded(facts)
    printed = json.dumps([event_report(f) for f in facts] + [call_report(c) for c in book.calls()])
    assert "2079460140" not in printed + repr(facts) + repr(book.calls())


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_a_call_that_was_forgotten_once_it_ended_never_comes_back(recording: Recording) -> None:
    """The caller leaves and colleagues talk on: their hanging up, however late, is no caller who waits."""
    book = CallBook(SWITCHBOARD)
    for fact in facts_of_messages(messages_of(recording)):
        if not isinstance(fact, CallBegan):  # which may add the number dialled, a moment after the end
            book.forget(LATER)
        book.apply(fact, NOW)
    assert not [call for call in book.calls() if call.live]


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_nothing_is_said_of_a_leg_after_its_call_ended(recording: Recording) -> None:
    ended: set[str] = set()
    for fact in facts_of_messages(messages_of(recording)):
        if isinstance(fact, CallEnded):
            ended.add(fact.call)
        assert not (isinstance(fact, LegEnded) and fact.call in ended)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_withheld_number_is_never_told_wherever_the_stream_is_cut(cut: int) -> None:
    facts = facts_of_messages(messages_of(MARKED_WITHHELD)[:cut])
    assert "2079460140" not in repr(facts)

"""What must hold for every stream, also a damaged one (telephony.md 5)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LegEnded, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report, event_report
from console.domain.calls import Call, CallState, Hold
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from tests.helpers.ami_streams import (
    NOW,
    STREAMS,
    Damage,
    damaged,
    damages,
    facts_of_messages,
    listed,
    messages_of,
    quiet_points,
)
from tests.helpers.recordings import SWITCHBOARD, Recording

streams = st.sampled_from(STREAMS)
LATER = NOW + timedelta(days=3650)
MARKED_WITHHELD = next(r for r in STREAMS if r.marked and r.name == "withheld_pai")
PLAIN = [r for r in STREAMS if r.name.startswith(("q_", "hold", "two_", "same", "outgoing", "internal", "fork"))]


def folded(facts: list[CallEvent]) -> CallBook:
    """Return the book after ``facts``."""
    book = CallBook(SWITCHBOARD)
    for fact in facts:
        book.apply(fact, NOW)
    return book


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


@settings(max_examples=100)
@given(streams, st.floats(0, 1), st.floats(0, 1))
def test_calls_end_also_across_a_lost_connection(recording: Recording, one: float, two: float) -> None:
    messages = messages_of(recording)
    cut, back = sorted((int(one * len(messages)), int(two * len(messages))))
    book = CallBook(SWITCHBOARD)
    for fact in _across_a_loss(recording, cut, back):
        book.apply(fact, NOW)
    assert all(call.state is CallState.ENDED for call in book.calls())


def _across_a_loss(recording: Recording, cut: int, back: int) -> list[CallEvent]:
    messages = messages_of(recording)
    there, mapper = Mapper(Reading()), Mapper(Reading())
    facts = [fact for message in messages[:cut] for fact in mapper.feed(message, NOW)]
    for message in messages[:back]:
        there.feed(message, NOW)
    facts.append(LinkChanged(NOW, LinkState.LOST))
    facts.append(LinkChanged(NOW, LinkState.CONNECTED))
    facts += take_snapshot(mapper, listed(there.board), NOW)
    facts += [fact for message in messages[back:] for fact in mapper.feed(message, NOW)]
    return facts + mapper.finish(NOW)


@pytest.mark.parametrize("recording", PLAIN, ids=str)
def test_a_snapshot_equals_the_state_of_the_whole_stream(recording: Recording) -> None:
    """At every quiet moment of the recording; what Asterisk lists no more (holds) left out."""
    for place in quiet_points(recording):
        there, late = Mapper(Reading()), Mapper(Reading())
        told = [fact for message in messages_of(recording)[:place] for fact in there.feed(message, NOW)]
        snapshot = take_snapshot(late, listed(there.board), NOW)
        assert _alive(folded(snapshot)) == _alive(folded(told)), f"after message {place}"


def _alive(book: CallBook) -> set[tuple[object, ...]]:
    return {_seen(call) for call in book.calls() if call.live}


def _seen(call: Call) -> tuple[object, ...]:
    state = CallState.CONNECTED if call.hold is Hold.YES else call.state
    return (call.id, call.direction, state, call.talking, call.alerting, call.dialled)

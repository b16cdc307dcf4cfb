"""What must hold for every stream of every switchboard, also a damaged one (telephony.md 5)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LegEnded
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report, event_report
from console.domain.calls import CallState, Unmarked
from tests.helpers.ami_streams import NOW
from tests.helpers.fuzzing import AMI, BENCHES, ESL, STREAMS, WITHHELD, Bench, folded
from tests.helpers.recordings import SWITCHBOARD
from tests.helpers.stream_damage import Damage, damaged, damages

LATER = NOW + timedelta(days=3650)
both = pytest.mark.parametrize("bench", [AMI, ESL], ids=["asterisk", "freeswitch"])
drawn = st.integers(0, 10**6)
"""Chooses a stream of a switchboard."""
MARKED = [name for name in STREAMS if name.endswith(":withheld_pai") and STREAMS[name].marked]


def messages_of(bench: Bench, number: int) -> tuple[Any, ...]:
    """Return the messages of one of a switchboard's streams."""
    return bench.messages(bench.streams[number % len(bench.streams)])


def told(bench: Bench, messages: Iterable[Any]) -> list[CallEvent]:
    """Return every fact, the stream's end included; numbers without a mark are let out."""
    mapper = bench.reader(Unmarked.SHOW)
    facts = [fact for message in messages for fact in mapper.feed(message, NOW)]
    return [*facts, *mapper.finish(NOW)]


def told_by(name: str) -> list[CallEvent]:
    """Return every fact of a whole stream."""
    return told(BENCHES[name], BENCHES[name].messages(STREAMS[name]))


@both
@settings(max_examples=150)
@given(drawn, damages)
def test_every_call_ends_in_one_final_state(bench: Bench, number: int, damage: list[Damage]) -> None:
    facts = told(bench, damaged(messages_of(bench, number), damage))
    book = folded(facts)
    ends = [book.find(fact.call) for fact in facts if isinstance(fact, CallEnded)]
    assert len(ends) == len(set(ends)), "a call ended twice"
    for call in book.calls():
        assert call.state is CallState.ENDED
        assert call.outcome is not None
        assert not call.talking | call.alerting


@both
@settings(max_examples=100)
@given(drawn, damages)
def test_no_outside_caller_is_lost_or_doubled(bench: Bench, number: int, damage: list[Damage]) -> None:
    facts = told(bench, damaged(messages_of(bench, number), damage))
    keys = [fact.call for fact in facts if isinstance(fact, CallBegan)]
    book = folded(facts)
    assert len(book.calls()) == len({book.find(key) for key in keys})


@both
@settings(max_examples=60)
@given(drawn, damages)
def test_a_stream_told_twice_is_told_once(bench: Bench, number: int, damage: list[Damage]) -> None:
    once = damaged(messages_of(bench, number), damage)
    twice = folded(told(bench, [*once, *once]))
    if not any(one.kind in ("cut", "drop") for one in damage):
        first = folded(told(bench, once))
        assert [call_report(c) for c in twice.calls()] == [call_report(c) for c in first.calls()]
    assert all(call.state is CallState.ENDED for call in twice.calls())


@pytest.mark.parametrize("name", MARKED)
@settings(max_examples=100)
@given(damages)
@example([Damage("cut", 0.02)])
def test_a_withheld_number_is_never_told(name: str, damage: list[Damage]) -> None:
    """Also where every message that carries the true mark was lost: its birth's mark is not believed."""
    bench = BENCHES[name]
    facts = told(bench, damaged(bench.messages(STREAMS[name]), damage))
    book = folded(facts)
    printed = json.dumps([event_report(f) for f in facts] + [call_report(c) for c in book.calls()])
    assert WITHHELD not in printed + repr(facts) + repr(book.calls())


@pytest.mark.parametrize("cut", range(1, 40))
@pytest.mark.parametrize("name", MARKED)
def test_a_withheld_number_is_never_told_wherever_the_stream_is_cut(name: str, cut: int) -> None:
    messages = BENCHES[name].messages(STREAMS[name])
    assert WITHHELD not in repr(told(BENCHES[name], messages[:cut]))
    if BENCHES[name] is ESL:  # where every message carries the mark, its beginning may be lost as well
        assert WITHHELD not in repr(told(BENCHES[name], messages[cut:]))


@pytest.mark.parametrize("name", STREAMS)
def test_a_call_that_was_forgotten_once_it_ended_never_comes_back(name: str) -> None:
    """The caller leaves and colleagues talk on: their hanging up, however late, is no caller who waits."""
    book = CallBook(SWITCHBOARD)
    for fact in told_by(name):
        # An Asterisk may add the number dialled a moment after the end.
        if not (isinstance(fact, CallBegan) and BENCHES[name] is AMI):
            book.forget(LATER)
        book.apply(fact, NOW)
    assert not [call for call in book.calls() if call.live]


@pytest.mark.parametrize("name", STREAMS)
def test_nothing_is_said_of_a_leg_after_its_call_ended(name: str) -> None:
    ended: set[str] = set()
    for fact in told_by(name):
        if isinstance(fact, CallEnded):
            ended.add(fact.call)
        assert not (isinstance(fact, LegEnded) and fact.call in ended)

"""Whoever watches the switchboard, in whatever order they hear it: one account of each call remains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.calls import Direction
from tests.helpers.ami_streams import STREAMS, quiet_points
from tests.helpers.observers import Account, Night
from tests.helpers.recordings import Recording

ONE_AFTER_ANOTHER = (("priya", "tom"), ("priya", "priya"), ("witness", "witness"), ("witness", "tom"))
"""A witness reads no words: of what a console alone has told, it does not know of which switchboard it is."""
THREE = ("priya", "tom", "witness")
steps = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 120), st.sampled_from([0.0, 0.0, 0.2, 0.7])), max_size=14)


@contextmanager
def night_of(recording: Recording, names: tuple[str, ...] = THREE) -> Iterator[Night]:
    made = Night(recording, names)
    try:
        yield made
    finally:
        made.close()


@cache
def alone(recording: Recording) -> Account:
    """Return what one observer, who hears everything, leaves."""
    with night_of(recording, ("tom",)) as night:
        night.connect(night.observers[0])
        night.end()
        return night.account()


def same(night: Night, recording: Recording) -> None:
    """The account is that of a single observer, and nobody disputes anything."""
    account, wanted = night.account(), alone(recording)
    assert account.calls == wanted.calls
    assert account.facts == wanted.facts
    assert account.disputed == 0


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_a_single_observer_tells_every_call_once(recording: Recording) -> None:
    account = alone(recording)
    assert account.disputed == 0
    assert not account.late
    assert all(call.ended_at is not None for call in account.calls if call.seen_at is not None)


@settings(max_examples=40)
@given(st.sampled_from(STREAMS), steps)
def test_any_interleaving_leaves_one_account(recording: Recording, order: list[tuple[int, int, float]]) -> None:
    with night_of(recording) as night:
        for observer in night.observers:
            night.connect(observer)
        for which, count, seconds in order:
            one = night.observers[which]
            night.play(one, one.place + count)
            night.pass_time(seconds)
        night.end()
        same(night, recording)
        assert not night.account().late


@settings(max_examples=50)
@given(st.sampled_from(STREAMS), st.integers(0, 2), st.floats(0, 1), st.floats(0, 1), steps)
def test_a_line_that_is_lost_for_one_and_comes_back_changes_nothing(
    recording: Recording, which: int, one: float, two: float, order: list[tuple[int, int, float]]
) -> None:
    with night_of(recording) as night:
        cut, back = sorted(int(at * len(night.messages)) for at in (one, two))
        for observer in night.observers:
            night.connect(observer)
        loser = night.observers[which]
        night.play(loser, cut)
        night.cut(loser)
        night.play(loser, back)
        night.connect(loser)
        for turn, count, seconds in order:
            other = night.observers[turn]
            night.play(other, other.place + count)
            night.pass_time(seconds)
        night.end()
        same(night, recording)


@settings(max_examples=50)
@given(st.sampled_from(STREAMS), st.integers(0, 2), st.floats(0, 1), st.booleans())
def test_whoever_joins_late_adds_nothing_that_is_not_so(
    recording: Recording, which: int, begins: float, away: bool
) -> None:
    """Also where it is first to reach the record: the others' way to it is cut until the end."""
    with night_of(recording) as night:
        late = night.observers[which]
        for observer in night.observers:
            if observer is not late:
                night.connect(observer)
                observer.way.away = away
        place = int(begins * len(night.messages))
        for observer in night.observers:
            night.play(observer, place)
            night.pass_time(0.5)
        night.connect(late)
        for observer in night.observers:
            night.play(observer, len(night.messages))
            night.pass_time(1.0)
        night.pass_time(5)
        for observer in night.observers:
            observer.way.away = False
        night.end()
        same(night, recording)


@settings(max_examples=40)
@given(st.sampled_from(STREAMS), st.integers(0, 2), st.floats(0, 1), st.booleans())
def test_whoever_dies_and_comes_back_leaves_the_same_account(
    recording: Recording, which: int, at: float, back: bool
) -> None:
    with night_of(recording) as night:
        for observer in night.observers:
            night.connect(observer)
        place = int(at * len(night.messages))
        for observer in night.observers:
            night.play(observer, place)
        victim = night.observers[which]
        night.kill(victim)
        if back:
            again = night.observer(victim.name)
            again.place = place
            night.observers.append(again)
            night.connect(again)
        night.end()
        same(night, recording)


@settings(max_examples=25)
@given(st.sampled_from(STREAMS), st.integers(0, 2), st.floats(0, 1), st.floats(0, 1))
def test_a_record_away_for_one_of_them_changes_nothing(
    recording: Recording, which: int, one: float, two: float
) -> None:
    with night_of(recording) as night:
        for observer in night.observers:
            night.connect(observer)
        gone, back = sorted(int(at * len(night.messages)) for at in (one, two))
        for place, away in ((gone, False), (back, True), (len(night.messages), False)):
            night.observers[which].way.away = away
            for observer in night.observers:
                night.play(observer, place)
                night.pass_time(0.5)
            night.pass_time(6)
        night.end()
        same(night, recording)


@pytest.mark.parametrize("recording", [r for r in STREAMS if r.name.startswith(("q_", "xfer"))], ids=str)
def test_two_who_each_saw_half_still_leave_calls_that_began_and_ended(recording: Recording) -> None:
    """Nobody saw the call whole: the first was killed in the middle, the second came then."""
    points = quiet_points(recording)
    place = points[len(points) // 2]
    with night_of(recording, ("priya", "witness")) as night:
        first, second = night.observers
        night.connect(first)
        night.play(first, place)
        night.pass_time(1)
        night.kill(first)
        night.play(second, place)
        night.connect(second)
        night.end()
        account, wanted = night.account(), alone(recording)
        assert account.disputed == 0
        began = {(call.id, call.seen_at, call.dialled, call.e164) for call in account.calls}
        assert began == {(call.id, call.seen_at, call.dialled, call.e164) for call in wanted.calls}
        ended = {(call.id, call.ended_at is not None, call.answered) for call in account.calls}
        assert ended == {(call.id, call.ended_at is not None, call.answered) for call in wanted.calls}


@settings(max_examples=30)
@given(st.sampled_from(STREAMS), st.sampled_from(ONE_AFTER_ANOTHER), st.floats(0, 1), st.floats(0, 1))
def test_what_ended_while_nobody_was_there_ends_unseen_and_what_still_lasts_does_not(
    recording: Recording, who: tuple[str, str], one: float, two: float
) -> None:
    """Also where a call goes on under another of the switchboard's ids than the one by which it was told."""
    with night_of(recording, who[:1]) as night:
        (first,) = night.observers
        # Not in the burst in which a call ends: its channels are in the list still, and it is no call any more.
        points = (0, *quiet_points(recording), len(night.messages))
        dies, comes = sorted(points[int(at * (len(points) - 1))] for at in (one, two))
        night.connect(first)
        night.play(first, dies)
        night.pass_time(3)
        night.kill(first)
        second = night.observer(who[1])
        second.place = comes
        night.observers.append(second)
        night.connect(second)
        night.pass_time(4)
        night.end()
        ends = {call.id: call.ended_at for call in alone(recording).calls if call.ended_at is not None}
        for call in night.account().calls:
            if call.id in ends:
                # Of a call between our own telephones that is met in its middle nothing is said (0020).
                assert call.ended_at is not None or call.direction is Direction.INTERNAL
                assert call.ended_at is None or call.ended_at >= ends[call.id]

"""The shelf of calls: what lives, what is over, and what is dropped, whatever folding does to a track meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_events import PartyJoined, PartyLeft
from console.domain.call_shelf import CallShelf
from console.domain.call_tracks import Track, close
from console.domain.calls import Call, Caller, CallOutcome, CallState, Direction
from console.ports.manual import NIGHT

ACTS = st.lists(st.tuples(st.sampled_from(["begin", "end", "drop", "ask"]), st.integers(0, 5)), max_size=40)


def track(number: int) -> Track:
    return Track(Call(UUID(int=number), Direction.INBOUND, CallState.QUEUED, Caller()))


def end(made: Track, minute: int) -> None:
    close(made, ended_at=NIGHT + timedelta(minutes=minute), outcome=CallOutcome.ABANDONED)


@given(ACTS)
def test_the_living_are_those_that_live_oldest_first(acts: list[tuple[str, int]]) -> None:
    shelf, begun = CallShelf(), dict[int, Track]()
    for act, number in acts:
        if act == "begin" and number not in begun:
            begun[number] = shelf.begin(track(number))
        elif act == "end" and number in begun:
            end(begun[number], number)
        elif act == "drop":
            assert shelf.drop(UUID(int=number)) is begun.pop(number, None)
        assert shelf.living() == tuple(one for one in begun.values() if one.call.live)
        assert shelf.all() == tuple(begun.values())


def test_what_ended_long_ago_is_dropped_and_the_rest_stays() -> None:
    shelf = CallShelf()
    tracks = [shelf.begin(track(number)) for number in range(5)]
    # The one that ended first by a clock far ahead holds up nobody.
    for number in (3, 1, 0):
        end(tracks[number], number)
        shelf.living()
    assert shelf.drop_ended(NIGHT + timedelta(minutes=2)) == (UUID(int=0), UUID(int=1))
    assert [one.call.id.int for one in shelf.all()] == [2, 3, 4]
    assert UUID(int=3) in shelf
    assert UUID(int=0) not in shelf


def test_two_facts_that_say_the_same_of_one_telephone_are_not_one() -> None:
    made = track(1)
    joined = PartyJoined(at=NIGHT, call="c", extension="1001", stamped=True)
    left = PartyLeft(at=NIGHT, call="c", extension="1001", stamped=True)
    assert [made.is_new(one) for one in (joined, left, joined, left, replace(joined, extension="1002"))] == [
        True, True, False, False, True,
    ]  # fmt: skip

"""A console that is opened again in mid-call counts on from the ring and the answer that the record tells of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.domain.call_events import Answered, CallBegan, CallEnded, QueueJoined, SnapshotTaken
from console.domain.calls import CallOutcome, Direction
from tests.helpers.night_room import PRIYA, TOM, Console, Room

LINE = "01632960001"
THREE = timedelta(minutes=3)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def dies(room: Room, console: Console) -> None:
    """End a console as a killed one ends."""
    room.consoles.remove(console)
    console.recorder.stop()


def opened_again(room: Room, *, answered: bool) -> Console:
    """Return Priya's console as it stands after the switchboard told what is alive now, with no times but now's."""
    made = room.console(PRIYA, "1001")
    now = room.clock.now()
    made.desk.hear(SnapshotTaken(now, frozenset({"c1"}), frozenset({"c1"})))
    made.desk.hear(CallBegan("c1", now, Direction.INBOUND, LINE))
    made.desk.hear(Answered("c1", now, "c1-1001", "1001") if answered else QueueJoined("c1", now, "oohs"))
    room.settle()
    return made


def test_the_clock_of_a_call_goes_on_in_a_console_that_was_opened_again(room: Room) -> None:
    first = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    rang = room.clock.now()
    room.advance(20)
    room.answers("c1", "1001")
    taken = room.clock.now()
    room.advance(2)
    dies(room, first)
    room.advance(THREE.total_seconds() - 2)
    current = opened_again(room, answered=True).desk.state().current
    assert current is not None
    assert (current.call.offered_at, current.call.answered_at) == (rang, taken)
    assert room.clock.now() - taken == THREE


def test_a_caller_who_waits_has_waited_as_long_as_before(room: Room) -> None:
    first = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", LINE, "1001")
    rang = room.clock.now()
    room.advance(2)
    dies(room, first)
    room.advance(60)
    again = opened_again(room, answered=False)
    assert [slot.call.offered_at for slot in again.desk.state().waiting] == [rang]
    assert [call.offered_at for call in again.desk.calls()] == [rang], "on the board too"
    room.hears(CallEnded("c1", room.clock.now(), CallOutcome.ABANDONED, "caller"))
    rang_off = again.desk.state().rang_off
    assert rang_off is not None
    assert rang_off.offered_at == rang


def test_nobody_else_makes_a_call_younger_than_the_switchboard_says(room: Room) -> None:
    """What the switchboard tells with an earlier time stands."""
    tom = room.console(TOM, "1002")
    before = room.clock.now() - THREE
    tom.desk.hear(CallBegan("c1", before, Direction.INBOUND, LINE))
    room.advance(2)
    (call,) = tom.desk.calls()
    assert call.offered_at == before

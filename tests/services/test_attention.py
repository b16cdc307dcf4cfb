"""A console looks closely while a call is live, and for as long as an incident of its worker stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.record import Kind, StreamKind, StreamRef
from console.services.attention import Attention
from tests.helpers.night_room import GRACE, PRIYA, TOM, Console, HandFeed, Room

LINE, CALLER = "+441632960100", "+447700900412"


class Watched:
    """A feed that remembers how closely it was told to look."""

    def __init__(self, feed: HandFeed) -> None:
        self.told: list[bool] = []
        self._feed = feed

    def __getattr__(self, name: str) -> object:
        return getattr(self._feed, name)

    def hurry(self, live: bool) -> None:
        """Remember it."""
        self.told.append(live)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def watched(console: Console) -> list[bool]:
    """Return what the console's feed is told from now on."""
    feed = Watched(console.feed)
    attention = Attention(console.who.worker, console.desk, console.folds, feed)  # type: ignore[arg-type]  # a double of what is used
    console.desk.subscribe(attention.calls_changed)
    console.ledger.subscribe(attention.record_changed)
    return feed.told


def test_it_goes_on_after_the_call_until_the_incident_is_stood_down(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    told = watched(priya)
    room.rings("c1", CALLER, LINE, "1001")
    room.answers("c1", "1001")
    assert told == [True]
    contact = priya.contact
    priya.pair.need_second(contact)
    room.settle()
    tom.pair.accept(tom.pair.waiting_summons()[0], lambda _: None)
    room.settle()
    room.ends("c1")
    room.settle()
    assert told == [True], "the partner's words are wanted at once, call or no call"

    (incident,) = priya.folds.incidents()
    stream = StreamRef(StreamKind.INCIDENT, incident.id)
    tom.recorder.record(tom.recorder.entry(Kind.INCIDENT_STOOD_DOWN, stream, {"reason": "over"}))
    room.settle()
    assert told == [True, False]


def test_a_colleagues_incident_is_no_reason(room: Room) -> None:
    priya, tom, grace = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(GRACE, "1003")
    room.rings("c1", CALLER, LINE, "1001")
    room.answers("c1", "1001")
    priya.pair.need_second(priya.contact)
    room.settle()
    tom.pair.accept(tom.pair.waiting_summons()[0], lambda _: None)
    room.ends("c1")
    room.settle()
    told = watched(grace)
    (incident,) = priya.folds.incidents()
    priya.incidents.hazard(incident.id, "a dog in the car", "caller stated")
    room.settle()

    assert told == []

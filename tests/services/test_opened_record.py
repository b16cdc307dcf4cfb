"""The record of whoever is chosen: asked for again where it did not come, never after a refusal, never too late."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from console.domain.people import NewPerson, PersonRecord
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.manual import HeldRunner
from console.services.access import Access
from console.services.opened_record import AGAIN, OpenedRecord, Reading
from tests.helpers.night_room import HELEN, PRIYA, Console, Room

WHY = "record on screen"


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.fixture
def priya(room: Room) -> Console:
    return room.console(PRIYA, "1001")


@pytest.fixture
def marcus(room: Room, priya: Console) -> UUID:
    made = priya.people.create(None, NewPerson("Fenn", "Marcus"))
    room.settle()
    return made


class Screen:
    """Draws every half second, and remembers what it was told."""

    def __init__(self, room: Room, priya: Console, runner: HeldRunner | None = None) -> None:
        self.room = room
        self.records: list[PersonRecord] = []
        self.told: list[Exception] = []
        access = Access(room.store, runner or priya.runner, PRIYA)
        self.person = OpenedRecord(access, priya.ledger, room.clock, self.records.append, self.told.append)

    def draw(self, person: UUID | None, seconds: float = 0) -> Reading:
        """Draw now, and then for a while; return how far the opening has come."""
        self.person.follow(person, WHY)
        for _ in range(int(seconds * 2)):
            self.room.advance(0.5)
            self.person.follow(person, WHY)
        return self.person.reading


def openings(room: Room) -> int:
    """Return how many openings are on the access log, refused ones included."""
    return sum(row.action in ("opened", "refused") for row in room.store._ledger.looks)


def test_a_record_is_opened_once_however_often_the_screen_is_drawn(room: Room, priya: Console, marcus: UUID) -> None:
    screen = Screen(room, priya)
    assert screen.draw(marcus, 10) is Reading.HERE
    assert [one.person for one in screen.records] == [marcus]
    assert openings(room) == 1
    assert screen.draw(None) is Reading.NOBODY
    assert screen.person.record is None


def test_a_record_that_was_away_is_asked_for_again_when_it_is_back_and_the_failure_is_told_once(
    room: Room, priya: Console, marcus: UUID
) -> None:
    screen = Screen(room, priya)
    with room.record_away():
        assert screen.draw(marcus, 40) is Reading.FAILED
        assert screen.person.record is None
    assert screen.draw(marcus) is Reading.HERE
    assert [one.person for one in screen.records] == [marcus]
    assert len(screen.told) == 1
    assert openings(room) == 1


def test_a_reader_that_failed_while_the_link_stayed_is_tried_again_after_a_moment(
    room: Room, priya: Console, marcus: UUID
) -> None:
    screen = Screen(room, priya)
    room.store.away = True
    assert screen.draw(marcus) is Reading.FAILED
    room.store.away = False
    assert not priya.ledger.link.is_away
    assert screen.draw(marcus, AGAIN - 0.5) is Reading.FAILED
    assert screen.draw(marcus, 0.5) is Reading.HERE


def test_a_person_who_is_not_in_the_record_yet_is_asked_for_more_and_more_seldom(room: Room, priya: Console) -> None:
    screen = Screen(room, priya)
    assert screen.draw(UUID(int=404), 200) is Reading.FAILED
    assert len(screen.told) == 1
    assert openings(room) == 7, "at once, and after 3, 6, 12, 24, 48 and 60 seconds"


def test_a_refusal_is_told_and_never_tried_again(room: Room, priya: Console, marcus: UUID) -> None:
    helen = room.console(HELEN)
    person = StreamRef(StreamKind.PERSON, marcus)
    helen.recorder.record(helen.recorder.entry(Kind.PERSON_RESTRICTED, person, {"reason": "a member of staff"}))
    room.settle()
    screen = Screen(room, priya)
    assert screen.draw(marcus, 60) is Reading.REFUSED
    with room.record_away():
        room.advance(10)
    assert screen.draw(marcus, 60) is Reading.REFUSED
    assert "restricted" in str(screen.told[0])
    assert (len(screen.told), openings(room)) == (1, 1)


def test_an_answer_about_somebody_else_is_dropped(room: Room, priya: Console, marcus: UUID) -> None:
    lena = priya.people.create(None, NewPerson("Fenn", "Lena"))
    room.settle()
    runner = HeldRunner()
    screen = Screen(room, priya, runner)
    screen.draw(marcus)
    screen.draw(lena)
    runner.run("read", 1)
    assert (screen.person.reading, screen.records) == (Reading.OPENING, [])
    room.store.away = True
    screen.draw(marcus)
    runner.run("read", 1)
    assert (screen.person.reading, screen.told) == (Reading.OPENING, [])
    room.store.away = False
    runner.run("read")
    assert screen.person.reading is Reading.HERE
    assert [one.person for one in screen.records] == [marcus]

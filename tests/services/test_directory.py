"""The directory of one worker's screens: how often it is read where the record is away, or is an older one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

import pytest

from console.domain.rota import Duty
from console.ports.manual import InlineRunner
from console.ports.store import Store, StoreAway, WrongSchema
from console.services.access import Access
from console.services.directory import AGAIN, EVERY, Directory
from tests.helpers.night_room import PRIYA, Room


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


class FailingRota:
    """A record whose rota cannot be read, for one reason; everything else is the room's."""

    def __init__(self, room: Room, problem: Exception) -> None:
        self._store = room.store
        self._problem = problem
        self.asked = 0
        self.agencies = room.store.agencies

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        self.asked += 1
        raise self._problem


def asked_within(room: Room, problem: Exception, seconds: float) -> int:
    """Return how often the rota was asked for while a screen watched."""
    priya = room.console(PRIYA, "1001")
    store = FailingRota(room, problem)
    access = Access(cast("Store", store), InlineRunner(), PRIYA)
    directory = Directory(access, priya.ledger, priya.recorder, room.clock, room.alarm, room.calendar)
    leave = directory.watch(lambda: None)
    room.advance(seconds)
    leave()
    return store.asked


def test_a_record_that_is_away_is_asked_again_soon(room: Room) -> None:
    assert asked_within(room, StoreAway("away"), AGAIN * 3 + 1) == 4


def test_an_older_record_is_not_asked_every_fifteen_seconds_all_night(room: Room) -> None:
    assert asked_within(room, WrongSchema("older"), EVERY + 1) == 2

"""Somebody who is in two incidents: the screen stays with their seat, and one act shows the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from console.domain.incidents import IncidentRole
from console.domain.people import Rank
from tests.helpers.night_room import GRACE, Console
from tests.helpers.night_screens import Night
from ui.desktop.screens.coordinator.lists import work_row
from ui.desktop.screens.coordinator.rows import WorkRow


class Two:
    """Tom is second to Priya; Grace has a caller of her own, and an incident around it."""

    def __init__(self) -> None:
        self.night = Night()
        self.night.answered()
        self.night.paired()
        self.first = self.shown()
        self.grace: Console = self.night.room.console(GRACE, "1003")
        self.night.room.advance(60)
        self.contact = self.grace.contacts.open(dialled="01632960001")
        self.second = self.grace.incidents.ensure(self.contact)
        self.night.room.advance(3)

    def shown(self) -> UUID | None:
        """Return the incident on Tom's screen."""
        self.night.room.settle()
        self.night.coordinator.draw()
        found = self.night.coordinator.screen.incident()
        return found.id if found is not None else None

    def rows(self) -> list[WorkRow]:
        """Return the rows of other work that are Tom's own."""
        self.night.room.advance(2)
        return [row for row in self.night.c.work if row.own]

    def take(self, row: WorkRow) -> None:
        """Press Enter on a row of other work."""
        self.night.coordinator.row("work", row.key, "take")

    def health(self) -> str:
        """Return the words of the status strip."""
        return " ".join(row.text for row in self.night.c.status.health)


@pytest.fixture
def two() -> Iterator[Two]:
    made = Two()
    yield made
    made.night.room.close()


def test_who_has_a_seat_and_watches_another_stays_with_the_seat(two: Two) -> None:
    assert two.shown() == two.first
    assert two.rows() == []
    two.night.tom.pair.observe(two.second)
    assert two.shown() == two.first
    assert "In 2 incidents" in two.health()


def test_who_is_put_into_a_second_seat_stays_with_the_first_until_they_turn(two: Two) -> None:
    two.night.tom.pair.observe(two.second)
    two.night.room.settle()
    two.grace.night.seats.hand_over(two.second, IncidentRole.LEAD, "tom.adeyemi", two.grace.outcomes.append)
    assert two.grace.won()
    assert two.shown() == two.first
    two.take(two.rows()[0])
    assert two.shown() == two.second
    two.take(two.rows()[0])
    assert two.shown() == two.first


def test_enter_on_ones_own_in_other_work_shows_it_and_back_again_and_takes_nothing(two: Two) -> None:
    two.night.tom.pair.observe(two.second)
    row = two.rows()[0]
    assert two.night.c.work[0] == row, "one's own stands first"
    assert "you are in it" in row.state
    before = two.night.room.store.heartbeat().head.seq
    two.take(row)
    assert two.shown() == two.second
    assert two.night.c.head is not None
    two.take(two.rows()[0])
    assert two.shown() == two.first
    assert two.night.room.store.heartbeat().head.seq == before


def test_when_the_incident_on_screen_is_over_the_other_shows(two: Two) -> None:
    two.night.tom.pair.observe(two.second)
    two.shown()
    assert two.first is not None
    two.night.tom.incidents.stand_down(two.first, "He is with the ambulance")
    assert two.shown() == two.second
    assert "incidents" not in two.health()


def test_who_only_watches_sees_what_they_came_to_last(two: Two) -> None:
    two.night.tom.pair.observe(two.second)
    two.night.room.settle()
    assert two.first is not None
    two.night.tom.pair.leave(two.first, two.night.tom.outcomes.append)
    assert two.shown() == two.second
    two.night.tom.pair.observe(two.first)
    assert two.shown() == two.first
    two.take(two.rows()[0])
    assert two.shown() == two.second


@pytest.mark.parametrize("narrow", [True, False])
def test_a_row_of_ones_own_says_so_to_a_screen_reader_and_offers_to_be_shown(narrow: bool) -> None:
    own = WorkRow("incident 1", Rank.NOW, "Adult, Hampshire adults", "Grace Whitlock", "you are in it", own=True)
    made = work_row(own, narrow=narrow)
    assert "you are in it" in made.spoken
    assert made.acts == ("take",)
    assert work_row(replace(own, own=False), narrow=narrow).acts == (), "what somebody else has is not taken"
    buttons = [cell.button for line in made.lines for cell in line.cells if cell.button]
    assert buttons == (["Show"] if narrow else [])

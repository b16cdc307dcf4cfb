"""Nothing read is never shown as nothing there: markers, on both screens, while the record did not come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from console.domain.contacts import How
from console.domain.people import Rank
from console.services.contact_people import Chosen
from db.people_schema import marker
from tests.helpers.night_screens import Night
from ui.desktop.screens.coordinator.rows import CoordinatorRows


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def mark(night: Night, person: UUID) -> None:
    """Let the imported record say that this person is violent to staff."""
    row = {
        "id": uuid4(), "subject": "person", "subject_id": person, "kind": "violence", "rank": Rank.NOW.value,
        "text": "Violent to visitors", "source": "Police log", "set_on": date(2026, 9, 1), "set_by": "H Marsh",
        "authorised_by": "H Marsh", "review_on": date(2027, 9, 1), "origin": "import",
    }  # fmt: skip
    with night.room.store.people_room().use() as connection:
        connection.execute(marker.insert().values(row))


def choose(night: Night, person: UUID) -> None:
    """Put a person, found by name, on the record that is on screen."""
    night.priya.people.choose(UUID(night.record()), Chosen(person, "Marcus Fenn"), How.SEARCH)


def unread(rows: CoordinatorRows) -> bool:
    """Say whether the coordinator is told that the record was not read."""
    return any(fact.text == "Not read yet" for fact in rows.facts)


def test_markers_of_a_record_that_was_away_are_not_read_yet_and_come_when_it_is_back(night: Night) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    mark(night, marcus)
    night.room.rings("c1", "", "01632960001", "1001")
    night.room.answers("c1", "1001")
    with night.room.record_away():
        choose(night, marcus)
        night.room.advance(6)
        risk = night.h.risk
        assert (risk.text, risk.markers) == ("Markers not read yet", ())
        assert "there may be markers" in risk.detail[-1].spoken
        assert any("not read yet" in row.spoken for row in night.h.history.rows)

    risk = night.h.risk
    assert "Violent to visitors" in risk.markers[0].text
    assert risk.count == "1 marker"
    assert "may be" not in " ".join(row.spoken for row in risk.detail)


def test_none_are_known_only_where_a_record_was_read(night: Night) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    with night.room.record_away():
        night.handler.choose_candidate(1)
        assert night.h.risk.text == "Markers not read yet"
    assert night.h.risk.text == "No markers known"
    assert [row.person for row in night.room.store._ledger.looks if row.action == "opened"] == [marcus]


def test_the_coordinator_is_told_too_and_reads_it_when_it_is_back(night: Night) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.paired()
    choose(night, marcus)
    night.room.settle()
    with night.room.record_away():
        night.coordinator.draw()
        assert unread(night.c)

    assert not unread(night.c)
    opened = [(row.worker, row.person) for row in night.room.store._ledger.looks if row.action == "opened"]
    assert (night.tom.who.worker, marcus) in opened

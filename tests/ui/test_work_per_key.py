"""A key costs little: the screen is not gathered anew for each, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from console.domain.forms.checking import Missing
from console.services.contact_record import ContactRecord
from tests.helpers.night_screens import Night
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.refresher import Refresher


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def test_keys_of_a_tenth_of_a_second_are_drawn_once(night: Night) -> None:
    night.answered()
    record = night.record()
    night.room.advance(0.05)
    drawn = list[HandlerRows]()
    night.handler.show_on(drawn.append)
    line = night.handler.new_line_id()
    for count in range(1, 11):
        night.handler.note_changed(record, line, "x" * count)
        night.room.advance(0.008)
    before = len(drawn)
    night.room.advance(0.1)

    assert before == 1
    assert len(drawn) == 2
    assert drawn[-1].notes.lines[0].text == "x" * 10


def test_a_change_of_the_record_is_drawn_at_once_also_while_one_types(night: Night) -> None:
    drawn: list[float] = []
    refresher = Refresher(night.room.alarm, lambda: drawn.append(night.room.clock.monotonic()))
    began = night.room.clock.monotonic()
    refresher.soon()
    refresher.touch()
    refresher.soon()
    night.room.advance(0.2)
    refresher.stop()

    assert drawn == [began]


def test_what_unfinished_records_lack_is_counted_once_for_each_change(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        night.priya.contacts.keep(night.priya.contacts.open())
    counted: list[UUID] = []
    real = ContactRecord.missing

    def missing(self: ContactRecord, contact: UUID) -> tuple[Missing, ...]:
        counted.append(contact)
        return real(self, contact)

    monkeypatch.setattr(ContactRecord, "missing", missing)
    assert len(night.h.unfinished.rows) == 5
    first = len(counted)
    for _ in range(10):
        night.handler.draw()
    assert len(counted) == first
    night.priya.contacts.open()

    assert len(night.h.unfinished.rows) == 6
    assert len(counted) == first + 6

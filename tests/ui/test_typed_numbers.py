"""A number that is in no list is typed into the directory and rung, and what is known of it is told first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.call_events import Alerting, Answered, CallBegan
from console.domain.calls import Direction
from tests.helpers.night_screens import Night
from tests.helpers.night_windows import Windows, focused
from tests.helpers.rung_out import RINGS, rung
from tests.helpers.rung_out import written as file_says
from ui.desktop.screens.directory import typed_number
from ui.desktop.shortcuts import Act

ROW = "number 07700 900412"
ROW_OF_OTHER = "number 01632 960162"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def written(night: Night, safe_to_call: str) -> None:
    """Let the council's file say of the number whether it may be rung."""
    night.knows("Marcus", date(1992, 2, 19))
    file_says(night, safe_to_call)


@pytest.mark.parametrize("typed", ["07700 900412", "+44 7700 900412", "(07700) 900412", "1002"])
def test_what_reads_as_a_number_gets_a_row_and_is_rung(night: Night, typed: str) -> None:
    row = typed_number(typed)
    assert row is not None
    night.handler.ring_row(row.key)
    assert rung(night.priya) == ["1002" if typed == "1002" else RINGS]


@pytest.mark.parametrize("typed", ["", "crisis", "24", "Flat 7700 9004", "0770" * 12])
def test_what_is_no_number_gets_none(typed: str) -> None:
    assert typed_number(typed) is None


@pytest.mark.parametrize("number", ["999", "9 999", "112", "0044 999"])
def test_an_emergency_number_is_not_dialled(night: Night, number: str) -> None:
    night.handler.ring_row(f"number {number}")
    assert rung(night.priya) == []
    assert "on your handset" in night.h.notice


def test_what_no_telephone_can_dial_is_said(night: Night) -> None:
    night.handler.ring_row("number 0000 000000 00")
    assert rung(night.priya) == []
    assert "no number that can be dialled" in night.h.notice


def test_a_number_that_is_not_safe_is_not_dialled_and_the_look_up_stands_on_the_access_log(night: Night) -> None:
    written(night, "no")
    night.coordinator.row("directory", ROW, "dial")
    night.coordinator.row("directory", ROW, "dial")
    assert rung(night.tom) == []
    assert "It is not safe to ring this number (no)" in night.c.notice
    (asked,) = [one for one in night.room.store._ledger.looks if one.reason == "ringing back"]
    assert (asked.worker, asked.call) == (night.tom.who.worker, None)


def test_a_rule_is_read_first_and_the_number_dialled_when_it_is_asked_for_once_more(night: Night) -> None:
    written(night, "only before 18:00")
    night.handler.ring_row(ROW)
    assert rung(night.priya) == []
    assert "only before 18:00" in night.h.notice
    night.handler.ring_row(ROW)
    assert rung(night.priya) == [RINGS]


def test_while_the_record_is_away_it_is_said_that_nothing_is_known(night: Night) -> None:
    night.room.store.away = True
    night.handler.ring_row(ROW)
    assert rung(night.priya) == []
    assert "away" in night.h.notice
    night.handler.ring_row(ROW)
    assert rung(night.priya) == [RINGS]
    night.room.store.away = False


def test_whoever_sits_without_a_telephone_reads_what_to_ring_by_hand(night: Night) -> None:
    night.board.row("directory", ROW, "dial")
    assert rung(night.helen) == []
    assert "Ring 07700 900412 by hand" in str(night.b)


def test_what_is_noted_on_a_number_dialled_begins_a_record_of_that_call(night: Night) -> None:
    night.handler.ring_row(ROW)
    now = night.room.clock.now()
    night.room.hears(CallBegan("out", now, Direction.OUTBOUND, "907700900412", placed_by="1001"))
    assert "begins a record of its own" in night.h.notes.why
    night.room.hears(Answered("out", now, "out-far", "outside"))
    assert night.record() == ""
    night.handler.note_wants_record("the surgery rings back")
    assert night.h.notice.startswith("A record of this call has begun")
    (record,) = night.priya.contacts.unfinished()
    assert (str(record.id), record.channel) == (night.record(), "phone")
    (call,) = record.calls
    assert night.tom.folds.call(call) is not None
    (row,) = night.b.calls
    assert "Priya Raman" in str(row)


def test_whoever_is_rung_within_an_incident_stands_in_it_with_what_came_of_it(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.row("directory", ROW_OF_OTHER, "dial")
    now = night.room.clock.now()
    night.room.hears(CallBegan("out", now, Direction.OUTBOUND, "901632960162", placed_by="1002"))
    night.room.hears(Alerting("out", now, "out-far", "outside"))
    assert _lines(night) == ["Rang 01632 960162"]
    night.room.hears(Answered("out", now, "out-far", "outside"))
    assert _lines(night) == ["Rang 01632 960162 at 22:14: answered"]
    assert night.h.call.state == "ON CALL", "it is no call of the caller's"


def test_whoever_is_rung_by_nobody_in_an_incident_stands_in_none(night: Night) -> None:
    night.answered()
    night.paired()
    night.board.row("directory", ROW_OF_OTHER, "dial")
    night.room.settle()
    assert _lines(night) == []


def _lines(night: Night) -> list[str]:
    """Return the notes of the incident as the partner has them."""
    night.room.settle()
    (incident,) = night.priya.folds.incidents()
    return [note.text for note in incident.notes]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_number_is_dialled_by_keys_alone(qapp: QApplication) -> None:
    night = Windows()
    night.priya.choose()
    night.priya.press(Act.DIRECTORY)
    QTest.keyClicks(focused(), "07700 900412")
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    night.priya.settle()
    assert rung(night.priya.console) == [RINGS]
    night.end()

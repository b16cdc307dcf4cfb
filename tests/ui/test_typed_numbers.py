"""A number that is in no list is typed into the directory and rung, and what is known of it is told first."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.call_events import Alerting, Answered, CallBegan
from console.domain.calls import Direction
from console.domain.lines import DialPlan
from console.domain.people import NewPerson
from console.domain.ring_safety import Safety
from console.domain.typed_safety import TypedSafety
from console.ports.manual import HeldRunner
from console.services.access import Access
from console.services.ring_safety import AGAIN, REASON, RingSafety
from console.services.typed_numbers import TypedNumbers
from tests.helpers.night_screens import Night
from tests.helpers.night_windows import Windows, focused
from tests.helpers.rung_out import RINGS, file_says, rung, written
from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import DirectoryList, HandlerRows
from ui.desktop.screens.typed_row import typed_number
from ui.desktop.shortcuts import Act

pytest_plugins = ["tests.helpers.night_fixtures"]
LONG = f"only before 18:00, {'and never say who is ringing, ' * 4}unless Dana answers"
TYPED = "07700 900412"
ROW = f"number {TYPED}"
ROW_OF_OTHER = "number 01632 960162"


@pytest.mark.parametrize("typed", ["07700 900412", "+44 7700 900412", "(07700) 900412", "1002"])
def test_what_reads_as_a_number_gets_a_row_and_is_rung(night: Night, typed: str) -> None:
    row = typed_number(typed, TypedSafety())
    assert row is not None
    night.handler.ring_row(row.key)
    assert rung(night.priya) == ["1002" if typed == "1002" else RINGS]


@pytest.mark.parametrize("typed", ["", "crisis", "24", "Flat 7700 9004", "0770" * 12])
def test_what_is_no_number_gets_none(typed: str) -> None:
    assert typed_number(typed, TypedSafety()) is None


def test_a_public_service_is_rung_as_it_is_typed(night: Night) -> None:
    night.handler.ring_row("number 101")
    assert rung(night.priya) == ["101"]


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


@pytest.mark.parametrize(
    ("written_of_it", "state"),
    [
        ("yes", "Safe to ring: yes"),
        ("", "Safe to ring: not asked"),
        ("no", "Not safe to ring. Of this number is written: no."),
        ("only before 18:00", "Read before ringing. Of this number is written: only before 18:00."),
        ("leave no voicemail", "Read before ringing. Of this number is written: leave no voicemail."),
    ],
)
def test_every_directory_says_how_safe_a_number_is_before_it_is_rung(
    night: Night, written_of_it: str, state: str
) -> None:
    written(night, written_of_it)
    for screen in (night.handler, night.coordinator, night.board):
        screen.number_typed(TYPED)
    night.room.advance(1)
    for shown in (night.h.directory, night.c.people, night.b.people):
        assert state in spoken(shown)
    assert rung(night.priya) == rung(night.tom) == []


def test_a_number_is_looked_up_once_when_it_is_whole_and_no_key_follows(night: Night) -> None:
    written(night, "no")
    for upto in range(3, len(TYPED)):
        night.handler.number_typed(TYPED[:upto])
        night.room.advance(0.4)
    night.handler.number_typed("07700 900")
    night.room.advance(5)
    assert looks(night) == 0, "what is not whole yet is somebody else's number"
    night.handler.number_typed(TYPED)
    night.room.advance(0.4)
    assert (looks(night), night.h.directory.typed) == (0, TypedSafety(TYPED))
    night.room.advance(0.4)
    assert "Not safe to ring" in spoken(night.h.directory)
    night.handler.ring_row(ROW)
    assert looks(night) == 1
    assert "It is not safe to ring this number (no)" in night.h.notice


def test_an_emergency_number_is_told_as_one_at_its_last_key(night: Night) -> None:
    night.handler.number_typed("0 999")
    assert "Emergency number: ring 999 on your handset" in spoken(night.h.directory, "0 999")


def test_while_the_record_is_away_the_row_says_so_and_asks_again_when_it_is_back(night: Night) -> None:
    written(night, "no")
    night.room.store.away = True
    night.handler.number_typed(TYPED)
    night.room.advance(1)
    row = spoken(night.h.directory)
    assert "Read before ringing; safe to ring: not known" in row
    assert "away" in row
    night.room.store.away = False
    night.room.advance(AGAIN)
    assert "Not safe to ring" in spoken(night.h.directory)


def test_while_the_answer_is_on_its_way_the_row_says_so_and_the_screen_goes_on(night: Night) -> None:
    written(night, "only before 18:00")
    held, priya = HeldRunner(), night.priya
    safety = RingSafety(Access(night.room.store, held, priya.who), night.room.clock)
    typed = TypedNumbers(safety, priya.acts, night.room.clock, night.room.alarm, DialPlan())
    night.handler_desk.dialling.typed = typed
    acts, rows = HandlerDesk(night.handler_desk), list[HandlerRows]()
    acts.show_on(rows.append)
    acts.number_typed(TYPED)
    night.room.advance(1)
    assert "Being looked up" in spoken(rows[-1].directory)
    held.run_all()
    night.room.advance(0.1)
    assert "only before 18:00" in spoken(rows[-1].directory), "drawn by the answer alone"


def test_a_number_that_nobody_sees_any_more_is_not_looked_up(night: Night) -> None:
    night.handler.number_typed(TYPED)
    night.handler.number_typed("")
    night.room.advance(5)
    assert looks(night) == 0


def test_the_answer_moves_nothing_and_is_about_this_number_alone() -> None:
    before = typed_number(TYPED, TypedSafety(TYPED))
    told = TypedSafety(TYPED, "Not safe to ring", "It is not rung from here.", Safety.NEVER)
    after, of_another = typed_number(TYPED, told), typed_number("01632 960162", told)
    assert before is not None
    assert after is not None
    assert of_another is not None
    assert [line.height for line in before.lines] == [line.height for line in after.lines]
    assert (before.key, before.bottom, before.acts) == (after.key, after.bottom, after.acts)
    assert "Not safe" not in of_another.spoken


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


def spoken(directory: DirectoryList, typed: str = TYPED) -> str:
    """Return the row of the number typed, as it is told to whoever cannot see it."""
    row = typed_number(typed, directory.typed)
    assert row is not None
    return row.spoken


def looks(night: Night) -> int:
    """Return how often a number was looked up to be rung."""
    return sum(one.reason == REASON for one in night.room.store._ledger.looks)


def _lines(night: Night) -> list[str]:
    """Return the notes of the incident as the partner has them."""
    night.room.settle()
    (incident,) = night.priya.folds.incidents()
    return [note.text for note in incident.notes]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("written_of_it", ["", LONG])
def test_the_answer_comes_into_the_open_directory_by_itself_and_moves_nothing(
    qapp: QApplication, written_of_it: str
) -> None:
    night = Windows()
    person = NewPerson("Fenn", "Marcus", date(1992, 2, 19), gender="", e164=RINGS)
    night.priya.console.people.create(None, person)
    night.room.settle()
    file_says(night, written_of_it)
    night.priya.press(Act.DIRECTORY)
    (panel,) = [one for one in night.priya.view.findChildren(DirectoryPanel) if one.isVisible()]
    QTest.keyClicks(panel.field, TYPED)
    (before,) = (panel.list.visualRect(panel.list.model().index(row, 0)) for row in range(len(panel.list.rows)))
    assert "Looked up once the number is whole" in panel.list.rows[0].spoken
    night.room.advance(1)
    night.priya.settle()
    assert (written_of_it or "Safe to ring: not asked") in panel.list.rows[0].spoken
    assert panel.list.visualRect(panel.list.model().index(0, 0)) == before
    night.end()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_number_is_dialled_by_keys_alone(qapp: QApplication) -> None:
    night = Windows()
    night.priya.choose()
    night.priya.press(Act.DIRECTORY)
    QTest.keyClicks(focused(), TYPED)
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    night.priya.settle()
    assert rung(night.priya.console) == [RINGS]
    night.end()

"""The windows of a rehearsal: strip and review alone, and a whole short one with a console beside them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.rehearsal_review import Finding, Measure, Proof, Review, Verdict
from console.machine.paths import Home
from telephony_adapters.simulator.rehearsal import parse_rehearsal
from tests.adapters.test_rehearsal_scripts import HEAD
from tests.helpers.screen_lint import faults
from ui.bootstrap.rehearsal.folder import fresh_folder
from ui.bootstrap.rehearsal.options import RehearseOptions, by_hand
from ui.bootstrap.rehearsal.windowed import Windows
from ui.desktop.demo import hands
from ui.desktop.rehearsal.review import ReviewWindow
from ui.desktop.rehearsal.rows import END_KEY, MAIN_KEY, NEXT_KEY, review_rows, strip_row
from ui.desktop.rehearsal.standing import Standing, Voice
from ui.desktop.rehearsal.strip import RehearsalStrip
from ui.desktop.runtime.application import dress
from ui.desktop.screens.handler.notes_pane import NotesPane
from ui.desktop.shortcuts import SHORTCUTS, Act, Screen

AT = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
BRIEF = ("You answer the telephone.",)
WAITS = Standing(begun=False, paused=False, ended=False, elapsed=0)
PLAYS = Standing(begun=True, paused=False, ended=False, elapsed=65)


class FakeRehearsal:
    """Implements ``Rehearsed`` and remembers what was asked."""

    def __init__(self) -> None:
        self.now = WAITS
        self.voices: list[Voice] = []
        self.asked: list[str] = []

    def begin(self) -> None:
        """Begin."""
        self.asked.append("begin")
        self.now = PLAYS

    def pause(self) -> None:
        """Pause."""
        self.asked.append("pause")
        self.now = Standing(begun=True, paused=True, ended=False, elapsed=70)

    def go_on(self) -> None:
        """Go on."""
        self.asked.append("go on")
        self.now = PLAYS

    def skip(self) -> None:
        """Skip."""
        self.asked.append("skip")

    def finish(self) -> None:
        """Finish."""
        self.asked.append("finish")

    def standing(self) -> Standing:
        """Return where it is."""
        return self.now


def press(widget: RehearsalStrip, keys: str) -> None:
    """Press a key of the rehearsal, wherever the focus is."""
    QTest.keySequence(widget, QKeySequence(keys))


@pytest.fixture
def rehearsal() -> FakeRehearsal:
    """One that has not begun."""
    return FakeRehearsal()


@pytest.fixture
def strip(qtbot: QtBot, qapp: QApplication, rehearsal: FakeRehearsal) -> RehearsalStrip:
    """The strip of it, shown."""
    made = RehearsalStrip(dress(qapp, dark=False), rehearsal, "A night", BRIEF)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_brief_stands_until_it_begins_and_then_what_is_said() -> None:
    assert strip_row(WAITS, (), BRIEF, 1).words == "You answer the telephone."
    assert strip_row(PLAYS, (), BRIEF, 1).who == "The telephones are quiet"
    said = [Voice(AT, "Priya Raman", "Caller", "one"), Voice(AT, "Tom Adeyemi", "Police control", "two")]
    row = strip_row(PLAYS, said, BRIEF, 1)
    assert (row.who, row.words, row.before, row.clock) == ("Police control", "two", "Before: Caller: one", "01:05")
    assert strip_row(PLAYS, said, BRIEF, 2).who == "Police control, on Tom Adeyemi's telephone"


def test_nothing_begins_before_everybody_is_at_work() -> None:
    face = strip_row(Standing(False, False, False, 0, ready=False), (), BRIEF, 1).main
    assert (face.enabled, face.why) == (False, "Everybody is still signing in.")


def test_every_act_of_the_strip_has_a_key_and_ending_takes_two(
    qtbot: QtBot, strip: RehearsalStrip, rehearsal: FakeRehearsal
) -> None:
    for keys in (MAIN_KEY, MAIN_KEY, MAIN_KEY, NEXT_KEY, END_KEY):
        press(strip, keys)
    assert rehearsal.asked == ["begin", "pause", "go on", "skip"]
    press(strip, END_KEY)
    assert rehearsal.asked[-1] == "finish"
    strip.end.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert rehearsal.asked[-2:] == ["finish", "finish"]


def test_the_keys_of_a_rehearsal_are_no_keys_of_the_console() -> None:
    taken = {QKeySequence(one.key) for one in SHORTCUTS}
    assert not taken & {QKeySequence(key) for key in (MAIN_KEY, NEXT_KEY, END_KEY)}
    assert not [key for key in (MAIN_KEY, NEXT_KEY, END_KEY) if "Alt" in key]


def test_nothing_on_the_strip_moves_when_somebody_speaks(strip: RehearsalStrip, rehearsal: FakeRehearsal) -> None:
    rehearsal.begin()
    strip.refresh()
    size, place = strip.size(), strip.main.pos()
    rehearsal.voices.append(Voice(AT, "Priya Raman", "Caller", "A long story " * 12))
    rehearsal.voices.append(Voice(AT, "Priya Raman", "Caller", "Another long story " * 8))
    strip.refresh()
    QApplication.processEvents()
    assert (strip.size(), strip.main.pos()) == (size, place)
    assert "Another long story" in strip.words.text()
    assert not faults(strip)


REVIEW = Review(
    (
        Finding(Measure.SECOND_WORKER, "Second worker in", Verdict.MET, "00:12 after the call", "within 01:00", AT,
                timedelta(seconds=12), proof=(Proof(uuid4(), 31, AT, "incident.joined", "tom", "Tom Adeyemi"),)),
        Finding(Measure.LOCATION, "Where the person is, known", Verdict.MISSED, "not done", "within 02:00"),
        Finding(Measure.RISKS, "Asked", Verdict.NOTED, "0 of 3"),
    ),
    AT,
    AT,
)  # fmt: skip


def test_each_row_of_the_review_is_said_whole() -> None:
    rows = review_rows(REVIEW)
    assert rows[0].spoken == (
        "aim met: Second worker in. 00:12 after the call. Aim: within 01:00. "
        "Entry 31 at 22:14:00: Joined the incident (Tom Adeyemi)."
    )
    assert [row.spoken.partition(":")[0] for row in rows] == ["aim met", "AIM NOT MET", "noted"]


def test_the_review_is_read_by_keys_and_closed_by_esc(qtbot: QtBot, qapp: QApplication) -> None:
    window = ReviewWindow(dress(qapp, dark=True), "A night", ("Priya",), review_rows(REVIEW), "Kept here", "text")
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.rows.hasFocus)
    assert not faults(window)
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    QTest.keyClick(window.rows, Qt.Key.Key_Escape)
    assert closed == [True]


def test_a_short_rehearsal_with_a_console_beside_the_strip_comes_to_its_review(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    script = parse_rehearsal(
        HEAD + "begin\n+1 call c1 from 07700 900412 to 01632 960001 queue oohs\nrings 1001\n"
        'when priya answers c1\n+1 desk priya hears "Caller" "Is anybody there?"\n'
        "when anyone presses need_a_second\n+1 desk tom presses join\n"
        "when tom joins\n+600 ends\naim second_worker within 60\n"
    )  # fmt: skip
    options, said, left = RehearseOptions("x", speed=5), list[str](), list[bool]()
    folder = fresh_folder(Home(tmp_path), AT)
    shown = Windows(options, script, folder, by_hand(script, options), dress(qapp, dark=False), said.append)
    shown.leave = lambda: left.append(True)
    try:
        shown.begin()
        qtbot.waitUntil(lambda: shown.strip.isVisible() and shown.room.seated)
        desk = shown.consoles["priya"].seat
        assert desk is not None
        handler = shown.consoles["priya"].window.view(Screen.HANDLER)
        assert shown.consoles["priya"].window.windowTitle().startswith("REHEARSAL")
        qtbot.waitUntil(shown.strip.main.isEnabled)
        # This screen has no room for both; the strip used to stand over the note.
        notes = handler.findChild(NotesPane)
        assert isinstance(notes, NotesPane)
        qtbot.waitUntil(lambda: shown.strip.frameGeometry().top() > handler.height() // 2)
        assert shown.strip.frameGeometry().top() > notes.mapToGlobal(notes.rect().bottomLeft()).y()
        shown.strip.main.click()
        qtbot.waitUntil(lambda: bool(desk.desk.calls.state().waiting))
        hands.press(handler, Act.ANSWER)
        qtbot.waitUntil(lambda: shown.strip.words.text() == "Is anybody there?")
        hands.press(handler, Act.NEED_SECOND)
        qtbot.waitUntil(lambda: bool(desk.desk.folds.incidents()) and desk.desk.folds.incidents()[0].paired)
        shown.strip.end.click()
        qtbot.waitUntil(lambda: shown.review is not None)
        assert shown.review is not None
        assert "aim met: Second worker in." in shown.review.rows.rows[0].spoken
        assert json.loads(folder.review_values.read_text(encoding="utf-8"))["missed"] == 0
        assert "All 1 aims were met." in said[-1]
        qtbot.waitUntil(
            lambda: "Nothing in it was real" in shown.consoles["priya"].window.acts(Screen.HANDLER).notice.text()
        )
        shown.review.close()
        assert left == [True]
    finally:
        shown.close()

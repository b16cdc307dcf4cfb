"""The note: typing is never moved or lost, others' lines are never changed, states tell the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.text import too_long
from ui.desktop.screens.handler.note_editor import NoteEditor
from ui.desktop.screens.handler.rows import NoteLineRow, NotesRow
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Theme
from ui.desktop.theme.palette import DARK
from ui.desktop.theme.scale import Scale
from ui.desktop.widgets.faces import Kept

SENTENCE = "says he is alone by the reservoir, words clear, wife not told"
ENTER = Qt.Key.Key_Return


@dataclass
class Service:
    """Keeps what the editor told, as the notes service would."""

    lines: dict[UUID, str] = field(default_factory=dict)
    ended: list[UUID] = field(default_factory=list)

    def changed(self, record: str, line: UUID, text: str) -> None:
        """Keep the text."""
        assert record
        self.lines[line] = text

    def row(self, kept: Kept = Kept.KEPT, *others: NoteLineRow) -> NotesRow:
        """Return what the service would show."""
        own = [NoteLineRow(line, text, "22:15", kept) for line, text in self.lines.items()]
        return NotesRow("c1", (*own, *others))

    def texts(self) -> list[str]:
        """Return the lines that have words."""
        return [text for text in self.lines.values() if text]


@pytest.fixture
def service() -> Service:
    """Return an empty service."""
    return Service()


@pytest.fixture
def editor(qtbot: QtBot, qapp: QApplication, service: Service) -> NoteEditor:
    """Return a shown, focused, empty note."""
    look = apply(qapp, choose(dark=False, high_contrast=False))
    made = NoteEditor(look, uuid4, service.changed, service.ended.append)
    made.setProperty("look", look)
    qtbot.addWidget(made)
    made.resize(620, 210)
    made.show_row(NotesRow("c1"))
    made.show()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def theirs(number: int, text: str) -> NoteLineRow:
    """Return a line of Tom's."""
    return NoteLineRow(UUID(int=number), text, "22:16", Kept.SHARED, "Tom")


def test_each_key_is_told_with_the_whole_line(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "name Marcus")
    QTest.keyClick(editor, ENTER)
    QTest.keyClicks(editor, "alone")

    assert service.texts() == ["name Marcus", "alone"]
    assert len(service.ended) == 1


def test_an_earlier_line_is_edited_in_place(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "nme Marcus")
    QTest.keyClick(editor, ENTER)
    QTest.keyClicks(editor, "alone")
    first = next(iter(service.lines))
    QTest.keyClick(editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_Right)
    QTest.keyClicks(editor, "a")

    assert service.lines[first] == "name Marcus"
    assert service.texts() == ["name Marcus", "alone"]


def test_a_line_is_typing_until_these_very_words_are_heard_back(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "alon")
    assert editor.kept_of(0) is Kept.TYPING
    editor.show_row(service.row())
    assert editor.kept_of(0) is Kept.KEPT
    QTest.keyClicks(editor, "e")

    assert editor.kept_of(0) is Kept.TYPING


def test_every_key_of_61_arrives_whatever_the_service_says_meanwhile(editor: NoteEditor, service: Service) -> None:
    for at, char in enumerate(SENTENCE):
        QTest.keyClicks(editor, char)
        stale = service.row(Kept.SHARED)
        if at % 3 == 0:
            editor.show_row(stale)
        if at % 7 == 0:
            editor.show_row(service.row(Kept.SEEN, theirs(at + 1, f"Tom {at}")))

    assert len(SENTENCE) == 61
    assert service.texts() == [SENTENCE]
    assert editor.hasFocus()


def test_a_late_echo_never_takes_words_back(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "overdose")
    late = service.row()
    QTest.keyClicks(editor, " 2145")
    editor.show_row(late)

    assert editor.toPlainText().startswith("overdose 2145")


def test_pasted_markup_is_words(editor: NoteEditor, service: Service) -> None:
    mime = QMimeData()
    mime.setHtml("<b>bold</b><img src='file:///etc/passwd'>")
    mime.setText("<b>bold</b>\nsecond\u202e")
    editor.insertFromMimeData(mime)

    assert service.texts() == ["<b>bold</b>", "second⟨202E⟩"]
    assert "font-weight:7" not in editor.toHtml()


def test_others_lines_come_in_without_moving_the_cursor(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "alone")
    QTest.keyClick(editor, ENTER)
    QTest.keyClicks(editor, "by the res")
    first, second = service.lines
    rows = (
        NoteLineRow(first, "alone", "22:15", Kept.SEEN),
        theirs(7, "police on their way"),
        NoteLineRow(second, "by the res", "22:16", Kept.KEPT),
    )
    editor.show_row(NotesRow("c1", rows))
    QTest.keyClicks(editor, "ervoir")

    assert editor.toPlainText() == "alone\npolice on their way\nby the reservoir"
    assert service.lines[second] == "by the reservoir"
    assert UUID(int=7) not in service.lines


def test_others_lines_are_kept_current_and_cannot_be_typed_into(editor: NoteEditor, service: Service) -> None:
    editor.show_row(NotesRow("c1", (theirs(7, "police 6 min"),)))
    editor.show_row(NotesRow("c1", (theirs(7, "police 5 min"),)))
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(editor, "ok")

    assert editor.toPlainText() == "police 5 min\nok"
    assert service.texts() == ["ok"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_others_lines_cannot_be_deleted(editor: NoteEditor, service: Service, key: Qt.Key) -> None:
    editor.show_row(NotesRow("c1", (theirs(7, "police 6 min"),)))
    editor.selectAll()
    QTest.keyClick(editor, key)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(editor, key)

    assert editor.toPlainText().startswith("police 6 min")
    assert service.lines == {}


def test_undo_never_reaches_others_lines(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "alone")
    editor.show_row(service.row(Kept.SHARED, theirs(7, "police 6 min")))
    for _ in range(5):
        QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert "police 6 min" in editor.toPlainText()
    assert "alone" in editor.toPlainText()


def test_another_record_empties_the_note_and_tells_nothing(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "alone")
    told = dict(service.lines)
    editor.show_row(NotesRow("c2", (NoteLineRow(UUID(int=3), "was here before", "21:00", Kept.SHARED),)))
    QTest.keyClicks(editor, "new")

    assert editor.toPlainText() == "was here before\nnew"
    assert {line: service.lines[line] for line in told} == told


def test_words_typed_without_a_record_are_shown_and_go_into_the_next(
    qtbot: QtBot, editor: NoteEditor, service: Service
) -> None:
    editor.show_row(NotesRow("", why="Notes begin with a call."))
    assert editor.placeholderText() == "Notes begin with a call."
    QTest.keyClick(editor, Qt.Key.Key_Space)
    with qtbot.waitSignal(editor.homeless):
        QTest.keyClicks(editor, "alone")
    QTest.keyClick(editor, ENTER)
    QTest.keyClicks(editor, "by the water")
    assert service.lines == {}
    assert editor.toPlainText() == " alone\nby the water"
    editor.show_row(NotesRow("c2"))
    QTest.keyClicks(editor, ", awake")

    assert service.texts() == ["alone", "by the water, awake"]


def test_words_ask_again_for_a_record_when_the_call_they_waited_for_is_gone(qtbot: QtBot, editor: NoteEditor) -> None:
    editor.show_row(NotesRow("", why="Until it is answered."))
    QTest.keyClicks(editor, "alone")
    with qtbot.assertNotEmitted(editor.homeless):
        editor.show_row(NotesRow("", why="Until it is answered."))
    with qtbot.waitSignal(editor.homeless):
        editor.show_row(NotesRow("", why="Notes begin with a call."))


def test_theme_and_size_change_nothing_that_was_written(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "alone")
    look = editor.property("look")
    look.wear(Theme(DARK))
    look.resize(Scale(1.14))
    editor.grab()

    assert service.texts() == ["alone"]
    assert editor.toPlainText() == "alone"


def test_the_time_is_put_where_the_user_is(editor: NoteEditor, service: Service) -> None:
    QTest.keyClicks(editor, "awake ")
    editor.put("22:17 ")

    assert service.texts() == ["awake 22:17 "]


def test_a_paste_no_note_can_hold_is_refused_whole_and_in_words(editor: NoteEditor, service: Service) -> None:
    said: list[str] = []
    editor.refused.connect(said.append)
    QTest.keyClicks(editor, "found this: ")
    mime = QMimeData()
    mime.setText("x" * 20_001)
    editor.insertFromMimeData(mime)

    assert service.texts() == ["found this: "]
    assert said == [str(too_long(20_001, 20_000))]
    assert "20,001 characters" in said[0]
    mime.setText("x" * 19_000)
    editor.insertFromMimeData(mime)
    assert len(service.texts()[0]) == 19_012

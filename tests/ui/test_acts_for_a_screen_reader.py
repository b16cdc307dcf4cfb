"""What a screen reader or a voice does: rows, lines, choices and keys work by names and actions alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.screens.coordinator.lists import signal_row
from ui.desktop.screens.coordinator.rows import ReplyFace, SignalRow
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import Choice
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.half_line import HalfLine
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def look() -> Look:
    """Return the light look."""
    return Look(choose(dark=False))


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """Something listens to the windows, as a screen reader does."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """A window to put things in."""
    made = QWidget()
    made.resize(400, 300)
    qtbot.addWidget(made)
    return made


def told(widget: QWidget) -> QAccessibleInterface:
    """Return a widget as a screen reader has it."""
    return QAccessible.queryAccessibleInterface(widget)


def buttons(root: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield the buttons that can be found below something."""
    for at in range(root.childCount()):
        child = root.child(at)
        if child.isValid() and not child.state().invisible:
            if child.role() == QAccessible.Role.Button:
                yield child
            yield from buttons(child)


def named(root: QAccessibleInterface) -> list[str]:
    """Return the names of the buttons that can be found."""
    return [one.text(QAccessible.Text.Name) for one in buttons(root)]


def press(root: QAccessibleInterface, name: str) -> None:
    """Press a button by its action."""
    found = next(one for one in buttons(root) if one.text(QAccessible.Text.Name) == name)
    found.actionInterface().doAction("Press")


def listed(holder: QWidget, look: Look, *rows: Row) -> RowView:
    """Show rows in a window."""
    view = RowView(look, "Signals")
    view.setParent(holder)
    view.resize(400, 200)
    view.show_rows(rows)
    holder.show()
    return view


def a_signal(key: str, words: str) -> Row:
    """Return a signal that waits, with one quick reply."""
    reply = ReplyFace("reply Police 6 min", "Police 6 min", "Ctrl+5")
    return signal_row(SignalRow(key, "22:17:04", words, "", done=False, replies=(reply,)), chosen=True)


def test_every_act_of_a_row_has_words() -> None:
    row = a_signal("s1", "Get police")
    assert row.told_acts() == (("answer", "In hand"), ("reply Police 6 min", "Police 6 min"))
    plain = Row("r", (Line((Cell(text="Nobody"),)),), "Nobody", acts=("take",))
    assert plain.told_acts() == (("take", "Take"),)
    assert Row("q", (), "Nothing").told_acts() == ()


def test_the_row_that_is_selected_is_current_and_its_acts_are_buttons(
    holder: QWidget, look: Look, qtbot: QtBot
) -> None:
    view = listed(holder, look, a_signal("s1", "Get police"), a_signal("s2", "Get ambulance"))
    done: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: done.append((key, act)))
    assert named(told(holder)) == []
    rows = told(view)
    rows.selectionInterface().select(rows.child(1))
    qtbot.waitUntil(lambda: view.current_key() == "s2")

    assert named(told(holder)) == ["In hand", "Police 6 min"]
    assert "Get ambulance" in next(buttons(told(holder))).text(QAccessible.Text.Description)
    press(told(holder), "Police 6 min")
    qtbot.waitUntil(lambda: done == [("s2", "reply Police 6 min")])
    view.show_rows([])
    assert named(told(holder)) == []


def test_a_press_by_name_is_for_the_row_that_was_current_at_the_press(
    holder: QWidget, look: Look, qtbot: QtBot
) -> None:
    view = listed(holder, look, a_signal("s1", "Get police"), a_signal("s2", "Get ambulance"))
    done: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: done.append((key, act)))
    view.choose("s1")
    press(told(holder), "In hand")
    view.choose("s2")
    qtbot.waitUntil(lambda: done == [("s1", "answer")])


def test_a_press_by_name_on_a_row_that_goes_meanwhile_does_nothing_to_another(
    holder: QWidget, look: Look, qtbot: QtBot
) -> None:
    view = listed(holder, look, a_signal("s1", "Get police"), a_signal("s2", "Get ambulance"))
    done: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: done.append((key, act)))
    view.choose("s1")
    acted = next(one for one in holder.findChildren(QPushButton) if one.accessibleName() == "In hand")
    with qtbot.waitSignal(acted.clicked):
        press(told(holder), "In hand")
        view.show_rows([a_signal("s2", "Get ambulance")])
    assert (view.current_key(), done) == ("s2", [])


def test_a_press_by_name_on_the_key_sheet_is_for_its_own_line(look: Look, qtbot: QtBot) -> None:
    sheet = KeySheet(look, Screen.HANDLER)
    qtbot.addWidget(sheet)
    sheet.show()
    done: list[str] = []
    sheet.does({act: partial(done.append, act.value) for act in Act})
    column = sheet.columns[0]
    wanted = next(row.key for row in column.rows if row.acts)
    column.choose(wanted)
    press(told(sheet), "Do it")
    column.choose(next(row.key for row in column.rows if row.key.startswith("group-")))
    qtbot.waitUntil(lambda: done == [wanted])


def test_the_acts_are_seen_by_nobody_and_no_stop_of_tab(holder: QWidget, look: Look) -> None:
    view = listed(holder, look, a_signal("s1", "Get police"))
    before = holder.grab().toImage()
    view.choose("s1")
    made = [one for one in holder.findChildren(QWidget) if one.accessibleName() == "In hand"]
    assert [one.focusPolicy() for one in made] == [Qt.FocusPolicy.NoFocus]
    view.clearSelection()
    assert holder.grab().toImage() == before


def test_what_is_dictated_into_a_line_counts_as_typed(holder: QWidget, look: Look) -> None:
    line = LineField(look, "Taken")
    line.setParent(holder)
    holder.show()
    heard: list[str] = []
    line.textEdited.connect(heard.append)
    line.fill("shown by the program")
    line.clear()
    assert heard == []
    told(line).editableTextInterface().insertText(0, "forty")
    assert heard == ["forty"]
    QTest.keyClicks(line, "!")
    assert heard == ["forty", "forty!"]


def test_a_line_to_the_partner_is_sent_by_an_act(holder: QWidget, look: Look, qtbot: QtBot) -> None:
    line = HalfLine(look, "One line to the partner")
    line.setParent(holder)
    holder.show()
    told(line).editableTextInterface().insertText(0, "Police 6 min")
    with qtbot.waitSignal(line.entered) as sent:
        press(told(holder), "Send the line")
    assert sent.args == ["Police 6 min"]


def test_a_choice_that_is_selected_in_the_open_list_is_taken(holder: QWidget, look: Look, qtbot: QtBot) -> None:
    box = ChoiceBox(look, "What help")
    box.setParent(holder)
    box.show_choices((Choice("a", "Ambulance"), Choice("p", "Police")), None)
    holder.show()
    chosen: list[str] = []
    box.chosen.connect(chosen.append)
    for at, key in ((0, "a"), (1, "p")):
        told(box).actionInterface().doAction("Press")
        entries = told(box).child(0)
        entries.selectionInterface().select(entries.child(at))
        qtbot.waitUntil(lambda: chosen[-1:] == [key])  # noqa: B023
        assert not box.view().isVisible()


def test_keys_only_mark_in_the_open_list_until_enter(holder: QWidget, look: Look, qtbot: QtBot) -> None:
    box = ChoiceBox(look, "What help")
    box.setParent(holder)
    box.show_choices((Choice("a", "Ambulance"), Choice("p", "Police")), None)
    holder.show()
    chosen: list[str] = []
    box.chosen.connect(chosen.append)
    box.showPopup()
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.wait(1)
    assert (chosen, box.view().isVisible()) == ([], True)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert chosen == ["p"]
    box.showPopup()
    qtbot.wait(1)
    assert box.view().isVisible(), "what is chosen already is not chosen by opening the list"
    QTest.keyClick(box.view(), Qt.Key.Key_Up)
    qtbot.wait(1)
    assert chosen == ["p"]
    entries = told(box).child(0)
    entries.selectionInterface().select(entries.child(1))
    qtbot.waitUntil(lambda: chosen == ["p", "p"])


def test_enter_on_a_line_of_the_key_sheet_closes_it_and_does_what_the_key_does(look: Look, qtbot: QtBot) -> None:
    sheet = KeySheet(look, Screen.HANDLER)
    qtbot.addWidget(sheet)
    done: list[str] = []
    sheet.closed.connect(lambda: done.append("closed"))
    sheet.does({Act.FACT_SHEET: lambda: done.append("sheet")})
    column = next(one for one in sheet.columns if any(row.key == Act.FACT_SHEET for row in one.rows))
    column.choose(Act.FACT_SHEET)
    QTest.keyClick(column, Qt.Key.Key_Return)
    assert done == ["closed", "sheet"]


@pytest.mark.parametrize("screen", Screen)
def test_no_line_of_the_key_sheet_guesses_which_of_several_is_meant(look: Look, qtbot: QtBot, screen: Screen) -> None:
    sheet = KeySheet(look, screen)
    qtbot.addWidget(sheet)
    idle = {row.key for column in sheet.columns for row in column.rows if not row.acts and "group" not in row.key}
    assert idle == {Act.KEYS} | ({Act.CANDIDATE_1} if screen is Screen.HANDLER else set()) | (
        {Act.REPLY_1} if screen is Screen.COORDINATOR else set()
    )

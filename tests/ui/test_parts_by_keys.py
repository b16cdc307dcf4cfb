"""The parts of a form by keys alone: in, through, back, on, and to what is still to fill in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.handler_rows import no_call, paired
from tests.helpers.show_handler import SeenActs, make_view
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.handler.rows import HandlerRows, NotesRow
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.scale import Weight

RECORD = paired().notes.record
FORM = FormRow(
    "record",
    "Record",
    (
        SectionRow("The call", (FieldRow("a", "How urgent", value="p1", needed=True), FieldRow("b", "Agency"))),
        SectionRow("What was said", (FieldRow("c", "In words", Kind.LONG), FieldRow("d", "Means", needed=True))),
        SectionRow("Decision", (FieldRow("e", "What", needed=True),)),
    ),
    send="Finish call record",
    second="Keep for later",
    subject=RECORD,
)


def rows(form: FormRow | None = FORM) -> HandlerRows:
    """Return the paired screen with ``form`` as its record."""
    return replace(paired(), record=form)


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> tuple[HandlerView, SeenActs]:
    """Return a shown view with the record's sheet open."""
    view, acts = make_view(qapp, rows())
    qtbot.addWidget(view)
    view.resize(1366, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.notes.editor.hasFocus)
    shortcut(view, Act.RECORD)
    return view, acts


def shortcut(view: HandlerView, act: Act) -> None:
    """Make the shortcut of ``act`` fire."""
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


def sheet(view: HandlerView) -> FormPanel:
    """Return the record's sheet."""
    return next(one for one in view.findChildren(FormPanel) if one.form.key == "record")


def focused() -> QWidget:
    """Return what has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def names(view: HandlerView, presses: int, *, back: bool = False) -> list[str]:
    """Return where Tab (or Shift+Tab) leads."""
    found = []
    for _ in range(presses):
        key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier)
        found.append(focused().accessibleName())
    return found


def test_the_record_opens_at_the_first_field_still_to_fill_in(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    assert focused().accessibleName() == "Means"

    sheet(view).box.show_section(0)
    shortcut(view, Act.RECORD)
    assert focused().accessibleName() == "Means"


def test_tab_goes_from_the_list_through_the_parts_to_the_buttons_and_back(
    shown: tuple[HandlerView, SeenActs],
) -> None:
    view, _ = shown
    box = sheet(view).box
    box.show_section(0)
    box._sections.setFocus()
    there = names(view, 8)
    assert there[:5] == ["How urgent", "Agency", "In words", "Means", "What"]
    assert [one.split(",")[0] for one in there[5:]] == ["Keep for later", "Finish call record", "Close"]

    back = names(view, 8, back=True)
    assert back[2:] == ["What", "Means", "In words", "Agency", "How urgent", "Sections"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Space])
def test_a_key_on_a_part_goes_to_its_first_field(shown: tuple[HandlerView, SeenActs], key: Qt.Key) -> None:
    view, acts = shown
    box = sheet(view).box
    box._sections.setFocus()
    box._sections.choose("2")
    QTest.keyClick(focused(), key)
    QTest.keyClicks(focused(), "stay with her")
    box.flush()

    assert acts.named("field_changed") == [("field_changed", RECORD, "e", "stay with her")]


def test_the_open_part_is_marked_wherever_the_focus_is(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    box = sheet(view).box
    for at in (0, 2, 1):
        box.show_section(at)
        bold = [row.key for row in box._sections.rows if row.lines[0].cells[0].weight is Weight.BOLD]

        assert bold == [str(at)]
        assert [row.key for row in box._sections.rows if row.spoken.endswith("shown")] == [str(at)]


def test_keys_turn_to_the_next_part_and_the_one_before(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    QTest.keyClick(focused(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert focused().accessibleName() == "What"
    QTest.keyClick(focused(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert focused().accessibleName() == "What"
    QTest.keyClick(focused(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(focused(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)

    assert focused().accessibleName() == "How urgent"


def test_turning_opens_the_record_where_no_form_is_open(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    view.to_note()
    shortcut(view, Act.NEXT_PART)

    assert focused().accessibleName() == "Means"


# The sheet is about the record on screen.


def test_finishing_too_soon_leads_to_the_first_missing_field(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    QTest.keyClicks(focused(), "tablets")
    shortcut(view, Act.FINISH)

    assert acts.named("do")[-1] == ("do", "finish")
    assert focused().accessibleName() == "What"


@pytest.mark.parametrize("after", [no_call(), replace(rows(replace(FORM, subject="b")), notes=NotesRow("b"))])
def test_the_sheet_closes_when_its_record_leaves_the_screen(
    shown: tuple[HandlerView, SeenActs], after: HandlerRows
) -> None:
    view, acts = shown
    QTest.keyClicks(focused(), "tablets")
    view.show_rows(after)

    assert acts.named("field_changed") == [("field_changed", RECORD, "d", "tablets")]
    assert not view.panels.any_open
    assert view.notes.editor.hasFocus()

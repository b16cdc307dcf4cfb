"""At 1366x690 and 1280x640 nothing that matters is cut: keys, what is wrong, and the line being typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.cut_words import cut_cells
from tests.helpers.handler_rows import away, paired
from tests.helpers.show_handler import make_view
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import HealthRow
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.row_view import RowView

LAPTOPS = pytest.mark.parametrize("size", [(1366, 690), (1280, 640)], ids=["1366", "1280"])
Show = Callable[[HandlerRows, tuple[int, int]], HandlerView]


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Show:
    """Return what shows the handler's screen in a size."""

    def shown(rows: HandlerRows, size: tuple[int, int]) -> HandlerView:
        view, _ = make_view(qapp, rows)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.notes.editor.hasFocus)
        return view

    return shown


@LAPTOPS
def test_no_word_of_the_key_sheet_is_cut_and_one_bar_scrolls_it(
    show: Show, qapp: QApplication, size: tuple[int, int]
) -> None:
    view = show(paired(), size)
    view.panels.opens(Act.KEYS)
    qapp.processEvents()
    sheet = next(one for one in view.findChildren(KeySheet) if one.isVisible())
    areas = [one for one in sheet.findChildren(QAbstractScrollArea) if one.verticalScrollBar().isVisible()]

    assert [word for column in sheet.findChildren(RowView) for word in cut_cells(column)] == []
    assert len(areas) <= 1
    widths = [column.width() for column in sheet.findChildren(RowView)]
    assert max(widths) - min(widths) <= 2
    assert sum(widths) > sheet.width() * 0.9


@LAPTOPS
def test_every_key_of_the_sheet_can_be_reached_by_arrows(show: Show, qapp: QApplication, size: tuple[int, int]) -> None:
    view = show(paired(), size)
    view.panels.opens(Act.KEYS)
    qapp.processEvents()
    sheet = next(one for one in view.findChildren(KeySheet) if one.isVisible())
    for column in sheet.columns:
        column.choose(column.rows[-1].key)
        last = column.visualRect(column.currentIndex())
        seen = column.viewport().mapTo(sheet.area.viewport(), last.center())

        assert sheet.area.viewport().rect().contains(seen)
        assert column.viewport().rect().contains(last)


@pytest.mark.parametrize("lines", [3, 12, 40])
def test_the_line_being_typed_is_in_sight_after_the_window_became_small(
    show: Show, qapp: QApplication, lines: int
) -> None:
    view = show(paired(), (1366, 900))
    editor = view.notes.editor
    for number in range(lines):
        QTest.keyClicks(editor, f"line {number}\r")
    QTest.keyClicks(editor, "he says he is near the water and that the car door will not open " * 2)
    for size in ((1280, 640), (1366, 690), (1024, 600), (1366, 900)):
        view.resize(*size)
        qapp.processEvents()

        assert editor.viewport().rect().contains(editor.cursorRect())


CALM = (HealthRow("Phones connected"), HealthRow("Notes shared"))
PHONES = HealthRow("Phones away 12 min: answer on the handset", trouble=True)
DATABASE = HealthRow("Database away since 22:14: notes kept on this computer, 22 waiting", trouble=True)
HELP = HealthRow("2 requests for help not sent", trouble=True)
HELP_AS_IT_WAS = HealthRow("1 request not sent 01:30, 2 to tell of a change as of 22:15", trouble=True)
NOTE = "You can keep working; what you type is kept on this computer."
WRONG = {
    "the phones": (PHONES, CALM[1]),
    "the database": (CALM[0], DATABASE),
    "both": (PHONES, DATABASE),
    "help not sent": (*CALM, HELP),
    "three": (PHONES, DATABASE, HELP),
    "help as it was": (CALM[0], DATABASE, HELP_AS_IT_WAS),
}


@LAPTOPS
@pytest.mark.parametrize("wrong", list(WRONG))
def test_what_is_wrong_is_said_whole_and_nothing_is_cut_beside_it(
    show: Show, qapp: QApplication, size: tuple[int, int], wrong: str
) -> None:
    rows = away()
    view = show(replace(rows, status=replace(rows.status, health=WRONG[wrong], note=NOTE)), size)
    qapp.processEvents()
    chips = [chip for chip in view.status.findChildren(Chip) if chip.isVisible()]
    labels = [label for label in view.status.findChildren(PlainLabel) if label.isVisible()]

    assert [chip.text() for chip in chips] == [one.text for one in WRONG[wrong] if one.trouble]
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)
    assert [label.text() for label in labels if label.elided()] == []
    # What had no room is still there to be read and heard.
    assert NOTE.rstrip(".") in view.status.accessibleDescription() or NOTE in [label.text() for label in labels]


def test_what_was_left_out_comes_back_when_all_is_well(show: Show, qapp: QApplication) -> None:
    view = show(replace(away(), status=replace(away().status, health=WRONG["three"], note=NOTE)), (1280, 640))
    view.show_rows(paired())
    qapp.processEvents()
    said = [label.text() for label in view.status.findChildren(PlainLabel) if label.isVisible()]

    assert {one.text for one in paired().status.health} <= set(said)
    assert any("coordinating since" in text for text in said)
    assert view.status.accessibleDescription() == ""

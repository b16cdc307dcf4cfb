"""At 1366x690 and 1280x640 nothing that matters is cut: keys, what is wrong, and the line being typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.handler_rows import paired
from tests.helpers.show_handler import make_view
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.row_painter import cell_width, place
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


def cut(view: RowView) -> list[str]:
    """Return the words of a list that do not fit on their line and do not go on to another."""
    look, words = view._look, []
    for at, row in enumerate(view.rows):
        for line, area in view._painter.lines(row, view.visualRect(view.model().index(at, 0))):
            for placed in place(look, line, area):
                if not placed.cell.wrap and placed.rect.width() < cell_width(look, placed.cell):
                    words.append(placed.cell.text or placed.cell.key)
    return words


@LAPTOPS
def test_no_word_of_the_key_sheet_is_cut_and_one_bar_scrolls_it(
    show: Show, qapp: QApplication, size: tuple[int, int]
) -> None:
    view = show(paired(), size)
    view.panels.opens(Act.KEYS)
    qapp.processEvents()
    sheet = next(one for one in view.findChildren(KeySheet) if one.isVisible())
    areas = [one for one in sheet.findChildren(QAbstractScrollArea) if one.verticalScrollBar().isVisible()]

    assert [word for column in sheet.findChildren(RowView) for word in cut(column)] == []
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

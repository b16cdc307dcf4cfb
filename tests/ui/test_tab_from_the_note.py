"""Tab goes from the note down the record, and only then to the lists at the sides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.handler_rows import many, no_call, paired
from tests.helpers.show_handler import SeenActs, make_view
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> tuple[HandlerView, SeenActs]:
    """Return a shown view at 1366x690 with the paired rows, and what it asks for."""
    view, acts = make_view(qapp, paired())
    qtbot.addWidget(view)
    view.resize(1366, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.notes.editor.hasFocus)
    return view, acts


def focused() -> QWidget:
    """Return what has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def tabbed(view: HandlerView, *, back: bool = False) -> Iterator[QWidget]:
    """Press Tab (or Shift+Tab) from the note until it comes round again."""
    view.to_note()
    for _ in range(80):
        key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier)
        if view.notes.editor.hasFocus():
            return
        yield focused()
    raise AssertionError("Tab never came back to the note")


def test_tab_goes_down_the_record_before_it_goes_to_the_sides(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    stops = list(tabbed(view))
    names = [stop.accessibleName() for stop in stops]
    labels = [row.label for row in paired().fields]

    assert names[:4] == labels
    assert names[4:6] == ["Outcome", "Handover to"]
    sides = [stops.index(side) for side in (view.help.list, view.help.message, view.history.list)]
    assert sides == sorted(sides)
    assert stops.index(view.wrap_up.finish) < sides[0]


def test_shift_tab_is_the_same_way_back(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown

    assert list(tabbed(view, back=True)) == list(tabbed(view))[::-1]


def test_the_way_stays_when_other_rows_come_and_the_window_grows(
    shown: tuple[HandlerView, SeenActs], qapp: QApplication
) -> None:
    view, _ = shown
    for rows in (no_call(), many(6), paired()):
        view.show_rows(rows)
    view.resize(1920, 1000)
    qapp.processEvents()
    stops = list(tabbed(view))

    assert [stop.accessibleName() for stop in stops[:4]] == [row.label for row in paired().fields]
    asked = [stop for stop in stops if view.notes.prompts.isAncestorOf(stop)]
    assert asked
    assert stops.index(view.wrap_up.finish) < stops.index(asked[0]) < stops.index(view.help.list)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_is_typed_after_tab_never_goes_to_the_partner(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.to_note()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), paired().fields[0].choices[-1].label[:3])
    QTest.keyClick(focused(), Qt.Key.Key_Return)

    assert view.help.message.text() == ""
    assert acts.named("message") == []
    assert [one[2] for one in acts.named("field_changed")] == [paired().fields[0].field]


def test_searching_again_takes_the_place_of_the_old_words(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.panels.opens(Act.FIND)
    QTest.keyClicks(focused(), "fenn")
    view.panels.opens(Act.FIND)
    QTest.keyClicks(focused(), "fenn")

    assert acts.named("find_typed")[-1] == ("find_typed", "fenn")
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    view.panels.opens(Act.FIND)
    QTest.keyClicks(focused(), "orr")

    assert acts.named("find_typed")[-1] == ("find_typed", "orr")

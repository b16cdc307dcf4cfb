"""The ring goes with the keyboard: whatever has drawn one is painted anew, whole, when the focus leaves it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.screen_lint import tab_stops
from tests.helpers.three_screens import make_screen
from ui.desktop.theme.apply import choose
from ui.desktop.widgets.row_view import RowView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Painted(QObject):
    """Sums up what of one widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take note of a painting."""
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def ringed(widget: QWidget) -> tuple[QWidget, QRect]:
    """Return which widget has drawn the ring of a stop, and where in it."""
    if isinstance(widget, RowView):
        place = widget.visualRect(widget.currentIndex()) if widget.rows else widget.viewport().rect()
        return widget.viewport(), place & widget.viewport().rect()
    return (
        (widget.viewport(), widget.viewport().rect())
        if isinstance(widget, QAbstractScrollArea)
        else (
            widget,
            widget.rect(),
        )
    )


@pytest.mark.parametrize("name", ["handler-handler", "coordinator-pair", "coordinator-desk", "board"])
def test_what_had_the_ring_is_painted_whole_when_it_leaves(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    screen, _ = make_screen(qapp, name, choose(dark=False, high_contrast=False))
    qtbot.addWidget(screen)
    screen.resize(1280, 640)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    stops = tab_stops(screen)
    assert len(stops) > 3
    stops[0].setFocus()
    qapp.processEvents()
    for _ in stops:
        leaving = QApplication.focusWidget()
        assert leaving is not None
        drawn, place = ringed(leaving)
        seen = Painted(drawn)
        QTest.keyClick(leaving, Qt.Key.Key_Tab)
        qapp.processEvents()

        assert QApplication.focusWidget() is not leaving, leaving.accessibleName()
        assert (QRegion(place) - seen.region).isEmpty(), leaving.accessibleName()

"""The card of 999: it opens by the worker's own act, over the middle and right, and is read out line by line."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.coordinator_rows import coordinator_at_22_17_58
from tests.helpers.screen_lint import faults
from tests.ui.test_coordinator_view import Asked, press
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose

POLICE, CRISIS = str(UUID(int=1)), str(UUID(int=3))


@pytest.fixture
def acts() -> Asked:
    return Asked()


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, acts: Asked) -> CoordinatorView:
    made = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), acts)
    qtbot.addWidget(made)
    made.show_rows(coordinator_at_22_17_58())
    made.resize(1280, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.pair.line.hasFocus)
    return made


def choose_request(view: CoordinatorView, key: str) -> None:
    """Put the keyboard on a request."""
    view.pair.requests.setFocus()
    view.pair.requests.choose(key)


def test_by_keys_the_card_opens_for_police_and_is_read_line_by_line(view: CoordinatorView, acts: Asked) -> None:
    card = view.panels.emergency
    assert card.isHidden()
    choose_request(view, POLICE)
    press(view, Act.RING)

    assert card.isVisible()
    assert card.lines.hasFocus()
    assert card.place.text() == "In the car, by the reservoir, the second car park"
    assert view.pair.note.isVisible()
    card.lines.choose("3")
    QTest.keyClick(card.lines, Qt.Key.Key_Return)
    assert acts.heard == [("row", "requests", POLICE, "ring"), ("row", "relay", "3", "said")]
    assert card.lines.current_key() == "4"
    assert faults(view) == []
    QTest.keyClick(card.lines, Qt.Key.Key_Escape)
    assert card.isHidden()


def test_a_gap_on_the_card_asks_for_the_fact(view: CoordinatorView, acts: Asked) -> None:
    choose_request(view, POLICE)
    press(view, Act.RING)
    view.panels.emergency.lines.choose("2a")
    QTest.keyClick(view.panels.emergency.lines, Qt.Key.Key_Return)

    assert acts.heard[-1] == ("opened", "fact", "ask 2a")


def test_other_help_is_rung_and_opens_no_card(view: CoordinatorView, acts: Asked) -> None:
    choose_request(view, CRISIS)
    press(view, Act.RING)

    assert acts.heard == [("row", "requests", CRISIS, "ring")]
    assert view.panels.emergency.isHidden()


def test_a_row_of_the_directory_is_dialled(view: CoordinatorView, acts: Asked) -> None:
    view.pair.directory.setFocus()
    view.pair.directory.choose("d1")
    QTest.keyClick(view.pair.directory, Qt.Key.Key_Return)

    assert acts.heard == [("row", "directory", "d1", "dial")]

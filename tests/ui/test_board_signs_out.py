"""The board's sign-out sheet by keys alone: a manager leaves without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.night_screens import Night
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.screens.board.view import BoardView
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.apply import apply, choose


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


@pytest.fixture
def board(qtbot: QtBot, qapp: QApplication, night: Night) -> BoardView:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    made = BoardView(look, night.board)
    night.board.show_on(made.show_rows)
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def press(keys: str) -> None:
    """Press keys where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keySequence(focused, keys)


@pytest.mark.parametrize("key", [key_of(Act.FINISH), "Return", "Space"])
def test_the_sheet_has_the_focus_and_each_key_on_its_button_signs_out(board: BoardView, night: Night, key: str) -> None:
    press(key_of(Act.SIGN_OUT))
    (sheet,) = [one for one in board.findChildren(FormPanel) if one.isVisible()]
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused)
    press(key)
    night.room.settle()
    assert night.helen.shift.me() is None


def test_ctrl_enter_with_nothing_open_does_nothing(board: BoardView, night: Night) -> None:
    press(key_of(Act.FINISH))
    night.room.settle()
    assert night.helen.shift.me() is not None
    assert not [one for one in board.findChildren(FormPanel) if one.isVisible()]

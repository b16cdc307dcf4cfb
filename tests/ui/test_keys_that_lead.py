"""Keys that lead somewhere lead to what is seen, whatever lies open; a key with nothing to be about says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.coordinator_rows import coordinator_at_22_17_58
from tests.helpers.night_windows import Sitting, Windows, focused
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.shortcuts import Act

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def windows(qtbot: QtBot) -> Iterator[Windows]:
    """A pair at work, and a manager at the board."""
    made = Windows()
    made.paired()
    yield made
    made.end()


def at(sitting: Sitting) -> Sitting:
    """Go to a window as its worker does."""
    sitting.window.activateWindow()
    QApplication.processEvents()
    return sitting


def test_where_everything_has_an_owner_the_key_says_so_and_the_focus_stays(windows: Windows) -> None:
    tom = at(windows.tom)
    tom.press(Act.MESSAGE)
    line = focused()
    tom.press(Act.NEXT_UNOWNED)

    assert focused() is line
    assert tom.notice == "Everything open has an owner."


def test_keys_that_lead_put_the_key_sheet_away(windows: Windows) -> None:
    for sitting in (windows.tom, windows.helen):
        at(sitting).press(Act.KEYS)
        sitting.press(Act.NEXT_PANE)

        assert focused().isVisible(), sitting.window.windowTitle()
        assert not sitting.view.panels.keys.isVisible()


def test_work_that_nobody_has_is_come_to_though_the_key_sheet_lies_over_it(windows: Windows) -> None:
    view = at(windows.tom).view
    windows.tom.press(Act.KEYS)
    assert isinstance(view, CoordinatorView)
    view.show_rows(coordinator_at_22_17_58())
    next(one for one in view.shortcuts if one.objectName() == Act.NEXT_UNOWNED).activated.emit()

    assert focused() is view.pair.work
    assert focused().isVisible()


def test_the_key_that_rings_says_that_no_help_was_asked_for(windows: Windows) -> None:
    tom = at(windows.tom)
    tom.press(Act.RING)

    assert tom.notice == "No help has been asked for, so there is nobody to ring for it. Nothing was dialled."
    assert [one for one in tom.console.switchboard.asked if one.act.value == "originate"] == []

"""With the kind of call still to choose, the key that opens the record leads to where it is chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.night_screens import Night
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.kept_half import KeptHalf
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen, key_of
from ui.desktop.theme.apply import apply, choose
from ui.desktop.window import first_size


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


@pytest.fixture
def handler(qtbot: QtBot, qapp: QApplication, night: Night) -> HandlerView:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    made = HandlerView(look, night.handler, KeptHalf(night.handler_desk.half_filled, Screen.HANDLER))

    def show(rows: HandlerRows) -> None:
        night._h.append(rows)
        made.show_rows(rows)

    night.handler.show_on(show)
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


def settle(night: Night) -> None:
    """Let everything come back, and draw."""
    night.room.advance(2)
    night.handler.draw()


@pytest.mark.parametrize("act", [Act.RECORD, Act.NEXT_PART])
def test_the_key_of_the_record_goes_to_the_kind_of_call_while_that_is_to_choose(
    night: Night, handler: HandlerView, act: Act
) -> None:
    night.answered()
    settle(night)
    handler.notes.editor.setFocus()
    press(key_of(Act.FINISH))
    settle(night)
    assert "Kind of call. Ctrl+4 goes to Kind of call" in night.h.notice
    press(key_of(Act.DIRECTORY))
    press("Esc")
    press(key_of(act))
    settle(night)
    kind = QApplication.focusWidget()
    assert kind is not None
    assert kind.accessibleName() == "Kind of call"
    assert kind.isVisible()
    assert not [one for one in handler.findChildren(FormPanel) if one.isVisible()]

    night.fill("type", "information")
    settle(night)
    press(key_of(act))
    assert [one.form.key for one in handler.findChildren(FormPanel) if one.isVisible()] == ["record"]


def test_a_panel_that_covers_the_kind_of_call_goes(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    press(key_of(Act.DIRECTORY))
    press(key_of(Act.RECORD))
    kind = QApplication.focusWidget()
    assert kind is not None
    assert kind.accessibleName() == "Kind of call"
    assert not handler.panels.any_open


@pytest.mark.parametrize(
    ("screen", "opens"),
    [((1920, 1040), (1366, 690)), ((1280, 720), (1280, 680)), ((1366, 720), (1366, 680)), ((1024, 600), (1280, 640))],
)
def test_a_window_opens_no_larger_than_its_screen(screen: tuple[int, int], opens: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)) == QSize(*opens)

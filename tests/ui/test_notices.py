"""A notice has a place of its own on every screen: it covers nothing, and nothing covers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.board_rows import board_at_22_17_58
from tests.helpers.coordinator_rows import coordinator_at_22_17_58, desk_without_a_pair
from tests.helpers.handler_rows import paired
from tests.helpers.night_screens import Night
from tests.helpers.show_handler import SeenActs
from tests.helpers.three_screens import DeafActs
from ui.desktop.screens.board.desk_acts import WALL_NOTICE_FOR
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.notices import NoticeCard
from ui.desktop.widgets.row_view import RowView

WORDS = "This computer offers no keyring to this session.  Unlock or install a keyring and start again."
SIZES = ((1280, 640), (1366, 690), (1920, 1000))


def handler(look: Look) -> HandlerView:
    """Return the handler's screen with a notice."""
    view = HandlerView(look, SeenActs())
    view.show_rows(replace(paired(), notice=WORDS))
    return view


def pair(look: Look) -> CoordinatorView:
    """Return the coordinator's screen with a notice that came before the pair."""
    view = CoordinatorView(look, DeafActs())
    view.show_rows(replace(desk_without_a_pair(), notice=WORDS))
    view.show_rows(replace(coordinator_at_22_17_58(), notice=WORDS))
    return view


def board(look: Look) -> BoardView:
    """Return the board with a notice."""
    view = BoardView(look, DeafActs())
    view.show_rows(replace(board_at_22_17_58(), notice=WORDS))
    return view


SCREENS: dict[str, Callable[[Look], HandlerView | CoordinatorView | BoardView]] = {
    "handler": handler,
    "coordinator": pair,
    "board": board,
}


def shown(
    qtbot: QtBot, qapp: QApplication, name: str, size: tuple[int, int]
) -> HandlerView | CoordinatorView | BoardView:
    """Return a screen on show, laid out."""
    view = SCREENS[name](apply(qapp, choose(dark=False, high_contrast=False)))
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    qapp.processEvents()
    return view


def place(view: QWidget, part: QWidget) -> QRect:
    """Return where ``part`` is in ``view``."""
    return QRect(part.mapTo(view, QPoint()), part.size())


def on_top(view: QWidget, notice: NoticeCard) -> bool:
    """Say whether the middle and the button of the notice are what is seen there."""
    spots = (place(view, notice).center(), place(view, notice.button).center())
    found = [view.childAt(spot) for spot in spots]
    return all(one is not None and (one is notice or notice.isAncestorOf(one)) for one in found)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_notice_is_whole_and_covers_no_list(
    qtbot: QtBot, qapp: QApplication, name: str, size: tuple[int, int]
) -> None:
    view = shown(qtbot, qapp, name, size)
    notice = place(view, view.notice)

    assert (view.width(), view.height()) == size
    assert view.rect().contains(notice)
    assert on_top(view, view.notice)
    for one in view.findChildren(RowView):
        assert not one.isVisible() or not place(view, one).intersects(notice), one.accessibleName()


@pytest.mark.parametrize("name", SCREENS)
def test_a_notice_stays_in_sight_beside_an_open_panel_and_goes_home_after_it(
    qtbot: QtBot, qapp: QApplication, name: str
) -> None:
    view = shown(qtbot, qapp, name, (1280, 640))
    before = place(view, view.notice)
    next(one for one in view.shortcuts if one.objectName() == Act.KEYS.value).activated.emit()
    qapp.processEvents()
    assert on_top(view, view.notice)

    view.panels.close()
    qapp.processEvents()
    assert (place(view, view.notice), on_top(view, view.notice)) == (before, True)


LONG = f"{WORDS}  Until then what you write is kept in this computer's memory alone; it is shared as ever."


def test_a_long_notice_that_comes_to_a_screen_on_show_stands_in_the_middle(qtbot: QtBot, qapp: QApplication) -> None:
    view = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), DeafActs())
    qtbot.addWidget(view)
    view.show_rows(desk_without_a_pair())
    view.resize(1280, 640)
    view.show()
    qapp.processEvents()
    view.show_rows(replace(desk_without_a_pair(), notice=LONG))
    qapp.processEvents()
    assert abs(view.notice.button.geometry().center().y() - view.notice.rect().center().y()) <= 1, "in its middle"


def test_the_note_does_not_move_when_a_notice_comes(qtbot: QtBot, qapp: QApplication) -> None:
    view = HandlerView(apply(qapp, choose(dark=False, high_contrast=False)), SeenActs())
    qtbot.addWidget(view)
    view.show_rows(paired())
    view.resize(1280, 640)
    view.show()
    qapp.processEvents()
    parts = (view.notes.editor, view.notes.fields, view.help, view.wrap_up)
    before = [place(view, part) for part in parts]
    view.show_rows(replace(paired(), notice=WORDS * 2))
    qapp.processEvents()

    assert view.notice.isVisible()
    assert [place(view, part) for part in parts] == before


def test_the_button_takes_the_notice_away(qtbot: QtBot, qapp: QApplication) -> None:
    view = shown(qtbot, qapp, "coordinator", (1366, 690))
    with qtbot.waitSignal(view.notice.dismissed):
        QTest.mouseClick(view.notice.button, Qt.MouseButton.LeftButton)
    assert view.notice.button.accessibleName().startswith("Dismiss")


def test_what_is_not_shared_yet_stands_until_it_is_and_has_no_button(qtbot: QtBot, qapp: QApplication) -> None:
    view = board(apply(qapp, choose(dark=False, high_contrast=False)))
    qtbot.addWidget(view)
    view.show()
    assert view.notice.button.isVisible()
    view.show_rows(replace(board_at_22_17_58(), notice="", unsent="Not shared yet: desk-2: 3 entries"))
    qapp.processEvents()

    assert (view.notice.isVisible(), view.notice.button.isVisible()) == (True, False)


def test_on_the_wall_a_notice_goes_by_itself() -> None:
    night = Night()
    night.board.say(WORDS)
    night.room.advance(WALL_NOTICE_FOR + 1)
    assert night.b.notice == WORDS

    night.board.do(Act.WALL)
    assert night.b.notice == WORDS
    night.room.advance(WALL_NOTICE_FOR)
    assert night.b.notice == ""
    night.board.say("Said on the wall.")
    night.room.advance(WALL_NOTICE_FOR / 2)
    night.board.say("Said later.")
    night.room.advance(WALL_NOTICE_FOR / 2)
    assert night.b.notice == "Said later."
    night.room.close()

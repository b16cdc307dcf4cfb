"""The board: tiles that say their age, walked by arrows, without a caller's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.board_rows import board_at_22_17_58
from tests.helpers.screen_lint import faults
from ui.desktop.screens.board.hours import spoken
from ui.desktop.screens.board.rows import ListRow
from ui.desktop.screens.board.view import BoardView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.palette import Ink


class Asked:
    """Implements ``BoardActs`` by writing down what is asked for."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []

    def do(self, act: Act) -> None:
        """Write down an act."""
        self.heard.append(("do", act))

    def number_typed(self, typed: str) -> None:
        """Write it down."""
        self.heard.append(("number_typed", typed))

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write it down."""
        self.heard.append(("mark_number", key, how, words))

    def row(self, of: str, key: str, act: str) -> None:
        """Write down an act on a row."""
        self.heard.append(("row", of, key, act))

    def form_opened(self, key: str, subject: str) -> None:
        """Write down that a form was opened."""
        self.heard.append(("opened", key, subject))

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Write down a filled form."""
        self.heard.append(("sent", key, dict(values)))


@pytest.fixture
def acts() -> Asked:
    return Asked()


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, acts: Asked) -> BoardView:
    made = BoardView(apply(qapp, choose(dark=False, high_contrast=False)), acts)
    qtbot.addWidget(made)
    made.show_rows(board_at_22_17_58())
    made.resize(1366, 690)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.waiting.hasFocus)
    return made


def press(view: BoardView, act: Act) -> None:
    """Fire the shortcut of ``act``."""
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


@pytest.mark.parametrize("away", [False, True])
def test_nothing_is_nameless_small_or_rich(view: BoardView, qapp: QApplication, away: bool) -> None:
    view.show_rows(board_at_22_17_58(away=away))
    qapp.processEvents()

    assert faults(view) == []


def test_it_fits_1280_by_640(view: BoardView) -> None:
    hint = view.minimumSizeHint()

    assert (hint.width() <= 1280, hint.height() <= 640) == (True, True), hint


def test_what_the_database_said_greys_and_says_its_age(view: BoardView) -> None:
    view.show_rows(board_at_22_17_58(away=True))

    old = {tile.name for line in view.tiles() for tile in line if tile.stale}
    assert "Waiting" not in old
    assert {"Answered", "Open work", "Night capacity", "Staff on shift", "Visits out"} <= old
    assert "41 s old" in view.answered.accessibleDescription()


def test_every_tile_says_its_age(view: BoardView) -> None:
    for line in view.tiles():
        for tile in line:
            assert "1 s ago" in tile.accessibleDescription(), tile.name


def test_arrows_walk_over_the_tiles(view: BoardView) -> None:
    QTest.keyClick(view.waiting, Qt.Key.Key_Right)
    assert view.longest.hasFocus()
    QTest.keyClick(view.longest, Qt.Key.Key_Down)
    assert view.focusWidget() in (view.requests.view, view.calls.view)


def ringed(view: BoardView) -> list[str]:
    """Return the tiles round which the keyboard's ring is painted, whatever part of them is painted anew."""
    inked = view.calls.look.colour(Ink.FOCUS).name()
    found = []
    for tile in (tile for line in view.tiles() for tile in line):
        image = tile.grab().toImage()
        edge = [image.pixelColor(image.width() // 2, at).name() for at in (1, image.height() - 2)]
        found += [tile.name] * (inked in edge)
    return found


def test_one_ring_stands_and_only_where_the_keyboard_is(view: BoardView, qapp: QApplication) -> None:
    assert ringed(view) == ["Waiting"]
    view.calls.view.setFocus()
    qapp.processEvents()
    # Round the row, and never round its tile as well: that is painted when something in it changes, and stays.
    assert ringed(view) == []
    assert view.calls.view.rows
    view.rota.view.setFocus()
    qapp.processEvents()
    assert ringed(view) == []
    view.waiting.setFocus()
    qapp.processEvents()
    assert ringed(view) == ["Waiting"]


def test_enter_opens_the_list_behind_a_tile_and_esc_comes_back(view: BoardView) -> None:
    rows = replace(board_at_22_17_58(), details={"Waiting": (ListRow("c", "Portsmouth children", "", "00:44"),)})
    view.show_rows(rows)
    QTest.keyClick(view.waiting, Qt.Key.Key_Return)
    assert "Portsmouth children" in view.panels.current_rows()[0].spoken
    QTest.keyClick(view.focusWidget(), Qt.Key.Key_Escape)

    assert view.waiting.hasFocus()


def test_a_call_out_and_the_wall_are_one_key_each(view: BoardView, acts: Asked) -> None:
    press(view, Act.CALL_OUT)
    press(view, Act.WALL)

    assert acts.heard == [("do", Act.CALL_OUT), ("do", Act.WALL)]


def test_enter_on_a_live_call_asks_what_to_do_about_it(view: BoardView, acts: Asked) -> None:
    view.calls.view.setFocus()
    view.calls.view.choose("a")
    QTest.keyClick(view.calls.view, Qt.Key.Key_Return)

    assert acts.heard == [("row", "calls", "a", "act")]


@pytest.mark.parametrize("act", [Act.LISTEN, Act.SUPERVISE])
def test_listening_by_key_is_about_the_live_call_that_the_ring_stands_on(
    view: BoardView, acts: Asked, act: Act
) -> None:
    view.calls.view.setFocus()
    view.calls.view.choose("a")
    press(view, act)
    view.waiting.setFocus()
    press(view, act)

    assert acts.heard == [("row", "calls", "a", act), ("row", "calls", "", act)], "a row that nobody sees is not meant"


def test_the_chart_says_every_figure() -> None:
    words = spoken(board_at_22_17_58().hours.bars)

    assert "17:00 18 calls, usual 16" in words
    assert "22:00 4 calls so far, usual 7" in words
    assert "23:00" not in words


def test_a_refresh_moves_no_focus(view: BoardView) -> None:
    view.answered.setFocus()
    for away in (True, False, True):
        view.show_rows(board_at_22_17_58(away=away))

    assert view.answered.hasFocus()

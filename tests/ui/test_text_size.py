"""text_percent: at 150 and 200 % everything is larger, nothing overlaps, and all of it can be reached."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from console.domain.people import Rank
from console.machine.paths import Home
from console.machine.secrets import SessionSecrets
from console.ports.manual import InlineInbox, InlineRunner
from tests.helpers.handler_rows import paired
from tests.helpers.night_room import PRIYA, HandFeed, HandSwitchboard, Room
from tests.helpers.screen_lint import visible
from tests.helpers.seated import seat
from tests.helpers.three_screens import SCREENS, lists, make_screen, overlaps
from ui.bootstrap.console import Console
from ui.bootstrap.place import Computer, Threads, make_place
from ui.desktop.screens.board.lists import call_row, staff_row
from ui.desktop.screens.board.rows import LiveCallRow, StaffRow
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import choose
from ui.desktop.theme.look import Look, Theme
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.reach import Reach
from ui.settings import Settings

DESKTOP = (1920, 1040)
"""A usual screen less its task bar."""
LARGER = pytest.mark.parametrize("zoom", [1.5, 2.0], ids=["150 %", "200 %"])
EACH = pytest.mark.parametrize("name", list(SCREENS))


def light() -> Theme:
    """Return the light theme, whatever this computer prefers."""
    return choose(dark=False, high_contrast=False)


def opened(qtbot: QtBot, qapp: QApplication, name: str, zoom: float) -> tuple[Reach, QWidget, Look]:
    """Return a screen in the area that lets it be reached, shown on a desktop screen."""
    screen, look = make_screen(qapp, name, light(), zoom)
    reach = Reach(screen)
    qtbot.addWidget(reach)
    reach.resize(*DESKTOP)
    reach.show()
    qapp.processEvents()
    return reach, screen, look


@LARGER
@EACH
def test_all_of_a_screen_can_be_reached(qtbot: QtBot, qapp: QApplication, name: str, zoom: float) -> None:
    reach, screen, _ = opened(qtbot, qapp, name, zoom)
    across, down = reach.horizontalScrollBar().maximum(), reach.verticalScrollBar().maximum()
    least = screen.minimumSizeHint()

    assert screen.width() >= least.width()
    assert screen.height() >= least.height()
    assert screen.width() <= reach.viewport().width() + across
    assert screen.height() <= reach.viewport().height() + down
    assert across == 0, "reading must not need scrolling to the side"


@LARGER
@EACH
def test_every_list_shows_rows_and_scrolls_to_the_last(
    qtbot: QtBot, qapp: QApplication, name: str, zoom: float
) -> None:
    reach, _, _ = opened(qtbot, qapp, name, zoom)
    assert lists(reach)
    for view in lists(reach):
        first = view.sizeHintForIndex(view.model().index(0, 0)).height()
        bar = view.verticalScrollBar()

        assert view.viewport().height() >= min(first, 60), view.accessibleName()
        assert view.content_height() <= view.viewport().height() + bar.maximum(), view.accessibleName()


@LARGER
@EACH
def test_no_text_runs_into_another(qtbot: QtBot, qapp: QApplication, name: str, zoom: float) -> None:
    reach, _, look = opened(qtbot, qapp, name, zoom)
    for view in lists(reach):
        for row in view.rows:
            assert list(overlaps(look, row, view.viewport().width())) == [], view.accessibleName()


@LARGER
@EACH
def test_buttons_hold_their_words_and_do_not_overlap(qtbot: QtBot, qapp: QApplication, name: str, zoom: float) -> None:
    reach, _, look = opened(qtbot, qapp, name, zoom)
    buttons = list(visible(reach, QPushButton))
    words = look.metrics(Type.BODY, Weight.MEDIUM)
    for button in buttons:
        assert button.width() >= min(button.sizeHint().width(), words.horizontalAdvance(button.text())), button.text()
        assert button.height() >= words.height()
    for one, two in combinations(buttons, 2):
        if one.parentWidget() is two.parentWidget():
            assert not one.geometry().intersects(two.geometry()), f"{one.text()} and {two.text()}"


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5, 2.0])
def test_text_and_sizes_grow_alike(qapp: QApplication, zoom: float) -> None:
    look = Look(light(), zoom=zoom)

    assert look.font(Type.NAME).pixelSize() == round(20 * zoom)
    assert look.px(32) == round(32 * zoom)


@pytest.mark.parametrize(("zoom", "step"), [(1.0, 1.14), (1.5, 1.5), (2.0, 2.0), (0.8, 0.8 * 1.14)])
def test_a_wide_window_is_not_wide_where_everything_is_larger(qapp: QApplication, zoom: float, step: float) -> None:
    look = Look(light(), zoom=zoom)
    look.fit(1920)

    assert look.scale.factor == pytest.approx(step)


@LARGER
def test_the_note_keeps_a_third_of_the_screen(qtbot: QtBot, qapp: QApplication, zoom: float) -> None:
    reach, screen, _ = opened(qtbot, qapp, "handler-handler", zoom)
    assert isinstance(screen, HandlerView)

    assert screen.notes.width() >= reach.width() / 3


def test_what_takes_the_focus_comes_into_sight(qtbot: QtBot, qapp: QApplication) -> None:
    reach, screen, _ = opened(qtbot, qapp, "handler-handler", 2.0)
    assert isinstance(screen, HandlerView)
    reach.resize(1000, 500)
    reach.activateWindow()
    qtbot.waitUntil(reach.isActiveWindow)
    for target in (screen.wrap_up.finish, screen.help.message, screen.notes.editor):
        target.setFocus()
        qapp.processEvents()
        middle = target.mapTo(reach, target.rect().center())

        assert reach.rect().contains(middle), target.accessibleName()
    assert reach.verticalScrollBar().maximum() > 0


def test_a_call_that_rings_scrolls_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    reach, screen, _ = opened(qtbot, qapp, "handler-no-call", 2.0)
    assert isinstance(screen, HandlerView)
    reach.resize(1000, 500)
    reach.verticalScrollBar().setValue(200)
    before = reach.verticalScrollBar().value()
    screen.show_rows(paired())
    qapp.processEvents()

    assert before > 0
    assert reach.verticalScrollBar().value() == before


def test_where_it_is_narrow_rows_take_a_line_more_and_lose_no_news(qapp: QApplication) -> None:
    call = LiveCallRow("a", Rank.NOW, "03:39", "now", "Suicidal caller", "Hampshire", "P", "Alone", "Police", "Log 7")
    worker = StaffRow("o", "Owen Pryce", "Adults' SW", "Visit, alone", "19:58")
    news = [cell.text for line in call_row(call, narrow=True).lines for cell in line.cells if cell.wrap]
    said = [cell.text for line in staff_row(worker, stale=False, narrow=True).lines for cell in line.cells]

    assert news == ["P", "Alone", "Police", "Log 7"]
    assert said == ["Owen Pryce", "19:58", "Visit, alone"]
    assert "Adults' SW" in staff_row(worker, stale=False, narrow=True).spoken


def test_the_setting_reaches_the_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    room = Room()
    computer = Computer(Home(tmp_path), Settings(text_percent=150), SessionSecrets(), "", room.clock)
    telephones = (HandSwitchboard(frozenset()), UUID(int=1))
    work = Threads(InlineInbox(), InlineRunner(), room.alarm)
    place = make_place(computer, room.store, lambda who: HandFeed(room.store, who, room.clock), telephones, work)
    window = Console(place, light(), lambda: None).window
    qtbot.addWidget(window)
    window.seat(seat(room, room.console(PRIYA, "1001"))[0], Screen.HANDLER)
    window.resize(1366, 690)
    window.show()
    view = window.view(Screen.HANDLER)
    assert isinstance(view, HandlerView)
    texts: list[QWidget] = [*visible(view, QPlainTextEdit), *visible(view, QLineEdit)]

    assert view.font().pixelSize() == round(13 * 1.5)
    assert texts
    assert all(one.font().pixelSize() >= round(13 * 1.5) for one in texts)
    window.end()

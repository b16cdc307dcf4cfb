"""A rehearsal says so on every screen, in the title and at sign-in; real work never does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.ports.manual import NIGHT, ManualClock
from db.opening import create_store
from telephony_adapters.simulator import SimulatorSettings
from telephony_adapters.simulator import connect as simulated
from tests.helpers.handler_rows import away
from tests.helpers.night_room import HELEN, Room
from tests.helpers.seated import seat
from tests.helpers.show_handler import make_view
from ui.bootstrap.entrance import ConsoleOptions, Entrance
from ui.bootstrap.no_telephone import NoTelephone
from ui.bootstrap.place import INVENTED, SIMULATED, rehearsal_words
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.runtime.application import dress
from ui.desktop.screens.board.view import BoardView
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import choose
from ui.desktop.widgets.faces import HealthRow
from ui.desktop.widgets.status import StatusStrip
from ui.desktop.widgets.stripes import RehearsalMark
from ui.desktop.window import ConsoleWindow
from ui.settings import Settings

PATIENCE = 60_000
Opens = Callable[[str], ConsoleWindow]


@pytest.fixture
def opens(qtbot: QtBot, qapp: QApplication) -> Iterator[Opens]:
    """Return what opens a small window of a console whose place says ``rehearsal``."""
    room, windows = Room(), list[ConsoleWindow]()

    def opened(rehearsal: str) -> ConsoleWindow:
        window = ConsoleWindow(choose(dark=False, high_contrast=False), rehearsal=rehearsal)
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(1280, 640)
        window.show()
        desk, _ = seat(room, room.console(HELEN))
        window.seat(desk, Screen.BOARD)
        return window

    yield opened
    for window in windows:
        window.end()
    room.close()


def mark_of(window: ConsoleWindow, screen: Screen, qapp: QApplication) -> RehearsalMark:
    """Return the one mark of a screen, which is now shown."""
    window.go_to(screen.value)
    qapp.processEvents()
    (mark,) = window.view(screen).findChildren(RehearsalMark)
    return mark


@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_of_a_rehearsal_says_so_whole(opens: Opens, qapp: QApplication, screen: Screen) -> None:
    window = opens(INVENTED)
    mark = mark_of(window, screen, qapp)
    assert mark.isVisible()
    assert mark.text() == "REHEARSAL: invented people"
    assert mark.width() >= mark.sizeHint().width()
    assert mark.height() <= 24
    assert window.windowTitle() == "REHEARSAL: invented people. Nightdesk"


@pytest.mark.parametrize("rehearsal", [INVENTED, ""])
@pytest.mark.parametrize("screen", list(Screen))
def test_three_things_wrong_at_once_let_no_screen_scroll_sideways(
    opens: Opens, qapp: QApplication, screen: Screen, rehearsal: str
) -> None:
    window = opens(rehearsal)
    window.go_to(screen.value)
    wrong = (
        "2 requests to tell of a change",
        "2 missed calls Ctrl+Shift+M",
        "0 free, 1 waiting 00:44: call out Ctrl+O",
    )
    (strip,) = window.view(screen).findChildren(StatusStrip)
    strip.show_row(replace(away().status, health=tuple(HealthRow(words, trouble=True) for words in wrong)))
    qapp.processEvents()
    assert strip.minimumSizeHint().width() <= 1280
    assert all(words in strip.toolTip() for words in wrong), "what is elided is whole in the tooltip"


def test_the_wall_says_it_too(opens: Opens, qapp: QApplication) -> None:
    window = opens(SIMULATED)
    mark = mark_of(window, Screen.BOARD, qapp)
    board = window.view(Screen.BOARD)
    assert isinstance(board, BoardView)
    board.wall.click()
    qapp.processEvents()
    assert mark.isVisible()
    assert mark.text() == "REHEARSAL: simulated telephones"


@pytest.mark.parametrize("screen", list(Screen))
def test_real_work_has_no_mark(opens: Opens, qapp: QApplication, screen: Screen) -> None:
    window = opens("")
    assert not mark_of(window, screen, qapp).isVisible()
    assert window.windowTitle() == "Nightdesk"


def test_it_is_never_given_up_for_room(qtbot: QtBot, qapp: QApplication) -> None:
    view, _ = make_view(qapp, away())
    qtbot.addWidget(view)
    view.status.show_rehearsal(INVENTED)
    view.resize(1024, 600)
    view.show()
    qapp.processEvents()
    assert view.status.rehearsal.isVisible()
    assert view.status.rehearsal.width() == view.status.rehearsal.sizeHint().width()
    assert view.minimumSizeHint().width() <= 1280


def test_a_switchboard_or_a_record_of_a_rehearsal_is_enough() -> None:
    real, fake = NoTelephone(ManualClock(NIGHT)), simulated(SimulatorSettings())
    assert rehearsal_words(real, invented=False) == ""
    assert rehearsal_words(real, invented=True) == INVENTED
    assert rehearsal_words(fake, invented=True) == INVENTED
    assert rehearsal_words(fake, invented=False) == SIMULATED


@pytest.mark.timeout(180)
def test_the_sign_in_says_it_before_anybody_signs_in(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    made = create_store(str(tmp_path / "r.db"), key=None, clock=SystemClock(), invented=True)
    made.close()
    settings = Settings(switchboard="simulator", rehearsal=True)
    entrance = Entrance(
        ConsoleOptions(str(tmp_path / "r.db"), rehearsal=True), settings, Home(tmp_path / "h"),
        dress(qapp, dark=False), lambda _code: None,
    )  # fmt: skip
    entrance.begin()
    window = next(one for one in qapp.topLevelWidgets() if isinstance(one, SignInWindow) and one.isVisible())
    assert window.windowTitle().startswith("REHEARSAL")
    (mark,) = window.findChildren(RehearsalMark)
    assert mark.isVisible()
    qtbot.waitUntil(lambda: mark.text() == INVENTED, timeout=PATIENCE)
    qtbot.waitUntil(lambda: mark.width() == mark.sizeHint().width(), timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.close()
    entrance.end(0)

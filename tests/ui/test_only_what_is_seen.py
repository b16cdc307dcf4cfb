"""Seen is said only of what a worker has before them: a hidden or minimised screen says nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.record import StreamKind, StreamRef
from console.services.link_state import Delivery
from tests.helpers.behind import behind, in_front
from tests.helpers.night_room import PRIYA, TOM, Room
from tests.helpers.seated import seat
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import choose
from ui.desktop.window import ConsoleWindow


class Two:
    """Priya writes on a presenter's screen, Tom sits at a real window."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room()
        self.priya = self.room.console(PRIYA, "1001")
        self.tom = self.room.console(TOM, "1002")
        self.window = ConsoleWindow(choose(dark=False, high_contrast=False))
        qtbot.addWidget(self.window)
        self.window.show()
        desk, _ = seat(self.room, self.tom)
        self.window.seat(desk, Screen.COORDINATOR)
        self.contact = self.priya.contacts.open(dialled="01632960001")
        self.priya.pair.need_second(self.contact)
        self.room.settle()
        self.tom.pair.accept(self.tom.pair.waiting_summons()[0], self.tom.outcomes.append)
        self.room.advance(3)

    def seen(self) -> bool:
        """Let Priya write a line, and say whether it is said to be seen a while later."""
        line = self.priya.note(self.contact, "awake, talking")
        self.room.advance(4)
        items = self.priya.ledger.items(StreamRef(StreamKind.CONTACT, self.contact))
        entry = next(item for item in items if item.content.get("line") == str(line))
        return self.priya.ledger.progress(entry.id).delivery is Delivery.SEEN


@pytest.fixture
def two(qtbot: QtBot, qapp: QApplication) -> Iterator[Two]:
    made = Two(qtbot)
    yield made
    made.window.end()
    made.room.close()


def test_a_line_on_the_screen_is_seen(two: Two) -> None:
    assert two.seen()


def test_a_line_of_a_screen_that_was_left_is_not_seen_until_it_is_shown_again(two: Two) -> None:
    two.window.go_to("handler")
    assert not two.seen()
    two.window.go_to("coordinator")

    assert two.seen()


def test_nothing_is_seen_in_a_minimised_window(two: Two) -> None:
    two.window.setWindowState(Qt.WindowState.WindowMinimized)
    assert two.window.isMinimized()
    assert not two.seen()
    two.window.setWindowState(Qt.WindowState.WindowNoState)

    assert two.seen()


def test_a_screen_that_is_only_made_draws_nothing_and_sees_nothing(two: Two) -> None:
    two.window.go_to("board")
    view = two.window.view(Screen.HANDLER)
    two.window.acts(Screen.HANDLER).draw()

    assert isinstance(view, HandlerView)
    assert view.notes.editor.placeholderText() == ""
    assert not two.seen()
    two.window.go_to("handler")
    assert "Notes begin with a call" in view.notes.editor.placeholderText()


def test_nothing_is_seen_behind_another_program_and_all_of_it_when_the_window_is_in_front_again(two: Two) -> None:
    behind(two.window)
    assert not two.seen()
    in_front(two.window)

    assert two.seen()

"""Random keys and clicks at the handler's and the coordinator's windows, side by side, while things arrive.

Held to Show 3 of issue 4: no focus is stolen (it moves only by the hands' own act), no key is eaten, nothing fails.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from console.domain.locations import LocationSource
from console.services.refusing import Refused
from tests.helpers.night_windows import LINE, Sitting, Windows, focused
from ui.desktop.shortcuts import Act, shortcuts_of
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.row_view import RowView

# A list that hands open is a window of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LETTERS = "abcdefghijklmnopqrstuvwxyz "
SAFE = (Act.NOTE, Act.MESSAGE, Act.NEXT_PANE, Act.PANE_1, Act.PANE_2, Act.PANE_3, Act.FIND, Act.RISKS, Act.INSERT_TIME)
"""Keys that take the hands somewhere; what changes the night is done by the other one's console."""
WRITTEN_IN_PIECES = ("Notes", "One line to the partner")
KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up)


class Hands:
    """Two pairs of hands at two windows, and what arrives meanwhile."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.windows = Windows()
        self.windows.paired()
        self.typed = 0
        self.arrived = 0
        self.full = 0
        self._calls = 0

    def focus_of(self, sitting: Sitting) -> QWidget:
        """Go to a window as its worker does, and return what has its focus."""
        sitting.window.activateWindow()
        QApplication.processEvents()
        return sitting.window.focusWidget()

    # --- the hands' own acts ------------------------------------------------------------------

    def act(self, sitting: Sitting) -> None:
        """Do one thing with keys or a click, at one window."""
        choices = (self.type_a_word, self.type_a_word, self.press_a_key, self.press_a_shortcut, self.click_somewhere)
        self.random.choice(choices)(sitting)

    def type_a_word(self, sitting: Sitting) -> None:
        """Type letters one by one, with things arriving between them: each is there, in its place."""
        if self.random.random() < 0.6:
            sitting.press(Act.NOTE if sitting is self.windows.priya else Act.MESSAGE)
        target = self.focus_of(sitting)
        for _ in range(self.random.randint(1, 4)):
            before, letter, selected = text_of(target), self.random.choice(LETTERS), selected_in(target)
            with refusals_of(target) as refused:
                QTest.keyClicks(target, letter)
            after = text_of(target)
            if refused:
                self.send_what_is_full(target, before)
                return
            if before is not None and is_writable(target):
                assert after is not None
                stays = len(before) - len(selected)
                assert len(after) == stays + 1, f"{letter!r} was eaten by {target.accessibleName()}"
                assert not (selected and target.accessibleName() in WRITTEN_IN_PIECES), "what was begun is gone"
                self.typed += 1
            self.arrive()
            if before is not None and is_writable(target):
                assert text_of(target) == after, f"what stood in {target.accessibleName()} was changed"

    def send_what_is_full(self, target: QWidget, before: str | None) -> None:
        """A line that holds no more said so and cut nothing: Enter sends it, and the next one begins empty."""
        assert text_of(target) == before, "a line that is full was changed"
        QTest.keyClick(target, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert target.accessibleName() not in WRITTEN_IN_PIECES or text_of(target) == "", "a full line was not sent"
        self.full += 1

    def press_a_key(self, sitting: Sitting) -> None:
        """Press a key that moves about."""
        QTest.keyClick(self.focus_of(sitting), self.random.choice(KEYS))
        QApplication.processEvents()

    def press_a_shortcut(self, sitting: Sitting) -> None:
        """Press a key of the sheet that takes the hands somewhere."""
        known = {one.act for one in shortcuts_of(sitting.window.screen_shown)}
        sitting.press(self.random.choice([act for act in SAFE if act in known]))

    def click_somewhere(self, sitting: Sitting) -> None:
        """Click into a list or a field that can be seen."""
        kinds = (RowView, QLineEdit, QPlainTextEdit)
        seen = [one for kind in kinds for one in sitting.window.findChildren(kind) if one.isVisible()]
        target = self.random.choice(seen)
        at = target.viewport() if isinstance(target, RowView | QPlainTextEdit) else target
        QTest.mouseClick(at, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    # --- what arrives -------------------------------------------------------------------------

    def arrive(self) -> None:
        """Let something arrive at both windows; no focus moves, at the one in front nor in the one behind."""
        both = (self.windows.priya, self.windows.tom)
        before = [one.window.focusWidget() for one in both]
        in_front = QApplication.focusWidget()
        what = (self.a_note, self.a_fact, self.a_line, self.a_signal, self.a_call, self.time, self.the_record_goes)
        act: Callable[[], None] = self.random.choice(what)
        try:
            act()
        except Refused:
            return
        for one in both:
            one.settle()
        self.arrived += 1
        now = [one.window.focusWidget() for one in both]
        assert now == before, f"{act.__name__} moved the focus"
        assert QApplication.focusWidget() is in_front
        assert QApplication.activeModalWidget() is None

    def a_note(self) -> None:
        """Somebody else writes a line into the record."""
        self.windows.grace.note(self.windows.incident.contact or uuid4(), "she rang again")

    def a_fact(self) -> None:
        """A colleague writes a fact or a place."""
        tom, incident = self.windows.tom.console, self.windows.incident.id
        if self.random.random() < 0.5:
            tom.incidents.place(incident, self.random.choice(("by the water", "at home")), LocationSource.CALLER_STATED)
        else:
            tom.incidents.fact(incident, "state", self.random.choice(("awake", "drowsy")), "caller stated")

    def a_line(self) -> None:
        """One line from either of the two."""
        one = self.random.choice((self.windows.priya, self.windows.tom))
        one.console.pair.say(self.windows.incident.id, "look at this")

    def a_signal(self) -> None:
        """A signal from either of the two."""
        priya, tom = self.windows.priya, self.windows.tom
        one, key = self.random.choice(((priya, "get_police"), (tom, "ask_location"), (priya, "caller_gone")))
        one.console.pair.signal(self.windows.incident.id, key)

    def a_call(self) -> None:
        """Another caller rings, or rings off."""
        if self._calls % 2 == 0:
            self.windows.room.rings(f"more {self._calls}", "01632960741", LINE, "1001", "1002")
        else:
            self.windows.room.ends(f"more {self._calls - 1}")
        self._calls += 1

    def time(self) -> None:
        """Some seconds pass."""
        self.windows.room.advance(self.random.choice((0.6, 2.0, 5.0)))

    def the_record_goes(self) -> None:
        """The record goes, or comes back."""
        self.windows.room.store.away = not self.windows.room.store.away
        self.windows.room.advance(3)


def text_of(widget: QWidget) -> str | None:
    """Return what stands in a field; None for what is no field."""
    if isinstance(widget, QLineEdit):
        return widget.text()
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit) else None


def selected_in(widget: QWidget) -> str:
    """Return what the next letter replaces."""
    if isinstance(widget, QLineEdit):
        return widget.selectedText()
    return widget.textCursor().selectedText() if isinstance(widget, QPlainTextEdit) else ""


@contextmanager
def refusals_of(widget: QWidget) -> Iterator[list[str]]:
    """Give the sentences by which a line says that it takes no more of what is typed."""
    said: list[str] = []
    if isinstance(widget, LineField):
        widget.refused.connect(said.append)
    yield said
    if isinstance(widget, LineField):
        widget.refused.disconnect(said.append)


def is_writable(widget: QWidget) -> bool:
    """Say whether a letter belongs into it."""
    return isinstance(widget, QLineEdit | QPlainTextEdit) and not widget.isReadOnly()


@pytest.mark.parametrize("screen", ["handler", "coordinator"])
def test_whoever_comes_back_to_a_half_written_line_goes_on_with_it(qtbot: QtBot, screen: str) -> None:
    windows = Windows()
    windows.paired()
    sitting = windows.priya if screen == "handler" else windows.tom
    sitting.window.activateWindow()
    for words in ("police six ", "minutes"):
        sitting.press(Act.MESSAGE)
        QTest.keyClicks(focused(), words)
        sitting.press(Act.NEXT_PANE)
    sitting.press(Act.MESSAGE)
    line = focused()
    assert text_of(line) == "police six minutes"
    QTest.keyClick(line, Qt.Key.Key_Tab)
    QTest.keyClick(focused(), Qt.Key.Key_Backtab)
    assert focused() is line
    QTest.keyClicks(line, " now")
    assert text_of(line) == "police six minutes now"
    windows.end()


@pytest.fixture
def hands(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Hands]:
    made = Hands(request.param)
    yield made
    made.windows.end()


@pytest.mark.parametrize("hands", range(3), indirect=True)
def test_no_focus_is_stolen_and_no_key_is_eaten_while_things_arrive(hands: Hands) -> None:
    for _ in range(90):
        hands.act(hands.random.choice((hands.windows.priya, hands.windows.tom)))
    assert hands.typed > 5
    assert hands.arrived > 20


@pytest.mark.long("hands")
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("hands", range(100, 130), indirect=True)
def test_no_focus_is_stolen_in_thousands_of_acts(hands: Hands) -> None:
    for _ in range(600):
        hands.act(hands.random.choice((hands.windows.priya, hands.windows.tom)))
    assert hands.full > 0, "in so many letters a line to the partner was full, and was sent"

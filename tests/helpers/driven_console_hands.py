"""Hands at a window for tests: keys as key events through Qt's own delivery, clicks as clicks."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from tests.helpers.behind import behind, in_front
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.long_fields import TickList
from ui.desktop.shortcuts import Act, shortcuts_of
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.row_painter import RowPainter
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.ticks import TickBox
from ui.desktop.window import ConsoleWindow

W = TypeVar("W", bound=QWidget)


class CannotDo(Exception):
    """The window does not offer it now; the words say what is missing."""


def press(window: ConsoleWindow, act: str) -> str:
    """Press the key of ``act`` on the screen that is shown; return the name of what had the focus."""
    screen = window.screen_shown
    found = next((one for one in shortcuts_of(screen) if one.act == Act(act)), None)
    if found is None:
        raise CannotDo(f"the {screen.value} screen has no key for {act}")
    target = focus_of(window)
    QTest.keySequence(target, QKeySequence(found.key))
    return target.accessibleName()


def focus_of(window: ConsoleWindow) -> QWidget:
    """Return what keys go to; the window is the active one, or nobody's keys would arrive."""
    if not window.isActiveWindow():
        window.activateWindow()
        if not QTest.qWaitForWindowActive(window, 2000):
            raise CannotDo("the window is not the active one")
    return QApplication.focusWidget() or window


def key(window: ConsoleWindow, name: str) -> None:
    """Press one key by its name: Return, Escape, Tab ..."""
    QTest.keyClick(focus_of(window), Qt.Key[f"Key_{name}"])


def type_text(window: ConsoleWindow, text: str) -> str:
    """Type into whatever has the focus; return its name."""
    target = focus_of(window)
    for number, line in enumerate(text.split("\n")):
        if number:
            QTest.keyClick(target, Qt.Key.Key_Return)
        QTest.keyClicks(target, line)
    return target.accessibleName()


class Typist:
    """Types one key every so many milliseconds and tells, key by key, on stdout."""

    def __init__(self, window: ConsoleWindow, text: str, every_ms: int) -> None:
        self._window = window
        self._left = list(text)
        self._count = 0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._one)
        self._timer.start(every_ms)

    @property
    def done(self) -> bool:
        """Say whether everything was typed."""
        return not self._left

    def _one(self) -> None:
        if not self._left:
            self._timer.stop()
            return
        char = self._left.pop(0)
        target = focus_of(self._window)
        if char == "\n":
            QTest.keyClick(target, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(target, char)
        self._count += 1
        sys.stdout.write(json.dumps({"typed": self._count, "at": time.monotonic()}) + "\n")
        sys.stdout.flush()


def visible(root: QWidget, kind: type[W]) -> list[W]:
    """Return the widgets of ``kind`` that can be seen inside ``root``."""
    return [one for one in root.findChildren(kind) if one.isVisible()]


def click(window: ConsoleWindow, words: str) -> None:
    """Click the button that says ``words``."""
    found = next((one for one in visible(window, KeyButton) if one.face.text == words and one.isEnabled()), None)
    if found is None:
        raise CannotDo(f"no button says {words}; there are {[one.face.text for one in visible(window, KeyButton)]}")
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def choose(window: ConsoleWindow, name: str, label: str) -> None:
    """Choose ``label`` in the list called ``name``."""
    boxes = [one for one in visible(window, ChoiceBox) if one.accessibleName() == name]
    if not boxes:
        raise CannotDo(f"no list is called {name}; {[one.accessibleName() for one in visible(window, ChoiceBox)]}")
    _pick(boxes[0], label)


def _pick(box: ChoiceBox, label: str) -> None:
    labels = [box.itemText(at) for at in range(box.count())]
    if label not in labels or not box.isEnabled():
        raise CannotDo(f"{box.accessibleName()} does not offer {label}: {labels}")
    box.setFocus()
    box.setCurrentIndex(labels.index(label))
    box.activated.emit(labels.index(label))


def tick(window: ConsoleWindow, label: str) -> None:
    """Tick the box that says ``label``."""
    found = next((one for one in visible(window, TickBox) if one.accessibleName() == label), None)
    if found is None:
        raise CannotDo(f"no box says {label}; {[one.accessibleName() for one in visible(window, TickBox)]}")
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def act_on_row(window: ConsoleWindow, name: str, words: str, act: str = "") -> str:
    """Go to the row that says ``words`` in the list called ``name`` and press Enter, or the row's button ``act``."""
    for view in visible(window, RowView):
        row = next((one for one in view.rows if words in one.spoken), None)
        if view.accessibleName() != name or row is None:
            continue
        view.setFocus()
        view.choose(row.key)
        if not act or row.acts[:1] == (act,):
            QTest.keyClick(view, Qt.Key.Key_Return)
        else:
            view.acted.emit(row.key, act)
        return row.spoken
    shown = {view.accessibleName(): [row.spoken for row in view.rows] for view in visible(window, RowView)}
    raise CannotDo(f"no row of {name} says {words}: {shown}")


def select_row(window: ConsoleWindow, name: str, words: str) -> str:
    """Go to the row that says ``words``, so that the next key means it."""
    for view in visible(window, RowView):
        row = next((one for one in view.rows if words in one.spoken), None)
        if view.accessibleName() == name and row is not None:
            view.setFocus()
            view.choose(row.key)
            return row.spoken
    raise CannotDo(f"no row of {name} says {words}")


def press_in_row(window: ConsoleWindow, name: str, words: str, act: str) -> None:
    """Click with the mouse on the button ``act`` that is drawn in a row."""
    select_row(window, name, words)
    view = next(one for one in visible(window, RowView) if one.accessibleName() == name)
    view.scrollTo(view.currentIndex())
    found = _place_of(view, act)
    if found is None:
        raise CannotDo(f"no row of {name} that says {words} has a button for {act}")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=found)


def _place_of(view: RowView, act: str) -> QPoint | None:
    """Return a point of the button ``act`` in the row chosen, as the eye finds it."""
    painter, index = view.itemDelegate(), view.currentIndex()
    row, rect = next(one for one in view.rows if one.key == view.current_key()), view.visualRect(index)
    assert isinstance(painter, RowPainter)
    for y in range(rect.top(), rect.bottom(), 4):
        for x in range(rect.left(), rect.right(), 4):
            cell = painter.cell_at(row, rect, x, y)
            if cell is not None and cell.act == act:
                return QPoint(x + 2, y + 2)
    return None


def open_form(window: ConsoleWindow) -> FormPanel | None:
    """Return the form that is open, with its fields there."""
    panels = visible(window, FormPanel)
    return panels[0] if panels and panels[0].form.sections else None


def fill(window: ConsoleWindow, values: Mapping[str, str]) -> None:
    """Fill fields of the open form by key; choices by their label."""
    panel = open_form(window)
    if panel is None:
        raise CannotDo("no form is open")
    for name, value in values.items():
        _enter(_field(panel, name), value)


def _field(panel: FormPanel, name: str) -> FieldBox:
    for at, section in enumerate(panel.form.sections):
        if any(field.key == name for field in section.fields):
            if len(panel.form.sections) > 1:
                panel.box.show_section(at)
            return next(one for one in panel.box.findChildren(FieldBox) if one.row.key == name)
    raise CannotDo(f"{panel.form.key} has no field {name}: {[field.key for field in panel.form.fields()]}")


def _enter(box: FieldBox, value: str) -> None:
    control = box.control
    if isinstance(control, ChoiceBox):
        _pick(control, value)
    elif isinstance(control, TickBox):
        QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    elif isinstance(control, TickList):
        row = next((one for one in control.rows if one.spoken.startswith(value)), None)
        if row is None:
            raise CannotDo(f"{box.row.label} does not offer {value}")
        control.setFocus()
        control.choose(row.key)
        QTest.keyClick(control, Qt.Key.Key_Space)
    elif isinstance(control, QLineEdit | QPlainTextEdit):
        control.setFocus()
        control.selectAll()
        QTest.keyClicks(control, value)
    else:
        raise CannotDo(f"{box.row.label} cannot be written")


def message(window: ConsoleWindow, text: str) -> None:
    """Go to the line to the partner, write it and send it."""
    press(window, Act.MESSAGE.value)
    target = focus_of(window)
    if not isinstance(target, LineField):
        raise CannotDo(f"the line to the partner did not take the focus: {target.accessibleName()}")
    QTest.keyClicks(target, text)
    QTest.keyClick(target, Qt.Key.Key_Return)


HANDS: Mapping[str, Callable[..., object]] = {
    "press": press,
    "key": key,
    "type": type_text,
    "click": click,
    "choose": choose,
    "tick": tick,
    "row": act_on_row,
    "select": select_row,
    "press_in_row": press_in_row,
    "fill": fill,
    "message": message,
    "behind": behind,
    "in_front": in_front,
}
"""What a test may ask for, by its name; the arguments are the command's own words."""

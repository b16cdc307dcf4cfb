"""What a window shows, as plain data: every row it was given, and every text its widgets hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Protocol, cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ui.desktop.shortcuts import Screen
from ui.desktop.widgets.row_view import RowView
from ui.desktop.window import ConsoleWindow

LOOK_MS = 20


class Showing(Protocol):
    """What stands behind a screen, as far as it may be listened to."""

    def show_on(self, show: Any) -> None:
        """Draw on this from now on, beginning at once."""


def leaves(value: object, at: str = "") -> Iterator[dict[str, Any]]:
    """Yield every row inside ``value`` that has words of its own: its place, its class, its words."""
    if is_dataclass(value) and not isinstance(value, type):
        own = {one.name: getattr(value, one.name) for one in fields(value)}
        words = {name: _plain(found) for name, found in own.items() if isinstance(found, str | bool | int)}
        if any(isinstance(one, str) and one for one in words.values()):
            yield {"at": at, "row": type(value).__name__, **words}
        for name, found in own.items():
            yield from leaves(found, at or name)
    elif isinstance(value, dict):
        for found in value.values():
            yield from leaves(found, at)
    elif isinstance(value, list | tuple):
        for found in value:
            yield from leaves(found, at)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def texts(root: QWidget) -> list[str]:
    """Return every text that ``root`` and the widgets inside it hold, shown or not."""
    found = [root.windowTitle()]
    for widget in (root, *root.findChildren(QWidget)):
        found += _texts_of(widget)
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    return [text for text in found if text]


def heard(root: QWidget) -> list[str]:
    """Return every text that a screen reader could be told of ``root`` and of all inside it, cells and rows too."""
    found: list[str] = []
    left = [QAccessible.queryAccessibleInterface(root)]
    while left:
        one = left.pop()
        if one.isValid():
            found += [one.text(kind) for kind in _SPOKEN]
            left += [one.child(at) for at in range(one.childCount())]
    return [text for text in found if text]


_SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)


def _texts_of(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        return [widget.text()]
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        return [widget.toPlainText(), widget.placeholderText()]
    if isinstance(widget, QLineEdit):
        return [widget.text(), widget.placeholderText()]
    if isinstance(widget, QComboBox):
        return [widget.itemText(at) for at in range(widget.count())]
    if isinstance(widget, RowView):
        cells = [cell for row in widget.rows for line in row.lines for cell in line.cells]
        return [*(row.spoken for row in widget.rows), *(f"{cell.text} {cell.more}".strip() for cell in cells)]
    return []


class Witness:
    """Remembers every row ever drawn on any screen of one window."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window = window
        self._listened: set[Screen] = set()
        self._now: dict[str, tuple[dict[str, Any], ...]] = {}
        self._ever: dict[str, dict[str, Any]] = {}
        self._looking = QTimer()
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.look)

    def start(self) -> None:
        """Begin once somebody sits there."""
        self._looking.start()
        self.look()

    def stop(self) -> None:
        """Listen to no screen that is made from now on."""
        self._looking.stop()

    def look(self) -> None:
        """Listen to a screen that has just been made."""
        screen = self._window.screen_shown
        if screen in self._listened:
            return
        self._listened.add(screen)
        view, acts = cast("Any", self._window.view(screen)), cast("Showing", self._window.acts(screen))

        def show(rows: object) -> None:
            self._keep(screen, rows)
            view.show_rows(rows)

        acts.show_on(show)

    def _keep(self, screen: Screen, rows: object) -> None:
        found = tuple(leaves(rows))
        self._now[screen.value] = found
        for row in found:
            self._ever.setdefault(f"{screen.value} {sorted(row.items())}", {"screen": screen.value, **row})

    def now(self, screen: str = "") -> list[dict[str, Any]]:
        """Return the rows last drawn on a screen (the one shown)."""
        return list(self._now.get(screen or self._window.screen_shown.value, ()))

    def ever(self) -> list[dict[str, Any]]:
        """Return every different row ever drawn."""
        return list(self._ever.values())

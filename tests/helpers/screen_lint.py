"""What every window must satisfy for a keyboard and a screen reader (screens.md 3.5), for all screens alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

W = TypeVar("W", bound=QWidget)
MOST_STOPS = 40
LEAST_TARGET = 24


def visible(window: QWidget, kind: type[W]) -> Iterator[W]:
    """Yield the visible widgets of ``kind``."""
    return (child for child in window.findChildren(kind) if child.isVisible())


def tab_stops(window: QWidget) -> list[QWidget]:
    """Return the widgets Tab visits."""
    stops = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        takes = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if takes and widget.isVisible() and widget.isEnabled():
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops


def faults(window: QWidget) -> list[str]:
    """Return everything a screen reader or a keyboard would stumble over; empty when all is well."""
    found = [f"{type(one).__name__} has no name" for one in visible(window, QWidget) if _nameless(one)]
    for label in visible(window, QLabel):
        if label.accessibleName():
            found.append(f"the label {label.text()!r} has a name that hides its text")
        if label.textFormat() is not Qt.TextFormat.PlainText:
            found.append(f"the label {label.text()!r} is not plain text")
    for kind in (QPushButton, QComboBox):
        for target in visible(window, kind):
            if min(target.height(), target.width()) < LEAST_TARGET:
                found.append(f"{target.accessibleName()} is {target.width()}x{target.height()} px")
    stops = tab_stops(window)
    if not 1 <= len(stops) <= MOST_STOPS:
        found.append(f"{len(stops)} tab stops")
    return found


def _nameless(widget: QWidget) -> bool:
    if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or isinstance(widget, QLabel):
        return False
    if widget.focusProxy() is not None or widget.objectName().startswith("qt_"):
        return False
    said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    return not (widget.accessibleName() or said)

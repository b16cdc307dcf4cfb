"""When something was really painted: the moment the window's picture was handed to the screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

Painted = Callable[[int], None]


class Painting(QObject):
    """Watches one window.  A *spot* is some widgets and what must be true of them when they paint.

    Widgets paint while the window handles ``UpdateRequest``; that request is carried out here, so
    that the moment after it (painted and handed over) can be taken.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self._spots: list[tuple[Sequence[QWidget], Callable[[], bool], Painted]] = []
        self._due: list[Painted] = []
        window.installEventFilter(self)

    def watch(self, widgets: Sequence[QWidget], shows: Callable[[], bool], then: Painted) -> None:
        """Call ``then`` with the moment of each painting of one of ``widgets`` while ``shows()``."""
        self._spots.append((tuple(widgets), shows, then))
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is painted; carry out the window's request to paint."""
        if event.type() == QEvent.Type.Paint:
            self._note(watched)
        elif event.type() == QEvent.Type.UpdateRequest and watched is self._window:
            self._window.event(event)
            self._tell(time.perf_counter_ns())
            return True
        return False

    def _note(self, watched: QObject) -> None:
        for widgets, shows, then in self._spots:
            if watched in widgets and then not in self._due and shows():
                self._due.append(then)

    def _tell(self, moment: int) -> None:
        due, self._due = self._due, []
        for then in due:
            then(moment)

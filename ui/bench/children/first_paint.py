"""The first painting of a window: measured in the same way for ours and for a bare one."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.bench.child import say


class FirstPaint(QObject):
    """Watches one window until it was painted, says when, and is gone.

    Not the whole application: then Python would be shown every widget that Qt makes for itself,
    and the first of those alone costs 40 ms.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Carry out the first request to paint, and take the moment after it."""
        if event.type() != QEvent.Type.UpdateRequest or watched is not self._window:
            return False
        self._window.removeEventFilter(self)
        self._window.event(event)
        moment = time.perf_counter_ns()
        QTimer.singleShot(0, lambda: say("painted", at=moment))
        return True

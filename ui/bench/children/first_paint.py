"""The first window a program paints, whichever it is: measured in the same way for ours and for a bare one."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.bench.child import say


class FirstPaint(QObject):
    """Watches the whole application until some window was painted, says when, and is gone."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Carry out the first request to paint, and take the moment after it."""
        if event.type() != QEvent.Type.UpdateRequest or not isinstance(watched, QWidget) or not watched.isWindow():
            return False
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        watched.event(event)
        moment = time.perf_counter_ns()
        QTimer.singleShot(0, lambda: say("painted", at=moment))
        return True

"""The limit of starting: a bare window with one label."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QLabel

from ui.bench.child import first_wish, listen
from ui.bench.children.first_paint import FirstPaint


class _Window(QLabel):
    """``ended``: the bench closes it."""

    ended = Signal()


def run() -> int:
    """Show the window until the bench closes it."""
    first_wish()
    application = QApplication([])
    window = _Window("Nightdesk")
    window.resize(1366, 690)
    window.ended.connect(application.quit)
    FirstPaint(window)
    window.show()
    listen(lambda message: window.ended.emit() if message["do"] == "close" else None)
    return application.exec()

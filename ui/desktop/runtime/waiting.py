"""Waits for one answer while the window goes on living; used only when the program ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer


def wait_for(begin: Callable[[Callable[[], None]], None], seconds: float) -> bool:
    """Call ``begin`` with what ends the wait; say whether it ended within ``seconds``."""
    loop = QEventLoop()
    ended: list[bool] = []

    def end() -> None:
        ended.append(True)
        loop.quit()

    begin(end)
    if not ended:
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
    return bool(ended)


def let_events_run() -> None:
    """Let what is posted be delivered, once."""
    application = QCoreApplication.instance()
    if application is not None:
        application.processEvents()

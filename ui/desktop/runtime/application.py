"""The Qt application: with a screen or without one, in our look, ended by Ctrl+C in order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from types import FrameType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look

OFFSCREEN = frozenset({"offscreen", "minimal"})
STOPPED = 130


def has_screen(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Say whether windows can be seen here."""
    named = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if named in OFFSCREEN:
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(named or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def application(*, seen: bool) -> QApplication:
    """Return the application; unseen, it draws into memory.  Ctrl+C ends it with 130, in order."""
    if not seen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication(["nightdesk"])
    made.setApplicationName("Nightdesk")

    def stop(_number: int, _frame: FrameType | None) -> None:
        made.exit(STOPPED)
        # Before the loop begins exit() is forgotten: the first thing the loop does is to hear it again.
        QTimer.singleShot(0, made, lambda: made.exit(STOPPED))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return made


def dress(app: QApplication, dark: bool | None = None, *, zoom: float = 1.0) -> Look:
    """Put our look on the application; ``dark`` None follows the platform, ``zoom`` 1.0 is the usual size of text."""
    return apply(app, choose(dark=platform_is_dark() if dark is None else dark), zoom=zoom)


def platform_is_dark() -> bool:
    """Say whether the platform asks for dark windows."""
    # Both owners are kept in names: PySide6 drops the inner object with its last reference.
    hints = QGuiApplication.styleHints()
    scheme = hints.colorScheme()
    return scheme == Qt.ColorScheme.Dark

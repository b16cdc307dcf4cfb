"""The Qt application of the demo, with a screen or without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from PySide6.QtWidgets import QApplication

from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look

OFFSCREEN = frozenset({"offscreen", "minimal"})


def has_screen(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Say whether windows can be seen here."""
    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in OFFSCREEN:
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def application(*, seen: bool, dark: bool = False) -> tuple[QApplication, Look]:
    """Return the application in our look; unseen, it draws into memory."""
    if not seen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication(["nightdesk"])
    made.setApplicationName("Nightdesk")
    return made, apply(made, choose(dark=dark))

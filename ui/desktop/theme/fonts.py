"""Inter, shipped with the program, so that widths are the same on every computer."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication

log = logging.getLogger(__name__)

FAMILY = "Inter"
_LOADED = "nightdesk fonts loaded"
"""On the application: to ask Qt for its families would make it read every font of the computer."""
FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")


def font_folder() -> Path:
    """Return the folder that holds the font files and their licence."""
    return Path(__file__).parent / "fonts"


def load_fonts() -> bool:
    """Make Inter known to Qt; False (and one log line) when a file cannot be read.

    Safe to call twice.  Needs a QGuiApplication.
    """
    application = QGuiApplication.instance()
    if application is None or application.property(_LOADED):
        return application is not None
    application.setProperty(_LOADED, True)
    loaded = [QFontDatabase.addApplicationFont(str(font_folder() / name)) >= 0 for name in FILES]
    if not all(loaded):
        log.warning("the shipped font could not be read; the platform's font is used")
    return all(loaded)

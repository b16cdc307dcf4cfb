"""What Qt finds to draw on, as one line of JSON: for ``doctor``, which runs this in a process of its own.

Qt ends its program where the platform's libraries are missing; only a process of its own survives that.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from ui.desktop.runtime.application import has_screen
from ui.desktop.theme.fonts import load_fonts


def main() -> int:
    """Print platform, screens (logical pixels, scale) and whether our font can be read; always 0, or Qt's own end."""
    seen = has_screen(os.environ)
    if not seen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication(["nightdesk-doctor"])
    screens = [
        {"wide": one.size().width(), "high": one.size().height(), "scale": round(one.devicePixelRatio(), 2)}
        for one in app.screens()
    ]
    said = {"seen": seen, "platform": app.platformName(), "screens": screens, "fonts": load_fonts(), "qt": qVersion()}
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``nightdesk console`` from its very start, as it is started by hand; only its first painting is watched."""

from __future__ import annotations

import os
from typing import Any

from PySide6 import QtWidgets

from ui.bench.child import first_wish, listen
from ui.bench.children.first_paint import FirstPaint


class _Watched(QtWidgets.QApplication):
    """The application of the console, with our eye on it."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  Qt's own
        super().__init__(*arguments)
        self._eye = FirstPaint(self)


def run() -> int:
    """Run the command until the bench closes it."""
    wish = first_wish()
    os.environ["NIGHTDESK_HOME"] = wish["home"]
    QtWidgets.QApplication = _Watched  # type: ignore[assignment, misc]  # the command makes its own application
    listen(_hear)
    from ui.cli import main  # noqa: PLC0415 - part of what is measured

    return main(["console", "--database", wish["record"]])


def _hear(message: dict[str, Any]) -> None:
    if message["do"] == "close":
        os._exit(0)

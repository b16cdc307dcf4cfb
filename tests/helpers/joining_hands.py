"""``console --join`` as a program of its own, with hands that fill in each form: values as JSON on standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from ui.cli import main
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.runtime.application import application
from ui.desktop.window import ConsoleWindow


def _shown(kind: type) -> Any:
    widgets = QApplication.topLevelWidgets()
    return next((one for one in widgets if isinstance(one, kind) and one.isVisible()), None)


class Hands:
    """Write what a form asks, press Enter, and close the console once it is there; ``seen`` is what was shown."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values, self.seen = values, list[str]()
        self._timer = QTimer()
        self._timer.timeout.connect(self._act)
        self._timer.start(50)

    def _act(self) -> None:
        window, console = _shown(SignInWindow), _shown(ConsoleWindow)
        if console is not None:
            self._timer.stop()
            self.seen.append(str(console.screen_shown))
            console.close()
        elif window is not None:
            self._fill(window)

    def _fill(self, window: SignInWindow) -> None:
        boxes = [box for box in window.box._fields.boxes if box.row.key in self._values]
        empty = [box.control for box in boxes if isinstance(box.control, QLineEdit) and not box.control.text()]
        for box in boxes:
            if isinstance(box.control, QLineEdit) and not box.control.text():
                box.control.setText(self._values[box.row.key])
        if empty:
            self.seen.append(window.box._form.key)
            QTest.keyClick(window, Qt.Key.Key_Return)


def act() -> int:
    """Run the command; print what was shown."""
    # Kept here: PySide6 ends the application with its last name.
    _app = application(seen=False)
    hands = Hands(json.loads(sys.stdin.read()))
    code = main(["console", "--join"])
    sys.stdout.write(json.dumps(hands.seen) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(act())

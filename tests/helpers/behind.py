"""Another program in front of ours: what Qt tells of it, where the tests' platform has no other program."""

from __future__ import annotations

import warnings

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def behind(window: QWidget) -> None:
    """Let another program come in front."""
    _activate(None)
    _tell(Qt.ApplicationState.ApplicationInactive)


def in_front(window: QWidget) -> None:
    """Bring the window in front again."""
    _activate(window.window())
    _tell(Qt.ApplicationState.ApplicationActive)


def _activate(window: QWidget | None) -> None:
    with warnings.catch_warnings():
        # For the use of platforms, Qt says of it: here the test is the platform.
        warnings.simplefilter("ignore", DeprecationWarning)
        QApplication.setActiveWindow(window)  # type: ignore[arg-type]  # None: no window of ours is active


def _tell(state: Qt.ApplicationState) -> None:
    program = QApplication.instance()
    assert isinstance(program, QApplication)
    program.applicationStateChanged.emit(state)

"""What Enter, or a drawn button, does: as buttons that only a screen reader or a voice finds.

A row draws its buttons and a line is sent by Enter, so whoever presses no key and sees no picture finds
nothing there to press.  These buttons are real, drawn by nobody and no tab stop; they are there only while
something listens to the window.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

LEAST = 24
"""Px: what is pressed is never smaller, seen or not."""
Told = tuple[str, str]
"""An act, and what it is called."""


class _ToldAct(QPushButton):
    """One act.  It lies below what it belongs to, so the mouse never meets it."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self.act = ""
        self.of_row = ""
        self.pressed_as: Told = ("", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pressed.connect(self._keep)

    def _keep(self) -> None:
        # Qt shows a press by name for 100 ms before it is a click, and another row may be current by then.
        self.pressed_as = self.of_row, self.act

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw nothing: the row or the line draws what there is to see."""


class ToldActs(QWidget):
    """The acts of ``of``, beside it in its parent.  ``pressed`` carries the row's key and the act at the press."""

    pressed = Signal(str, str)

    def __init__(self, of: QWidget) -> None:
        super().__init__(of.parentWidget())
        self._of = of
        self._shown: tuple[tuple[Told, ...], str, str] = ((), "", "")
        self._buttons: list[_ToldAct] = []
        self.setAccessibleName(f"{of.accessibleName()}: what can be done")
        self.lower()

    def tell(self, acts: Sequence[Told], about: str, place: QRect, key: str = "") -> None:
        """Offer ``acts`` of the row ``key``, each with ``about`` as its description, at ``place`` in ``of``."""
        around = self.parentWidget()
        corner = self._of.mapTo(around, place.topLeft()) if around is not None else place.topLeft()
        size = place.size().expandedTo(QSize(LEAST, LEAST))
        self.setGeometry(QRect(corner, size))
        self.setVisible(bool(acts))
        if (tuple(acts), about, key) == self._shown:
            return
        self._shown = (tuple(acts), about, key)
        while len(self._buttons) < len(acts):
            made = _ToldAct(self)
            made.clicked.connect(self._press)
            self._buttons.append(made)
        for at, button in enumerate(self._buttons):
            button.setVisible(at < len(acts))
            if at < len(acts):
                button.act, words = acts[at]
                button.of_row = key
                button.setAccessibleName(words)
                button.setAccessibleDescription(about)
                button.resize(size)

    def _press(self) -> None:
        button = self.sender()
        if isinstance(button, _ToldAct):
            self.pressed.emit(*button.pressed_as)


def listened_to() -> bool:
    """Say whether anything reads the windows aloud, or acts on them by name."""
    return bool(QAccessible.isActive())

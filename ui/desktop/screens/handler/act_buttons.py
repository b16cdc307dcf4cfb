"""A row of buttons that changes by comparing; buttons that touch the call never take the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.desktop.screens.handler.rows import ActButton
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.faces import ButtonFace


def faced(button: ActButton) -> ButtonFace:
    """Return the face with the key of its act."""
    return replace(button.face, key=key_of(button.act))


class ActButtons(QWidget):
    """Buttons side by side; each calls ``do`` with its act.

    Spread ones show all their keys, or none where one has no room.
    """

    def __init__(
        self, look: Look, do: Callable[[Act], None], *, height: int = 32, spread: bool = False, focus: bool = False
    ) -> None:
        super().__init__()
        self._look = look
        self._do = do
        self._height = height
        self._spread = spread
        self._focus = focus
        self._row: tuple[ActButton, ...] = ()
        self._buttons: list[KeyButton] = []
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(8)

    def show_row(self, row: Sequence[ActButton]) -> None:
        """Show ``row``."""
        new = tuple(row)
        if new == self._row:
            return
        self._row = new
        while len(self._buttons) < len(new):
            self._add(new[len(self._buttons)])
        for at, button in enumerate(self._buttons):
            if at < len(new):
                button.show_face(faced(new[at]))
            button.setVisible(at < len(new))
        self._fit_caps()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the keys where there is room for all of them."""
        super().resizeEvent(event)
        self._fit_caps()

    def _fit_caps(self) -> None:
        if not self._spread:
            return
        shown = self._buttons[: len(self._row)]
        need = sum(button.width_with_cap() for button in shown) + self._outer.spacing() * (len(shown) - 1)
        for button in shown:
            button.show_cap(shown=need <= self.width())

    def button_of(self, act: Act) -> KeyButton | None:
        """Return the button of ``act``, None where it is not shown."""
        return next((b for b, row in zip(self._buttons, self._row, strict=False) if row.act is act), None)

    def _add(self, row: ActButton) -> None:
        button = KeyButton(self._look, faced(row), focus=self._focus, spread=self._spread, height=self._height)
        button.clicked.connect(self._clicked)
        self._outer.addWidget(button)
        self._buttons.append(button)

    def _clicked(self) -> None:
        sender = self.sender()
        for button, row in zip(self._buttons, self._row, strict=False):
            if button is sender:
                self._do(row.act)

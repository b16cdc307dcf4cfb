"""A sentence for the user at the foot of a pane: what happened, what is safe, what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import ALARM, Card
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain


class NoticeCard(Card):
    """Lies over the foot of ``area`` while there is something to say; takes no focus, moves nothing.

    ``dismissed`` is emitted when the user pressed "Read".
    """

    dismissed = Signal()

    def __init__(self, look: Look, area: QWidget) -> None:
        super().__init__(look, ALARM)
        self.setParent(area)
        self._area = area
        self._words = plain(look, size=Type.CAPTION, weight=Weight.MEDIUM, wrap=True)
        self._read = KeyButton(look, ButtonFace("Read"), focus=False, height=24)
        self._read.clicked.connect(self.dismissed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, GAP, 12, GAP)
        outer.addWidget(self._words)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._read)
        outer.addLayout(foot)
        area.installEventFilter(self)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show ``text``; empty hides the card."""
        if text == self._words.text() and self.isVisible() == bool(text):
            return
        self._words.say(text)
        self.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        if not self._words.text():
            return
        width = self._area.width()
        layout = self.layout()
        high = layout.heightForWidth(width) if layout is not None else 0
        self.setGeometry(0, self._area.height() - high, width, high)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area's size."""
        if event.type() == QEvent.Type.Resize and watched is self._area:
            self._fit()
        return False

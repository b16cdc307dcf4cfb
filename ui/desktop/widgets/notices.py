"""A sentence for the user in a row of its own: what happened, what is safe, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout

from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import ALARM, FittedCard
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain
from ui.started import as_started

BESIDE_FROM = 480
"""Width, px at step 1.0, from which the button stands beside the words and not below them."""


class NoticeCard(FittedCard):
    """Takes a place in a layout while there is something to say, and none otherwise; takes no focus.

    Being laid out with the panes, it never lies over one, and none lies over it.
    ``dismissed`` is emitted when the user pressed "Dismiss"; its key is the screen's.
    """

    dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, ALARM)
        self._words = plain(look, size=Type.CAPTION, weight=Weight.MEDIUM, wrap=True)
        self.button = KeyButton(look, ButtonFace("Dismiss", key_of(Act.DISMISS)), focus=False, height=24)
        self.button.clicked.connect(self.dismissed)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, GAP - 2, 12, GAP - 2)
        self._row.setSpacing(GAP)
        self._row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self.fit_own)
        self.hide()

    @property
    def text(self) -> str:
        """Return what is said now; empty for nothing."""
        return self._words.text()

    def show_text(self, text: str, *, standing: bool = False) -> None:
        """Show ``text``; empty takes the card away.  ``standing``: it goes with its cause, not by the button."""
        self.button.setVisible(not standing)
        words = as_started(text)
        if words == self._words.text() and self.isHidden() is not bool(text):
            return
        self._words.say(words)
        self.fit_own()
        self.setVisible(bool(text))

    def fit(self, width: int) -> None:
        """Take the height that the words need at ``width`` px."""
        beside = width >= self.look.px(BESIDE_FROM)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self.take(max(self.look.px(40), self._row.heightForWidth(width)))

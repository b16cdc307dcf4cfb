"""The line dropped: what is known, how old it is, and ringing back; takes a place only while it is so.

Where nobody knows whether it dropped, because nothing says who ended the call, it is the same card and no alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from ui.desktop.screens.known_rows import DropRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import ALARM, LIVE, FittedCard
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain

BESIDE_FROM = 640
"""Width, px at step 1.0, from which the buttons stand beside the words and the words run on."""


class DropCard(FittedCard):
    """Laid out with the panes, it covers none; its buttons never take the focus."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__(look, ALARM)
        self.setAccessibleName("The line dropped")
        self._shown: DropRow | None = None
        self._title = plain(look, size=Type.BODY, weight=Weight.BOLD, wrap=True)
        self._words = plain(look, size=Type.CAPTION, weight=Weight.MEDIUM, wrap=True)
        self.ring = KeyButton(look, ButtonFace("Ring back", key_of(Act.RING_BACK)), focus=False, height=26)
        self.log = KeyButton(look, ButtonFace("Log", key_of(Act.RANG_BACK)), focus=False, height=26)
        self.ring.clicked.connect(partial(do, Act.RING_BACK))
        self.log.clicked.connect(partial(do, Act.RANG_BACK))
        words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._words)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP - 2)
        buttons.addWidget(self.ring)
        buttons.addWidget(self.log)
        buttons.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, GAP - 2, 12, GAP - 2)
        self._row.setSpacing(GAP)
        self._row.addLayout(words, 1)
        self._row.addLayout(buttons)
        look.changed.connect(self.fit_own)
        self.hide()

    @property
    def text(self) -> str:
        """Return what is said now; empty where nothing dropped."""
        return f"{self._title.text()} {self._words.text()}" if self._shown is not None else ""

    def show_row(self, row: DropRow | None) -> None:
        """Show ``row``; None takes the card away."""
        if row == self._shown:
            return
        self._shown = row
        if row is not None:
            self.show_style(LIVE if row.unsaid else ALARM)
            self.setAccessibleName("The call ended" if row.unsaid else "The line dropped")
            self._title.say(row.title)
            self._words.say(self._lines(self.width()))
            ring = ButtonFace("Ring back", key_of(Act.RING_BACK), enabled=not row.why_not, why=row.why_not)
            self.ring.show_face(ring)
            self.fit_own()
        self.setVisible(row is not None)

    def _lines(self, width: int) -> str:
        if self._shown is None:
            return ""
        if not self._is_wide(width):
            # Why it is refused stands beside the number; the whole sentence is said when it is tried.
            return "\n".join(self._shown.lines)
        return "  ".join((*self._shown.lines, self._shown.why_not)).strip()

    def _is_wide(self, width: int) -> bool:
        return width >= self.look.px(BESIDE_FROM)

    def fit(self, width: int) -> None:
        """Take the height that the words need at ``width`` px."""
        wide = self._is_wide(width)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._words.say(self._lines(width))
        # Where there is little room its key stands in the words.
        self.log.setVisible(wide)
        self.take(max(self.look.px(44), self._row.heightForWidth(width)))

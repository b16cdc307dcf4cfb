"""The silent signals: four together, "I am at risk" apart from them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.screens.handler.act_buttons import ActButtons
from ui.desktop.screens.handler.rows import SignalsRow
from ui.desktop.shortcuts import Act
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.labels import PlainLabel

RISK = 194
"""Room for "I am at risk" and when it was seen, px at step 1.0."""

MOST_BESIDE_WORDS = 6


class SignalBar(QWidget):
    """32 px; buttons never take the focus from the note."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__()
        self._look = look
        self._row: SignalsRow | None = None
        self._title = PlainLabel(look)
        self._note = PlainLabel(look)
        self.buttons = ActButtons(look, do, spread=True)
        self.risk = ActButtons(look, do, spread=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._note)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 0, 0, 0)
        outer.setSpacing(0)
        holder = QWidget()
        holder.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        self._words = holder
        outer.addWidget(holder)
        outer.addWidget(self.buttons, 1)
        outer.addSpacing(32)
        outer.addWidget(self.risk)
        look.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(self._look.px(32))
        self._words.setFixedWidth(self._look.px(112))
        # It says in its place when it was seen: the others never move for it.
        self.risk.setFixedWidth(self._look.px(RISK))

    def show_row(self, row: SignalsRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        self._row = row
        self._title.show_spans((Span(row.title, Weight.SEMIBOLD, size=Type.CAPTION),))
        self._note.show_spans((Span(row.note, ink=Ink.SECONDARY, size=Type.CAPTION),))
        # Seven and more have the whole row: whose they are is said where a line to the partner is written, too.
        self._words.setVisible(len(row.buttons) <= MOST_BESIDE_WORDS)
        self.buttons.show_row(row.buttons)
        self.risk.show_row((row.risk,))

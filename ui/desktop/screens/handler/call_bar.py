"""The call of this worker, and under it the slot for the next one: two rows that never move."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.desktop.screens.handler.act_buttons import ActButtons
from ui.desktop.screens.handler.rows import CallBarRow, SlotRow, Tone
from ui.desktop.shortcuts import Act
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.cards import ALARM, CALM, LIVE, STALE, FixedRow, Rule
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ChipRow, Face, Mark, Span
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.status import DotLabel

STYLES = MappingProxyType({Tone.CALM: CALM, Tone.LIVE: LIVE, Tone.ALARM: ALARM, Tone.OLD: STALE})
_STATE_INKS = MappingProxyType(
    {Tone.CALM: Ink.SECONDARY, Tone.LIVE: Ink.ACCENT, Tone.ALARM: Ink.TEXT, Tone.OLD: Ink.QUIET}
)


class CallBar(FixedRow):
    """48 px: state and line, clock, number and what is known of it, the call's buttons."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__(look, 48)
        self._row: CallBarRow | None = None
        self._state = PlainLabel(look)
        self._line = PlainLabel(look)
        self._clock = PlainLabel(look)
        self._number = PlainLabel(look)
        self._detail = PlainLabel(look)
        self._rule = Rule(look, upright=True, ink=Ink.HAIRLINE)
        self.buttons = ActButtons(look, do)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 6, 16, 6)
        outer.setSpacing(0)
        outer.addLayout(_stacked(self._state, self._line))
        outer.addSpacing(18)
        outer.addWidget(self._clock)
        outer.addSpacing(14)
        outer.addWidget(self._rule)
        outer.addSpacing(12)
        outer.addLayout(_stacked(self._number, self._detail), 1)
        outer.addSpacing(12)
        outer.addWidget(self.buttons)

    def show_row(self, row: CallBarRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        self._row = row
        self.show_style(STYLES[row.tone])
        self._state.show_spans((Span(row.state, Weight.SEMIBOLD, _STATE_INKS[row.tone], Type.CAPTION),))
        self._line.show_spans((Span(row.line, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._clock.show_spans((Span(row.clock, Weight.SEMIBOLD, size=Type.CALL_CLOCK),))
        self._clock.setVisible(bool(row.clock))
        self._rule.setVisible(bool(row.clock))
        ink = Ink.TEXT if row.known else Ink.SECONDARY
        self._number.show_spans((Span(row.number, Weight.SEMIBOLD, ink, Type.FIGURE),))
        strong = (Weight.SEMIBOLD, Ink.TEXT) if row.heard else (Weight.REGULAR, Ink.SECONDARY)
        self._detail.show_spans((Span(row.detail, *strong, size=Type.CAPTION),))
        self.buttons.show_row(row.buttons)


def _stacked(upper: PlainLabel, lower: PlainLabel) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(0)
    box.addStretch(1)
    box.addWidget(upper)
    box.addSpacing(1)
    box.addWidget(lower)
    box.addStretch(1)
    return box


class SlotBar(FixedRow):
    """40 px, always there: who waits, and what can be done about it without leaving this call."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__(look, 40)
        self._row: SlotRow | None = None
        self._ring = DotLabel(look, Ink.TEXT)
        self._ring.show_mark(Mark.RING)
        self._chip = Chip(look, ChipRow("", Face.AMBER), Type.BODY, height=26)
        self._title = PlainLabel(look)
        self._detail = PlainLabel(look)
        self.buttons = ActButtons(look, do, height=28)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 4, 16, 4)
        outer.setSpacing(12)
        for part in (self._ring, self._chip, self._title):
            outer.addWidget(part)
        outer.addWidget(self._detail, 1)
        outer.addWidget(self.buttons)

    def show_row(self, row: SlotRow) -> None:
        """Show ``row``; the row itself stays where and as high as it is."""
        if row == self._row:
            return
        self._row = row
        waiting = row.chip is not None
        self.show_style(STYLES[row.tone])
        self._chip.show_row(row.chip)
        self._ring.setVisible(not waiting)
        self._ring.show_spans((Span(row.title),))
        self._title.setVisible(waiting)
        self._title.show_spans((Span(row.title, Weight.SEMIBOLD, size=Type.NOTE),))
        self._detail.show_spans((Span(row.detail, ink=Ink.SECONDARY),))
        self.buttons.show_row(row.buttons)

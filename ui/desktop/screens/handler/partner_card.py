"""The partner's last line, the largest text of the handler's page: read at a glance from the edge of the eye."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.desktop.screens.handler.call_bar import STYLES
from ui.desktop.screens.handler.rows import PartnerRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.cards import FixedRow
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.labels import PlainLabel, plain

HIGH, PAD, BETWEEN = 88, (16, 8), 3
TWO_LINES = (Type.CLOCK, Type.NOTE)
"""Sizes of a line too long for one, the larger first; the quiet line below it keeps its place."""


class PartnerCard(FixedRow):
    """88 px whatever it says, no focus taken.  A line too long for one is set smaller, on two."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, HIGH)
        self._row: PartnerRow | None = None
        self._who = PlainLabel(look)
        self._ago = PlainLabel(look, (), right=True)
        self._line = PlainLabel(look)
        self._two = plain(look, weight=Weight.SEMIBOLD, wrap=True)
        self._two.hide()
        self._second = PlainLabel(look)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAD[0], PAD[1], PAD[0], PAD[1])
        outer.setSpacing(BETWEEN)
        head = QHBoxLayout()
        head.addWidget(self._who, 1)
        head.addWidget(self._ago)
        outer.addLayout(head)
        outer.addWidget(self._line)
        outer.addWidget(self._two)
        outer.addWidget(self._second)
        outer.addStretch(1)
        look.changed.connect(self._fit)

    def show_row(self, row: PartnerRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        self._row = row
        self.show_style(STYLES[row.tone])
        who = Span(row.who, ink=Ink.SECONDARY) if row.quiet else Span(row.who, Weight.SEMIBOLD)
        self._who.show_spans((Span(who.text, who.weight, who.ink, Type.CAPTION),))
        self._ago.show_spans((Span(row.ago, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._line.show_spans((Span(row.line, Weight.SEMIBOLD, size=Type.LINE),))
        second = (Span(row.second_clock, ink=Ink.SECONDARY), _second(row))
        self._second.show_spans([span for span in second if span.text])
        self._fit()

    @property
    def line(self) -> PlainLabel:
        """The label that says the line now."""
        return self._line if self._two.isHidden() else self._two

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the line as large as it fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._row is None:
            return
        one = self._line.natural_width() <= self.width() - 2 * PAD[0]
        if not one:
            size = next((size for size in TWO_LINES if self._need(size) <= self._room()), TWO_LINES[-1])
            self._two.show_spans((Span(self._row.line, Weight.SEMIBOLD, size=size),))
            self._two.setFixedHeight(self._need(size))
        self._line.setVisible(one)
        self._two.setVisible(not one)
        self._second.setVisible(one or bool(self._second.text()))

    def _need(self, size: Type) -> int:
        """Return the px high the line is in ``size`` at this width."""
        text = self._row.line if self._row is not None else ""
        room = QRect(0, 0, self.width() - 2 * PAD[0], 10_000)
        metrics = self.look.metrics(size, Weight.SEMIBOLD)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()

    def _room(self) -> int:
        """Return the px between the head and the quiet line."""
        quiet = [one.sizeHint().height() + BETWEEN for one in (self._who, self._second) if one.text()]
        return self.look.px(HIGH) - 2 * PAD[1] - sum(quiet)


def _second(row: PartnerRow) -> Span:
    size = Type.BODY if row.second_clock else Type.CAPTION
    return Span(row.second, ink=Ink.SECONDARY, size=size, gap=10 if row.second_clock else 0)

"""The card of who it is: one person with place and risk, or the candidates.  Always 104 px."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ui.desktop.screens.handler.act_buttons import ActButtons
from ui.desktop.screens.handler.candidates import CandidatesBox, where_spans
from ui.desktop.screens.handler.rows import CandidatesRow, IdentityRow, RiskRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.cards import FixedRow
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.choice import KEPT_CLEAR
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.labels import PlainLabel

BAND = 34


class IdentityCard(FixedRow):
    """Person and risk band, or candidates, in one place of one height."""

    def __init__(self, look: Look, do: Callable[[Act], None], choose: Callable[[int], None]) -> None:
        super().__init__(look, 104)
        self.setObjectName(KEPT_CLEAR)
        self._banded = False
        self.person = PersonBox(look, do)
        self.candidates = CandidatesBox(look, do, choose)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.person)
        self._stack.addWidget(self.candidates)

    def show_rows(self, who: IdentityRow | CandidatesRow, risk: RiskRow) -> None:
        """Show one person or the candidates."""
        person = isinstance(who, IdentityRow)
        banded = person and risk.now
        if banded is not self._banded:
            self._banded = banded
            self.update()
        if isinstance(who, IdentityRow):
            self.person.show_rows(who, risk)
            self._stack.setCurrentWidget(self.person)
        else:
            self.candidates.show_row(who)
            self._stack.setCurrentWidget(self.candidates)

    def paint_inside(self, painter: QPainter, path: QPainterPath) -> None:
        """Draw the red band under the risk row, only for rank 1."""
        if not self._banded:
            return
        band = QRectF(0, self.height() - self.look.px(BAND), self.width(), self.look.px(BAND))
        painter.setClipPath(path)
        painter.fillRect(band, self.look.colour(Ink.RISK))
        painter.fillRect(QRectF(0, band.top(), self.look.px(5), band.height()), self.look.colour(Ink.RED))


class PersonBox(QWidget):
    """Name, born, gender, number always in this order; where now in bold; the record address grey."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[IdentityRow, RiskRow] | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 10, 16, 7)
        outer.setSpacing(6)
        outer.addLayout(self._who_line(look, do))
        outer.addLayout(self._where_line(look))
        outer.addStretch(1)
        outer.addLayout(self._risk_line(look, do))

    def _who_line(self, look: Look, do: Callable[[Act], None]) -> QHBoxLayout:
        self._name = PlainLabel(look)
        self._asked = PlainLabel(look, (), right=True)
        self._chip = Chip(look)
        self._confirm = ActButtons(look, do, height=24)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._name, 1)
        line.addWidget(self._asked)
        line.addWidget(self._chip)
        line.addWidget(self._confirm)
        return line

    def _where_line(self, look: Look) -> QHBoxLayout:
        self._where = PlainLabel(look)
        self._address = PlainLabel(look, (), right=True)
        self._address_note = Chip(look, height=22)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._where, 3)
        line.addWidget(self._address, 2)
        line.addWidget(self._address_note)
        return line

    def _risk_line(self, look: Look, do: Callable[[Act], None]) -> QHBoxLayout:
        self._banner = Chip(look, size=Type.BODY)
        self._risk = PlainLabel(look)
        self._markers = [Chip(look, height=22) for _ in range(3)]
        self._count = PlainLabel(look, (), right=True)
        hint = KeyHint(look, key_of(Act.RISKS), "")
        hint.setAccessibleName("Risk markers")
        hint.clicked.connect(lambda: do(Act.RISKS))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._banner)
        line.addWidget(self._risk)
        line.addSpacing(8)
        for chip in self._markers:
            line.addWidget(chip)
        line.addStretch(1)
        line.addWidget(self._count)
        line.addWidget(hint)
        return line

    def show_rows(self, who: IdentityRow, risk: RiskRow) -> None:
        """Show what changed."""
        if self._shown == (who, risk):
            return
        self._shown = (who, risk)
        self._show_who(who)
        self._show_where(who)
        self._show_risk(risk)

    def _show_who(self, who: IdentityRow) -> None:
        def said(label: str, value: str, gap: int = 18) -> tuple[Span, Span]:
            return Span(f"{label} ", ink=Ink.SECONDARY, gap=gap), Span(value, Weight.SEMIBOLD)

        spans = (
            Span(who.name, Weight.SEMIBOLD, size=Type.NAME),
            Span(who.died, Weight.SEMIBOLD, gap=18),
            *said("Born", who.born),
            Span(f" {who.age}" if who.age else "", ink=Ink.SECONDARY),
            *said("Gender", who.gender, 14),
            *said("Ref", who.reference, 14),
        )
        self._name.show_spans([span for span in spans if span.text])
        self._asked.show_spans((Span(who.asked, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._chip.show_row(who.chip)
        self._confirm.show_row((who.confirm,) if who.confirm else ())

    def _show_where(self, who: IdentityRow) -> None:
        self._where.show_spans(where_spans(who.where, who.where_source))
        self._address.show_spans((Span(who.address, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._address_note.show_row(who.address_note)

    def _show_risk(self, risk: RiskRow) -> None:
        self._banner.show_row(risk.banner)
        self._risk.show_spans((Span(risk.text, ink=Ink.TEXT if risk.now else Ink.SECONDARY),))
        for at, chip in enumerate(self._markers):
            chip.show_row(risk.markers[at] if at < len(risk.markers) else None)
        self._count.show_spans((Span(risk.count, ink=Ink.SECONDARY, size=Type.CAPTION),))

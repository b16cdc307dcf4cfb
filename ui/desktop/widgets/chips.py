"""Small boxed words: notices, confirmed, rank banners, missing, and the dashed box of what is old."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from console.domain.ranks import Rank
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.shapes import kept_state, paint_mark, paint_rank, paint_rank_reversed


@dataclass(frozen=True, slots=True)
class _Style:
    ground: str
    ink: str
    edge: str
    dashed: bool = False
    edge_width: float = 1.0


def _style(look: Look, row: ChipRow) -> _Style:
    match row.face:
        case Face.NOTICE:
            return _Style(look.hex(Ink.NOTICE), look.hex(Ink.TEXT), look.hex(Ink.AMBER))
        case Face.OK:
            return _Style(look.hex(Ink.SURFACE), look.hex(Ink.OK), look.hex(Ink.OK))
        case Face.OLD:
            return _Style(look.hex(Ink.WINDOW), look.hex(Ink.QUIET), look.hex(Ink.BORDER), dashed=True)
        case Face.AMBER:
            return _Style(look.hex(Ink.AMBER_FILL), look.hex(Ink.ON_AMBER_FILL), look.hex(Ink.AMBER))
        case Face.CALM:
            return _Style(look.hex(Ink.WINDOW), look.hex(Ink.SECONDARY), look.hex(Ink.HAIRLINE))
        case Face.RANK | Face.MISSING:
            colours = look.rank(row.rank or Rank.NOW)
            return _Style(colours.fill, colours.ink, colours.edge)


def _lead(look: Look, row: ChipRow) -> int:
    """Return the px taken by mark or shape with its gap."""
    if row.face is Face.RANK and row.rank is not None or row.face is Face.AMBER and row.rank is not None:
        return look.px(16) + look.px(8)
    return look.px(12) + look.px(5) if row.mark is not Mark.NONE else 0


def _weight(row: ChipRow) -> Weight:
    return Weight.BOLD if row.face in (Face.RANK, Face.MISSING) else Weight.SEMIBOLD


def chip_width(look: Look, row: ChipRow, size: Type = Type.CAPTION) -> int:
    """Return the px ``row`` needs."""
    return look.px(8) * 2 + _lead(look, row) + look.metrics(size, _weight(row)).horizontalAdvance(row.text) + 1


def paint_chip(painter: QPainter, look: Look, row: ChipRow, rect: QRectF, size: Type = Type.CAPTION) -> None:
    """Draw ``row`` in ``rect``; text that does not fit is elided."""
    style = _style(look, row)
    with kept_state(painter):
        pen = QPen(QColor(style.edge), style.edge_width)
        if style.dashed:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(style.ground))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS)
        _paint_lead(painter, look, row, rect, style)
        painter.setFont(look.font(size, _weight(row)))
        painter.setPen(QColor(style.ink))
        body = rect.adjusted(look.px(8) + _lead(look, row), 0, -look.px(7), 0)
        text = look.metrics(size, _weight(row)).elidedText(
            row.text, Qt.TextElideMode.ElideRight, round(body.width() + 1)
        )
        painter.drawText(body, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


def _paint_lead(painter: QPainter, look: Look, row: ChipRow, rect: QRectF, style: _Style) -> None:
    left = rect.left() + look.px(8)
    if row.rank is not None and row.face is Face.RANK:
        side = look.px(16)
        place = QRectF(left, rect.center().y() - side / 2, side, side)
        if row.rank is Rank.HOUR:
            paint_rank(painter, look, row.rank, place)
        else:
            paint_rank_reversed(painter, look, row.rank, place)
    elif row.rank is not None and row.face is Face.AMBER:
        side = look.px(18)
        paint_rank_reversed(painter, look, row.rank, QRectF(left - 2, rect.center().y() - side / 2, side, side))
    elif row.mark is not Mark.NONE:
        side = look.px(12)
        paint_mark(painter, row.mark, QColor(style.ink), QRectF(left, rect.center().y() - side / 2, side, side))


class Chip(QLabel):
    """A chip as a label: its text is its accessible text."""

    def __init__(self, look: Look, row: ChipRow | None = None, size: Type = Type.CAPTION, height: int = 24) -> None:
        super().__init__()
        self._look = look
        self._row = ChipRow("")
        self._type = size
        self._height = height
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        look.changed.connect(self.update)
        self.show_row(row)

    def show_row(self, row: ChipRow | None) -> None:
        """Show ``row``; None hides the chip but keeps nothing of its place."""
        # Shown with nothing around it, it would be a window for an instant, and take the keys from the one in front.
        if row is None:
            self.hide()
        elif self.parent() is not None:
            self.show()
        if row is None or row == self._row:
            return
        self._row = row
        self.setText(row.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room the whole text needs."""
        return QSize(chip_width(self._look, self._row, self._type), self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Return a width that still shows a few letters."""
        return QSize(min(self._look.px(60), self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        paint_chip(painter, self._look, self._row, QRectF(self.rect()), self._type)
        painter.end()

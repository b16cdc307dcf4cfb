"""The only drawings we have: four rank shapes, tick, clock, square, dot, ring, and two small gauges.

All painting functions leave the painter as they found it.  A shape never stands alone: the
caller puts the word beside it or in the accessible text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from console.domain.ranks import Rank
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.faces import Kept, Mark

RANK_WORDS = MappingProxyType(
    {
        Rank.NOW: "Now",
        Rank.HOUR: "Within the hour",
        Rank.SHIFT: "This shift",
        Rank.DAY: "Next working day",
        Rank.INFORMATION: "Information",
    }
)
SPOKEN_RANKS = MappingProxyType({rank: words.lower() for rank, words in RANK_WORDS.items()})
"""The same in the middle of a sentence, as a screen reader says a row."""
RANK_DIGITS = MappingProxyType({Rank.NOW: "1", Rank.HOUR: "2", Rank.SHIFT: "3", Rank.DAY: "4", Rank.INFORMATION: "5"})


_BARS = MappingProxyType(
    {Kept.TYPING: 0, Kept.UNSAVED: 0, Kept.KEPT: 1, Kept.NOT_SHARED: 1, Kept.SHARED: 2, Kept.SEEN: 3}
)


@contextmanager
def kept_state(painter: QPainter) -> Iterator[None]:
    """Save the painter, smooth edges inside, restore it after."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield
    finally:
        painter.restore()


def _outline(rank: Rank, rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    if rank is Rank.NOW:
        middle = rect.center()
        corners = (
            QPointF(middle.x(), rect.top()),
            QPointF(rect.right(), middle.y()),
            QPointF(middle.x(), rect.bottom()),
            QPointF(rect.left(), middle.y()),
        )
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    elif rank is Rank.HOUR:
        flat = rect.adjusted(0, rect.height() * 0.04, 0, -rect.height() * 0.08)
        path.addPolygon(QPolygonF((QPointF(flat.center().x(), flat.top()), flat.bottomRight(), flat.bottomLeft())))
        path.closeSubpath()
    else:
        inset = rect.width() * 0.05
        path.addEllipse(rect.adjusted(inset, inset, -inset, -inset))
    return path


def paint_rank(painter: QPainter, look: Look, rank: Rank, rect: QRectF, *, stale: bool = False) -> None:
    """Draw the shape of ``rank`` with its digit; ``stale`` draws it grey and empty."""
    colours = look.rank(rank)
    quiet = look.hex(Ink.QUIET)
    edge, fill, ink = (quiet, look.hex(Ink.WINDOW), quiet) if stale else (colours.edge, colours.fill, colours.ink)
    with kept_state(painter):
        pen = QPen(QColor(edge), 1.2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(QBrush(QColor(fill)))
        painter.drawPath(_outline(rank, rect.adjusted(0.6, 0.6, -0.6, -0.6)))
        _paint_digit(painter, look, rank, rect, ink)


def paint_rank_reversed(painter: QPainter, look: Look, rank: Rank, rect: QRectF) -> None:
    """Draw the shape for use on a ground of its own colour: filled with the ink, digit in the fill."""
    colours = look.rank(rank)
    with kept_state(painter):
        painter.setPen(QPen(QColor(colours.ink), 1.0))
        painter.setBrush(QBrush(QColor(colours.ink)))
        painter.drawPath(_outline(rank, rect.adjusted(0.6, 0.6, -0.6, -0.6)))
        _paint_digit(painter, look, rank, rect, colours.fill)


def _paint_digit(painter: QPainter, look: Look, rank: Rank, rect: QRectF, ink: str) -> None:
    font = QFont(look.font(11, Weight.BOLD))
    font.setPixelSize(max(8, round(rect.height() * 0.58)))
    painter.setFont(font)
    painter.setPen(QColor(ink))
    sunk = rect.translated(0, rect.height() * 0.14) if rank is Rank.HOUR else rect
    painter.drawText(sunk, Qt.AlignmentFlag.AlignCenter, RANK_DIGITS[rank])


def paint_mark(painter: QPainter, mark: Mark, colour: QColor, rect: QRectF) -> None:
    """Draw ``mark`` in ``colour`` inside the square ``rect``."""
    with kept_state(painter):
        width = max(1.4, rect.width() / 8)
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _MARKS[mark](painter, colour, rect)


def _no_mark(_painter: QPainter, _colour: QColor, _rect: QRectF) -> None:
    return


def _tick(painter: QPainter, _colour: QColor, rect: QRectF) -> None:
    def at(x: float, y: float) -> QPointF:
        return QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y)

    painter.drawPolyline(QPolygonF((at(0.10, 0.55), at(0.38, 0.82), at(0.92, 0.22))))


def _clock(painter: QPainter, _colour: QColor, rect: QRectF) -> None:
    face = rect.adjusted(1, 1, -1, -1)
    middle = face.center()
    painter.drawEllipse(face)
    painter.drawPolyline(
        QPolygonF(
            (
                QPointF(middle.x(), middle.y() - face.height() * 0.28),
                middle,
                QPointF(middle.x() + face.width() * 0.2, middle.y() + face.height() * 0.12),
            )
        )
    )


def _dot(painter: QPainter, colour: QColor, rect: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(rect.center(), rect.width() * 0.27, rect.width() * 0.27)


def _square(painter: QPainter, colour: QColor, rect: QRectF) -> None:
    inset = rect.width() * 0.16
    painter.fillRect(rect.adjusted(inset, inset, -inset, -inset), colour)


def _ring(painter: QPainter, colour: QColor, rect: QRectF) -> None:
    painter.setPen(QPen(colour, 2.0))
    painter.drawEllipse(rect.center(), rect.width() * 0.33, rect.width() * 0.33)


_MARKS = MappingProxyType(
    {
        Mark.NONE: _no_mark,
        Mark.TICK: _tick,
        Mark.CLOCK: _clock,
        Mark.DOT: _dot,
        Mark.SQUARE: _square,
        Mark.RING: _ring,
    }
)


def paint_chevron(painter: QPainter, colour: QColor, rect: QRectF) -> None:
    """Draw the arrow of a closed list."""
    with kept_state(painter):
        pen = QPen(colour, max(1.5, rect.width() / 7))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle, half = rect.center(), rect.width() * 0.36
        painter.drawPolyline(
            QPolygonF(
                (
                    QPointF(middle.x() - half, middle.y() - half / 2),
                    QPointF(middle.x(), middle.y() + half / 2),
                    QPointF(middle.x() + half, middle.y() - half / 2),
                )
            )
        )


def kept_width(look: Look) -> int:
    """Return the width in px of the three bars."""
    return look.px(19)


def paint_kept(painter: QPainter, look: Look, kept: Kept, rect: QRectF) -> None:
    """Draw three small bars from the left of ``rect``: one filled kept, two shared, three seen."""
    pitch, wide, high = (look.px(7), look.px(5), look.px(9))
    top = math.floor(rect.center().y() - high / 2)
    with kept_state(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(look.colour(Ink.BORDER), 1))
        for bar in range(3):
            filled = bar < _BARS[kept]
            painter.setBrush(look.colour(Ink.BORDER) if filled else Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(math.floor(rect.left()) + bar * pitch, top, wide - 1, high - 1))


def steps_width(look: Look, total: int) -> int:
    """Return the width in px of a progress bar of ``total`` steps."""
    return look.px(26) * total - look.px(4)


def paint_steps(painter: QPainter, look: Look, done: int, total: int, rect: QRectF) -> None:
    """Draw ``total`` steps from the left of ``rect``, the first ``done`` filled."""
    high, wide, pitch = look.px(6), look.px(22), look.px(26)
    top = rect.center().y() - high / 2
    with kept_state(painter):
        for step in range(total):
            filled = step < done
            colour = look.colour(Ink.ACCENT if filled else Ink.BORDER)
            painter.setPen(QPen(colour, 1))
            painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
            bar = QRectF(rect.left() + step * pitch + 0.5, top + 0.5, wide - 1, high - 1)
            painter.drawRoundedRect(bar, high / 2 - 0.5, high / 2 - 0.5)


def paint_tick_box(painter: QPainter, look: Look, box: QRectF, *, on: bool) -> None:
    """Draw the square of a tick box, with its tick when ``on``."""
    with kept_state(painter):
        painter.setPen(QPen(look.colour(Ink.ACCENT if on else Ink.BORDER), 1.2))
        painter.setBrush(look.colour(Ink.ACCENT if on else Ink.SURFACE))
        painter.drawRoundedRect(box, 3, 3)
    if on:
        paint_mark(painter, Mark.TICK, look.colour(Ink.ON_ACCENT), box.adjusted(2, 2, -2, -2))

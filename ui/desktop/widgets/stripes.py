"""Diagonal stripes with words on a plain ground: nobody takes a rehearsal for the night."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight

_END, _PAD, _INSET = 30, 8, 3
"""Stripes left and right of the words, the words' own margin, and the stripes above and below, px."""


def paint_stripes(painter: QPainter, look: Look, place: QRectF, words: QRectF, step: int) -> None:
    """Fill ``place`` with stripes ``step`` px wide, and ``words`` with the plain ground."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(place, look.colour(Ink.AMBER_FILL))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(Ink.ON_AMBER_FILL))
    high, wide = round(place.height()), round(place.width())
    for x in range(-high, wide + high, step * 2):
        corners = ((x, high), (x + step, high), (x + step + high, 0), (x + high, 0))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    painter.fillRect(words, look.colour(Ink.AMBER_FILL))


class StripedMark(QLabel):
    """Says in words that this is not the night itself; never narrower than its words, and hidden without any."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self.setVisible(False)

    def show_words(self, words: str) -> None:
        """Show ``words``; nothing where they are empty."""
        self.setText(words)
        self.setVisible(bool(words))
        self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _words_wide(self) -> int:
        return self._look.metrics(Type.CAPTION, Weight.BOLD).horizontalAdvance(self.text()) + 2 * self._look.px(_PAD)

    def sizeHint(self) -> QSize:
        """Return words and stripes on one low line."""
        return QSize(self._words_wide() + 2 * self._look.px(_END), self._look.px(22))

    def minimumSizeHint(self) -> QSize:
        """It is always said whole."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the stripes, and the words between them."""
        look, painter, inset = self._look, QPainter(self), self._look.px(_INSET)
        ground = QRectF(self.rect()).adjusted(look.px(_END), inset, -look.px(_END), -inset)
        paint_stripes(painter, look, QRectF(self.rect()), ground, look.px(8))
        painter.setFont(look.font(Type.CAPTION, Weight.BOLD))
        painter.setPen(look.colour(Ink.ON_AMBER_FILL))
        painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class RehearsalMark(StripedMark):
    """Says that this is a rehearsal."""

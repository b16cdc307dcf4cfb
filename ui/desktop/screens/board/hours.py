"""Calls per hour, drawn: grey bars (they are no priority), hatched for the running hour, a dash for usual."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.desktop.screens.board.rows import HourBar, HoursTile
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight

_MARKED_HOURS = (17, 20, 23, 2, 5, 8)


class HoursChart(QWidget):
    """Bars of one shift; says every figure in its accessible description."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._tile: HoursTile | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Calls per hour")
        look.changed.connect(self.update)

    def show_tile(self, tile: HoursTile) -> None:
        """Draw these bars; nothing happens when they are the same."""
        if tile == self._tile:
            return
        self._tile = tile
        self.setAccessibleDescription(spoken(tile.bars))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return a size that still shows every bar."""
        return QSize(self._look.px(240), self._look.px(90))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw legend, bars, usual marks and hours."""
        if self._tile is None or not self._tile.bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._bars(painter, self._tile, self._legend(painter, self._tile))
        painter.end()

    def _legend(self, painter: QPainter, tile: HoursTile) -> float:
        font = self._look.font(Type.CAPTION)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        x, line = 0.0, metrics.height()
        box = self._look.px(12)
        for words, drawn in (
            ("tonight", "full"),
            ("this hour so far", "hatched"),
            (tile.usual_words, "dash"),
        ):
            if not words:
                continue
            spot = QRectF(x, (line - box) / 2, box, box)
            self._mark(painter, spot, drawn, stale=tile.age.stale)
            painter.setPen(self._look.colour(Ink.SECONDARY))
            x += box + self._look.px(8)
            painter.drawText(QPointF(x, metrics.ascent()), words)
            x += metrics.horizontalAdvance(words) + self._look.px(16)
        return line

    def _mark(self, painter: QPainter, spot: QRectF, drawn: str, *, stale: bool) -> None:
        if drawn == "dash":
            painter.setPen(QPen(self._look.colour(Ink.TEXT), 2))
            painter.drawLine(QPointF(spot.left(), spot.center().y()), QPointF(spot.right(), spot.center().y()))
            return
        self._box(painter, spot, hatched=drawn == "hatched", stale=stale)

    def _box(self, painter: QPainter, spot: QRectF, *, hatched: bool, stale: bool) -> None:
        grey = self._look.colour(Ink.BORDER)
        painter.setPen(QPen(grey, 1))
        if stale:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif hatched:
            painter.setBrush(QBrush(grey, Qt.BrushStyle.BDiagPattern))
        else:
            painter.setBrush(grey)
        painter.drawRect(spot)

    def _bars(self, painter: QPainter, tile: HoursTile, top: float) -> None:
        bars = tile.bars
        caption = QFontMetricsF(self._look.font(Type.CAPTION))
        foot = self.height() - caption.height() - self._look.px(4)
        head = top + caption.height() + self._look.px(4)
        tallest = max([bar.calls or 0 for bar in bars] + [bar.usual or 0 for bar in bars] + [1])
        step = self.width() / len(bars)
        wide = step * 0.78
        for index, bar in enumerate(bars):
            left = index * step
            unit = (foot - head) / tallest
            self._bar(painter, bar, QRectF(left, foot, wide, 0), unit, stale=tile.age.stale)
        painter.setPen(QPen(self._look.colour(Ink.HAIRLINE), 1))
        painter.drawLine(QPointF(0, foot), QPointF(self.width(), foot))

    def _bar(self, painter: QPainter, bar: HourBar, foot: QRectF, unit: float, *, stale: bool) -> None:
        text = self._look.colour(Ink.QUIET if stale else Ink.TEXT)
        above = foot.top()
        if bar.calls is not None:
            spot = QRectF(foot.left(), foot.top() - bar.calls * unit, foot.width(), bar.calls * unit)
            self._box(painter, spot, hatched=bar.running, stale=stale)
            above = spot.top()
        if bar.usual is not None:
            y = foot.top() - bar.usual * unit
            painter.setPen(QPen(text, 2))
            painter.drawLine(QPointF(foot.left(), y), QPointF(foot.right(), y))
            above = min(above, y)
        if bar.calls is not None:
            self._words(painter, str(bar.calls), foot, above - self._look.px(3), text, Weight.SEMIBOLD)
        if bar.hour in _MARKED_HOURS:
            base = self.height() - self._look.px(3)
            self._words(painter, f"{bar.hour:02d}", foot, base, self._look.colour(Ink.SECONDARY), Weight.REGULAR)

    def _words(
        self, painter: QPainter, words: str, over: QRectF, baseline: float, colour: QColor, weight: Weight
    ) -> None:
        font = self._look.font(Type.CAPTION, weight)
        painter.setFont(font)
        painter.setPen(colour)
        width = QFontMetricsF(font).horizontalAdvance(words)
        painter.drawText(QPointF(over.center().x() - width / 2, baseline), words)


def spoken(bars: tuple[HourBar, ...]) -> str:
    """Return every figure in words for a screen reader: ``17:00 18 calls, usual 16; ...``."""
    said = []
    for bar in bars:
        if bar.calls is None:
            continue
        usual = f", usual {bar.usual}" if bar.usual is not None else ""
        so_far = " so far" if bar.running else ""
        said.append(f"{bar.hour:02d}:00 {bar.calls} calls{so_far}{usual}")
    return "; ".join(said)

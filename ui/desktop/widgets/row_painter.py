"""Paints and measures the rows of a list: one delegate for every list of the console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.chips import chip_width, paint_chip
from ui.desktop.widgets.faces import Mark, Span
from ui.desktop.widgets.keycap import HEIGHT as CAP_HEIGHT
from ui.desktop.widgets.keycap import keycap_width, paint_keycap
from ui.desktop.widgets.keyed_model import ROW_ROLE
from ui.desktop.widgets.labels import paint_spans
from ui.desktop.widgets.rows import Cell, Ground, Line, Row
from ui.desktop.widgets.shapes import (
    kept_state,
    kept_width,
    paint_kept,
    paint_mark,
    paint_rank,
    paint_steps,
    paint_tick_box,
    steps_width,
)

_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
BUTTON_HEIGHT = 24
_HINTS = 4_000
"""Heights remembered in one list: one row more, and Qt asks for the height of each that was there before."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its place in px."""

    cell: Cell
    rect: QRect


def _font(look: Look, cell: Cell) -> QFont:
    return look.font(cell.size, cell.weight)


def cell_width(look: Look, cell: Cell) -> int:
    """Return the px ``cell`` needs on one line."""
    if cell.rank is not None:
        return look.px(20)
    if cell.chip is not None:
        return chip_width(look, cell.chip)
    if cell.kept is not None:
        return kept_width(look) + look.px(6) + look.px(42)
    if cell.tick is not None:
        return look.px(20)
    if cell.steps is not None:
        return steps_width(look, cell.steps[1])
    if cell.button:
        words = look.metrics(Type.BODY, Weight.MEDIUM).horizontalAdvance(cell.button)
        cap = keycap_width(look, cell.key)
        return words + look.px(11) * 2 + (cap + look.px(9) if cap else 0)
    if cell.key:
        return keycap_width(look, cell.key)
    more = look.metrics().horizontalAdvance(cell.more) + look.px(5) if cell.more else 0
    mark = look.px(14) if cell.mark is not Mark.NONE else 0
    gap = look.px(4) if mark and cell.text else 0
    return mark + gap + QFontMetrics(_font(look, cell)).horizontalAdvance(cell.text) + more + 1


def place(look: Look, line: Line, area: QRect) -> Iterator[Placed]:
    """Yield the cells of ``line`` with their places; a left cell ends where the first right cell begins."""
    edge = area.right() + 1
    free = edge
    for cell in line.cells:
        if cell.right is not None:
            wide = look.px(cell.width) or cell_width(look, cell)
            left = edge - look.px(cell.right) - wide
            free = min(free, left - look.px(8))
            yield Placed(cell, QRect(left, area.top(), wide, area.height()))
    for cell in line.cells:
        if cell.right is None:
            left = area.left() + look.px(cell.left)
            wide = min(look.px(cell.width), free - left) if cell.width else free - left
            if cell.chip is not None or cell.button or cell.key or cell.rank is not None:
                wide = min(wide, cell_width(look, cell))
            yield Placed(cell, QRect(left, area.top(), max(0, min(wide, edge - left)), area.height()))


def line_height(look: Look, line: Line, width: int) -> int:
    """Return the px high ``line`` is at ``width`` px: its own height, or more where a cell wraps."""
    tallest = look.px(line.height)
    for placed in place(look, line, QRect(0, 0, width, tallest)):
        if placed.cell.wrap:
            metrics = QFontMetrics(_font(look, placed.cell))
            need = metrics.boundingRect(QRect(0, 0, placed.rect.width(), 10_000), _WRAP, placed.cell.text).height()
            need = max(need, placed.cell.least * metrics.lineSpacing())
            tallest = max(tallest, need + look.px(line.height) - metrics.height())
    return tallest


class RowPainter(QStyledItemDelegate):
    """Paints :class:`Row`; ``pad`` px lie free left and right inside the view."""

    def __init__(self, look: Look, view: QAbstractItemView, pad: int = 0) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        self._pad = pad
        self._hints: dict[str, tuple[Row, int, QSize]] = {}
        look.changed.connect(self._hints.clear)

    def lines(self, row: Row, rect: QRect) -> Iterator[tuple[Line, QRect]]:
        """Yield each line of ``row`` with the room it has inside ``rect``."""
        look = self._look
        inner = rect.adjusted(look.px(self._pad), look.px(row.top), -look.px(self._pad), 0)
        top = inner.top()
        for line in row.lines:
            high = line_height(look, line, inner.width())
            yield line, QRect(inner.left(), top, inner.width(), high)
            top += high

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height the row's lines need at the view's width."""
        row = index.data(ROW_ROLE)
        width = self._view.viewport().width()
        if not isinstance(row, Row):
            return QSize(width, 0)
        known = self._hints.get(row.key)
        if known is not None and known[0] is row and known[1] == width:
            return known[2]
        if len(self._hints) >= _HINTS:
            self._hints.clear()
        hint = self._measured(row, width)
        self._hints[row.key] = (row, width, hint)
        return hint

    def _measured(self, row: Row, width: int) -> QSize:
        inner = width - self._look.px(self._pad) * 2
        high = sum(line_height(self._look, line, inner) for line in row.lines)
        return QSize(0, high + self._look.px(row.top) + self._look.px(row.bottom) + (1 if row.rule else 0))

    def cell_at(self, row: Row, rect: QRect, x: int, y: int) -> Cell | None:
        """Return the cell with an act under the point, None for none."""
        for line, area in self.lines(row, rect):
            for placed in place(self._look, line, area):
                if placed.cell.act and placed.rect.contains(x, y):
                    return placed.cell
        return None

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, cells, rule and, where the list has the focus, the ring."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        self._paint_ground(painter, row, rect)
        for line, area in self.lines(row, rect):
            for placed in place(self._look, line, area):
                paint_cell(painter, self._look, placed)
        if row.rule:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._look.colour(Ink.RULE))
        if state & QStyle.StateFlag.State_HasFocus:
            self.paint_ring(painter, rect)

    def _paint_ground(self, painter: QPainter, row: Row, rect: QRect) -> None:
        inks = {Ground.NEW: Ink.SELECTED, Ground.NOTICE: Ink.NOTICE, Ground.RISK: Ink.RISK}
        ink = inks.get(row.ground)
        if ink is not None:
            with kept_state(painter):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._look.colour(ink))
                painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)

    def paint_ring(self, painter: QPainter, rect: QRect) -> None:
        """Draw the focus ring inside ``rect``."""
        with kept_state(painter):
            painter.setPen(QPen(self._look.colour(Ink.FOCUS), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), CONTROL_RADIUS, CONTROL_RADIUS)


def _centred(rect: QRect, width: int, height: int) -> QRectF:
    return QRectF(rect.left(), rect.top() + (rect.height() - height) / 2, width, height)


def paint_cell(painter: QPainter, look: Look, placed: Placed) -> None:
    """Paint one cell in its place."""
    cell, rect = placed.cell, placed.rect
    if cell.rank is not None:
        paint_rank(painter, look, cell.rank, _centred(rect, look.px(20), look.px(20)), stale=cell.stale)
    elif cell.chip is not None:
        paint_chip(painter, look, cell.chip, _centred(rect, rect.width(), min(rect.height(), look.px(22))))
    elif cell.kept is not None:
        _paint_kept_cell(painter, look, cell, rect)
    elif cell.tick is not None:
        side = look.px(16)
        paint_tick_box(painter, look, _centred(rect, side, side), on=cell.tick)
    elif cell.steps is not None:
        paint_steps(painter, look, *cell.steps, QRectF(rect))
    elif cell.button:
        _paint_button(painter, look, cell, rect)
    elif cell.key:
        paint_keycap(painter, look, cell.key, _centred(rect, rect.width(), look.px(CAP_HEIGHT)))
    else:
        _paint_text(painter, look, cell, rect)


def _paint_kept_cell(painter: QPainter, look: Look, cell: Cell, rect: QRect) -> None:
    if cell.kept is None:
        return
    paint_kept(painter, look, cell.kept, QRectF(rect))
    weight = Weight.SEMIBOLD if cell.kept.value == "kept" else Weight.REGULAR
    words = Span(cell.kept.value, weight, Ink.SECONDARY, Type.CAPTION)
    paint_spans(painter, look, (words,), rect.adjusted(kept_width(look) + look.px(6), 0, 0, 0))


def _paint_button(painter: QPainter, look: Look, cell: Cell, rect: QRect) -> None:
    box = _centred(rect, rect.width(), min(rect.height(), look.px(BUTTON_HEIGHT)))
    ground, ink = (Ink.ACCENT, Ink.ON_ACCENT) if cell.filled else (Ink.SURFACE, Ink.TEXT)
    with kept_state(painter):
        painter.setPen(QPen(look.colour(Ink.ACCENT if cell.filled else Ink.BORDER), 1))
        painter.setBrush(look.colour(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS)
    words = Span(cell.button, Weight.MEDIUM, ink)
    inner = box.toRect().adjusted(look.px(11), 0, -look.px(8), 0)
    end = paint_spans(painter, look, (words,), inner)
    if cell.key:
        cap = QRectF(end + look.px(9), box.center().y() - look.px(9), keycap_width(look, cell.key), look.px(18))
        paint_keycap(painter, look, cell.key, cap, ink if cell.filled else Ink.SECONDARY)


def _paint_text(painter: QPainter, look: Look, cell: Cell, rect: QRect) -> None:
    if cell.mark is not Mark.NONE:
        side = look.px(14)
        paint_mark(painter, cell.mark, look.colour(cell.ink), _centred(rect, side, side))
        rect = rect.adjusted(side + look.px(4), 0, 0, 0)
    if cell.wrap:
        painter.setFont(_font(look, cell))
        painter.setPen(look.colour(cell.ink))
        # In the middle like every other cell: on one line, words and figures stand level.
        painter.drawText(rect, _WRAP | int(Qt.AlignmentFlag.AlignVCenter), cell.text)
        return
    spans = [Span(cell.text, cell.weight, cell.ink, cell.size)]
    if cell.more:
        spans.append(Span(cell.more, Weight.REGULAR, Ink.SECONDARY, gap=0 if cell.more[0] in ",.;:" else 5))
    paint_spans(painter, look, spans, rect, right=cell.right is not None)

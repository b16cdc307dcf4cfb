"""The status row every screen has: what works, who I am, what time it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ChipRow, HealthRow, Mark, Span, StatusRow
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.shapes import paint_mark


class DotLabel(PlainLabel):
    """A label with a small mark before it, a green dot unless told otherwise."""

    def __init__(self, look: Look, ink: Ink = Ink.OK) -> None:
        super().__init__(look)
        self._dot_ink = ink
        self.mark = Mark.DOT
        self._dots = look
        self.setContentsMargins(look.px(14), 0, 0, 0)
        look.changed.connect(self._margin)

    def _margin(self) -> None:
        self.setContentsMargins(self._dots.px(14) if self.mark is not Mark.NONE else 0, 0, 0, 0)

    def show_mark(self, mark: Mark) -> None:
        """Change the mark."""
        if mark is not self.mark:
            self.mark = mark
            self._margin()
            self.update()

    def sizeHint(self) -> QSize:
        """Return label and dot."""
        hint = super().sizeHint()
        return QSize(hint.width() + self.contentsMargins().left(), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dot and text."""
        super().paintEvent(event)
        if self.mark is Mark.NONE:
            return
        painter = QPainter(self)
        side = self._dots.px(10)
        place = QRectF(0, (self.height() - side) / 2, side, side)
        paint_mark(painter, self.mark, self._dots.colour(self._dot_ink), place)
        painter.end()


class HealthItem(QWidget):
    """One place in the row: dot and words, or a chip."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._calm = DotLabel(look)
        self._chip = Chip(look, ChipRow(""), height=22)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._calm)
        self._stack.addWidget(self._chip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_row(self, row: HealthRow) -> None:
        """Show ``row``."""
        if row.trouble:
            self._chip.show_row(ChipRow(row.text, mark=row.mark if row.mark is not Mark.DOT else Mark.SQUARE))
            self._stack.setCurrentWidget(self._chip)
        else:
            self._calm.show_mark(row.mark)
            self._calm.show_spans((Span(row.text, ink=Ink.SECONDARY, size=Type.CAPTION),))
            self._stack.setCurrentWidget(self._calm)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of what is shown."""
        current = self._stack.currentWidget()
        return current.sizeHint() if current else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """What works may elide; what does not is said in full, up to half a narrow screen."""
        hint = self.sizeHint()
        trouble = self._stack.currentWidget() is self._chip
        return QSize(min(hint.width(), 400) if trouble else 40, hint.height())


class StatusStrip(QWidget):
    """The row, 24 px high.  ``hints`` are the keys at its right end."""

    def __init__(self, look: Look, hints: Sequence[KeyHint]) -> None:
        super().__init__()
        self._look = look
        self._items: list[HealthItem] = []
        self._row: StatusRow | None = None
        outer = QHBoxLayout(self)
        outer.setContentsMargins(4, 0, 6, 0)
        outer.setSpacing(0)
        self._left = QHBoxLayout()
        self._left.setSpacing(20)
        outer.addLayout(self._left)
        self._note = PlainLabel(look)
        self._who = PlainLabel(look, (), right=True)
        self._day = PlainLabel(look, (), right=True)
        outer.addSpacing(16)
        outer.addWidget(self._note)
        outer.addStretch(1)
        outer.addWidget(self._who)
        outer.addSpacing(22)
        outer.addWidget(self._day)
        for hint in hints:
            outer.addSpacing(14)
            outer.addWidget(hint)
        self._day.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(self._look.px(24))

    def show_row(self, row: StatusRow) -> None:
        """Show ``row``; only what changed is touched."""
        if row == self._row:
            return
        self._row = row
        while len(self._items) < len(row.health):
            item = HealthItem(self._look)
            self._items.append(item)
            self._left.addWidget(item)
        for at, item in enumerate(self._items):
            item.setVisible(at < len(row.health))
            if at < len(row.health):
                item.show_row(row.health[at])
        self._note.show_spans((Span(row.note, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._who.show_spans(row.who)
        self._day.show_spans((Span(row.day, ink=Ink.SECONDARY), Span(f" {row.clock}", weight=Weight.SEMIBOLD)))

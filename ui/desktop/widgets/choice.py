"""A choice from a short list, with rank shapes where the choices are ranks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetrics,
    QIcon,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type
from ui.desktop.widgets.faces import Choice
from ui.desktop.widgets.shapes import kept_state, paint_chevron, paint_rank


class ChoiceBox(QComboBox):
    """A list to choose from; ``name`` is what a screen reader calls it (its value is told apart).

    ``chosen`` carries the key of what the user picked, never of what was shown by the program.
    The wheel does nothing, so that scrolling past never changes a record.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, placeholder: str = "", height: int = 32) -> None:
        super().__init__()
        self._look = look
        self._height = height
        self._choices: tuple[Choice, ...] = ()
        self._name = name
        self.setAccessibleName(name)
        self.describe("")
        self.setPlaceholderText(placeholder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(24)
        self.activated.connect(self._picked)
        self.currentIndexChanged.connect(self._tell)
        look.changed.connect(self.updateGeometry)

    def show_choices(self, choices: Sequence[Choice], current: str | None) -> None:
        """Show ``choices`` with ``current`` chosen; None, or a key not among them, shows the placeholder."""
        new = tuple(choices)
        if new != self._choices:
            self._choices = new
            self.clear()
            for choice in new:
                self.addItem(self._icon(choice), choice.label)
        keys = [choice.key for choice in new]
        at = keys.index(current) if current in keys else -1
        if at != self.currentIndex():
            self.setCurrentIndex(at)

    def current(self) -> Choice | None:
        """Return what is chosen now, None for nothing."""
        at = self.currentIndex()
        return self._choices[at] if 0 <= at < len(self._choices) else None

    def describe(self, text: str) -> None:
        """Give the box a description, begun with its name.

        On Linux Qt tells a screen reader the value as the name of a combo box; the name stands here.
        """
        self.setAccessibleDescription(". ".join(part for part in (self._name, text) if part))

    def _icon(self, choice: Choice) -> QIcon:
        if choice.rank is None:
            return QIcon()
        picture = QPixmap(18, 18)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_rank(painter, self._look, choice.rank, QRectF(0, 0, 18, 18))
        painter.end()
        return QIcon(picture)

    def _picked(self, at: int) -> None:
        if 0 <= at < len(self._choices):
            self.chosen.emit(self._choices[at].key)

    def _tell(self) -> None:
        """Tell a screen reader the new value, which on Linux is the name; Qt tells only the row of the list."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Ask for the width of the longest label."""
        metrics = QFontMetrics(self._look.font())
        words = [choice.label for choice in self._choices] + [self.placeholderText()]
        wide = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(wide + self._look.px(42), self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """A narrow box elides."""
        return QSize(self._look.px(64), self._look.px(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw border, value and arrow."""
        painter = QPainter(self)
        look = self._look
        focused = self.hasFocus()
        width = 3 if focused else 1
        edge = Ink.FOCUS if focused else Ink.BORDER if self.isEnabled() else Ink.HAIRLINE
        with kept_state(painter):
            painter.setPen(QPen(look.colour(edge), width))
            painter.setBrush(look.colour(Ink.SURFACE if self.isEnabled() else Ink.WINDOW))
            inset = width / 2
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)
        self._paint_value(painter)
        side = look.px(12)
        arrow = QRectF(self.width() - look.px(9) - side, (self.height() - side) / 2, side, side)
        paint_chevron(painter, look.colour(Ink.SECONDARY), arrow)
        painter.end()

    def _paint_value(self, painter: QPainter) -> None:
        look = self._look
        area = self.rect().adjusted(look.px(10), 0, -look.px(26), 0)
        current = self.current()
        if current is not None and current.rank is not None:
            side = look.px(18)
            paint_rank(painter, look, current.rank, QRectF(area.left(), (self.height() - side) / 2, side, side))
            area.adjust(side + look.px(6), 0, 0, 0)
        font = look.font(Type.BODY)
        painter.setFont(font)
        painter.setPen(look.colour(Ink.TEXT if current and self.isEnabled() else Ink.QUIET))
        words = current.label if current else self.placeholderText()
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

"""A box to tick, with its words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type
from ui.desktop.widgets.shapes import kept_state, paint_tick_box


class TickBox(QCheckBox):
    """A tick box.  Use ``clicked`` (the user's act), not ``toggled`` (also the program's)."""

    def __init__(self, look: Look, text: str, height: int = 24) -> None:
        super().__init__()
        self._look = look
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        self.say(text)

    def say(self, text: str) -> None:
        """Show ``text`` beside the box."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return box, gap and words."""
        words = QFontMetrics(self._look.font(Type.BODY)).horizontalAdvance(self.accessibleName())
        return QSize(self._look.px(24) + words + self._look.px(4), self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Words of a tick box elide only when squeezed by the layout."""
        return QSize(self._look.px(60), self._look.px(self._height))

    def hitButton(self, pos: QPoint) -> bool:
        """Let the whole widget be pressed."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick and words."""
        painter = QPainter(self)
        look = self._look
        side = look.px(16)
        box = QRectF(look.px(1), (self.height() - side) / 2, side, side)
        paint_tick_box(painter, look, box, on=self.isChecked())
        if self.hasFocus():
            with kept_state(painter):
                painter.setPen(QPen(look.colour(Ink.FOCUS), 3))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                ring = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
                painter.drawRoundedRect(ring, CONTROL_RADIUS, CONTROL_RADIUS)
        font = look.font(Type.BODY)
        painter.setFont(font)
        painter.setPen(look.colour(Ink.TEXT if self.isEnabled() else Ink.QUIET))
        area = self.rect().adjusted(look.px(22), 0, 0, 0)
        words = QFontMetrics(font).elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()

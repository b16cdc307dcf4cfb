"""The small drawn key that stands beside everything a key can do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.shapes import kept_state

HEIGHT = 18


def keycap_width(look: Look, key: str) -> int:
    """Return the px the cap of ``key`` needs; 0 without a key."""
    if not key:
        return 0
    return look.metrics(Type.KEYCAP, Weight.MEDIUM).horizontalAdvance(key) + look.px(5) * 2


def paint_keycap(painter: QPainter, look: Look, key: str, rect: QRectF, ink: Ink = Ink.SECONDARY) -> None:
    """Draw ``key`` in ``rect``; on a filled button ``ink`` is ON_ACCENT and the cap is only an outline."""
    filled = ink is Ink.ON_ACCENT
    with kept_state(painter):
        painter.setPen(QPen(look.colour(ink if filled else Ink.HAIRLINE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if filled else look.colour(Ink.WINDOW))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS)
        painter.setFont(look.font(Type.KEYCAP, Weight.MEDIUM))
        painter.setPen(look.colour(ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)


class KeyCap(QLabel):
    """A cap alone, as a label: beside a pane's title or a line of text."""

    def __init__(self, look: Look, key: str) -> None:
        super().__init__()
        self._look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(key)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size of the cap."""
        return QSize(keycap_width(self._look, self.text()), self._look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A key never elides."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cap."""
        painter = QPainter(self)
        paint_keycap(painter, self._look, self.text(), QRectF(self.rect()))
        painter.end()

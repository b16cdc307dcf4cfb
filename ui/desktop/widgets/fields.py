"""One-line fields: plain text in, one line out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from console.domain.text import NAME_CAP, safe_line, too_long
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.keycap import HEIGHT as CAP_HEIGHT
from ui.desktop.widgets.keycap import keycap_width, paint_keycap
from ui.desktop.widgets.own_keys import is_ours
from ui.desktop.widgets.shapes import kept_state


class LineField(QLineEdit):
    """A line of text with an optional key cap at its right edge.

    ``entered`` carries the cleaned text on Enter; ``edited`` after the user changed it and left;
    ``refused`` the sentence for what the line cannot hold: then it stands as it stood before.
    ``fill`` shows a value and never touches a field the user is in.  :meth:`show_state` puts a few quiet words
    in the place of the key cap: how far what is written has come.
    """

    entered = Signal(str)
    edited = Signal(str)
    refused = Signal(str)

    def __init__(
        self, look: Look, name: str, placeholder: str = "", *, key: str = "", cap: int = NAME_CAP, height: int = 32
    ) -> None:
        super().__init__()
        self._look = look
        self._key = key
        self._cap = cap
        self._height = height
        self._shown = ""
        self._state = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._before = ("", 0)
        self._shows = False
        self._typed: str | None = None
        # First of all who hear it, and not Qt's own limit, which cuts without a word.
        self.textEdited.connect(self._hold)
        self.textChanged.connect(self._by_whom)
        self.textChanged.connect(self._stand)
        self.cursorPositionChanged.connect(self._stand)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editingFinished.connect(self._left)
        look.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._look.font(Type.BODY))
        room = self._state_width() or keycap_width(self._look, self._key)
        self.setTextMargins(0, 0, room + self._look.px(4) if room else 0, 0)
        self.updateGeometry()

    def show_state(self, words: str) -> None:
        """Show ``words`` at the right edge, in the place of the key cap; empty: the cap again."""
        if words != self._state:
            self._state = words
            self._restyle()
            self.update()

    def _state_width(self) -> int:
        return self._look.metrics(Type.CAPTION).horizontalAdvance(self._state) + self._look.px(4) if self._state else 0

    def clean(self) -> str:
        """Return what is written, one safe line."""
        return safe_line(self.text(), self._cap)

    def fill(self, text: str) -> None:
        """Show ``text`` unless the user is typing here something not yet told."""
        if self.hasFocus() and self.text() != self._shown:
            return
        self._shown = text
        if text != self.text():
            self.setText(text)

    def setText(self, text: str | None) -> None:
        """Show what the program puts here."""
        self._shows = True
        super().setText(text)
        self._shows = False

    def clear(self) -> None:
        """Empty it; that too is the program's act."""
        self.setText("")

    def _by_whom(self, text: str) -> None:
        """Take what was dictated, or put here by a screen reader, as typed: Qt tells that as if the program did it."""
        typed, self._typed = self._typed, None
        if not self._shows and text != typed:
            self.textEdited.emit(text)

    def _stand(self) -> None:
        """Take note of what the next change is measured against."""
        self._before = (self.text(), self.cursorPosition())

    def _hold(self, text: str) -> None:
        """Take what fits; more than the line holds is refused whole, in words, and nothing of it is cut."""
        self._typed = text
        before, at = self._before
        if len(text) > self._cap and len(text) > len(before):
            self.setText(before)
            self.setCursorPosition(at)
            self.refused.emit(str(too_long(len(text), self._cap, "this line")))

    def _left(self) -> None:
        now = self.clean()
        if now != self._shown:
            self._shown = now
            self.edited.emit(now)

    def event(self, event: QEvent) -> bool:
        """Leave our own keys to the window."""
        if is_ours(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter hands the line on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.entered.emit(self.clean())
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return a usual width and our height."""
        return QSize(self._look.px(160), self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """A field may be narrow; it scrolls."""
        return QSize(self._look.px(60), self._look.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then its key."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint_plain_border(painter, self._look, self, self.rect())
        if self._state:
            self._paint_state(painter)
        elif self._key:
            self._paint_key(painter)
        painter.end()

    def _paint_state(self, painter: QPainter) -> None:
        with kept_state(painter):
            painter.setFont(self._look.font(Type.CAPTION))
            painter.setPen(self._look.colour(Ink.SECONDARY))
            place = self.rect().adjusted(0, 0, -self._look.px(8), 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._state)

    def _paint_key(self, painter: QPainter) -> None:
        wide, high = keycap_width(self._look, self._key), self._look.px(CAP_HEIGHT)
        place = QRectF(self.width() - self._look.px(8) - wide, (self.height() - high) / 2, wide, high)
        paint_keycap(painter, self._look, self._key, place)


def paint_plain_border(painter: QPainter, look: Look, widget: QWidget, rect: QRect) -> None:
    """Draw the border of a text field where there is no stylesheet to do it (high contrast)."""
    if not look.theme.plain:
        return
    width = 3 if widget.hasFocus() else 1
    with kept_state(painter):
        painter.setPen(QPen(look.colour(Ink.FOCUS if widget.hasFocus() else Ink.BORDER), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRect(QRectF(rect).adjusted(inset, inset, -inset, -inset))

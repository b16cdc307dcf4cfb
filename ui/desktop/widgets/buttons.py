"""Buttons: what it does, and the key that does it.

Buttons that touch the call take no focus at all (``focus=False``), so that no key typed into a
note can ever press one (platform-facts.md 1.4).
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.faces import ButtonFace, Mark
from ui.desktop.widgets.keycap import HEIGHT as CAP_HEIGHT
from ui.desktop.widgets.keycap import keycap_width, paint_keycap
from ui.desktop.widgets.labels import set_tip
from ui.desktop.widgets.shapes import kept_state, paint_mark


class KeyButton(QPushButton):
    """A button with its key.  ``spread`` puts the cap at the right edge (signals), else beside the text."""

    def __init__(
        self, look: Look, face: ButtonFace, *, focus: bool = True, spread: bool = False, height: int = 32
    ) -> None:
        super().__init__()
        self._look = look
        self._face = ButtonFace("")
        self._spread = spread
        self._bare = False
        self._height = height
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focus else Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        wide = QSizePolicy.Policy.Expanding if spread else QSizePolicy.Policy.Fixed
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self.show_face(face)

    @property
    def face(self) -> ButtonFace:
        """What is shown now."""
        return self._face

    def show_face(self, face: ButtonFace) -> None:
        """Show ``face``; nothing is done when it is the same."""
        if face == self._face:
            return
        self._face = face
        self.setEnabled(face.enabled)
        self.setAccessibleName(face.spoken or face.text)
        key = f"Key {face.key}" if face.key else ""
        self.setAccessibleDescription(". ".join(part for part in (face.note, key, face.why) if part))
        self._say_tip()
        self._restyle()

    def show_cap(self, *, shown: bool) -> None:
        """Show the cap of the key, or leave it to tooltip and key sheet; nothing is done when it is so already."""
        if self._bare is shown:
            self._bare = not shown
            self._say_tip()
            self._restyle()

    def width_with_cap(self) -> int:
        """Return the px that words and cap need, whether the cap is shown now or not."""
        cap = keycap_width(self._look, self._face.key)
        return self._look.px(11) * 2 + self._text_width() + (self._look.px(9) + cap if cap else 0) + 1

    def _say_tip(self) -> None:
        face = self._face
        # A tick that stands alone is said here in words.
        short = (face.note if self._spread else "", f"Key {face.key}" if face.key and self._words_only() else "")
        set_tip(self, face.why or ". ".join(part for part in short if part))

    def _words_only(self) -> bool:
        """Say whether the cap is left to tooltip and key sheet, so that the words find room."""
        return self._bare or self._look.words_only

    def _cap_width(self) -> int:
        return 0 if self._words_only() else keycap_width(self._look, self._face.key)

    def _restyle(self) -> None:
        self._say_tip()
        self.setText(self._face.text.replace("&", "&&"))
        self.updateGeometry()
        self.update()

    def _text_width(self) -> int:
        return self._look.metrics(Type.BODY, Weight.MEDIUM).horizontalAdvance(self._face.text)

    def _note_width(self) -> int:
        if not self._face.note:
            return 0
        mark = self._look.px(16) if self._face.mark is not Mark.NONE else 0
        return self._look.px(8) + mark + self._look.metrics(Type.CAPTION).horizontalAdvance(self._face.note)

    def sizeHint(self) -> QSize:
        """Return the room text, note and cap need."""
        cap = self._cap_width()
        gap = self._look.px(9) if cap else 0
        # What a spread one has to note never moves the others: its note takes the place of the cap, or is cut.
        note = 0 if self._spread else self._note_width()
        if self._spread and not cap:
            note = self._look.px(20)  # a mark fits
        width = self._look.px(11) * 2 + self._text_width() + note + gap + cap + 1
        return QSize(width, self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Buttons do not elide, except the note of a spread one, which may lose its cap as well."""
        if not self._spread:
            return self.sizeHint()
        return QSize(self._look.px(11 + 8) + self._text_width() + 1, self._look.px(self._height))

    def _inks(self) -> tuple[Ink, Ink, Ink]:
        """Return ground, text and edge."""
        if not self._face.enabled:
            return Ink.WINDOW, Ink.QUIET, Ink.HAIRLINE
        if self._face.filled:
            return Ink.ACCENT, Ink.ON_ACCENT, Ink.ACCENT
        if self._face.lit:
            return Ink.SELECTED, Ink.TEXT, Ink.ACCENT
        down = self.isDown() or self.underMouse()
        return (Ink.WINDOW if down else Ink.SURFACE), Ink.TEXT, Ink.BORDER

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button, in high contrast with the platform's own pairs of colours."""
        painter = QPainter(self)
        self._paint_ground(painter)
        self._paint_words(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        ground, _, edge = self._inks()
        focused = self.hasFocus()
        width = 3 if focused else 1
        with kept_state(painter):
            painter.setPen(QPen(self._look.colour(Ink.FOCUS if focused else edge), width))
            painter.setBrush(self._look.colour(ground))
            inset = width / 2
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), CONTROL_RADIUS, CONTROL_RADIUS
            )

    def _paint_words(self, painter: QPainter) -> None:
        look, face = self._look, self._face
        _, ink, _ = self._inks()
        area = QRectF(self.rect()).adjusted(look.px(11), 0, -look.px(11 if not self._spread else 8), 0)
        centred = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        cap = self._cap_width()
        painter.setFont(look.font(Type.BODY, Weight.SEMIBOLD if face.lit and face.note else Weight.MEDIUM))
        painter.setPen(look.colour(ink))
        painter.drawText(area, int(centred), face.text)
        used = QFontMetrics(painter.font()).horizontalAdvance(face.text)
        if self._spread and used + self._note_width() + look.px(8) + cap > area.width():
            cap = 0
        if face.note:
            room = area.adjusted(used + look.px(8), 0, -(cap + look.px(8) if cap else 0), 0)
            self._paint_note(painter, room, ink)
        if cap:
            left = area.right() - cap if self._spread else area.left() + used + self._note_width() + look.px(9)
            high = look.px(CAP_HEIGHT)
            place = QRectF(left, area.center().y() - high / 2, cap, high)
            paint_keycap(painter, look, face.key, place, self._cap_ink())

    def _cap_ink(self) -> Ink:
        if not self._face.enabled:
            return Ink.QUIET
        return Ink.ON_ACCENT if self._face.filled else Ink.SECONDARY

    def _paint_note(self, painter: QPainter, room: QRectF, ink: Ink) -> None:
        look, face = self._look, self._face
        if face.mark is not Mark.NONE:
            side = look.px(12)
            place = QRectF(room.left(), room.center().y() - side / 2, side, side)
            if room.width() < side:
                # How far a signal came is never left out: in the corner where there is no room beside the words.
                place = QRectF(self.width() - side - look.px(3), look.px(2), side, side)
            colour = look.colour(Ink.OK if face.mark is Mark.TICK else ink)
            paint_mark(painter, face.mark, colour, place)
            room = room.adjusted(look.px(16), 0, 0, 0)
        if room.width() < look.px(16):
            return
        if face.mark is Mark.TICK and look.metrics(Type.CAPTION).horizontalAdvance(face.note) > room.width() + 1:
            return  # the tick says it; half a time would say nothing
        painter.setFont(look.font(Type.CAPTION))
        painter.setPen(look.colour(Ink.SECONDARY if ink is Ink.TEXT else ink))
        text = look.metrics(Type.CAPTION).elidedText(face.note, Qt.TextElideMode.ElideRight, round(room.width() + 1))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


class KeyHint(QPushButton):
    """A cap with a quiet word after it, clickable, never focused: "F1 Keys" in the status row."""

    def __init__(self, look: Look, key: str, word: str) -> None:
        super().__init__()
        self._look = look
        self._key = key
        self._word = word
        self.setText(word)
        self.setAccessibleName(word or key)
        self.setAccessibleDescription(f"Key {key}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def say(self, word: str) -> None:
        """Show another word after the cap."""
        if word != self._word:
            self._word = word
            self.setText(word.replace("&", "&&"))
            self.setAccessibleName(word or self._key)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return cap, gap and word; at least 24 px each way."""
        word = self._look.metrics(Type.CAPTION).horizontalAdvance(self._word)
        gap = self._look.px(6) if word else 0
        return QSize(max(self._look.px(24), keycap_width(self._look, self._key) + gap + word), self._look.px(24))

    def minimumSizeHint(self) -> QSize:
        """A hint does not elide."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw cap and word."""
        look = self._look
        painter = QPainter(self)
        cap, high = keycap_width(look, self._key), look.px(CAP_HEIGHT)
        middle = QRectF(self.rect()).center().y()
        paint_keycap(painter, look, self._key, QRectF(0, middle - high / 2, cap, high))
        painter.setFont(look.font(Type.CAPTION))
        painter.setPen(look.colour(Ink.SECONDARY))
        place = QRectF(self.rect()).adjusted(cap + look.px(6), 0, 0, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._word)
        painter.end()

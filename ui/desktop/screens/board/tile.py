"""One tile of the board: a card with a title, its own age, and the keyboard on it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.screens.board.rows import Age
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CARD_RADIUS, GAP, Type, Weight
from ui.desktop.widgets.cards import ALARM, CALM, RING, STALE, Card, CardStyle
from ui.desktop.widgets.chips import Chip, chip_width
from ui.desktop.widgets.faces import ChipRow, Face, Mark, Span
from ui.desktop.widgets.labels import PlainLabel

BOARD_ALARM = CardStyle(ALARM.ground, ALARM.edge, 1.5)
ASIDE, BETWEEN = 16, 8
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class Tile(Card):
    """Shows its age at its right, and greys and dashes itself when that age is stale.

    ``opened`` is emitted on Enter: the list behind the tile is wanted.  ``walked`` carries the
    arrow key that was pressed.
    """

    opened = Signal()
    walked = Signal(int)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look)
        self.name = name
        self._alarm = False
        self._stale = False
        self._said = Age()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(ASIDE - RING, GAP, ASIDE - RING, GAP)
        outer.setSpacing(2)
        self.title = PlainLabel(look, (Span(name, Weight.SEMIBOLD),))
        self._age = PlainLabel(look, (), right=True)
        self._old = Chip(look, None, height=20)
        head = QHBoxLayout()
        head.setSpacing(BETWEEN)
        head.addWidget(self.title)
        head.addStretch(1)
        self.more = PlainLabel(look, (), right=True)
        self.more.hide()
        head.addWidget(self.more)
        head.addWidget(self._age)
        head.addWidget(self._old)
        holder = QWidget()
        head.setContentsMargins(RING, 0, RING, 0)
        holder.setLayout(head)
        self._head = holder
        outer.addWidget(holder)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(RING, 0, RING, 0)
        self.body.setSpacing(2)
        outer.addLayout(self.body, 1)
        look.changed.connect(self._restyle_head)
        self._restyle_head()

    @property
    def stale(self) -> bool:
        """Say whether what it shows is old."""
        return self._stale

    def show_head(self, title: str, age: Age, *, alarm: bool = False, said: str = "") -> None:
        """Show title and age; ``said`` is the whole tile in words for a screen reader."""
        self._alarm, self._stale, self._said = alarm, age.stale, age
        self.show_style(STALE if age.stale else BOARD_ALARM if alarm else CALM)
        self.title.show_spans((Span(title, Weight.SEMIBOLD, self.ink(Ink.TEXT)),))
        self._age.show_spans((Span(age.words, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{said} {age.words}".strip())
        self._fit_head()

    def show_more(self, below: int) -> None:
        """Say beside the age how many rows lie below what is seen; 0 says nothing."""
        words = f"{below} more below" if below else ""
        self.more.show_spans((Span(words, Weight.MEDIUM, ink=self.ink(Ink.TEXT), size=Type.CAPTION),) if below else ())
        # Where it is narrow the title gives way, and not the number.
        self.more.setMinimumWidth(self.more.sizeHint().width())
        self.more.setVisible(below > 0)
        self._fit_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the head to another width."""
        super().resizeEvent(event)
        self._fit_head()

    def _fit_head(self) -> None:
        """Leave out that it is fresh where the title has no room beside it; what is old always says so."""
        said = [self.title, self._age, *([] if self.more.isHidden() else [self.more])]
        need = sum(one.natural_width() + BETWEEN for one in said)
        self._age.setMinimumWidth(self._age.sizeHint().width())
        self._age.setVisible(not self._stale and need <= self.width() - 2 * ASIDE)
        self._show_old()

    def _show_old(self) -> None:
        """Show how old it is; dashes and the clock, then dashes alone, say *old* where the word would cut the title."""
        if not self._stale:
            self._old.show_row(None)
            return
        whole = ChipRow(self._said.words, Face.OLD, Mark.CLOCK)
        short = replace(whole, text=whole.text.removesuffix(" old"))
        least = replace(short, mark=Mark.NONE)
        room = self.width() - 2 * ASIDE - self.title.natural_width() - BETWEEN
        self._old.show_row(next((one for one in (whole, short) if chip_width(self.look, one) <= room), least))

    def ink(self, fresh: Ink) -> Ink:
        """Return ``fresh``, or quiet while the tile is old."""
        return Ink.QUIET if self._stale else fresh

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list behind; arrows walk to the neighbours."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() in _ARROWS:
            self.walked.emit(event.key())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, and the ring while the keyboard is here."""
        super().paintEvent(event)
        # A list in it draws its own ring and is painted when the keyboard comes and goes; this tile is not.
        if self.focusProxy() is not None or not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.look.colour(Ink.FOCUS), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), CARD_RADIUS, CARD_RADIUS)
        painter.end()

    def _restyle_head(self) -> None:
        self._head.setFixedHeight(self.look.px(24))

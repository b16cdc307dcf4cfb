"""The control strip: what is played, how fast, and the two things that can be taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.calendar import local
from ui.desktop.demo.script_lines import Control, State, words_of
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.stripes import paint_stripes

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0)
STRIPE = 14
EVERY_MS = 200


class Takeaway(Protocol):
    """The shared record as something that can be taken away."""

    def take(self) -> None:
        """Take it away, soon."""

    def give_back(self) -> None:
        """Bring it back, soon."""

    @property
    def away(self) -> bool:
        """Say whether it is away."""


class StripedBar(QWidget):
    """Diagonal stripes with one sentence: nobody takes a rehearsal for the night."""

    WORDS = "DEMO   invented people, simulated telephones; nothing here is real"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(self.WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """One low row."""
        return QSize(self._look.px(520), self._look.px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the stripes, and the words on a plain ground of their own."""
        look, painter = self._look, QPainter(self)
        painter.setFont(look.font(Type.BODY, Weight.BOLD))
        wide = painter.fontMetrics().horizontalAdvance(self.WORDS) + look.px(24)
        inset = look.px(4)
        ground = QRectF((self.width() - wide) / 2, inset, wide, self.height() - 2 * inset)
        paint_stripes(painter, look, QRectF(self.rect()), ground, look.px(STRIPE))
        painter.setPen(look.colour(Ink.ON_AMBER_FILL))
        painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), self.WORDS)
        painter.end()


class ControlStrip(QWidget):
    """A small window of its own.  ``closed`` is emitted when it is closed: that ends the demo.

    ``waits`` is the line of the script that stands until what was taken away is back.
    """

    closed = Signal()

    def __init__(
        self, look: Look, control: Control, record: Takeaway, title: str, waits: Callable[[], str] = lambda: ""
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("DEMO: Nightdesk")
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._look = look
        self._control = control
        self._record = record
        self._waits = waits
        self.telephones_taken = False
        self._clock = plain(look, "", Type.CLOCK, Weight.SEMIBOLD)
        self._clock.setMinimumWidth(look.px(124))
        self._coming = plain(look, title, Type.CAPTION, ink=Ink.SECONDARY)
        self.pause = self._button("Pause", self._pause)
        self.speed = self._button("Speed 1×", self._speed)
        self.next = self._button("Next", control.next)
        self.database = self._button("Take the database away", self._database)
        self.telephones = self._button("Take the telephones away", self._telephones)
        self._lay_out(look)
        self._dresser = Dresser(self, look)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def _lay_out(self, look: Look) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 8)
        outer.setSpacing(8)
        outer.addWidget(StripedBar(look))
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._clock)
        for button in (self.pause, self.speed, self.next, self.database, self.telephones):
            row.addWidget(button)
        outer.addLayout(row)
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self._coming)
        outer.addLayout(below)

    def _button(self, text: str, act: Callable[[], None]) -> KeyButton:
        button = KeyButton(self._look, ButtonFace(text))
        button.clicked.connect(act)
        button.clicked.connect(self.refresh)
        return button

    def refresh(self) -> None:
        """Show how things are now."""
        state = self._control.state()
        self._clock.say(f"{local(state.position):%a %H:%M:%S}")
        self._coming.say(self._coming_words(state))
        self.pause.show_face(ButtonFace("Pause" if state.running else "Play", lit=not state.running))
        self.speed.show_face(ButtonFace(f"Speed {state.speed:g}×"))
        self.next.show_face(ButtonFace("Next", enabled=state.coming is not None, why="The script is at its end."))
        away = self._record.away
        self.database.show_face(ButtonFace("Bring the database back" if away else "Take the database away", lit=away))
        gone = state.phones_away
        words = "Bring the telephones back" if gone else "Take the telephones away"
        self.telephones.show_face(ButtonFace(words, lit=gone))

    def _coming_words(self, state: State) -> str:
        if waiting := self._waits():
            return f"Waits until it is back: {waiting}"
        if state.coming is None:
            return "The script is at its end. The windows stay; close them when you have seen enough."
        return f"Next: {words_of(state.coming)}"

    def _pause(self) -> None:
        if self._control.state().running:
            self._control.pause()
        else:
            self._control.play()

    def _speed(self) -> None:
        now = self._control.state().speed
        self._control.speed(next((one for one in SPEEDS if one > now), SPEEDS[0]))

    def _database(self) -> None:
        if self._record.away:
            self._record.give_back()
        else:
            self._record.take()

    def _telephones(self) -> None:
        if self._control.state().phones_away:
            self.telephones_taken = False
            self._control.bring_phones_back()
        else:
            self.telephones_taken = True
            self._control.take_phones_away()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the strip ends the demo."""
        self._timer.stop()
        event.accept()
        self.closed.emit()

"""The strip of a rehearsal: what the caller says, how long it has gone on, and the three things a trainer does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.demo.strip import StripedBar
from ui.desktop.rehearsal.fitted import FittedWords
from ui.desktop.rehearsal.rows import END_KEY, MAIN_KEY, NEXT_KEY, TWICE_WITHIN, StripRow, strip_row
from ui.desktop.rehearsal.standing import Rehearsed
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.stripes import StripedMark

EVERY_MS = 150
WIDE, WORDS_HIGH, BEFORE_HIGH = 780, 94, 20
"""Room for the longest words a script may say: nothing moves when somebody speaks."""
LOW_WORDS_HIGH, LOW_WHO, LOW_BUTTON, HIGH_BUTTON = 46, 120, 28, 32
"""The same in one low row, three lines of small words; room for who speaks; a button's height, there and else, px."""


class RehearsalBar(StripedBar):
    """The stripes, with the words of a rehearsal."""

    WORDS = "REHEARSAL   invented people, simulated telephones; nothing here is real"


def press_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Let Enter press the button that has the focus; say whether it did."""
    focused = window.focusWidget()
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, KeyButton):
        focused.click()
        return True
    return False


class RehearsalStrip(QWidget):
    """A small window of its own.  ``closed``: it was closed, which ends the rehearsal.

    Its keys work in every window of this program.  It takes no focus when somebody speaks.  ``low``: one row, for a
    screen on which more would cover the note; the keys are then told where one points at a button.
    """

    closed = Signal()

    def __init__(
        self,
        look: Look,
        rehearsal: Rehearsed,
        title: str,
        brief: Sequence[str],
        people: int = 1,
        *,
        low: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("REHEARSAL: Nightdesk")
        self._look = look
        self._rehearsal = rehearsal
        self._brief = tuple(brief)
        self._people = people
        self._low = low
        self._ending = QElapsedTimer()
        self.clock = plain(look, "", Type.CLOCK, Weight.SEMIBOLD)
        self.who = plain(look, "", Type.CAPTION, Weight.SEMIBOLD, Ink.SECONDARY)
        self.words = plain(look, "", Type.FIGURE, Weight.MEDIUM, wrap=True)
        if low:
            self.who = FittedWords(look, LOW_WORDS_HIGH, self.who.spans[0], (Type.CAPTION,))
            self.words = FittedWords(look, LOW_WORDS_HIGH, self.words.spans[0])
        self.before = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY)
        self.title = plain(look, title, Type.BODY, Weight.SEMIBOLD)
        row = strip_row(rehearsal.standing(), (), self._brief, people)
        self.main = self._button(row.main, self._main)
        self.skip = self._button(row.skip, rehearsal.skip)
        self.end = self._button(row.end, rehearsal.finish)
        if low:
            self._lay_out_low(look)
        else:
            self._lay_out(look)
        self._keys = (
            self._key(MAIN_KEY, self._main),
            self._key(NEXT_KEY, rehearsal.skip),
            self._key(END_KEY, self._end_by_key),
        )
        self._dresser = Dresser(self, look)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def _lay_out(self, look: Look) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 10)
        outer.setSpacing(8)
        outer.addWidget(RehearsalBar(look))
        inner = QVBoxLayout()
        inner.setContentsMargins(14, 0, 14, 0)
        inner.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.clock)
        inner.addLayout(head)
        inner.addWidget(self.who)
        for label, high in ((self.words, WORDS_HIGH), (self.before, BEFORE_HIGH)):
            label.setFixedHeight(look.px(high))
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            inner.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.main, self.skip, self.end):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inner.addLayout(buttons)
        outer.addLayout(inner)
        self.setMinimumWidth(look.px(WIDE))

    def _lay_out_low(self, look: Look) -> None:
        mark = StripedMark(look)
        mark.show_words("REHEARSAL")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        self.who.setFixedWidth(look.px(LOW_WHO))
        row.addWidget(mark)
        row.addWidget(self.clock)
        row.addWidget(self.who)
        row.addWidget(self.words, 1)
        for button in (self.main, self.skip, self.end):
            row.addWidget(button)
        # What stands in no row of the low strip is the window's own all the same.
        for unseen in (self.title, self.before):
            unseen.setParent(self)
            unseen.hide()
        self.setMinimumWidth(look.px(WIDE))

    def sizeHint(self) -> QSize:
        """As wide as the words need, as low as can be."""
        return QSize(self._look.px(WIDE), super().sizeHint().height())

    def _button(self, face: ButtonFace, act: Callable[[], None]) -> KeyButton:
        button = KeyButton(self._look, self._face(face), height=LOW_BUTTON if self._low else HIGH_BUTTON)
        button.clicked.connect(act)
        button.clicked.connect(self.refresh)
        return button

    def _key(self, keys: str, act: Callable[[], None]) -> QShortcut:
        made = QShortcut(QKeySequence(keys), self)
        # The trainee's own window has the focus all the while.
        made.setContext(Qt.ShortcutContext.ApplicationShortcut)
        made.activated.connect(act)
        made.activated.connect(self.refresh)
        return made

    def refresh(self) -> None:
        """Show how things are now."""
        self.show_row(strip_row(self._rehearsal.standing(), self._rehearsal.voices, self._brief, self._people))

    def show_row(self, row: StripRow) -> None:
        """Show one state of the strip."""
        self.clock.say(row.clock)
        self.who.say(row.who)
        self.words.say(row.words)
        self.before.say(row.before)
        for button, face in ((self.main, row.main), (self.skip, row.skip), (self.end, row.end)):
            button.show_face(self._face(face))

    def _face(self, face: ButtonFace) -> ButtonFace:
        """Return the face as it is drawn: a low row has no room for the keys' caps."""
        return replace(face, key="", why=f"{face.key}. {face.why}".strip()) if self._low else face

    def _main(self) -> None:
        standing = self._rehearsal.standing()
        if not standing.begun:
            if standing.ready:
                self._rehearsal.begin()
        elif standing.paused:
            self._rehearsal.go_on()
        else:
            self._rehearsal.pause()

    def _end_by_key(self) -> None:
        """Once is a slip of the hand; twice within two seconds is meant."""
        if self._ending.isValid() and self._ending.elapsed() <= TWICE_WITHIN * 1000:
            self._rehearsal.finish()
        else:
            self._ending.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus."""
        if not press_focused(self, event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the strip ends the rehearsal."""
        self._timer.stop()
        event.accept()
        self.closed.emit()

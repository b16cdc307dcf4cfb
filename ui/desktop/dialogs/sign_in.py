"""Who I am and which telephone: the first window, before any screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.rows import FormRow
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import Card
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.stripes import RehearsalMark
from ui.desktop.words import titled

TITLE = "Nightdesk: sign in"
WIDE = 640
OUTSIDE = 24
TITLE_BAR = 40
"""Room the desktop's own frame takes of the screen's height, px."""


class SignInWindow(QMainWindow):
    """Shows one form (worker, extension) and hands its values to ``sent``.

    A refusal ("Extension 1001 is in use by Tom Adeyemi") comes back as the form's ``error``.
    """

    def __init__(self, look: Look, form: FormRow, sent: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(TITLE)
        self._sent = sent
        self._look = look
        self._title = plain(look, form.title, Type.NAME, Weight.SEMIBOLD)
        self._rehearsal = RehearsalMark(look)
        self.box = FlatForm(look)
        self._send = KeyButton(look, ButtonFace(form.send, "Enter", filled=True))
        self._send.clicked.connect(self.send)
        card = Card(look)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(OUTSIDE, 16, OUTSIDE, 16)
        inner.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._rehearsal)
        inner.addLayout(head)
        inner.addWidget(self.box, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._send)
        inner.addLayout(foot)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE)
        outer.addWidget(card)
        self.setCentralWidget(middle)
        self._dresser = Dresser(self, look)
        self.resize(look.px(WIDE), 0)
        self.show_form(form)

    def show_form(self, form: FormRow) -> None:
        """Show ``form``, also to say why it was refused."""
        self._title.say(form.title)
        self.box.show_form(form)
        self._send.show_face(ButtonFace(form.send, "Enter", filled=True))
        self._grow(room_for_error=not form.error)
        self.box.focus_first()

    def show_rehearsal(self, words: str) -> None:
        """Say beside the title, and in the window's own, that this is a rehearsal; empty: it is none."""
        self._rehearsal.show_words(words)
        self.setWindowTitle(titled(TITLE, words))

    def _grow(self, *, room_for_error: bool) -> None:
        """Be high enough that nothing scrolls, also when a refusal of two lines comes; never shrink."""
        around = OUTSIDE * 2 + 16 * 2 + 12 * 2 + self._title.sizeHint().height() + self._send.sizeHint().height()
        need = max(around + self.box.height_at(self.width() - OUTSIDE * 4), self.minimumSizeHint().height())
        if room_for_error:
            need += self._look.metrics(Type.BODY, Weight.SEMIBOLD).lineSpacing() * 2 + 24
        room = self.screen().availableGeometry().height() - self._look.px(TITLE_BAR)
        if self.height() < min(need, room):
            self.resize(self.width(), min(need, room))
            self._centre()

    def _centre(self) -> None:
        place = self.frameGeometry()
        place.moveCenter(self.screen().availableGeometry().center())
        self.move(place.topLeft())

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the middle of the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            self._centre()

    def send(self) -> None:
        """Hand over what is written."""
        self._sent(self.box.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter signs in."""
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)

"""Who I am and which telephone: the first window, before any screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.desktop.forms.rows import FormRow
from ui.desktop.forms.view import FormBox
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import Card
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain


class SignInWindow(QMainWindow):
    """Shows one form (worker, extension) and hands its values to ``sent``.

    A refusal ("Extension 1001 is in use by Tom Adeyemi") comes back as the form's ``error``.
    """

    def __init__(self, look: Look, form: FormRow, sent: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Sign in")
        self._sent = sent
        self._look = look
        self._title = plain(look, form.title, Type.NAME, Weight.SEMIBOLD)
        self.box = FormBox(look)
        self._send = KeyButton(look, ButtonFace(form.send, "Enter", filled=True))
        self._send.clicked.connect(self.send)
        card = Card(look)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 16, 24, 16)
        inner.setSpacing(12)
        inner.addWidget(self._title)
        inner.addWidget(self.box, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._send)
        inner.addLayout(foot)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addWidget(card)
        self.setCentralWidget(middle)
        self._dresser = Dresser(self, look)
        self.resize(look.px(640), look.px(360))
        self.show_form(form)

    def show_form(self, form: FormRow) -> None:
        """Show ``form``, also to say why it was refused."""
        self._title.say(form.title)
        self.box.show_form(form)
        self._send.show_face(ButtonFace(form.send, "Enter", filled=True))
        self.box.focus_first()

    def send(self) -> None:
        """Hand over what is written."""
        self._sent(self.box.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter signs in."""
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)

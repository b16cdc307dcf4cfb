"""Who I am and which telephone: the first window, before any screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.rows import FormRow
from ui.desktop.shortcuts import Act, key_of
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
        self._focused: QWidget | None = None
        self._look = look
        self._title = plain(look, form.title, Type.NAME, Weight.SEMIBOLD)
        self._rehearsal = RehearsalMark(look)
        # One below the other: a password and the same again are written in that order.
        self.box = FlatForm(look, columns=1)
        self._keys: QWidget | None = None
        self._send = KeyButton(look, ButtonFace(form.send, "Enter", filled=True))
        self._send.clicked.connect(self.send)
        self._help = KeyButton(look, ButtonFace("Keys", key_of(Act.KEYS)), focus=False)
        self._help.clicked.connect(self.toggle_keys)
        f1 = QShortcut(QKeySequence(key_of(Act.KEYS)), self)
        f1.setAutoRepeat(False)
        f1.activated.connect(self.toggle_keys)
        self._inner = self._lay_out(look)
        self._dresser = Dresser(self, look)
        self.resize(look.px(WIDE), 0)
        self.show_form(form)

    def _lay_out(self, look: Look) -> QVBoxLayout:
        """Put the parts on a card; return its column, in which form and keys change places."""
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
        foot.addWidget(self._help)
        foot.addStretch(1)
        foot.addWidget(self._send)
        inner.addLayout(foot)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE)
        outer.addWidget(card)
        self.setCentralWidget(middle)
        return inner

    def show_form(self, form: FormRow) -> None:
        """Show ``form``, also to say why it was refused."""
        self._hide_keys()
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
        if not self._hide_keys():
            self._sent(self.box.values())

    def toggle_keys(self) -> None:
        """Show the keys of this window in the place of the form; once more, or Esc: the form again."""
        if self._hide_keys():
            return
        # Imported when asked for: the first window waits for nothing that it does not show.
        sheet: QWidget = import_module("ui.desktop.dialogs.entrance_keys").make_list(self._look, self._send.face.text)
        self._keys, self._focused = sheet, self.focusWidget()
        self._inner.replaceWidget(self.box, sheet)
        self.box.hide()
        self._send.hide()
        sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_keys(self) -> bool:
        """Bring the form back, with the focus where it was; say whether the keys stood in its place."""
        sheet, self._keys = self._keys, None
        if sheet is None:
            return False
        self._inner.replaceWidget(sheet, self.box)
        sheet.hide()
        sheet.deleteLater()
        self.box.show()
        self._send.show()
        if self._focused is not None:
            self._focused.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter signs in; Esc goes back from the keys."""
        if event.key() == Qt.Key.Key_Escape and self._hide_keys():
            return
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)

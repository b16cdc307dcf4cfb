"""Setting up the telephones: the settings at the left; the try, and what to ask of the owner, at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.desktop.dialogs.entrance_keys import TITLE as KEYS_TITLE
from ui.desktop.dialogs.entrance_keys import key_rows
from ui.desktop.dialogs.sign_in import TITLE_BAR
from ui.desktop.dialogs.telephones_rows import COPY_KEY, KEEP_KEY, SetUpActs, SetUpRow
from ui.desktop.forms.flat import FlatForm
from ui.desktop.key_binding import sequences
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import RING, Pane
from ui.desktop.widgets.faces import ButtonFace, Span
from ui.desktop.widgets.row_view import RowView

TITLE = "Nightdesk: set up the telephones"
ASK_TITLE = "What to ask of the switchboard's owner"
SIZE = (1240, 600)
FIELD_WIDE = 480 + 56
"""A field that stands alone, and what is around it, px."""
_COPY = ButtonFace("Copy what to ask", COPY_KEY)


class TelephonesWindow(QMainWindow):
    """Shows one :class:`SetUpRow`; nothing moves while a try goes on, and nothing is asked in a box of its own."""

    def __init__(self, look: Look, row: SetUpRow, acts: SetUpActs) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(TITLE)
        self._acts = acts
        self._row = row
        self._keys = False
        self._focused_before: QWidget | None = None
        self.form = FlatForm(look, columns=1)
        self.form.changed.connect(self._changed)
        self.steps = RowView(look, "The try, step by step", pad=RING)
        self.mail = RowView(look, ASK_TITLE, pad=RING)
        self.help = KeyButton(look, ButtonFace("Keys", key_of(Act.KEYS)), focus=False)
        self.copy = KeyButton(look, _COPY)
        self.tries = KeyButton(look, row.tries)
        self.keeps = KeyButton(look, row.keeps)
        self._ask = Pane(look, ASK_TITLE)
        self._lay_out(look)
        self._bind()
        self._dresser = Dresser(self, look)
        room = self.screen().availableGeometry()
        self.resize(min(look.px(SIZE[0]), room.width()), min(look.px(SIZE[1]), room.height() - look.px(TITLE_BAR)))
        self.show_row(row)
        self.form.focus_first()

    def _lay_out(self, look: Look) -> None:
        left, tried = Pane(look, "Your switchboard"), Pane(look, "Try it", "Enter")
        # A field alone is never narrower than this, and would be cut off.
        left.setMinimumWidth(look.px(FIELD_WIDE))
        left.body.addWidget(self.form)
        for pane, inside in ((tried, self.steps), (self._ask, self.mail)):
            pane.bleed()
            pane.body.addWidget(inside)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(tried, 7)
        right.addWidget(self._ask, 5)
        panes = QHBoxLayout()
        panes.setSpacing(GAP)
        panes.addWidget(left, 1)
        panes.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.help)
        foot.addStretch(1)
        for button in (self.copy, self.tries, self.keeps):
            foot.addWidget(button)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.setSpacing(GAP)
        outer.addLayout(panes, 1)
        outer.addLayout(foot)
        self.setCentralWidget(middle)

    def _bind(self) -> None:
        self.help.clicked.connect(self.toggle_keys)
        self.copy.clicked.connect(self._acts.copies)
        self.tries.clicked.connect(self._try)
        self.keeps.clicked.connect(self._keep)
        keeps = ((one, self._keep) for one in sequences(KEEP_KEY.replace("Enter", "Return")))
        for key, act in ((key_of(Act.KEYS), self.toggle_keys), (COPY_KEY, self._acts.copies), *keeps):
            bound = QShortcut(QKeySequence(key), self)
            bound.setAutoRepeat(False)
            bound.activated.connect(act)

    def show_row(self, row: SetUpRow) -> None:
        """Show ``row``; another kind has the focus on its first field, a field found empty has it once it is said."""
        another = row.form.key != self._row.form.key or (_asks(row) and not _asks(self._row))
        self._row = row
        self.form.show_form(row.form)
        self.steps.show_rows(row.steps)
        self.tries.show_face(row.tries)
        self.keeps.show_face(row.keeps)
        self._show_mail()
        if another:
            self.form.focus_first()

    def put_on_clipboard(self, words: str) -> None:
        """Let ``words`` be pasted elsewhere."""
        QGuiApplication.clipboard().setText(words)

    def toggle_keys(self) -> None:
        """Show the keys in the place of what to ask for; once more, or Esc: that again."""
        self._keys = not self._keys
        self._show_mail()
        if self._keys:
            self._focused_before = self.focusWidget()
            self.mail.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._focused_before is not None and self.mail.hasFocus():
            self._focused_before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_mail(self) -> None:
        more = ((KEEP_KEY, self._row.keeps.text), (COPY_KEY, _COPY.text))
        title = KEYS_TITLE if self._keys else ASK_TITLE
        self.mail.setAccessibleName(title)
        self._ask.show_title((Span(title, Weight.SEMIBOLD),))
        self.mail.show_rows(key_rows(self._row.tries.text, more, after="") if self._keys else self._row.mail)

    def _changed(self, _subject: str, key: str, value: str, _over: str) -> None:
        self._acts.changed(key, value, self.form.values())

    def _try(self) -> None:
        self.form.flush()
        self._acts.tries(self.form.values())

    def _keep(self) -> None:
        self.form.flush()
        self._acts.keeps(self.form.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter tries, or presses the button that has the focus; Esc goes back from the keys."""
        if event.key() == Qt.Key.Key_Escape and self._keys:
            self.toggle_keys()
        elif event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, KeyButton):
                focused.click()
            else:
                self._try()
        else:
            super().keyPressEvent(event)


def _asks(row: SetUpRow) -> bool:
    """Say whether a field is still to fill in before anything can be done."""
    return any(field.missing for field in row.form.fields())

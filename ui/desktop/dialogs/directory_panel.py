"""Ctrl+B on every screen: whom to ring, narrowed by a few letters; and how the number was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from console.domain.agency_checks import WORDS_CAP
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.screens.typed_row import number_in, typed_number
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Row, quiet

HINT = "Down to go to them, Enter rings from your line. On an agency: {right} its number is right, {wrong} it is wrong."


class DirectoryPanel(Panel):
    """``rung`` carries a row's key; ``typed`` the number that stands in the box, or nothing.

    ``marked`` carries a row's key, "right" or "wrong", and the words written with it.
    """

    rung = Signal(str)
    typed = Signal(str)
    marked = Signal(str, str, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Directory and rota")
        self.field = LineField(look, "Narrow the directory", "A name, a kind, a place; or a number to dial")
        keys = {"right": key_of(Act.NUMBER_RIGHT), "wrong": key_of(Act.NUMBER_WRONG)}
        self._usual = HINT.format(**keys)
        self._hint = plain(look, self._usual, Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self.list = RowView(look, "Directory and rota", pad=RING)
        self.note = LineField(look, "A word about the number", "A word about the number, if any", cap=WORDS_CAP)
        self._row = DirectoryList("")
        self.first = self.field
        self.field.textEdited.connect(self._typing)
        for one in (self.field, self.note):
            one.installEventFilter(self)
        self.list.acted.connect(self._acted)
        words = QHBoxLayout()
        words.setSpacing(GAP)
        words.addWidget(self.field, 3)
        words.addWidget(self.note, 2)
        self.body.addLayout(words)
        self.body.addSpacing(4)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.list, 1)

    def show_row(self, row: DirectoryList) -> None:
        """Show the directory; only where it is seen, for it may be long."""
        if row is self._row:
            return
        self._row = row
        self.show_right(row.right)
        if not self.isHidden():
            self._narrow()

    def take_up(self) -> None:
        """Begin with the whole list, the words of before selected."""
        self._narrow()
        self._hint.say(self._usual)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def mark(self, act: Act) -> None:
        """Say of the row chosen that its number is right, or wrong."""
        row = next((one for one in self.list.rows if one.key == self.list.current_key()), None)
        if row is None or "check" not in row.acts:
            self._hint.say("Choose an agency first: with Down, then the key again.")
            return
        how = "right" if act is Act.NUMBER_RIGHT else "wrong"
        self.marked.emit(row.key, how, self.note.clean())
        self.note.clear()
        self._hint.say(self._usual)

    def showEvent(self, event: QShowEvent) -> None:
        """Have it told of the number again that still stands in the box."""
        super().showEvent(event)
        self.typed.emit(number_in(self.field.clean()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Have no number looked up that nobody sees."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.typed.emit("")

    def _typing(self, _text: str) -> None:
        self._narrow()
        self.typed.emit(number_in(self.field.clean()))

    def _narrow(self) -> None:
        words = self.field.clean().casefold().split()
        typed = typed_number(self.field.clean(), self._row.typed)
        rows = [*((typed,) if typed is not None else ()), *(row for row in self._row.rows if _fits(row, words))]
        self.show_title((Span(self._row.title or "Directory and rota", Weight.SEMIBOLD),))
        self.list.show_rows(rows or [quiet("none", "Nobody in the directory or on the rota has these letters.")])

    def _acted(self, key: str, act: str) -> None:
        if act == "dial":
            self.rung.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the words to the row chosen, else to the first that can be rung."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            able = [row.key for row in self.list.rows if row.acts]
            # From the word about a number back to the row it is about.
            first = next((key for key in able if watched is self.note and key == self.list.current_key()), "")
            if first or able:
                self.list.choose(first or able[0])
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)


def _fits(row: Row, words: list[str]) -> bool:
    if not words:
        return True
    said = row.spoken.casefold()
    # A heading of what was narrowed away says nothing.
    return bool(row.acts or row.key.startswith("gap ")) and all(word in said for word in words)

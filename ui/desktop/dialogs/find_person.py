"""F3: find a person by name, address, number, date of birth or reference, in any order."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent

from ui.desktop.screens.handler.rows import FindRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView


class FindPerson(Panel):
    """``typed`` carries the words after each key, ``asked`` on Enter; ``chosen`` the key of a row, never by itself.

    ``left`` comes when the panel is put away, however that is done: it begins empty next time.
    """

    typed = Signal(str)
    asked = Signal(str)
    left = Signal()
    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Find a person")
        self.field = LineField(look, "Find a person", "Name, address, number, date of birth or reference, in any order")
        self.state = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY)
        self.list = RowView(look, "People found", pad=RING)
        self.field.textEdited.connect(self._edited)
        self.field.entered.connect(self.asked)
        self.field.refused.connect(self.state.say)
        self.field.installEventFilter(self)
        self.list.acted.connect(self._acted)
        self.first = self.field
        for part in (self.field, self.state):
            self.body.addWidget(part)
            self.body.addSpacing(4)
        self.body.addWidget(self.list, 1)

    def show_row(self, row: FindRow) -> None:
        """Show the answers; none is chosen."""
        self.state.say(row.state)
        self.list.show_rows(row.rows)

    def begin_anew(self) -> None:
        """Take out the words."""
        self.field.clear()

    def take_up(self) -> None:
        """Go to the words and select them all: another search takes their place."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _edited(self, _text: str) -> None:
        self.typed.emit(self.field.clean())

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave nothing of this search for the next."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.begin_anew()
            self.left.emit()

    def _acted(self, key: str, _act: str) -> None:
        self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the words to the answers."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

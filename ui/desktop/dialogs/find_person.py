"""F3: find a person by name, number, date of birth or reference."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from ui.desktop.screens.handler.rows import FindRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView

PAUSE_MS = 250


class FindPerson(Panel):
    """``asked`` carries the words at a pause in typing; ``chosen`` the key of a row, never by itself."""

    asked = Signal(str)
    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Find a person")
        self.field = LineField(look, "Find a person", "Name, number, date of birth or reference")
        self.state = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY)
        self.list = RowView(look, "People found", pad=RING)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.field.textEdited.connect(self._pause.start)
        self.field.entered.connect(self._entered)
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

    def _ask(self) -> None:
        self._pause.stop()
        self.asked.emit(self.field.clean())

    def _entered(self, _text: str) -> None:
        self._ask()

    def _acted(self, key: str, _act: str) -> None:
        self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the words to the answers."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

"""A panel that is one list: risk markers in full, my unfinished records."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent

from ui.desktop.screens.handler.rows import ListRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView


class ListPanel(Panel):
    """``acted`` carries the row's key and its act; ``left`` comes when the panel is put away, however that is done."""

    acted = Signal(str, str)
    left = Signal()

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look, title)
        self.list = RowView(look, title, pad=RING)
        self.bleed()
        self.list.acted.connect(self.acted)
        self.first = self.list
        self.body.addWidget(self.list, 1)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it was put away."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    def show_row(self, row: ListRow) -> None:
        """Show ``row``."""
        self.show_title((Span(row.title, Weight.SEMIBOLD),))
        self.show_right(row.right)
        self.list.show_rows(row.rows)

"""The second worker's desk while there is no pair: what is open, by urgency, in four columns."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.people import Rank
from ui.desktop.screens.coordinator.lists import desk_row, waiting_rows
from ui.desktop.screens.coordinator.rows import WorkRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP
from ui.desktop.widgets.cards import RING, Pane
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import quiet

_COLUMNS = ("Second worker asked for", "Now", "Within the hour", "This shift and later")


class Desk(QWidget):
    """Four lists.  ``acted`` carries the row's key and the act."""

    acted = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.views: list[RowView] = []
        self._panes: list[Pane] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for title in _COLUMNS:
            pane = Pane(look, title)
            view = RowView(look, title, pad=RING)
            pane.bleed()
            view.acted.connect(self.acted)
            pane.body.addWidget(view)
            row.addWidget(pane, 1)
            self.views.append(view)
            self._panes.append(pane)

    def show_work(self, summons: tuple[WorkRow, ...], work: tuple[WorkRow, ...], script: str = "") -> None:
        """Show summonses and open work, each in its column; ``script``, for the caller who waits, with the first."""
        columns = (
            summons,
            tuple(row for row in work if row.rank is Rank.NOW),
            tuple(row for row in work if row.rank is Rank.HOUR),
            tuple(row for row in work if row.rank not in (Rank.NOW, Rank.HOUR)),
        )
        for view, pane, rows, empty in zip(
            self.views, self._panes, columns, ("Nobody asks for a second worker.", "", "", ""), strict=True
        ):
            pane.show_right(str(len(rows)) if rows else "")
            listed = [desk_row(row) for row in rows] or [quiet("none", empty or "Nothing open.")]
            view.show_rows([*listed, *(waiting_rows(script) if view is self.views[0] else ())])

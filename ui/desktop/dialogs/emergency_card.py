"""Ring 999 on your handset: the place and the words to read out, because no program rings an emergency number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Row

TITLE = "Ring 999 on your handset"
_WHY = "Nightdesk never dials an emergency number. Read the lines out; Enter ticks each as said and goes to the next."
_NO_PLACE = "Where it is is not known. Say so, and ask the caller."


class EmergencyCard(Panel):
    """``acted`` carries the key of a line and its act, as the relay card's list does."""

    acted = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, TITLE)
        self._why = plain(look, _WHY, Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self.place = plain(look, _NO_PLACE, Type.NAME, Weight.BOLD, wrap=True)
        self.lines = RowView(look, "What to read out", pad=RING)
        self.lines.acted.connect(self._acted)
        self.first = self.lines
        for widget in (self._why, self.place):
            self.body.addWidget(widget)
            self.body.addSpacing(6)
        self.body.addWidget(self.lines, 1)

    def show_card(self, place: str, rows: Sequence[Row]) -> None:
        """Show where it is, in large, and the lines of the card."""
        self.place.say(place or _NO_PLACE)
        self.lines.show_rows(rows)

    def take_up(self) -> None:
        """Begin at the first line of the card."""
        self.lines.choose(next((row.key for row in self.lines.rows if row.key != "to"), ""))
        super().take_up()

    def _acted(self, key: str, act: str) -> None:
        self.acted.emit(key, act)
        keys = [row.key for row in self.lines.rows]
        after = keys[keys.index(key) + 1 :] if act == "said" and key in keys else []
        if after:
            self.lines.choose(after[0])

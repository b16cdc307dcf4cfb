"""F1: every key of this screen, made from the table of shortcuts."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.desktop.shortcuts import CANDIDATES, Screen, Shortcut, shortcuts_of
from ui.desktop.theme.look import Look
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row, heading

COLUMNS = 3
_FOLDED = frozenset(CANDIDATES[1:])


def sheet_rows(screen: Screen) -> tuple[tuple[Row, ...], ...]:
    """Return the keys of ``screen`` in columns, each group whole under its heading."""
    shown = [shortcut for shortcut in shortcuts_of(screen) if shortcut.act not in _FOLDED]
    groups = [(name, tuple(found)) for name, found in groupby(shown, key=lambda shortcut: shortcut.group)]
    columns: list[list[Row]] = [[] for _ in range(COLUMNS)]
    share = (len(shown) + len(groups)) / COLUMNS
    at = 0
    for name, found in groups:
        if len(columns[at]) + len(found) / 2 > share and at < COLUMNS - 1:
            at += 1
        columns[at].append(heading(f"group-{name}", name, top=4))
        columns[at].extend(_key_row(shortcut) for shortcut in found)
    return tuple(tuple(column) for column in columns)


def _key_row(shortcut: Shortcut) -> Row:
    key = "Alt+1 to 9" if shortcut.act is CANDIDATES[0] else shortcut.key.replace("Return", "Enter")
    words = "Choose a candidate" if shortcut.act is CANDIDATES[0] else shortcut.words
    cells = (Cell(key=key, width=0), Cell(left=110, text=words))
    return Row(shortcut.act.value, (Line(cells, 22),), f"{words}: {key}")


class KeySheet(Panel):
    """The sheet, three lists side by side."""

    def __init__(self, look: Look, screen: Screen) -> None:
        super().__init__(look, "Keys")
        row = QHBoxLayout()
        row.setSpacing(16)
        for number, rows in enumerate(sheet_rows(screen), 1):
            column = RowView(look, f"Keys, column {number}", pad=RING)
            column.show_rows(rows)
            row.addWidget(column)
            self.first = self.first or column
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self.bleed()
        self.body.addWidget(holder, 1)

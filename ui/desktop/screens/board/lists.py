"""Rows of the board's lists, ready to paint, and the tile that holds one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ui.desktop.screens.board.rows import Age, ListRow, ListTile, LiveCallRow, StaffRow
from ui.desktop.screens.board.tile import Tile
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.faces import ChipRow, Face
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Ground, Line, Row, quiet
from ui.desktop.widgets.shapes import SPOKEN_RANKS

_CLOCK = Cell(left=32, width=96, size=Type.CAPTION)
_DROPPED = replace(_CLOCK, weight=Weight.BOLD)


def call_row(row: LiveCallRow, *, tight: bool = False, narrow: bool = False) -> Row:
    """Return one live call: clock, what, who, news; who and the news below the others where it is ``narrow``."""
    ink, below = (Ink.QUIET, Ink.QUIET) if row.old else (Ink.TEXT, Ink.SECONDARY)
    shape = () if row.rank is None else (Cell(rank=row.rank, stale=row.old),)
    first = (
        *shape,
        Cell(left=32, width=92, text=row.clock, size=Type.CLOCK, weight=Weight.MEDIUM),
        Cell(left=130, width=192, text=row.what, weight=Weight.SEMIBOLD, ink=ink),
        Cell(left=329, width=250, text=row.who, weight=Weight.SEMIBOLD),
        Cell(left=590, text=row.news, ink=ink),
    )
    second = (
        replace(_DROPPED, text=row.clock_words) if row.dropped else replace(_CLOCK, text=row.clock_words, ink=below),
        Cell(left=130, width=192, text=row.where, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=329, width=250, text=row.who_words, size=Type.CAPTION, ink=below),
        Cell(left=590, text=row.news_words, size=Type.CAPTION, ink=below),
    )
    spoken = ", ".join(
        part
        for part in (
            SPOKEN_RANKS[row.rank] if row.rank else "",
            row.what,
            row.where,
            row.clock,
            row.clock_words,
            row.who,
            row.who_words,
            row.news,
            row.news_words,
            "not up to date" if row.old else "",
        )
        if part
    )
    acts = () if row.waiting else ("act", "observe")
    space, high, low = (1, 21, 17) if tight else (2, 22, 18)
    lines = [Line(first, high), Line(second, low)]
    if narrow:
        lines = [Line(first[:-2], high), Line(second[:-2], low), *_below(first[-2:], second[-2:])]
    ground = Ground.NOTICE if row.dropped else Ground.NONE
    return Row(row.key, tuple(lines), spoken, ground, True, space, space, acts, "Open")


def _below(first: tuple[Cell, ...], second: tuple[Cell, ...]) -> list[Line]:
    """Return who it is with and what was asked for on lines of their own: nothing of them is cut."""
    cells = (replace(cell, left=32, width=0, wrap=True) for pair in zip(first, second, strict=True) for cell in pair)
    return [Line((cell,), 18) for cell in cells if cell.text]


def staff_row(row: StaffRow, *, stale: bool, tight: bool = False, narrow: bool = False) -> Row:
    """Return one worker on shift; where it is ``narrow``, the role goes and the state stays."""
    ink, below = (Ink.QUIET, Ink.QUIET) if stale else (Ink.TEXT, Ink.SECONDARY)
    name = Cell(width=122, text=row.name, weight=Weight.SEMIBOLD, ink=ink)
    role = Cell(left=122, width=106, text=row.role, size=Type.CAPTION, ink=below)
    state, since = Cell(left=231, text=row.state, ink=ink), Cell(right=0, text=row.since, ink=ink)
    lines: tuple[Line, ...] = (Line((name, role, state, since), 23 if tight else 27),)
    if narrow:
        lines = (Line((replace(name, width=0), since), 22), Line((replace(state, left=0, wrap=True),), 20))
    spoken = f"{row.name}, {row.role}, {row.state} {row.since}".strip()
    return Row(row.key, lines, spoken, rule=narrow, acts=("loads",), calls="Who has what")


def list_row(row: ListRow, *, stale: bool, tight: bool = False) -> Row:
    """Return one line of a list on the right."""
    ink, below = (Ink.QUIET, Ink.QUIET) if stale else (Ink.TEXT, Ink.SECONDARY)
    left = 28 if row.rank is not None else 0
    shape = () if row.rank is None else (Cell(rank=row.rank, stale=stale),)
    late = (Cell(right=58, chip=ChipRow("late", Face.OLD if stale else Face.NOTICE)),) if row.late else ()
    figure = Type.CLOCK if row.rank is not None else Type.BODY
    weight = Weight.SEMIBOLD if row.rank is not None else Weight.REGULAR
    first = (
        *shape,
        # What has nothing at its edge is a sentence: it runs over several lines, and no word of it is lost.
        Cell(left=left, text=row.words, weight=Weight.SEMIBOLD, ink=ink, more=row.quiet, wrap=not row.value),
        *late,
        Cell(right=0, text=row.value, size=figure, weight=weight, ink=ink),
    )
    lines = [Line(first, 22 if row.below or tight else 26)]
    if row.below:
        lines.append(Line((Cell(left=left, text=row.below, size=Type.CAPTION, ink=below),), 18))
    rank = f"{SPOKEN_RANKS[row.rank]}, " if row.rank else ""
    spoken = f"{rank}{row.words} {row.quiet} {row.below} {'late ' if row.late else ''}{row.value}"
    acts = (row.act,) if row.act else ()
    calls = "I am coming" if row.act == "coming" else ""
    return Row(row.key, tuple(lines), " ".join(spoken.split()), acts=acts, calls=calls)


NOTE = "note"
"""The row that is a sentence about the list, and none of it."""


class ListCard(Tile):
    """A tile with one list in it.  Its tab stop is the list's own."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, name)
        self.view = RowView(look, name, pad=RING)
        self.view.setStyleSheet("QListView { background: transparent; }")
        self.setFocusProxy(self.view)
        # The ring of its rows is drawn outside their words.
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.view, 1)
        bar = self.view.verticalScrollBar()
        bar.rangeChanged.connect(self._count_below)
        bar.valueChanged.connect(self._count_below)

    def show_head(self, title: str, age: Age, *, alarm: bool = False, said: str = "") -> None:
        """Show title and age; the list, which takes the focus, says the age too."""
        super().show_head(title, age, alarm=alarm, said=said)
        self.view.setAccessibleDescription(f"{title}, {age.words}")

    def show_list(self, tile: ListTile, *, tight: bool = False) -> None:
        """Show ``tile``."""
        self.show_head(tile.title, tile.age)
        rows = [list_row(row, stale=tile.age.stale, tight=tight) for row in tile.rows]
        if tile.note:
            rows.append(quiet(NOTE, tile.note))
        self.view.show_rows(rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows made elsewhere."""
        self.view.show_rows(rows)

    def _count_below(self) -> None:
        """Say how many rows are not seen to their end; the arrow keys lead there."""
        model, high = self.view.model(), self.view.viewport().height()
        rows = [at for at, row in enumerate(self.view.rows) if row.key != NOTE]
        self.show_more(sum(self.view.visualRect(model.index(at, 0)).bottom() > high for at in rows))

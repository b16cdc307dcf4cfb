"""The coordinator's lists where the window is narrow, as in larger text: what stands side by side goes below.

What is told to a screen reader and what Enter does are those of the usual rows.
"""

from __future__ import annotations

from dataclasses import replace

from console.domain.people import Rank
from ui.desktop.screens.coordinator.lists import fact_row, help_row, hook_row, relay_row, signal_row
from ui.desktop.screens.coordinator.rows import FactRow, HelpRow, RelayRow, SignalRow
from ui.desktop.screens.known_rows import HookRow
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.rows import Cell, Line, Row

_RING = 142
"""Left of the second button of a request, px at step 1.0: without keys both have room."""
_CLOCK_WORDS = 118


def _quiet(text: str, left: int) -> Line:
    return Line((Cell(left=left, text=text, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18)


def narrow_help_row(row: HelpRow) -> Row:
    """Return one request: agency, state, each clock with its words on a line of its own."""
    wide = help_row(row)
    agency = Cell(left=28, text=row.agency, size=Type.NOTE, weight=Weight.SEMIBOLD, wrap=True)
    lines = [Line((Cell(rank=row.rank), agency), 23)]
    if row.chip:
        lines.append(Line((Cell(left=28, chip=ChipRow(row.chip, Face.NOTICE, Mark.CLOCK)),), 26))
    lines += [_quiet(text, 28) for text in (row.state, row.words) if text]
    for clock in row.clocks[:2]:
        figure = Cell(left=28, text=clock.figure, size=Type.CLOCK, weight=Weight.MEDIUM)
        if clock.due:
            figure = Cell(left=28, chip=ChipRow(clock.figure, Face.NOTICE, Mark.CLOCK))
        words = Cell(left=_CLOCK_WORDS, text=clock.words, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        lines.append(Line((figure, words), 26))
    return replace(wide, lines=(*lines, *map(_without_keys, wide.lines[2:])))


def _without_keys(line: Line) -> Line:
    """Leave the keys to the key sheet, so that both buttons have room."""
    cells = [replace(cell, key="", left=min(cell.left, _RING)) if cell.button else cell for cell in line.cells]
    return replace(line, cells=tuple(cells))


def narrow_fact_row(row: FactRow) -> Row:
    """Return one fact: its name and words, then its source and age, or what can be done with it."""
    wide = fact_row(row)
    if row.lead:
        return wide
    ink = Ink.QUIET if row.old else Ink.TEXT
    name = Cell(left=8, width=68, text=row.name, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
    first = Line((name, Cell(left=82, text=row.text, ink=ink, wrap=True)), 22)
    source = Cell(left=82, text=row.source, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
    second = Line((source, Cell(right=8, text=row.age, ink=ink)), 19)
    if row.button:
        second = Line((Cell(left=82, button=row.button, act=row.act),), 28)
    return replace(wide, lines=(first, second, *wide.lines[1:]))


def narrow_hook_row(row: HookRow) -> Row:
    """Return one line of hooks and promises: its sort and when it is due, then its words."""
    wide = hook_row(row)
    sort, words, *when = wide.lines[0].cells
    return replace(wide, lines=(Line((sort, *when), 24), Line((replace(words, left=8),), 22)))


def narrow_signal_row(row: SignalRow, *, chosen: bool = False) -> Row:
    """Return one signal: when and what, then what was answered."""
    wide = signal_row(row, chosen=chosen)
    time, signal, _answer, *mark = wide.lines[0].cells
    answer = [_quiet(row.answer, 62)] if row.answer else []
    return replace(wide, lines=(Line((time, replace(signal, width=0, wrap=True), *mark), 22), *answer, *wide.lines[1:]))


def narrow_relay_row(row: RelayRow, *, rank: Rank) -> Row:
    """Return one line of the relay card: its name, then its words over the whole width."""
    wide = relay_row(row, rank=rank)
    number, name, *others = wide.lines[0].cells
    said = [cell for cell in others if cell.text == row.text]
    beside = [cell for cell in others if cell.text != row.text]
    words = [Line((replace(cell, left=26),), 20) for cell in said if cell.text]
    rest = [
        Line(tuple(replace(cell, left=26 if cell.chip else 156) for cell in line.cells), 24) for line in wide.lines[1:]
    ]
    return replace(
        wide, lines=(Line((number, replace(name, width=0 if not beside else 112), *beside), 24), *words, *rest)
    )

"""Rows as data for one list view each: what is painted, and what a screen reader is told.

A row is one or two lines; a line is cells at fixed columns (px at step 1.0).  A screen's
presenter makes these; the view only compares and paints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.domain.ranks import Rank
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Kept, Mark


class Ground(StrEnum):
    """What a row lies on."""

    NONE = "none"
    NEW = "new"
    NOTICE = "notice"
    RISK = "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One thing in a line.

    Placed at ``left`` px, or, when ``right`` is not None, ending ``right`` px before the right edge.
    A left cell reaches to ``width`` px, or to the first right cell.  Exactly one of: ``text`` (with
    an optional ``mark`` before it), ``rank`` shape, ``chip``, ``kept`` bars with their word,
    ``steps`` (done, total), ``button`` (its text; ``act`` is what it does) or ``key`` cap.
    ``wrap`` lets the text run over several lines: used for places and references, never elided.
    """

    left: int = 0
    right: int | None = None
    width: int = 0
    text: str = ""
    size: Type = Type.BODY
    weight: Weight = Weight.REGULAR
    ink: Ink = Ink.TEXT
    more: str = ""
    """A second, quiet text straight after ``text``."""
    wrap: bool = False
    least: int = 1
    """How many lines of a text that wraps keep their room also where it is shorter, or not there yet."""
    mark: Mark = Mark.NONE
    rank: Rank | None = None
    stale: bool = False
    chip: ChipRow | None = None
    kept: Kept | None = None
    tick: bool | None = None
    """A box, ticked or not; None draws none."""
    steps: tuple[int, int] | None = None
    button: str = ""
    filled: bool = False
    key: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Cells on one line ``height`` px high (at step 1.0; taller where a cell wraps)."""

    cells: tuple[Cell, ...]
    height: int = 22


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list.

    ``key`` is stable over refreshes; ``spoken`` is the whole row in words for a screen reader and
    must say everything that shapes and colours say.
    """

    key: str
    lines: tuple[Line, ...]
    spoken: str
    ground: Ground = Ground.NONE
    rule: bool = False
    """A hairline below."""
    top: int = 0
    bottom: int = 0
    acts: tuple[str, ...] = ()
    """What Enter does on this row: the first; the cells with an ``act`` are also buttons for the mouse."""
    calls: str = ""
    """What Enter is called where the row draws no button for it: ``Log news``."""

    def told_acts(self) -> tuple[tuple[str, str], ...]:
        """Return every act with its words, for whoever cannot see the buttons; Enter's first."""
        drawn = {cell.act: cell.button for line in self.lines for cell in line.cells if cell.act}
        enter = {act: self.calls or drawn.get(act, "") for act in self.acts[:1]}
        found = {**enter, **{act: words for act, words in drawn.items() if words and act not in enter}}
        return tuple((act, words or act.capitalize()) for act, words in found.items())

    def offers(self, act: str) -> bool:
        """Say whether this row can do ``act``, by Enter or by a drawn button."""
        return act in self.acts or any(cell.act == act for line in self.lines for cell in line.cells)


def heading(key: str, text: str, *, top: int = 8) -> Row:
    """Return a section heading inside a list."""
    return Row(key, (Line((Cell(text=text, weight=Weight.SEMIBOLD, wrap=True),), 24),), text, top=top)


def quiet(key: str, text: str, *, wrap: bool = True, rule: bool = False, bottom: int = 0) -> Row:
    """Return a quiet sentence as a row."""
    cell = Cell(text=text, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=wrap)
    return Row(key, (Line((cell,), 22),), text, rule=rule, bottom=bottom)


def sentence(key: str, text: str) -> Row:
    """Return a sentence as a row, in the body's size and ink."""
    return Row(key, (Line((Cell(text=text, wrap=True),), 24),), text)


def pair(key: str, left: str, right: str, *, at: int = 90) -> Row:
    """Return a quiet label and its value, as in "Kind  Mobile, 2 people"."""
    cells = (Cell(text=left, size=Type.CAPTION, ink=Ink.SECONDARY, width=at - 6), Cell(left=at, text=right, wrap=True))
    return Row(key, (Line(cells, 26),), f"{left}: {right}")

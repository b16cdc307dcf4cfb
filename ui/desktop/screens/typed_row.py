"""A number typed into the directory as a row: it is in no list, and is rung like one that is."""

from __future__ import annotations

import re

from console.domain.lines import to_e164
from console.domain.ring_safety import Safety
from console.domain.search import shown_number
from console.domain.typed_safety import TypedSafety
from console.services.dialling import TYPED
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.rows import Cell, Line, Row

_NUMBER = re.compile(r"\+?[\d(][\d ().-]{1,23}\d")
_FACES = {
    None: (Face.CALM, Mark.CLOCK),
    Safety.FREELY: (Face.CALM, Mark.NONE),
    Safety.RULE: (Face.NOTICE, Mark.CLOCK),
    Safety.NEVER: (Face.NOTICE, Mark.SQUARE),
}


def number_in(words: str) -> str:
    """Return the number that ``words`` of the directory's box are; empty where they are none."""
    return words.strip() if _NUMBER.fullmatch(words.strip()) else ""


def typed_number(words: str, told: TypedSafety) -> Row | None:
    """Return the row that rings a number typed into the directory; None where what was typed is none.

    ``told`` is what is known of a number; of another than this one it says nothing.  The row is as high before the
    answer as after it, so that nothing moves under the hand.
    """
    typed = number_in(words)
    if not typed:
        return None
    told = told if told.typed == typed else TypedSafety(typed)
    number = shown_number(to_e164(typed)) or typed
    face, mark = _FACES[told.safety]
    first = (
        Cell(text=number, weight=Weight.SEMIBOLD, more=", as you typed it"),
        Cell(right=0, button="Dial", act="dial"),
    )
    lines = (
        Line(first, 26),
        Line((Cell(chip=ChipRow(told.state, face, mark)),), 26),
        Line((Cell(text=told.more, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True, least=2),), 18),
    )
    spoken = f"{number}, as you typed it. {told.state}. {told.more}".rstrip()
    return Row(f"{TYPED}{typed}", lines, spoken, bottom=3, acts=("dial",))

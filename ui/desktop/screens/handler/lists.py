"""How the lists of the handler's screen are drawn and read out; pure."""

from __future__ import annotations

from dataclasses import replace

from console.domain.people import Rank
from console.services.opened_record import Reading
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face
from ui.desktop.widgets.rows import Cell, Line, Row, sentence

SEND = "send"
"""What Enter does on a drafted request: it has been asked for now."""
STEPS = 6
LONG_DETAIL = 26
"""Characters of a detail that have room beside the six steps."""
_RANK_SAID = {
    Rank.NOW: "now",
    Rank.HOUR: "within the hour",
    Rank.SHIFT: "this shift",
    Rank.DAY: "next working day",
    Rank.INFORMATION: "information",
}


_UNREAD = {
    Reading.OPENING: "The record of this person is being opened: there may be markers on it.",
    Reading.FAILED: "The record of this person could not be read: there may be markers on it. It is asked for again.",
    Reading.REFUSED: "The record of this person was not opened: there may be markers on it. Ask the duty manager.",
}


def unread_rows(reading: Reading) -> tuple[Row, ...]:
    """Return what the list of markers ends with while the record is not read."""
    return (sentence("unread", _UNREAD[reading]),) if reading in _UNREAD else ()


def contact_row(key: str, on: str, text: str, *, acts: tuple[str, ...] = ()) -> Row:
    """Return one earlier contact: date, then what it was."""
    cells = (
        Cell(text=on, ink=Ink.SECONDARY, width=90),
        Cell(left=94, text=text, wrap=True),
    )
    return Row(key, (Line(cells, 26),), f"{on}: {text}", acts=acts)


def need_row(key: str, label: str, text: str, *, rule: bool = False) -> Row:
    """Return what is needed to speak with a person or to reach them; it may run over several lines."""
    cells = (
        Cell(text=label, size=Type.CAPTION, ink=Ink.SECONDARY, width=84),
        Cell(left=90, text=text, weight=Weight.SEMIBOLD, wrap=True),
    )
    return Row(key, (Line(cells, 24),), f"{label}: {text}", rule=rule, bottom=4 if rule else 0)


def said_below(key: str, what: str, note: str, *, rule: bool = False) -> Row:
    """Return something to know at a glance, with where it comes from in small words below; both may wrap."""
    lines = (
        Line((Cell(text=what, weight=Weight.SEMIBOLD, wrap=True),), 22),
        Line((Cell(text=note, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18),
    )
    return Row(key, lines, f"{what}. {note}", rule=rule, bottom=6 if rule else 3)


def person_rows(key: str, name: str, more: str, note: str, *, last: bool = True) -> tuple[Row, ...]:
    """Return another person: name in bold with what they are, then a quiet sentence."""
    first = Cell(text=name, weight=Weight.SEMIBOLD, more=more)
    second = Cell(text=note, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
    lines = (Line((first,), 22), Line((second,), 20))
    return (Row(key, lines, f"{name} {more}. {note}", rule=last, bottom=8 if last else 2),)


def relative_row(key: str, name: str, what: str, note: str, act: str) -> Row:
    """Return somebody tied to a person: the name whole, then what they are, then what matters of them."""
    lines = (
        Line((Cell(text=name, weight=Weight.SEMIBOLD, wrap=True), Cell(right=0, button="Open", act=act)), 26),
        Line((Cell(text=what, wrap=True),), 20),
        Line((Cell(text=note, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18),
    )
    return Row(key, lines, f"{name}, {what}. {note}", rule=True, bottom=5, acts=(act,))


def request_row(
    key: str,
    rank: Rank,
    who: str,
    state: str,
    age: str,
    done: int,
    detail: str,
    *,
    alarm: ChipRow | None = None,
    rule: bool = True,
    send: bool = False,
) -> Row:
    """Return one request for help: shape, agency, state (or an alarm chip), age; six steps and a detail.

    A drafted one has the button that says it was asked for, in the place of the steps.
    """
    state_cell = Cell(left=128, chip=alarm) if alarm else Cell(left=128, text=state, wrap=True)
    upper = (Cell(rank=rank), Cell(left=28, text=who, weight=Weight.SEMIBOLD, width=96, wrap=True), state_cell)
    lower = (
        Cell(left=28, button="Send now", key="Enter", act=SEND)
        if send
        else Cell(left=28, steps=(done, STEPS), width=156),
        # What they were not told goes on below; a short detail stands at the edge.
        Cell(right=0, text=detail, size=Type.CAPTION, ink=Ink.SECONDARY, width=170, wrap=len(detail) > LONG_DETAIL),
    )
    said = alarm.text if alarm else state
    spoken = f"{who}, {_RANK_SAID[rank]}: {said}, step {done} of {STEPS}, {age} since asked. {detail}"
    lines = (Line((*upper, Cell(right=0, text=age)), 22), Line(lower, 26 if send else 16))
    return Row(key, lines, spoken, rule=rule, bottom=1 if rule else 2, acts=(SEND,) if send else ())


def stacked(row: Row) -> Row:
    """Return a request with its detail below its steps, for where both have no room side by side."""
    upper, lower = row.lines
    first, detail = lower.cells
    below = [Line((replace(detail, right=None, left=28, width=0, wrap=True),), 18)] if detail.text else []
    return replace(row, lines=(upper, replace(lower, cells=(first,)), *below))


def said_row(key: str, clock: str, who: str, text: str) -> Row:
    """Return one line said between the two."""
    cells = (
        Cell(text=clock, ink=Ink.SECONDARY, size=Type.CAPTION, width=44),
        Cell(left=48, text=who, ink=Ink.SECONDARY, size=Type.CAPTION, width=44),
        Cell(left=92, text=text, wrap=True),
    )
    return Row(key, (Line(cells, 24),), f"{clock}, {who}: {text}")


def marker_rows(key: str, rank: Rank, title: str, text: str, sources: str, review: str, *, old: bool) -> Row:
    """Return a marker in full: what, why, who set it and when; old ones say so in the dashed box."""
    head = [Cell(rank=rank, stale=old), Cell(left=28, text=title, weight=Weight.SEMIBOLD)]
    if old:
        head.append(Cell(right=0, chip=ChipRow(review, Face.OLD)))
    else:
        head.append(Cell(right=0, text=review, size=Type.CAPTION, ink=Ink.SECONDARY))
    lines = (
        Line(tuple(head), 26),
        Line((Cell(left=28, text=text, wrap=True),), 22),
        Line((Cell(left=28, text=sources, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 22),
    )
    return Row(key, lines, f"{title}, {_RANK_SAID[rank]}. {text}. {sources}. {review}", rule=True, bottom=6)


def unfinished_row(key: str, rank: Rank | None, title: str, when: str, missing: str) -> Row:
    """Return one unfinished record."""
    cells = [Cell(left=28, text=title, weight=Weight.SEMIBOLD), Cell(right=0, text=when, ink=Ink.SECONDARY)]
    if rank is not None:
        cells.insert(0, Cell(rank=rank))
    lines = (
        Line(tuple(cells), 24),
        Line((Cell(left=28, text=missing, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 20),
    )
    return Row(key, lines, f"{title}, {when}. {missing}", rule=True, bottom=4, acts=("open",))


def found_row(key: str, name: str, born: str, reference: str, reason: str, address: str) -> Row:
    """Return one person found."""
    upper = (
        Cell(text=name, weight=Weight.SEMIBOLD, size=Type.NOTE, width=260),
        Cell(left=270, text=born, width=220),
        Cell(right=0, text=reference, ink=Ink.SECONDARY),
    )
    lower = (Cell(text=f"{reason} {address}".strip(), size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),)
    spoken = f"{name}. Born {born}. {reference}. {reason} {address}"
    return Row(key, (Line(upper, 26), Line(lower, 20)), spoken, rule=True, bottom=4, acts=("choose",))

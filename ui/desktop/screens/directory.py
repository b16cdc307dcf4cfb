"""Whom to ring, as rows: who is on call by the rota, and the agencies with how sure their numbers are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from console.domain.calendar import local
from console.domain.people import Agency
from console.domain.rota import Duty, LaneNow
from console.domain.rota_words import gap_words, lane_words, next_words, until_words
from console.domain.search import shown_number
from console.domain.text import NightdeskError
from console.domain.typed_safety import TypedSafety
from console.domain.words import clock_words, day_words, since_words
from console.services.dialling import TYPED
from console.services.directory import Directory, DirectoryState
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.rows import Cell, Line, Row, heading, quiet
from ui.started import as_started

NameOf = Callable[[str], str]
TITLE = "Directory and rota"
NO_ROTA = "No rota was brought in for these days: `nightdesk rota import` does it."
NO_AGENCIES = "No agencies were brought in: `nightdesk people import agencies` does it."
OLD_AFTER = 365
"""Days after which a number nobody has checked since is said to be old."""
RUNG_FIRST = ("crisis_team", "police", "ambulance", "amhp", "hospital", "fire")
"""Kinds of agency (domain.md 8.1) in the order of the directory."""


class DirectoryPresenter:
    """Makes the rows anew only where the directory is another than before."""

    def __init__(self, name_of: NameOf) -> None:
        """``name_of`` gives an authority's words by its key."""
        self._name_of = name_of
        self._state: DirectoryState | None = None
        self._rows = DirectoryList(TITLE)

    def rows(self, state: DirectoryState, now: datetime, typed: TypedSafety) -> DirectoryList:
        """Return the rows of the panel, and what is told of a number ``typed`` there."""
        if state is not self._state:
            self._state = state
            self._rows = directory_list(state, now, self._name_of)
        if typed != self._rows.typed:
            self._rows = replace(self._rows, typed=typed)
        return self._rows


def mark_number(directory: Directory, key: str, act: str, words: str) -> str:
    """Write that a number is right (``act`` "right") or wrong; return the sentence that says so, or why not."""
    try:
        agency = directory.check(key, words, good=act == "right")
    except NightdeskError as refused:
        return str(refused)
    said = "is right tonight" if act == "right" else "is WRONG"
    return f"Everybody sees now that the number of {agency_name(agency)} {said}. The other key takes it back."


def ring_row(directory: Directory, key: str, ring: Callable[[str], object]) -> None:
    """Ring whoever stands behind a row of the directory, if it is there still, or the number typed there."""
    agency, duty = directory.agency(key), directory.duty(key)
    if key.startswith(TYPED):
        ring(key.removeprefix(TYPED))
    number = agency.number if agency is not None else duty.number if duty is not None else ""
    if number:
        ring(number)


def directory_list(state: DirectoryState, now: datetime, name_of: NameOf) -> DirectoryList:
    """Return everybody to ring: the rota first, then the agencies by need."""
    rows = [heading("rota", "On call, by the rota"), *rota_rows(state, now, name_of), heading("agencies", "Agencies")]
    today = local(now).date()
    rows += [agency_row(one, today) for one in by_need(state.agencies)]
    if not state.agencies:
        rows.append(quiet("no-agencies", as_started(NO_AGENCIES)))
    right = f"rota read {clock_words(state.rota_at)}" if state.rota_at else "rota not read yet"
    return DirectoryList(TITLE, tuple(rows), right)


def by_need(agencies: Iterable[Agency]) -> tuple[Agency, ...]:
    """Return agencies with whom one rings first at the top."""
    order = {kind: at for at, kind in enumerate(RUNG_FIRST)}
    return tuple(sorted(agencies, key=lambda one: (order.get(one.kind, len(order)), one.name)))


# --- the rota ------------------------------------------------------------------------------------


def rota_rows(state: DirectoryState, now: datetime, name_of: NameOf) -> Iterator[Row]:
    """Yield each lane's people with number and rule, who comes next, and where nobody is."""
    if state.rota_at is None:
        yield quiet("rota-unread", "The rota is not read yet.")
    elif not state.lanes:
        yield quiet("rota-none", as_started(NO_ROTA))
    for one in state.lanes:
        for duty in one.now:
            yield duty_row(duty, one, now, name_of)
        if one.gap is not None:
            yield gap_row(one, now, name_of)
        elif not one.now:
            words = f"{lane_words(one.lane, name_of)}: {next_words(one, now) or 'nobody named'}"
            yield quiet(f"lane {one.lane.kind} {one.lane.authority} {one.lane.service}", words)


def duty_row(duty: Duty, one: LaneNow, now: datetime, name_of: NameOf) -> Row:
    """Return one person who is on now; Enter rings."""
    lane, number = lane_words(duty.lane, name_of), shown_number(duty.number)
    when = "; ".join(part for part in (until_words(duty, now), next_words(one, now)) if part)
    source = as_at_words(duty, local(now).date())
    below = ". ".join(part for part in (f"Ring: {duty.safe}" if duty.safe else "", f"On {when}", source) if part)
    lines = (
        Line(
            (
                Cell(text=duty.name, weight=Weight.SEMIBOLD, more=f", {lane}"),
                Cell(right=66, text=number, weight=Weight.SEMIBOLD),
                Cell(right=0, button="Dial", act="dial"),
            ),
            26,
        ),
        Line((Cell(text=f"{below}.", size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18),
    )
    return Row(str(duty.id), lines, f"{lane}: {duty.name}, {number}. {below}.", bottom=3, rule=True, acts=("dial",))


def as_at_words(duty: Duty, today: date) -> str:
    """Return ``Night rota, as at 27-Nov-2026``; empty where the file said neither."""
    day = f"as at {day_words(duty.as_at)}" if duty.as_at else ""
    return ", ".join(part for part in (duty.source, day) if part)


def gap_row(one: LaneNow, now: datetime, name_of: NameOf) -> Row:
    """Return that nobody is there, in words and amber."""
    words = gap_words(one, now, name_of)
    chip = ChipRow(f"{words[:1].upper()}{words[1:]}", Face.NOTICE, Mark.CLOCK)
    key = f"gap {one.lane.kind} {one.lane.authority} {one.lane.service}"
    return Row(key, (Line((Cell(chip=chip),), 30),), chip.text, bottom=4, rule=True)


# --- agencies ------------------------------------------------------------------------------------


def agency_name(one: Agency) -> str:
    """Return ``Crisis team, North``."""
    return ", ".join(part for part in (one.name, one.area) if part)


def agency_row(one: Agency, today: date) -> Row:
    """Return one agency; Enter rings, F5 and Ctrl+F5 say of its number that it is right or wrong."""
    number = shown_number(one.number) if one.number.startswith("+") else one.number
    wrong = one.wrong_on is not None
    name = Cell(text=one.name, weight=Weight.SEMIBOLD, more=f", {one.area}" if one.area else "")
    first = (
        name,
        Cell(right=66, text=number, weight=Weight.SEMIBOLD, ink=Ink.QUIET if wrong else Ink.TEXT),
        Cell(right=0, button="Dial", act="dial"),
    )
    checked = checked_words(one, today)
    note = f": {one.note}" if one.note else ""
    chip = Line((Cell(chip=ChipRow("Number said wrong", Face.NOTICE, Mark.SQUARE)),), 26)
    below = f"{checked}{note}."
    words = Line((Cell(text=below, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18)
    spoken = f"{agency_name(one)}, {number}. {below}"
    lines = (Line(first, 26), *((chip,) if wrong else ()), words)
    return Row(str(one.id), lines, spoken, bottom=3, rule=True, acts=("dial", "check"))


def checked_words(one: Agency, today: date) -> str:
    """Return how sure the number is: by whom, when, and how long ago that was; never verified is said."""
    if one.wrong_on is not None:
        return f"Number said wrong {_when(one.wrong_on, today)} by {one.wrong_by}"
    if one.verified_on is None:
        return "Never verified"
    by = f" by {one.verified_by}" if one.verified_by else ""
    old = "; check it" if (today - one.verified_on).days > OLD_AFTER else ""
    return f"Verified {_when(one.verified_on, today)}{by}{old}"


def _when(day: date, today: date) -> str:
    return f"{since_words(day, today)} ({day_words(day)})"

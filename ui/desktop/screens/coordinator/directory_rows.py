"""Whom to ring, beside the requests: the agencies by need, then who is on call now and where nobody is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from console.domain.people import Agency
from console.domain.rota import DutyKind
from console.domain.rota_words import gap_words, lane_words, until_words
from console.domain.search import shown_number
from console.services.directory import DirectoryState
from ui.desktop.screens.coordinator.rows import DirectoryRow
from ui.desktop.screens.directory import by_need
from ui.desktop.words import short_day


def directory_rows(state: DirectoryState, place_of: Callable[[str], str], now: datetime) -> Iterator[DirectoryRow]:
    """Yield the rows; ``place_of`` gives the name of an authority by its key."""
    for one in by_need(state.agencies):
        yield _agency(one)
    yield from _on_call(state, place_of, now)


def _agency(one: Agency) -> DirectoryRow:
    checked = f"checked {short_day(one.verified_on)}" if one.verified_on else "not checked"
    if one.wrong_on is not None:
        checked = f"wrong {short_day(one.wrong_on)}"
    number = shown_number(one.number) if one.number.startswith("+") else one.number
    return DirectoryRow(str(one.id), one.name, number, checked, one.wrong_on is not None)


def _on_call(state: DirectoryState, place_of: Callable[[str], str], now: datetime) -> Iterator[DirectoryRow]:
    """Yield who is on call now, but for the workers in the room, and where nobody is."""
    for one in state.lanes:
        if one.lane.kind is DutyKind.EDT_WORKER:
            continue
        lane = lane_words(one.lane, place_of)
        for duty in one.now:
            number = shown_number(duty.number)
            yield DirectoryRow(str(duty.id), f"{lane}: {duty.name}", number, until_words(duty, now))
        if one.gap is not None:
            words = gap_words(one, now, place_of)
            yield DirectoryRow(f"gap {lane}", f"{words[:1].upper()}{words[1:]}", "", "", warning=True)

"""Who is on call now and next, by the rota, as a tile of the board; and where nobody is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from console.domain.people import Rank
from console.domain.rota import DUTY_LABELS, LaneNow
from console.domain.rota_words import gap_words, next_words, until_words, where_words
from console.services.directory import DirectoryState
from ui.desktop.screens.board.rows import Age, ListRow, ListTile
from ui.desktop.screens.directory import NO_ROTA
from ui.started import as_started

TITLE, HOLED = "On call by the rota", "On call"


def rota_tile(directory: DirectoryState, now: datetime, age: Age, name_of: Callable[[str], str] = str) -> ListTile:
    """Return the lanes: gaps first, for they are what can still be mended; then who is on and who comes next."""
    if directory.rota_at is None:
        return ListTile(TITLE, (), age, "Not read yet.")
    if not directory.lanes:
        return ListTile(TITLE, (), age, as_started(NO_ROTA))
    holes = [_gap(one, now, name_of) for one in directory.lanes if one.gap is not None]
    rows = [row for one in directory.lanes for row in _lane(one, now, name_of)]
    title = f"{HOLED}, {len(holes)} without anybody" if holes else TITLE
    return ListTile(title, (*holes, *rows), age)


def _gap(one: LaneNow, now: datetime, name_of: Callable[[str], str]) -> ListRow:
    words = gap_words(one, now, name_of)
    soon = one.gap is not None and one.gap.begins <= now
    words = f"{words[:1].upper()}{words[1:]}"
    return ListRow(f"gap {_key(one)}", words, "", "", Rank.HOUR if soon else Rank.SHIFT)


def _lane(one: LaneNow, now: datetime, name_of: Callable[[str], str]) -> Iterator[ListRow]:
    where = where_words(one.lane, name_of)
    lane = ", ".join(part for part in (DUTY_LABELS[one.lane.kind], where) if part)
    following = next_words(one, now)
    for duty in one.now:
        yield ListRow(str(duty.id), duty.name, f", {lane}", until_words(duty, now), below=following, act="dial")
    if not one.now and following:
        yield ListRow(f"next {_key(one)}", lane, "", "", below=following)


def _key(one: LaneNow) -> str:
    return f"{one.lane.kind.value} {one.lane.authority} {one.lane.service}"

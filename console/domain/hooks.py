"""Hooks and triggers: what calms and what inflames, what was promised and by when (peers.md 7, 4).

Each change writes the whole of it into its own slot, so that a fold needs nothing but the newest; where two
changed one at the same time, what one of them called done stays done, and both wordings are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.calendar import local
from console.domain.items import Item
from console.domain.reading import as_identity, moment, text
from console.domain.record import Kind
from console.domain.registers import replaced_by

HOOK_SLOT = "hook:"
SOON = timedelta(minutes=5)
"""So long before it is due a promise or a deadline is said to be due soon."""


class HookSort(StrEnum):
    """What a line is; only the last two have a time."""

    CALMS = "calms"
    INFLAMES = "inflames"
    PROMISE = "promise"
    DEADLINE = "deadline"


HOOK_WORDS: Mapping[HookSort, str] = {
    HookSort.CALMS: "Calms",
    HookSort.INFLAMES: "Inflames",
    HookSort.PROMISE: "Promised",
    HookSort.DEADLINE: "Deadline",
}
TIMED = frozenset({HookSort.PROMISE, HookSort.DEADLINE})


class HookEnd(StrEnum):
    """How a line came to its end."""

    KEPT = "kept"
    BROKEN = "broken"
    WRONG = "wrong"
    """It was never so, or is so no more."""


END_WORDS: Mapping[HookEnd, str] = {
    HookEnd.KEPT: "Kept, or done",
    HookEnd.BROKEN: "Not kept",
    HookEnd.WRONG: "Not so, or no more",
}


class Due(StrEnum):
    """How near the time of a promise is."""

    NONE = "none"
    LATER = "later"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Hook:
    """One line.  ``to`` is whom it was promised; ``others`` are wordings that stand beside ``text``.

    ``heads`` are the entries a change is typed over; ``done`` is None while it holds.
    """

    id: UUID
    sort: HookSort
    text: str
    to: str
    due: datetime | None
    done: HookEnd | None
    by: str
    at: datetime
    since: datetime
    heads: tuple[UUID, ...]
    seq: int = 0
    others: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether it still holds."""
        return self.done is None

    def due_at(self, now: datetime) -> Due:
        """Say how near its time is; only a line that holds has one."""
        if self.due is None or not self.open:
            return Due.NONE
        left = self.due - now
        return Due.LATE if left <= timedelta() else Due.SOON if left <= SOON else Due.LATER


def fold_hooks(items: Iterable[Item]) -> tuple[Hook, ...]:
    """Return every line, in the order they were first written."""
    slots: dict[UUID, list[Item]] = {}
    for item in items:
        key = as_identity(item.slot.removeprefix(HOOK_SLOT)) if item.slot.startswith(HOOK_SLOT) else None
        if item.kind is Kind.INCIDENT_HOOK and key is not None and _readable(item):
            slots.setdefault(key, []).append(item)
    return tuple(_hook(key, found) for key, found in slots.items())


def _readable(item: Item) -> bool:
    return item.readable and _sort(item) is not None and bool(text(item.content, "text"))


def _sort(item: Item) -> HookSort | None:
    try:
        return HookSort(text(item.content, "sort"))
    except ValueError:
        return None


def _hook(identity: UUID, items: list[Item]) -> Hook:
    gone = replaced_by(items)
    heads = [item for item in items if item.id not in gone] or items[-1:]
    newest = heads[-1]
    ends = [end for end in map(_end, heads) if end is not None]
    said = text(newest.content, "text")
    others = dict.fromkeys(text(item.content, "text") for item in heads[:-1])
    return Hook(
        identity,
        _sort(newest) or HookSort.CALMS,
        said,
        text(newest.content, "to"),
        moment(newest.content, "due"),
        ends[-1] if ends else None,
        newest.author,
        newest.made_at,
        items[0].made_at,
        tuple(item.id for item in heads),
        newest.seq,
        tuple(one for one in others if one != said),
    )


def _end(item: Item) -> HookEnd | None:
    written = text(item.content, "done")
    if not written:
        return None
    try:
        return HookEnd(written)
    except ValueError:
        return HookEnd.KEPT  # a newer console's word for an end: it is over all the same


def in_order(hooks: Iterable[Hook], now: datetime) -> tuple[Hook, ...]:
    """Return the lines that hold: what is late first, then what is due soonest, then what inflames and calms."""
    rank = {Due.LATE: 0, Due.SOON: 1, Due.LATER: 2, Due.NONE: 3}
    sorts = {HookSort.INFLAMES: 0, HookSort.CALMS: 1, HookSort.PROMISE: 2, HookSort.DEADLINE: 3}
    held = [one for one in hooks if one.open]
    return tuple(sorted(held, key=lambda one: (rank[one.due_at(now)], one.due or now, sorts[one.sort], one.since)))


def due_from(written: str, now: datetime) -> datetime | None:
    """Return the time that ``22:40`` or ``20`` (minutes from now) means, in UTC; None where it means none.

    A clock time is the next one in London: 01:10 written at 23:50 is after midnight.
    """
    said = written.strip().removesuffix("min").strip()
    if said.isdecimal() and len(said) <= 3 and ":" not in said:
        return now + timedelta(minutes=int(said))
    hour, _, minute = said.replace(".", ":").partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2):
        return None
    if int(hour) > 23 or int(minute) > 59:
        return None
    here = local(now)
    due = here.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    due = due if due > here else due + timedelta(days=1)
    return due.astimezone(UTC)

"""The rota: who is on call and on shift, when, for which authority's which service; and where nobody is.

Reference data, imported from the council's own rota.  A *lane* is one duty of one authority and service.
Times are aware UTC; the hours in which somebody must be there are worked out in Europe/London.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.calendar import Calendar


class DutyKind(StrEnum):
    """What somebody is on the rota for, in the order of the screens."""

    ON_CALL_MANAGER = "on_call_manager"
    ON_CALL_DIRECTOR = "on_call_director"
    EDT_WORKER = "edt_worker"
    AMHP = "amhp"
    APPROPRIATE_ADULT = "appropriate_adult"


DUTY_LABELS: Mapping[DutyKind, str] = {
    DutyKind.ON_CALL_MANAGER: "On-call manager",
    DutyKind.ON_CALL_DIRECTOR: "On-call director",
    DutyKind.EDT_WORKER: "EDT worker",
    DutyKind.AMHP: "AMHP",
    DutyKind.APPROPRIATE_ADULT: "Appropriate adult",
}
ALL_HOURS = frozenset({DutyKind.AMHP})
"""Duties kept by day as well: the AMHP service is open 24 hours (domain.md 1.1); the others out of hours."""
ONE_AT_A_TIME = frozenset({DutyKind.ON_CALL_MANAGER, DutyKind.ON_CALL_DIRECTOR})
"""Duties of one person: two at once is worth a word."""
BEFORE, AHEAD = timedelta(days=7), timedelta(days=5)
"""What a screen reads of the rota: the longest stretch ahead is 111.5 h; a rota that has run out is still known."""
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lane:
    """One duty of one authority and service; ``authority`` empty: all that are covered."""

    kind: DutyKind
    authority: str = ""
    service: str = "both"


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's time on one lane.  ``number`` is E.164; ``safe`` is when and how it may be rung, in words."""

    id: UUID
    lane: Lane
    name: str
    number: str
    begins: datetime
    ends: datetime
    safe: str = ""
    source: str = ""
    as_at: date | None = None

    def on_at(self, moment: datetime) -> bool:
        """Say whether it is this person's time at ``moment``."""
        return self.begins <= moment < self.ends


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which somebody should be there and nobody is; ``ends`` None: as far as the rota was looked at."""

    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class LaneNow:
    """A lane at one moment: who is on, who comes next, and the first time nobody is there."""

    lane: Lane
    now: tuple[Duty, ...]
    next: Duty | None
    gap: Gap | None


def lanes_at(duties: Iterable[Duty], at: datetime, calendar: Calendar) -> tuple[LaneNow, ...]:
    """Return every lane of the rota at ``at``, in the order of :class:`DutyKind`."""
    order = {kind: place for place, kind in enumerate(DutyKind)}
    lanes = by_lane(duties)
    ordered = sorted(lanes, key=lambda lane: (order[lane.kind], lane.authority, lane.service))
    return tuple(_lane_now(lane, lanes[lane], at, calendar) for lane in ordered)


def by_lane(duties: Iterable[Duty]) -> dict[Lane, list[Duty]]:
    """Return duties by their lane, each lane in the order they begin."""
    lanes: dict[Lane, list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda one: (one.begins, one.ends, one.name)):
        lanes[duty.lane].append(duty)
    return lanes


def _lane_now(lane: Lane, duties: Sequence[Duty], at: datetime, calendar: Calendar) -> LaneNow:
    now = tuple(one for one in duties if one.on_at(at))
    following = next((one for one in duties if one.begins > at), None)
    until = at + DAY if lane.kind in ALL_HOURS else calendar.stretch(at).end
    found = gaps(lane, duties, at, until, calendar)
    gap = Gap(found[0].begins, _back_at(duties, found[0].begins)) if found else None
    return LaneNow(lane, now, following, gap)


def _back_at(duties: Sequence[Duty], moment: datetime) -> datetime | None:
    return next((one.begins for one in duties if one.begins > moment), None)


def gaps(lane: Lane, duties: Iterable[Duty], start: datetime, end: datetime, calendar: Calendar) -> tuple[Gap, ...]:
    """Return when, between ``start`` and ``end``, somebody should be on ``lane`` and nobody is."""
    free: list[Gap] = []
    covered = sorted((one.begins, one.ends) for one in duties if one.lane == lane)
    for opens, closes in needed(lane.kind, start, end, calendar):
        at = opens
        for begins, ends in covered:
            if begins >= closes:
                break
            if begins > at:
                free.append(Gap(at, begins))
            at = max(at, ends)
        if at < closes:
            free.append(Gap(at, closes))
    return tuple(free)


def needed(kind: DutyKind, start: datetime, end: datetime, calendar: Calendar) -> tuple[tuple[datetime, datetime], ...]:
    """Return the times between ``start`` and ``end`` in which somebody must be there."""
    if kind in ALL_HOURS:
        return ((start, end),) if start < end else ()
    found: list[tuple[datetime, datetime]] = []
    at = start
    while at < end:
        if calendar.out_of_hours(at):
            closes = min(end, calendar.opening_after(at))
            found.append((at, closes))
            at = closes
        else:
            at = calendar.closing_after(at)
    return tuple(found)


def doubles(duties: Iterable[Duty]) -> Iterator[tuple[Duty, Duty]]:
    """Yield every pair that overlaps where one person is meant, and of the same person twice on any lane.

    The earlier beginning comes first; one by one, as a file full of slips has millions.
    """
    for lane, ordered in by_lane(duties).items():
        open_ones: dict[str, list[Duty]] = defaultdict(list)
        for other in ordered:
            who = "" if lane.kind in ONE_AT_A_TIME else other.name.casefold()
            still_on = [one for one in open_ones[who] if other.begins < one.ends]
            for one in still_on:
                yield one, other
            open_ones[who] = [*still_on, other]


def on_call_manager(duties: Iterable[Duty], at: datetime) -> Duty | None:
    """Return the manager to ring at ``at``: of all authorities first; None where the rota names nobody."""
    on = [one for one in duties if one.lane.kind is DutyKind.ON_CALL_MANAGER and one.on_at(at)]
    return min(on, key=lambda one: (one.lane.authority, one.lane.service, one.name), default=None)

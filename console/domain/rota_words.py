"""The rota in words, the same on screens and in a terminal: who is on, who comes next, and where nobody is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.domain.calendar import local
from console.domain.rota import DUTY_LABELS, Duty, DutyKind, Gap, Lane, LaneNow
from console.domain.words import clock_words, weekday_clock

_AS = {
    DutyKind.ON_CALL_MANAGER: "on-call manager",
    DutyKind.ON_CALL_DIRECTOR: "on-call director",
    DutyKind.EDT_WORKER: "EDT worker",
    DutyKind.AMHP: "AMHP",
    DutyKind.APPROPRIATE_ADULT: "appropriate adult",
}
NameOf = Callable[[str], str]
"""An authority's words by its key (``Cover.name``)."""


def lane_words(lane: Lane, name_of: NameOf = str) -> str:
    """Return ``AMHP, Hampshire`` or ``On-call manager``."""
    return ", ".join(part for part in (DUTY_LABELS[lane.kind], where_words(lane, name_of)) if part)


def where_words(lane: Lane, name_of: NameOf = str) -> str:
    """Return ``Hampshire adults``; empty where a lane is of all that is covered."""
    service = "" if lane.service in ("both", lane.kind.value) else lane.service
    return " ".join(part for part in (name_of(lane.authority) if lane.authority else "", service) if part)


def when_words(moment: datetime, now: datetime) -> str:
    """Return ``08:30``, with its weekday where that is another day than now in London."""
    return clock_words(moment) if local(moment).date() == local(now).date() else weekday_clock(moment)


def until_words(duty: Duty, now: datetime) -> str:
    """Return ``until 08:30``."""
    return f"until {when_words(duty.ends, now)}"


def next_words(one: LaneNow, now: datetime) -> str:
    """Return ``then Helen Marsh from Wed 08:30``, or nothing where the rota names nobody."""
    if one.next is None:
        return ""
    return f"then {one.next.name} from {when_words(one.next.begins, now)}"


def gap_words(one: LaneNow, now: datetime, name_of: NameOf = str) -> str:
    """Return ``nobody is on call as AMHP, Hampshire, from 04:00``; empty where somebody is there all the time."""
    return _gap(one.lane, one.gap, now, name_of) if one.gap is not None else ""


def _gap(lane: Lane, gap: Gap, now: datetime, name_of: NameOf) -> str:
    where = where_words(lane, name_of)
    who = f"{_AS[lane.kind]}, {where}," if where else _AS[lane.kind]
    begins = "now" if gap.begins <= now else f"from {when_words(gap.begins, now)}"
    ends = f" until {when_words(gap.ends, now)}" if gap.ends is not None else "; the rota names nobody after"
    return f"nobody is on call as {who} {begins}{ends}"

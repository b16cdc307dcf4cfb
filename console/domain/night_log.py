"""What the record's calls amount to on the board: made anew when the record says more of a call, not every second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.board import AnsweredTile, BoardLimits
from console.domain.calendar import Stretch
from console.domain.call_aliases import without_aliases
from console.domain.call_log import CallRecord
from console.domain.calls import Direction
from console.domain.missed_calls import MissedCall, missed_calls


@dataclass(frozen=True, slots=True)
class NightLog:
    """Figures of the inbound calls that began in ``stretch``; ``log``, ``claims`` and ``missed`` are of all calls.

    ``rate`` is as of the stretch's start, until the board says of when it is.  ``claims``: who has a call, by key.
    """

    log: tuple[CallRecord, ...]
    stretch: Stretch
    rate: AnsweredTile
    began: tuple[datetime, ...]
    by_authority: tuple[tuple[str, int], ...]
    """The most called first."""
    claims: Mapping[UUID, str]
    missed: tuple[MissedCall, ...]


def night_log(log: tuple[CallRecord, ...], stretch: Stretch, cover: Cover, limits: BoardLimits) -> NightLog:
    """Return what ``log`` amounts to."""
    known = without_aliases(log)
    calls = [
        (call, call.began, call.wait)
        for call in known
        if call.direction is Direction.INBOUND and call.began is not None and stretch.holds(call.began)
    ]
    waits = [wait for _, _, wait in calls if wait is not None]
    answered = [wait for call, _, wait in calls if call.answered]
    abandoned = [wait for call, _, wait in calls if call.abandoned]
    rate = AnsweredTile(
        stretch.start,
        stretch.start,
        len(calls),
        len(answered),
        len(abandoned),
        sum(wait is not None and wait < limits.short_abandon for wait in abandoned),
        sum(wait is not None and wait <= limits.answered_within for wait in answered),
        max(waits, default=None),
    )
    return NightLog(
        log,
        stretch,
        rate,
        tuple(began for _, began, _ in calls),
        _by_authority(Counter(call.dialled for call, _, _ in calls), cover),
        {one.id: one.claimed_by for one in known if one.claim is not None},
        missed_calls(log, cover.plan),
    )


def _by_authority(dialled: Mapping[str, int], cover: Cover) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {one.name: 0 for one in cover.authorities}
    # Reading a number costs 40 microseconds: once for each line, not for each call.
    for number, count in dialled.items():
        line = cover.line(number)
        name = cover.name(line.authority) if line is not None else "Not known"
        counts[name] = counts.get(name, 0) + count
    return tuple(sorted(counts.items(), key=lambda pair: -pair[1]))

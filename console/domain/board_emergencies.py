"""Emergency calls that the switchboard tells of, and those just over: whose telephone rang 999, and when (4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.calls import Call
from console.domain.shifts import ShiftState

KEPT = timedelta(minutes=5)
"""How long one that is over still stands there: it may have lasted a second, while nobody looked."""


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """One emergency call.  ``name`` is of who sits at ``extension``, empty where nobody signed in there.

    ``over`` is when it ended, None while it lasts.
    """

    number: str
    extension: str
    name: str
    since: datetime | None
    answered: bool
    over: datetime | None = None


def emergency_calls(calls: Iterable[Call], shift: ShiftState, now: datetime) -> tuple[EmergencyCall, ...]:
    """Return the emergency calls under way and those that ended within :data:`KEPT`, the longest first, then these."""
    found = [_emergency_call(call, shift) for call in calls if call.emergency and _stands(call, now)]
    return tuple(sorted(found, key=lambda one: (one.over is not None, str(one.since), one.extension)))


def _stands(call: Call, now: datetime) -> bool:
    return call.live or (call.ended_at is not None and now - call.ended_at < KEPT)


def _emergency_call(call: Call, shift: ShiftState) -> EmergencyCall:
    placed = next(
        (
            one
            for one in (call.caller.number, *sorted(call.talking), *call.answered_by)
            if shift.holder(one) is not None
        ),
        "",
    )
    extension = placed or call.caller.number or next(iter(sorted(call.talking)), "")
    worker = shift.holder(extension)
    since = call.offered_at or call.answered_at or call.last_news
    name = worker.name if worker is not None else ""
    over = None if call.live else call.ended_at
    return EmergencyCall(call.emergency, extension, name, since, call.answered_at is not None, over)

"""Emergency calls that the switchboard tells of now: whose telephone rings 999, and since when (telephony.md 4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.domain.calls import Call
from console.domain.shifts import ShiftState


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """One emergency call under way.  ``name`` is of who sits at ``extension``, empty where nobody signed in there."""

    number: str
    extension: str
    name: str
    since: datetime | None
    answered: bool


def emergency_calls(calls: Iterable[Call], shift: ShiftState) -> tuple[EmergencyCall, ...]:
    """Return the emergency calls under way, the longest first."""
    found = [_emergency_call(call, shift) for call in calls if call.live and call.emergency]
    return tuple(sorted(found, key=lambda one: (str(one.since), one.extension)))


def _emergency_call(call: Call, shift: ShiftState) -> EmergencyCall:
    placed = next((one for one in (call.caller.number, *sorted(call.talking)) if shift.holder(one) is not None), "")
    extension = placed or call.caller.number or next(iter(sorted(call.talking)), "")
    worker = shift.holder(extension)
    since = call.offered_at or call.answered_at or call.last_news
    return EmergencyCall(
        call.emergency, extension, worker.name if worker is not None else "", since, call.answered_at is not None
    )

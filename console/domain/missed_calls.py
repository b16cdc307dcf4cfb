"""Calls that reached nobody: they stay, whatever became of the consoles meanwhile, until somebody reviews them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from console.domain.call_aliases import without_aliases
from console.domain.call_log import CallRecord
from console.domain.calls import Direction
from console.domain.lines import DialPlan, to_e164

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MissedCall:
    """One missed call.  ``again``: the same number's first call after it that one of ours answered.

    ``rung_at``: when one of ours last rang that number after it, whether or not it was answered.
    """

    call: CallRecord
    again: CallRecord | None = None
    rung_at: datetime | None = None


def missed_calls(log: Iterable[CallRecord], plan: DialPlan) -> tuple[MissedCall, ...]:
    """Return the inbound calls that ended unanswered and were not reviewed, the oldest first.

    Unanswered is also who was given to somebody that never answered.
    """
    listed = without_aliases(log)
    missed = [call for call in listed if _missed(call)]
    numbers = {call.e164 for call in missed if call.e164}
    if not numbers:
        return tuple(MissedCall(call) for call in _in_order(missed))
    answered = [call for call in listed if call.e164 in numbers and call.answered and _inbound(call)]
    # Reading a number costs 40 microseconds: only calls out are read, and only while something was missed.
    placed = [
        (number, call.began)
        for call in listed
        if call.direction is Direction.OUTBOUND and (number := to_e164(call.dialled, plan)) in numbers
    ]
    return tuple(_with_after(call, answered, placed) for call in _in_order(missed))


def _with_after(
    call: CallRecord, answered: Iterable[CallRecord], placed: Iterable[tuple[str, datetime | None]]
) -> MissedCall:
    ended = call.ended_at
    if not call.e164 or ended is None:
        return MissedCall(call)
    again = [one for one in answered if one.e164 == call.e164 and one.answered_at is not None]
    after = [one for one in again if one.id != call.id and one.answered_at is not None and one.answered_at >= ended]
    rung = [at for number, at in placed if number == call.e164 and at is not None and at >= ended]
    return MissedCall(call, min(after, key=lambda one: str(one.answered_at), default=None), max(rung, default=None))


def _missed(call: CallRecord) -> bool:
    return _inbound(call) and call.reached_nobody and call.review is None


def _inbound(call: CallRecord) -> bool:
    return call.direction is Direction.INBOUND


def _in_order(calls: Iterable[CallRecord]) -> list[CallRecord]:
    return sorted(calls, key=lambda call: (call.began is None, call.began or _NEVER, call.id))

"""How a visit ended, and why one telephone stopped, from what was seen on the way."""

from __future__ import annotations

from console.domain.call_events import LegEnd
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.asterisk_ami.board import Channel, Visit
from telephony_adapters.channels import visits

ANSWERED_ELSEWHERE = "26"
_REFUSED_CAUSES = frozenset({"17", "21"})
_UNANSWERED_CAUSES = frozenset({"18", "19"})
_UNREACHABLE = frozenset({"CHANUNAVAIL", "CONGESTION"})
REJECTED = "REJECTED"
"""Our own word beside Asterisk's dial statuses: cause 21, call rejected."""


def leg_end(visit: Visit, channel: Channel, cause: str, *, spoke: bool) -> LegEnd:
    """Return why a leg of ``visit`` ended; ``spoke`` where it had taken part in the call."""
    if spoke:
        return LegEnd.HUNG_UP
    if cause == ANSWERED_ELSEWHERE:
        return LegEnd.ANSWERED_ELSEWHERE
    if cause in _REFUSED_CAUSES or channel.status == "BUSY":
        return LegEnd.REJECTED if channel.rang else LegEnd.BUSY
    if channel.status in _UNREACHABLE:
        return LegEnd.FAILED
    if visit.ender == "caller":
        return LegEnd.CALLER_GONE
    if channel.status == "NOANSWER" or cause in _UNANSWERED_CAUSES:
        return LegEnd.NO_ANSWER
    return LegEnd.ANSWERED_ELSEWHERE if visit.present else LegEnd.UNKNOWN


def outcome(visit: Visit) -> CallOutcome:
    """Return the outcome of a visit that is over."""
    return visits.outcome(visit, visit.ender, _unanswered(visit))


def _unanswered(visit: Visit) -> CallOutcome:
    for status, result in (
        ("BUSY", CallOutcome.BUSY),
        (REJECTED, CallOutcome.REJECTED),
        ("NOANSWER", CallOutcome.NO_ANSWER),
        ("CHANUNAVAIL", CallOutcome.FAILED),
        ("CONGESTION", CallOutcome.FAILED),
    ):
        if status in visit.statuses:
            return result
    if visit.originated:
        return CallOutcome.NO_ANSWER
    return CallOutcome.UNKNOWN if visit.direction is Direction.INBOUND else CallOutcome.FAILED


def ended_by(visit: Visit) -> str:
    """Return ``caller``, an extension, ``system`` or ``unknown``."""
    if visit.ender:
        return visit.ender
    if visit.rejecter and not visit.answered:
        return visit.rejecter
    return "system"

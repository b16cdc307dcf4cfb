"""How a visit ended, and why one telephone stopped, from what was seen on the way."""

from __future__ import annotations

from console.domain.call_events import LegEnd
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.channels import visits
from telephony_adapters.freeswitch_esl.board import Leg, Visit

ELSEWHERE = frozenset({"LOSE_RACE", "PICKED_OFF"})
REFUSED = frozenset({"USER_BUSY", "CALL_REJECTED"})
_UNANSWERED = frozenset({"NO_ANSWER", "NO_USER_RESPONSE", "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "MEDIA_TIMEOUT"})
_TAKEN_BACK = frozenset({"ORIGINATOR_CANCEL"})
_USUAL = frozenset(
    {"", "NORMAL_CLEARING", "MANAGER_REQUEST", "BLIND_TRANSFER", "ATTENDED_TRANSFER", "NORMAL_UNSPECIFIED"}
)
_BY_ITSELF = ("recv_bye", "recv_cancel")
"""What the switchboard notes of a leg whose own telephone ended it."""


def ended_itself(leg: Leg) -> bool:
    """Say whether the leg's own telephone hung up, as far as the switchboard has told."""
    return leg.disposition in _BY_ITSELF


def leg_end(visit: Visit, leg: Leg, *, spoke: bool) -> LegEnd:
    """Return why a leg of ``visit`` ended; ``spoke`` where it had taken part in the call."""
    if spoke:
        return LegEnd.HUNG_UP
    if leg.cause in ELSEWHERE:
        return LegEnd.ANSWERED_ELSEWHERE
    if leg.cause in REFUSED:
        return LegEnd.REJECTED if leg.rang else LegEnd.BUSY
    if leg.cause in _UNANSWERED:
        return LegEnd.NO_ANSWER
    if leg.cause in _TAKEN_BACK:
        return LegEnd.ANSWERED_ELSEWHERE if visit.present else LegEnd.CALLER_GONE
    return LegEnd.UNKNOWN if leg.cause in _USUAL else LegEnd.FAILED


def outcome(visit: Visit, by: str) -> CallOutcome:
    """Return the outcome of a visit that is over; ``by`` is who ended it."""
    return visits.outcome(visit, by, _unanswered(visit))


def _unanswered(visit: Visit) -> CallOutcome:
    if "USER_BUSY" in visit.causes:
        return CallOutcome.BUSY
    if "CALL_REJECTED" in visit.causes:
        return CallOutcome.REJECTED
    if visit.causes & _UNANSWERED or visit.originated:
        return CallOutcome.NO_ANSWER
    if visit.causes - _USUAL - _TAKEN_BACK - ELSEWHERE:
        return CallOutcome.FAILED
    return CallOutcome.UNKNOWN if visit.direction is Direction.INBOUND else CallOutcome.FAILED


def ended_by(visit: Visit) -> str:
    """Return ``caller``, an extension, ``outside``, ``system`` or ``unknown``."""
    own, principal = visit.placed_by or "caller", visit.left
    if principal is not None and ended_itself(principal):
        return own
    if visit.rejecter and not visit.answered:
        return visit.rejecter
    if visit.first_gone and visit.first_gone != visit.key:
        return visit.first_gone
    if principal is not None and not principal.disposition and visit.first_gone == visit.key:
        return own if principal.cause in _TAKEN_BACK else "unknown"
    return "system"

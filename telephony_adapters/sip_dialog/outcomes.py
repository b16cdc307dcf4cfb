"""How a call ended, from what the notifications of its telephones said.  Where they say nothing, nobody knows."""

from __future__ import annotations

from console.domain.call_events import LegEnd
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.sip_dialog.document import Dialog
from telephony_adapters.sip_dialog.parts import Part, Visit

_BUSY = frozenset({486, 600})


def note(visit: Visit, part: Part, last: Dialog | None) -> None:
    """Keep how a telephone's part in a call ended; ``last`` is its last notification, None where it only went."""
    how, code = (last.how, last.code) if last is not None else ("", 0)
    if how == "rejected":
        visit.outcome = CallOutcome.BUSY if code in _BUSY else CallOutcome.REJECTED
    elif how == "timeout":
        visit.outcome = CallOutcome.NO_ANSWER
    elif how == "error":
        visit.outcome = CallOutcome.FAILED
    if how in ("local-bye", "rejected") and visit.direction is Direction.INBOUND:
        visit.ended_by = part.extension
    elif how == "local-bye" or (how == "cancelled" and visit.placed_by):
        visit.ended_by = visit.placed_by or part.extension
    elif how == "remote-bye":
        visit.ended_by = "caller" if visit.direction is Direction.INBOUND else "outside"


def leg_end(visit: Visit, part: Part, last: Dialog | None) -> LegEnd:
    """Return why a telephone is out of a call."""
    if part.talks:
        return LegEnd.HUNG_UP
    if visit.answered:
        return LegEnd.ANSWERED_ELSEWHERE
    how = last.how if last is not None else ""
    return {"rejected": LegEnd.REJECTED, "timeout": LegEnd.NO_ANSWER, "error": LegEnd.FAILED}.get(how, LegEnd.UNKNOWN)


def outcome(visit: Visit) -> CallOutcome:
    """Return the outcome of a call that is over."""
    return CallOutcome.ANSWERED if visit.answered else visit.outcome

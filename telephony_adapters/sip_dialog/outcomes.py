"""How a call ended, from what the notifications of its telephones said.  Where they say nothing, nobody knows."""

from __future__ import annotations

from console.domain.call_events import LegEnd
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.sip_dialog.document import Dialog
from telephony_adapters.sip_dialog.parts import Part, Visit

_BUSY = frozenset({486, 600})
_OUTCOMES = {
    "rejected": CallOutcome.REJECTED,
    "timeout": CallOutcome.NO_ANSWER,
    "error": CallOutcome.FAILED,
}
_LEG_ENDS = {"rejected": LegEnd.REJECTED, "timeout": LegEnd.NO_ANSWER, "error": LegEnd.FAILED}


def note(visit: Visit, part: Part, last: Dialog | None) -> None:
    """Keep how a telephone's part in a call ended; ``last`` is its last notification, None where it only went.

    The last of several telephones decides: who refused a call that rang on elsewhere has not ended it.
    """
    how, code = (last.how, last.code) if last is not None else ("", 0)
    busy = how == "rejected" and code in _BUSY
    visit.outcome = CallOutcome.BUSY if busy else _OUTCOMES.get(how, CallOutcome.UNKNOWN)
    visit.ended_by = _ended_by(visit, part, how)


def _ended_by(visit: Visit, part: Part, how: str) -> str:
    inbound = visit.direction is Direction.INBOUND
    match how:
        case "local-bye" | "rejected" if inbound:
            return part.extension
        case "local-bye" | "cancelled" if not inbound:
            return visit.placed_by
        case "remote-bye":
            return "caller" if inbound else "outside"
        case _:
            return "unknown"


def leg_end(visit: Visit, part: Part, last: Dialog | None) -> LegEnd:
    """Return why a telephone is out of a call."""
    if part.talks:
        return LegEnd.HUNG_UP
    if visit.answered:
        return LegEnd.ANSWERED_ELSEWHERE
    return _LEG_ENDS.get(last.how if last is not None else "", LegEnd.UNKNOWN)


def outcome(visit: Visit) -> CallOutcome:
    """Return the outcome of a call that is over."""
    return CallOutcome.ANSWERED if visit.answered else visit.outcome

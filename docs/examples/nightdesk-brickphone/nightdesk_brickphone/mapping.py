"""Lines to facts.  What a line does not say is not invented; a line nobody knows makes nothing."""

from __future__ import annotations

from datetime import datetime

from nightdesk_brickphone.protocol import Told

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LegEnd,
    LegEnded,
    NumberLearned,
    QueueJoined,
)
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.text import NUMBER_CAP, safe_line

_WHY = {"elsewhere": LegEnd.ANSWERED_ELSEWHERE, "hung-up": LegEnd.HUNG_UP, "gave-up": LegEnd.NO_ANSWER}
_OUTCOMES = {"answered": CallOutcome.ANSWERED, "abandoned": CallOutcome.ABANDONED}


def facts_of(told: Told, arrived: datetime) -> list[CallEvent]:
    """Return what one line says; ``arrived`` is the time where it has none of its own."""
    at = told.at or arrived
    call, first, second = (safe_line(told.word(place), NUMBER_CAP) for place in range(3))
    leg = f"{call}/{first}"
    match told.verb:
        case "IN":
            return [CallBegan(call, at, Direction.INBOUND, first)]
        case "FROM":
            return [_number(call, at, first, shown=second == "shown")]
        case "WAITS":
            return [QueueJoined(call, at, first)]
        case "RINGS":
            return [Alerting(call, at, leg, first)]
        case "TAKES":
            return [Answered(call, at, leg, first)]
        case "STOPS":
            return [LegEnded(call, at, leg, first, _WHY.get(second, LegEnd.UNKNOWN))]
        case "OVER":
            return [CallEnded(call, at, _OUTCOMES.get(first, CallOutcome.UNKNOWN), second or "unknown")]
        case _:
            return []


def _number(call: str, at: datetime, number: str, *, shown: bool) -> CallEvent:
    """Return number and presentation; a withheld number is dropped here and goes no further."""
    presentation = Presentation.ALLOWED if shown else Presentation.WITHHELD
    return NumberLearned(call, at, number if shown else "", "", presentation, settled=True)

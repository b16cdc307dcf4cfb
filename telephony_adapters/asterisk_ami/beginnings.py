"""The beginning of a visit as it is told: which way it goes, and by which number."""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import CallBegan
from console.domain.calls import Direction
from console.domain.lines import NumberKind, read_number
from telephony_adapters.asterisk_ami.board import Visit
from telephony_adapters.asterisk_ami.desk import Desk


def begin(desk: Desk, visit: Visit, at: datetime) -> None:
    """Report the visit, or report it again with the number dialled once that is known."""
    visit.begun = True
    desk.say(CallBegan(visit.key, min(visit.at, at), visit.direction, visit.dialled, visit.placed_by))


def towards(desk: Desk, number: str) -> Direction:
    """Return which way a call goes from one of our telephones, by what it dialled."""
    inside = read_number(number, desk.reading.plan).kind is NumberKind.EXTENSION
    return Direction.INTERNAL if inside else Direction.OUTBOUND


def number_told(desk: Desk, visit: Visit, number: str, at: datetime) -> None:
    """Report a call that the switchboard itself began once more, with what it was asked to dial."""
    if visit.originated and not visit.dialled and number:
        visit.dialled, visit.direction = number, towards(desk, number)
        begin(desk, visit, at)

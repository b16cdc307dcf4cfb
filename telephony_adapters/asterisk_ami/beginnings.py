"""A call that the switchboard itself began, and by which number it is told at last."""

from __future__ import annotations

from datetime import datetime

from telephony_adapters.asterisk_ami.board import Visit
from telephony_adapters.asterisk_ami.desk import Desk
from telephony_adapters.channels.visits import begin


def number_told(desk: Desk, visit: Visit, number: str, at: datetime) -> None:
    """Report a call that the switchboard itself began once more, with what it was asked to dial."""
    if visit.originated and not visit.dialled and number:
        visit.dialled, visit.direction = number, desk.reading.towards(number)
        begin(desk, visit, at)

"""How a FreeSWITCH is read, and what reading one message brought."""

from __future__ import annotations

from dataclasses import dataclass

from telephony_adapters.channels import desk
from telephony_adapters.freeswitch_esl.board import Board, Leg, Visit


@dataclass(frozen=True, slots=True)
class Reading(desk.Reading):
    """How to read a FreeSWITCH; ``outside_profiles`` matches in full the SIP profiles without telephones of ours."""

    outside_profiles: str = r"external.*"


@dataclass(slots=True)
class Desk(desk.Desk[Leg, Visit]):
    """The board, how to read it, and the facts that one message brought."""

    reading: Reading
    board: Board

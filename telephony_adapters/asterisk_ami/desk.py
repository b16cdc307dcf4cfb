"""How an Asterisk is read, and what reading one message brought."""

from __future__ import annotations

from dataclasses import dataclass, field

from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.channels import desk


@dataclass(frozen=True, slots=True)
class Reading(desk.Reading):
    """How to read an Asterisk; ``ask`` is True on a live connection, which asks before a number leaves."""

    ask: bool = False


@dataclass(slots=True)
class Desk(desk.Desk[Channel, Visit]):
    """The board, how to read it, and the facts and questions that one message brought."""

    reading: Reading
    board: Board
    questions: list[tuple[str, str]] = field(default_factory=list)
    """Channels to ask about, as (Uniqueid, name)."""

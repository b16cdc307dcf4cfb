"""How one switchboard is read, and what reading one message brought."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Generic

from console.domain.call_events import REPEATABLE, CallEvent, Parked
from console.domain.calls import Direction, Unmarked
from console.domain.lines import USUAL, DialPlan, NumberKind, read_number
from telephony_adapters.channels.board import Board, C, V


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a switchboard: ``staff`` is a pattern that our telephones' endpoints or users match in full.

    ``line_variable`` names a channel variable that holds the line dialled, where there is one.
    """

    plan: DialPlan = USUAL
    staff: str = r"\d{2,6}"
    unmarked: Unmarked = Unmarked.SHOW
    line_variable: str = ""

    def towards(self, dialled: str) -> Direction:
        """Return which way a call goes from one of our telephones, by what it dialled."""
        inside = read_number(dialled, self.plan).kind is NumberKind.EXTENSION
        return Direction.INTERNAL if inside else Direction.OUTBOUND


@dataclass(slots=True)
class Desk(Generic[C, V]):
    """The board, how to read the switchboard, and the facts that one message brought."""

    reading: Reading
    board: Board[C, V]
    facts: list[CallEvent] = field(default_factory=list)
    stamped: bool = False
    """True while a message is read that has the switchboard's own time; a list of channels has none."""

    def say(self, fact: CallEvent) -> None:
        """Report one fact."""
        if isinstance(fact, REPEATABLE) and not self.stamped:
            fact = replace(fact, stamped=False)
        elif isinstance(fact, Parked) and self.stamped:
            fact = replace(fact, stamp=fact.at)
        self.facts.append(fact)

    def take(self) -> list[CallEvent]:
        """Return the facts not yet taken."""
        facts, self.facts = self.facts, []
        return facts

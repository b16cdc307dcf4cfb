"""How one switchboard is read, and what reading one message brought."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from console.domain.call_events import REPEATABLE, CallEvent
from console.domain.calls import Unmarked
from console.domain.lines import USUAL, DialPlan
from telephony_adapters.freeswitch_esl.board import Board


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a switchboard: ``staff`` is a pattern that our telephones' users match in full.

    ``outside_profiles`` matches in full the SIP profiles that carry no telephone of ours.
    ``line_variable`` names a channel variable that holds the line dialled, where there is one.
    """

    plan: DialPlan = USUAL
    staff: str = r"\d{2,6}"
    outside_profiles: str = r"external.*"
    unmarked: Unmarked = Unmarked.SHOW
    line_variable: str = ""


@dataclass(slots=True)
class Desk:
    """The board, how to read it, and the facts that one message brought."""

    reading: Reading
    board: Board
    facts: list[CallEvent] = field(default_factory=list)
    stamped: bool = False
    """True while a message is read that has the switchboard's own time; a list of channels has none."""

    def say(self, fact: CallEvent) -> None:
        """Report one fact."""
        if isinstance(fact, REPEATABLE) and not self.stamped:
            fact = replace(fact, stamped=False)
        self.facts.append(fact)

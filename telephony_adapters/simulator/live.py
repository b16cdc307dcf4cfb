"""One call of the simulated switchboard, and the facts that were told of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.domain.call_events import CallEvent
from console.domain.calls import Direction

Facts = list[CallEvent]


@dataclass(slots=True)
class LiveCall:
    """One call of the simulated switchboard; ``ringing`` and ``talking`` map extensions to legs."""

    id: str
    direction: Direction
    queue: str = ""
    ringing: dict[str, str] = field(default_factory=dict)
    talking: dict[str, str] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    held_by: set[str] = field(default_factory=set)
    heard_by: set[str] = field(default_factory=set)
    answered: bool = False
    timed_out: bool = False
    consult: str = ""
    """The colleague who is asked while the caller waits."""
    consult_up: bool = False
    """Whether that colleague has lifted."""
    parked_at: str = ""
    parker: str = ""
    fetcher: str = ""
    """Whose telephone rings to be given the parked caller."""
    legs: int = 0
    facts: Facts = field(default_factory=list)

    def leg(self, extension: str) -> str:
        """Return a new leg's id."""
        self.legs += 1
        return f"{self.id}/{extension}.{self.legs}"


def keep(call: LiveCall, facts: Facts) -> Facts:
    """Note what is told of a call, for whoever connects later; returns it."""
    call.facts += facts
    return facts

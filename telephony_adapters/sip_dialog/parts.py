"""What is known now: each telephone's parts in calls, and the calls put together from them.

A *part* is one dialog of one watched telephone; a *visit* is one human call.  No notification says which
parts are one call, except where it has the call's own id (``call-id``); so parts are put together from
signs, and every call is assumed (docs/decisions/0040-calls-from-lamps.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.call_events import CallEvent
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.sip_dialog.callers import Shown

TOGETHER = timedelta(seconds=2)
"""Telephones that begin to ring for the same caller within this time ring for one call."""
PATIENCE = timedelta(seconds=6)
"""So long a caller whom nobody answered may stay between two telephones; a queue tries again after 5 s at most."""
STORY_CAP = 100
"""Most facts of one call that are kept, to be told again to a console that lost them."""


class Phase(StrEnum):
    """What a telephone does in a call."""

    RINGS = "rings"
    DIALS = "dials"
    TALKS = "talks"


@dataclass(slots=True, repr=False, eq=False)
class Part:
    """One telephone's part.  ``visit`` is None while it is not known what call it belongs to."""

    extension: str
    id: str
    leg: str
    phase: Phase
    since: datetime
    visit: Visit | None = None
    held: bool = False
    under: Part | None = None
    """The call that the telephone was in already when this one rang under the same id."""

    @property
    def talks(self) -> bool:
        """Say whether it speaks."""
        return self.phase is Phase.TALKS


@dataclass(slots=True, repr=False, eq=False)
class Visit:
    """One human call while it lasts.  ``silent`` parts are callers of ours: their telephone's end ends nothing."""

    key: str
    direction: Direction
    began: datetime
    caller: Shown | None = None
    dialled: str = ""
    placed_by: str = ""
    call_id: str = ""
    parts: list[Part] = field(default_factory=list)
    silent: list[Part] = field(default_factory=list)
    rang: datetime | None = None
    """When the newest telephone began to ring."""
    quiet: datetime | None = None
    """Since when nobody rings or speaks any more, where nobody had answered."""
    answered: datetime | None = None
    outcome: CallOutcome = CallOutcome.UNKNOWN
    ended_by: str = "unknown"
    over: bool = False
    story: list[CallEvent] = field(default_factory=list)

    def rings_at(self, extension: str) -> bool:
        """Say whether a telephone rings in it."""
        return any(part.extension == extension and part.phase is Phase.RINGS for part in self.parts)

    @property
    def ringing(self) -> list[Part]:
        """Return the parts that ring."""
        return [part for part in self.parts if part.phase is Phase.RINGS]

    @property
    def may_part(self) -> bool:
        """Say whether two callers may have been taken for this one call: only signs say that it is one."""
        return self.direction is Direction.INBOUND and not self.call_id

    def may_be_for(self, who: Shown, at: datetime) -> bool:
        """Say whether a telephone that begins to ring for ``who`` at ``at`` may ring for this call."""
        if self.direction is not Direction.INBOUND or self.answered or self.call_id:
            return False
        if self.caller is None or self.caller.same != who.same:
            return False
        together = bool(self.ringing) and self.rang is not None and at - self.rang <= TOGETHER
        return together or (self.quiet is not None and at - self.quiet <= PATIENCE)


def company(visits: Iterable[Visit], part: Part, call_id: str, who: Shown | None, at: datetime) -> Visit | None:
    """Return the call that a telephone which begins to ring rings for, where it is one we know."""
    if call_id:
        return next((visit for visit in visits if visit.call_id == call_id), None)
    if who is None:
        return None
    found = [visit for visit in visits if visit.may_be_for(who, at) and not visit.rings_at(part.extension)]
    return found[-1] if found else None


def rung_by(visits: Iterable[Visit], extension: str, dialled: str = "") -> Visit | None:
    """Return the call in which one of ours rang because ``extension`` dialled it, where it told so first."""
    for visit in visits:
        rings = not dialled or any(part.extension == dialled for part in visit.parts)
        if rings and not visit.silent and visit.caller is not None and visit.caller.same == ("number", extension):
            return visit
    return None

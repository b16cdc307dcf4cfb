"""Calling out the on-call manager: armed by the rule or by hand, rung, and what came of it, all as entries.

All of them have one slot, so that of two workers who ring at the same moment one does and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identity, text

SLOT = "call_out"


class CallOutReason(StrEnum):
    """Why somebody is called out."""

    ALL_COMMITTED = "all_committed"
    NO_SECOND = "no_second"
    BY_HAND = "by_hand"


REASON_WORDS: Mapping[CallOutReason, str] = {
    CallOutReason.ALL_COMMITTED: "a caller waits and nobody is free",
    CallOutReason.NO_SECOND: "nobody came as second worker",
    CallOutReason.BY_HAND: "called out by hand",
}


class CallOutState(StrEnum):
    """How far a call-out has come."""

    ARMED = "armed"
    RUNG = "rung"
    COMING = "coming"
    CANNOT = "cannot"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    """Nothing was dialled: the telephone system did not do it."""


ANSWERS: Mapping[CallOutState, str] = {
    CallOutState.COMING: "Answered: coming",
    CallOutState.CANNOT: "Answered: cannot come",
    CallOutState.NO_ANSWER: "No answer",
}
"""What may be said of somebody who was rung."""


@dataclass(frozen=True, slots=True)
class CallOut:
    """One call-out.  ``name`` is who was rung, by the rota; ``rings`` how often."""

    entry: UUID
    why: CallOutReason
    about: UUID | None
    armed_at: datetime
    state: CallOutState = CallOutState.ARMED
    name: str = ""
    rung_at: datetime | None = None
    rung_by: str = ""
    rings: int = 0
    said_at: datetime | None = None
    said_by: str = ""

    @property
    def coming(self) -> bool:
        """Say whether they answered and come."""
        return self.state is CallOutState.COMING

    @property
    def last_at(self) -> datetime:
        """Return when something was last said or done about it."""
        return self.said_at or self.rung_at or self.armed_at


def with_call_out(found: tuple[CallOut, ...], item: Item) -> tuple[CallOut, ...]:
    """Return the call-outs after one more entry; what it says of a call-out that is not here begins one."""
    body = item.content
    state = _state(text(body, "state"))
    if state is None:
        return found
    of = identity(body, "of")
    at = next((n for n, one in enumerate(found) if one.entry == of), None)
    begun = found[at] if at is not None else _begun(item)
    after = _after(begun, state, item)
    return (*found, after) if at is None else (*found[:at], after, *found[at + 1 :])


def _begun(item: Item) -> CallOut:
    try:
        why = CallOutReason(text(item.content, "why"))
    except ValueError:
        why = CallOutReason.BY_HAND
    return CallOut(item.id, why, identity(item.content, "about"), item.made_at)


def _after(one: CallOut, state: CallOutState, item: Item) -> CallOut:
    if state is CallOutState.ARMED:
        return one
    if state is CallOutState.RUNG:
        name = text(item.content, "name") or one.name
        return replace(
            one, state=state, name=name, rung_at=item.made_at, rung_by=item.author, rings=one.rings + 1, said_at=None
        )
    if state is CallOutState.FAILED:
        # Only of the ring of whoever says so: a colleague may have rung, or heard an answer, since.
        own = one.state is CallOutState.RUNG and one.rung_by == item.author
        return replace(one, state=state, said_at=item.made_at, said_by=item.author, rings=one.rings - 1) if own else one
    return replace(one, state=state, said_at=item.made_at, said_by=item.author)


def _state(written: str) -> CallOutState | None:
    try:
        return CallOutState(written)
    except ValueError:
        return None

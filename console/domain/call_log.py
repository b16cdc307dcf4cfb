"""Calls as the shared record tells them, for figures: a fold of the facts that consoles reported.

The live call of a screen comes from the switchboard; this is what remains of it for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.reading import identity, moment, text
from console.domain.record import Item, Kind


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of the record.  ``aliases`` are ids that turned out to be this call."""

    id: UUID
    direction: Direction = Direction.INBOUND
    dialled: str = ""
    queue: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    e164: str = ""
    seen_at: datetime | None = None
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: tuple[str, ...] = ()
    ended_at: datetime | None = None
    outcome: CallOutcome | None = None
    claimed_by: str = ""
    emergency: bool = False
    aliases: frozenset[UUID] = frozenset()

    @property
    def began(self) -> datetime | None:
        """Return when the caller began to wait."""
        return self.offered_at or self.seen_at

    @property
    def answered(self) -> bool:
        """Say whether one of ours took it."""
        return self.answered_at is not None

    @property
    def abandoned(self) -> bool:
        """Say whether the caller was gone before anybody took it."""
        return self.ended_at is not None and not self.answered

    @property
    def wait(self) -> timedelta | None:
        """Return how long the caller waited, once that is over."""
        over = self.answered_at or self.ended_at
        return over - self.began if over is not None and self.began is not None else None


def fold_call(items: Iterable[Item]) -> CallRecord | None:
    """Return the call that the items of one stream make; None for no items.

    Facts arrive from several consoles in any order: each says one thing, and the earliest time
    of a once-only thing stands.
    """
    listed = tuple(items)
    if not listed:
        return None
    made = CallRecord(listed[0].stream.id)
    for item in listed:
        step = _STEPS.get(item.kind)
        if step is not None and item.readable:
            made = step(made, item)
    return made


def _at(item: Item) -> datetime:
    return moment(item.content, "at") or item.made_at


def _earlier(known: datetime | None, new: datetime) -> datetime:
    return new if known is None or new < known else known


def _seen(made: CallRecord, item: Item) -> CallRecord:
    try:
        direction = Direction(text(item.content, "direction"))
    except ValueError:
        direction = made.direction
    dialled = text(item.content, "dialled") or made.dialled
    return replace(made, direction=direction, dialled=dialled, seen_at=_earlier(made.seen_at, _at(item)))


def _number(made: CallRecord, item: Item) -> CallRecord:
    try:
        presentation = Presentation(text(item.content, "presentation"))
    except ValueError:
        return made
    return replace(made, presentation=presentation, e164=text(item.content, "e164"))


def _queued(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, queue=text(item.content, "queue"), offered_at=_earlier(made.offered_at, _at(item)))


def _offered(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, offered_at=_earlier(made.offered_at, _at(item)))


def _answered(made: CallRecord, item: Item) -> CallRecord:
    extension = text(item.content, "extension")
    if extension == "outside" and made.direction is Direction.INBOUND:
        return made
    by = made.answered_by if extension in made.answered_by else (*made.answered_by, extension)
    return replace(made, answered_at=_earlier(made.answered_at, _at(item)), answered_by=by)


def _ended(made: CallRecord, item: Item) -> CallRecord:
    try:
        outcome = CallOutcome(text(item.content, "outcome"))
    except ValueError:
        outcome = CallOutcome.UNKNOWN
    return replace(made, ended_at=_earlier(made.ended_at, _at(item)), outcome=outcome)


def _alias(made: CallRecord, item: Item) -> CallRecord:
    other = identity(item.content, "other")
    return made if other is None else replace(made, aliases=made.aliases | {other})


def _claimed(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, claimed_by=item.author)


def _emergency(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, emergency=True)


_Step = Callable[[CallRecord, Item], CallRecord]
_STEPS: Mapping[Kind, _Step] = {
    Kind.CALL_SEEN: _seen,
    Kind.CALL_NUMBER: _number,
    Kind.CALL_QUEUED: _queued,
    Kind.CALL_OFFERED: _offered,
    Kind.CALL_ANSWERED: _answered,
    Kind.CALL_ENDED: _ended,
    Kind.CALL_ALIAS: _alias,
    Kind.CALL_CLAIMED: _claimed,
    Kind.CALL_EMERGENCY: _emergency,
}


def without_aliases(calls: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
    """Return calls with those left out that turned out to be another one."""
    listed = tuple(calls)
    gone = frozenset(alias for call in listed for alias in call.aliases)
    return tuple(call for call in listed if call.id not in gone)

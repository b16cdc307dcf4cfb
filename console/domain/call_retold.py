"""The record's facts of calls, told again as events of a switchboard: for a console that hears none (decision 0042).

The inverse of :mod:`console.services.call_facts`.  Our own ids stand in the place of the provider's, and a telephone
has one leg at a time: the record does not keep the provider's legs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    CallsMerged,
    EmergencyDialled,
    HoldChanged,
    LegEnd,
    LegEnded,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.calls import CallOutcome, Direction, Presentation, TransferKind
from console.domain.items import Item
from console.domain.reading import choice, flag, identity, moment, text
from console.domain.record import Kind


@dataclass(slots=True)
class _Leg:
    """One telephone's part in a call: how often it came into it, and how many of its rings are under way."""

    number: int = 1
    open: int = 0

    def name(self, extension: str) -> str:
        return f"{extension}.{self.number}"


class Retelling:
    """Tells each fact once, in the order in which they happened; remembers which telephones of a call have left."""

    def __init__(self) -> None:
        self._told: dict[UUID, set[UUID]] = {}
        self._whole: set[UUID] = set()
        self._gone: set[UUID] = set()
        self._legs: dict[tuple[UUID, str], _Leg] = {}
        self._set_down: dict[UUID, datetime] = {}
        """When it was last heard of a call that it was parked, fetched or answered."""

    def events(self, items: Iterable[Item]) -> list[CallEvent]:
        """Return what the items of one call say that was not told yet; what cannot be read says nothing.

        Where somebody saw how a call began, what late comers say of that is left out.  All else they say is told: they
        say it only where nobody has who saw the call whole, who may be gone.
        """
        made: list[CallEvent] = []
        for item in sorted((one for one in items if one.kind in _TELLS and one.readable), key=_when):
            call = item.stream.id
            told = self._told.setdefault(call, set())
            if item.id in told:
                continue
            told.add(item.id)
            late = flag(item.content, "late")
            if item.kind is Kind.CALL_SEEN and not late:
                self._whole.add(call)
            if not late or item.kind not in _BEGINNING or call not in self._whole:
                made += _TELLS[item.kind](self, item, str(call), _when(item)[0])
        return made

    def forget(self, call: UUID) -> None:
        """Let go of a call that ended long ago."""
        self._told.pop(call, None)
        self._whole.discard(call)
        self._gone.discard(call)
        self._set_down.pop(call, None)
        self._legs = {key: leg for key, leg in self._legs.items() if key[0] != call}

    def merged(self, other: UUID) -> None:
        """Take a call for one that is another's alias: nothing that is found out of it later is about a call."""
        self._gone.add(other)

    def is_alias(self, call: UUID) -> bool:
        """Say whether a call turned out to be another one."""
        return call in self._gone

    def newest(self, call: UUID, at: datetime) -> bool:
        """Say whether nothing was told that happened later to where the caller is; ``at`` is the latest from now on."""
        before = self._set_down.get(call, at)
        self._set_down[call] = max(before, at)
        return at >= before

    def leg(self, item: Item, *, more: int = 0) -> _Leg:
        """Return the leg of a telephone in a call, of which ``more`` or fewer rings are under way now."""
        leg = self._legs.setdefault((item.stream.id, text(item.content, "extension")), _Leg())
        leg.open += more
        return leg


def _when(item: Item) -> tuple[datetime, int]:
    """Return when a fact was, and its place among those of the same moment: that in which they were written down."""
    return moment(item.content, "at") or item.made_at, item.seq


def _seen(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    direction = choice(item.content, "direction", Direction.INBOUND)
    assumed = flag(item.content, "assumed")
    return [CallBegan(call, at, direction, text(item.content, "dialled"), assumed=assumed)]


def _placed(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    direction = choice(item.content, "direction", Direction.OUTBOUND)
    return [CallBegan(call, at, direction, text(item.content, "dialled"), text(item.content, "extension"))]


def _number(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    body = item.content
    presentation = choice(body, "presentation", Presentation.UNKNOWN)
    shown = text(body, "number") or text(body, "e164")
    name, diverted = text(body, "name"), text(body, "diverted_from")
    return [NumberLearned(call, at, shown, name, presentation, settled=True, diverted_from=diverted)]


def _queued(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    return [QueueJoined(call, at, text(item.content, "queue"))]


def _offered(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    extension = text(item.content, "extension")
    return [Alerting(call, at, told.leg(item, more=1).name(extension), extension)]


def _answered(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    extension = text(item.content, "extension")
    told.newest(item.stream.id, at)
    return [Answered(call, at, told.leg(item).name(extension), extension)]


def _leg_ended(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    """The last of the rings that one telephone had is over; one that rings in two ways is in the call till then."""
    extension, leg = text(item.content, "extension"), told.leg(item, more=-1)
    if leg.open > 0:
        return []
    name = leg.name(extension)
    leg.number, leg.open = leg.number + 1, 0
    return [LegEnded(call, at, name, extension, choice(item.content, "reason", LegEnd.UNKNOWN))]


def _held(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    return [HoldChanged(call, at, text(item.content, "extension"), flag(item.content, "held"))]


def _joined(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    return [PartyJoined(call, at, text(item.content, "extension"))]


def _left(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    return [PartyLeft(call, at, text(item.content, "extension"))]


def _supervised(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    """Whoever is heard is told, here as at a desk that hears the switchboard; in which manner, its own entry says."""
    event = SupervisionBegan if flag(item.content, "on") else SupervisionEnded
    return [event(call, at, text(item.content, "extension"))]


def _parked(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    """Late comers tell of a caller's place when they have waited, who may be fetched by then: that is nothing new."""
    if not told.newest(item.stream.id, at):
        return []
    body = item.content
    return [Parked(call, at, flag(body, "parked"), text(body, "place"), moment(body, "stamp"))]


def _transferred(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    kind = choice(item.content, "kind", TransferKind.REDIRECT)
    giver, taker = (text(item.content, side) or None for side in ("giver", "taker"))
    return [Transferred(call, at, kind, giver, taker)]


def _alias(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    other = identity(item.content, "other")
    if other is None:
        return []
    told.merged(other)
    return [CallsMerged(call, at, str(other))]


def _emergency(_: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    return [EmergencyDialled(call, at, text(item.content, "number"), text(item.content, "extension"))]


def _ended(told: Retelling, item: Item, call: str, at: datetime) -> list[CallEvent]:
    """A witness, which reads no words, may find that an alias was gone; whom it became part of talks on."""
    if told.is_alias(item.stream.id) and flag(item.content, "late"):
        return []
    outcome = choice(item.content, "outcome", CallOutcome.UNKNOWN)
    return [CallEnded(call, at, outcome, text(item.content, "ended_by") or "unknown")]


_BEGINNING = frozenset({Kind.CALL_SEEN, Kind.CALL_PLACED, Kind.CALL_NUMBER, Kind.CALL_QUEUED})
"""What a late comer knows from a list, and whoever was there knew from the first."""
_TELLS: Mapping[Kind, Callable[[Retelling, Item, str, datetime], list[CallEvent]]] = {
    Kind.CALL_SEEN: _seen,
    Kind.CALL_PLACED: _placed,
    Kind.CALL_NUMBER: _number,
    Kind.CALL_QUEUED: _queued,
    Kind.CALL_OFFERED: _offered,
    Kind.CALL_ANSWERED: _answered,
    Kind.CALL_LEG_ENDED: _leg_ended,
    Kind.CALL_HELD: _held,
    Kind.CALL_JOINED: _joined,
    Kind.CALL_LEFT: _left,
    Kind.CALL_SUPERVISED: _supervised,
    Kind.CALL_PARKED: _parked,
    Kind.CALL_TRANSFERRED: _transferred,
    Kind.CALL_ALIAS: _alias,
    Kind.CALL_EMERGENCY: _emergency,
    Kind.CALL_ENDED: _ended,
}
BY_SWITCHBOARD = frozenset(_TELLS)
"""What a switchboard tells; all else in a call's stream people say, also long after it."""

"""The neutral call, as every screen sees it (telephony.md 3.1).

Adapters send :mod:`console.domain.call_events`; :mod:`console.domain.call_reducer` folds them
into these frozen values.  Nothing here knows a switchboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Direction(StrEnum):
    """domain.md 8.1."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class CallState(StrEnum):
    """Derived from legs and bridges, never sent by a switchboard."""

    QUEUED = "queued"
    ALERTING = "alerting"
    CONNECTED = "connected"
    HELD = "held"
    CONFERENCE = "conference"
    PARKED = "parked"
    ENDED = "ended"


class Presentation(StrEnum):
    """Whether the number may be shown: four states, none of them a guess (telephony.md 4.2)."""

    ALLOWED = "allowed"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


class Unmarked(StrEnum):
    """What to do with a number whose presentation the switchboard will not tell: a setting of each switchboard."""

    SHOW = "show"
    HIDE = "hide"


class Hold(StrEnum):
    """Three-valued: no snapshot of Asterisk tells of a hold."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How far the state may be trusted."""

    LIVE = "live"
    ASSUMED = "assumed"
    STALE = "stale"


class CallOutcome(StrEnum):
    """How a human call ended (telephony.md 3.5)."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    BUSY = "busy"
    FAILED = "failed"
    QUEUE_TIMEOUT = "queue_timeout"
    UNKNOWN = "unknown"


class TransferKind(StrEnum):
    """How a caller changed hands."""

    BLIND = "blind"
    ATTENDED = "attended"
    REDIRECT = "redirect"
    PICKUP = "pickup"
    PARK = "park"


FETCHED = frozenset({TransferKind.PICKUP, TransferKind.PARK})
"""Changes of hands that the taker brings about: there is nobody who may fail to answer."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One change of hands: ``giver`` and ``taker`` are extensions, or None where not known."""

    kind: TransferKind
    giver: str | None
    taker: str | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A caller whom ``giver`` gave to ``taker`` at ``at``, and whom nobody has had since.

    ``giver`` is an extension, empty where none is known; ``taker`` whatever was dialled, empty likewise.
    """

    giver: str
    taker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Supervised:
    """Somebody hears a call as its supervisor now; in which manner the switchboard does not tell."""

    extension: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A colleague whom somebody on the call asks while the caller waits; ``answered``: they speak by now."""

    extension: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who rings, as far as the switchboard says it.

    ``number`` is as sent and empty unless ``presentation`` is allowed or unknown: a withheld
    number is dropped at the adapter and never enters this value.  ``e164`` is empty where the
    number cannot be one.  ``settled`` is False until the switchboard has been asked for the
    presentation (shown as "number not yet known").
    """

    number: str = ""
    e164: str = ""
    name: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    diverted_from: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One human call: a caller's whole visit, however many channels and merged ids it took.

    ``id`` is ours (deterministic from the switchboard and the provider's first id).  Extensions
    are strings such as ``"1001"``.  All times are UTC from the switchboard where it gives them,
    else of arrival.
    """

    id: UUID
    direction: Direction
    state: CallState
    caller: Caller
    dialled: str = ""
    queue: str = ""
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    alerting: frozenset[str] = frozenset()
    talking: frozenset[str] = frozenset()
    rang: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    supervised_by: tuple[str, ...] = ()
    """Every extension that ever heard it as a supervisor."""
    supervisors: tuple[Supervised, ...] = ()
    """Those who hear it now."""
    transfers: tuple[Transfer, ...] = ()
    hold: Hold = Hold.NO
    holds: int = 0
    held_since: datetime | None = None
    alone_since: datetime | None = None
    """Since when nobody has a caller whom somebody had before; None while somebody has them, and from the first on."""
    handed: Handed | None = None
    """Their newest change of hands, until somebody has the caller: of a call that is over, nobody had them any more."""
    asked: Asked | None = None
    """Whom the worker asks while the caller waits: a part of this call, and no call of its own."""
    parked_at: str = ""
    """Where a parked caller is, as the switchboard says it; empty where it names no place."""
    parked_since: datetime | None = None
    outcome: CallOutcome | None = None
    ended_by: str = ""
    certainty: Certainty = Certainty.LIVE
    last_news: datetime | None = None
    emergency: str = ""
    last_withdrawal: str = ""
    """Why the newest alerting leg stopped: ``answered elsewhere``, ``rejected``, ``no answer``, or empty."""

    @property
    def live(self) -> bool:
        """Say whether anybody is still on it or waiting in it."""
        return self.state is not CallState.ENDED

    @property
    def waits_since(self) -> datetime | None:
        """Return since when the caller waits to be answered: for whoever was given to somebody, since they were."""
        return self.alone_since or self.offered_at

    def placed_by(self, extension: str) -> bool:
        """Say whether this telephone of ours rang somebody."""
        return self.direction is not Direction.INBOUND and bool(extension) and self.caller.number == extension

    def waiting(self) -> bool:
        """Say whether a caller from outside waits and nobody has taken the call yet."""
        return self.state in (CallState.QUEUED, CallState.ALERTING) and self.direction is Direction.INBOUND


def is_asked(call: Call, extension: str) -> bool:
    """Say whether this telephone of ours is asked about a caller whom somebody else has, and who waits meanwhile."""
    return call.asked is not None and bool(extension) and call.asked.extension == extension


def asker(call: Call) -> str:
    """Return the telephone of ours that has the caller while a colleague is asked; empty where none is known."""
    asked = call.asked.extension if call.asked is not None else ""
    placed = () if call.direction is Direction.INBOUND else (call.caller.number,)
    had = (*placed, *reversed(call.answered_by))
    return next((one for one in had if one in call.talking and one != asked), "")


def engaged(calls: Iterable[Call]) -> frozenset[str]:
    """Return the telephones that can take no caller now: on which somebody talks, or answers a colleague's question."""
    live = tuple(call for call in calls if call.live)
    asked = (call.asked.extension for call in live if call.asked is not None and call.asked.answered)
    return frozenset(asked).union(*(call.talking for call in live))


def gave_away(call: Call, extension: str) -> bool:
    """Say whether this telephone of ours gave the caller to somebody who has not had them since."""
    return call.handed is not None and bool(extension) and call.handed.giver == extension

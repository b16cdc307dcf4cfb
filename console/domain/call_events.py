"""Facts that a telephony adapter reports, in the words of no particular switchboard.

A fact is what one message of the switchboard said, once: applying it twice changes nothing.
``call`` is the provider's own id for the call at that moment (Asterisk: the Linkedid); the
reducer keeps the table from provider ids to our calls, because those ids merge and are used
again after a restart (telephony.md 3.1).  ``at`` is the switchboard's own time in UTC, or the
time of arrival where it sends none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.calls import CallOutcome, Direction, Presentation, TransferKind


class LegEnd(StrEnum):
    """Why one telephone's leg ended."""

    HUNG_UP = "hung up"
    ANSWERED_ELSEWHERE = "answered elsewhere"
    REJECTED = "rejected"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    FAILED = "failed"
    CALLER_GONE = "caller gone"
    UNKNOWN = "unknown"


class LinkState(StrEnum):
    """The connection to the switchboard."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CallBegan:
    """A caller's visit began, or a call was placed from a telephone of ours.

    ``assumed`` is True where no switchboard tells of the call, only a program that may fall silent.
    """

    call: str
    at: datetime
    direction: Direction
    dialled: str = ""
    placed_by: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class NumberLearned:
    """Number and name with their presentation.

    ``number`` is already empty when ``presentation`` is withheld or unavailable.  ``settled`` is
    False while the switchboard has not been asked, or has not answered, about the presentation.
    """

    call: str
    at: datetime
    number: str
    name: str
    presentation: Presentation
    settled: bool
    diverted_from: str = ""


@dataclass(frozen=True, slots=True)
class QueueJoined:
    """The caller waits in a queue; ``queue`` has no context suffix (``oohs``)."""

    call: str
    at: datetime
    queue: str


@dataclass(frozen=True, slots=True)
class QueueTimedOut:
    """The queue's own time limit ended the wait; the caller is still there."""

    call: str
    at: datetime
    queue: str


@dataclass(frozen=True, slots=True)
class Alerting:
    """A telephone began to ring."""

    call: str
    at: datetime
    leg: str
    extension: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A telephone took the call; ``extension`` is ``outside`` for an outbound party."""

    call: str
    at: datetime
    leg: str
    extension: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """A telephone is out of the call, rung or spoken."""

    call: str
    at: datetime
    leg: str
    extension: str
    reason: LegEnd


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """A telephone put the other side on hold, or took it back.

    Here and in the other :data:`REPEATABLE` facts, which may happen twice to one call, ``stamped`` is False where
    ``at`` is not the switchboard's own time: two consoles know two.
    """

    call: str
    at: datetime
    extension: str
    held: bool
    stamped: bool = True


@dataclass(frozen=True, slots=True)
class PartyJoined:
    """Somebody joined while another stays (conference, barge); ``extension`` of ours."""

    call: str
    at: datetime
    extension: str
    stamped: bool = True


@dataclass(frozen=True, slots=True)
class PartyLeft:
    """Somebody left while the call goes on."""

    call: str
    at: datetime
    extension: str
    stamped: bool = True


@dataclass(frozen=True, slots=True)
class SupervisionBegan:
    """Somebody listens to, whispers into or joins the call as its supervisor."""

    call: str
    at: datetime
    extension: str
    stamped: bool = True


@dataclass(frozen=True, slots=True)
class SupervisionEnded:
    """Somebody who heard the call as its supervisor hears it no more."""

    call: str
    at: datetime
    extension: str
    stamped: bool = True


@dataclass(frozen=True, slots=True)
class Transferred:
    """The caller changed hands; either side may be unknown (None).

    Once the taker has the caller, an :class:`Answered` of theirs follows: that opens the record at their desk.
    """

    call: str
    at: datetime
    kind: TransferKind
    giver: str | None
    taker: str | None


@dataclass(frozen=True, slots=True)
class Parked:
    """The caller was parked (True) or fetched back (False); ``place`` is where, where the switchboard names one.

    ``stamp`` is the switchboard's own time of it, as it wrote it, which tells one parking from the next also to those
    whose clock is another; None where it gave none.
    """

    call: str
    at: datetime
    parked: bool
    place: str = ""
    stamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallsMerged:
    """Two provider ids are one human call; ``call`` survives, ``other`` becomes its alias."""

    call: str
    at: datetime
    other: str


@dataclass(frozen=True, slots=True)
class EmergencyDialled:
    """A telephone of ours dialled an emergency number (``999``)."""

    call: str
    at: datetime
    number: str
    extension: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The human call is over.  ``ended_by``: ``caller``, an extension, ``system`` or ``unknown``."""

    call: str
    at: datetime
    outcome: CallOutcome
    ended_by: str


@dataclass(frozen=True, slots=True)
class AgentPaused:
    """The switchboard says an extension takes queue calls (False) or does not (True)."""

    at: datetime
    extension: str
    queue: str
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection itself; ``sentence`` says what happened, what is safe and what to do."""

    at: datetime
    state: LinkState
    sentence: str = ""
    boot: str = ""
    """Identity of the switchboard's present run; another value voids all old provider ids."""
    foreign: bool = False
    """True where the other side does not speak this switchboard's language, or another version."""
    only_watched: bool = False
    """True where its calls are put together from signs, such as a lamp on a telephone: each of them is assumed."""


@dataclass(frozen=True, slots=True)
class SnapshotTaken:
    """After connecting: the provider ids of every call alive now.

    Calls we know and that are not in it ended while nobody looked.  Facts about those that are
    in it follow as ordinary events, marked by ``joined_late`` so that nothing old pops loudly.
    """

    at: datetime
    calls: frozenset[str]
    joined_late: frozenset[str] = frozenset()
    beginning: frozenset[str] = frozenset()
    """Provider ids of what was there and had not shown yet what it is; it may become a call, of which the first
    moment was missed."""
    listed: frozenset[str] | None = None
    """Every provider id, also of channels that are no calls of their own, in a list of all that the switchboard has;
    None where it was no such list.  A call of the record's that is nowhere in it is over."""
    tells_hearers: bool = True
    """Who hears a call as its supervisor follows, and nobody else does; False: what was told of that before stands."""


CallEvent = (
    CallBegan
    | NumberLearned
    | QueueJoined
    | QueueTimedOut
    | Alerting
    | Answered
    | LegEnded
    | HoldChanged
    | PartyJoined
    | PartyLeft
    | SupervisionBegan
    | SupervisionEnded
    | Transferred
    | Parked
    | CallsMerged
    | EmergencyDialled
    | CallEnded
    | AgentPaused
    | LinkChanged
    | SnapshotTaken
)
"""Everything an adapter may report."""
REPEATABLE = (HoldChanged, PartyJoined, PartyLeft, SupervisionBegan, SupervisionEnded)
"""Facts that may happen twice to one call, so that the time is a part of which one it is."""

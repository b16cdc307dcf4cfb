"""Port of the shared database: the doors ``append``, ``bodies``, ``look`` and ``open``.

Every method may block up to its deadline (3 s) and runs on a writer or reader, never on the
services' thread.  A database that cannot be reached raises :class:`StoreAway`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import Cursor, Entry, Envelope, Identity, SeenMark, Stored, StreamKind, StreamRef
from console.domain.replay_material import Material
from console.domain.rota import Duty
from console.domain.text import NightdeskError


class StoreAway(NightdeskError):
    """The shared record cannot be reached now; what was to be written waits in the journal."""


class WrongSchema(NightdeskError):
    """The database is newer or older than this program; nothing was written."""


class OtherHistory(NightdeskError):
    """The record went back, or is another one, and the writer does not know it yet; nothing was written."""

    def __init__(self) -> None:
        """Say it in the one sentence there is for it."""
        super().__init__("The shared record went back to an older state.  What was to be written waits its turn.")


class NoTicket(NightdeskError):
    """A record or a list was asked for without a committed ticket."""


class Verdict(StrEnum):
    """What ``append`` did with one entry."""

    STORED = "stored"
    ALREADY = "already"
    DIFFERS = "differs"
    MOVED = "moved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one entry, in the order given.

    ``seq``, ``stored_at`` and ``digest`` are set for stored and already.  ``moved``: ``head`` is
    the slot's present head, ``won_by`` its author, ``won_at`` when.  ``differs``: the same id was
    stored before with other bytes; both are kept, the second as a disputed entry.
    ``refused``: ``reason`` is a sentence.
    """

    id: UUID
    verdict: Verdict
    seq: int = 0
    stored_at: datetime | None = None
    digest: str = ""
    head: UUID | None = None
    won_by: str = ""
    won_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Head, time and schema of the shared database, and whether our history is still its history.

    ``rewind_to`` is None when the cursor is right; else the newest seq at which both agree
    (architecture.md 4: drop what came after, offer own entries again, read on).  ``held`` says why
    nobody can write now though reading goes on, and is empty where writing is possible.
    """

    head: Cursor
    server_time: datetime
    schema: int
    rewind_to: int | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A question for candidates: a number, or words, a birth date, a reference.

    ``call`` is the ringing or own call, or None for a search, which needs a ``reason``.
    """

    reason: str
    call: UUID | None = None
    e164: str = ""
    words: str = ""
    born: date | None = None
    reference: str = ""
    limit: int = 12


@dataclass(frozen=True, slots=True)
class Ticket:
    """Proof that the audit row was committed; good once, by the same worker, for two minutes."""

    id: UUID
    action: str


@dataclass(frozen=True, slots=True)
class Card:
    """What lists may show of a stream: a whitelisted fold, for display only.

    ``line`` is one short line ("Crisis team informed"); ``details`` holds only whitelisted keys:
    ref, type, rank, authority, service, outcome, state, owner, lead, received, call (its id),
    coordinator, paired (since when), rationale (yes or no), telling (marks of what agencies must know).
    """

    stream: StreamRef
    line: str
    reducers: int
    details: Mapping[str, str] = field(default_factory=dict)
    upto: int = 0
    stale: bool = False
    opened_at: datetime | None = None
    closed_at: datetime | None = None


class CardOrder(StrEnum):
    """Which cards a list wants."""

    OPEN = "open"
    OF_PERSON = "of person"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class CardQuery:
    """A list of cards, newest first."""

    order: CardOrder
    kinds: frozenset[StreamKind] = frozenset({StreamKind.CONTACT, StreamKind.INCIDENT})
    person: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `db verify` found: ``first_bad`` is 0 when the whole chain is honest."""

    entries: int
    accesses: int
    head: Cursor
    first_bad: int = 0
    what: str = ""
    where: str = "entry"


class Store(Protocol):
    """The shared record.  One contract suite runs over every implementation."""

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        """Write entries in one transaction, each accepted or refused by itself; safe to repeat.

        ``after`` is the newest place that the writer knows: where it is not on this history nothing is
        written and :class:`OtherHistory` is raised, so that nothing new goes in before what was lost.
        ``cards`` are display folds that the writer has; they change nothing in the log.
        """

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        """Return envelopes with seq greater than ``after``, in order."""

    def bodies(self, who: Identity, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Return the bodies that ``who`` may read; the others are simply absent."""

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return envelopes after ``after`` with the bodies ``who`` may read."""

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        """Return one whole stream, in order, with the bodies ``who`` may read."""

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        """Return streams of these kinds that are not closed, oldest first."""

    def seq_at(self, moment: datetime) -> int:
        """Return the last seq stored before ``moment`` (0 when none): where a night's reading starts."""

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        """Return head, server time, schema, and whether ``cursor`` lies on this history."""

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        """Move this worker's cursors on; they never move back, and none moves beyond the head."""

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        """Return every worker's cursor on these streams."""

    def ask_look(self, who: Identity, question: Look) -> Ticket:
        """Commit the audit row ``listed`` and return the ticket for :meth:`look`."""

    def look(self, who: Identity, ticket: Ticket) -> Candidates:
        """Return candidates; raises :class:`NoTicket` unless the ticket was committed before."""

    def ask_open(self, who: Identity, person: UUID, reason: str, call: UUID | None = None) -> Ticket:
        """Commit the audit row ``opened`` and return the ticket for :meth:`open`."""

    def open(self, who: Identity, ticket: Ticket) -> PersonRecord:
        """Return one person's record; raises :class:`NoTicket` unless the ticket was committed before."""

    def ask_replay(self, who: Identity, incident: UUID, reason: str) -> Ticket:
        """Commit the audit row ``replayed`` and return the ticket for :meth:`replay`.

        Raises :class:`NoTicket` where the role may not replay (``rights.REPLAYERS``), no reason is given, or no such
        incident is in the record.
        """

    def replay(self, who: Identity, ticket: Ticket) -> Material:
        """Return everything of an incident; raises :class:`NoTicket` unless the ticket was committed before.

        Words of restricted streams, and of cases about somebody whose record is restricted, are left out.
        """

    def cards(self, who: Identity, query: CardQuery) -> tuple[Card, ...]:
        """Return whitelisted cards for a list."""

    def agencies(self, who: Identity) -> tuple[Agency, ...]:
        """Return the directory of agencies, by name, each with the newest word of a worker on its number.

        The words are of the shift: to a role that works none the directory is as it was imported.
        """

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        """Return who is on the rota at some time between the two, in the order they begin."""

    def verify(self) -> VerifyReport:
        """Recompute both chains and return what was found."""

    def close(self) -> None:
        """Let go of connections; harmless twice."""

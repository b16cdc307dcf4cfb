"""The record: one append-only log of entries, and everything else is a fold of it.

An entry has an envelope (ids, kinds, times: no words) that every service role may read, and a
body (the words) that is read through a door by the class of its stream (architecture.md 2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from console.domain.encoding import decode_body as decode_body
from console.domain.encoding import encode_body as encode_body
from console.domain.encoding import from_iso as from_iso
from console.domain.encoding import from_micros as from_micros
from console.domain.encoding import iso as iso
from console.domain.encoding import micros as micros
from console.domain.roles import MANAGERS as MANAGERS
from console.domain.roles import SHIFT_ROLES as SHIFT_ROLES
from console.domain.roles import Role as Role
from console.domain.roles import read_role as read_role
from console.domain.text import safe_line

SCHEMA_VERSION = 1
"""Version of the shared database this program writes; another one is refused in words."""
GENESIS = "0" * 64
"""Digest before the first entry."""
BODY_CAP = 200_000
"""Longest body kept, in characters of its JSON."""


class StreamKind(StrEnum):
    """What an entry is about."""

    CALL = "call"
    CONTACT = "contact"
    INCIDENT = "incident"
    HELP = "help"
    """One request for help; its id is the request's, its bodies name the incident."""
    SIGNALS = "signals"
    """Signals and one-line messages of one incident or contact; has that stream's id."""
    PERSON = "person"
    SHIFT = "shift"
    HANDOVER = "handover"
    VISIT = "visit"
    AGENCY = "agency"
    """What is learned at night of an agency of the directory; has its id."""
    UNKNOWN = "unknown"
    """A kind that only a newer version knows; never written, never shown (:class:`Envelope`)."""


class StreamClass(StrEnum):
    """Who reads bodies: every shift role; members or a ticket; only a break-glass ticket."""

    SHIFT = "shift"
    CASE = "case"
    RESTRICTED = "restricted"


SHIFT_CLASS_KINDS = frozenset(
    {StreamKind.CALL, StreamKind.SHIFT, StreamKind.HELP, StreamKind.SIGNALS, StreamKind.AGENCY}
)
"""Streams whose bodies every shift role reads; all others are ``case`` or stricter."""


class Kind(StrEnum):
    """What happened.  After each: the keys of its body.  ``at`` values are ISO times in UTC.

    Facts of calls have ids made from the fact (:func:`console.domain.ids.fact_id`); when a once-only
    fact happened is its envelope's ``made_at``, so that two consoles never differ over a body.
    """

    CALL_SEEN = "call.seen"  # provider_call, direction, dialled, assumed (where it is)
    CALL_NUMBER = "call.number"  # presentation, e164, number, name, diverted_from
    CALL_PLACED = "call.placed"  # direction, dialled, extension (which of our telephones rings somebody)
    CALL_QUEUED = "call.queued"  # queue
    CALL_OFFERED = "call.offered"  # extension
    CALL_ANSWERED = "call.answered"  # extension
    CALL_LEG_ENDED = "call.leg_ended"  # extension, reason
    CALL_HELD = "call.held"  # extension, held, at
    CALL_JOINED = "call.joined"  # extension, at
    CALL_LEFT = "call.left"  # extension, at
    CALL_SUPERVISED = "call.supervised"  # extension, on (False: hears it no more), at
    CALL_PARKED = "call.parked"  # parked (False: fetched), place, stamp (the switchboard's own time, where it gave one)
    CALL_TRANSFERRED = "call.transferred"  # kind, giver, taker
    CALL_ALIAS = "call.alias"  # other (call id)
    CALL_EMERGENCY = "call.emergency"  # number, extension
    CALL_ENDED = "call.ended"  # outcome, ended_by
    CALL_CLAIMED = "call.claimed"  # slot "claim"; extension, reason (of who takes it from somebody)
    CALL_CLAIM_KEPT = "call.claim_kept"  # of (the claim): its worker's console is still there
    CALL_UNCLAIMED = "call.unclaimed"  # slot "claim"; of (the claim): its worker does not have the call any more
    CALL_REVIEWED = "call.reviewed"  # slot "review"; what, words
    CALL_RING_BACK = "call.ring_back"  # slot "ring_back"; outcome (CLAIMED, or failed): of a caller without an incident
    CALL_SUPERVISION = "call.supervision"  # manner, extension, of (whose telephone), shown, reason: before it is asked

    CONTACT_OPENED = "contact.opened"  # ref, call (id or ""), channel, received, type
    CONTACT_NOTE = "contact.note"  # line (id), text, begun; the newest text of a line holds
    CONTACT_FIELD = "contact.field"  # slot "field:<name>"; field, value, source, settles (heads)
    CONTACT_PROMPT = "contact.prompt"  # slot "prompt:<key>"; key, asked
    CONTACT_SUBJECT_ADDED = "contact.subject_added"  # person, how; name, born, gender, reference as shown
    CONTACT_IDENTITY = "contact.identity"  # person, confirmed_by ("name", "born and postcode")
    CONTACT_WRONG_PERSON = "contact.wrong_person"  # person, reason, told (workers who relied on it)
    CONTACT_DECISION = "contact.decision"  # kind, decision, rationale, risks, strengths, consulted...
    CONTACT_HANDOVER = "contact.handover"  # slot "handover"; wanted, to
    CONTACT_KEPT = "contact.kept"  # put aside: on my unfinished list
    CONTACT_COMPLETED = "contact.completed"  # nothing missing
    CONTACT_TAKEN = "contact.taken"  # slot "owner"; worker, from; also when signing out
    CONTACT_CALL_ADDED = "contact.call_added"  # call
    CONTACT_RISK_ASKED = "contact.risk_asked"  # slot "risk_asked:<person>"; person, plan, call, risk (ids), answer

    INCIDENT_OPENED = "incident.opened"  # ref, contact, call, risk
    INCIDENT_LINKED = "incident.linked"  # stream ("contact:<id>" or "call:<id>")
    INCIDENT_JOINED = "incident.joined"  # worker, name, role, stays; slot "roles" for a seat, none for the first lead
    INCIDENT_LEFT = "incident.left"  # worker; slot "roles"; without it it ends no seat that was given by it
    INCIDENT_SWAPPED = "incident.swapped"  # slot "roles"; lead, coordinator
    INCIDENT_LOCATION = "incident.location"  # slot "where": they are there now; text (or reason), source, at, settles
    INCIDENT_FACT = "incident.fact"  # slot "fact:<key>"; key, text, source, label, settles
    INCIDENT_HAZARD = "incident.hazard"  # text, source; without text it takes back the one it corrects
    INCIDENT_HOOK = "incident.hook"  # slot "hook:<id>"; sort (HookSort), text, to, due, done; the whole of it each time
    INCIDENT_RING_BACK = "incident.ring_back"  # outcome (a claim: CLAIMED, slot "ring_back"), number, words, call
    INCIDENT_RISK = "incident.risk"  # slot "risk"; rank, words
    INCIDENT_NOTE = "incident.note"  # line, text, begun: a line on the shared timeline
    INCIDENT_STOOD_DOWN = "incident.stood_down"  # reason; slot "roles", exclusive; closes
    INCIDENT_DEBRIEF = "incident.debrief"  # worker, offered, accepted
    INCIDENT_RELAYED = "incident.relayed"  # slot "relayed:<request>:<item>"; to (request), item, text

    SUMMONS_SENT = "signals.summons"  # contact, call, line, type, rank, asked_by, name; for, for_name, by, by_name
    SUMMONS_ACCEPTED = "signals.accepted"  # slot "summons:<entry id>"; worker, name, incident
    SIGNAL_SENT = "signals.sent"  # signal (key), to (worker); words, reach, lasts: where the key is not known
    SIGNAL_ANSWERED = "signals.answered"  # of (entry id), text
    MESSAGE_SENT = "signals.message"  # line (id), text, to (worker)

    HELP_DRAFTED = "help.drafted"  # incident, contact, kind, agency, number, rank, words, rcrp_ground, evidence, owner
    HELP_CHANGED = "help.changed"  # slot "state"; state, reference, name, grade, minutes, text, place, knew, signed
    HELP_TAKEN = "help.taken"  # slot "owner"; worker, name, from
    HELP_UPDATED = "help.updated"  # text: passed on or received; alternative: done instead; rang: what came of a call
    HELP_TOLD = "help.told"  # caller told that nobody is coming
    HELP_PASSED = "help.passed"  # entries (changes of fact told to the agency), to, risk; no words of theirs
    HELP_CHASED = "help.chased"  # asked again: name (who answered), text, chase_at (when to ask next)

    PERSON_CREATED = "person.created"  # family, given, born, claimed_age, gender, address, e164, ref
    PERSON_LINE = "person.line"  # e164, confirmed: this number is theirs, as at the entry's time
    PERSON_RESTRICTED = "person.restricted"  # reason
    PERSON_PLAN = "person.plan"  # slot "plan"; helps, hinders, limits, owner, review_on, agreed_by; the whole each time
    PERSON_PLAN_REVIEWED = "person.plan_reviewed"  # slot "plan"; review_on (the next), words
    PERSON_PLAN_ENDED = "person.plan_ended"  # slot "plan"; words (why)

    SHIFT_SIGNED_IN = "shift.signed_in"  # slot "extension:<n>"; worker, name, role, extension, station
    SHIFT_SIGNED_OUT = "shift.signed_out"  # slot "extension:<n>"; worker, taker
    SHIFT_STATE = "shift.state"  # slot "worker:<id>"; worker, state (WorkerState), reason, until, can_come
    SHIFT_UNSENT = "shift.unsent"  # slot "station:<name>"; station, count
    SHIFT_WATCH = "shift.watch"  # slot "watch:<station>"; station, state (WatchState), switchboard; acts it carries out
    SHIFT_ASKED = "shift.asked"  # slot "ask:<id>", exclusive; act, extension, call, target, reason; withdrawn
    SHIFT_ASK_ANSWERED = "shift.ask_answered"  # slot "ask:<id>", exclusive to take it; state (AskState), sentence
    SHIFT_ALERT = "shift.alert"  # words: something every screen counts
    SHIFT_CALL_OUT = "shift.call_out"  # slot "call_out"; state, why, about (id), of (the first of it), name
    SHIFT_QUEUE = "shift.queue"  # slot "queue"; held, reason
    SHIFT_QUEUE_FREED = "shift.queue_freed"  # slot "queue"; reason: let go by whoever is there, no manager being
    SHIFT_RELIEF = "shift.relief"  # slot "relief:<worker>"; worker, about (id), over (at), answer; no words

    AGENCY_CHECKED = "agency.checked"  # slot "check"; number, good (it answered as theirs), words, name of who says so

    SEEN_OUTSIDE = "system.disputed"  # same id, other bytes: id, kept for a person to look at
    ACCESS_OFFLINE = "access.offline"  # person, reason, at: opened from the cache, replayed first
    UNKNOWN = "system.unknown"  # what only a newer version knows: never written, its words never read


@dataclass(frozen=True, slots=True, order=True)
class StreamRef:
    """A stream: its kind and id, written ``contact:0192...``."""

    kind: StreamKind
    id: UUID

    def __str__(self) -> str:
        """Return the written form, as stored."""
        return f"{self.kind.value}:{self.id}"

    @staticmethod
    @lru_cache(maxsize=2048)
    def parse(text: str) -> StreamRef:
        """Read the written form; raises ValueError on anything else, and on a kind that is unknown here.

        One for all entries of a stream: a console keeps a night of them.
        """
        kind, _, identity = text.partition(":")
        if kind == StreamKind.UNKNOWN.value:
            message = f"{kind} is no kind of stream"
            raise ValueError(message)
        return StreamRef(StreamKind(kind), UUID(identity))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acts: a worker in a role at a station.  ``worker`` is a stable key such as ``priya.raman``."""

    worker: str
    name: str
    role: Role
    station: str


def worker_key(name: str) -> str:
    """Return the key of a worker by the name they are called: ``priya.raman`` for Priya Raman; empty where none is."""
    return ".".join("".join(c for c in part if c.isalnum()) for part in safe_line(name).casefold().split())


@dataclass(frozen=True, slots=True)
class Expects:
    """An exclusive act: the slot's head it was decided on (None: nobody yet)."""

    head: UUID | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as its author wrote it; not yet (or already) in the shared record.

    ``slot`` names the register of the stream that this entry writes (a field, an owner, a role);
    ``replaces`` is the slot's head that the author saw when typing over it; ``expects`` makes
    the act exclusive: the store refuses it when the slot's head has moved.
    ``body`` is the author's exact JSON text (:func:`encode_body`).
    """

    id: UUID
    stream: StreamRef
    kind: Kind
    author: str
    role: Role
    station: str
    made_at: datetime
    body: str
    slot: str = ""
    expects: Expects | None = None
    replaces: UUID | None = None
    corrects: UUID | None = None
    on_behalf_of: str = ""

    @property
    def body_sha256(self) -> str:
        """Return the digest of the body's bytes, in hex."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def written(self) -> tuple[str, str]:
        """Return stream and kind as they stand in the record."""
        return str(self.stream), self.kind.value

    def content(self) -> Mapping[str, Any]:
        """Return the body as a mapping."""
        return decode_body(self.body)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the shared record says of an entry to everybody: no words.

    An entry that only a newer version knows has the kind ``UNKNOWN`` (its stream too, where that is of a new kind),
    and in ``newer`` what stands in the record: it holds its place in the chain, and no fold takes it for another.
    """

    id: UUID
    stream: StreamRef
    kind: Kind
    author: str
    role: Role
    station: str
    made_at: datetime
    slot: str
    expects: Expects | None
    replaces: UUID | None
    corrects: UUID | None
    on_behalf_of: str
    seq: int
    stored_at: datetime
    body_sha256: str
    digest: str
    newer: tuple[str, str] | None = None
    """Stream (``call:0192...``) and kind as they are written, where one of them is unknown here."""

    @property
    def is_unknown(self) -> bool:
        """Say whether only a newer version knows what this entry says."""
        return self.newer is not None

    @property
    def written(self) -> tuple[str, str]:
        """Return stream and kind as they stand in the record."""
        return self.newer or (str(self.stream), self.kind.value)

    @property
    def writer(self) -> str:
        """Return whose words they are, also where a colleague delivered them."""
        return self.on_behalf_of or self.author


@dataclass(frozen=True, slots=True)
class Stored:
    """An envelope with its body, or None where this worker may not read it (or it was erased)."""

    envelope: Envelope
    body: str | None

    def content(self) -> Mapping[str, Any]:
        """Return the body as a mapping; empty where it may not be read."""
        return decode_body(self.body) if self.body is not None else {}


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a console has read, and the digest it saw there: the pair proves one history."""

    seq: int
    digest: str


START = Cursor(0, GENESIS)


@dataclass(frozen=True, slots=True)
class SeenMark:
    """One worker has seen a stream up to ``seq``."""

    worker: str
    stream: StreamRef
    seq: int


def chain_digest(previous: str, seq: int, entry: Entry | Envelope, stored_at: datetime) -> str:
    """Return the digest that ties an entry to everything before it.

    Covers the body's digest, not the body: a body can be lawfully erased and the chain holds.
    Covers every column of the envelope, so that none can be altered unseen (decision 0002).
    """
    stream, kind = entry.written
    parts = (
        previous,
        str(seq),
        str(entry.id),
        stream,
        kind,
        entry.author,
        entry.role.value,
        str(micros(entry.made_at)),
        str(micros(stored_at)),
        entry.body_sha256,
        entry.station,
        entry.on_behalf_of,
        entry.slot,
        expects_text(entry.expects),
        str(entry.replaces or ""),
        str(entry.corrects or ""),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def expects_text(expects: Expects | None) -> str:
    """Return ``""`` for no expectation, ``none`` for "nobody yet", else the head's id."""
    if expects is None:
        return ""
    return str(expects.head) if expects.head is not None else "none"

"""``append``: the one way into the record, the same for every store.

:class:`Ledger` is what a store lends for the length of one transaction that nobody else writes
in; everything else (known ids, exclusive acts, rights, the chain, what a stream is) is here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from console.domain.ids import FACTS
from console.domain.incidents import PAIR, ROLES, IncidentRole
from console.domain.reading import identity, text
from console.domain.record import (
    BODY_CAP,
    Cursor,
    Entry,
    Envelope,
    Expects,
    Identity,
    Kind,
    StreamKind,
    chain_digest,
    expects_text,
    iso,
)
from console.domain.rights import decision_right, kind_right, refusal
from console.domain.streams import Step, StreamState, advance, begin, is_structural
from console.ports.store import Receipt, Verdict
from db.access import Asked, offline_opening
from db.reach import SUMMONS, Reach, opens_what_is_not_read, sits_there

LEARNED = frozenset({Kind.PERSON_CREATED, Kind.PERSON_LINE, Kind.PERSON_RESTRICTED})
"""Kinds that also change the plain tables of people, and are refused where they do not fit there."""
NOTED = frozenset({Kind.CALL_NUMBER})
"""Facts that the tables of people take up where they can; the fact stands in any case."""
_KINDS = frozenset(kind.value for kind in StreamKind)
SLOT_CAP = 120
NAME_CAP = 80


class Ledger(Reach, Protocol):
    """One store inside one write transaction."""

    def head(self) -> Cursor:
        """Return the newest seq and digest, with the store's write lock held."""

    def move_head(self, head: Cursor) -> None:
        """Write the newest seq and digest."""

    def insert(self, envelope: Envelope, body: str) -> None:
        """Store an envelope and its body, and make it its slot's head."""

    def put_state(self, before: StreamState | None, after: StreamState) -> None:
        """Write what a stream has become; sets are written only where they differ."""

    def learn(self, entry: Entry) -> bool:
        """Bring what an entry says of a person into the tables of people; False: it cannot be."""

    def write_access(self, asked: Asked, at: datetime) -> None:
        """Put a row on the access log."""


def append_entries(ledger: Ledger, who: Identity, entries: Sequence[Entry], now: datetime) -> tuple[Receipt, ...]:
    """Append ``entries`` in order, each accepted or refused by itself; the caller commits."""
    work = _Append(ledger, who, now)
    work.known.update(ledger.find([entry.id for entry in entries]))
    receipts = tuple(work.one(entry) for entry in entries)
    work.finish()
    return receipts


class _Append:
    def __init__(self, ledger: Ledger, who: Identity, now: datetime) -> None:
        self._ledger = ledger
        self._who = who
        self._now = now
        self._head = self._start = ledger.head()
        self.known: dict[UUID, Envelope] = {}

    def finish(self) -> None:
        if self._head != self._start:
            self._ledger.move_head(self._head)

    def one(self, entry: Entry) -> Receipt:
        known = self.known.get(entry.id)
        if known is not None and is_same(known, entry):
            return Receipt(entry.id, Verdict.ALREADY, known.seq, known.stored_at, known.digest)
        reason = why_not(self._who, entry)
        if reason:
            return Receipt(entry.id, Verdict.REFUSED, reason=reason)
        if known is not None:
            return self._differs(entry)
        return self._moved(entry) or self._store(entry)

    def _moved(self, entry: Entry) -> Receipt | None:
        if entry.expects is None:
            return None
        now = self._ledger.slot_head(entry.stream, entry.slot)
        if entry.expects.head == (now.head if now else None):
            return None
        if now is None:
            return Receipt(entry.id, Verdict.MOVED)
        return Receipt(entry.id, Verdict.MOVED, head=now.head, won_by=now.author, won_at=now.stored_at)

    def _store(self, entry: Entry) -> Receipt:
        if entry.kind is Kind.SHIFT_ASKED and not sits_there(self._ledger, entry):
            return Receipt(entry.id, Verdict.REFUSED, reason=NOT_THEIR_TELEPHONE)
        if opens_what_is_not_read(self._ledger, entry, self._now):
            return Receipt(entry.id, Verdict.REFUSED, reason=NOT_READ)
        if entry.kind in LEARNED | NOTED and not self._ledger.learn(entry) and entry.kind in LEARNED:
            return Receipt(entry.id, Verdict.REFUSED, reason=NOT_LEARNED)
        envelope = self._chain(entry)
        self._derive(envelope, entry)
        if entry.kind is Kind.ACCESS_OFFLINE:
            person = identity(entry.content(), "person")
            self._ledger.write_access(offline_opening(self._who, entry, person), self._now)
        return Receipt(entry.id, Verdict.STORED, envelope.seq, self._now, envelope.digest)

    def _chain(self, entry: Entry) -> Envelope:
        seq = self._head.seq + 1
        digest = chain_digest(self._head.digest, seq, entry, self._now)
        envelope = envelope_of(entry, seq, self._now, digest)
        self._ledger.insert(envelope, entry.body)
        self._head = Cursor(seq, digest)
        self.known[entry.id] = envelope
        return envelope

    def _derive(self, envelope: Envelope, entry: Entry) -> None:
        structural = is_structural(envelope.kind)
        before = self._ledger.state(envelope.stream, whole=structural)
        content = entry.content() if structural else {}
        step = Step(envelope.kind, envelope.writer, envelope.made_at, envelope.seq, content)
        self._ledger.put_state(before, advance(before or begin(envelope.stream, envelope.seq), step))

    def _differs(self, entry: Entry) -> Receipt:
        """Keep the second version beside the first, once however often it is offered."""
        disputed = disputed_entry(entry)
        if disputed.id not in self._ledger.find([disputed.id]) and disputed.id not in self.known:
            self._derive(self._chain(disputed), disputed)
        first = self.known[entry.id]
        return Receipt(entry.id, Verdict.DIFFERS, won_by=first.author, won_at=first.stored_at, reason=DIFFERS)


DIFFERS = (
    "Another entry was stored under this id before, with other words.  Both are kept; "
    "the second stands in the record as disputed, for a person to look at."
)
NOT_LEARNED = (
    "This could not be added to the people of the record, because something in it does not fit.  "
    "Your words are kept on this computer; correct it and record it again."
)
NOT_AUTHOR = (
    "An entry is delivered in the name of the worker who is signed in, and this one names another author.  "
    "It was not shared and is kept on this computer; deliver it on that worker's behalf."
)
TOO_LONG = "This entry is too long to be shared ({length} characters, at most {cap}).  It is kept on this computer."
NOT_READ = (
    "This would open a record to somebody, and whoever wrote it does not read that record.  It was not shared and is "
    "kept on this computer; ask whoever has the record, or the duty manager."
)
NOT_THEIRS = (
    "Only the worker who was offered a pause answers the offer.  This was not shared and is kept on this computer."
)
NOT_THEIR_TELEPHONE = (
    "A worker asks for their own telephone only, where they are signed in with it.  Nothing was asked and nothing was "
    "done; use the telephone itself."
)
NOT_SOUND = (
    "This entry is not written as Nightdesk writes entries, so it was not shared.  It is kept on this computer; "
    "the technician can see it there."
)


def is_same(known: Envelope, entry: Entry) -> bool:
    """Say whether ``entry`` is what is stored under its id; its author and time may be another console's."""
    return (known.stream, known.kind, known.slot, known.body_sha256) == (
        entry.stream,
        entry.kind,
        entry.slot,
        _sha_of(entry),
    )


def _sha_of(entry: Entry) -> str:
    return entry.body_sha256 if entry.body.isascii() else ""


def why_not(who: Identity, entry: Entry) -> str:
    """Return the sentence that refuses ``entry``, or nothing where it may be stored."""
    if len(entry.body) > BODY_CAP:
        return TOO_LONG.format(length=len(entry.body), cap=BODY_CAP)
    if not is_sound(entry):
        return NOT_SOUND
    if entry.author != who.worker:
        return NOT_AUTHOR
    if entry.kind is Kind.SHIFT_RELIEF and text(entry.content(), "worker") != (entry.on_behalf_of or entry.author):
        return NOT_THEIRS
    return "" if _may_write(entry) else refusal(entry.kind, entry.role)


def _may_write(entry: Entry) -> bool:
    if not kind_right(entry.kind, entry.role):
        return False
    return entry.kind is not Kind.CONTACT_DECISION or decision_right(text(entry.content(), "kind"), entry.role)


def is_sound(entry: Entry) -> bool:
    """Say whether an entry is written as Nightdesk writes entries."""
    names = (entry.author, entry.station, entry.on_behalf_of)
    return (
        entry.body.isascii()
        and entry.body.isprintable()
        and _is_object(entry.body)
        and entry.made_at.tzinfo is not None
        and (entry.expects is None or entry.slot != "")
        and is_decided(entry)
        and all(len(name) <= NAME_CAP and name.isprintable() for name in names)
        and len(entry.slot) <= SLOT_CAP
        and entry.slot.isprintable()
        and has_its_place(entry)
    )


def is_decided(entry: Entry) -> bool:
    """Say whether an act that one worker of several may win names what it was decided on (decision 0012).

    A seat changes over the head that was seen, and a call for a second worker is accepted where nobody has.
    """
    if entry.stream.kind is StreamKind.INCIDENT and entry.slot == ROLES:
        return entry.expects is not None
    if entry.stream.kind is StreamKind.SIGNALS and entry.slot.startswith(SUMMONS):
        return entry.kind is Kind.SUMMONS_ACCEPTED and entry.expects == Expects(None)
    if entry.kind is Kind.INCIDENT_JOINED:
        # The lead that an incident is opened with has no slot: it takes the seat from nobody.
        role = text(entry.content(), "role")
        return role not in PAIR or (role == IncidentRole.LEAD and entry.slot == "")
    return entry.kind not in (Kind.INCIDENT_SWAPPED, Kind.SUMMONS_ACCEPTED)


def has_its_place(entry: Entry) -> bool:
    """Say whether an entry is about what its kind says: a fact of a call, whoever sends it, closes no contact."""
    about = entry.kind.value.partition(".")[0]
    in_its_own = about not in _KINDS or about == entry.stream.kind.value
    return in_its_own and entry.stream.kind is not StreamKind.UNKNOWN


def _is_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def envelope_of(entry: Entry, seq: int, stored_at: datetime, digest: str) -> Envelope:
    """Return the envelope of an entry that has found its place."""
    return Envelope(
        entry.id,
        entry.stream,
        entry.kind,
        entry.author,
        entry.role,
        entry.station,
        entry.made_at,
        entry.slot,
        entry.expects,
        entry.replaces,
        entry.corrects,
        entry.on_behalf_of,
        seq,
        stored_at,
        entry.body_sha256,
        digest,
    )


def entry_of(envelope: Envelope, body: str) -> Entry:
    """Return the entry that an envelope and its body were made from."""
    return Entry(
        envelope.id,
        envelope.stream,
        envelope.kind,
        envelope.author,
        envelope.role,
        envelope.station,
        envelope.made_at,
        body,
        envelope.slot,
        envelope.expects,
        envelope.replaces,
        envelope.corrects,
        envelope.on_behalf_of,
    )


def disputed_entry(entry: Entry) -> Entry:
    """Return the entry that keeps a second version of an id, its body whole; the same version makes the same one.

    PostgreSQL makes the same one itself (db/postgres/sql/09_second_versions.sql).
    """
    rest = {
        "id": str(entry.id),
        "kind": entry.kind.value,
        "slot": entry.slot,
        "expects": expects_text(entry.expects),
        "replaces": str(entry.replaces or ""),
        "made_at": iso(entry.made_at),
    }
    # Its own words first, as they are: "body" is the first of the sorted keys.
    body = f'{{"body":{entry.body},' + json.dumps(rest, sort_keys=True, separators=(",", ":"))[1:]
    same = (str(entry.stream), entry.kind.value, entry.slot, entry.body_sha256)
    identity_of_it = uuid.uuid5(FACTS, "\n".join(("disputed", str(entry.id), *same)))
    return Entry(
        identity_of_it,
        entry.stream,
        Kind.SEEN_OUTSIDE,
        entry.author,
        entry.role,
        entry.station,
        entry.made_at,
        body,
        on_behalf_of=entry.on_behalf_of,
    )

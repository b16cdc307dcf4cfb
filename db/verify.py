"""``db verify``: name the first bad entry.

SQLite checks the file, then both chains and all that is derived from them are computed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.engine import Connection

from console.domain.record import (
    START,
    Cursor,
    Envelope,
    Identity,
    Kind,
    StreamKind,
    StreamRef,
    chain_digest,
    decode_body,
    read_role,
)
from console.domain.streams import Step, StreamState, advance, begin, is_structural
from console.ports.store import VerifyReport
from db.access import FIRST_ACCESS, AccessRow, Asked, access_digest
from db.mapping import ENVELOPE, access_of_row, envelope_of_row, stream_kind_of
from db.schema import access, entry, entry_body, erasure, head, slot, stream
from db.sql_ledger import read_state

_PAGE = 1_000
_DAMAGE_CAP = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as it was written: in ``where`` (entry, access, stream), at ``seq``."""

    seq: int
    what: str
    where: str = "entry"


@dataclass(slots=True)
class _Derived:
    """What streams and slots must be, from the entries read so far."""

    states: dict[StreamRef, StreamState] = field(default_factory=dict)
    slots: dict[tuple[StreamRef, str], tuple[UUID, int]] = field(default_factory=dict)
    unsure: set[StreamRef] = field(default_factory=set)
    """Streams that cannot be derived again: a structural body is erased, or only a newer version knows a kind."""
    failed: set[StreamRef] = field(default_factory=set)
    """Requests that failed at some time: older versions held them for closed."""

    def take(self, envelope: Envelope, body: str | None) -> None:
        if envelope.stream.kind is StreamKind.UNKNOWN:
            return
        structural = is_structural(envelope.kind)
        if envelope.is_unknown or (structural and body is None):
            self.unsure.add(envelope.stream)
        content = decode_body(body) if structural and body is not None else {}
        if envelope.kind is Kind.HELP_CHANGED and content.get("state") == "failed":
            self.failed.add(envelope.stream)
        step = Step(envelope.kind, envelope.writer, envelope.made_at, envelope.seq, content)
        before = self.states.get(envelope.stream) or begin(envelope.stream, envelope.seq)
        self.states[envelope.stream] = advance(before, step)
        if envelope.slot:
            self.slots[envelope.stream, envelope.slot] = (envelope.id, envelope.seq)

    def agrees(self, said: StreamState | None, right: StreamState) -> bool:
        """Say whether what stands of a stream is what its entries say."""
        if said is not None and right.ref in self.failed:
            return replace(said, closed_at=None) == replace(right, closed_at=None)
        return said == right


@dataclass(frozen=True, slots=True)
class Found:
    """One entry as it stands now: the columns of its envelope, and the digest of its words.

    ``structural`` is the body where a stream is derived from it, an empty one elsewhere, None where the words are gone.
    """

    seq: int
    columns: Sequence[Any]
    sha256: str | None
    erased: bool
    structural: str | None


class Proof(Protocol):
    """A record as it is checked; :class:`FileProof` reads a file, PostgreSQL answers by the doors of nd_verify."""

    def damage(self) -> str:
        """Return what the database itself finds wrong with its storage, without content; empty for nothing."""

    def heads(self) -> tuple[Cursor, Cursor]:
        """Return what the counter row says of the entries and of the looks."""

    def entries(self) -> Iterator[Found]:
        """Yield every entry in order."""

    def looks(self) -> Iterator[Sequence[Any]]:
        """Yield every row of the access log in order, its columns in the order of the table."""

    def states(self) -> Mapping[StreamRef, StreamState]:
        """Return what each stream is said to be; not of the kinds that only a newer version knows."""

    def slots(self) -> Mapping[tuple[StreamRef, str], tuple[UUID, int]]:
        """Return the newest entry of each slot, and its seq; not of streams that only a newer version knows."""


class FileProof:
    """A record in a file, inside one read transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def damage(self) -> str:
        """Return the first thing SQLite itself finds wrong with the file; it names tables and pages, no content."""
        found = str(self._connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        return "" if found == "ok" else " ".join(found.split())[:_DAMAGE_CAP]

    def heads(self) -> tuple[Cursor, Cursor]:
        """Return what the counter row says."""
        wanted = select(head.c.seq, head.c.digest, head.c.access_seq, head.c.access_digest)
        row = self._connection.execute(wanted).one()
        return Cursor(row.seq, row.digest), Cursor(row.access_seq, row.access_digest)

    def entries(self) -> Iterator[Found]:
        """Yield every entry in order."""
        joined = entry.outerjoin(entry_body, entry_body.c.id == entry.c.id)
        joined = joined.outerjoin(erasure, erasure.c.id == entry.c.id)
        wanted = select(*ENVELOPE, entry_body.c.body, erasure.c.at.label("erased")).select_from(joined)
        for row in self._pages(wanted, entry.c.seq):
            sha = hashlib.sha256(str(row.body).encode()).hexdigest() if row.body is not None else None
            yield Found(row.seq, row, sha, row.erased is not None, row.body)

    def looks(self) -> Iterator[Sequence[Any]]:
        """Yield every row of the access log in order."""
        yield from self._pages(select(*access.c), access.c.seq)

    def _pages(self, wanted: Select[Any], seq: ColumnElement[int]) -> Iterator[Row[Any]]:
        after = -1
        while rows := self._connection.execute(wanted.where(seq > after).order_by(seq).limit(_PAGE)).all():
            yield from rows
            after = rows[-1].seq

    def states(self) -> Mapping[StreamRef, StreamState]:
        """Return what each stream is said to be."""
        refs = [
            StreamRef(known, identity)
            for kind, identity in self._connection.execute(select(stream.c.stream_kind, stream.c.stream_id))
            if (known := stream_kind_of(kind)) is not StreamKind.UNKNOWN
        ]
        found = ((ref, read_state(self._connection, ref, whole=True)) for ref in refs)
        return {ref: state for ref, state in found if state is not None}

    def slots(self) -> Mapping[tuple[StreamRef, str], tuple[UUID, int]]:
        """Return the newest entry of each slot."""
        return {
            (StreamRef(known, row.stream_id), row.slot): (row.head, row.seq)
            for row in self._connection.execute(select(slot))
            if (known := stream_kind_of(row.stream_kind)) is not StreamKind.UNKNOWN
        }


def verify_record(proof: Proof) -> VerifyReport:
    """Return what was found; ``first_bad`` is 0 and ``what`` empty where all is honest."""
    damage = proof.damage()
    if damage:
        return VerifyReport(0, 0, START, 1, f"the file is damaged: {damage}", "file")
    said, said_of_looks = proof.heads()
    derived = _Derived()
    entries, fault = _entries(proof, said, derived)
    looks, look_fault = _accesses(proof, said_of_looks)
    fault = fault or look_fault or _streams(proof, derived) or _slots(proof, derived)
    report = VerifyReport(entries, looks, said)
    return report if fault is None else replace(report, first_bad=fault.seq, what=fault.what, where=fault.where)


def _entries(proof: Proof, said: Cursor, derived: _Derived) -> tuple[int, Fault | None]:
    last, count = START, 0
    for found in proof.entries():
        if found.seq != last.seq + 1:
            return count, Fault(last.seq + 1, "this entry was taken out of the record")
        envelope, fault = _read(found, last)
        if envelope is None or fault is not None:
            return count, fault
        derived.take(envelope, found.structural)
        last, count = Cursor(envelope.seq, envelope.digest), count + 1
    return count, _end_fault(last, said, "entry")


def _read(found: Found, last: Cursor) -> tuple[Envelope | None, Fault | None]:
    try:
        envelope = envelope_of_row(found.columns)
        right = chain_digest(last.digest, found.seq, envelope, envelope.stored_at)
    except (ValueError, TypeError, OverflowError, AttributeError):
        return None, Fault(found.seq, "the envelope of this entry was altered and cannot be read")
    if right != envelope.digest:
        return envelope, Fault(found.seq, "this entry was altered after it was stored, or put in")
    if found.sha256 is None:
        gone = Fault(found.seq, "the words of this entry are gone without an erasure")
        return envelope, None if found.erased else gone
    if found.sha256 != envelope.body_sha256:
        return envelope, Fault(found.seq, "the words of this entry were altered after they were stored")
    return envelope, None


def _end_fault(last: Cursor, said: Cursor, where: str) -> Fault | None:
    if last == said:
        return None
    if last.seq < said.seq:
        return Fault(last.seq + 1, f"the record ends before its head, entry {said.seq}: its tail was cut off", where)
    return Fault(max(1, last.seq), "the head of the record does not belong to its newest entry", where)


def _accesses(proof: Proof, said: Cursor) -> tuple[int, Fault | None]:
    last, count = Cursor(0, FIRST_ACCESS), 0
    for row in proof.looks():
        seq, digest = row[0], row[-1]
        if seq != last.seq + 1:
            return count, Fault(last.seq + 1, "this look at a record was taken out of the access log", "access")
        if not _is_honest_look(row, last):
            return count, Fault(seq, "this look at a record was altered after it was stored", "access")
        last, count = Cursor(seq, digest), count + 1
    return count, _end_fault(last, said, "access")


def _is_honest_look(row: Sequence[Any], last: Cursor) -> bool:
    try:
        look = access_of_row(row)
        return access_digest(last.digest, look.seq, _asked(look), look.at) == look.digest
    except (ValueError, TypeError, OverflowError, AttributeError):
        return False


def _asked(look: AccessRow) -> Asked:
    who = Identity(look.worker, "", read_role(look.role), look.station)
    return Asked(look.id, who, look.action, look.reason, look.person, look.call, look.question)


def _streams(proof: Proof, derived: _Derived) -> Fault | None:
    said = proof.states()
    if len(said) != len(derived.states):
        return Fault(1, "the list of streams does not match the entries", "stream")
    for ref, right in derived.states.items():
        if ref not in derived.unsure and not derived.agrees(said.get(ref), right):
            return Fault(
                right.begun, f"what stands of the {ref.kind.value} begun here is not what its entries say", "stream"
            )
    return None


def _slots(proof: Proof, derived: _Derived) -> Fault | None:
    said = proof.slots()
    if said == derived.slots:
        return None
    wrong = [place for place in derived.slots.keys() | said.keys() if said.get(place) != derived.slots.get(place)]
    first = min(max(found[1] for found in (derived.slots.get(p), said.get(p)) if found) for p in wrong)
    return Fault(first, "the newest value of a field is not what its entries say", "stream")

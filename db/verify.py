"""``db verify``: name the first bad entry.

SQLite checks the file, then both chains and all that is derived from them are computed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from console.domain.record import (
    START,
    Cursor,
    Envelope,
    Identity,
    Role,
    StreamKind,
    StreamRef,
    chain_digest,
    decode_body,
)
from console.domain.streams import Step, StreamState, advance, begin, is_structural
from console.ports.store import VerifyReport
from db.access import FIRST_ACCESS, AccessRow, Asked, access_digest
from db.mapping import ENVELOPE, access_of_row, envelope_of_row
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
    """Streams with an erased structural body: their sets cannot be derived again."""

    def take(self, envelope: Envelope, body: str | None) -> None:
        structural = is_structural(envelope.kind)
        if structural and body is None:
            self.unsure.add(envelope.stream)
        content = decode_body(body) if structural and body is not None else {}
        step = Step(envelope.kind, envelope.writer, envelope.made_at, envelope.seq, content)
        before = self.states.get(envelope.stream) or begin(envelope.stream, envelope.seq)
        self.states[envelope.stream] = advance(before, step)
        if envelope.slot:
            self.slots[envelope.stream, envelope.slot] = (envelope.id, envelope.seq)


def verify_record(connection: Connection) -> VerifyReport:
    """Return what was found; ``first_bad`` is 0 and ``what`` empty where all is honest."""
    damage = _damage(connection)
    if damage:
        return VerifyReport(0, 0, START, 1, f"the file is damaged: {damage}", "file")
    row = connection.execute(select(head.c.seq, head.c.digest, head.c.access_seq, head.c.access_digest)).one()
    said = Cursor(row.seq, row.digest)
    derived = _Derived()
    entries, fault = _entries(connection, said, derived)
    looks, look_fault = _accesses(connection, Cursor(row.access_seq, row.access_digest))
    fault = fault or look_fault or _streams(connection, derived) or _slots(connection, derived)
    report = VerifyReport(entries, looks, said)
    return report if fault is None else replace(report, first_bad=fault.seq, what=fault.what, where=fault.where)


def _damage(connection: Connection) -> str:
    """Return the first thing SQLite itself finds wrong with the file; it names tables and pages, no content."""
    found = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    return "" if found == "ok" else " ".join(found.split())[:_DAMAGE_CAP]


def _entries(connection: Connection, said: Cursor, derived: _Derived) -> tuple[int, Fault | None]:
    last, count = START, 0
    for row in _entry_rows(connection):
        if row.seq != last.seq + 1:
            return count, Fault(last.seq + 1, "this entry was taken out of the record")
        fault = _entry_fault(row, last)
        if fault is not None:
            return count, fault
        derived.take(envelope_of_row(row), row.body)
        last, count = Cursor(row.seq, row.digest), count + 1
    return count, _end_fault(last, said, "entry")


def _entry_rows(connection: Connection) -> Iterator[Any]:
    joined = entry.outerjoin(entry_body, entry_body.c.id == entry.c.id).outerjoin(erasure, erasure.c.id == entry.c.id)
    wanted = select(*ENVELOPE, entry_body.c.body, erasure.c.at.label("erased")).select_from(joined)
    after = -1
    while rows := connection.execute(wanted.where(entry.c.seq > after).order_by(entry.c.seq).limit(_PAGE)).all():
        yield from rows
        after = rows[-1].seq


def _entry_fault(row: Row[Any], last: Cursor) -> Fault | None:
    try:
        envelope = envelope_of_row(row)
        right = chain_digest(last.digest, row.seq, envelope, envelope.stored_at)
    except (ValueError, TypeError, OverflowError, AttributeError):
        return Fault(row.seq, "the envelope of this entry was altered and cannot be read")
    if right != envelope.digest:
        return Fault(row.seq, "this entry was altered after it was stored, or put in")
    if row.body is None:
        return None if row.erased is not None else Fault(row.seq, "the words of this entry are gone without an erasure")
    if hashlib.sha256(str(row.body).encode()).hexdigest() != envelope.body_sha256:
        return Fault(row.seq, "the words of this entry were altered after they were stored")
    return None


def _end_fault(last: Cursor, said: Cursor, where: str) -> Fault | None:
    if last == said:
        return None
    if last.seq < said.seq:
        return Fault(last.seq + 1, f"the record ends before its head, entry {said.seq}: its tail was cut off", where)
    return Fault(max(1, last.seq), "the head of the record does not belong to its newest entry", where)


def _accesses(connection: Connection, said: Cursor) -> tuple[int, Fault | None]:
    last, count, after = Cursor(0, FIRST_ACCESS), 0, -1
    wanted = select(*access.c).order_by(access.c.seq).limit(_PAGE)
    while rows := connection.execute(wanted.where(access.c.seq > after)).all():
        for row in rows:
            if row.seq != last.seq + 1:
                return count, Fault(last.seq + 1, "this look at a record was taken out of the access log", "access")
            if not _is_honest_look(row, last):
                return count, Fault(row.seq, "this look at a record was altered after it was stored", "access")
            last, count = Cursor(row.seq, row.digest), count + 1
        after = rows[-1].seq
    return count, _end_fault(last, said, "access")


def _is_honest_look(row: Row[Any], last: Cursor) -> bool:
    try:
        look = access_of_row(row)
        return access_digest(last.digest, look.seq, _asked(look), look.at) == look.digest
    except (ValueError, TypeError, OverflowError, AttributeError):
        return False


def _asked(look: AccessRow) -> Asked:
    who = Identity(look.worker, "", Role(look.role), look.station)
    return Asked(look.id, who, look.action, look.reason, look.person, look.call, look.question)


def _streams(connection: Connection, derived: _Derived) -> Fault | None:
    if connection.scalar(select(func.count()).select_from(stream)) != len(derived.states):
        return Fault(1, "the list of streams does not match the entries", "stream")
    for ref, right in derived.states.items():
        if ref not in derived.unsure and read_state(connection, ref, whole=True) != right:
            return Fault(
                right.begun, f"what stands of the {ref.kind.value} begun here is not what its entries say", "stream"
            )
    return None


def _slots(connection: Connection, derived: _Derived) -> Fault | None:
    said = {
        (StreamRef(StreamKind(row.stream_kind), row.stream_id), row.slot): (row.head, row.seq)
        for row in connection.execute(select(slot))
    }
    if said == derived.slots:
        return None
    wrong = [place for place in derived.slots.keys() | said.keys() if said.get(place) != derived.slots.get(place)]
    first = min(max(found[1] for found in (derived.slots.get(p), said.get(p)) if found) for p in wrong)
    return Fault(first, "the newest value of a field is not what its entries say", "stream")

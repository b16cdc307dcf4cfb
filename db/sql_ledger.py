"""The record's write side in SQL: one write transaction as :class:`db.append.Ledger` wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from console.domain.record import (
    SCHEMA_VERSION,
    Cursor,
    Entry,
    Envelope,
    Identity,
    StreamClass,
    StreamRef,
    from_micros,
    micros,
)
from console.domain.streams import StreamState
from console.ports.store import WrongSchema
from db.access import Asked, chained
from db.mapping import ENVELOPE, envelope_of_row, links_of, row_of_access, row_of_envelope, stream_columns
from db.people_link import PeopleTables, try_to_learn
from db.reach import SlotHead
from db.reading import may_read_stream
from db.schema import access, entry, entry_body, head, slot, stream, stream_link, stream_member, stream_subject

WRONG_SCHEMA = (
    "The shared record was {which} while this program ran.  Nothing was written; what you write waits on this "
    "computer.  Please close Nightdesk and start it again with the same version as your colleagues."
)

_HEAD = select(head.c.seq, head.c.digest, head.c.schema)
_SLOT = select(slot.c.head, slot.c.author, slot.c.stored_at).where(
    slot.c.stream_kind == bindparam("k"), slot.c.stream_id == bindparam("i"), slot.c.slot == bindparam("s")
)
_SLOTS = select(slot.c.slot).where(
    slot.c.stream_kind == bindparam("k"), slot.c.stream_id == bindparam("i"), slot.c.author == bindparam("a")
)
_SINCE = stream.alias("since")
_LATER = (
    select(slot.c.head)
    .join(_SINCE, (_SINCE.c.stream_kind == slot.c.stream_kind) & (_SINCE.c.stream_id == slot.c.stream_id))
    .join(stream, (stream.c.stream_kind == _SINCE.c.stream_kind) & (stream.c.begun < _SINCE.c.begun))
    .where(stream.c.stream_kind == bindparam("k"), stream.c.stream_id == bindparam("i"), slot.c.slot == bindparam("s"))
)
_STATE = select(stream.c.klass, stream.c.begun, stream.c.version, stream.c.opened_at, stream.c.closed_at).where(
    stream.c.stream_kind == bindparam("k"), stream.c.stream_id == bindparam("i")
)
_FIND = select(*ENVELOPE).where(entry.c.id.in_(bindparam("ids", expanding=True)))
_MOVE_HEAD = update(head)
_INSERT_ENTRY = insert(entry)
_INSERT_BODY = insert(entry_body)
_INSERT_STREAM = insert(stream)
_INSERT_SLOT = insert(slot)
_MOVE_SLOT = update(slot).where(
    slot.c.stream_kind == bindparam("k"), slot.c.stream_id == bindparam("i"), slot.c.slot == bindparam("s")
)
_MOVE = update(stream).where(stream.c.stream_kind == bindparam("k"), stream.c.stream_id == bindparam("i"))
_SETS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (stream_subject, ("person",)),
    (stream_member, ("worker",)),
    (stream_link, ("other_kind", "other_id")),
)


class SqlLedger:
    """Good for one transaction that holds the write lock."""

    def __init__(self, connection: Connection, people: PeopleTables) -> None:
        self._connection = connection
        self._people = people

    def head(self) -> Cursor:
        """Return the newest seq and digest; raises :class:`WrongSchema` where another version writes."""
        seq, digest, schema = self._connection.execute(_HEAD).one()
        if schema != SCHEMA_VERSION:
            raise WrongSchema(WRONG_SCHEMA.format(which="changed"))
        return Cursor(seq, digest)

    def move_head(self, moved: Cursor) -> None:
        """Write the newest seq and digest."""
        self._connection.execute(_MOVE_HEAD, {"seq": moved.seq, "digest": moved.digest})

    def find(self, ids: Iterable[UUID]) -> Mapping[UUID, Envelope]:
        """Return the envelopes stored under ``ids``."""
        rows = self._connection.execute(_FIND, {"ids": list(ids)})
        return {found.id: found for found in map(envelope_of_row, rows)}

    def slot_head(self, ref: StreamRef, name: str) -> SlotHead | None:
        """Return the newest entry of a slot."""
        row = self._connection.execute(_SLOT, {"k": ref.kind.value, "i": ref.id, "s": name}).one_or_none()
        return SlotHead(row.head, row.author, from_micros(row.stored_at)) if row is not None else None

    def slots_of(self, ref: StreamRef, author: str) -> tuple[str, ...]:
        """Return the slots of a stream whose newest entry is this author's."""
        rows = self._connection.scalars(_SLOTS, {"k": ref.kind.value, "i": ref.id, "a": author})
        return tuple(rows)

    def later_heads(self, ref: StreamRef, name: str) -> tuple[UUID, ...]:
        """Return the newest entries of the slot of this name in streams of the kind begun after this one."""
        return tuple(self._connection.scalars(_LATER, {"k": ref.kind.value, "i": ref.id, "s": name}))

    def body_of(self, identity: UUID) -> str:
        """Return the words of an entry."""
        return self._connection.scalar(select(entry_body.c.body).where(entry_body.c.id == identity)) or "{}"

    def may_read_stream(self, who: Identity, ref: StreamRef, now: datetime) -> bool:
        """Say whether ``who`` reads all of a stream."""
        here = (stream.c.stream_kind == ref.kind.value, stream.c.stream_id == ref.id)
        return self._connection.scalar(select(stream.c.version).where(*here, may_read_stream(who, now))) is not None

    def insert(self, envelope: Envelope, body: str) -> None:
        """Store an envelope and its body, and make it its slot's head."""
        self._connection.execute(_INSERT_ENTRY, row_of_envelope(envelope))
        self._connection.execute(_INSERT_BODY, {"id": envelope.id, "body": body})
        if envelope.slot:
            self._put_slot(envelope)

    def _put_slot(self, envelope: Envelope) -> None:
        new = {
            "head": envelope.id,
            "seq": envelope.seq,
            "author": envelope.author,
            "stored_at": micros(envelope.stored_at),
        }
        ref = envelope.stream
        here = {"k": ref.kind.value, "i": ref.id, "s": envelope.slot}
        moved = self._connection.execute(_MOVE_SLOT, {**here, **new})
        if moved.rowcount == 0:
            self._connection.execute(_INSERT_SLOT, {**stream_columns(ref), "slot": envelope.slot, **new})

    def state(self, ref: StreamRef, *, whole: bool) -> StreamState | None:
        """Return what a stream is; its sets only where ``whole``."""
        return read_state(self._connection, ref, whole=whole)

    def put_state(self, before: StreamState | None, after: StreamState) -> None:
        """Write what a stream has become."""
        if before is not None and before == replace(after, version=before.version):
            self._move(after.ref, {"version": after.version})
            return
        values = {
            "klass": after.klass.value,
            "begun": after.begun,
            "version": after.version,
            "opened_at": micros(after.opened_at) if after.opened_at is not None else None,
            "closed_at": micros(after.closed_at) if after.closed_at is not None else None,
        }
        if before is None:
            self._connection.execute(_INSERT_STREAM, {**stream_columns(after.ref), **values})
        else:
            self._move(after.ref, values)
        self._put_sets(_rows_of(before) if before is not None else _NO_SETS, after)

    def _move(self, ref: StreamRef, values: dict[str, Any]) -> None:
        self._connection.execute(_MOVE, {"k": ref.kind.value, "i": ref.id, **values})

    def _put_sets(self, old: tuple[set[tuple[Any, ...]], ...], after: StreamState) -> None:
        for (table, names), was, now in zip(_SETS, old, _rows_of(after), strict=True):
            for row in was - now:
                gone = [table.c[name] == value for name, value in zip(names, row, strict=True)]
                here = (table.c.stream_kind == after.ref.kind.value, table.c.stream_id == after.ref.id)
                self._connection.execute(delete(table).where(*here, *gone))
            for row in now - was:
                new = dict(zip(names, row, strict=True))
                self._connection.execute(insert(table), {**stream_columns(after.ref), **new})

    def learn(self, learned: Entry) -> bool:
        """Bring an entry into the tables of people, or leave them untouched and say False."""
        return try_to_learn(self._people, self._connection, learned)

    def write_access(self, asked: Asked, at: datetime) -> None:
        """Put a row on the access log."""
        last = self._connection.execute(select(head.c.access_seq, head.c.access_digest)).one()
        row = chained(last.access_digest, last.access_seq + 1, asked, at)
        self._connection.execute(insert(access), row_of_access(row))
        self._connection.execute(update(head).values(access_seq=row.seq, access_digest=row.digest))


def read_state(connection: Connection, ref: StreamRef, *, whole: bool) -> StreamState | None:
    """Return what a stream is, or None; its sets only where ``whole``."""
    row = connection.execute(_STATE, {"k": ref.kind.value, "i": ref.id}).one_or_none()
    if row is None:
        return None
    subjects, members, links = _read_sets(connection, ref) if whole else _NO_SETS
    return StreamState(
        ref,
        StreamClass(row.klass),
        row.begun,
        row.version,
        frozenset(person for (person,) in subjects),
        frozenset(worker for (worker,) in members),
        links_of((kind, identity) for kind, identity in links),
        _time(row.opened_at),
        _time(row.closed_at),
    )


def _read_sets(connection: Connection, ref: StreamRef) -> tuple[set[tuple[Any, ...]], ...]:
    return tuple(
        {
            tuple(row)
            for row in connection.execute(
                select(*(table.c[name] for name in names)).where(
                    table.c.stream_kind == ref.kind.value, table.c.stream_id == ref.id
                )
            )
        }
        for table, names in _SETS
    )


_NO_SETS: tuple[set[tuple[Any, ...]], ...] = (set(), set(), set())


def _rows_of(state: StreamState) -> tuple[set[tuple[Any, ...]], ...]:
    return (
        {(person,) for person in state.subjects},
        {(worker,) for worker in state.members},
        {(link.kind.value, link.id) for link in state.links},
    )


def _time(count: int | None) -> datetime | None:
    return from_micros(count) if count is not None else None

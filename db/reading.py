"""Read the record: envelopes for everybody, bodies by the class of their stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, case, exists, or_, select, true
from sqlalchemy.engine import Connection

from console.domain.record import (
    SHIFT_ROLES,
    START,
    Cursor,
    Envelope,
    Identity,
    Kind,
    Role,
    SeenMark,
    Stored,
    StreamClass,
    StreamKind,
    StreamRef,
    micros,
)
from console.ports.store import Heartbeat
from db.access import OPENED, OPENED_OFFLINE, OPENED_READS_FOR
from db.mapping import ENVELOPE, envelope_of_row, mark_of_row, stored_of, stream_kind_of
from db.schema import access, entry, entry_body, head, seen, stream, stream_link, stream_member, stream_subject

_IDS_AT_ONCE = 500
_OPENED_AFTER = "opened_after"


def may_read(who: Identity, now: datetime) -> ColumnElement[bool]:
    """Return the condition, over ``entry`` joined with ``stream``, under which ``who`` reads a body.

    One's own words, and what one delivered for a colleague; class ``shift`` for every shift role; class
    ``case`` for members of the stream or of an incident that links it, or with a record of a subject
    opened in the last 12 h.
    """
    own = or_(entry.c.author == who.worker, entry.c.on_behalf_of == who.worker)
    if who.role is Role.WITNESS:
        # It carries out what is asked of it, and reads nothing else.
        own = or_(own, entry.c.kind == Kind.SHIFT_ASKED.value)
    if who.role not in SHIFT_ROLES:
        return and_(stream.c.klass != StreamClass.RESTRICTED.value, own)
    return and_(
        stream.c.klass != StreamClass.RESTRICTED.value,
        or_(own, stream.c.klass == StreamClass.SHIFT.value, _is_member(who), _is_linked(who), _has_opened(who, now)),
    )


def may_read_stream(who: Identity, now: datetime) -> ColumnElement[bool]:
    """Return the condition over ``stream`` alone under which ``who`` reads all of it."""
    if who.role not in SHIFT_ROLES:
        return ~true()
    return and_(
        stream.c.klass != StreamClass.RESTRICTED.value,
        or_(stream.c.klass == StreamClass.SHIFT.value, _is_member(who), _is_linked(who), _has_opened(who, now)),
    )


def _is_member(who: Identity) -> ColumnElement[bool]:
    return exists().where(
        stream_member.c.stream_kind == stream.c.stream_kind,
        stream_member.c.stream_id == stream.c.stream_id,
        stream_member.c.worker == who.worker,
    )


def _is_linked(who: Identity) -> ColumnElement[bool]:
    return exists().where(
        stream_link.c.other_kind == stream.c.stream_kind,
        stream_link.c.other_id == stream.c.stream_id,
        stream_member.c.stream_kind == stream_link.c.stream_kind,
        stream_member.c.stream_id == stream_link.c.stream_id,
        stream_member.c.worker == who.worker,
    )


def _has_opened(who: Identity, now: datetime) -> ColumnElement[bool]:
    person = stream.alias("person_stream")
    restricted = exists().where(
        person.c.stream_kind == StreamKind.PERSON.value,
        person.c.stream_id == stream_subject.c.person,
        person.c.klass == StreamClass.RESTRICTED.value,
    )
    return exists().where(
        stream_subject.c.stream_kind == stream.c.stream_kind,
        stream_subject.c.stream_id == stream.c.stream_id,
        access.c.person == stream_subject.c.person,
        access.c.worker == who.worker,
        access.c.action.in_((OPENED, OPENED_OFFLINE)),
        access.c.at > bindparam(_OPENED_AFTER, micros(now - OPENED_READS_FOR)),
        ~restricted,
    )


def _with_bodies(who: Identity, now: datetime) -> Select[Any]:
    readable = case((may_read(who, now), entry_body.c.body), else_=None)
    joined = entry.join(
        stream, and_(stream.c.stream_kind == entry.c.stream_kind, stream.c.stream_id == entry.c.stream_id)
    ).outerjoin(entry_body, entry_body.c.id == entry.c.id)
    return select(*ENVELOPE, readable.label("readable")).select_from(joined)


def _stored(connection: Connection, wanted: Select[Any]) -> tuple[Stored, ...]:
    return tuple(stored_of(row, row.readable) for row in connection.execute(wanted))


def read_envelopes(connection: Connection, after: int, limit: int) -> tuple[Envelope, ...]:
    """Return envelopes with seq greater than ``after``, in order."""
    wanted = select(*ENVELOPE).where(entry.c.seq > after).order_by(entry.c.seq).limit(limit)
    return tuple(map(envelope_of_row, connection.execute(wanted)))


def read_news(connection: Connection, who: Identity, after: int, limit: int, now: datetime) -> tuple[Stored, ...]:
    """Return envelopes after ``after`` with the bodies ``who`` may read."""
    asked = {"after": after, "most": limit, _OPENED_AFTER: micros(now - OPENED_READS_FOR)}
    return tuple(stored_of(row, row.readable) for row in connection.execute(_news_of(who), asked))


@lru_cache(maxsize=32)
def _news_of(who: Identity) -> Select[Any]:
    """Return the question of a feed.  Made for each entry that comes, it cost more than reading that entry."""
    whenever = datetime(2000, 1, 1, tzinfo=UTC)
    wanted = _with_bodies(who, whenever).where(entry.c.seq > bindparam("after", type_=BigInteger))
    return wanted.order_by(entry.c.seq).limit(bindparam("most", type_=BigInteger))


def read_stream(connection: Connection, who: Identity, ref: StreamRef, now: datetime) -> tuple[Stored, ...]:
    """Return one stream, in order."""
    wanted = _with_bodies(who, now).where(entry.c.stream_kind == ref.kind.value, entry.c.stream_id == ref.id)
    return _stored(connection, wanted.order_by(entry.c.seq))


def read_bodies(connection: Connection, who: Identity, ids: Iterable[UUID], now: datetime) -> Mapping[UUID, str]:
    """Return the bodies of ``ids`` that ``who`` may read."""
    asked = list(dict.fromkeys(ids))
    found: dict[UUID, str] = {}
    for start in range(0, len(asked), _IDS_AT_ONCE):
        wanted = _with_bodies(who, now).where(entry.c.id.in_(asked[start : start + _IDS_AT_ONCE]))
        found.update({row.id: row.readable for row in connection.execute(wanted) if row.readable is not None})
    return found


def read_open_streams(connection: Connection, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
    """Return streams not closed, oldest first."""
    wanted = (
        select(stream.c.stream_kind, stream.c.stream_id)
        .where(stream.c.stream_kind.in_([kind.value for kind in kinds]), stream.c.closed_at.is_(None))
        .order_by(stream.c.begun)
    )
    return tuple(StreamRef(stream_kind_of(kind), identity) for kind, identity in connection.execute(wanted))


def read_seq_at(connection: Connection, moment: datetime) -> int:
    """Return the last seq stored before ``moment``, or 0."""
    before = select(entry.c.seq).where(entry.c.stored_at < micros(moment))
    return connection.scalar(before.order_by(entry.c.stored_at.desc(), entry.c.seq.desc()).limit(1)) or 0


def read_heartbeat(connection: Connection, history: Sequence[Cursor], now: datetime) -> Heartbeat:
    """Return the heartbeat; ``history`` is what the console saw, its newest cursor first."""
    row = connection.execute(select(head.c.seq, head.c.digest, head.c.schema)).one()
    newest = Cursor(row.seq, row.digest)
    return Heartbeat(newest, now, row.schema, _rewind(connection, newest, history))


def _rewind(connection: Connection, newest: Cursor, history: Sequence[Cursor]) -> int | None:
    if not history or history[0] in (newest, START):
        return None
    asked = {cursor.seq: cursor.digest for cursor in history if cursor.seq <= newest.seq}
    wanted = select(entry.c.seq, entry.c.digest).where(entry.c.seq.in_(asked)).order_by(entry.c.seq.desc())
    agreed = next((seq for seq, digest in connection.execute(wanted) if asked[seq] == digest), 0)
    return None if agreed == history[0].seq else agreed


def read_seen(connection: Connection, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
    """Return every worker's cursor on these streams."""
    refs = list(dict.fromkeys(streams))
    marks: list[SeenMark] = []
    for start in range(0, len(refs), _IDS_AT_ONCE):
        here = refs[start : start + _IDS_AT_ONCE]
        wanted = select(seen.c.worker, seen.c.stream_kind, seen.c.stream_id, seen.c.seq).where(
            seen.c.stream_id.in_([ref.id for ref in here])
        )
        marks += [mark for mark in map(mark_of_row, connection.execute(wanted)) if mark.stream in set(here)]
    return tuple(sorted(marks, key=lambda mark: (mark.stream, mark.worker)))

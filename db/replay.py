"""An incident's replay out of a file: its entries, who looked at whose record, and how far each worker had seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.engine import Connection

from console.domain.record import (
    Envelope,
    Identity,
    Kind,
    StreamClass,
    StreamKind,
    StreamRef,
    micros,
)
from console.domain.replay_material import LOOKED_AFTER, LOOKED_BEFORE, SIGNED_IN_BEFORE, Material
from console.domain.streams import StreamState
from db.doors import is_restricted
from db.mapping import ENVELOPE, access_of_row, envelope_of_row
from db.reading import read_seen
from db.replay_rules import LOOKS, SIGN_INS, Span, asks_for, given, is_hidden, is_look, looked, named_around, span_of
from db.schema import access, entry, entry_body
from db.sql_ledger import read_state

_Row = tuple[Envelope, str | None]
_JOINED = entry.outerjoin(entry_body, entry_body.c.id == entry.c.id)


def is_incident(connection: Connection, incident: UUID) -> bool:
    """Say whether an incident of this id is in the record."""
    return read_state(connection, StreamRef(StreamKind.INCIDENT, incident), whole=False) is not None


def read_material(connection: Connection, who: Identity, incident: UUID) -> Material:
    """Return everything of an incident, inside one read transaction."""
    core = _core(connection, incident)
    rows = _rows(connection, core)
    span = span_of(envelope for envelope, _ in rows)
    if span is None:
        return Material(incident, ())
    hidden = is_hidden(core.values(), lambda person: is_restricted(connection, person))
    around = {**core, **_people(connection, core)}
    rows = [*rows, *_rows(connection, around.keys() - core.keys()), *_sign_ins(connection, span)]
    rows.sort(key=lambda row: row[0].seq)

    def klass(ref: StreamRef) -> StreamClass:
        return around[ref].klass if ref in around else StreamClass.SHIFT

    entries = tuple(given(who, one, body, klass(one.stream), hidden=hidden) for one, body in rows)
    return Material(incident, entries, _looks(connection, core, rows, span), read_seen(connection, around))


def _core(connection: Connection, incident: UUID) -> dict[StreamRef, StreamState]:
    about = read_state(connection, StreamRef(StreamKind.INCIDENT, incident), whole=True)
    if about is None:
        return {}
    core = _states(connection, named_around(about))
    begun = min(state.begun for state in core.values())
    drafted = _select().where(entry.c.kind == Kind.HELP_DRAFTED.value, entry.c.seq >= begun)
    asking = (one.stream for one, body in _read(connection, drafted) if body is not None and asks_for(body, about))
    return {**core, **_states(connection, (ref for ref in asking if ref.kind is StreamKind.HELP))}


def _people(connection: Connection, core: Mapping[StreamRef, StreamState]) -> dict[StreamRef, StreamState]:
    subjects = frozenset[UUID]().union(*(state.subjects for state in core.values()))
    return _states(connection, (StreamRef(StreamKind.PERSON, one) for one in sorted(subjects)))


def _states(connection: Connection, refs: Iterable[StreamRef]) -> dict[StreamRef, StreamState]:
    found = ((ref, read_state(connection, ref, whole=True)) for ref in dict.fromkeys(refs))
    return {ref: state for ref, state in found if state is not None}


def _select() -> Select[Any]:
    return select(*ENVELOPE, entry_body.c.body).select_from(_JOINED)


def _read(connection: Connection, wanted: Select[Any]) -> list[_Row]:
    return [(envelope_of_row(row), row.body) for row in connection.execute(wanted)]


def _rows(connection: Connection, refs: Collection[StreamRef]) -> list[_Row]:
    named = [(ref.kind.value, ref.id) for ref in refs]
    return _read(connection, _select().where(tuple_(entry.c.stream_kind, entry.c.stream_id).in_(named)))


def _sign_ins(connection: Connection, span: Span) -> list[_Row]:
    wanted = _select().where(
        entry.c.kind.in_([kind.value for kind in SIGN_INS]),
        entry.c.stored_at.between(micros(span.first - SIGNED_IN_BEFORE), micros(span.last)),
    )
    return _read(connection, wanted)


def _looks(connection: Connection, core: Collection[StreamRef], rows: Iterable[_Row], span: Span) -> tuple[Any, ...]:
    calls = {ref.id for ref in core if ref.kind is StreamKind.CALL}
    chosen = [body or "" for one, body in rows if one.kind is Kind.CONTACT_SUBJECT_ADDED]
    wanted = select(*access.c).where(
        and_(
            access.c.action.in_(sorted(LOOKS)),
            access.c.at.between(micros(span.first - LOOKED_BEFORE), micros(span.last + LOOKED_AFTER)),
            or_(access.c.call.in_(calls), access.c.person.is_not(None)),
        )
    )
    found = map(access_of_row, connection.execute(wanted.order_by(access.c.seq)))
    return tuple(looked(row) for row in found if is_look(row, span, calls, chosen))

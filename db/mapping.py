"""Rows of the record's tables to frozen records and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from console.domain.record import (
    Envelope,
    Expects,
    Kind,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    expects_text,
    from_micros,
    micros,
    read_role,
)
from console.ports.store import Card
from db.access import AccessRow
from db.schema import access, entry, stream

CARD_KEYS = frozenset(
    {"ref", "type", "rank", "authority", "service", "outcome", "state", "owner", "lead", "received"}
) | {
    "call",
    "coordinator",
    "paired",
    "rationale",
    "telling",
}
"""What lists may show of a stream (the port's ``Card``)."""
LINE_CAP = 200
_DETAIL_CAP = 200
_KINDS = frozenset(kind.value for kind in Kind)
_STREAM_KINDS = frozenset(kind.value for kind in StreamKind)


def stream_columns(ref: StreamRef) -> dict[str, Any]:
    """Return the two columns of a stream."""
    return {"stream_kind": ref.kind.value, "stream_id": ref.id}


def row_of_envelope(envelope: Envelope) -> dict[str, Any]:
    """Return the columns of ``entry``."""
    return {
        "seq": envelope.seq,
        "id": envelope.id,
        **stream_columns(envelope.stream),
        "kind": envelope.kind.value,
        "author": envelope.author,
        "role": envelope.role.value,
        "station": envelope.station,
        "made_at": micros(envelope.made_at),
        "stored_at": micros(envelope.stored_at),
        "slot": envelope.slot,
        "expects": expects_text(envelope.expects),
        "replaces": envelope.replaces,
        "corrects": envelope.corrects,
        "on_behalf_of": envelope.on_behalf_of,
        "body_sha256": envelope.body_sha256,
        "digest": envelope.digest,
    }


ENVELOPE = tuple(entry.c)
"""The columns that :func:`envelope_of_row` reads, first in a select."""


def envelope_of_row(row: Sequence[Any]) -> Envelope:
    """Return an envelope; the row begins with the columns of ``entry`` in their order."""
    (
        seq,
        identity,
        stream_kind,
        stream_id,
        kind,
        author,
        role,
        station,
        made_at,
        stored_at,
        slot,
        expects,
        replaces,
        corrects,
        on_behalf_of,
        body_sha256,
        digest,
    ) = row[: len(ENVELOPE)]
    known_stream, known_kind = stream_kind_of(stream_kind), kind_of(kind)
    if StreamKind.UNKNOWN is known_stream:
        # Not even the kinds that this version knows mean what it thinks they do there.
        known_kind = Kind.UNKNOWN
    return Envelope(
        identity,
        StreamRef(known_stream, stream_id),
        known_kind,
        author,
        read_role(role),
        station,
        from_micros(made_at),
        slot,
        expects_of(expects),
        replaces,
        corrects,
        on_behalf_of,
        seq,
        from_micros(stored_at),
        body_sha256,
        digest,
        (f"{stream_kind}:{stream_id}", kind) if known_kind is Kind.UNKNOWN else None,
    )


def kind_of(written: str) -> Kind:
    """Return a kind of entry; ``UNKNOWN`` for one of a newer version (decision 23)."""
    return Kind(written) if written in _KINDS else Kind.UNKNOWN


def stream_kind_of(written: str) -> StreamKind:
    """Return a kind of stream; ``UNKNOWN`` for one of a newer version (decision 23)."""
    return StreamKind(written) if written in _STREAM_KINDS else StreamKind.UNKNOWN


def links_of(written: Iterable[tuple[str, UUID]]) -> frozenset[StreamRef]:
    """Return what a stream is linked to, as far as this version knows the kinds."""
    found = (StreamRef(stream_kind_of(kind), identity) for kind, identity in written)
    return frozenset(ref for ref in found if ref.kind is not StreamKind.UNKNOWN)


def stored_of(row: Sequence[Any], body: str | None) -> Stored:
    """Return an entry with its words; of an entry that only a newer version knows they stay unread."""
    envelope = envelope_of_row(row)
    return Stored(envelope, None if envelope.is_unknown else body)


def expects_of(text: str) -> Expects | None:
    """Read what ``expects_text`` wrote."""
    if not text:
        return None
    return Expects(None if text == "none" else UUID(text))


def row_of_access(row: AccessRow) -> dict[str, Any]:
    """Return the columns of ``access``."""
    return {
        "seq": row.seq,
        "id": row.id,
        "at": micros(row.at),
        "worker": row.worker,
        "role": row.role,
        "station": row.station,
        "action": row.action,
        "person": row.person,
        "call": row.call,
        "reason": row.reason,
        "question": row.question,
        "digest": row.digest,
    }


def access_of_row(row: Sequence[Any]) -> AccessRow:
    """Return a row of the access log; the row holds the columns of ``access`` in their order."""
    seq, identity, at, *rest = row[: len(access.c)]
    return AccessRow(seq, identity, from_micros(at), *rest)


CARD = (
    stream.c.stream_kind,
    stream.c.stream_id,
    stream.c.line,
    stream.c.reducers,
    stream.c.details,
    stream.c.upto,
    stream.c.version,
    stream.c.opened_at,
    stream.c.closed_at,
)


def card_of_row(row: Sequence[Any]) -> Card:
    """Return a card; the row holds the columns of :data:`CARD`."""
    kind, identity, line, reducers, details, upto, version, opened_at, closed_at = row
    return Card(
        StreamRef(stream_kind_of(kind), identity),
        line,
        reducers,
        json.loads(details),
        upto,
        upto < version,
        from_micros(opened_at) if opened_at is not None else None,
        from_micros(closed_at) if closed_at is not None else None,
    )


def whitelisted(details: Mapping[str, str]) -> dict[str, str]:
    """Return only what lists may show."""
    return {key: str(value)[:_DETAIL_CAP] for key, value in details.items() if key in CARD_KEYS}


def mark_of_row(row: Sequence[Any]) -> SeenMark:
    """Return a mark; the row holds worker, stream_kind, stream_id, seq."""
    worker, kind, identity, seq = row[:4]
    return SeenMark(worker, StreamRef(stream_kind_of(kind), identity), seq)

"""Lists: whitelisted cards of streams, for display only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, update
from sqlalchemy.engine import Connection

from console.domain.record import SHIFT_ROLES, Identity, StreamClass, StreamKind, StreamRef
from console.domain.text import safe_line
from console.ports.store import Card, CardOrder, CardQuery
from db.mapping import CARD, LINE_CAP, card_of_row, whitelisted
from db.reading import may_read_stream
from db.schema import stream, stream_subject


def versions_of(connection: Connection, cards: Sequence[Card]) -> Mapping[StreamRef, int]:
    """Return how far the streams of ``cards`` had come, before a batch is written."""
    found = {}
    for card in cards:
        here = select(stream.c.version).where(*_is(card.stream))
        found[card.stream] = connection.scalar(here) or 0
    return found


def put_cards(
    connection: Connection, who: Identity, cards: Sequence[Card], before: Mapping[StreamRef, int], now: datetime
) -> None:
    """Store display folds handed in by a writer; a card folded by older reducers changes nothing.

    A card is fresh where its writer had read all that was there before this batch
    (``upto``); otherwise it stands as stale until somebody folds the stream again.
    """
    for card in cards:
        now_at = connection.execute(
            select(stream.c.version, stream.c.reducers).where(*_is(card.stream), may_read_stream(who, now))
        ).one_or_none()
        if now_at is None or card.reducers < now_at.reducers:
            continue
        fresh = card.upto >= before[card.stream]
        connection.execute(
            update(stream).where(*_is(card.stream)),
            {
                "line": safe_line(card.line, LINE_CAP),
                "details": json.dumps(whitelisted(card.details), sort_keys=True),
                "reducers": card.reducers,
                "upto": now_at.version if fresh else min(card.upto, now_at.version),
            },
        )


def _is(ref: StreamRef) -> tuple[Any, Any]:
    return stream.c.stream_kind == ref.kind.value, stream.c.stream_id == ref.id


def read_cards(connection: Connection, who: Identity, query: CardQuery) -> tuple[Card, ...]:
    """Return cards for a list, newest first; roles outside the shift see none."""
    if who.role not in SHIFT_ROLES:
        return ()
    wanted = select(*CARD).where(
        stream.c.stream_kind.in_([kind.value for kind in query.kinds]),
        stream.c.klass != StreamClass.RESTRICTED.value,
    )
    return tuple(map(card_of_row, connection.execute(_ordered(wanted, query).limit(query.limit))))


def _ordered(wanted: Select[Any], query: CardQuery) -> Select[Any]:
    match query.order:
        case CardOrder.OPEN:
            return wanted.where(stream.c.closed_at.is_(None)).order_by(stream.c.begun.desc())
        case CardOrder.RECENT:
            return wanted.order_by(stream.c.version.desc())
        case CardOrder.OF_PERSON:
            return wanted.where(_about(query)).order_by(stream.c.begun.desc())


def _about(query: CardQuery) -> ColumnElement[bool]:
    person = stream.alias("person_stream")
    restricted = exists().where(
        person.c.stream_kind == StreamKind.PERSON.value,
        person.c.stream_id == query.person,
        person.c.klass == StreamClass.RESTRICTED.value,
    )
    about = exists().where(
        stream_subject.c.stream_kind == stream.c.stream_kind,
        stream_subject.c.stream_id == stream.c.stream_id,
        stream_subject.c.person == query.person,
    )
    return and_(about, ~restricted)

"""The rota in SQL: what the door ``rota`` reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from console.domain.record import from_micros, micros
from console.domain.rota import Duty, DutyKind, Lane
from db.rota_schema import rota

MOST = 5_000
"""Rows that one reading brings at most."""
_KINDS = frozenset(kind.value for kind in DutyKind)


def read_rota(connection: Connection, since: datetime, until: datetime) -> tuple[Duty, ...]:
    """Return who is on the rota at some time between the two, in the order they begin."""
    row = rota.c
    query = (
        select(*row)
        .where(row.withdrawn_at.is_(None), row.ends > micros(since), row.begins < micros(until))
        .order_by(row.begins, row.ends, row.name, row.id)
        .limit(MOST)
    )
    return duties_of(connection.execute(query))


def duties_of(rows: Iterable[Any]) -> tuple[Duty, ...]:
    """Return duties of rows with the columns of the table; a kind of a newer version is left out."""
    return tuple(_duty(row) for row in rows if row.kind in _KINDS)


def _duty(row: Any) -> Duty:  # noqa: ANN401  a row of any store
    lane = Lane(DutyKind(row.kind), row.authority, row.service)
    begins, ends = from_micros(row.begins), from_micros(row.ends)
    return Duty(row.id, lane, row.name, row.number, begins, ends, row.safe, row.source, row.as_at)

"""How far each worker has seen each stream: marks that only move on, and a tick for the feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from console.domain.record import Identity, SeenMark
from db.mapping import mark_of_row, stream_columns
from db.schema import head, seen


@dataclass(frozen=True, slots=True)
class SeenNews:
    """Marks that moved, and the tick to ask from next time."""

    marks: tuple[SeenMark, ...]
    tick: int


def move_seen(connection: Connection, who: Identity, marks: Sequence[SeenMark]) -> None:
    """Move the cursors of ``who``; a mark that lies behind is left out, and one beyond the head.

    The latter was made on a history that this record does not hold: what will stand there nobody has seen.
    """
    newest = connection.scalar(select(head.c.seq)) or 0
    tick = connection.scalar(select(func.max(seen.c.tick))) or 0
    for mark in marks:
        here = (
            seen.c.worker == who.worker,
            seen.c.stream_kind == mark.stream.kind.value,
            seen.c.stream_id == mark.stream.id,
        )
        before = connection.scalar(select(seen.c.seq).where(*here))
        if mark.seq > newest or (before is not None and before >= mark.seq):
            continue
        tick += 1
        new = {"seq": mark.seq, "tick": tick}
        if before is None:
            connection.execute(insert(seen), {"worker": who.worker, **stream_columns(mark.stream), **new})
        else:
            connection.execute(update(seen).where(*here), new)


def first_tick(connection: Connection, after: int) -> int:
    """Return the tick from which all marks beyond seq ``after`` will be told."""
    first = connection.scalar(select(func.min(seen.c.tick)).where(seen.c.seq > after))
    newest = connection.scalar(select(func.max(seen.c.tick))) or 0
    return newest if first is None else first - 1


def seen_since(connection: Connection, who: Identity, tick: int) -> SeenNews:
    """Return what others have seen since ``tick``."""
    wanted = select(seen.c.worker, seen.c.stream_kind, seen.c.stream_id, seen.c.seq, seen.c.tick)
    rows = connection.execute(wanted.where(seen.c.tick > tick).order_by(seen.c.tick)).all()
    marks = tuple(mark for mark in map(mark_of_row, rows) if mark.worker != who.worker)
    return SeenNews(marks, rows[-1].tick if rows else tick)

"""Entries as folds read them, whether they are only kept on this computer or shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from console.domain.record import Entry, Kind, Role, Stored, StreamKind, StreamRef


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as folds read it, whether it is only kept here (``seq`` 0) or shared.

    Items of a stream are folded in seq order, kept ones after all shared ones in the order they
    were kept.  ``readable`` is False where this worker sees the envelope but not the words.
    ``made_at`` is not after ``stored_at``: what says so was written by a clock that stood ahead.  Facts of calls keep
    the switchboard's own time.
    """

    id: UUID
    stream: StreamRef
    kind: Kind
    author: str
    role: Role
    station: str
    made_at: datetime
    slot: str
    replaces: UUID | None
    corrects: UUID | None
    on_behalf_of: str
    seq: int
    stored_at: datetime | None
    content: Mapping[str, Any]
    readable: bool = True


def item_of_entry(entry: Entry) -> Item:
    """Return an entry that is only kept on this computer as folds read it."""
    return Item(
        entry.id,
        entry.stream,
        entry.kind,
        entry.author,
        entry.role,
        entry.station,
        entry.made_at,
        entry.slot,
        entry.replaces,
        entry.corrects,
        entry.on_behalf_of,
        0,
        None,
        entry.content(),
    )


def shared_item(entry: Entry, seq: int, stored_at: datetime | None) -> Item:
    """Return an own entry that has the shared record's receipt as folds read it."""
    at = _made(entry.stream, entry.made_at, stored_at)
    return replace(item_of_entry(entry), made_at=at, seq=seq, stored_at=stored_at)


def _made(stream: StreamRef, made_at: datetime, stored_at: datetime | None) -> datetime:
    if stored_at is None or stream.kind is StreamKind.CALL:
        return made_at
    return min(made_at, stored_at)


def item_of_stored(stored: Stored) -> Item:
    """Return a shared entry as folds read it."""
    at = stored.envelope
    return Item(
        at.id,
        at.stream,
        at.kind,
        at.author,
        at.role,
        at.station,
        _made(at.stream, at.made_at, at.stored_at),
        at.slot,
        at.replaces,
        at.corrects,
        at.on_behalf_of,
        at.seq,
        at.stored_at,
        stored.content(),
        stored.body is not None,
    )

"""The tables of a journal and their rows: one worker's words on this computer, in one small file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from console.domain.record import Entry, Kind, Role, StreamRef, decode_body, expects_text, from_micros, micros
from console.ports.journal import Draft, Kept, KeptState
from db.mapping import expects_of

VERSION = 1
"""``user_version`` of a journal this program writes."""

TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE kept (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL, "
    "kind TEXT NOT NULL, author TEXT NOT NULL, role TEXT NOT NULL, station TEXT NOT NULL, made_at INTEGER NOT NULL, "
    "body TEXT NOT NULL, slot TEXT NOT NULL, expects TEXT NOT NULL, replaces TEXT NOT NULL, corrects TEXT NOT NULL, "
    "on_behalf_of TEXT NOT NULL, state TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', "
    "reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, settled_at INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX kept_state ON kept (state, settled_at)",
    "CREATE TABLE draft (line TEXT PRIMARY KEY, stream TEXT NOT NULL, text TEXT NOT NULL, begun INTEGER NOT NULL, "
    "typed INTEGER NOT NULL) WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)

KEPT = (
    "SELECT place, id, stream, kind, author, role, station, made_at, body, slot, expects, replaces, corrects, "
    "on_behalf_of, state, seq, digest, reason, attempts FROM kept "
)
INSERT = (
    "INSERT INTO kept (id, stream, kind, author, role, station, made_at, body, slot, expects, replaces, corrects, "
    "on_behalf_of, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued')"
)
PUT_DRAFT = (
    "INSERT INTO draft (line, stream, text, begun, typed) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (line) DO UPDATE SET text = excluded.text, typed = excluded.typed"
)
MARK = (
    "UPDATE kept SET state = ?, seq = ?, digest = ?, reason = ?, settled_at = ?, "
    "attempts = attempts + (? = 'queued') WHERE id = ?"
)


def row_of(entry: Entry) -> tuple[object, ...]:
    """Return the values of :data:`INSERT`."""
    return (
        str(entry.id),
        str(entry.stream),
        entry.kind.value,
        entry.author,
        entry.role.value,
        entry.station,
        micros(entry.made_at),
        entry.body,
        entry.slot,
        expects_text(entry.expects),
        str(entry.replaces or ""),
        str(entry.corrects or ""),
        entry.on_behalf_of,
    )


def kept_of(row: Sequence[Any]) -> Kept:
    """Return what a row of :data:`KEPT` says."""
    place, identity, stream, kind, author, role, station, made_at, body, slot, expects, replaces, corrects, behalf = (
        row[:14]
    )
    state, seq, digest, reason, attempts = row[14:]
    entry = Entry(
        UUID(identity),
        StreamRef.parse(stream),
        Kind(kind),
        author,
        Role(role),
        station,
        from_micros(made_at),
        body,
        slot,
        expects_of(expects),
        UUID(replaces) if replaces else None,
        UUID(corrects) if corrects else None,
        behalf,
    )
    return Kept(place, entry, KeptState(state), seq, digest, reason, attempts)


def draft_of(row: Sequence[Any]) -> Draft:
    """Return a draft; the row holds line, stream, text, begun, typed."""
    line, stream, text, begun, typed = row
    return Draft(UUID(line), StreamRef.parse(stream), text, from_micros(begun), from_micros(typed))


def settled_line(entry: Entry) -> str:
    """Return the line whose draft this entry settles, or nothing."""
    content: Mapping[str, Any] = decode_body(entry.body)
    line = content.get("line")
    return line if isinstance(line, str) else ""

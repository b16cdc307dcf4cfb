"""The tables of a journal and their rows: one worker's words on this computer, in one small file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from console.domain.record import Entry, Kind, StreamRef, decode_body, expects_text, from_micros, micros, read_role
from console.ports.journal import Draft, Kept, KeptState
from db.mapping import expects_of

VERSION = 2
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
    "typed INTEGER NOT NULL, corrects TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)
UPGRADES = (("ALTER TABLE draft ADD COLUMN corrects TEXT NOT NULL DEFAULT ''", "PRAGMA user_version = 2"),)
"""What makes a journal of version 1, 2 ... one of the next; a journal on a disk is never begun anew."""

KEPT = (
    "SELECT place, id, stream, kind, author, role, station, made_at, body, slot, expects, replaces, corrects, "
    "on_behalf_of, state, seq, digest, reason, attempts FROM kept "
)
INSERT = (
    "INSERT INTO kept (id, stream, kind, author, role, station, made_at, body, slot, expects, replaces, corrects, "
    "on_behalf_of, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued')"
)
PUT_DRAFT = (
    "INSERT INTO draft (line, stream, text, begun, typed, corrects) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (line) DO UPDATE SET text = excluded.text, typed = excluded.typed"
)
DRAFTS = "SELECT line, stream, text, begun, typed, corrects FROM draft ORDER BY begun, line"
COUNT_LINES = "SELECT count(*) FROM draft WHERE stream LIKE 'contact:%' OR stream LIKE 'incident:%'"
COUNT_PANELS = "SELECT count(*) FROM draft WHERE stream NOT LIKE 'contact:%' AND stream NOT LIKE 'incident:%'"
"""Drafts on a stream without notes are half-filled panels."""
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


def statements_from(version: int) -> tuple[str, ...]:
    """Return what makes a file of ``version`` (0: an empty one) a journal of :data:`VERSION`."""
    if version == 0:
        return TABLES
    return tuple(statement for step in UPGRADES[version - 1 :] for statement in step)


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
        read_role(role),
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
    """Return what a row of :data:`DRAFTS` says."""
    line, stream, text, begun, typed, corrects = row
    over = UUID(corrects) if corrects else None
    return Draft(UUID(line), StreamRef.parse(stream), text, from_micros(begun), from_micros(typed), over)


def draft_row(draft: Draft) -> tuple[object, ...]:
    """Return the values of :data:`PUT_DRAFT`."""
    begun, typed = micros(draft.begun), micros(draft.typed)
    return (str(draft.line), str(draft.stream), draft.text, begun, typed, str(draft.corrects or ""))


def settled_line(entry: Entry) -> str:
    """Return the line whose draft this entry settles, or nothing."""
    content: Mapping[str, Any] = decode_body(entry.body)
    line = content.get("line")
    return line if isinstance(line, str) else ""

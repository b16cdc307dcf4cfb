"""Entries of kinds that only a later version knows, put into a record as that version's ``append`` would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import insert, select, update

from console.domain.record import StreamRef
from db.schema import entry, entry_body, head, slot, stream
from db.sqlite import SqliteStore

BODY = json.dumps({"line": "what a later version says"}, separators=(",", ":"))
MADE_AT = 1_764_500_000_000_000
Kinds = Callable[[StreamRef], tuple[tuple[str, UUID, str, str], ...]]
AUTHOR, ROLE, STATION = "priya.raman", "social_worker_children", "desk-1"


def newer_kinds(about: StreamRef) -> tuple[tuple[str, UUID, str, str], ...]:
    """Return (stream kind, stream id, kind, slot): a new kind about what is known, and new streams."""
    return (
        (about.kind.value, about.id, "contact.weighed", "weight"),
        ("placement", uuid4(), "placement.offered", "offer"),
        ("placement", uuid4(), "contact.note", ""),
    )


def newer_role(about: StreamRef) -> tuple[tuple[str, UUID, str, str], ...]:
    """Return (stream kind, stream id, kind, slot) of what everybody knows, to be written by somebody in a new role."""
    return ((about.kind.value, about.id, "contact.note", ""),)


def put_into_file(store: SqliteStore, about: StreamRef, kinds: Kinds = newer_kinds, role: str = ROLE) -> None:
    """Chain them by hand: nothing here asks the program under test how."""
    with store.database.writing() as line:
        seq, digest = line.execute(select(head.c.seq, head.c.digest)).one()
        for kind_of_stream, ref, kind, place in kinds(about):
            seq, identity, sha = seq + 1, uuid4(), hashlib.sha256(BODY.encode()).hexdigest()
            parts = [digest, str(seq), str(identity), f"{kind_of_stream}:{ref}", kind, AUTHOR, role, str(MADE_AT)]
            parts += [str(MADE_AT), sha, STATION, "", place, "", "", ""]
            digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
            row: dict[str, Any] = {
                "seq": seq, "id": identity, "stream_kind": kind_of_stream, "stream_id": ref, "kind": kind,
                "author": AUTHOR, "role": role, "station": STATION, "made_at": MADE_AT, "stored_at": MADE_AT,
                "slot": place, "expects": "", "replaces": None, "corrects": None, "on_behalf_of": "",
                "body_sha256": sha, "digest": digest,
            }  # fmt: skip
            line.execute(insert(entry), row)
            line.execute(insert(entry_body), {"id": identity, "body": BODY})
            key = {"stream_kind": kind_of_stream, "stream_id": ref}
            if kind_of_stream == about.kind.value:
                line.execute(update(stream).where(stream.c.stream_id == ref).values(version=seq))
            else:
                columns = {"klass": "shift", "begun": seq, "version": seq, "opened_at": MADE_AT, "closed_at": None}
                line.execute(insert(stream), {**key, **columns, "line": "", "details": "{}", "reducers": 0, "upto": 0})
            if place:
                said = {"head": identity, "seq": seq, "author": AUTHOR, "stored_at": MADE_AT}
                line.execute(insert(slot), {**key, "slot": place, **said})
        line.execute(update(head).values(seq=seq, digest=digest))


def put_into_server(line: psycopg.Connection, about: StreamRef, kinds: Kinds = newer_kinds, role: str = ROLE) -> None:
    """Let the server chain them; ``line`` is a superuser's, who stands above its rules."""
    for kind_of_stream, ref, kind, place in kinds(about):
        given = {
            "id": str(uuid4()), "stream_kind": kind_of_stream, "stream_id": str(ref), "kind": kind, "author": AUTHOR,
            "role": role, "station": STATION, "made_at": MADE_AT, "slot": place, "expects": "", "replaces": None,
            "corrects": None, "on_behalf_of": "", "body": BODY,
        }  # fmt: skip
        line.execute("SELECT put(read_entry(%s, now_us()), %s)", [Jsonb(given), BODY])
        line.execute(
            "INSERT INTO seen (worker, stream_kind, stream_id, seq, tick) "
            "SELECT %s, %s, %s, 1, coalesce(max(tick), 0) + 1 FROM seen",
            [AUTHOR, kind_of_stream, ref],
        )

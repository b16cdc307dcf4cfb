"""What ``append`` writes into a file, written bare: the same rows, with nothing of ours above SQLite."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.domain.record import Entry, Identity
from db.engine import Driver
from ui.bench.people import new_record
from ui.bench.processes import Child

NEWS = "SELECT e.seq, e.*, b.body FROM entry e JOIN entry_body b ON b.id = e.id WHERE e.seq > ? ORDER BY e.seq"
_TABLES = {
    "stream": "stream_kind = (SELECT stream_kind FROM entry WHERE seq = :seq) "
    "AND stream_id = (SELECT stream_id FROM entry WHERE seq = :seq)",
    "entry": "seq = :seq",
    "entry_body": "id = (SELECT id FROM entry WHERE seq = :seq)",
    "head": "true",
}
"""What an entry of a note writes to, and which row of each."""


@dataclass(frozen=True, slots=True)
class Written:
    """One row as ``append`` left it: a statement that puts it there, and its values."""

    statement: str
    values: tuple[Any, ...]


def written(file: Path, notes: Sequence[Entry]) -> list[list[Written]]:
    """Append notes to a new record at ``file``; return the rows that each one wrote."""
    store = new_record(file)
    bare = store.database.bare()
    try:
        put = {table: _put(bare, table) for table in _TABLES}
        return [_rows(bare, put, store.append(_who(note), [note])[0].seq) for note in notes]
    finally:
        bare.close()
        store.close()


def heard(file: Path, rows: Sequence[Sequence[Written]], consoles: int) -> list[float]:
    """Commit the rows of each note bare into a new record at ``file``, read by so many processes that look.

    Return how long until one of them had read it, in ms.
    """
    store = new_record(file)
    bare = store.database.bare()
    wish = {"record": str(file), "query": NEWS, "after": store.heartbeat().head.seq}
    children: list[Child] = []
    try:
        children += [Child("hearer", wish) for _ in range(consoles)]
        for child in children:
            child.hear("ready")
        return [_one(bare, children, at, row) for at, row in enumerate(rows)]
    finally:
        for child in children:
            child.end()
        bare.close()
        store.close()


def _who(note: Entry) -> Identity:
    return Identity(note.author, note.author, note.role, note.station)


def _put(bare: Driver, table: str) -> str:
    columns = [str(row[1]) for row in bare.execute(f"PRAGMA table_info({table})").fetchall()]
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns)
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {changed}"  # noqa: S608  our own tables


def _rows(bare: Driver, put: dict[str, str], seq: int) -> list[Written]:
    found = []
    for table, which in _TABLES.items():
        wanted = f"SELECT * FROM {table} WHERE {which.replace(':seq', str(int(seq)))}"  # noqa: S608  our own tables
        found += [Written(put[table], tuple(row)) for row in bare.execute(wanted).fetchall()]
    return found


def _one(bare: Driver, hearers: Sequence[Child], at: int, rows: Sequence[Written]) -> float:
    began = time.perf_counter_ns()
    bare.execute("BEGIN IMMEDIATE")
    for row in rows:
        bare.execute(row.statement, row.values)
    bare.execute("COMMIT")
    moments = [hearer.hear("heard")["at"] for hearer in hearers]
    # Not in step with anything that beats.
    time.sleep(0.03 + (at * 37 % 100) / 1000)
    return float(moments[0] - began) / 1e6

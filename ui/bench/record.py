"""What the record itself costs: one entry shared, one kept in the journal, a whole record verified."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from console.domain.ids import new_id
from console.domain.record import Entry, Identity, Kind, Role, StreamKind, StreamRef, encode_body
from console.machine.clock import SystemClock
from console.ports.store import VerifyReport
from db.shelf import JournalShelf
from db.sqlite import SqliteStore
from ui.bench.people import new_record
from ui.bench.processes import BenchFault
from ui.bench.scratch import scratch
from ui.bench.settings import Bench
from ui.bench.table import Row, figures, single

WHO = Identity("priya.raman", "P Raman", Role.SERVICE_ADVISER, "bench")
_TABLE = "CREATE TABLE entry (id TEXT PRIMARY KEY, at TEXT, body TEXT)"
_INSERT = "INSERT INTO entry VALUES (?, ?, ?)"
_AT_ONCE = 50
"""Entries of one batch, as the outbox sends them."""


def measure(bench: Bench) -> list[Row]:
    """Return the rows of append, journal and verify."""
    folder = bench.place("record")
    bench.say(f"appending and keeping {bench.sizes.entries:,} entries, verifying {bench.sizes.verified:,}")
    store = new_record(folder / "record.db")
    try:
        return [
            *_appending(store, folder, bench.sizes.entries),
            _keeping(folder, bench.sizes.entries),
            _verifying(store, bench.sizes.verified),
        ]
    finally:
        store.close()


def _entries(count: int) -> list[Entry]:
    clock = SystemClock()
    stream = StreamRef(StreamKind.INCIDENT, new_id(clock.now()))
    made = []
    for at in range(count):
        now = clock.now()
        text = encode_body({"line": str(new_id(now)), "text": f"line {at}: she is by the bus stop", "begun": str(now)})
        made.append(Entry(new_id(now), stream, Kind.INCIDENT_NOTE, WHO.worker, WHO.role, WHO.station, now, text))
    return made


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1e6


def _appending(store: SqliteStore, folder: Path, count: int) -> list[Row]:
    singles, batched = _entries(count), _entries(count)
    bare = scratch(folder / "bare.db", _TABLE)
    ours = [_timed(partial(store.append, WHO, [one])) for one in singles]
    limit = [_timed(partial(bare.execute, _INSERT, _row(one))) for one in singles]
    bare.close()
    began = time.perf_counter()
    for at in range(0, count, _AT_ONCE):
        store.append(WHO, batched[at : at + _AT_ONCE])
    rate = count / (time.perf_counter() - began)
    bare_rate = 1000 * len(limit) / sum(limit)
    return [
        Row("append", "one entry appended", "ms", figures(ours), "a bare insert committed", figures(limit)),
        Row("append_rate", f"entries appended in batches of {_AT_ONCE}", "/s", single(rate),
            "bare inserts, each committed", single(bare_rate), more_is_better=True),
    ]  # fmt: skip


def _row(entry: Entry) -> tuple[object, ...]:
    return str(entry.id), str(entry.made_at), entry.body


def _keeping(folder: Path, count: int) -> Row:
    entries = _entries(count)
    shelf = JournalShelf(folder / "journals", lambda _file, _name: bytes(32), SystemClock())
    journal = shelf.open(WHO.worker, WHO.name)
    bare = scratch(folder / "bare journal.db", _TABLE)
    try:
        ours = [_timed(partial(journal.keep, [one])) for one in entries]
        limit = [_timed(partial(bare.execute, _INSERT, _row(one))) for one in entries]
    finally:
        bare.close()
        journal.close()
    what = "one entry kept in the journal, encrypted"
    return Row("journal_keep", what, "ms", figures(ours), "a bare insert committed, not encrypted", figures(limit))


def _verifying(store: SqliteStore, count: int) -> Row:
    there = store.heartbeat().head.seq
    more = _entries(max(0, count - there))
    for at in range(0, len(more), 500):
        store.append(WHO, more[at : at + 500])
    bodies = _bodies(store)
    reports: list[VerifyReport] = []
    ours = _timed(lambda: reports.append(store.verify()))
    if reports[0].first_bad:
        raise BenchFault("The record of the bench did not verify; that is a fault of ours, please report it.")
    limit = _timed(lambda: [hashlib.sha256(one).digest() for one in bodies])
    what = f"a record of {len(bodies):,} entries verified"
    return Row("verify", what, "ms", single(ours), "sha256 of the same bytes", single(limit))


def _bodies(store: SqliteStore) -> Sequence[bytes]:
    """Return what the two digests of each entry are made of: its body, and as many bytes of envelope."""
    found = store.news(WHO, 0, limit=10_000_000)
    return [(one.body or "").encode() + repr(one.envelope).encode() for one in found]

"""What the record itself costs: one entry shared, one kept in the journal, a whole record verified."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.ids import new_id
from console.domain.record import Entry, Identity, Kind, Role, Stored, StreamKind, StreamRef, encode_body
from console.machine.clock import SystemClock
from console.ports.store import VerifyReport
from db.shelf import JournalShelf
from ui.bench.ground import Ground, empty_ground
from ui.bench.processes import BenchFault
from ui.bench.scratch import scratch
from ui.bench.settings import Bench
from ui.bench.sqlite_ground import ENTRY, INSERT, row_of
from ui.bench.table import Row, figures, single

if TYPE_CHECKING:
    from ui.bootstrap.opening import Record

WHO = Identity("priya.raman", "Priya Raman", Role.SERVICE_ADVISER, "bench")
_PAGE = 5_000
_AT_ONCE = 50
"""Entries of one batch, as the outbox sends them."""


def measure(bench: Bench) -> list[Row]:
    """Return the rows of append, journal and verify."""
    bench.say(f"appending and keeping {bench.sizes.entries:,} entries, verifying {bench.sizes.verified:,}")
    with empty_ground(bench, "record") as ground, ground.record(WHO.name, WHO.role) as store:
        return [
            *_appending(store, ground, bench.sizes.entries),
            _keeping(bench.folder / "record", bench.sizes.entries),
            _verifying(store, ground, bench.sizes.verified),
        ]


def entries(count: int, who: Identity = WHO) -> list[Entry]:
    """Return as many new entries of ``who``, lines of one note."""
    clock = SystemClock()
    stream = StreamRef(StreamKind.INCIDENT, new_id(clock.now()))
    made = []
    for at in range(count):
        now = clock.now()
        text = encode_body({"line": str(new_id(now)), "text": f"line {at}: she is by the bus stop", "begun": str(now)})
        made.append(Entry(new_id(now), stream, Kind.INCIDENT_NOTE, who.worker, who.role, who.station, now, text))
    return made


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1e6


def _appending(store: Record, ground: Ground, count: int) -> list[Row]:
    singles, batched = entries(count), entries(count)
    ours = [_timed(partial(store.append, WHO, [one])) for one in singles]
    with ground.inserting() as insert:
        limit = [_timed(partial(insert, one)) for one in singles]
    began = time.perf_counter()
    for at in range(0, count, _AT_ONCE):
        store.append(WHO, batched[at : at + _AT_ONCE])
    rate = count / (time.perf_counter() - began)
    bare_rate = 1000 * len(limit) / sum(limit)
    beside = ground.words.inserted
    return [
        Row("append", "one entry appended", "ms", figures(ours), beside, figures(limit)),
        Row("append_rate", f"entries appended in batches of {_AT_ONCE}", "/s", single(rate),
            f"{beside}, one by one", single(bare_rate), more_is_better=True),
    ]  # fmt: skip


def _keeping(folder: Path, count: int) -> Row:
    kept = entries(count)
    shelf = JournalShelf(folder / "journals", lambda _file, _name: bytes(32), SystemClock())
    journal = shelf.open(WHO.worker, WHO.name)
    bare = scratch(folder / "bare journal.db", ENTRY)
    try:
        ours = [_timed(partial(journal.keep, [one])) for one in kept]
        limit = [_timed(partial(bare.execute, INSERT, row_of(one))) for one in kept]
    finally:
        bare.close()
        journal.close()
    what = "one entry kept in the journal, encrypted"
    return Row("journal_keep", what, "ms", figures(ours), "a bare insert committed, not encrypted", figures(limit))


def _verifying(store: Record, ground: Ground, count: int) -> Row:
    there = store.heartbeat().head.seq
    more = entries(max(0, count - there))
    for at in range(0, len(more), 500):
        store.append(WHO, more[at : at + 500])
    bodies = _bodies(store)
    reports: list[VerifyReport] = []
    ours = _timed(lambda: reports.append(ground.verify()))
    if reports[0].first_bad:
        raise BenchFault("The record of the bench did not verify; that is a fault of ours, please report it.")
    limit = _timed(lambda: [hashlib.sha256(one).digest() for one in bodies])
    what = f"a record of {len(bodies):,} entries verified"
    return Row("verify", what, "ms", single(ours), "sha256 of the same bytes", single(limit))


def _bodies(store: Record) -> Sequence[bytes]:
    """Return what the two digests of each entry are made of: its body, and as many bytes of envelope."""
    found: list[Stored] = []
    while page := store.news(WHO, found[-1].envelope.seq if found else 0, limit=_PAGE):
        found += page
    return [(one.body or "").encode() + repr(one.envelope).encode() for one in found]

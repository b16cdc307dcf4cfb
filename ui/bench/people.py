"""The record with a million invented people: made once, kept, and copied for each use."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from console.domain.invent import AS_OF, invent
from console.machine.clock import SystemClock
from db.opening import create_store, open_store
from db.people_desk import add_invented
from db.sqlite import SqliteStore
from ui.bench.settings import Bench

SEED = 1
_EVERY = 100_000


def big_record(bench: Bench) -> Path:
    """Return the kept record with so many people; made now where it is missing, which takes minutes."""
    count = bench.sizes.people
    file = bench.kept / f"people-{count}-{AS_OF:%Y%m%d}.db"
    if file.is_file():
        _up_to_date(file)
        bench.say(f"the record with {count:,} invented people is there already: {file}")
        return file
    bench.kept.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    began = clock.monotonic()
    bench.say(f"inventing {count:,} people, once; they are kept in {file}")
    half = file.with_suffix(".making")
    remove(half)
    _fill(bench, half)
    half.rename(file)
    bench.say(f"{count:,} people invented in {clock.monotonic() - began:.0f} s, {file.stat().st_size / 1e6:,.0f} MB")
    return file


def _up_to_date(file: Path) -> None:
    """Bring a record kept since an older version to this one, once and not in each copy."""
    open_existing(file).close()
    for before in file.parent.glob(f"{file.name}.before-*"):
        before.unlink()


def _fill(bench: Bench, file: Path) -> None:
    store = new_record(file)
    try:
        add_invented(store.database, invent(bench.sizes.people, SEED), progress_of(bench))
        bare = store.database.bare()
        bare.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        bare.close()
    finally:
        store.close()


def progress_of(bench: Bench) -> Callable[[int], None]:
    """Return what is told how many people are written, and says so now and then."""
    told = [0]

    def progress(done: int) -> None:
        if done - told[0] >= _EVERY:
            told[0] = done
            bench.say(f"  {done:,} of {bench.sizes.people:,} people")

    return progress


def new_record(file: Path) -> SqliteStore:
    """Make an empty, unencrypted record for invented people."""
    store = create_store(str(file), key=None, clock=SystemClock(), invented=True)
    if not isinstance(store, SqliteStore):
        raise TypeError("the bench works on files")
    return store


def open_existing(file: Path) -> SqliteStore:
    """Open a record of the bench."""
    store = open_store(str(file), key=None, clock=SystemClock(), migrate=True)
    if not isinstance(store, SqliteStore):
        raise TypeError("the bench works on files")
    return store


def copy_record(bench: Bench, folder: Path) -> Path:
    """Return a copy of the big record, to be worked on and thrown away."""
    source = big_record(bench)
    target = folder / "record.db"
    shutil.copyfile(source, target)
    return target


def remove(file: Path) -> None:
    """Remove a record with its log, where there is one."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def some_numbers(file: Path, count: int) -> list[str]:
    """Return E.164 numbers that somebody has now, in an order that is the same in every run."""
    store = open_existing(file)
    bare = store.database.bare()
    try:
        found = bare.execute("SELECT DISTINCT e164 FROM person_on_line WHERE until IS NULL ORDER BY e164").fetchall()
    finally:
        bare.close()
        store.close()
    return spread([str(row[0]) for row in found], count)


def spread(numbers: Sequence[str], count: int) -> list[str]:
    """Return ``count`` of these numbers from all over, the same in every run, again from the first where they end."""
    shuffled = random.Random(SEED).sample(numbers, len(numbers))  # noqa: S311 - spreads numbers, keeps no secret
    return [shuffled[at % len(shuffled)] for at in range(count)]

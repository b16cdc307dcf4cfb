"""A record in a file for one part of the bench, and bare SQLite beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.domain.record import Entry, Role
from console.ports.store import VerifyReport
from db.engine import Driver, connect
from ui.bench.bare_rows import heard, written
from ui.bench.ground import Words
from ui.bench.people import copy_record, new_record, open_existing, some_numbers
from ui.bench.processes import Child
from ui.bench.scratch import scratch
from ui.bench.settings import Bench

if TYPE_CHECKING:
    from ui.bootstrap.opening import Record

ENTRY = "CREATE TABLE entry (id TEXT PRIMARY KEY, at TEXT, body TEXT)"
INSERT = "INSERT INTO entry VALUES (?, ?, ?)"


def empty_sqlite(bench: Bench, name: str) -> SqliteGround:
    """Return an empty record for a part."""
    folder = bench.place(name)
    new_record(folder / "record.db").close()
    return SqliteGround(folder)


def peopled_sqlite(bench: Bench, name: str) -> SqliteGround:
    """Return a copy of the big record for a part."""
    folder = bench.place(name)
    copy_record(bench, folder)
    return SqliteGround(folder)


def row_of(entry: Entry) -> tuple[object, ...]:
    """Return an entry as a bare table keeps it."""
    return str(entry.id), str(entry.made_at), entry.body


class SqliteGround:
    """Implements :class:`ui.bench.ground.Ground` on a plain file."""

    words = Words(
        looked="a bare indexed look-up with an audit row committed",
        heard="a bare commit here, heard by a bare connection that looks every 10 ms",
        inserted="a bare insert committed",
        shared="bare: the rows that `append` writes committed here, heard and read by one of {consoles} that look "
        "every 10 ms",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "record.db"

    @property
    def database(self) -> str:
        """Return the file."""
        return str(self.file)

    def wish(self, name: str, role: Role) -> dict[str, Any]:
        """Return what a child needs: anybody may open a file."""
        return {"record": self.database, "name": name, "role": role.value}

    @contextmanager
    def record(self, name: str, role: Role) -> Iterator[Record]:
        """Give the record; it is the same for everybody."""
        store = open_existing(self.file)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold the file's lock."""
        holder = connect(self.file, None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()

    def verify(self) -> VerifyReport:
        """Prove the record."""
        with self.record("", Role.SERVICE_ADVISER) as store:
            return store.verify()

    def numbers(self, count: int) -> list[str]:
        """Return numbers of the record."""
        return some_numbers(self.file, count)

    def audited(self) -> int:
        """Count the rows of the access log."""
        with self._bare() as bare:
            row = bare.execute("SELECT count(*) FROM access WHERE action = 'listed'").fetchone()
        return int(row[0]) if row else 0

    def lookups(self, numbers: Sequence[str]) -> list[float]:
        """Look numbers up on a bare connection to the same file."""
        table = "CREATE TABLE looked (id INTEGER PRIMARY KEY, at TEXT, what TEXT)"
        audit = scratch(self.folder / "audit.db", table)
        try:
            with self._bare() as bare:
                return [_one_lookup(bare, audit, number) for number in numbers]
        finally:
            audit.close()

    @contextmanager
    def inserting(self) -> Iterator[Callable[[Entry], object]]:
        """Give an insert into a bare file with the record's settings."""
        bare = scratch(self.folder / "bare.db", ENTRY)
        try:
            yield lambda entry: bare.execute(INSERT, row_of(entry))
        finally:
            bare.close()

    def heard(self, texts: Sequence[str]) -> list[float]:
        """Commit into a bare file that a process looks at every 10 ms."""
        file = self.folder / "heard.db"
        driver = scratch(file, "CREATE TABLE heard (id INTEGER PRIMARY KEY, at TEXT, what TEXT)")
        taken = []
        try:
            with Child("hearer", {"record": str(file)}) as hearer:
                hearer.hear("ready")
                for at, text in enumerate(texts):
                    began = time.perf_counter_ns()
                    driver.execute("INSERT INTO heard (at, what) VALUES (?, ?)", (str(began), text))
                    taken.append((hearer.hear("heard")["at"] - began) / 1e6)
                    time.sleep(0.03 + (at * 37 % 100) / 1000)
        finally:
            driver.close()
        return taken

    def shared(self, notes: Sequence[Entry], consoles: int) -> list[float]:
        """Commit into a new record the very rows that ``append`` writes for each note."""
        rows = written(self.folder / "written.db", notes)
        return heard(self.folder / "shared.db", rows, consoles)

    @contextmanager
    def crowd(self, consoles: int) -> Iterator[int]:
        """Keep nobody: a file is for the consoles of one computer, and forty do not stand on one."""
        yield 0

    @contextmanager
    def _bare(self) -> Iterator[Driver]:
        store = open_existing(self.file)
        bare = store.database.bare()
        try:
            yield bare
        finally:
            bare.close()
            store.close()


def _one_lookup(bare: Driver, audit: Driver, number: str) -> float:
    began = time.perf_counter_ns()
    audit.execute("INSERT INTO looked (at, what) VALUES (?, ?)", (str(began), number))
    bare.execute(
        "SELECT p.* FROM person_on_line o JOIN person p ON p.id = o.person WHERE o.e164 = ? AND o.until IS NULL",
        (number,),
    ).fetchall()
    return (time.perf_counter_ns() - began) / 1e6

"""An import beside a bulk load: the council's file read, checked and written, and the same rows put there bare."""

from __future__ import annotations

import csv
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

from console.domain.invent import invent
from console.domain.people_csv import PERSON_COLUMNS
from console.domain.people_sheet import people_cells
from db.people_bulk import BareRows, load_bare, read_bare
from db.people_desk import PeopleDatabase, PeopleImport
from db.people_import import Counts, FileRun
from ui.bench.people import SEED, new_record
from ui.bench.processes import BenchFault
from ui.bench.settings import Bench, StoreKind
from ui.bench.table import Aim, Row, single
from ui.commands._people_file import CouncilFile

AS_OF = date(2025, 12, 1)
"""The day the file was written: past, so that no day in it is still to come."""
IN_A_FILE = "executemany of the same rows in one transaction, into the same tables with the same indexes"
ON_POSTGRESQL = "COPY of the same rows in one transaction, into the same tables with the same indexes"


def measure(bench: Bench) -> list[Row]:
    """Return the rows of importing into a record of the store that is measured."""
    if bench.store is StoreKind.POSTGRESQL:
        # psycopg comes with an extra, and is not wanted for a file.
        from ui.bench.two_services import two_desks  # noqa: PLC0415  see above

        bench.place("importing")
        with two_desks(bench) as desks:
            return measure_into(bench, *desks, ON_POSTGRESQL, Aim(4, relative=True))
    folder = bench.place("importing")
    ours, bare = new_record(folder / "ours.db"), new_record(folder / "bare.db")
    try:
        return measure_into(bench, ours.database, bare.database, IN_A_FILE)
    finally:
        ours.close()
        bare.close()


def measure_into(
    bench: Bench, ours: PeopleDatabase, bare: PeopleDatabase, beside: str, aim: Aim | None = None
) -> list[Row]:
    """Return the rows of importing into one empty record, and loading the same rows into another of the same kind.

    Both records are for invented people; on PostgreSQL each is a ``PeopleDesk`` of its own service.
    """
    people = bench.sizes.imported
    bench.say(f"importing {people:,} people of a CSV file")
    file = _write_file(bench.folder / "importing.csv", people)
    first, again = _timed(lambda: _imported(file, ours)), _timed(lambda: _imported(file, ours))
    with ours.writing(limitless=True) as connection:
        rows = read_bare(connection)
    limit = _timed(lambda: _loaded(bare, rows))
    note = f"{people / first:,.0f} people a second, {rows.count:,} rows"
    what = f"{people:,} people of a CSV file imported"
    return [
        Row("import", what, "s", single(first), beside, single(limit), aim, note=note),
        Row("import_again", "the same file again: nothing to do", "s", single(again), beside, single(limit)),
    ]


def _write_file(path: Path, people: int) -> Namespace:
    """Write the file, and return what the command line would say of it."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [name for name, _ in PERSON_COLUMNS], lineterminator="\n")
        writer.writeheader()
        # Every number a person ever had: a council has one or two of nearly everybody.
        writer.writerows(people_cells(invent(people, SEED, AS_OF), AS_OF, once_theirs=True))
    return Namespace(file=path, kind="people", encoding="utf-8", invented=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _imported(args: Namespace, database: PeopleDatabase) -> Counts:
    """Do what `people import` does, without its words."""
    refused: list[object] = []
    file = CouncilFile(args)
    file.check(refused.append, lambda _: None, lambda _: None)
    work = PeopleImport(database, FileRun(file.run(), file.today, file.lines), invented=True)
    work.write(file.people(work.begin()), refused.append, lambda _: None)
    work.finish()
    if refused or work.counts.rows != file.good:
        raise BenchFault("The file of the bench was not imported whole; that is a fault of ours, please report it.")
    return work.counts


def _loaded(bare: PeopleDatabase, rows: BareRows) -> None:
    with bare.writing(limitless=True) as connection:
        load_bare(connection, rows)

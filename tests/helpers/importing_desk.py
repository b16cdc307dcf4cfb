"""A record of either kind into which the council's file is imported, and what its tables then hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from console.domain.file_phones import FileLines, Noted
from console.domain.people import PersonRecord
from console.domain.people_csv import FilePerson, Refused, read_person_row
from console.domain.record import Identity
from console.ports.store import Look, Store
from db.people_desk import PeopleDatabase, PeopleImport
from db.people_import import Counts, FileRun
from db.people_schema import ON_FILES_ONLY, TABLES, imported
from db.postgres.importing import PeopleDesk
from db.sqlite import SqliteStore
from tests.helpers.people_room import TODAY
from tests.helpers.team_record import TeamStore

BASE = {
    "case_system_id": "448 210",
    "family": "Fenn",
    "given": "Marcus",
    "born": "19/02/1992",
    "address_line_1": "9 Larch Court",
    "phone_1": "07700 900412",
    "phone_1_confirmed_on": "3/10/2025",
}


def person_of(line: int = 2, **cells: str) -> FilePerson:
    """Return a row of the file: Marcus Fenn, with other cells where said."""
    return read_person_row({**BASE, **cells}, line, TODAY)


def crowd(count: int, **cells: str) -> list[FilePerson]:
    """Return rows of so many different people."""
    return [person_of(n, **{"case_system_id": f"C{n:06}", "given": f"N{n}", **cells}) for n in range(2, count + 2)]


@dataclass
class ImportingDesk:
    """A store, and the way people come into it."""

    store: Store
    database: PeopleDatabase
    noted: list[Noted] = field(default_factory=list)

    def start(self, rows: Iterable[FilePerson], run: UUID | None = None) -> PeopleImport:
        """Return an import of a file with these rows, checked; ``run`` is the same for the same file."""
        lines = FileLines(self.noted.append)
        for row in rows:
            lines.add(row.line, row.phones)
        return PeopleImport(self.database, FileRun(run or uuid4(), TODAY, lines), invented=True)

    def bring(self, rows: Sequence[FilePerson], run: UUID | None = None) -> Counts:
        """Import a whole file; nothing in it is refused."""
        work = self.start(rows, run)
        done = work.begin()
        refused: list[Refused] = []
        work.write([row for row in rows if row.line not in done], refused.append, lambda _: None)
        work.finish()
        assert refused == []
        return work.counts

    def open(self, who: Identity, reference: str = "448 210") -> PersonRecord:
        """Find a person by reference and open the record, as a console does."""
        found = self.store.look(who, self.store.ask_look(who, Look("t", reference=reference.replace(" ", ""))))
        (one,) = found.people
        return self.store.open(who, self.store.ask_open(who, one.person, "t"))

    def tables(self, *, runs: bool = False) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of the tables both stores have alike; the file that brought a row only where ``runs``."""
        with self.database.writing() as connection:
            found = {}
            for table in (one for one in TABLES if ON_FILES_ONLY not in one.info):
                columns = [column for column in table.c if runs or column is not imported.c.run]
                rows = connection.execute(select(*columns)).all()
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        return found


@contextmanager
def desk_of(store: Store) -> Iterator[ImportingDesk]:
    """Give the way into a store; its log-in is closed afterwards."""
    if isinstance(store, SqliteStore):
        yield ImportingDesk(store, store.database)
        return
    assert isinstance(store, TeamStore)
    desk = PeopleDesk(store.helper("import"))
    try:
        yield ImportingDesk(store, desk)
    finally:
        desk.close()


def day(text: str) -> date:
    """Return a day from its ISO form."""
    return date.fromisoformat(text)

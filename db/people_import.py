"""Write the council's file of people: what is new is added, what changed is changed, nothing is lost.

A person is known by the case number, every sign of it.  The same row twice changes nothing.  Rows are written some
at a time, each lot in a transaction of its own with a mark of the file and the line beside each person
(``imported``): nobody waits long for the lock, a person is there whole or not at all, and the same file started again
goes on behind what the marks say is done (docs/decisions/0018-imports-in-lots.md).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Connection

from console.domain.agencies_csv import FileAgency
from console.domain.file_phones import FileLines, FilePhone
from console.domain.people_csv import FilePerson, Refused, exact_reference
from console.domain.people_rows import AgencyRow, Batch, LineRow
from db.people_change import Changed, change_people, update_rows
from db.people_file_rows import batch_of, line_row
from db.people_fill import among, write_batch, write_rows
from db.people_keys import put_near
from db.people_schema import agency, imported, line, person

CHUNK = 2000
"""Rows looked up and written together, in one transaction."""
GONE = 0
"""What ``imported.line`` says of people who are not in the newest file: no row of a file begins there."""
_PEOPLE = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/case-numbers")
_AGENCIES = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/agencies")
_FILES = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/files")

Refuse = Callable[[Refused], None]


@dataclass(slots=True)
class Counts:
    """What an import did; ``rows`` is what it was given, refused rows not counted.

    ``before`` are rows among the unchanged that an earlier start of the same file had done.  ``missing`` are people
    that earlier files brought and this one has not, ``newly`` those of them that the last file still had; both are
    None where that was not looked at.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    before: int = 0
    missing: int | None = None
    newly: int | None = None


@dataclass(frozen=True, slots=True)
class FileRun:
    """One file that is imported: ``id`` is of its very bytes, so that a second start is known for the same.

    ``today`` ends what the file no longer has; ``lines`` is what all its rows say of their numbers.
    """

    id: UUID
    today: date
    lines: FileLines = field(default_factory=FileLines)


def run_of(sha256: str, encoding: str) -> UUID:
    """Return the id of importing a file with these bytes, read in this encoding."""
    return uuid.uuid5(_FILES, f"{sha256}\n{encoding.casefold()}")


def shelf_of(identity: str) -> int:
    """Return roughly where a new person of that identity stands in the tables: the first byte of the id they get."""
    return hashlib.sha1(_PEOPLE.bytes + identity.encode(), usedforsecurity=False).digest()[0]


class Mark(NamedTuple):
    """Which row of which file brought a person last."""

    person: UUID
    sha256: str
    run: UUID
    line: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A person the record has: their id, and the row of the last file that brought them."""

    person: UUID
    sha256: str | None
    run: UUID | None
    line: int


class LinesDone:
    """The lines of a file that earlier starts of the same import have written."""

    def __init__(self, lines: Iterable[int] = ()) -> None:
        done = bytearray()
        for number in lines:
            if number >= len(done):
                done.extend(bytes(max(number + 1 - len(done), len(done))))
            done[number] = 1
        self._done = done
        self.count = sum(done)

    def __contains__(self, number: int) -> bool:
        """Say whether a line is done; a bit of memory for each line, as a file may have millions."""
        return number < len(self._done) and bool(self._done[number])


def lines_done(connection: Connection, run: UUID) -> LinesDone:
    """Return what was written of this very file before."""
    mine = select(imported.c.line).where(imported.c.run == run, imported.c.line != GONE)
    return LinesDone(connection.scalars(mine.execution_options(yield_per=50_000)))


def lots(rows: Iterable[FilePerson]) -> Iterator[list[FilePerson]]:
    """Yield the rows in the lots that are written together."""
    source = iter(rows)
    while lot := list(islice(source, CHUNK)):
        yield lot


def mark_missing(connection: Connection, run: UUID, counts: Counts) -> None:
    """After the whole file: mark whom it does not have, and count them.  Nobody is deleted or changed."""
    others = imported.c.run != run
    gone = update(imported).where(others, imported.c.line != GONE).values(line=GONE)
    counts.newly = connection.execute(gone).rowcount
    counts.missing = connection.scalar(select(func.count()).select_from(imported).where(others)) or 0


_MARK_AGAIN = (
    update(imported)
    .where(imported.c.person == bindparam("_person"))
    .values(sha256=bindparam("_sha256"), run=bindparam("_run"), line=bindparam("_line"))
)


class Lot:
    """Some rows of the file, looked up and written in the transaction of a connection.

    A person who stands in the file twice is refused the second time.
    """

    def __init__(self, connection: Connection, run: FileRun, refuse: Refuse) -> None:
        self._connection = connection
        self._run = run
        self._refuse = refuse
        self._new = Batch()
        self._changed: list[Changed] = []
        self._marks: list[Mark] = []
        self._again: list[Mark] = []
        self.counts = Counts()

    def write(self, rows: Sequence[FilePerson]) -> Counts:
        """Write these rows; return what was done with them."""
        known = self._look_up(rows)
        for row in rows:
            which = row.identity
            was = known.get(which)
            if was is not None and was.run == self._run.id and was.line not in (row.line, GONE):
                self._refuse(row.again(was.line))
                continue
            identity = was.person if was is not None else uuid.uuid5(_PEOPLE, which)
            self._one(row, identity, was)
            known[which] = _Known(identity, row.sha256, self._run.id, row.line)
        self._flush()
        return self.counts

    def _one(self, row: FilePerson, identity: UUID, was: _Known | None) -> None:
        self.counts.rows += 1
        mark = Mark(identity, row.sha256, self._run.id, row.line)
        if was is None:
            self.counts.added += 1
            batch_of(row, identity, into=self._new)
        elif was.sha256 == row.sha256:
            self.counts.unchanged += 1
        else:
            self.counts.changed += 1
            self._changed.append(Changed(row, identity))
        if was is None or was.run is None:
            self._marks.append(mark)
        elif (was.sha256, was.run, was.line) != (mark.sha256, mark.run, mark.line):
            self._again.append(mark)
        if was is None or was.sha256 != row.sha256:
            self._phones += row.phones

    def _look_up(self, rows: Sequence[FilePerson]) -> dict[str, _Known]:
        self._phones: list[FilePhone] = []
        query = (
            select(person.c.reference, person.c.id, imported.c.sha256, imported.c.run, imported.c.line)
            .outerjoin(imported, imported.c.person == person.c.id)
            .where(among(self._connection, person.c.reference_key, [row.key for row in rows]))
        )
        return {
            exact_reference(found.reference): _Known(found.id, found.sha256, found.run, found.line or 0)
            for found in self._connection.execute(query)
        }

    def _flush(self) -> None:
        put_lines(self._connection, map(self._run.lines.whole, self._phones))
        spelled: set[str] = set()
        write_batch(self._connection, self._new, spelled)
        change_people(self._connection, self._changed, self._run.today, spelled)
        write_rows(self._connection, imported, self._marks)
        if self._again:
            again = [{f"_{name}": value for name, value in mark._asdict().items()} for mark in self._again]
            self._connection.execute(_MARK_AGAIN, again)
        put_near(self._connection, spelled)


def put_lines(connection: Connection, phones: Iterable[FilePhone]) -> None:
    """Add lines that are new; say of known ones what the file says.  The last word on a number is the file's."""
    numbers = {phone.e164: phone for phone in phones}
    if not numbers:
        return
    columns = [line.c[name] for name in LineRow._fields]
    found = connection.execute(select(*columns).where(among(connection, line.c.e164, list(numbers))))
    known = {row.e164: row for row in (LineRow(*one) for one in found)}
    new = [line_row(phone) for number, phone in numbers.items() if number not in known]
    write_batch(connection, Batch(lines=new))
    said = [(had, _said(had, numbers[number])) for number, had in known.items()]
    update_rows(connection, line, ("e164",), [now for had, now in said if now != had])


def _said(had: LineRow, phone: FilePhone) -> LineRow:
    return had._replace(place=phone.place or had.place, safe_to_call=phone.safe_to_call or had.safe_to_call)


def import_agencies(connection: Connection, rows: Iterable[FileAgency], refuse: Refuse) -> Counts:
    """Write agencies; one is known by its name, kind and area.  Those the file lacks stay."""
    counts = Counts()
    seen: dict[str, int] = {}
    for row in rows:
        if row.key in seen:
            refuse(row.again(seen[row.key]))
            continue
        seen[row.key] = row.line
        counts.rows += 1
        _one_agency(connection, row, counts)
    return counts


def _one_agency(connection: Connection, row: FileAgency, counts: Counts) -> None:
    known = connection.execute(select(*agency.c).where(agency.c.key == row.key)).one_or_none()
    identity = known.id if known is not None else uuid.uuid5(_AGENCIES, row.key)
    new = AgencyRow(identity, row.key, row.name, row.kind, row.area, row.number, row.verified_on, row.verified_by)
    if known is None:
        counts.added += 1
        connection.execute(insert(agency), new._asdict())
    elif tuple(known) == tuple(new):
        counts.unchanged += 1
    else:
        counts.changed += 1
        connection.execute(update(agency).where(agency.c.id == identity).values(**new._asdict()))

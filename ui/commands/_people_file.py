"""The council's file as an import reads it: twice, first to check every row and then to write them."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import UUID

from console.domain.agencies_csv import AGENCY_COLUMNS, NEEDED_AGENCY_COLUMNS, FileAgency, read_agency_row
from console.domain.calendar import local
from console.domain.drama import is_drama
from console.domain.file_phones import FileLines, Noted
from console.domain.people_csv import (
    BLOCK_COLUMNS,
    NEEDED_COLUMNS,
    PERSON_COLUMNS,
    FilePerson,
    Refused,
    RowRefused,
    read_person_row,
)
from console.domain.relationships_csv import NEEDED_RELATIONSHIP_COLUMNS, RELATIONSHIP_COLUMNS
from console.domain.text import BadInput
from console.machine.clock import SystemClock
from console.machine.csv_file import Row, read_rows
from db.people_import import LinesDone, run_of, shelf_of
from ui.commands._people_packed import Packed

Found = FilePerson | FileAgency
_CHANGED = (
    "{path} was changed while it was imported.  What is in the record is whole; import the file again when nobody "
    "writes it any more."
)
_REAL = "{number} is not a number kept for drama, and --invented says that nobody in the file is real"


def columns_of(kind: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the columns of a file of people, agencies or relationships, and those of them that are needed."""
    kinds: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
        "people": (PERSON_COLUMNS, NEEDED_COLUMNS),
        "agencies": (AGENCY_COLUMNS, NEEDED_AGENCY_COLUMNS),
        "relationships": (RELATIONSHIP_COLUMNS, NEEDED_RELATIONSHIP_COLUMNS),
    }
    return kinds[kind]


def only_drama(number: str) -> None:
    """Raise :class:`RowRefused` where a number in E.164 is one that somebody may have; 111 is nobody's."""
    if number.startswith("+") and not is_drama(number):
        raise RowRefused(_REAL.format(number=number))


class CouncilFile:
    """One file, as the command line names it."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.path: Path = args.file
        self._kind: str = args.kind
        self._encoding: str = args.encoding
        self._invented: bool = args.invented
        self._refused: set[int] = set()
        self._packed: Packed[Found] = Packed()
        self._packed_to = 0
        self._stamp = self._written()
        self.today: date = local(SystemClock().now()).date()
        self.lines = FileLines()
        self.good = 0
        """Rows that can be used, once :meth:`check` has ended."""

    def run(self) -> UUID:
        """Return the id of importing these bytes; raises where they are not those that were checked."""
        with self.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self._refuse_changed()
        return run_of(sha256, self._encoding)

    def check(
        self, refuse: Callable[[Refused], None], note: Callable[[Noted], None], done: Callable[[int], None]
    ) -> None:
        """Read every row once; who stands there twice is refused the second time.  ``done`` is told how many rows."""
        self.lines = FileLines(note)
        first: dict[str, int] = {}
        for count, row in enumerate(self._rows(), start=1):
            done(count)
            try:
                self._take(row, first)
            except RowRefused as why:
                self._refused.add(row.line)
                refuse(Refused(row.line, str(why)))

    def _take(self, row: Row, first: dict[str, int]) -> None:
        found = self._read(row)
        before = first.setdefault(found.identity if isinstance(found, FilePerson) else found.key, found.line)
        if before != found.line:
            raise RowRefused(found.again(before).reason)
        if isinstance(found, FilePerson):
            self.lines.add(found.line, found.phones)
        if not self._packed.full:
            self._packed.add(shelf_of(found.identity) if isinstance(found, FilePerson) else 0, found)
            self._packed_to = found.line
        self.good += 1

    def people(self, done: LinesDone) -> Iterator[FilePerson]:
        """Yield the people of the good rows that are not done yet."""
        return (found for found in self._again(done) if isinstance(found, FilePerson))

    def agencies(self) -> Iterator[FileAgency]:
        """Yield the agencies of the good rows."""
        return (found for found in self._again(LinesDone()) if isinstance(found, FileAgency))

    def _again(self, done: LinesDone) -> Iterator[Found]:
        for found in self._packed:
            if found.line not in done:
                yield found
        if self._packed.full:
            yield from self._after(self._packed_to, done)
        self._refuse_changed()

    def _after(self, last: int, done: LinesDone) -> Iterator[Found]:
        for row in self._rows():
            if row.line > last and row.line not in self._refused and row.line not in done:
                try:
                    found = self._read(row)
                except RowRefused:
                    # It could be read the first time.
                    raise BadInput(_CHANGED.format(path=self.path)) from None
                yield found

    def _refuse_changed(self) -> None:
        if self._written() != self._stamp:
            raise BadInput(_CHANGED.format(path=self.path))

    def _read(self, row: Row) -> Found:
        if row.wrong:
            raise RowRefused(row.wrong)
        if self._kind == "agencies":
            agency = read_agency_row(row.cells, row.line, self.today)
            self._only_invented(agency.number)
            return agency
        person = read_person_row(row.cells, row.line, self.today)
        for phone in person.phones:
            self._only_invented(phone.e164)
        return person

    def _only_invented(self, number: str) -> None:
        if self._invented:
            only_drama(number)

    def _rows(self) -> Iterator[Row]:
        columns, needed = columns_of(self._kind)
        blocks = BLOCK_COLUMNS if self._kind == "people" else ()
        names = [name for name, _ in columns]
        return read_rows(self.path, names, needed, blocks=blocks, encoding=self._encoding)

    def _written(self) -> tuple[int, int] | None:
        with suppress(OSError):
            found = self.path.stat()
            return found.st_size, found.st_mtime_ns
        return None

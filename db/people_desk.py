"""What the commands ``people import`` and ``people invent`` do to a record.

An invented population is written in one transaction, into a record without people.  A file of people is written in
lots, each in its own (:mod:`db.people_import` says why), and can be gone on with after whatever ended it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from console.domain.agencies_csv import FileAgency
from console.domain.people_csv import FilePerson, Refused
from console.domain.people_rows import Batch
from console.domain.relationships_csv import FileRelationship
from console.domain.text import NightdeskError
from db.people_fill import Progress, fill, make_room
from db.people_import import (
    Counts,
    FileRun,
    LinesDone,
    Lot,
    Refuse,
    import_agencies,
    lines_done,
    lots,
    mark_missing,
)
from db.people_keys import COPYING
from db.people_schema import person
from db.relationships_import import import_relationships
from db.schema import head

log = logging.getLogger(__name__)

_TRIES = 4
_FAULT = (
    "the record did not take it, which is a fault of Nightdesk: please say so to whoever looks after it.  Nothing of "
    "this row was written"
)


class PeopleDatabase(Protocol):
    """A record in which people may be written: a file's ``Database``, or PostgreSQL's ``PeopleDesk``."""

    def writing(self, *, limitless: bool = False) -> AbstractContextManager[Connection]:
        """Give a connection inside one transaction, kept where the block ends well."""


class RealRecord(NightdeskError):
    """The record holds real work; invented people were not put into it."""


class InventedRecord(NightdeskError):
    """The record is for invented people; real ones were not put into it."""


class Collided(NightdeskError):
    """Somebody else wrote the same number or person at that very moment; nothing of the lot was written."""


class KeyThere(Collided):
    """As that, or two rows of our own have one key: then it is so at every try."""


class NotTaken(NightdeskError):
    """The database did not take a value or a row; nothing of the lot was written."""


_NOT_TAKEN = (KeyThere, NotTaken, DataError, IntegrityError)
"""What either database says of a row that it cannot hold."""


def add_invented(database: PeopleDatabase, batches: Iterable[Batch], progress: Progress) -> int:
    """Write an invented population into a record without people and without work; returns how many."""
    with database.writing(limitless=True) as connection:
        _only_where_nothing_is_real(connection)
        return fill(connection, batches, progress)


def _only_where_nothing_is_real(connection: Connection) -> None:
    row = connection.execute(select(head.c.invented, head.c.seq)).one()
    if not row.invented and (row.seq > 0 or connection.scalar(select(person.c.id).limit(1)) is not None):
        message = (
            "This record holds real work or real people, and invented people are never put into it.  Nothing was "
            "added.  Name another file, which will be made."
        )
        raise RealRecord(message)
    if row.invented:
        return
    if connection.get_execution_options().get(COPYING):
        # There the database's owner decides what it is for, when it is made.
        raise RealRecord(_FOR_REAL)
    connection.execute(update(head).values(invented=True))


_FOR_REAL = (
    "This record was made for real people, and invented ones are never put into it.  Nothing was added.  Make another "
    "with `nightdesk db init --invented`, or `nightdesk serve --invented`."
)


def _only_where_nothing_is_invented(connection: Connection) -> None:
    if connection.scalar(select(head.c.invented)):
        message = (
            "This record is for invented people, and real ones are never put among them.  Nothing was imported, and "
            "the record is as it was.  Make one for real people with `nightdesk db init --database FILE`, and import "
            "into that; where nobody in the file is real, say --invented."
        )
        raise InventedRecord(message)


class PeopleImport:
    """One file of people on its way into a record; whatever ends it, the same again goes on where it ended."""

    def __init__(self, database: PeopleDatabase, run: FileRun, *, invented: bool = False) -> None:
        """``invented``: the file holds invented people, who go only into a record that is for them."""
        self._database = database
        self._run = run
        self._invented = invented
        self.counts = Counts()

    def begin(self) -> LinesDone:
        """Return which lines of this very file are done already.

        Raises :class:`InventedRecord` or :class:`RealRecord` where these people may not go into this record.
        """
        check = _only_where_nothing_is_real if self._invented else _only_where_nothing_is_invented
        with self._database.writing(limitless=True) as connection:
            check(connection)
            done = lines_done(connection, self._run.id)
        self.counts.before = self.counts.unchanged = self.counts.rows = done.count
        return done

    def write(self, rows: Iterable[FilePerson], refuse: Refuse, progress: Progress) -> None:
        """Write rows in order, in lots; ``progress`` is told how many rows of the file are done.

        A row that the record cannot hold is refused alone: it ends nothing, and its line is named.
        """
        for lot in lots(rows):
            for done in self._halved(lot, refuse):
                self.counts.rows += done.rows
                self.counts.added += done.added
                self.counts.changed += done.changed
                self.counts.unchanged += done.unchanged
            progress(self.counts.rows)

    def finish(self) -> None:
        """Mark whom the whole file, now written, does not have; nobody is deleted."""
        with self._database.writing(limitless=True) as connection:
            mark_missing(connection, self._run.id, self.counts)

    def _halved(self, lot: list[FilePerson], refuse: Refuse) -> Iterator[Counts]:
        """Write a lot, or its halves and theirs, until the row that cannot be written stands alone."""
        try:
            yield self._kept(lot, refuse)
        except _NOT_TAKEN as error:
            if len(lot) > 1:
                half = len(lot) // 2
                yield from self._halved(lot[:half], refuse)
                yield from self._halved(lot[half:], refuse)
                return
            log.error("line %d of a file of people could not be written: %s", lot[0].line, type(error).__name__)  # noqa: TRY400  its text may quote people
            refuse(Refused(lot[0].line, _FAULT))

    def _kept(self, lot: list[FilePerson], refuse: Refuse) -> Counts:
        for tries_left in reversed(range(_TRIES)):
            refused: list[Refused] = []
            try:
                with self._database.writing(limitless=True) as connection:
                    make_room(connection)
                    done = Lot(connection, self._run, refused.append).write(lot)
            except Collided:
                # What the other wrote is there now, and is looked up like anything else.
                if not tries_left:
                    raise
            else:
                for one in refused:
                    refuse(one)
                return done
        raise AssertionError("the last try returns or raises")


class _Undo(Exception):
    """Ends a transaction without keeping it."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts


def add_relationships(
    database: PeopleDatabase,
    rows: Iterable[FileRelationship],
    refuse: Refuse,
    keep: Callable[[], bool],
    *,
    invented: bool = False,
) -> Counts:
    """Import relationships in one transaction; nothing at all stays where ``keep`` says no at the end.

    Raises :class:`InventedRecord` or :class:`RealRecord` where they may not go into this record.
    """
    check = _only_where_nothing_is_real if invented else _only_where_nothing_is_invented
    try:
        with database.writing(limitless=True) as connection:
            check(connection)
            counts = import_relationships(connection, rows, refuse)
            if not keep():
                raise _Undo(counts)
            return counts
    except _Undo as undone:
        return undone.counts


def add_agencies(
    database: PeopleDatabase, rows: Iterable[FileAgency], refuse: Refuse, *, invented: bool = False
) -> Counts:
    """Import agencies in one transaction; they are few, and a second time they change nothing."""
    with database.writing(limitless=True) as connection:
        if invented:
            _only_where_nothing_is_real(connection)
        return import_agencies(connection, rows, refuse)

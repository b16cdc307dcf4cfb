"""What the commands ``people import`` and ``people invent`` do to a record.

An invented population is written in one transaction, into a record without people.  A file of people is written in
lots, each in its own (:mod:`db.people_import` says why), and can be gone on with after whatever ended it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from console.domain.agencies_csv import FileAgency
from console.domain.people_csv import FilePerson, Refused
from console.domain.people_rows import Batch
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
from db.people_schema import agency, person
from db.rota_schema import rota
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
        only_what_it_is_for(connection, invented=True)
        return fill(connection, batches, progress)


def only_what_it_is_for(connection: Connection, *, invented: bool) -> None:
    """Let invented people, numbers or duties only into a record for such, which an empty one becomes; real ones not.

    Raises :class:`InventedRecord` or :class:`RealRecord`.
    """
    refuse_mixing(connection, invented=invented)
    if invented and not connection.scalar(select(head.c.invented)):
        connection.execute(update(head).values(invented=True))


def refuse_mixing(connection: Connection, *, invented: bool) -> None:
    """Raise where what is invented, or real, may not go into this record; change nothing."""
    row = connection.execute(select(head.c.invented, head.c.seq)).one()
    if row.invented and not invented:
        raise InventedRecord(_FOR_INVENTED)
    if row.invented or not invented:
        return
    if row.seq > 0 or any(connection.scalar(select(table.c.id).limit(1)) is not None for table in _BROUGHT):
        message = (
            "This record holds real work or real people, and invented people are never put into it.  Nothing was "
            "added.  Name another file, which will be made."
        )
        raise RealRecord(message)
    if connection.get_execution_options().get(COPYING):
        # There the database's owner decides what it is for, when it is made.
        raise RealRecord(_FOR_REAL)


_BROUGHT = (person, agency, rota)
"""What is brought in beside the record: where it is real, a night rings real people."""
_FOR_REAL = (
    "This record was made for real people, and invented ones are never put into it.  Nothing was added.  Make another "
    "with `nightdesk db init --invented`, or `nightdesk serve --invented`."
)


_FOR_INVENTED = (
    "This record is for invented people, and real ones are never put among them.  Nothing was imported, and "
    "the record is as it was.  Make one for real people with `nightdesk db init --database FILE`, and import "
    "into that; where nobody in the file is real, say --invented."
)


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
        with self._database.writing(limitless=True) as connection:
            only_what_it_is_for(connection, invented=self._invented)
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


def add_agencies(
    database: PeopleDatabase, rows: Iterable[FileAgency], refuse: Refuse, *, invented: bool = False
) -> Counts:
    """Import agencies in one transaction; they are few, and a second time they change nothing.

    Raises :class:`InventedRecord` or :class:`RealRecord` where they may not go into this record.
    """
    with database.writing(limitless=True) as connection:
        only_what_it_is_for(connection, invented=invented)
        return import_agencies(connection, rows, refuse)

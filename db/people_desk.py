"""What the commands ``people import`` and ``people invent`` do to a record, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from console.domain.agencies_csv import FileAgency
from console.domain.people_csv import FilePerson
from console.domain.people_rows import Batch
from console.domain.relationships_csv import FileRelationship
from console.domain.text import NightdeskError
from db.people_fill import Progress, fill
from db.people_import import Counts, Refuse, Say, import_agencies, import_people
from db.relationships_import import import_relationships
from db.schema import head

Keep = Callable[[], bool]
"""Asked when all rows are written: are they to stay?"""


class PeopleDatabase(Protocol):
    """A record in which people may be written: a file's ``Database``, or PostgreSQL's ``PeopleDesk``."""

    def writing(self, *, limitless: bool = False) -> AbstractContextManager[Connection]:
        """Give a connection inside one transaction, kept where the block ends well."""


class RealRecord(NightdeskError):
    """The record holds real work; invented people were not put into it."""


class InventedRecord(NightdeskError):
    """The record is for invented people; real ones were not put into it."""


class _Undo(Exception):
    """Ends a transaction without keeping it."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts


def add_invented(database: PeopleDatabase, batches: Iterable[Batch], progress: Progress) -> int:
    """Write an invented population into a record without people and without work; returns how many."""
    with database.writing(limitless=True) as connection:
        _only_where_nothing_is_real(connection)
        return fill(connection, batches, progress)


def _only_where_nothing_is_real(connection: Connection) -> None:
    row = connection.execute(select(head.c.invented, head.c.seq)).one()
    if not row.invented and row.seq > 0:
        message = (
            "This record holds real work, and invented people are never put into it.  Nothing was added.  "
            "Name another file, which will be made."
        )
        raise RealRecord(message)
    if not row.invented:
        connection.execute(update(head).values(invented=True))


def _only_where_nothing_is_invented(connection: Connection) -> None:
    if connection.scalar(select(head.c.invented)):
        message = (
            "This record is for invented people, and real ones are never put among them.  Nothing was imported, and "
            "the record is as it was.  Make one for real people with `nightdesk db init --database FILE`, and import "
            "into that."
        )
        raise InventedRecord(message)


def add_people(
    database: PeopleDatabase,
    rows: Iterable[FilePerson],
    today: date,
    run: UUID,
    refuse: Refuse,
    keep: Keep,
    progress: Progress,
    say: Say = lambda _: None,
) -> Counts:
    """Import people; nothing at all stays where ``keep`` says no at the end.

    ``say`` is told where rows that share a number differ about it: the rows are used all the same.
    Raises :class:`InventedRecord` where the record was made for invented people.
    """

    def work(connection: Connection) -> Counts:
        _only_where_nothing_is_invented(connection)
        return import_people(connection, rows, today, run, refuse, progress, say)

    return _kept(database, work, keep)


def add_agencies(database: PeopleDatabase, rows: Iterable[FileAgency], refuse: Refuse, keep: Keep) -> Counts:
    """Import agencies; nothing at all stays where ``keep`` says no at the end."""
    return _kept(database, lambda connection: import_agencies(connection, rows, refuse), keep)


def add_relationships(
    database: PeopleDatabase,
    rows: Iterable[FileRelationship],
    refuse: Refuse,
    keep: Keep,
    progress: Progress = lambda _: None,
) -> Counts:
    """Import relationships between people of the record; nothing at all stays where ``keep`` says no at the end.

    Raises :class:`InventedRecord` where the record was made for invented people.
    """

    def work(connection: Connection) -> Counts:
        _only_where_nothing_is_invented(connection)
        return import_relationships(connection, rows, refuse, progress)

    return _kept(database, work, keep)


def _kept(database: PeopleDatabase, work: Callable[[Connection], Counts], keep: Keep) -> Counts:
    try:
        with database.writing(limitless=True) as connection:
            counts = work(connection)
            if not keep():
                raise _Undo(counts)
            return counts
    except _Undo as undone:
        return undone.counts

"""Write batches of people into the tables: what ``people invent`` makes, many rows a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ARRAY, Column, ColumnElement, Date, Table, Uuid, any_, func, literal, select
from sqlalchemy.engine import Connection

from console.domain.people_rows import Batch
from console.domain.text import NightdeskError
from db import people_schema as tables
from db.people_keys import COPYING, add_keys

Progress = Callable[[int], None]
"""Told how many people are written so far."""
CACHE_KIB = 262_144
"""Memory for pages while a population is written; SQLite's usual 2 MB makes it ten times slower."""
_LOG_PAGES = 50_000
"""Pages of SQLite's log before it is worked into the file: the same pages are written by one lot after another."""

_WHERE: tuple[tuple[str, Table], ...] = (
    ("people", tables.person),
    ("names", tables.person_name),
    ("addresses", tables.address),
    ("lives", tables.person_address),
    ("lines", tables.line),
    ("on_lines", tables.person_on_line),
    ("ties", tables.relationship),
    ("markers", tables.marker),
    ("past", tables.past_contact),
    ("helpers", tables.person_helper),
    ("agencies", tables.agency),
)


class NotEmpty(NightdeskError):
    """There are people in the record already; nothing was added."""


def fill(connection: Connection, batches: Iterable[Batch], progress: Progress) -> int:
    """Write all batches in the transaction of ``connection``; returns how many people.

    Raises :class:`NotEmpty` where the record has people: invented ones are never put among others.
    """
    if connection.scalar(select(func.count()).select_from(tables.person)):
        message = (
            "There are people in this record already, and invented people are never put among them.  "
            "Nothing was added.  Name another file, which will be made."
        )
        raise NotEmpty(message)
    make_room(connection)
    done = 0
    for batch in batches:
        write_batch(connection, batch)
        done += len(batch.people)
        progress(done)
    return done


def make_room(connection: Connection) -> None:
    """Give a connection to a file the memory that writing many people takes; PostgreSQL has its own."""
    if not _copies(connection):
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")


def among(connection: Connection, column: Column[Any], values: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition that a column is one of many values, in the way that costs the store least."""
    if _copies(connection):
        # One array for the server: a thousand marks in a statement take longer to read than to answer.
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def write_batch(connection: Connection, batch: Batch, later: set[str] | None = None) -> None:
    """Write the rows of one batch; ``later`` as :func:`db.people_keys.add_keys` has it."""
    for name, table in _WHERE:
        rows = cast("Sequence[NamedTuple]", getattr(batch, name))
        write_rows(connection, table, rows)
    if batch.people:
        add_keys(connection, batch, later)


def write_rows(connection: Connection, table: Table, rows: Sequence[NamedTuple]) -> None:
    """Add rows whose fields are columns of the table, in the quickest way of the store."""
    if not rows:
        return
    names = rows[0]._fields
    if _copies(connection):
        _copy(connection, table, names, rows)
        return
    # The driver's own executemany: building ten million dictionaries would take longer than writing.
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - own names
    ids = [place for place, name in enumerate(names) if isinstance(table.c[name].type, Uuid)]
    days = [place for place, name in enumerate(names) if isinstance(table.c[name].type, Date)]
    connection.exec_driver_sql(statement, [_plain(row, ids, days) for row in rows])


def _copies(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(COPYING))


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[NamedTuple]) -> None:
    """Write rows in PostgreSQL's own way of loading many."""
    columns = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _plain(row: Sequence[Any], ids: Sequence[int], days: Sequence[int]) -> tuple[object, ...]:
    """Return a row as the column types store it on SQLite: ids as 32 hex digits, days as ISO text."""
    cells = list(row)
    for place in ids:
        cells[place] = cells[place].hex
    for place in days:
        day = cells[place]
        cells[place] = day.isoformat() if day is not None else None
    return tuple(cells)

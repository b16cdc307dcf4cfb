"""The tables of people read whole and loaded whole: the limit that an import is measured beside.

No checking, no looking up: bare rows as the store itself hands them out, put back in its quickest way, into tables
with the same indexes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from db.people_keys import COPYING
from db.people_schema import TABLES


@dataclass(frozen=True, slots=True)
class BareRows:
    """Rows by table; on PostgreSQL the bytes of ``COPY``, in a file what the driver gives.  ``count`` of them all."""

    by_table: Mapping[str, list[Any]]
    count: int


def read_bare(connection: Connection) -> BareRows:
    """Return all rows of the tables of people."""
    copies = bool(connection.get_execution_options().get(COPYING))
    driver: Any = connection.connection.driver_connection
    found: dict[str, list[Any]] = {}
    count = 0
    for table in TABLES:
        if copies:
            with driver.cursor() as cursor:
                with cursor.copy(f"COPY {table.name} TO STDOUT (FORMAT binary)") as copy:
                    found[table.name] = [bytes(block) for block in copy]
                count += cursor.rowcount
        else:
            found[table.name] = driver.execute(f"SELECT * FROM {table.name}").fetchall()  # noqa: S608 - own names
            count += len(found[table.name])
    return BareRows(found, count)


def load_bare(connection: Connection, rows: BareRows) -> None:
    """Put them into empty tables, each in one statement."""
    copies = bool(connection.get_execution_options().get(COPYING))
    driver: Any = connection.connection.driver_connection
    for name, blocks in rows.by_table.items():
        if copies:
            with driver.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                for block in blocks:
                    copy.write(block)
        elif blocks:
            marks = ", ".join("?" * len(blocks[0]))
            driver.executemany(f"INSERT INTO {name} VALUES ({marks})", blocks)  # noqa: S608 - own names

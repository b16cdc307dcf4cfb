"""Revision 0004_search on PostgreSQL: the tables by which people are found, filled from the people there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from console.domain.text import BadInput
from db.people_keys import PostgresKeys, make_missing
from db.people_schema import near_word
from db.postgres.lines import SCHEMA, Line
from db.postgres.make import text_of

_TABLE = re.compile(r"^CREATE TABLE person_find .*?^\);$", re.MULTILINE | re.DOTALL)
_INDEX = re.compile(r"^CREATE INDEX person_find_words .*?;$", re.MULTILINE)
_IMPORTS = "hashtext('nightdesk import')"
_BUSY = (
    "An import into this service runs now.  Nothing was changed; upgrade when that has ended, and start no import "
    "before the upgrade is done."
)


@contextmanager
def alone_with_people(line: Line) -> Iterator[None]:
    """Keep imports out: what they change meanwhile would not be found."""
    row = line.execute(f"SELECT pg_try_advisory_lock({_IMPORTS})").fetchone()
    if row is None or not row[0]:
        raise BadInput(_BUSY)
    try:
        yield
    finally:
        if not line.closed:
            line.execute(f"SELECT pg_advisory_unlock({_IMPORTS})")


def add_search(line: Line, owner: str) -> None:
    """Make the tables and fill them; consoles read and write people meanwhile.  Doing it twice changes nothing."""
    with line.transaction():
        line.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))
        line.execute(f"SET LOCAL search_path = {SCHEMA}")
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        line.execute(str(CreateTable(near_word, if_not_exists=True).compile(dialect=dialect)).encode())
        page = text_of("09_search")
        for made, statement in (("TABLE", _TABLE), ("INDEX", _INDEX)):
            found = statement.search(page)
            if found is None:
                raise AssertionError("09_search.sql has no such statement")
            line.execute(found[0].replace(f"CREATE {made}", f"CREATE {made} IF NOT EXISTS", 1).encode())
            if made == "TABLE":
                make_missing(PostgresKeys(line))


def finish_search(line: Line) -> None:
    """Make the words of whoever was written down meanwhile, in the transaction that brings the new functions.

    Whoever is written down from here on waits for that moment, and is then found by the new functions.
    """
    line.execute("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE")
    make_missing(PostgresKeys(line))

"""The tables of people on PostgreSQL as ``people import`` and ``people invent`` write them.

A log-in of nd_import reads and writes those tables and nothing else of the record: no word, no look, no entry.
The same page of Python as for a file does the work (:mod:`db.people_import`); only how many rows go in at once differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from console.domain.text import BadInput
from db.people_fill import COPYING
from db.postgres.lines import Address, Line, translated
from db.postgres.refusals import sentence_for

_ANOTHER = "Another import into this service runs now.  Nothing was imported; start this one when that has ended."


class PeopleDesk:
    """What ``db.people_desk`` needs of a database: one transaction, kept where its block ends well."""

    def __init__(self, address: Address) -> None:
        """``address`` logs in as a member of nd_import."""
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: _in_transactions(address),
            poolclass=NullPool,
            # Parameters are people's names and numbers: never in an error's text.
            hide_parameters=True,
        )

    @contextmanager
    def writing(self, *, limitless: bool = False) -> Iterator[Connection]:
        """Give a connection inside one transaction, alone among imports of this service."""
        with (
            _translated(),
            self._engine.connect().execution_options(**{COPYING: True}) as connection,
            connection.begin(),
        ):
            alone = connection.exec_driver_sql(
                "SELECT pg_try_advisory_xact_lock(hashtext('nightdesk import'))"
            ).scalar()
            if not alone:
                raise BadInput(_ANOTHER)
            yield connection

    def close(self) -> None:
        """Let go of connections."""
        self._engine.dispose()


def _in_transactions(address: Address) -> Line:
    line = address.connect(limit=None)
    # SQLAlchemy begins nothing by itself: the driver does, unless it is in autocommit.
    line.autocommit = False
    return line


@contextmanager
def _translated() -> Iterator[None]:
    try:
        with translated():
            yield
    except DBAPIError as error:
        original = error.orig
        if original is None or not hasattr(original, "sqlstate"):
            raise
        raise sentence_for(original) from None  # type: ignore[arg-type]  # psycopg's own error, as its sqlstate says

"""The tables of people on PostgreSQL as ``people import`` and ``people invent`` write them.

A log-in of nd_import reads and writes those tables and nothing else of the record: no word, no look, no entry.
The same page of Python as for a file does the work (:mod:`db.people_import`); only how many rows go in at once differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from console.domain.text import BadInput, NightdeskError
from db.people_desk import Collided, KeyThere, NotTaken
from db.people_keys import COPYING
from db.postgres.lines import Address, Line, NotLetIn, translated
from db.postgres.refusals import sentence_for

_ANOTHER = "Another import into this service runs now.  Nothing was imported; start this one when that has ended."
_NO_IMPORTER = (
    "This log-in may not import people: a worker's never may.  Nothing was imported.  Ask whoever looks after the "
    "database for one of `nightdesk db worker add import --program import`."
)
_COLLIDED = "A console wrote the same number or person at the same moment, several times over."
_NOT_TAKEN = (
    "The shared record did not take one of these rows, which is a fault of Nightdesk: please say so to whoever looks "
    "after it.  Nothing of them was written."
)
_SILENT = 300.0
"""Seconds after which a server that says nothing counts as gone: far longer than any statement of ours takes."""
_PLACE = "hashtext('nightdesk import')"
"""Where one import stands, and no other beside it."""
_AT_ONCE = frozenset({"40001", "40P01"})
"""What the server says where two wrote at once: an order, a deadlock."""


class PeopleDesk:
    """What ``db.people_desk`` needs of a database: transactions one after another, on one connection.

    Held open from the first to :meth:`close`, and as long as that no other import comes in between.
    """

    def __init__(self, address: Address) -> None:
        """``address`` logs in as a member of nd_import."""
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: _in_transactions(address),
            poolclass=NullPool,
            # Parameters are people's names and numbers: never in an error's text.
            hide_parameters=True,
        )
        self._held: Connection | None = None

    @contextmanager
    def writing(self, *, limitless: bool = False) -> Iterator[Connection]:
        """Give a connection inside one transaction, alone among imports of this service."""
        with _translated():
            connection = self._let_in()
            with connection.begin():
                yield connection

    def schema(self) -> int:
        """Log in, take the place of the one import, and return the version of the record."""
        with self.writing() as connection:
            return int(connection.exec_driver_sql("SELECT schema FROM head").scalar_one())

    def _let_in(self) -> Connection:
        if self._held is None:
            connection = self._engine.connect().execution_options(**{COPYING: True})
            try:
                with connection.begin():
                    _check(connection)
            except BaseException:
                connection.close()
                raise
            self._held = connection
        return self._held

    def close(self) -> None:
        """Let go of the connection, and let others import."""
        held, self._held = self._held, None
        if held is not None:
            if not held.invalidated:
                with suppress(SQLAlchemyError):
                    # In words: a busy server notices only some time later that a line was closed.
                    held.exec_driver_sql(f"SELECT pg_advisory_unlock({_PLACE})")
            with suppress(DBAPIError):
                held.close()
        self._engine.dispose()


def _check(connection: Connection) -> None:
    """Refuse who may not import, and a second import at the same time."""
    if not connection.exec_driver_sql("SELECT pg_has_role(session_user, 'nd_import', 'MEMBER')").scalar():
        raise NotLetIn(_NO_IMPORTER)
    if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_PLACE})").scalar():
        raise BadInput(_ANOTHER)


def _in_transactions(address: Address) -> Line:
    line = address.connect(limit=_SILENT)
    # SQLAlchemy begins nothing by itself: the driver does, unless it is in autocommit.
    line.autocommit = False
    return line


@contextmanager
def _translated() -> Iterator[None]:
    """As ``translated``, for SQLAlchemy's errors and for those of COPY, which come bare."""
    with translated():
        try:
            yield
        except DBAPIError as error:
            original = error.orig
            if not isinstance(original, psycopg.Error):
                raise
            raise _said(original) from None
        except psycopg.Error as error:
            raise _said(error) from None


def _said(error: psycopg.Error) -> NightdeskError:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return KeyThere(_COLLIDED)
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
        return NotTaken(_NOT_TAKEN)
    return Collided(_COLLIDED) if error.sqlstate in _AT_ONCE else sentence_for(error)

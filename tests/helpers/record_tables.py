"""The tables that an import fills, of any store, as a connection inside one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from db.access import AccessRow
from db.mapping import access_of_row
from db.memory import MemoryStore
from db.postgres.importing import PeopleDesk
from db.schema import access, head
from tests.helpers.record_parts import Store
from tests.helpers.team_record import TeamStore


class Tables:
    """Implements ``db.people_desk.PeopleDatabase`` over any store of the contract suite."""

    def __init__(self, store: Store) -> None:
        """On PostgreSQL by the log-in that may import, and nothing else."""
        self._store = store

    @contextmanager
    def writing(self, *, limitless: bool = False) -> Iterator[Connection]:
        """Give a connection inside one transaction."""
        store = self._store
        if isinstance(store, TeamStore):
            desk = PeopleDesk(store.helper("import"))
            try:
                with desk.writing() as connection:
                    yield connection
            finally:
                desk.close()
        elif isinstance(store, MemoryStore):
            with store.people_room().use() as connection:
                _for_invented(connection)
                yield connection
        else:
            with store.database.writing(limitless=limitless) as connection:
                yield connection


def access_log(store: Store) -> list[AccessRow]:
    """Return who looked at what; on PostgreSQL by the log-in that proves the record."""
    if isinstance(store, MemoryStore):
        return list(store._ledger.looks)
    if isinstance(store, TeamStore):
        with store.helper("verify").connect() as line:
            return [access_of_row(row) for row in line.execute("SELECT * FROM verify_accesses(-1, 1000)").fetchall()]
    with store.database.reading() as connection:
        return [access_of_row(row) for row in connection.execute(select(*access.c).order_by(access.c.seq))]


def _for_invented(connection: Connection) -> None:
    """Say in the tables beside a record in memory, whose own counter is elsewhere, what such a record is for."""
    if connection.scalar(select(head.c.id)) is None:
        digests = {"digest": "", "access_digest": ""}
        row = {"id": 1, "service": UUID(int=1), "schema": 0, "created_at": 0, "seq": 0, "access_seq": 0, **digests}
        connection.execute(insert(head), row | {"invented": True})

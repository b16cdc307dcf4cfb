"""How the stores reach the tables of people: the shape of :mod:`db.people`, and a private copy in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import Entry
from console.domain.rota import Duty
from console.ports.store import Look
from db.engine import sentence_for
from db.schema import metadata

log = logging.getLogger(__name__)


class PeopleTables(Protocol):
    """What the module :mod:`db.people` offers."""

    def find_candidates(self, connection: Connection, question: Look, today: date) -> Candidates:
        """Answer a look."""

    def read_person(self, connection: Connection, person: UUID, today: date) -> PersonRecord:
        """Return a person's record."""

    def numbered_relatives(self, connection: Connection, identity: UUID, today: date) -> tuple[UUID, ...]:
        """Return those whose numbers a record shows beside its own."""

    def learn_person(self, connection: Connection, entry_content: Mapping[str, Any], entry: Entry) -> None:
        """Bring an entry about a person into the tables."""

    def list_agencies(self, connection: Connection, *, checks: bool) -> tuple[Agency, ...]:
        """Return the directory, with ``checks`` each with what was said of its number."""

    def list_duties(self, connection: Connection, since: datetime, until: datetime) -> tuple[Duty, ...]:
        """Return who is on the rota between the two."""


def try_to_learn(people: PeopleTables, connection: Connection, entry: Entry) -> bool:
    """Bring an entry into the tables of people, or leave them untouched and say False."""
    try:
        with connection.begin_nested():
            people.learn_person(connection, entry.content(), entry)
    except DBAPIError as error:
        if error.orig is not None and sentence_for(error.orig) is not None:
            raise
        log.info("an entry about a person did not fit the tables of people: %s", type(error).__name__)
        return False
    except (ValueError, TypeError, KeyError) as error:
        log.info("an entry about a person could not be read: %s", type(error).__name__)
        return False
    return True


def is_restricted_by_import(connection: Connection, person: UUID) -> bool:
    """Say whether the council's system said that a person's record is restricted."""
    people = metadata.tables["person"]
    return bool(connection.scalar(select(people.c.restricted).where(people.c.id == person)))


def day_in_london(moment: datetime) -> date:
    """Return the day it is for the workers."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


class PrivatePeople:
    """The tables of people in memory, for the memory store; its owner holds a lock around each use."""

    def __init__(self) -> None:
        self._engine = create_engine(
            "sqlite://",
            module=sqlite,
            creator=lambda: sqlite.connect(":memory:", check_same_thread=False),
            poolclass=StaticPool,
            hide_parameters=True,
        )
        with self.use() as connection:
            metadata.create_all(connection)

    @contextmanager
    def use(self) -> Iterator[Connection]:
        """Give the connection inside a transaction."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Forget everything."""
        self._engine.dispose()

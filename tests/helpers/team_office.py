"""An office whose record is a team's on a real PostgreSQL: one service, a log-in for each worker."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql

from console.domain.invent import invent
from console.domain.record import Role
from db.people_fill import _WHERE
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.lines import Line
from db.postgres.steps import SearchFill
from db.postgres.target import Tls
from db.team import Way, add_program, add_worker, make
from tests.helpers.driven_console import DrivenConsole, Office, nightdesk
from tests.helpers.team_service import TeamService, named_service

STAFF = (
    ("priya.raman", "Priya Raman", Role.SERVICE_ADVISER),
    ("tom.adeyemi", "Tom Adeyemi", Role.SUPPORT_WORKER),
    ("helen.marsh", "Helen Marsh", Role.DUTY_MANAGER),
)
VERIFY = "the password of verify"


def password_of(name: str) -> str:
    """Return a worker's own password: each has another."""
    return f"only {name}'s"


@dataclass
class TeamOffice(Office):
    """As :class:`Office`, on a team's record."""

    service: TeamService = field(kw_only=True)

    @property
    def record(self) -> str:
        """Return the address of the service."""
        return self.service.url

    def open(self, name: str, extension: str, **more: Any) -> DrivenConsole:
        """Open a console with the worker's own log-in."""
        more.setdefault("password", password_of(name))
        return super().open(name, extension, **more)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the server as its superuser."""
        written = statement.replace("%", "%%").replace("?", "%s") if values else statement
        return self.service.sql(written, *values)

    def verify(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Run ``nightdesk db verify`` by the log-in that can read no words."""
        words = ("db", "verify", "--database", self.service.url, "--password-stdin", *more)
        return nightdesk(*words, stdin=VERIFY)


@contextmanager
def team_office(cluster: Cluster, folder: Path) -> Iterator[TeamOffice]:
    """Give an office with invented people in its record; everything is ended and dropped afterwards."""
    with named_service(cluster) as service:
        admin = Way(service.target, Tls(), SUPERUSER, service.password)
        make(admin, invented=True)
        for worker, name, role in STAFF:
            add_worker(admin, worker, name, [role], password_of(name))
        add_program(admin, "verify", "verify", VERIFY)
        with service.superuser() as line, line.transaction():
            put_people(line)
        office = TeamOffice(folder, folder / "no file", service=service)
        try:
            yield office
        finally:
            office.close()


def put_people(line: psycopg.Connection) -> None:
    """Write the same invented people that a file of a test holds, in the caller's transaction."""
    for batch in invent(60, 7):
        for name, table in _WHERE:
            rows = cast("list[Any]", getattr(batch, name))
            if rows:
                columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]._fields))
                marks = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
                statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    sql.Identifier(table.name), columns, marks
                )
                with line.cursor() as cursor:
                    cursor.executemany(statement, [tuple(row) for row in rows])
    # The words they are found by, as an upgrade makes them of people who have none.
    make_words = SearchFill()
    while make_words(cast("Line", line)):
        pass

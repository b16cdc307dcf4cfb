"""A service as ``make_service`` makes it, to be tried with a worker's password and bare SQL.

The copies of ``team_record`` are quicker and have a clock set by hand, but a copy has not the rights of its
original on the database itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from console.domain.record import Entry, Identity, Kind, StreamKind, StreamRef
from console.ports.store import Receipt
from db.postgres.cluster import Cluster
from db.postgres.feed import PostgresSource
from db.postgres.lines import Address, Lines
from db.postgres.make import Service, add_helper, add_worker, make_service
from db.postgres.rows import entry_json
from db.postgres.store import PostgresStore
from tests.helpers.record_parts import HandClock, Pen
from tests.helpers.record_people import MANAGER, PEOPLE, PRIYA
from tests.helpers.team_record import PASSWORD, admin_of

HELPERS = ("verify", "import")
"""Programs with a log-in of their own, each in a group of its name."""
_NUMBERS = itertools.count(1)


@dataclass
class Team:
    """One service on a cluster, the log-ins of its workers, and hands to try them with."""

    cluster: Cluster
    service: Service
    password: str = field(default=PASSWORD, repr=False)

    @property
    def admin(self) -> Address:
        """Return how the superuser logs in."""
        return admin_of(self.cluster)

    def login(self, who: Identity | str) -> str:
        """Return a worker's log-in name."""
        return self.service.login(who if isinstance(who, str) else who.worker)

    def address(self, who: Identity | str) -> Address:
        """Return how a worker logs in."""
        keywords = {**self.admin.keywords, "dbname": self.service.name, "user": self.login(who)}
        return Address(keywords, self.password)

    def raw(self, who: Identity | str, *, autocommit: bool = True) -> psycopg.Connection:
        """Return a bare connection with a worker's password, as psql would make it."""
        keywords = self.cluster.keywords(self.login(who), self.service.name, self.password)
        connection = psycopg.connect(**keywords, autocommit=autocommit)
        connection.execute("SET search_path = nightdesk")
        if not autocommit:
            connection.commit()
        return connection

    def superuser(self) -> psycopg.Connection:
        """Return the superuser's connection to the service's database, in autocommit."""
        connection = psycopg.connect(**self.cluster.keywords(database=self.service.name), autocommit=True)
        connection.execute("SET search_path = nightdesk")
        return connection

    @contextmanager
    def store(self, who: Identity) -> Iterator[PostgresStore]:
        """Give a worker's own store."""
        made = PostgresStore(Lines(self.address(who)), clock_now())
        try:
            yield made
        finally:
            made.close()

    def write(self, who: Identity, *entries: Entry) -> tuple[Receipt, ...]:
        """Write entries in a worker's name."""
        with self.store(who) as store:
            return store.append(who, entries)

    def source(self, who: Identity) -> PostgresSource:
        """Return what a worker's feed reads."""
        return PostgresSource(self.address(who), who, clock_now())


def clock_now() -> HandClock:
    """Return a clock that stands at now, as the server's own does."""
    return HandClock(datetime.now(UTC))


def pen_of(who: Identity) -> Pen:
    """Return a pen that writes now."""
    return Pen(who, clock_now())


@contextmanager
def team_on(cluster: Cluster, people: Sequence[Identity] = PEOPLE) -> Iterator[Team]:
    """Give a new service with log-ins for ``people`` and helpers; it goes afterwards with its log-ins."""
    team = Team(cluster, Service(f"team{next(_NUMBERS)}"))
    make_service(team.admin, team.service, invented=True)
    for who in people:
        add_worker(team.admin, team.service, who.worker, who.name, [who.role], PASSWORD)
    for name in HELPERS:
        add_helper(team.admin, team.service, name, f"nd_{name}", PASSWORD)
    try:
        yield team
    finally:
        with psycopg.connect(**cluster.keywords(), autocommit=True) as line:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(team.service.name)))
            ours = line.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{team.service.name}__"]
            )
            for (role,) in ours.fetchall():
                line.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def a_person(team: Team, family: str, given: str, number: str, **more: object) -> StreamRef:
    """Write down a person with a number, as the manager; return their stream."""
    pen = pen_of(MANAGER)
    ref = StreamRef(StreamKind.PERSON, pen.id())
    body = {"family": family, "given": given, "e164": number, "ref": "", "born": "1992-03-04", **more}
    created = pen.write(Kind.PERSON_CREATED, ref, body)
    line = pen.write(Kind.PERSON_LINE, ref, {"e164": number, "confirmed": True})
    verdicts = [receipt.verdict.value for receipt in team.write(MANAGER, created, line)]
    assert verdicts == ["stored", "stored"]
    return ref


def a_contact(team: Team, text: str, about: StreamRef | None = None) -> tuple[StreamRef, UUID]:
    """Let Priya open a contact and write a note; return the contact and the note's id."""
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    note = pen.note(ref, text)
    subject = [pen.write(Kind.CONTACT_SUBJECT_ADDED, ref, {"person": str(about.id), "how": "number"})] if about else []
    assert {receipt.verdict.value for receipt in team.write(PRIYA, opened, note, *subject)} == {"stored"}
    return ref, note.id


def sent(entry: Entry, **other: Any) -> dict[str, Any]:
    """Return an entry as a client of one's own making would send it, with anything in it changed."""
    return {**entry_json(entry), **other}

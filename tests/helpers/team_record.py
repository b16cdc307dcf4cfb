"""A team's record on a real PostgreSQL, as the contract suite wants it: one store for everybody's hands.

Each identity has a log-in of its own, and the server's clock is the test's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg import sql

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import (
    Cursor,
    Entry,
    Envelope,
    Identity,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    micros,
)
from console.domain.replay_material import Material
from console.domain.rota import Duty
from console.ports.clock import Clock
from console.ports.store import Card, CardQuery, Heartbeat, Look, Receipt, Ticket, VerifyReport
from db.feed.loop import FeedLoop
from db.postgres.cluster import Cluster
from db.postgres.lines import Address, Lines
from db.postgres.make import Service, add_helper, add_worker, make_service
from db.postgres.store import PostgresStore
from tests.helpers.record_people import PEOPLE, PRIYA

PASSWORD = "only for tests"  # noqa: S105  a cluster that lives for one run
_ANYBODY = PRIYA
TEMPLATE = Service("template_of_tests")
_NUMBERS = itertools.count(1)


def admin_of(cluster: Cluster) -> Address:
    """Return how the superuser of a test cluster logs in."""
    words = cluster.keywords()
    return Address({name: str(value) for name, value in words.items() if name != "password"}, str(words["password"]))


def team_store(cluster: Cluster, clock: Clock) -> TeamStore:
    """Return a new, empty record of a team on ``cluster``."""
    admin = admin_of(cluster)
    with admin.connect(limit=None) as line:
        if line.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE.name,)).fetchone() is None:
            make_template(admin, PEOPLE)
    return TeamStore(admin, clock)


def make_template(admin: Address, people: Sequence[Identity]) -> None:
    """Make the service that every test gets a copy of, with a log-in for each of ``people``; its clock can be set."""
    make_service(admin, TEMPLATE, invented=True)
    for who in people:
        add_worker(admin, TEMPLATE, who.worker, who.name, [who.role], PASSWORD)
    add_helper(admin, TEMPLATE, "verify", "nd_verify", PASSWORD)
    add_helper(admin, TEMPLATE, "import", "nd_import", PASSWORD)
    inside = Address({**admin.keywords, "dbname": TEMPLATE.name}, admin.password)
    with inside.connect(limit=None) as line:
        line.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(TEMPLATE.owner)))
        line.execute("CREATE TABLE test_clock (at bigint NOT NULL)")
        line.execute("INSERT INTO test_clock VALUES (0)")
        line.execute(
            "CREATE OR REPLACE FUNCTION now_us() RETURNS bigint LANGUAGE sql VOLATILE "
            "SET search_path = nightdesk, pg_temp AS 'SELECT at FROM test_clock'"
        )


@dataclass
class TeamStore:
    """Implements ``Store`` by handing each call to the store of the worker who asks."""

    admin: Address
    clock: Clock
    name: str = field(default_factory=lambda: f"t{next(_NUMBERS)}")

    def __post_init__(self) -> None:
        """Copy the template."""
        with self.admin.connect(limit=None) as line:
            name, template = sql.Identifier(self.name), sql.Identifier(TEMPLATE.name)
            line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        self.inside = Address({**self.admin.keywords, "dbname": self.name}, self.admin.password)
        self._watch = self.inside.connect(limit=None)
        self._stores: dict[str, PostgresStore] = {}

    def address(self, who: Identity) -> Address:
        """Return how a worker logs in."""
        return Address({**self.inside.keywords, "user": TEMPLATE.login(who.worker)}, PASSWORD)

    def helper(self, name: str) -> Address:
        """Return how a program (verify, import) logs in."""
        return Address({**self.inside.keywords, "user": TEMPLATE.login(name)}, PASSWORD)

    def of(self, who: Identity) -> PostgresStore:
        """Return a worker's own store, with the server's clock set to now."""
        self._watch.execute("UPDATE test_clock SET at = %s", (micros(self.clock.now()),))
        if who.worker not in self._stores:
            self._stores[who.worker] = PostgresStore(Lines(self.address(who)), self.clock)
        return self._stores[who.worker]

    def anybody(self) -> PostgresStore:
        """Return some worker's store, for doors that are the same for all."""
        return next(iter(self._stores.values()), None) or self.of(_ANYBODY)

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        return self.of(who).append(who, entries, cards, after)

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        return self.anybody().envelopes(after, limit)

    def bodies(self, who: Identity, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        return self.of(who).bodies(who, ids)

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        return self.of(who).news(who, after, limit)

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        return self.of(who).stream(who, stream)

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        return self.anybody().open_streams(kinds)

    def seq_at(self, moment: datetime) -> int:
        return self.anybody().seq_at(moment)

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        return self.of(_ANYBODY).heartbeat(cursor)

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        return self.of(_ANYBODY).beat(history)

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        self.of(who).mark_seen(who, marks)

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        return self.anybody().seen(streams)

    def ask_look(self, who: Identity, question: Look) -> Ticket:
        return self.of(who).ask_look(who, question)

    def look(self, who: Identity, ticket: Ticket) -> Candidates:
        return self.of(who).look(who, ticket)

    def ask_open(self, who: Identity, person: UUID, reason: str, call: UUID | None = None) -> Ticket:
        return self.of(who).ask_open(who, person, reason, call)

    def open(self, who: Identity, ticket: Ticket) -> PersonRecord:
        return self.of(who).open(who, ticket)

    def ask_replay(self, who: Identity, incident: UUID, reason: str) -> Ticket:
        return self.of(who).ask_replay(who, incident, reason)

    def replay(self, who: Identity, ticket: Ticket) -> Material:
        return self.of(who).replay(who, ticket)

    def cards(self, who: Identity, query: CardQuery) -> tuple[Card, ...]:
        return self.of(who).cards(who, query)

    def agencies(self, who: Identity) -> tuple[Agency, ...]:
        return self.of(who).agencies(who)

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        return self.anybody().rota(since, until)

    def verify(self) -> VerifyReport:
        lines = Lines(self.helper("verify"), limit=None)
        try:
            return PostgresStore(lines, self.clock).verify()
        finally:
            lines.close()

    def feed(self, who: Identity, clock: Clock) -> FeedLoop:
        return self.of(who).feed(who, clock)

    def close(self) -> None:
        """Close every connection and drop the copy; harmless twice."""
        if self._watch.closed:
            return
        for store in self._stores.values():
            store.close()
        self._watch.close()
        with self.admin.connect(limit=None) as line:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))

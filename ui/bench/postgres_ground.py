"""A team's record on a server of its own for one part of the bench, and bare psycopg beside it.

Whatever is measured logs in as a worker, as a program of ``nd_import`` or ``nd_verify``, or as the owner of the bare
database; the superuser only makes things, and disturbs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from console.domain.record import SCHEMA_VERSION, Entry, Role
from console.machine.clock import SystemClock
from console.ports.store import VerifyReport
from db.postgres.bare import Bare, as_json, plain
from db.postgres.lines import RING, SCHEMA, Address, Lines
from db.postgres.proof import verify_lines
from db.postgres.rows import entry_json
from db.postgres.target import Tls
from db.team import Way, admit
from ui.bench.ground import Words
from ui.bench.people import spread
from ui.bench.processes import Child
from ui.bench.record import WHO
from ui.bench.settings import Bench
from ui.bench.trial import Trial, empty_trial, peopled_trial

if TYPE_CHECKING:
    from ui.bootstrap.opening import Record

_ACTION, _PAGE = 6, 20_000
_NUMBERS = f"SELECT DISTINCT e164 FROM {SCHEMA}.person_on_line WHERE until IS NULL ORDER BY e164"  # noqa: S608  our own
_LOOK = (
    f"SELECT p.* FROM {SCHEMA}.person_on_line o JOIN {SCHEMA}.person p ON p.id = o.person "  # noqa: S608  our own
    "WHERE o.e164 = %s AND o.until IS NULL"
)
_LOOKED = "CREATE TABLE looked (id bigserial PRIMARY KEY, at text, what text)"
ENTRY = "CREATE TABLE entry (id text PRIMARY KEY, at text, body text)"
INSERT = "INSERT INTO entry VALUES (%s, %s, %s)"
_DOOR = "SELECT append(%s, %s, %s, %s)"
_NEWS = "SELECT * FROM news('service_adviser', %s, 500)"
_HEARD = "CREATE TABLE heard (id bigserial PRIMARY KEY, at text, what text)"


@contextmanager
def empty_postgres(bench: Bench, name: str) -> Iterator[PostgresGround]:
    """Give an empty service for the part called ``name``."""
    bench.place(name)
    with empty_trial(bench) as trial:
        yield PostgresGround(trial)


@contextmanager
def peopled_postgres(bench: Bench, name: str) -> Iterator[PostgresGround]:
    """Give a service with invented people for the part called ``name``."""
    bench.place(name)
    with peopled_trial(bench) as trial:
        yield PostgresGround(trial)


def way_json(way: Way) -> dict[str, Any]:
    """Return what a child needs to come in; it goes through a pipe, and in no command line."""
    return {"record": way.target.words, "login": way.login, "password": way.password}


def bare_json(address: Address) -> dict[str, Any]:
    """Return what a child needs to come in bare."""
    return {"keywords": dict(address.keywords), "password": address.password}


class PostgresGround:
    """Implements :class:`ui.bench.ground.Ground` on a PostgreSQL of the part's own."""

    words = Words(
        looked="a bare indexed look-up and a bare audit row committed, by psycopg on the same server",
        heard="a bare insert and NOTIFY here, heard and read by a bare psycopg that listens",
        inserted="a bare insert committed by psycopg on the same server",
        shared="bare: the door `append` by psycopg, then heard and read by one of {consoles} that listen and read",
    )

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    @property
    def database(self) -> str:
        """Return the service's address."""
        return self.trial.target.words

    def wish(self, name: str, role: Role) -> dict[str, Any]:
        """Return how a worker comes in, who gets a log-in where there is none."""
        return {**way_json(self.trial.worker(name, role)), "name": name, "role": role.value}

    @contextmanager
    def record(self, name: str, role: Role) -> Iterator[Record]:
        """Give the record as a worker's own log-in sees it."""
        store = admit(self.trial.worker(name, role), SystemClock()).store
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold a lock on the counter row that every write, beat and look-up needs."""
        with self.trial.inside().connect(limit=None) as line, line.transaction():
            line.execute(f"LOCK TABLE {SCHEMA}.head IN ACCESS EXCLUSIVE MODE")
            yield

    def verify(self) -> VerifyReport:
        """Prove the record by a log-in of nd_verify."""
        lines = Lines(self.trial.program("verify", "nd_verify"), limit=None)
        try:
            return verify_lines(lines)
        finally:
            lines.close()

    def numbers(self, count: int) -> list[str]:
        """Return numbers of the record, as nd_import reads them."""
        with plain(self.trial.program("import", "nd_import")) as line:
            return spread([str(row[0]) for row in line.execute(_NUMBERS).fetchall()], count)

    def audited(self) -> int:
        """Count the rows of the access log, as nd_verify reads them."""
        lines = Lines(self.trial.program("verify", "nd_verify"), limit=None)
        found, after = 0, -1
        try:
            while rows := lines.rows("verify_accesses", after, _PAGE):
                found += sum(row[_ACTION] == "listed" for row in rows)
                after = rows[-1][0]
        finally:
            lines.close()
        return found

    def lookups(self, numbers: Sequence[str]) -> list[float]:
        """Look numbers up as nd_import, which may read the tables of people, and commit a row in the bare database."""
        with plain(self.trial.program("import", "nd_import")) as people, plain(self.trial.bare()) as audit:
            audit.execute(_LOOKED)
            return [_one_lookup(people, audit, number) for number in numbers]

    @contextmanager
    def inserting(self) -> Iterator[Callable[[Entry], object]]:
        """Give an insert into the bare database."""
        with plain(self.trial.bare()) as line:
            line.execute(ENTRY)
            yield lambda entry: line.execute(INSERT, (str(entry.id), str(entry.made_at), entry.body))

    def heard(self, texts: Sequence[str]) -> list[float]:
        """Commit into the bare database, where one process listens."""
        with ExitStack() as stack:
            line = stack.enter_context(plain(self.trial.bare()))
            line.execute(_HEARD)
            wish = {**bare_json(self.trial.bare()), "query": "SELECT id FROM heard WHERE id > %s ORDER BY id"}
            hearer = stack.enter_context(Child("listener", {**wish, "channel": "heard", "lines": 1}))
            hearer.hear("ready")
            return [_one_heard(line, hearer, at, text) for at, text in enumerate(texts)]

    def shared(self, notes: Sequence[Entry], consoles: int) -> list[float]:
        """Call the door and ring the bell by psycopg alone; one of the listeners tells when it had read it."""
        with ExitStack() as stack:
            line = stack.enter_context(plain(self._door()))
            if consoles > 1:
                stack.enter_context(self.crowd(consoles - 1))
            hearer = stack.enter_context(Child("listener", {**self._listening(), "lines": 1}))
            hearer.hear("ready")
            return [_one_shared(line, hearer, at, note) for at, note in enumerate(notes)]

    @contextmanager
    def crowd(self, consoles: int) -> Iterator[int]:
        """Keep bare connections of one process listening and reading."""
        with Child("listener", {**self._listening(), "lines": consoles}) as others:
            others.hear("ready")
            yield consoles

    def _door(self) -> Address:
        way = self.trial.worker(WHO.name, WHO.role)
        return Address(way.target.keywords(way.login, Tls()), way.password)

    def _listening(self) -> dict[str, Any]:
        """Return what a bare connection needs that reads what is new from now on."""
        with self.record(WHO.name, WHO.role) as store:
            head = store.heartbeat().head.seq
        return {**bare_json(self._door()), "query": _NEWS, "channel": "nightdesk", "after": head}


def _one_shared(line: Bare, hearer: Child, count: int, note: Entry) -> float:
    values = (note.role.value, SCHEMA_VERSION, as_json([entry_json(note)]), as_json([]))
    began = time.perf_counter_ns()
    line.execute(_DOOR, values)
    line.execute(RING)
    taken = (hearer.hear("heard")["at"] - began) / 1e6
    # Not in step with anything that beats.
    time.sleep(0.05 + (count * 37 % 100) / 1000)
    return float(taken)


def _one_heard(line: Bare, hearer: Child, count: int, text: str) -> float:
    began = time.perf_counter_ns()
    line.execute("INSERT INTO heard (at, what) VALUES (%s, %s)", (str(began), text))
    line.execute("NOTIFY heard")
    taken = (hearer.hear("heard")["at"] - began) / 1e6
    # Not in step with anything that beats.
    time.sleep(0.03 + (count * 37 % 100) / 1000)
    return float(taken)


def _one_lookup(people: Bare, audit: Bare, number: str) -> float:
    began = time.perf_counter_ns()
    audit.execute("INSERT INTO looked (at, what) VALUES (%s, %s)", (str(began), number))
    people.execute(_LOOK, (number,)).fetchall()
    return (time.perf_counter_ns() - began) / 1e6

"""A service on a real PostgreSQL, made by the program's own commands, as whoever looks after a database would."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from console.domain.record import Identity
from console.machine.clock import SystemClock
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.store import PostgresStore
from db.postgres.target import Service, Target, Tls, read_target
from db.team import Way, admit
from tests.helpers.record_parts import HandClock, Pen
from ui.cli import main

OWN = "a password of her own"


@dataclass
class CommandLine:
    """Runs the program in this process; ``stdin`` is what a script would give it, passwords first."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        """Return exit code, stdout and stderr."""
        self.capsys.readouterr()
        self.monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main(words)
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def json(self, *words: str, stdin: str = "") -> Any:
        """Return what a command that ends well prints for a program."""
        code, out, err = self.run(*words, "--json", stdin=stdin)
        assert code == 0, err
        return json.loads(out)


@dataclass(frozen=True)
class TeamService:
    """A service's database on ``cluster``: its address, and the superuser's password."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        """Return its address, as ``--database`` takes it."""
        host, port = self.cluster.address
        return f"postgresql://{host}:{port}/{self.name}"

    @property
    def target(self) -> Target:
        """Return the address, read."""
        return read_target(self.url)

    @property
    def service(self) -> Service:
        """Return its names."""
        return self.target.service

    @property
    def password(self) -> str:
        """Return the superuser's password."""
        return str(self.cluster.keywords()["password"])

    @property
    def admin(self) -> tuple[str, ...]:
        """Return the words that let a command in as the superuser, whose password is the first line of stdin."""
        return ("--database", self.url, "--admin", SUPERUSER, "--password-stdin")

    def way(self, login: str, password: str, tls: Tls | None = None) -> Way:
        """Return how a worker comes in."""
        return Way(self.target, tls or Tls(), self.service.login(login), password)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        """Give a superuser's connection to the service's own database, in autocommit, seeing our tables."""
        with psycopg.connect(
            **self.cluster.keywords(database=self.name), autocommit=True, options="-c search_path=nightdesk"
        ) as line:
            yield line

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask as the superuser."""
        with self.superuser() as line:
            cursor = line.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def named_service(cluster: Cluster) -> Iterator[TeamService]:
    """Give a service that is not made yet; its database and log-ins are removed afterwards."""
    made = TeamService(cluster, f"s{secrets.token_hex(5)}")
    try:
        yield made
    finally:
        with psycopg.connect(**cluster.keywords(), autocommit=True) as line:
            line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made.name)))
            roles = line.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"{made.name}\\_\\_%"])
            for (role,) in roles.fetchall():
                line.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@contextmanager
def entered(service: TeamService) -> Iterator[tuple[PostgresStore, Pen]]:
    """Give the record as Priya's log-in sees it, and a pen of hers."""
    admitted = admit(service.way("Priya Raman", OWN), SystemClock())
    who = Identity(admitted.worker, admitted.name, admitted.roles[0], "desk-1")
    try:
        yield admitted.store, Pen(who, HandClock(SystemClock().now()))
    finally:
        admitted.store.close()


def add(line: CommandLine, service: TeamService, name: str, *more: str, own: str = OWN) -> str:
    """Give somebody a log-in with a password of ours; return its name."""
    said = line.json("db", "worker", "add", name, *more, *service.admin, stdin=f"{service.password}\n{own}\n")
    assert said["password"] is None, "what was given is not printed again"
    return str(said["login"])

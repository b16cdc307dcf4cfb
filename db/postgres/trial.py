"""A team trial's databases in a cluster that is all ours: made whole or made again, and one log-in for each person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg import sql

from console.domain.record import Role
from db.postgres.lines import SCHEMA, Address, Line, translated
from db.postgres.make import Service, add_worker, make_service

_ONE_TIME = 15
"""Random bytes of a one-time password: 120 bits, as 20 letters."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A person who may join, with a password for once; ``again`` where they had a log-in before."""

    login: str
    password: str = field(repr=False)
    again: bool


def admin_of(keywords: Mapping[str, object]) -> Address:
    """Return how the superuser logs in, of what :meth:`db.postgres.cluster.Cluster.keywords` gives."""
    words = {name: str(value) for name, value in keywords.items()}
    password = words.pop("password")
    return Address(words, password)


def has_service(admin: Address, service: Service) -> bool:
    """Say whether the service's database is there and whole."""
    with translated(), admin.connect(limit=None) as line:
        if not _is_there(line, service):
            return False
    with translated(), Address({**admin.keywords, "dbname": service.name}, admin.password).connect(limit=None) as line:
        row = line.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.head",)).fetchone()
        return bool(row and row[0])


def ensure_service(admin: Address, service: Service, *, invented: bool) -> bool:
    """Make the service's database where it is not there, or was left half made by a crash; say whether it was made."""
    if has_service(admin, service):
        return False
    with translated(), admin.connect(limit=None) as line:
        if _is_there(line, service):
            # Filled in one transaction: without its head it is empty, and nothing is lost with it.
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(service.name)))
    make_service(admin, service, invented=invented)
    return True


def invite(admin: Address, service: Service, worker: str, name: str, role: Role) -> Guest:
    """Give one person a log-in with one role and a password for once; a second time, a new password and role."""
    login = service.login(worker)
    with translated(), admin.connect(limit=None) as line:
        again = line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone() is not None
    password = secrets.token_urlsafe(_ONE_TIME)
    return Guest(add_worker(admin, service, worker, name, [role], password), password, again)


def _is_there(line: Line, service: Service) -> bool:
    return line.execute("SELECT 1 FROM pg_database WHERE datname = %s", (service.name,)).fetchone() is not None

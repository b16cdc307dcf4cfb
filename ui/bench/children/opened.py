"""The record of a child's wish: a file, or a team's as one log-in sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.domain.record import Identity, Role, worker_key
from console.ports.clock import Clock
from db.postgres.target import Tls, read_target
from db.sqlite import SqliteStore
from db.team import Way, admit
from ui.bench.people import open_existing

if TYPE_CHECKING:
    # psycopg is in the memory of a console that needs it, and of no other.
    from db.postgres.store import PostgresStore

Message = dict[str, Any]


def open_of(wish: Message, clock: Clock) -> SqliteStore | PostgresStore:
    """Open ``record``: a file; or a service's address, entered as ``login`` with ``password``."""
    if "login" not in wish:
        return open_existing(Path(wish["record"]))
    return admit(Way(read_target(wish["record"]), Tls(), wish["login"], wish["password"]), clock).store


def who_of(wish: Message) -> Identity:
    """Return who a wish's ``name`` and ``role`` are."""
    name = str(wish["name"])
    return Identity(worker_key(name), name, Role(wish["role"]), "bench")

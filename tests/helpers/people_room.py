"""A record with invented people in a real SQLite file, for tests that look somebody up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from console.domain.invent import invent
from console.domain.people import Candidates
from console.ports.store import Look
from db.opening import create_store
from db.people import find_candidates
from db.people_desk import add_invented
from db.sqlite import SqliteStore
from tests.helpers.record_parts import HandClock

TODAY = date(2026, 12, 1)
FENNS = "+447700900412"


def empty_store(folder: Path) -> SqliteStore:
    """Return a new record without people."""
    store = create_store(str(folder / "people.db"), key=None, clock=HandClock(), invented=True)
    assert isinstance(store, SqliteStore)
    return store


def peopled_store(folder: Path, count: int = 400, seed: int = 7) -> SqliteStore:
    """Return a new record with ``count`` invented people."""
    store = empty_store(folder)
    add_invented(store.database, invent(count, seed), lambda _: None)
    return store


def found(store: SqliteStore, question: Look) -> Candidates:
    """Ask behind the door, as the door does."""
    with store.database.reading() as connection:
        return find_candidates(connection, question, TODAY)

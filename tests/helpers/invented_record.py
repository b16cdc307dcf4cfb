"""A record with invented people, for consoles that need one."""

from __future__ import annotations

from pathlib import Path

from console.domain.invent import invent
from console.machine.clock import SystemClock
from db.opening import create_store
from db.people_desk import add_invented
from db.sqlite import SqliteStore


def make_invented(file: Path) -> None:
    """Make the record ``file``: sixty invented people, no key."""
    store = create_store(str(file), key=None, clock=SystemClock(), invented=True)
    assert isinstance(store, SqliteStore)
    add_invented(store.database, invent(60, 7), lambda _: None)
    store.close()

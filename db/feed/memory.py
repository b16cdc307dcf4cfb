"""The feed of a record in memory: the store itself rings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from console.domain.record import Cursor, Identity, Stored
from console.ports.store import Heartbeat
from db.seen import SeenNews

if TYPE_CHECKING:
    # The store makes its own feeds, so it knows this module.
    from db.memory import MemoryStore


class _StoreBell:
    """Rings when something was written since it was asked last."""

    def __init__(self, store: MemoryStore, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake
        self._written = threading.Event()
        store.hear(self._ring)

    def _ring(self) -> None:
        self._written.set()
        self._wake()

    def rang(self) -> bool:
        rang = self._written.is_set()
        self._written.clear()
        return rang

    def close(self) -> None:
        self._store.deafen(self._ring)


class MemorySource:
    """How a feed hears and reads a record in memory."""

    def __init__(self, store: MemoryStore, who: Identity) -> None:
        self._store = store
        self._who = who

    def subscribe(self, wake: Callable[[], None]) -> _StoreBell:
        """Begin to listen."""
        return _StoreBell(self._store, wake)

    def news(self, after: int, limit: int) -> tuple[Stored, ...]:
        """Return what is new."""
        return self._store.news(self._who, after, limit)

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat."""
        return self._store.beat(history)

    def first_tick(self, after: int) -> int:
        """Return the tick from which marks beyond seq ``after`` will be told."""
        return self._store.first_tick(after)

    def seen_since(self, tick: int) -> SeenNews:
        """Return what other workers have seen since ``tick``."""
        return self._store.seen_since(self._who, tick)

    def close(self) -> None:
        """Nothing was opened."""

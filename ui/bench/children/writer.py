"""One of several who write at once: by our store, by the bare door ``append``, or by a bare insert."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from console.domain.record import SCHEMA_VERSION, Entry
from console.machine.clock import SystemClock
from console.ports.store import Verdict
from db.postgres.bare import Bare, as_json, plain
from db.postgres.lines import Address
from db.postgres.rows import entry_json
from db.postgres.store import PostgresStore
from ui.bench.child import first_wish, listen, say
from ui.bench.children.opened import open_of, who_of
from ui.bench.record import entries
from ui.bench.sqlite_ground import row_of

Message = dict[str, Any]
Act = Callable[[], object]
_DOOR = "SELECT append(%s, %s, %s, %s)"
_INSERT = "INSERT INTO entry VALUES (%s, %s, %s)"


class NotStored(Exception):
    """The record did not take what was written: nothing can be claimed of it."""


class _Writer:
    """Prepares what is asked, then writes it at the word."""

    def __init__(self, wish: Message) -> None:
        self.who = who_of(wish)
        store = open_of(wish, SystemClock())
        if not isinstance(store, PostgresStore):
            raise TypeError("several writers are measured on PostgreSQL")
        self.store = store
        self.door = plain(store.lines.address)
        self.bare = plain(Address(wish["bare"]["keywords"], wish["bare"]["password"]))

    def acts(self, way: str, count: int) -> Sequence[Act]:
        """Return as many writes of new entries, each committed when it returns."""
        makers: dict[str, Callable[[Entry], Act]] = {"ours": self._ours, "door": self._door, "insert": self._insert}
        return [makers[way](one) for one in entries(count, self.who)]

    def _ours(self, entry: Entry) -> Act:
        def write() -> None:
            if self.store.append(self.who, [entry])[0].verdict is not Verdict.STORED:
                raise NotStored

        return write

    def _door(self, entry: Entry) -> Act:
        values = (self.who.role.value, SCHEMA_VERSION, as_json([entry_json(entry)]), as_json([]))

        def write() -> None:
            row = self.door.execute(_DOOR, values).fetchone()
            if row is None or row[0][0]["verdict"] != Verdict.STORED.value:
                raise NotStored

        return write

    def _insert(self, entry: Entry) -> Act:
        line: Bare = self.bare
        return partial(line.execute, _INSERT, row_of(entry))

    def close(self) -> None:
        """Let go of the connections."""
        self.store.close()
        self.door.close()
        self.bare.close()


def run() -> int:
    """Write whenever the bench says so, until it closes us."""
    writer = _Writer(first_wish())
    heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
    listen(heard.put)
    say("ready")
    acts: Sequence[Act] = ()
    while (message := heard.get())["do"] != "close":
        if message["do"] == "prepare":
            acts = writer.acts(message["way"], int(message["count"]))
            say("prepared")
            continue
        began = time.perf_counter_ns()
        for act in acts:
            act()
        say("written", began=began, ended=time.perf_counter_ns())
    writer.close()
    return 0

"""Two consoles' services on one SQLite file, with real threads, real journals and a real feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlcipher3.dbapi2 as sqlite

from console.domain.record import Identity, Kind, Role, StreamKind, StreamRef
from console.machine.clock import SystemClock
from console.machine.loop import Loop
from console.machine.runner import LaneRunner
from console.services.backfill import Backfill
from console.services.driver import Doors
from console.services.ledger import Ledger
from console.services.link_state import Delivery
from console.services.notes import NotesService
from console.services.recorder import Drained, Recorder, Restored
from console.services.seen import SeenService
from db.opening import create_store, open_store
from db.shelf import JournalShelf

KEY = bytes(range(32))
PRIYA = Identity("priya.raman", "P Raman", Role.SOCIAL_WORKER_CHILDREN, "desk 1")
JO = Identity("jo.moss", "J Moss", Role.ASSISTANT_TEAM_MANAGER, "desk 2")
INCIDENT = StreamRef(StreamKind.INCIDENT, UUID("0192f7a0-0000-7000-8000-000000000001"))
LINE = UUID("0192f7a0-0000-7000-8000-000000000002")


class RealDesk:
    """One console without windows."""

    def __init__(self, who: Identity, folder: Path, loop: Loop) -> None:
        self.clock = SystemClock()
        self.failures: list[Exception] = []
        self.restored: list[Restored] = []
        self.runner = LaneRunner(loop, self.failures.append)
        self.store = open_store(str(folder / "record.db"), key=None, clock=self.clock)
        self.journal = JournalShelf(folder / who.station, lambda file, name: KEY, self.clock).open(who.worker, who.name)
        self.ledger = Ledger(who.worker)
        feed = self.store.feed(who, self.clock)
        doors = Doors(self.store, self.journal, feed, self.runner, loop, self.clock, loop)
        self.recorder = Recorder(who, doors, self.ledger)
        self.notes = NotesService(self.recorder, self.ledger, self.clock, loop)
        self.seen = SeenService(who, self.store, self.runner, self.ledger, loop)
        self.backfill = Backfill(who, self.store, self.runner, self.ledger)
        self.recorder.start(self.clock.now() - timedelta(hours=8), self.restored.append)

    def close(self) -> None:
        self.recorder.stop()
        self.runner.close()
        self.journal.close()
        self.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_store(str(tmp_path / "record.db"), key=None, clock=SystemClock()).close()
    return tmp_path


@contextmanager
def desks(folder: Path, loop: Loop, *workers: Identity) -> Iterator[list[RealDesk]]:
    made = [RealDesk(who, folder, loop) for who in workers]
    try:
        yield made
    finally:
        for desk in made:
            desk.close()


def until(loop: Loop, held: Callable[[], bool], seconds: float = 10.0) -> float:
    """Run the loop until something holds; return how long that took."""
    clock = SystemClock()
    began = clock.monotonic()
    while not held():
        assert clock.monotonic() - began < seconds, "waited too long"
        loop.run(0.01)
    return clock.monotonic() - began


def open_incident(desk: RealDesk) -> None:
    """Open an incident with both workers in it."""
    recorder = desk.recorder
    for who, role, slot in ((PRIYA, "lead", ""), (JO, "observer", "role:observer")):
        if who is PRIYA:
            recorder.record(recorder.entry(Kind.INCIDENT_OPENED, INCIDENT, {"ref": "7K3M-Q2XA-5", "risk": "1"}))
        content = {"worker": who.worker, "name": who.name, "role": role}
        recorder.record(recorder.entry(Kind.INCIDENT_JOINED, INCIDENT, content, slot=slot))


def texts(desk: RealDesk) -> list[str]:
    notes = [item for item in desk.ledger.items(INCIDENT) if item.kind is Kind.INCIDENT_NOTE]
    return [str(item.content.get("text")) for item in notes]


def test_a_typed_line_is_kept_shared_read_by_the_colleague_and_seen(folder: Path) -> None:
    loop = Loop()
    with desks(folder, loop, PRIYA, JO) as (priya, jo):
        open_incident(priya)
        until(loop, lambda: jo.ledger.is_whole(INCIDENT) and len(jo.ledger.items(INCIDENT)) == 3)
        jo.seen.show([INCIDENT])
        priya.notes.typed(INCIDENT, LINE, "she is on the bridge")
        until(loop, lambda: texts(jo) == ["she is on the bridge"])
        until(loop, lambda: priya.notes.progress(INCIDENT, LINE).delivery is Delivery.SEEN)
        assert priya.notes.progress(INCIDENT, LINE).seen_by == ("jo.moss",)
        assert priya.failures == jo.failures == []


def test_a_frozen_record_is_said_within_five_seconds_and_everything_is_shared_after_once(folder: Path) -> None:
    loop = Loop()
    with desks(folder, loop, PRIYA, JO) as (priya, jo):
        open_incident(priya)
        until(loop, lambda: len(jo.ledger.items(INCIDENT)) == 3)
        blocker = sqlite.connect(str(folder / "record.db"), isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        priya.notes.typed(INCIDENT, LINE, "typed while frozen")
        until(loop, lambda: priya.notes.progress(INCIDENT, LINE).delivery is Delivery.KEPT, 2.0)
        waited = until(loop, lambda: priya.ledger.link.is_away, 6.0)
        assert waited <= 5.0
        priya.notes.typed(INCIDENT, LINE, "typed while frozen, and more")
        priya.notes.line_ended(LINE)
        loop.run(0.3)
        assert priya.notes.progress(INCIDENT, LINE).delivery is Delivery.KEPT
        assert priya.ledger.link.waiting >= 1
        blocker.execute("ROLLBACK")
        blocker.close()
        assert until(loop, lambda: not priya.ledger.link.is_away, 8.0) <= 5.0
        until(loop, lambda: priya.notes.progress(INCIDENT, LINE).delivery is Delivery.SHARED)
        until(loop, lambda: texts(jo)[-1:] == ["typed while frozen, and more"])
        assert len(texts(jo)) == len(set(texts(jo)))


def test_what_was_typed_before_a_kill_comes_back_from_the_file(folder: Path) -> None:
    loop = Loop()
    with desks(folder, loop, PRIYA) as (priya,):
        open_incident(priya)
        until(loop, lambda: priya.recorder.link.waiting == 0 and len(priya.store.envelopes(0)) == 3)
        priya.notes.typed(INCIDENT, LINE, "half a sen")
        loop.run(0.4)  # a draft is due after 0.3 s, an entry only after 0.5 s
        assert priya.notes.progress(INCIDENT, LINE).delivery is Delivery.KEPT
    again = Loop()
    with desks(folder, again, PRIYA) as (priya,):
        until(again, lambda: texts(priya) == ["half a sen"])
        until(again, lambda: len(priya.store.envelopes(0)) == 4)
        assert priya.restored[0].lines == 1


def test_closing_waits_until_all_is_shared(folder: Path) -> None:
    loop = Loop()
    with desks(folder, loop, PRIYA) as (priya,):
        open_incident(priya)
        answers: list[Drained] = []
        priya.recorder.drain(answers.append)
        until(loop, lambda: bool(answers), 4.0)
        assert answers == [Drained(unsaved=False, unshared=0)]
        assert len(priya.store.envelopes(0)) == 3

"""One console's services on a model of the shared record, with time and the feed turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

from console.domain.record import START, Cursor, Entry, Identity, Kind, Role, StreamKind, StreamRef
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews
from console.ports.manual import NIGHT, InlineInbox, InlineRunner, ManualAlarm, ManualClock
from console.ports.runner import Runner
from console.ports.store import Store, StoreAway
from console.services.driver import Doors
from console.services.ledger import ChangeSet, Ledger
from console.services.notes import NotesService
from console.services.recorder import Recorder, Restored
from tests.helpers.simulated_server import SimulatedJournal, SimulatedServer

PRIYA = Identity("priya.raman", "P Raman", Role.SERVICE_ADVISER, "desk 1")
JO = Identity("jo.moss", "J Moss", Role.ASSISTANT_TEAM_MANAGER, "desk 2")
INCIDENT = StreamRef(StreamKind.INCIDENT, UUID(int=1))
CONTACT = StreamRef(StreamKind.CONTACT, UUID(int=2))
CALL = StreamRef(StreamKind.CALL, UUID(int=3))


class HandFeed:
    """A feed that reads when the test says so."""

    def __init__(self, server: SimulatedServer) -> None:
        self._server = server
        self.cursor = START
        self.sink: Callable[[FeedNews], None] | None = None
        self.stopped = False

    def start(self, after: Cursor, sink: Callable[[FeedNews], None]) -> None:
        """Remember where to begin."""
        self.cursor, self.sink = after, sink

    def read_from(self, cursor: Cursor) -> None:
        """Read from another place next time."""
        self.cursor = cursor

    def hurry(self, live: bool) -> None:
        """There is nothing to hurry."""

    def stop(self) -> None:
        """Say nothing more."""
        self.stopped, self.sink = True, None

    def turn(self) -> None:
        """Read what is new and beat once."""
        if self.sink is None:
            return
        try:
            beat = Beat(self.cursor, self._server.heartbeat(self.cursor))
            entries = self._server.news(PRIYA, self.cursor.seq)
        except StoreAway as gone:
            self.sink(FeedAway(str(gone)))
            return
        self.sink(beat)
        if entries and beat.heartbeat.rewind_to is None and self.sink is not None:
            self.cursor = Cursor(entries[-1].envelope.seq, entries[-1].envelope.digest)
            self.sink(Arrived(entries))


class Desk:
    """A signed-in worker's services."""

    def __init__(
        self,
        server: SimulatedServer,
        who: Identity = PRIYA,
        journal: SimulatedJournal | None = None,
        *,
        started: bool = True,
        runner: Runner | None = None,
    ) -> None:
        self.server = server
        self.who = who
        self.journal = journal or SimulatedJournal()
        self.clock = ManualClock(NIGHT + timedelta(seconds=server.now))
        self.alarm = ManualAlarm(self.clock)
        self.runner = runner or InlineRunner()
        self.feed = HandFeed(server)
        self.ledger = Ledger(who.worker)
        self.changes: list[ChangeSet] = []
        self.restored: list[Restored] = []
        store = cast("Store", server)
        doors = Doors(store, self.journal, self.feed, self.runner, InlineInbox(), self.clock, self.alarm)
        self.recorder = Recorder(who, doors, self.ledger)
        self.notes = NotesService(self.recorder, self.ledger, self.clock, self.alarm)
        self.ledger.subscribe(self.changes.append)
        if started:
            self.recorder.start(NIGHT - timedelta(hours=8), self.restored.append)
            self.feed.turn()

    def note(self, text: str, stream: StreamRef = INCIDENT, line: int = 1) -> Entry:
        """Make an entry that carries one line."""
        content = {"line": UUID(int=line), "text": text, "begun": self.clock.now()}
        return self.recorder.entry(Kind.INCIDENT_NOTE, stream, content)

    def wait(self, seconds: float) -> None:
        """Let time pass, a beat and a look every two seconds."""
        left = seconds
        while left > 0:
            step = min(2.0, left)
            self.server.now += step
            self.alarm.advance(step)
            self.feed.turn()
            left -= step

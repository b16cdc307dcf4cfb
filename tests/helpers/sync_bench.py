"""A sync core on a bench: its time, an honest server, and what it said."""

from __future__ import annotations

from typing import TypeVar

from console.domain.record import SCHEMA_VERSION, START, Cursor, Entry, Kind, Stored, StreamRef
from console.ports.feed import Beat
from console.ports.manual import ManualClock
from console.ports.store import Heartbeat
from console.services.link_watch import At
from console.services.sync import Sync
from console.services.sync_words import (
    Answered,
    Append,
    Opened,
    SyncAction,
    SyncEvent,
)
from console.services.writing import make_entry
from tests.helpers.desk import INCIDENT, JO, PRIYA
from tests.helpers.simulated_server import SimulatedServer

T = TypeVar("T")


class Bench:
    """A sync core with its time, and a server to make honest answers with."""

    def __init__(self) -> None:
        self.sync = Sync()
        self.server = SimulatedServer()
        self.clock = ManualClock()
        self.said: list[SyncAction] = []

    def take(self, event: SyncEvent) -> list[SyncAction]:
        done = list(self.sync.take(event, At(self.clock.now(), self.clock.monotonic())))
        self.said += done
        return done

    def opened(self) -> Bench:
        """Begin at the beginning, with a first beat."""
        self.take(Opened(START))
        self.beat()
        return self

    def beat(self, sent: Cursor | None = None, rewind_to: int | None = None) -> list[SyncAction]:
        heart = Heartbeat(self.server.head, self.clock.now(), SCHEMA_VERSION, rewind_to)
        return self.take(Beat(sent or self.sync.cursor or START, heart))

    def answer(self, append: Append) -> list[SyncAction]:
        """Let the server answer."""
        return self.take(Answered(append.number, self.server.append(PRIYA, append.entries)))

    def others(self, count: int) -> list[Stored]:
        """Let a colleague write."""
        self.server.append(JO, [note(f"other {number}") for number in range(count)])
        return self.server.log[-count:]


def note(text: str, stream: StreamRef = INCIDENT) -> Entry:
    return make_entry(PRIYA, ManualClock(), Kind.INCIDENT_NOTE, stream, {"text": text})


def only(kind: type[T], actions: list[SyncAction]) -> list[T]:
    return [action for action in actions if isinstance(action, kind)]

"""A seeded night: consoles, one shared record, and everything that goes wrong between them.

The consoles are the real ones (Recorder, Sync, Ledger, NotesService); simulated are time, threads,
the network, the server and the disks.  One seed is one night, exactly (reliability.md 2.8).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any, TypeVar, cast
from uuid import UUID

from console.domain.record import Cursor, Entry, Expects, Identity, Kind, Role, StreamKind, StreamRef
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews
from console.ports.manual import NIGHT, ManualTimer
from console.ports.store import OtherHistory, Store, StoreAway
from console.services.driver import Doors
from console.services.ledger import Ledger
from console.services.link_state import Delivery
from console.services.notes import NotesService
from console.services.recorder import Recorder, Restored
from console.services.writing import Outcome
from tests.helpers.simulated_server import SimulatedJournal, SimulatedServer

T = TypeVar("T")
DEADLINE = 3.0
INCIDENTS = 3


@dataclass(frozen=True)
class Night:
    """How bad a night is; each figure is a chance or a number of times."""

    seconds: float = 30.0
    consoles: int = 3
    lose: float = 0.1
    repeat: float = 0.1
    kills: int = 1
    cuts: int = 2
    crashes: int = 1
    failovers: int = 1
    full_disks: int = 1


class World:
    """Time, and what will happen next."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.server = SimulatedServer()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def now(self) -> float:
        """Return seconds since the night began."""
        return self.server.now

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen later."""
        heapq.heappush(self._due, (self.now + seconds, next(self._order), act))

    def run(self, until: float) -> None:
        """Let time pass."""
        while self._due and self._due[0][0] <= until:
            at, _, act = heapq.heappop(self._due)
            self.server.now = at
            act()
        self.server.now = until

    def uniform(self, low: float, high: float) -> float:
        """Return a random number."""
        return self.random.uniform(low, high)


class _Life:
    """One run of a console's process: its clock, alarm, inbox, runner and feed end when it is killed."""

    def __init__(self, world: World, place: Place) -> None:
        self.world = world
        self.place = place
        self.alive = True
        self._free = {"keep": 0.0, "write": 0.0, "read": 0.0}
        self._cursor: Cursor | None = None
        self._said_away = False
        self._sink: Callable[[FeedNews], None] = lambda _: None

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something in this process, if it is still there then."""
        self.world.after(seconds, lambda: act() if self.alive else None)

    # clock, alarm, inbox

    def now(self) -> datetime:
        """Return this computer's wall clock, which is wrong by ``skew``."""
        return NIGHT + timedelta(seconds=self.world.now + self.place.skew)

    def monotonic(self) -> float:
        """Return seconds."""
        return self.world.now

    def after(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` once."""
        timer = ManualTimer(act)
        self.later(seconds, lambda: None if timer.cancelled else act())
        return timer

    def every(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` again and again."""
        timer = ManualTimer(act)

        def again() -> None:
            if not timer.cancelled:
                act()
                self.later(seconds, again)

        self.later(seconds, again)
        return timer

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` soon."""
        self.later(0.0, act)

    # runner

    def keep(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Work on the disk: a little slow, in order, gone with the process when not begun."""
        begin = max(self.world.now, self._free["keep"]) + self.world.uniform(0.0, 0.01)
        self._free["keep"] = begin

        def act() -> None:
            if self.alive:
                self._reply(work, then, failed, 0.001)

        self.world.after(begin - self.world.now, act)

    def write(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Work on the network: in order, perhaps never arriving, perhaps done though no answer comes."""
        self._queue("write", work, then, failed)

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Work on the network."""
        self._queue("read", work, then, failed)

    def _queue(
        self, lane: str, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        begin = max(self.world.now, self._free[lane])
        trip = self.world.uniform(0.001, 0.15)
        fate = self.place.fate()
        self._free[lane] = begin + (DEADLINE if fate != "well" else 2 * trip)
        wait = begin - self.world.now
        if fate == "well":
            self.world.after(wait + trip, lambda: self._reply(work, then, failed, trip))
            return
        if fate == "answer lost":
            self.world.after(wait + trip, lambda: _do_quietly(work))
        self.later(wait + DEADLINE, lambda: failed(StoreAway("The shared record did not answer.")))

    def _reply(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None], trip: float
    ) -> None:
        try:
            result = work()
        except Exception as problem:
            self.later(trip, partial(failed, problem))
        else:
            self.later(trip, partial(then, result))

    # feed

    def start(self, after: Cursor, sink: Callable[[FeedNews], None]) -> None:
        """Begin to read."""
        self._cursor, self._sink = after, sink
        self._poll()
        self._beat()

    def read_from(self, cursor: Cursor) -> None:
        """Read from another place."""
        self._cursor = cursor

    def hurry(self, live: bool) -> None:
        """The simulated feed is always quick."""

    def stop(self) -> None:
        """Say nothing more."""
        self._sink = lambda _: None

    def _poll(self) -> None:
        self.later(self.world.uniform(0.02, 0.3), self._poll)
        if not self._reaches() or self._cursor is None:
            return
        entries = self.world.server.news(self.place.who, self._cursor.seq, self.world.random.choice((1, 3, 50)))
        if entries:
            last = entries[-1].envelope
            self._cursor = Cursor(last.seq, last.digest)
            self._bring(Arrived(entries))

    def _beat(self) -> None:
        self.later(2.0, self._beat)
        if self._cursor is not None and self._reaches():
            self._said_away = False
            heart = self.world.server.heartbeat(self._cursor)
            self.later(self.world.uniform(0.0, 0.1), partial(self._sink, Beat(self._cursor, heart)))
        elif not self._said_away:
            self._said_away = True
            self.later(0.0, partial(self._sink, FeedAway("The shared record does not answer.")))

    def _reaches(self) -> bool:
        return self.world.server.up and not self.place.cut

    def _bring(self, news: FeedNews) -> None:
        """Lose, repeat, delay: what comes later may overtake."""
        night = self.place.night
        if self.world.random.random() < night.lose:
            return
        self.later(self.world.uniform(0.0, 0.2), partial(self._sink, news))
        if self.world.random.random() < night.repeat:
            self.later(self.world.uniform(0.0, 2.0), partial(self._sink, news))


def _do_quietly(work: Callable[[], Any]) -> None:
    try:
        work()
    except (StoreAway, OtherHistory):
        return


@dataclass
class Typed:
    """What a worker typed into one line: each text with the moment of its last key."""

    stream: StreamRef
    texts: list[tuple[float, str]] = field(default_factory=list)


class Place:
    """One computer with its journal and its worker; the console on it may be killed and started again."""

    def __init__(self, world: World, number: int, night: Night) -> None:
        self.world = world
        self.night = night
        self.who = Identity(f"worker.{number}", f"Worker {number}", Role.DUTY_MANAGER, f"desk {number}")
        self.journal = SimulatedJournal()
        self.skew = world.uniform(-100.0, 100.0)
        self.cut = False
        self.faulty_since = -1e9
        self.healthy_since = 0.0
        self.typed: dict[UUID, Typed] = {}
        self.recorded: list[Entry] = []
        self.won: list[UUID] = []
        self.answers = 0
        self.asked = 0
        self.ticked: set[UUID] = set()
        self.restored: list[Restored] = []
        self._line: tuple[UUID, StreamRef] | None = None
        self.start()

    def start(self) -> None:
        """Start the console."""
        self.life = life = _Life(self.world, self)
        self.ledger = Ledger(self.who.worker)
        store = cast("Store", self.world.server)
        doors = Doors(store, self.journal, life, cast("Any", life), life, life, life)
        self.recorder = Recorder(self.who, doors, self.ledger)
        self.notes = NotesService(self.recorder, self.ledger, life, life)
        self.recorder.start(NIGHT - timedelta(hours=8), self.restored.append)
        self._line = None
        life.later(self.world.uniform(0.1, 1.0), self._work)

    def kill(self) -> None:
        """SIGKILL, and a new console a little later."""
        self.life.alive = False
        self.world.after(self.world.uniform(0.5, 3.0), self.start)

    def fate(self) -> str:
        """Return what becomes of one trip over the network."""
        if self.cut:
            return "lost"
        if self.world.random.random() < self.night.lose:
            return self.world.random.choice(("lost", "answer lost"))
        return "well"

    # --- the worker ---------------------------------------------------------------------------

    def _work(self) -> None:
        if self.world.now > self.night.seconds:
            self.notes.flush_all()
            return
        act = self.world.random.choices((self._key, self._pause, self._field, self._claim), (12, 2, 2, 1))[0]
        self.life.later(act(), self._work)

    def _key(self) -> float:
        if self._line is None:
            stream = incident(self.world.random.randrange(INCIDENTS))
            self._line = (UUID(int=self.world.random.getrandbits(128), version=4), stream)
            self.typed[self._line[0]] = Typed(stream)
        line, stream = self._line
        typed = self.typed[line]
        text = (typed.texts[-1][1] if typed.texts else "") + self.world.random.choice("abc de")
        typed.texts.append((self.world.now, text))
        self.notes.typed(stream, line, text)
        return self.world.uniform(0.05, 0.4)

    def _pause(self) -> float:
        if self._line is not None and self.world.random.random() < 0.5:
            self.notes.line_ended(self._line[0])
            self._line = None
        return self.world.uniform(0.3, 2.0)

    def _field(self) -> float:
        stream = incident(self.world.random.randrange(INCIDENTS))
        slot = "fact:door"
        content = {"key": "door", "text": f"{self.world.random.randrange(100)}", "source": "caller"}
        head = self.ledger.head(stream, slot)
        entry = self.recorder.entry(Kind.INCIDENT_FACT, stream, content, slot=slot, replaces=head)
        self.recorded.append(entry)
        self.recorder.record(entry)
        return self.world.uniform(0.1, 1.0)

    def _claim(self) -> float:
        call = StreamRef(StreamKind.CALL, UUID(int=self.world.random.randrange(1, 6)))
        if self.ledger.shared_head(call, "claim") is not None:
            return 0.2
        content = {"extension": self.who.station}
        entry = self.recorder.entry(Kind.CALL_CLAIMED, call, content, slot="claim", expects=Expects(None))
        self.asked += 1
        self.recorder.exclusive(entry, partial(self._answered, self.life, call))
        return self.world.uniform(0.1, 1.0)

    def _answered(self, life: _Life, call: StreamRef, outcome: Outcome) -> None:
        assert life.alive
        self.answers += 1
        if outcome.won:
            self.won.append(call.id)

    # --- what a camera over the worker's shoulder sees ------------------------------------------

    def own_entries(self) -> list[Entry]:
        """Return everything of this worker that the journal holds, in the order kept."""
        return [kept.entry for kept in self.journal.kept.values()]

    def ticks(self) -> set[UUID]:
        """Return own entries whose tick is shown now."""
        shown = (Delivery.SHARED, Delivery.SEEN)
        return {e.id for e in self.own_entries() if self.ledger.progress(e.id).delivery in shown}


def incident(number: int) -> StreamRef:
    """Return one of the night's incidents."""
    return StreamRef(StreamKind.INCIDENT, UUID(int=1000 + number))

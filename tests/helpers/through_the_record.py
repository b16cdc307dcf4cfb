"""A worker whose console hears no switchboard, and witnesses that hear it for her: one record, time turned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from console.domain.call_events import (
    Alerting,
    CallBegan,
    CallEvent,
    LinkChanged,
    LinkState,
    NumberLearned,
    QueueJoined,
)
from console.domain.call_reducer import CallBook
from console.domain.call_refs import RecordRefs
from console.domain.calls import Call, Direction, Presentation
from console.domain.lines import USUAL
from console.domain.record import Identity, Kind, Role, Stored
from console.ports.clock import Timer
from console.ports.manual import InlineInbox, InlineRunner, ManualAlarm
from console.ports.store import Store
from console.ports.switchboard import Act, Action, ActionAnswer
from console.services.record_time import RecordTime
from console.services.through_witness import Limits, SeatParts, ThroughWitness
from console.services.witness import Witness, WitnessParts
from db.journal_memory import MemoryJournal
from db.memory import MemoryStore
from tests.helpers.night_room import PRIYA, START, SWITCHBOARD, HandFeed, HandSwitchboard, Room

LINE = "01632960001"
Then = Callable[[ActionAnswer], None]
BEFORE = timedelta(minutes=1)
"""How long before the first fact of a recording everybody is there."""


class Telephones(HandSwitchboard):
    """A switchboard that may keep its word to itself."""

    silent = False

    def perform(self, action: Action, then: Then) -> None:
        """Remember, and answer or not."""
        if self.silent:
            self.asked.append(action)
        else:
            super().perform(action, then)


class Mortal:
    """The alarm of a witness that may be dead by the time it rings."""

    def __init__(self, rack: Rack, alarm: ManualAlarm) -> None:
        self._rack = rack
        self._alarm = alarm

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Ring once."""
        return self._alarm.after(seconds, lambda: None if self._rack.dead else act())

    def every(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Ring again and again."""
        return self._alarm.every(seconds, lambda: None if self._rack.dead else act())


class FewWords:
    """The record as PostgreSQL shows it to a witness: no words, not its own either, but those that ask it to act."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the store has
        return getattr(self._store, name)

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return what is new."""
        found = self._store.news(who, after, limit)
        return tuple(one if one.envelope.kind is Kind.SHIFT_ASKED else replace(one, body=None) for one in found)


class Rack:
    """A witness on a station of its own, that acts for others."""

    def __init__(self, room: Room, station: str, *, acts: bool = True) -> None:
        who = Identity("witness", "Witness", Role.WITNESS, station)
        self.board = Telephones()
        self.feeds: list[HandFeed] = []
        self.dead = False

        def feed() -> HandFeed:
            self.feeds.append(HandFeed(cast(Store, FewWords(room.store)), who, room.clock))
            return self.feeds[-1]

        parts = WitnessParts(
            room.store, MemoryJournal(room.clock), feed, InlineRunner(), InlineInbox(), RecordTime(room.clock),
            Mortal(self, room.alarm), room.calendar, SWITCHBOARD, lambda: 0.4, USUAL, self.board if acts else None,
        )  # fmt: skip
        self.witness = Witness(who, parts, lambda _: None)
        self.witness.start(lambda: None)

    def deliver(self) -> bool:
        """Let it read what is new."""
        return not self.dead and self.feeds[-1].deliver()

    def kill(self) -> None:
        """Let it do nothing any more, in the middle of whatever it does."""
        self.dead = True
        self.feeds[-1].stop()


class Case:
    """Priya at 1001, whose console hears no switchboard."""

    def __init__(self, at: datetime = START) -> None:
        self.room = Room(at)
        self.priya = self.room.console(PRIYA, "1001")
        self.racks: list[Rack] = []
        self.book = CallBook(SWITCHBOARD, USUAL, RecordRefs(SWITCHBOARD))
        self.links: list[LinkChanged] = []
        self.events: list[CallEvent] = []
        self.answers: list[ActionAnswer] = []
        self.telephones = ThroughWitness(Limits(silent_s=150.0, answer_s=12.0))

    def rack(self, station: str = "rack-1", *, acts: bool = True, run: str = "night") -> Rack:
        """Start a witness that hears the telephones."""
        made = Rack(self.room, station, acts=acts)
        self.racks.append(made)
        self.settle()
        made.witness.hear(LinkChanged(self.room.clock.now(), LinkState.CONNECTED, boot=run))
        self.advance(31)
        return made

    def sit(self) -> None:
        """Let Priya's console hear through the record."""
        one = self.priya
        self.telephones.sit(
            SeatParts(one.recorder, one.folds, one.ledger, one.clock, self.room.alarm, USUAL, lambda: one.shift.stream)
        )
        self.telephones.start(self.hear)
        self.settle()

    def hear(self, event: CallEvent) -> None:
        """Take what her console is told."""
        self.events.append(event)
        if isinstance(event, LinkChanged):
            self.links.append(event)
        self.book.apply(event, self.room.clock.now())

    def settle(self) -> None:
        """Let everybody read until nothing is new."""
        for _ in range(100):
            self.room.settle()
            if not any([rack.deliver() for rack in self.racks]):
                return
        raise AssertionError("they never came to rest")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        while seconds > 0:
            self.room.alarm.advance(min(0.5, seconds))
            self.settle()
            seconds -= 0.5

    def happens(self, *events: CallEvent) -> None:
        """Let every witness hear facts."""
        for event in events:
            for rack in self.racks:
                if not rack.dead:
                    rack.witness.hear(event)
        self.settle()

    def rings(self, name: str = "c1") -> None:
        """Let a caller ring Priya and Tom."""
        now = self.room.clock.now()
        self.happens(
            CallBegan(name, now, Direction.INBOUND, LINE),
            NumberLearned(name, now, "07700900412", "", Presentation.ALLOWED, settled=True),
            QueueJoined(name, now, "oohs"),
            Alerting(name, now, f"{name}-1", "1001"),
            Alerting(name, now, f"{name}-2", "1002"),
        )

    def call(self) -> Call:
        """Return the only call her console knows."""
        (call,) = self.book.calls()
        return call

    def ask(self, act: Act, target: str = "", extension: str = "1001") -> None:
        """Ask, as her console does."""
        call = self.book.calls()[0].id if self.book.calls() else None
        self.telephones.perform(Action(act, extension, call, "", target), self.answers.append)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a call after a fact: as a desk at the switchboard has it, and as one without a way to it has it."""

    after: str
    field: str
    direct: object
    through: object


class Side:
    """The same facts at a desk that hears the switchboard, and at Priya's, which hears them through a witness."""

    def __init__(self, at: datetime, *, acts: bool = True) -> None:
        self._case = Case(at - BEFORE)
        self._case.rack(acts=acts, run="")
        self._case.sit()
        self._direct = CallBook(SWITCHBOARD, USUAL)

    def close(self) -> None:
        """End both."""
        self._case.room.close()

    def differences(self, facts: Iterable[tuple[datetime, CallEvent]]) -> list[Difference]:
        """Return what differs after any of the facts, each field of a call once; time passes as it did."""
        found: dict[tuple[UUID, str], Difference] = {}
        for at, fact in facts:
            room = self._case.room
            self._case.advance((at - room.clock.now()).total_seconds())
            self._direct.apply(fact, room.clock.now())
            self._case.happens(fact)
            for call in self._direct.calls():
                for one in _differing(fact, call, self._case.book.call(call.id)):
                    found.setdefault((call.id, one.field), one)
        return list(found.values())

    @staticmethod
    def calls_of(facts: Iterable[tuple[datetime, CallEvent]]) -> Iterable[Call]:
        """Yield the calls after each fact, as a desk at the switchboard has them."""
        book = CallBook(SWITCHBOARD, USUAL)
        for at, fact in facts:
            book.apply(fact, at)
            yield from book.calls()


def _differing(fact: CallEvent, direct: Call, through: Call | None) -> Iterable[Difference]:
    if through is None:
        yield Difference(repr(fact), "the call", direct, None)
        return
    for one in fields(Call):
        here, there = getattr(direct, one.name), getattr(through, one.name)
        if here != there:
            yield Difference(repr(fact), one.name, here, there)

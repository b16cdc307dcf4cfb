"""Two consoles and a witness on one recorded switchboard: real services, each with a line and a way of its own.

Every observer reads the stream by its own mapper, at its own pace; it may come late, lose its line for a while,
be killed, or find the shared record away.  What remains is read by somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.call_log import CallRecord, fold_call
from console.domain.items import Item, item_of_stored
from console.domain.lines import USUAL
from console.domain.record import Identity, Kind, Role, StreamKind
from console.ports.journal import Journal
from console.ports.manual import InlineInbox, InlineRunner
from console.ports.store import Store, StoreAway
from console.services.record_time import RecordTime
from console.services.witness import Witness, WitnessParts
from console.services.witness_news import News
from db.journal_memory import MemoryJournal
from db.memory import MemoryStore
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from tests.helpers.ami_streams import listed, messages_of
from tests.helpers.night_room import PRIYA, SWITCHBOARD, TOM, HandFeed, Room
from tests.helpers.recordings import Recording

WITNESS = Identity("witness", "Witness", Role.WITNESS, "rack")
READER = Identity("una.reader", "Una Reader", Role.DUTY_MANAGER, "desk-9")
BOOT = "one night"


class OwnWay:
    """One observer's own way to the shared record, which may be cut while others go on."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.away = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the store has
        if self.away:
            raise StoreAway("The shared record cannot be reached.")
        return getattr(self._store, name)


@dataclass
class Observer:
    """One that hears the switchboard; ``place`` is how many messages have come to it."""

    name: str
    way: OwnWay
    hear: Callable[[CallEvent], None]
    end: Callable[[], None]
    deliver: Callable[[], bool]
    mapper: Mapper = field(default_factory=lambda: Mapper(Reading()))
    place: int = 0
    connected: bool = False
    dead: bool = False


class Night:
    """One recording, played to any number of observers."""

    def __init__(self, recording: Recording, names: Sequence[str] = ("priya", "tom", "witness")) -> None:
        self.messages = messages_of(recording)
        self.room = Room(_stamp(self.messages) or datetime(2026, 11, 21, 20, tzinfo=UTC))
        self.store = self.room.store
        self.journals: dict[str, Journal] = {}
        self.observers = [self.observer(name) for name in names]

    # --- observers ----------------------------------------------------------------------------

    def observer(self, name: str) -> Observer:
        """Start one; it is not connected to the switchboard yet."""
        way = OwnWay(self.store)
        return self._witness(way) if name == "witness" else self._console(name, way)

    def _console(self, name: str, way: OwnWay) -> Observer:
        who, extension = {"priya": (PRIYA, "1001"), "tom": (TOM, "1002")}[name]
        self.room.store = cast(MemoryStore, way)
        console = self.room.console(who, extension)
        self.room.store = self.store
        return Observer(name, way, console.desk.hear, console.recorder.stop, console.feed.deliver)

    def _witness(self, way: OwnWay) -> Observer:
        room, store = self.room, cast(MemoryStore, way)
        feeds: list[HandFeed] = []
        journal = self.journals.setdefault("witness", MemoryJournal(room.clock))

        def feed() -> HandFeed:
            feeds.append(HandFeed(store, WITNESS, room.clock))
            return feeds[-1]

        parts = WitnessParts(
            cast(Store, way), journal, feed, InlineRunner(), InlineInbox(), RecordTime(room.clock), room.alarm,
            room.calendar, SWITCHBOARD, lambda: 0.4, USUAL,
        )  # fmt: skip
        news: list[News] = []
        witness = Witness(WITNESS, parts, news.append)
        witness.start(lambda: None)
        return Observer("witness", way, witness.hear, feeds[-1].stop, lambda: feeds[-1].deliver())

    # --- what happens -------------------------------------------------------------------------

    def settle(self) -> None:
        """Let every feed deliver until nothing is new."""
        for _ in range(100):
            if not any([one.deliver() for one in self.observers if not one.dead]):
                return
        raise AssertionError("the observers never came to rest")

    def pass_time(self, seconds: float) -> None:
        """Let time pass, the feeds delivering in every half second."""
        left = seconds
        while left > 0:
            step = min(0.5, left)
            self.room.alarm.advance(step)
            self.settle()
            left -= step

    def connect(self, observer: Observer) -> None:
        """Connect one to the switchboard as it is at its place: how things are, and nothing of how they came to be."""
        there = Mapper(Reading())
        for message in self.messages[: observer.place]:
            there.feed(message, self._at(observer.place))
        at = self._at(observer.place)
        observer.connected = True
        self._hear(observer, [LinkChanged(at, LinkState.CONNECTED, boot=BOOT)])
        self._hear(observer, take_snapshot(observer.mapper, listed(there.board), at))

    def cut(self, observer: Observer) -> None:
        """Take one's line away."""
        observer.connected = False
        self._hear(observer, [LinkChanged(self._at(observer.place), LinkState.LOST, "The line is gone.")])

    def kill(self, observer: Observer) -> None:
        """End one as SIGKILL does: nothing it had not said is ever said by it."""
        observer.dead = True
        observer.end()

    def play(self, observer: Observer, upto: int) -> None:
        """Let messages come to one observer; without a line they are lost on it."""
        for message in self.messages[observer.place : upto]:
            observer.place += 1
            if observer.connected and not observer.dead:
                self._hear(observer, observer.mapper.feed(message, self._at(observer.place)))

    def end(self) -> None:
        """Play everything to everybody and let the last short silences pass."""
        for observer in self.observers:
            self.play(observer, len(self.messages))
        self.pass_time(8)

    def _hear(self, observer: Observer, events: Iterable[CallEvent]) -> None:
        for event in events:
            observer.hear(event)

    def _at(self, place: int) -> datetime:
        before = _stamp(reversed(self.messages[:place]))
        return (before or self.room.clock.now()) + timedelta(milliseconds=1)

    # --- what remains -------------------------------------------------------------------------

    def items(self) -> tuple[Item, ...]:
        """Return every entry about a call, as a reader of the shift gets it."""
        stored = self.store.news(READER, 0, 100_000)
        return tuple(item_of_stored(one) for one in stored if one.envelope.stream.kind is StreamKind.CALL)

    def account(self) -> Account:
        """Return what the record tells of all calls."""
        return account_of(self.items())

    def close(self) -> None:
        """End everything."""
        for observer in self.observers:
            observer.end()
        self.room.store = self.store
        self.room.close()


@dataclass(frozen=True)
class Account:
    """``calls`` are the folds; ``facts`` what was told by whoever saw the call whole; ``late`` by the others."""

    calls: frozenset[CallRecord]
    facts: frozenset[tuple[str, str, str]]
    late: tuple[str, ...]
    disputed: int


def account_of(items: Iterable[Item]) -> Account:
    """Return the account that entries about calls make; an id that stands twice fails the test."""
    listed_items = [item for item in items if item.kind is not Kind.CALL_CLAIMED]
    assert len({item.id for item in listed_items}) == len(listed_items), "an id stands twice"
    streams: dict[Any, list[Item]] = {}
    for item in listed_items:
        streams.setdefault(item.stream, []).append(item)
    folds = (fold_call(one) for one in streams.values())
    told = [item for item in listed_items if item.kind is not Kind.SEEN_OUTSIDE]
    facts = frozenset(
        (str(item.stream), item.kind.value, repr(sorted(item.content.items()))) for item in told if not _late(item)
    )
    late = tuple(sorted(item.kind.value for item in told if _late(item)))
    disputed = len(listed_items) - len(told)
    return Account(frozenset(one for one in folds if one is not None), facts, late, disputed)


def _late(item: Item) -> bool:
    return item.content.get("late") is True


def _stamp(messages: Iterable[Message]) -> datetime | None:
    stamps = (message.get("Timestamp") for message in messages)
    first = next((stamp for stamp in stamps if stamp), "")
    return datetime.fromtimestamp(float(first), UTC) if first else None

"""The headless witness: what it writes and when, what it tells, how it ends, and that months fill no memory."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest

from console.domain.calendar import Calendar, shift_stream
from console.domain.call_events import (
    Alerting,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkChanged,
    LinkState,
    NumberLearned,
    SnapshotTaken,
)
from console.domain.call_log import CallRecord, fold_call
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.items import Item, item_of_stored
from console.domain.lines import USUAL
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.domain.shifts import fold_shift
from console.domain.watches import WatchState
from console.ports.journal import Journal, Kept
from console.ports.manual import InlineInbox, InlineRunner, ManualAlarm
from console.ports.store import Store
from console.services.acknowledged import Acked
from console.services.record_time import RecordTime
from console.services.recorder import Drained
from console.services.witness import Witness, WitnessParts
from console.services.witness_news import News
from db.journal_memory import MemoryJournal
from db.memory import MemoryStore
from tests.helpers.night_room import SWITCHBOARD, HandFeed, Room
from tests.helpers.observers import READER, WITNESS, OwnWay

LINE = "01632960001"


@dataclass
class Rack:
    """One witness on a record in memory, with time and the feed turned by hand."""

    room: Room = field(default_factory=Room)
    journal: Journal | None = None
    news: list[News] = field(default_factory=list)
    feeds: list[HandFeed] = field(default_factory=list)
    ready: int = 0

    def __post_init__(self) -> None:
        self.clock = self.room.clock
        self.way = OwnWay(self.room.store)
        self.journal = self.journal or MemoryJournal(self.clock)
        self.witness = self.again()

    def again(self) -> Witness:
        """Start a witness on what the one before, killed, left in the journal."""
        assert self.journal is not None
        self.alarm = ManualAlarm(self.clock)  # nothing that the one before meant to do is done any more
        store = cast(MemoryStore, self.way)

        def feed() -> HandFeed:
            self.feeds.append(HandFeed(store, WITNESS, self.clock))
            return self.feeds[-1]

        parts = WitnessParts(
            cast(Store, self.way), self.journal, feed, InlineRunner(), InlineInbox(), RecordTime(self.clock),
            self.alarm, self.room.calendar, SWITCHBOARD, lambda: 0.4, USUAL,
        )  # fmt: skip
        made = Witness(WITNESS, parts, self.news.append)
        made.start(self._ready)
        self.witness = made
        return made

    def _ready(self) -> None:
        self.ready += 1

    def turn(self) -> None:
        while self.feeds[-1].deliver():
            pass

    def wait(self, seconds: float) -> None:
        left = seconds
        while left > 0:
            step = min(1.0, left)
            self.alarm.advance(step)
            self.turn()
            left -= step

    def hear(self, *events: CallEvent) -> None:
        for event in events:
            self.witness.hear(event)
        self.turn()

    def connected(self, at: datetime | None = None) -> None:
        self.hear(LinkChanged(at or self.clock.now(), LinkState.CONNECTED, boot="night"))

    def call(self, name: str, outcome: CallOutcome = CallOutcome.ABANDONED) -> None:
        """Let a caller come, ring, and be gone."""
        now = self.clock.now()
        self.hear(
            CallBegan(name, now, Direction.INBOUND, LINE),
            NumberLearned(name, now, "07700900412", "", Presentation.ALLOWED, settled=True),
            Alerting(name, now, f"{name}-1001", "1001"),
        )
        self.wait(9)
        self.hear(CallEnded(name, self.clock.now(), outcome, "caller"))

    def items(self, kind: StreamKind) -> list[Item]:
        stored = self.room.store.news(READER, 0, 100_000)
        return [item_of_stored(one) for one in stored if one.envelope.stream.kind is kind]

    def calls(self) -> list[CallRecord]:
        streams: dict[StreamRef, list[Item]] = {}
        for item in self.items(StreamKind.CALL):
            streams.setdefault(item.stream, []).append(item)
        return [one for one in map(fold_call, streams.values()) if one is not None]

    def sentences(self) -> list[str]:
        return [one.sentence for one in self.news]


@pytest.fixture
def rack() -> Iterator[Rack]:
    made = Rack()
    made.turn()
    yield made
    made.room.close()


def test_the_telephones_are_listened_to_once_the_record_was_read(rack: Rack) -> None:
    assert rack.ready == 1
    rack.wait(20)
    assert rack.ready == 1


def test_a_record_that_is_away_keeps_nobody_from_listening() -> None:
    rack = Rack()
    rack.turn()
    rack.ready, rack.way.away = 0, True
    rack.again()
    rack.wait(10)
    assert rack.ready == 1
    rack.room.close()


def test_a_fact_is_written_at_once_and_by_itself(rack: Rack) -> None:
    rack.connected()
    rack.hear(CallBegan("c1", rack.clock.now(), Direction.INBOUND, LINE))
    (item,) = rack.items(StreamKind.CALL)
    assert (item.kind, item.author, item.content["dialled"]) == (Kind.CALL_SEEN, "witness", LINE)


def test_an_abandoned_call_that_nobody_was_there_for_is_on_the_board_in_the_morning(rack: Rack) -> None:
    """No console runs all night; the handler and the manager come at six."""
    rack.connected()
    rack.call("c1")
    rack.wait(3600)
    helen = rack.room.console(READER)
    rack.room.settle()
    board = helen.board.now()
    assert (board.answered.offered, board.answered.abandoned, board.answered.answered) == (1, 1, 0)
    (log,) = helen.folds.call_log()
    assert (log.e164, log.abandoned, log.dialled) == ("+447700900412", True, LINE)
    assert log.wait == timedelta(seconds=9)


def test_facts_wait_while_the_record_is_away_and_are_told_of(rack: Rack) -> None:
    rack.connected()
    rack.way.away = True
    rack.call("c1")
    rack.wait(20 * 60)
    assert rack.calls() == []
    away = [one for one in rack.news if one.facts.get("state") == "away"]
    assert "kept on this computer" in away[0].sentence
    assert "4 facts wait on this computer" in away[-1].sentence
    assert len(away) == 2, "said once, and once more after a quarter of an hour"
    rack.way.away = False
    rack.wait(10)
    assert [call.abandoned for call in rack.calls()] == [True]
    assert "The shared record is back after" in rack.sentences()[-1]


def test_a_witness_killed_while_facts_wait_sends_them_when_it_comes_back(rack: Rack) -> None:
    rack.connected()
    rack.way.away = True
    rack.call("c1")
    rack.way.away = False
    rack.again()
    rack.wait(10)
    assert [call.abandoned for call in rack.calls()] == [True]


def test_each_loss_of_the_telephones_is_told_once_and_so_is_their_return(rack: Rack) -> None:
    rack.connected()
    before = len(rack.news)
    for _ in range(5):
        rack.hear(LinkChanged(rack.clock.now(), LinkState.LOST, "The connection was lost."))
        rack.wait(10)
        rack.hear(LinkChanged(rack.clock.now(), LinkState.CONNECTING))
    rack.connected()
    told = rack.sentences()[before:]
    assert told[0] == "The connection was lost."
    assert told[1].startswith("The telephone system is back after 00:50.")
    assert len(told) == 2
    assert not any("0770" in sentence or LINE in sentence for sentence in rack.sentences())


def test_a_refusal_after_a_loss_is_told_for_something_must_be_done(rack: Rack) -> None:
    rack.connected()
    for state, sentence in ((LinkState.LOST, "Lost."), (LinkState.REFUSED, "Refused."), (LinkState.LOST, "Lost.")):
        rack.hear(LinkChanged(rack.clock.now(), state, sentence))
    assert rack.sentences()[-2:] == ["Lost.", "Refused."]


def test_a_call_whose_end_nobody_heard_ends_as_unknown(rack: Rack) -> None:
    rack.connected()
    rack.hear(CallBegan("c1", rack.clock.now(), Direction.INBOUND, LINE))
    rack.hear(LinkChanged(rack.clock.now(), LinkState.LOST, "Lost."))
    rack.wait(60)
    rack.connected()
    rack.hear(SnapshotTaken(rack.clock.now(), frozenset()))
    rack.wait(4)
    assert [(call.outcome, call.ended_at is not None) for call in rack.calls()] == [(CallOutcome.UNKNOWN, True)]


# --- the sign of life --------------------------------------------------------------------------


def watches(rack: Rack) -> list[tuple[WatchState, datetime]]:
    return [
        (WatchState(item.content["state"]), item.made_at)
        for item in rack.items(StreamKind.SHIFT)
        if item.kind is Kind.SHIFT_WATCH
    ]


def test_it_says_that_it_is_there_when_that_changes_and_every_quarter_of_an_hour(rack: Rack) -> None:
    rack.connected()
    assert [state for state, _ in watches(rack)] == [WatchState.WATCHING]
    rack.wait(16 * 60)
    assert [state for state, _ in watches(rack)] == [WatchState.WATCHING] * 2
    rack.hear(LinkChanged(rack.clock.now(), LinkState.LOST, "Lost."))
    rack.wait(31)
    assert watches(rack)[-1][0] is WatchState.BLIND


def test_a_switchboard_that_comes_and_goes_does_not_fill_the_record(rack: Rack) -> None:
    for _ in range(200):
        rack.connected()
        rack.hear(LinkChanged(rack.clock.now(), LinkState.LOST, "Lost."))
    assert len(watches(rack)) == 1


def test_a_new_shift_hears_of_it_too(rack: Rack) -> None:
    rack.connected()
    calendar: Calendar = rack.room.calendar
    first = shift_stream(calendar.stretch(rack.clock.now()))
    rack.wait(20 * 3600)
    last = shift_stream(calendar.stretch(rack.clock.now()))
    assert last != first
    shift = fold_shift(item for item in rack.items(StreamKind.SHIFT) if item.stream == last)
    assert [(one.station, one.alive(rack.clock.now())) for one in shift.watches] == [("rack", True)]


def test_who_was_not_heard_for_35_minutes_is_silent(rack: Rack) -> None:
    rack.connected()
    shift = fold_shift(rack.items(StreamKind.SHIFT))
    at = shift.watches[0].at
    assert shift.watches[0].alive(at + timedelta(minutes=34))
    assert not shift.watches[0].alive(at + timedelta(minutes=36))


# --- the end, and months -----------------------------------------------------------------------


def test_it_ends_with_everything_sent_also_what_still_waited_its_turn(rack: Rack) -> None:
    """A late fact waits two seconds and more; told to end, the witness writes it at once."""
    rack.connected()
    rack.hear(SnapshotTaken(rack.clock.now(), frozenset({"c1"}), frozenset({"c1"})))
    rack.hear(CallBegan("c1", rack.clock.now(), Direction.INBOUND, LINE))
    assert rack.items(StreamKind.CALL) == []
    left: list[Drained] = []
    rack.witness.finish(left.append)
    rack.wait(1)
    assert left == [Drained(unsaved=False, unshared=0)]
    (item,) = rack.items(StreamKind.CALL)
    assert item.content["late"] is True
    assert watches(rack)[-1][0] is WatchState.ENDED


def test_it_ends_with_what_could_not_be_sent_kept(rack: Rack) -> None:
    rack.connected()
    rack.way.away = True
    rack.call("c1")
    left: list[Drained] = []
    rack.witness.finish(left.append)
    rack.wait(6)
    assert [(one.unsaved, one.unshared) for one in left] == [(False, 5)]
    assert rack.journal is not None
    assert len(rack.journal.waiting()) == 5


def held() -> Counter[str]:
    """Return how many things of the kinds that come with every entry are in memory, whoever holds them."""
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects() if type(one) in (Item, Entry, Kept, Acked))


def test_a_page_is_turned_every_day_and_nothing_of_the_days_before_is_held(rack: Rack) -> None:
    rack.connected()
    counts = []
    for day in range(8):
        for number in range(20):
            rack.call(f"{day}-{number}")
        rack.clock.advance(24 * 3600)
        rack.wait(40)
        counts.append(held())
    assert len(rack.feeds) >= 8, "a page a day"
    assert len(rack.calls()) == 160
    a_day = 20 * 4 + 10
    for name, most in {"Item": 2, "Acked": 3, "Kept": 3, "Entry": 6}.items():
        assert counts[-1][name] <= most * a_day, counts
        assert counts[-1][name] <= counts[3][name] + 10, counts


def test_a_page_is_not_turned_while_something_waits(rack: Rack) -> None:
    rack.connected()
    rack.way.away = True
    rack.call("c1")
    pages = len(rack.feeds)
    rack.clock.advance(25 * 3600)
    rack.wait(40)
    assert len(rack.feeds) == pages
    rack.way.away = False
    rack.wait(60)
    assert len(rack.feeds) == pages + 1
    assert [call.abandoned for call in rack.calls()] == [True]

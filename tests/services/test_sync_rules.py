"""The sync core under every order of events that hypothesis can think of, shrunk when it breaks."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.domain.record import START, Entry, Kind, StreamKind, StreamRef
from console.ports.feed import Arrived, Beat, FeedAway
from console.ports.manual import ManualClock
from console.ports.store import Receipt
from console.services.asking import cursor_at, probe
from console.services.link_state import Link
from console.services.link_watch import At
from console.services.sync import Sync
from console.services.sync_words import (
    Accept,
    Answered,
    Append,
    AppendFailed,
    Offered,
    Opened,
    Probe,
    ReadFrom,
    Reopen,
    Rewound,
    SetAside,
    Shared,
    SyncAction,
    SyncEvent,
    Tick,
)
from console.services.writing import make_entry
from tests.helpers.desk import JO, PRIYA
from tests.helpers.simulated_server import SimulatedServer

WORKERS = (PRIYA, JO)
consoles = st.integers(0, len(WORKERS) - 1)


class Console:
    """A sync core whose every message waits until a rule delivers, loses or repeats it."""

    def __init__(self, number: int, server: SimulatedServer, clock: ManualClock) -> None:
        self.who = WORKERS[number]
        self.server = server
        self.clock = clock
        self.sync = Sync()
        self.offered: list[Entry] = []
        self.ticked: set[UUID] = set()
        self.aside: set[UUID] = set()
        self.read: dict[int, UUID] = {}
        self.append: Append | None = None
        self.answer: tuple[Receipt, ...] | None = None
        self.asked: list[Probe | Reopen] = []
        self.place = START
        self.old: list[Arrived] = []

    def take(self, event: SyncEvent) -> None:
        for action in self.sync.take(event, At(self.clock.now(), self.clock.monotonic())):
            self.do(action)

    def do(self, action: SyncAction) -> None:
        if isinstance(action, Append):
            assert self.append is None, "two batches on their way"
            self.append, self.answer = action, None
        elif isinstance(action, ReadFrom):
            self.place = action.cursor
        elif isinstance(action, Probe | Reopen):
            self.asked.append(action)
        else:
            self.note(action)

    def note(self, action: SyncAction) -> None:
        if isinstance(action, Shared):
            self.ticked.add(action.entry.id)
        elif isinstance(action, Rewound):
            self.ticked -= {entry.id for entry in action.own}
            if action.to is not None:
                self.read = {seq: identity for seq, identity in self.read.items() if seq <= action.to}
        elif isinstance(action, SetAside):
            self.aside.add(action.entry.id)
        elif isinstance(action, Accept):
            for stored in action.entries:
                self.read[stored.envelope.seq] = stored.envelope.id

    def offer(self, count: int, incident: int) -> None:
        stream = StreamRef(StreamKind.INCIDENT, UUID(int=incident + 1))
        entries: list[Entry] = []
        for _ in range(count):
            content = {"text": f"{self.who.worker} {len(self.offered) + len(entries)}"}
            entries.append(make_entry(self.who, self.clock, Kind.INCIDENT_NOTE, stream, content))
        self.offered += entries
        self.take(Offered(tuple(entries)))

    def reach(self) -> None:
        """The batch arrives at the server."""
        if self.append is not None and self.answer is None:
            self.answer = self.server.append(self.who, self.append.entries)

    def hear_answer(self, lost: bool) -> None:
        if self.append is None:
            return
        append, answer = self.append, self.answer
        self.append = self.answer = None
        if lost or answer is None:
            self.take(AppendFailed(append.number, "no answer", away=True))
        else:
            self.take(Answered(append.number, answer))

    def hear_news(self, limit: int, lost: bool) -> None:
        entries = self.server.news(self.who, self.place.seq, limit)
        if not entries:
            return
        last = entries[-1].envelope
        self.place = type(self.place)(last.seq, last.digest)
        news = Arrived(entries)
        self.old.append(news)
        if not lost:
            self.take(news)

    def hear_beat(self) -> None:
        self.take(Beat(self.place, self.server.heartbeat(self.place)))

    def answer_questions(self) -> None:
        while self.asked:
            question = self.asked.pop(0)
            if isinstance(question, Probe):
                self.take(probe(self.server, self.who, question.history))  # type: ignore[arg-type]  # of one store
            else:
                self.take(Opened(cursor_at(self.server, question.seq)))  # type: ignore[arg-type]  # of one store


class SyncRules(RuleBasedStateMachine):
    """Two consoles, one server that may go back, and messages in any order."""

    @initialize(late=st.booleans())
    def begin(self, late: bool) -> None:
        self.server = SimulatedServer()
        self.clock = ManualClock()
        self.consoles = [Console(number, self.server, self.clock) for number in range(len(WORKERS))]
        if late:
            self.consoles[0].offer(3, 0)
            self.consoles[0].reach()
            self.consoles[0].hear_answer(lost=False)
        for console in self.consoles:
            begin = self.server.head if late else START
            console.place = begin
            console.take(Opened(begin))
            console.read = {}
        self.began = self.server.head.seq if late else 0

    @rule(who=consoles, count=st.integers(1, 60), incident=st.integers(0, 2))
    def offer(self, who: int, count: int, incident: int) -> None:
        self.consoles[who].offer(count, incident)

    @rule(who=consoles)
    def reach(self, who: int) -> None:
        self.consoles[who].reach()

    @rule(who=consoles, lost=st.booleans())
    def hear_answer(self, who: int, lost: bool) -> None:
        self.consoles[who].hear_answer(lost)

    @rule(who=consoles, limit=st.integers(1, 80), lost=st.booleans())
    def hear_news(self, who: int, limit: int, lost: bool) -> None:
        self.consoles[who].hear_news(limit, lost)

    @rule(who=consoles, which=st.integers(0, 1_000))
    def hear_old_news(self, who: int, which: int) -> None:
        console = self.consoles[who]
        if console.old:
            console.take(console.old[which % len(console.old)])

    @rule(who=consoles)
    def hear_beat(self, who: int) -> None:
        self.consoles[who].hear_beat()

    @rule(who=consoles)
    def lose_feed(self, who: int) -> None:
        self.consoles[who].take(FeedAway("gone"))

    @rule(who=consoles)
    def answer_questions(self, who: int) -> None:
        self.consoles[who].answer_questions()

    @rule(missing=st.integers(1, 10))
    def fail_over(self, missing: int) -> None:
        self.server.fail_over(min(missing, len(self.server.log) - self.began))

    @rule(seconds=st.sampled_from((0.1, 1.0, 5.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.server.now += seconds
        for console in self.consoles:
            console.take(Tick())

    @invariant()
    def no_event_twice(self) -> None:
        ids = self.server.ids()
        assert len(ids) == len(set(ids))

    @invariant()
    def a_tick_is_true_but_for_a_failover_not_noticed(self) -> None:
        there = set(self.server.ids())
        for console in self.consoles:
            assert console.ticked <= there | self.server.lost

    @invariant()
    def nobody_is_convicted(self) -> None:
        assert all(console.sync.state.altered_at == 0 for console in self.consoles)

    def teardown(self) -> None:
        for _ in range(80):
            self._one_quiet_turn()
        there = set(self.server.ids())
        for console in self.consoles:
            assert console.sync.state.link is Link.TOGETHER
            assert console.sync.state.waiting == 0
            assert console.sync.cursor == self.server.head
            assert [console.read[seq] for seq in sorted(console.read)] == self.server.ids()[self.began :]
            assert {entry.id for entry in console.offered} <= there
            assert {entry.id for entry in console.offered} == console.ticked
            assert console.aside == set()
            self._kept_its_order(console)

    def _one_quiet_turn(self) -> None:
        self.clock.advance(1.1)
        self.server.now += 1.1
        for console in self.consoles:
            console.reach()
            console.hear_answer(lost=False)
            console.hear_news(500, lost=False)
            console.hear_beat()
            console.answer_questions()
            console.take(Tick())

    def _kept_its_order(self, console: Console) -> None:
        seqs = {stored.envelope.id: stored.envelope.seq for stored in self.server.log}
        last: dict[StreamRef, int] = {}
        for entry in console.offered:
            if entry.id not in self.server.lost:
                assert seqs[entry.id] > last.get(entry.stream, 0)
                last[entry.stream] = seqs[entry.id]


TestSyncRules = pytest.mark.timeout(300)(SyncRules.TestCase)
SyncRules.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_an_answer_of_a_history_that_is_no_more_gives_no_tick_and_loses_nothing() -> None:
    """Stored, lost by a failover, its place taken by a colleague's entry that was read; then the old answer comes."""
    rules = SyncRules()
    rules.begin(late=False)
    rules.offer(count=1, incident=0, who=0)
    rules.reach(who=0)
    rules.fail_over(missing=1)
    rules.offer(count=1, incident=0, who=1)
    rules.reach(who=1)
    rules.hear_news(limit=1, lost=False, who=0)
    rules.hear_answer(lost=False, who=0)
    assert rules.consoles[0].ticked == set()
    rules.teardown()

"""Does what the sync core decides: appends, reads, marks, and brings every answer back to it.

Lives on the services' thread; work leaves it by the runner and comes back by the inbox.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never
from uuid import UUID

from console.domain.record import Cursor, Entry, Identity, StreamRef
from console.domain.text import NightdeskError
from console.ports.clock import Alarm, Clock
from console.ports.feed import Beat, Feed, FeedNews
from console.ports.journal import Journal, KeptState, Mark
from console.ports.runner import Inbox, Runner
from console.ports.store import Card, OtherHistory, Receipt, Store, StoreAway, WrongSchema
from console.services.asking import cursor_at, probe
from console.services.keeping import Keeper
from console.services.ledger import Ledger
from console.services.link_state import Delivery
from console.services.link_watch import At
from console.services.sync import Sync
from console.services.sync_words import (
    Accept,
    Answered,
    Append,
    AppendFailed,
    Decided,
    MarkKept,
    Misplaced,
    Offered,
    Opened,
    Probe,
    Probed,
    ReadFrom,
    Reopen,
    Rewound,
    Said,
    SeenBy,
    SetAside,
    Shared,
    SyncAction,
    SyncEvent,
)

_log = logging.getLogger(__name__)
AGAIN = 1.0
"""Seconds before a question that could not be asked is asked again."""
BROKEN = "something went wrong in this program or the database; the technician's log says what."


def _not_measured(_: Beat) -> None:
    """Leave the clock as it is: it is the record's own."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything outside that sharing needs, handed over by the composition root.

    ``heard_time`` takes every heartbeat before anything is made of it: the record's time goes before this computer's.
    """

    store: Store
    journal: Journal
    feed: Feed
    runner: Runner
    inbox: Inbox
    clock: Clock
    alarm: Alarm
    heard_time: Callable[[Beat], None] = _not_measured


Cards = Callable[[frozenset[StreamRef]], Sequence[Card]]
"""Makes the display folds of these streams, where this console can."""
Answer = Callable[[Decided], None]


def no_cards(_: frozenset[StreamRef]) -> Sequence[Card]:
    """Make none: lists show such streams as stale until an entitled reader folds them."""
    return ()


class Driver:
    """The core, and the hands it has."""

    def __init__(self, who: Identity, doors: Doors, ledger: Ledger, keeper: Keeper, cards: Cards = no_cards) -> None:
        self._who = who
        self._doors = doors
        self._ledger = ledger
        self._keeper = keeper
        self._cards = cards
        self._sync = Sync()
        self._answers: dict[UUID, Answer] = {}
        self._todo: deque[SyncAction] = deque()
        self._acting = False
        self._feeding = False
        self._probing = False
        self._stopped = False

    @property
    def sync(self) -> Sync:
        """Return the core."""
        return self._sync

    def ask(self, entry: Entry, answer: Answer) -> None:
        """Send an exclusive act; ``answer`` is called once."""
        self._answers[entry.id] = answer
        self.take(Offered((entry,), exclusive=True))

    def take(self, event: SyncEvent) -> None:
        """Give the core an event and do what it says; then tell everybody what changed."""
        if self._stopped:
            return
        if isinstance(event, Beat):
            self._doors.heard_time(event)
        now = At(self._doors.clock.now(), self._doors.clock.monotonic())
        self._todo.extend(self._sync.take(event, now))
        if self._acting:
            return  # an act below came back at once: its actions wait their turn
        self._acting = True
        try:
            while self._todo:
                self._do(self._todo.popleft())
        finally:
            self._acting = False
        self._ledger.pen.publish()

    def hear(self, news: FeedNews) -> None:
        """Take the feed's news; callable from any thread."""
        self._doors.inbox.post(partial(self.take, news))

    def stop(self) -> None:
        """Hear and do nothing more."""
        self._stopped = True
        if self._feeding:
            self._doors.feed.stop()

    # --- doing --------------------------------------------------------------------------------

    def _do(self, action: SyncAction) -> None:
        match action:
            case Append() | ReadFrom() | Reopen() | Probe():
                self._ask_store(action)
            case MarkKept():
                self._keeper.mark(action.marks)
            case Decided():
                self._decided(action)
            case Accept() | Shared() | SetAside() | Rewound() | SeenBy() | Said():
                self._tell_ledger(action)
            case _:
                assert_never(action)

    def _ask_store(self, action: Append | ReadFrom | Reopen | Probe) -> None:
        match action:
            case Append():
                self._append(action)
            case ReadFrom():
                self._read_from(action.cursor)
            case Reopen():
                self._reopen(action.seq)
            case Probe():
                self._probe(action)
            case _:
                assert_never(action)

    def _tell_ledger(self, action: Accept | Shared | SetAside | Rewound | SeenBy | Said) -> None:
        match action:
            case Accept():
                self._ledger.pen.accept(action.entries)
            case Shared():
                self._shared(action)
            case SetAside():
                self._ledger.pen.put_aside(action.entry, action.reason)
            case Rewound():
                self._rewound(action)
            case SeenBy():
                self._ledger.pen.mark_seen(mark for mark in action.marks if mark.worker != self._who.worker)
            case Said():
                link = self._ledger.link
                self._ledger.pen.set_link(replace(action.state, journal_fault=link.journal_fault))
            case _:
                assert_never(action)

    def _append(self, action: Append) -> None:
        # What must be decided first is in no fold yet: its card goes after the answer.
        told = frozenset(entry.stream for entry in action.entries if entry.expects is None)
        cards = tuple(self._cards(told))

        def work() -> tuple[Receipt, ...]:
            return self._doors.store.append(self._who, action.entries, cards, action.after)

        def failed(problem: Exception) -> None:
            if isinstance(problem, OtherHistory):
                self.take(Misplaced(action.number))
                return
            away = isinstance(problem, StoreAway | WrongSchema)
            self.take(AppendFailed(action.number, _sentence(problem), away))

        self._doors.runner.write(work, lambda receipts: self.take(Answered(action.number, receipts)), failed)

    def _read_from(self, cursor: Cursor) -> None:
        if self._feeding:
            self._doors.feed.read_from(cursor)
            return
        self._feeding = True
        self._doors.feed.start(cursor, self.hear)

    def _reopen(self, seq: int) -> None:
        def failed(problem: Exception) -> None:
            _quietly(problem)
            self._doors.alarm.after(AGAIN, partial(self._reopen, seq))

        if not self._stopped:
            work = partial(cursor_at, self._doors.store, seq)
            self._doors.runner.read(work, lambda cursor: self.take(Opened(cursor)), failed)

    def _probe(self, action: Probe) -> None:
        """Ask one question at a time: while the shared record is away, unanswered ones would queue up."""
        if self._probing:
            return
        self._probing = True

        def answered(answer: Probed) -> None:
            self._probing = False
            self.take(answer)

        def failed(problem: Exception) -> None:
            self._probing = False
            _quietly(problem)

        self._doors.runner.read(partial(probe, self._doors.store, self._who, action.history), answered, failed)

    def _shared(self, action: Shared) -> None:
        self._ledger.pen.share(action.entry, action.seq, action.stored_at)
        if action.exclusive:
            # Not kept before it was decided; kept now, so that it is offered again after a failover.
            self._keeper.keep((action.entry,))
            self._keeper.mark((Mark(action.entry.id, KeptState.SHARED, action.seq, action.digest),))
            self._give_card(action.entry.stream)

    def _give_card(self, stream: StreamRef) -> None:
        """Hand in the card of what was decided; where that fails it is stale, and the next entry brings another."""
        cards = tuple(self._cards(frozenset({stream})))
        if cards:
            work = partial(self._doors.store.append, self._who, (), cards)
            self._doors.runner.write(work, lambda _: None, _quietly)

    def _rewound(self, action: Rewound) -> None:
        if action.to is None:
            self._ledger.pen.unshare(action.own)
        else:
            _log.warning(
                "the shared record went back to entry %d; %d entries offered again", action.to, len(action.own)
            )
            self._ledger.pen.drop_after(action.to, action.own)
        self._ledger.pen.move((entry.id for entry in action.own), Delivery.KEPT)

    def _decided(self, action: Decided) -> None:
        answer = self._answers.pop(action.entry.id, None)
        if answer is not None:
            answer(action)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, NightdeskError):
        return str(problem)
    # The type alone: what an exception of a database says may hold personal data.
    _log.error("an append failed unexpectedly: %s", type(problem).__name__)
    return BROKEN


def _quietly(problem: Exception) -> None:
    """A question that could not be asked is asked again by the core; only the unexpected is logged."""
    if not isinstance(problem, NightdeskError):
        _log.error("a question to the shared record failed unexpectedly: %s", type(problem).__name__)

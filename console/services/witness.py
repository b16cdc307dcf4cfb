"""The headless witness: hears one switchboard and writes the facts of its calls into the shared record.

It is one observer among others and leads nobody: consoles go on without it, and it without them
(docs/decisions/0020-witnesses.md).  It runs for months, so every day it turns a page: ledger, recorder and
feed begin anew from the journal and the record, and nothing of the day before is left in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from console.domain.calendar import Calendar, shift_stream
from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.lines import DialPlan
from console.domain.record import Identity, Kind, StreamKind
from console.domain.watches import SAY_EVERY, SAY_OFTEN, WatchState, watch_id, watch_slot
from console.ports.clock import Alarm, Timer
from console.ports.feed import Feed
from console.ports.journal import Journal
from console.ports.runner import Inbox, Runner
from console.ports.store import Store
from console.services.call_desk import KEEP_ENDED
from console.services.call_facts import CallFacts, Wait
from console.services.driver import Doors
from console.services.ledger import ChangeSet, Ledger
from console.services.link_state import Link
from console.services.record_time import RecordTime
from console.services.recorder import Drained, Recorder
from console.services.vantage import Vantage
from console.services.witness_acts import ActsParts, Board, WitnessActs
from console.services.witness_news import MEMORY_ONLY, News, WitnessNews

_log = logging.getLogger(__name__)
PAGE = timedelta(hours=24)
"""How long a page is, and how far back a new one reads."""
LOOK = 30.0
"""Seconds between looks whether something is to be said, let go of, or begun anew."""
PATIENCE = 8.0
"""Seconds the shared record may take to say anything before the telephones are listened to without it."""
DRAIN = 5.0
"""Seconds the last facts may take to get into the journal and the shared record at the end."""


@dataclass(frozen=True, slots=True)
class WitnessParts:
    """What a witness is made of; ``feed`` makes a new feed for each page, ``switchboard`` is its row."""

    store: Store
    journal: Journal
    feed: Callable[[], Feed]
    runner: Runner
    inbox: Inbox
    clock: RecordTime
    alarm: Alarm
    calendar: Calendar
    switchboard: UUID
    wait: Wait
    plan: DialPlan
    board: Board | None = None
    """The switchboard, where it also does what consoles ask that have no way to it (:mod:`.witness_acts`)."""


@dataclass(frozen=True, slots=True)
class _Page:
    ledger: Ledger
    recorder: Recorder
    facts: CallFacts
    begun: float


class Witness:
    """Hears, writes, and says how it is; everything on the services' thread."""

    def __init__(self, who: Identity, parts: WitnessParts, tell: Callable[[News], None]) -> None:
        self._who = who
        self._parts = parts
        self._tell = tell
        self._book = CallBook(parts.switchboard, parts.plan)
        self._providers: dict[UUID, str] = {}
        self._acts = self._acting(parts.board) if parts.board is not None else None
        self._vantage = Vantage()
        self._news = WitnessNews()
        self._ready: Callable[[], None] | None = None
        self._timers: list[Timer] = []
        self._said: tuple[WatchState, UUID, tuple[str, ...]] | None = None
        self._said_at = self._nudged_at = parts.clock.monotonic()
        self._page = self._new_page()

    def start(self, ready: Callable[[], None]) -> None:
        """Begin; ``ready`` is called once, when the switchboard may be listened to.

        Not before the record was read, so that what is known there already is not told again; nor much later.
        """
        self._ready = ready
        if self._parts.journal.memory_only:
            self._tell(News("journal", MEMORY_ONLY, {"memory_only": True}))
        self._timers.append(self._parts.alarm.after(PATIENCE, self._listen))
        self._timers.append(self._parts.alarm.every(LOOK, self._look))
        self._begin(self._page)

    def hear(self, event: CallEvent) -> None:
        """Take one fact of the switchboard, for each once."""
        event, now = self._parts.clock.placed(event), self._parts.clock.now()
        changes = self._book.apply(event, now)
        call = self._page.facts.hear(event, changes, self._book, "")
        if call is not None:
            self._providers[call] = str(getattr(event, "call", ""))
        for oddity in self._book.take_oddities():
            _log.info("telephone: %s", oddity.what)
        if isinstance(event, LinkChanged):
            self._tell_all(self._news.telephones(event, now))
            # A switchboard that comes and goes must not fill the record: the next look says how it is.
            if self._said is None and event.state is not LinkState.CONNECTING:
                self._say_alive()

    def finish(self, then: Callable[[Drained], None]) -> None:
        """Write what still waits, say goodbye, and try for some seconds to get all of it into the record."""
        for timer in self._timers:
            timer.cancel()
        self._page.facts.flush()
        if self._said is not None:
            self._say(WatchState.ENDED)
        self._page.recorder.drain(partial(self._drained, then), DRAIN)

    def _drained(self, then: Callable[[Drained], None], drained: Drained) -> None:
        self._page.recorder.stop()
        then(drained)

    # --- pages --------------------------------------------------------------------------------

    def _new_page(self) -> _Page:
        parts = self._parts
        ledger = Ledger(self._who.worker)
        doors = Doors(
            parts.store, parts.journal, parts.feed(), parts.runner, parts.inbox, parts.clock, parts.alarm,
            parts.clock.heard,
        )  # fmt: skip
        recorder = Recorder(self._who, doors, ledger, reads_open_work=False)
        facts = CallFacts(
            parts.switchboard, recorder, ledger, parts.alarm, parts.wait, parts.plan, eager=True, vantage=self._vantage,
            for_others=self._acts is not None,
        )  # fmt: skip
        page = _Page(ledger, recorder, facts, parts.clock.monotonic())
        ledger.subscribe(lambda changes: self._record_moved(page, changes))
        return page

    def _acting(self, board: Board) -> WitnessActs:
        parts = self._parts
        return WitnessActs(
            ActsParts(
                board, parts.inbox, parts.alarm, parts.clock, parts.plan, lambda call: self._providers.get(call, ""),
                lambda: self._page.recorder,
            )
        )  # fmt: skip

    def _begin(self, page: _Page) -> None:
        page.recorder.start(self._parts.clock.now() - PAGE, lambda _: None)

    def _turn_page(self) -> None:
        """Begin anew, once nothing is on its way: what was written is in the record, the rest in the journal."""
        old = self._page
        old.facts.flush()
        if not old.recorder.idle:
            return
        old.recorder.stop()
        self._page = self._new_page()
        self._begin(self._page)

    def _record_moved(self, page: _Page, changes: ChangeSet) -> None:
        if page is not self._page:
            return
        page.facts.record_moved(changes.streams)
        if self._acts is not None:
            self._acts.record_moved(changes.streams, page.ledger)
        link = page.ledger.link
        self._tell_all(self._news.record(link, self._parts.clock.now()))
        if link.is_away or (link.link is Link.TOGETHER and not link.behind):
            self._listen()

    def _listen(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready()

    # --- from time to time --------------------------------------------------------------------

    def _look(self) -> None:
        now, steady = self._parts.clock.now(), self._parts.clock.monotonic()
        self._forget(now)
        if steady - self._nudged_at >= SAY_EVERY.total_seconds():
            self._nudged_at = steady
            self._tell_all(self._news.still_away(self._page.ledger.link, now))
        self._say_alive()
        if steady - self._page.begun >= PAGE.total_seconds():
            self._turn_page()

    def _forget(self, now: datetime) -> None:
        """Let go of calls that ended, and of all that is no call: envelopes without words."""
        self._book.forget(now - KEEP_ENDED)
        self._providers = {call: one for call, one in self._providers.items() if self._book.call(call) is not None}
        if self._acts is not None:
            self._acts.forget(now)
        ledger = self._page.ledger
        ledger.pen.forget(ref for kind in StreamKind if kind is not StreamKind.CALL for ref in ledger.streams(kind))
        ledger.pen.publish()

    def _say_alive(self) -> None:
        """Say in the record that somebody watches, when that changed and every quarter of an hour.

        Not while the record is away: nobody is helped by hearing next day that we were there.
        """
        if self._page.ledger.link.link is not Link.TOGETHER:
            return
        state = WatchState.WATCHING if self._news.sees else WatchState.BLIND
        stream = shift_stream(self._parts.calendar.stretch(self._parts.clock.now()))
        acts = self._acts.acts if self._acts is not None else ()
        # Whoever hears the telephones through it alone must know within minutes that it is there.
        often = self._acts is not None and self._acts.anybody
        due = self._parts.clock.monotonic() - self._said_at >= (SAY_OFTEN if often else SAY_EVERY).total_seconds()
        if due or self._said != (state, stream.id, acts):
            self._say(state)

    def _say(self, state: WatchState) -> None:
        stream = shift_stream(self._parts.calendar.stretch(self._parts.clock.now()))
        acts = self._acts.acts if self._acts is not None else ()
        told = {"station": self._who.station, "state": state.value, "switchboard": str(self._parts.switchboard)}
        body = {**told, "acts": list(acts)} if self._acts is not None else told
        recorder, station, at = self._page.recorder, self._who.station, self._parts.clock.now()
        made = watch_id(self._parts.switchboard, stream, station, at, state)
        word = recorder.entry(Kind.SHIFT_WATCH, stream, body, slot=watch_slot(station), identity=made, made_at=at)
        recorder.record(word)
        self._said, self._said_at = (state, stream.id, acts), self._parts.clock.monotonic()

    def _tell_all(self, news: list[News]) -> None:
        for one in news:
            self._tell(one)

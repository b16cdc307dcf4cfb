"""A room of consoles on one shared record, with manual time: every service real, nothing threaded.

The store and the journals are the real ones in memory; the switchboard is a list of acts and the
facts a test reports.  :meth:`Room.advance` lets time pass and the feeds deliver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import TypeVar
from uuid import UUID, uuid4

from console.domain.authorities import Cover, read_cover
from console.domain.bank_holidays import england
from console.domain.board import BoardLimits
from console.domain.calendar import Calendar
from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkChanged,
    LinkState,
    NumberLearned,
    QueueJoined,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import CallOutcome, Direction, Presentation, engaged
from console.domain.help_ages import Thresholds
from console.domain.lines import USUAL
from console.domain.plans import PlanRules
from console.domain.record import START as BEGINNING
from console.domain.record import Cursor, Identity, Kind, Role, SeenMark, StreamKind, StreamRef
from console.ports.clock import Clock
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews, SeenMoved
from console.ports.manual import InlineInbox, InlineRunner, ManualAlarm, ManualClock
from console.ports.runner import Runner
from console.ports.store import Store, StoreAway
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities, Sink
from console.services.access import Access
from console.services.act_confirmations import Confirmations
from console.services.backfill import Backfill
from console.services.board import Board, BoardParts
from console.services.call_acts import CallActs
from console.services.call_claims import CallClaims, ClaimParts
from console.services.call_desk import CallDesk, DeskParts
from console.services.call_facts import CallFacts
from console.services.cards import CardMaker
from console.services.contact_people import ContactPeople
from console.services.contact_record import ContactRecord
from console.services.driver import Doors
from console.services.folds import Folds
from console.services.handover_watch import HandoverWatch
from console.services.help_follow_up import HelpFollowUp
from console.services.help_ledger import HelpLedger
from console.services.holding import HoldingService
from console.services.incident_cards import IncidentCards
from console.services.incident_record import IncidentRecord
from console.services.ledger import ChangeSet, Ledger
from console.services.night_desk import NightDesk, NightParts, night_desk
from console.services.on_shift import OnShift
from console.services.pair import Pair
from console.services.plan_reviews import PlanReviews, ReviewParts
from console.services.presence import Presence
from console.services.receipts import Receipts
from console.services.record_time import RecordTime
from console.services.recorder import Recorder
from console.services.shift_desk import ShiftDesk, ShiftParts
from console.services.writing import Outcome
from db.journal_memory import MemoryJournal
from db.memory import MemoryStore
from db.opening import create_store

T = TypeVar("T")

START = datetime(2026, 12, 1, 22, 14, 5, tzinfo=UTC)
"""Tue 01-Dec-2026 22:14:05, where script A begins (domain.md 9)."""
SWITCHBOARD = UUID("00000000-0000-4000-8000-00000000a11c")

PRIYA = Identity("priya.raman", "Priya Raman", Role.SERVICE_ADVISER, "desk-1")
TOM = Identity("tom.adeyemi", "Tom Adeyemi", Role.SUPPORT_WORKER, "desk-2")
GRACE = Identity("grace.whitlock", "Grace Whitlock", Role.SOCIAL_WORKER_CHILDREN, "desk-3")
HELEN = Identity("helen.marsh", "Helen Marsh", Role.DUTY_MANAGER, "desk-4")


def example_cover() -> Cover:
    """Return the cover that comes with the program."""
    return read_cover(files("console.domain").joinpath("cover_example.toml").read_text("utf-8"))


def _presence(who: Identity, desk: CallDesk, shift: ShiftDesk, folds: Folds) -> Callable[[ChangeSet], None]:
    """Let a worker's state follow the telephone, and return what hears the record for it."""
    presence = Presence(who.worker, desk, shift, folds)
    desk.subscribe(presence.calls_changed)
    return presence.record_changed


class HandFeed:
    """The port ``Feed``, read when the room says so."""

    def __init__(self, store: Store, who: Identity, clock: ManualClock) -> None:
        self._store = store
        self._who = who
        self._clock = clock
        self._sink: Callable[[FeedNews], None] | None = None
        self._cursor = BEGINNING
        self._tick = 0
        self._away = False
        self._beaten = float("-inf")

    def start(self, after: Cursor, sink: Callable[[FeedNews], None]) -> None:
        """Remember where to read from."""
        self._cursor, self._sink = after, sink

    def read_from(self, cursor: Cursor) -> None:
        """Go to another place."""
        self._cursor = cursor

    def hurry(self, live: bool) -> None:
        """Nothing watches here."""

    def stop(self) -> None:
        """Deliver nothing more."""
        self._sink = None

    def deliver(self) -> bool:
        """Bring what is new; say whether there was anything."""
        if self._sink is None:
            return False
        try:
            return self._deliver(self._sink)
        except StoreAway as away:
            if not self._away:
                self._away = True
                self._sink(FeedAway(str(away)))
            return False

    def _deliver(self, sink: Callable[[FeedNews], None]) -> bool:
        news = self._store.news(self._who, self._cursor.seq)
        # Who has seen what is told at once by the store in memory; the others' own feeds watch for it.
        tell_seen = getattr(self._store, "seen_since", None)
        seen = tell_seen(self._who, self._tick) if tell_seen is not None else None
        if self._away or self._clock.monotonic() - self._beaten >= 2.0:
            self._away, self._beaten = False, self._clock.monotonic()
            asked = self._clock.now()
            sink(Beat(self._cursor, self._store.heartbeat(self._cursor), asked, self._clock.now()))
        self._tick = seen.tick if seen is not None else 0
        if news:
            self._cursor = Cursor(news[-1].envelope.seq, news[-1].envelope.digest)
            sink(Arrived(news))
        if seen is not None and seen.marks:
            sink(SeenMoved(seen.marks))
        return bool(news or (seen is not None and seen.marks))


class SlowJournal(InlineRunner):
    """Keeps in its own time once ``slow`` is said, as the journal's thread does; the writer goes on meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self._held: list[Callable[[], None]] = []

    def keep(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Keep at once, or when :meth:`go_on` lets it."""
        if self.slow:
            self._held.append(partial(super().keep, work, then, failed))
        else:
            super().keep(work, then, failed)

    def go_on(self) -> None:
        """Keep what waits, and everything from now on at once."""
        self.slow = False
        held, self._held = self._held, []
        for act in held:
            act()


class HandSwitchboard:
    """The port ``Switchboard``: remembers what was asked, answers what it is told to."""

    def __init__(self, acts: frozenset[Act] = frozenset(Act)) -> None:
        self.acts = acts
        self.asked: list[Action] = []
        self.reply = ActionAnswer(Answer.ACCEPTED)
        self.by_word = False

    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        return Capabilities(self.acts, {Act.ANSWER: "Answer on the handset."}, is_fake=True, by_word=self.by_word)

    def start(self, sink: Sink) -> None:
        """Nothing to connect."""

    def stop(self) -> None:
        """Nothing to end."""

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Remember and answer."""
        self.asked.append(action)
        then(self.reply)


@dataclass
class Console:
    """One worker's console."""

    who: Identity
    extension: str
    clock: RecordTime
    runner: InlineRunner
    ledger: Ledger
    recorder: Recorder
    folds: Folds
    feed: HandFeed
    switchboard: HandSwitchboard
    desk: CallDesk
    acts: CallActs
    contacts: ContactRecord
    people: ContactPeople
    incidents: IncidentRecord
    pair: Pair
    receipts: Receipts
    helps: HelpLedger
    follow_up: HelpFollowUp
    shift: ShiftDesk
    board: Board
    backfill: Backfill
    night: NightDesk
    told: list[str]
    outcomes: list[Outcome] = field(default_factory=list)

    def won(self) -> bool:
        """Say whether the last exclusive act was won."""
        return self.outcomes[-1].won

    def note(self, contact: UUID, text: str, line: UUID | None = None) -> UUID:
        """Write one line of the note."""
        made = line or uuid4()
        stream = StreamRef(StreamKind.CONTACT, contact)
        body = {"line": made, "text": text}
        self.recorder.record(self.recorder.entry(Kind.CONTACT_NOTE, stream, body))
        return made

    def heard(self, contact: UUID) -> str:
        """Return the newest line that somebody else wrote to this worker, or to everybody in it."""
        incident, me = self.folds.incident_of(contact), self.who.worker
        lines = self.folds.signals_of_incident(incident).messages if incident else self.folds.signals(contact).messages
        return next((one.text for one in reversed(lines) if one.author != me and one.to in ("", me)), "")

    @property
    def contact(self) -> UUID:
        """Return the record of the call on the line."""
        current = self.desk.state().current
        assert current is not None
        assert current.contact is not None
        return current.contact


BEFORE_SHIFT = timedelta(hours=24)
"""How far before the shift a console begins to read, as in a window."""


def _seated(console: Console, outcome: Outcome) -> None:
    """Note how a sign-in went; told later that it is lost, the console has no telephone, as in a window."""
    console.outcomes.append(outcome)
    if not outcome.won and len(console.outcomes) > 1:
        console.desk.give_up_extension()


class Room:
    """The consoles, the record and time."""

    def __init__(
        self,
        at: datetime = START,
        shared: Callable[[Clock], Store] | None = None,
        limits: BoardLimits | None = None,
    ) -> None:
        """``shared`` makes the record on another store; ``store`` is the one in memory, which can go away."""
        self.limits = limits or BoardLimits()
        self.clock = ManualClock(at)
        self.alarm = ManualAlarm(self.clock)
        store = create_store("memory:", key=None, clock=self.clock)
        assert isinstance(store, MemoryStore)
        self.store = store
        self.shared: Store = shared(self.clock) if shared is not None else store
        self.consoles: list[Console] = []
        self.cover = example_cover()
        self.calendar = Calendar(england())
        self.journals: dict[str, MemoryJournal] = {}

    def console(
        self,
        who: Identity,
        extension: str = "",
        *,
        acts: frozenset[Act] = frozenset(Act),
        reader: Runner | None = None,
        runner: InlineRunner | None = None,
    ) -> Console:
        """Start a console on the worker's journal, as the one before left it, and sign it in.

        ``reader`` looks people up, and ``runner`` does all else, in its own time; otherwise it is done at once.
        """
        runner, inbox, clock = runner or InlineRunner(), InlineInbox(), RecordTime(self.clock)
        ledger, feed = Ledger(who.worker), HandFeed(self.shared, who, self.clock)
        folds = Folds(ledger)
        journal = self.journals.setdefault(who.worker, MemoryJournal(self.clock))
        doors = Doors(self.shared, journal, feed, runner, inbox, clock, self.alarm, clock.heard)
        recorder = Recorder(who, doors, ledger, CardMaker(folds).make)
        switchboard = HandSwitchboard(acts)
        access = Access(self.shared, reader or runner, who)
        contacts = ContactRecord(recorder, folds, clock, self.cover)
        facts = CallFacts(SWITCHBOARD, recorder, ledger, self.alarm, lambda: 0.4)
        parts = DeskParts(CallBook(SWITCHBOARD), facts, access, contacts, folds, clock, self.cover)
        desk = CallDesk(parts, extension)
        incidents = IncidentRecord(recorder, folds, clock)
        told: list[str] = []
        claims = CallClaims(ClaimParts(desk, recorder, folds, clock, self.alarm, told.append), self.limits.claims)
        # Where a test lets nothing follow what was accepted, that is no news.
        watching = Confirmations(desk, self.alarm, lambda _: None)
        acting = CallActs(desk, switchboard, inbox, claims, who.worker, watching)
        shift = ShiftDesk(
            ShiftParts(recorder, folds, clock, self.alarm, self.calendar, SWITCHBOARD, lambda: 0.4),
            acting.pause,
            told.append,
        )
        for listener in (_presence(who, desk, shift, folds), desk.record_changed, claims.record_changed):
            ledger.subscribe(listener)
        board = Board(
            BoardParts(
                folds,
                ledger,
                desk,
                access,
                self.calendar,
                self.cover,
                clock,
                self.alarm,
                self.limits,
                Thresholds(),
            )
        )
        others = OnShift(shift.shift, folds, lambda: engaged(desk.live()), clock)
        pair = Pair(recorder, folds, incidents, clock, self.cover, others)
        ledger.subscribe(pair.record_changed)
        night = night_desk(
            NightParts(
                recorder, folds, ledger, desk, board, shift, incidents, clock, self.alarm, lambda: 0.4,
                self.limits.night, told.append, USUAL,
            )
        )  # fmt: skip
        receipts = Receipts(who.worker, folds, clock, others)
        ledger.subscribe(receipts.record_changed)
        reviews = PlanReviews(ReviewParts(recorder, folds, desk, self.shared, runner, self.clock), PlanRules())
        desk.subscribe(lambda _: reviews.calls_changed())
        ledger.subscribe(reviews.record_changed)
        HoldingService(who, self.shared, runner, ledger, folds, self.alarm)
        ledger.subscribe(HandoverWatch(who.worker, folds, told.append).record_changed)
        ledger.subscribe(IncidentCards(who, self.shared, runner, folds, CardMaker(folds).make).record_changed)
        made = Console(
            who,
            extension,
            clock,
            runner,
            ledger,
            recorder,
            folds,
            feed,
            switchboard,
            desk,
            acting,
            contacts,
            ContactPeople(recorder, folds, clock),
            incidents,
            pair,
            receipts,
            HelpLedger(recorder, folds, clock),
            HelpFollowUp(recorder, folds, clock),
            shift,
            board,
            Backfill(who, self.shared, runner, ledger, CardMaker(folds).make),
            night,
            told,
        )
        self.consoles.append(made)
        recorder.start(self.calendar.stretch(clock.now()).start - BEFORE_SHIFT, lambda _: None)
        desk.hear(LinkChanged(self.clock.now(), LinkState.CONNECTED, boot="night"))
        self.settle()
        shift.sign_in(extension, partial(_seated, made))
        self.settle()
        return made

    def settle(self) -> None:
        """Let every feed deliver until nothing is new anywhere."""
        for _ in range(100):
            if not any([one.feed.deliver() for one in self.consoles]):
                return
        raise AssertionError("the consoles never came to rest")

    def advance(self, seconds: float) -> None:
        """Let time pass, in steps of at most half a second, the feeds delivering in each."""
        left = seconds
        while left > 0:
            step = min(0.5, left)
            self.alarm.advance(step)
            self.settle()
            left -= step

    def until(self, clock: str) -> None:
        """Let time pass up to a time of this night, such as ``22:14:50``."""
        hour, minute, second = (int(part) for part in clock.split(":"))
        wanted = self.clock.now().replace(hour=hour, minute=minute, second=second, microsecond=0)
        self.advance((wanted - self.clock.now()).total_seconds())

    def hears(self, *events: CallEvent) -> None:
        """Let every console hear facts of the switchboard."""
        for event in events:
            for console in self.consoles:
                console.desk.hear(console.clock.placed(event))
        self.settle()

    def rings(self, call: str, number: str, dialled: str, *extensions: str) -> None:
        """Let a caller come in, wait in the queue, and telephones ring."""
        now = self.clock.now()
        shown = Presentation.ALLOWED if number else Presentation.WITHHELD
        self.hears(
            CallBegan(call, now, Direction.INBOUND, dialled),
            NumberLearned(call, now, number, "", shown, settled=True),
            QueueJoined(call, now, "oohs"),
            *(Alerting(call, now, f"{call}-{one}", one) for one in extensions),
        )

    def answers(self, call: str, extension: str) -> None:
        """Let a telephone take a call."""
        self.hears(Answered(call, self.clock.now(), f"{call}-{extension}", extension))

    def ends(self, call: str, outcome: CallOutcome = CallOutcome.ANSWERED, by: str = "caller") -> None:
        """Let a call be over."""
        self.hears(CallEnded(call, self.clock.now(), outcome, by))

    def sees(self, console: Console, stream: StreamRef) -> None:
        """Let a worker have everything of a stream on the screen."""
        upto = max((item.seq for item in console.ledger.items(stream)), default=0)
        self.store.mark_seen(console.who, [SeenMark(console.who.worker, stream, upto)])
        self.settle()

    @contextmanager
    def record_away(self) -> Iterator[None]:
        """Take the shared record away for a while."""
        self.store.away = True
        try:
            yield
        finally:
            self.store.away = False
            self.advance(3)

    def close(self) -> None:
        """End every console."""
        for console in self.consoles:
            console.recorder.stop()
        self.store.close()

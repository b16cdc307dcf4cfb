"""Builds one worker's services out of a place: store, journal, telephones, clock and threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.board import BoardLimits
from console.domain.calendar import Calendar
from console.domain.call_reducer import CallBook
from console.domain.call_refs import RecordRefs
from console.domain.calls import engaged
from console.domain.help_ages import Thresholds
from console.domain.lines import DialPlan
from console.domain.plans import PlanRules
from console.domain.record import Identity
from console.domain.signal_set import SHIPPED, SignalSet
from console.ports.clock import Alarm
from console.ports.feed import Feed
from console.ports.journal import Journal, Shelf
from console.ports.runner import Inbox, Runner
from console.ports.store import Store
from console.ports.switchboard import Switchboard
from console.services.access import Access
from console.services.act_confirmations import Confirmations
from console.services.attention import Attention
from console.services.backfill import Backfill
from console.services.board import Board, BoardParts
from console.services.call_acts import CallActs
from console.services.call_claims import CallClaims, ClaimParts
from console.services.call_desk import CallDesk, DeskParts
from console.services.call_facts import CallFacts
from console.services.cards import CardMaker
from console.services.contact_people import ContactPeople
from console.services.contact_record import ContactRecord
from console.services.dialling import Dialling
from console.services.directory import Directory
from console.services.driver import Doors
from console.services.folds import Folds, seated_in
from console.services.half_filled import HalfFilledPanels
from console.services.handed_watch import HandedWatch
from console.services.handover_watch import HandoverWatch
from console.services.help_follow_up import HelpFollowUp
from console.services.help_ledger import HelpLedger
from console.services.help_rings import HelpRings
from console.services.help_watch import HelpWatch
from console.services.holding import HoldingService
from console.services.incident_cards import IncidentCards
from console.services.incident_record import IncidentRecord
from console.services.known import known
from console.services.ledger import Ledger
from console.services.line_drops import DropParts
from console.services.night_desk import NightParts, night_desk
from console.services.notes import NotesService
from console.services.on_shift import OnShift
from console.services.pair import Pair
from console.services.passing_on import PassingOn
from console.services.plan_reviews import PlanReviews, ReviewParts
from console.services.plans import Plans
from console.services.presence import Presence
from console.services.receipts import Receipts
from console.services.record_time import RecordTime
from console.services.recorder import Recorder
from console.services.relaying import Relaying
from console.services.ring_safety import RingSafety
from console.services.seen import SeenService
from console.services.shift_desk import ShiftDesk, ShiftParts
from console.services.strays import StraysService
from console.services.supervising import Supervising
from console.services.through_witness import NoFacts, SeatParts, ThroughWitness
from console.services.typed_numbers import TypedNumbers
from ui.desktop.desk import Desk, WindowActs

KEPT_CLOSED = timedelta(hours=24)
FORGET_EVERY = 600.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker sits: everything a desk is built from that outlives one sign-in.

    ``feed`` makes a feed for a worker; ``switchboard_id`` is the switchboard's row, the same on
    every console; ``wait`` gives the short random silence before reporting others' calls.
    """

    store: Store
    shelf: Shelf
    feed: Callable[[Identity], Feed]
    switchboard: Switchboard
    switchboard_id: UUID
    runner: Runner
    inbox: Inbox
    clock: RecordTime
    alarm: Alarm
    calendar: Calendar
    cover: Cover
    plan: DialPlan
    wait: Callable[[], float]
    with_passphrase: Callable[[str], Shelf]
    limits: BoardLimits
    thresholds: Thresholds
    text_percent: int = 100
    rehearsal: str = ""
    """What the windows say where this is no real night; empty where it is."""
    review: Path | None = None
    """Where the review of the rehearsal is that this record was made for; None where it was not."""
    signals: SignalSet = SHIPPED
    """What this service signals with."""
    plan_rules: PlanRules = PlanRules()
    """Supervisors may hear a call without its being shown, each time with a reason."""

    def shelf_for(self, passphrase: str) -> Shelf:
        """Return the journals: opened with the keyring's keys, or with a passphrase where one was typed."""
        return self.with_passphrase(passphrase) if passphrase else self.shelf


@dataclass(frozen=True, slots=True)
class Seat:
    """One signed-in worker's desk with what must be ended when the worker goes."""

    desk: Desk
    feed: Feed
    journal: Journal


def build_seat(place: Place, who: Identity, journal: Journal, extension: str, window: WindowActs) -> Seat:
    """Return the services of ``who`` at ``place``; nothing is started yet."""
    feed = place.feed(who)
    ledger = Ledger(who.worker)
    folds = Folds(ledger)
    doors = Doors(place.store, journal, feed, place.runner, place.inbox, place.clock, place.alarm, place.clock.heard)
    cards = CardMaker(folds).make
    recorder = Recorder(who, doors, ledger, cards)
    access = Access(place.store, place.runner, who)
    contacts = ContactRecord(recorder, folds, place.clock, place.cover)
    incidents = IncidentRecord(recorder, folds, place.clock)
    calls = _calls(place, recorder, folds, access, contacts, extension)
    claims = CallClaims(
        ClaimParts(calls, recorder, folds, place.clock, place.alarm, window.say), place.limits.claims
    )  # fmt: skip
    call_acts = CallActs(
        calls, place.switchboard, place.inbox, claims, who.worker, Confirmations(calls, place.alarm, window.say)
    )
    shift = _shift(
        place,
        ledger,
        ShiftParts(
            recorder,
            folds,
            place.clock,
            place.alarm,
            place.calendar,
            place.switchboard_id,
            place.wait,
            place.limits.wrap_up,
        ),
        call_acts,
        window,
    )
    board = Board(
        BoardParts(
            folds, ledger, calls, access, place.calendar, place.cover, place.clock, place.alarm, place.limits,
            place.thresholds,
        )
    )  # fmt: skip
    directory = Directory(access, ledger, recorder, place.clock, place.alarm, place.calendar)
    others = OnShift(shift.shift, folds, lambda: engaged(calls.live()), place.clock)
    pair = Pair(recorder, folds, incidents, place.clock, place.cover, others, place.signals)
    receipts = Receipts(who.worker, folds, place.clock, others)
    backfill = Backfill(who, place.store, place.runner, ledger, cards)
    night = night_desk(
        NightParts(
            recorder, folds, ledger, calls, board, shift, incidents, place.clock, place.alarm, place.wait,
            place.limits.night, window.say, place.plan,
        )
    )  # fmt: skip
    desk = Desk(
        who=who,
        clock=place.clock,
        alarm=place.alarm,
        cover=place.cover,
        ledger=ledger,
        folds=folds,
        recorder=recorder,
        notes=NotesService(recorder, ledger, place.clock, place.alarm),
        half_filled=HalfFilledPanels(recorder, place.clock, place.alarm),
        seen=SeenService(who, place.store, place.runner, ledger, place.alarm),
        backfill=backfill,
        strays=StraysService(recorder, place.shelf, place.store, place.runner, place.clock),
        access=access,
        calls=calls,
        call_acts=call_acts,
        passing=PassingOn(calls, call_acts, place.plan),
        supervising=Supervising(call_acts, recorder, folds, shift.shift, silent=place.limits.silent_listening),
        contacts=contacts,
        people=ContactPeople(recorder, folds, place.clock),
        plans=Plans(recorder, folds, backfill, place.clock, place.plan_rules),
        pair=pair,
        receipts=receipts,
        incidents=incidents,
        follow_up=HelpFollowUp(recorder, folds, place.clock),
        helps=HelpLedger(recorder, folds, place.clock, place.thresholds),
        relaying=Relaying(recorder),
        known=known(
            DropParts(
                recorder,
                folds,
                calls,
                call_acts,
                contacts,
                incidents,
                RingSafety(access, place.clock),
                place.plan,
                place.limits.night.ring_back,
            ),
            place.clock,
        ),
        shift=shift,
        board=board,
        directory=directory,
        dialling=Dialling(
            directory,
            call_acts,
            HelpRings(recorder, calls, place.clock, place.alarm, place.plan),
            place.plan,
            TypedNumbers(RingSafety(access, place.clock), call_acts, place.clock, place.alarm, place.plan),
            partial(seated_in, folds, who.worker),
        ),
        night=night,
        journal=journal,
        window=window,
    )
    presence = Presence(who.worker, calls, shift, folds)
    attention = Attention(who.worker, calls, folds, feed)
    calls.subscribe(attention.calls_changed)
    ledger.subscribe(attention.record_changed)
    calls.subscribe(presence.calls_changed)
    ledger.subscribe(presence.record_changed)
    ledger.subscribe(calls.record_changed)
    ledger.subscribe(claims.record_changed)
    ledger.subscribe(pair.record_changed)
    # Before any screen draws: a drawing shows the time at which it was told.
    ledger.subscribe(receipts.record_changed)
    reviews = PlanReviews(
        ReviewParts(recorder, folds, calls, place.store, place.runner, place.clock), place.plan_rules
    )  # fmt: skip
    calls.subscribe(lambda _: reviews.calls_changed())
    ledger.subscribe(reviews.record_changed)
    HoldingService(who, place.store, place.runner, ledger, folds, place.alarm)
    _tell(desk)
    ledger.subscribe(IncidentCards(who, place.store, place.runner, folds, cards).record_changed)
    _forget_closed(place, ledger)
    return Seat(desk, feed, journal)


def _tell(desk: Desk) -> None:
    """Let the worker read what somebody else did, or left undone, that is theirs now."""
    who, folds, say = desk.who.worker, desk.folds, desk.window.say
    desk.ledger.subscribe(HelpWatch(who, folds, say).record_changed)
    desk.ledger.subscribe(HandoverWatch(who, folds, say).record_changed)
    desk.calls.subscribe(HandedWatch(desk.calls, lambda at: desk.shift.shift().name_at(at), say).calls_changed)


def _calls(
    place: Place, recorder: Recorder, folds: Folds, access: Access, contacts: ContactRecord, extension: str
) -> CallDesk:
    # Calls that are read of in the record, and not heard, are not written down again.
    reads = isinstance(place.switchboard, ThroughWitness)
    kind = NoFacts if reads else CallFacts
    facts = kind(place.switchboard_id, recorder, folds.ledger, place.alarm, place.wait, place.plan)
    book = CallBook(place.switchboard_id, place.plan, RecordRefs(place.switchboard_id) if reads else None)
    return CallDesk(DeskParts(book, facts, access, contacts, folds, place.clock, place.cover), extension)


def _shift(place: Place, ledger: Ledger, parts: ShiftParts, call_acts: CallActs, window: WindowActs) -> ShiftDesk:
    """Return the worker's place on the shift; telephones that are heard through the record are lent it."""
    shift = ShiftDesk(parts, call_acts.pause, window.say)
    if isinstance(place.switchboard, ThroughWitness):
        place.switchboard.sit(
            SeatParts(
                parts.recording, parts.folds, ledger, place.clock, place.alarm, place.plan, lambda: shift.stream
            )
        )  # fmt: skip
    return shift


def _forget_closed(place: Place, ledger: Ledger) -> None:
    """Let go of finished work of before yesterday, every ten minutes: a console runs for weeks."""

    def again() -> None:
        ledger.pen.forget_closed(place.clock.now() - KEPT_CLOSED)
        place.alarm.after(FORGET_EVERY, again)

    place.alarm.after(FORGET_EVERY, again)

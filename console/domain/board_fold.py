"""Make the board's figures from the telephones, the shift and the record: pure, time handed in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from console.domain.authorities import Cover
from console.domain.board import (
    BoardLimits,
    BoardState,
    CapacityTile,
    HourCount,
    HoursTile,
    PairsTile,
    RequestRow,
    RequestsTile,
    StaffRow,
    WaitingTile,
    WorkCard,
    WorkTile,
)
from console.domain.board_emergencies import emergency_calls
from console.domain.board_live import Room, live_rows, staff_rows
from console.domain.board_signals import managers_signals
from console.domain.calendar import Stretch, local
from console.domain.calls import Call, engaged
from console.domain.help_ages import ALARM_WORDS, Alarm, Thresholds, alarm, by_urgency
from console.domain.help_kinds import HelpState
from console.domain.help_requests import HelpRequest
from console.domain.help_telling import count_untold
from console.domain.loads import seated
from console.domain.night import NightState, guard_at, night_of
from console.domain.night_log import NightLog
from console.domain.people import Rank
from console.domain.record import MANAGERS
from console.domain.shifts import ShiftState, WorkerState
from console.domain.signals import Signal, Summons


@dataclass(frozen=True, slots=True)
class BoardInputs:
    """What the board is made of.  ``phones_at`` and ``record_at``: when each was last in step."""

    phones_at: datetime
    record_at: datetime
    stretch: Stretch
    cover: Cover
    night: NightLog
    """What the record's calls of this stretch amount to."""
    calls: tuple[Call, ...] = ()
    shift: ShiftState = field(default_factory=ShiftState)
    helps: tuple[HelpRequest, ...] = ()
    summons: tuple[Summons, ...] = ()
    cards: tuple[WorkCard, ...] = ()
    limits: BoardLimits = field(default_factory=BoardLimits)
    thresholds: Thresholds = field(default_factory=Thresholds)
    name_of: Callable[[str], str] = str
    """The name of a worker who is not on shift now, by key."""
    signals: tuple[Signal, ...] = ()
    """Silent signals that wait for an answer."""


def make_board(inputs: BoardInputs, now: datetime) -> BoardState:
    """Return the board at ``now``."""
    staff = staff_rows(inputs.shift, inputs.calls, inputs.cards)
    open_helps = by_urgency(one for one in inputs.helps if one.open)
    room = Room(
        now, inputs.shift, inputs.cards, open_helps, inputs.summons, inputs.cover, inputs.name_of,
        inputs.night.claims, inputs.night.log, inputs.limits.silent_listening,
    )  # fmt: skip
    incidents = tuple(card for card in inputs.cards if card.kind == "incident")
    return BoardState(
        now,
        inputs.phones_at,
        inputs.record_at,
        _waiting(inputs),
        replace(inputs.night.rate, as_of=inputs.record_at),
        _work(inputs, open_helps),
        _capacity(inputs, staff),
        live_rows(inputs.calls, room),
        staff,
        _hours(inputs),
        RequestsTile(inputs.record_at, _requests(inputs, open_helps, room)),
        _pairs(inputs),
        sum(not card.rationale for card in inputs.cards if card.kind == "contact"),
        inputs.shift.alerts,
        inputs.shift.unsent,
        tuple(sorted(incidents, key=lambda card: (card.rank.value, str(card.opened_at)))),
        inputs.limits,
        _night(inputs, staff, now),
        inputs.shift.reliefs,
        managers_signals(inputs.signals, inputs.cards, inputs.summons, room.name),
        inputs.night.missed,
        emergency_calls(inputs.calls, inputs.shift, now),
    )


def _night(inputs: BoardInputs, staff: tuple[StaffRow, ...], now: datetime) -> NightState:
    desk = [row for row in staff if row.worker.role not in MANAGERS]
    busy = [row for row in desk if row.state in (WorkerState.ON_CALL_NOW, WorkerState.COORDINATING)]
    guard = guard_at(inputs.shift, inputs.calls, inputs.cards, len(busy), sum(row.paired for row in busy))
    rules = inputs.limits.night
    return night_of(inputs.shift, inputs.calls, inputs.cards, inputs.summons, guard, rules, now)


def _waiting(inputs: BoardInputs) -> WaitingTile:
    waiting = [call for call in inputs.calls if call.waiting()]
    since = [call.waits_since for call in waiting if call.waits_since is not None]
    lines = tuple(inputs.cover.label(call.dialled, call.queue) for call in waiting)
    return WaitingTile(inputs.phones_at, len(waiting), min(since, default=None), lines)


def _work(inputs: BoardInputs, helps: tuple[HelpRequest, ...]) -> WorkTile:
    contacts = [card for card in inputs.cards if card.kind == "contact"]
    ranks = [one.rank for one in helps] + [card.rank for card in contacts]
    unowned = [one.drafted_at for one in helps if not one.owner] + [c.opened_at for c in contacts if not c.owner]
    since = [at for at in unowned if at is not None]
    counts = {rank: ranks.count(rank) for rank in Rank}
    return WorkTile(inputs.record_at, counts, len(unowned), min(since, default=None))


def _capacity(inputs: BoardInputs, staff: tuple[StaffRow, ...]) -> CapacityTile:
    desk = [row for row in staff if row.worker.role not in MANAGERS]
    busy = [row for row in desk if row.state in (WorkerState.ON_CALL_NOW, WorkerState.COORDINATING)]
    wrapping = [row for row in desk if row.state is WorkerState.WRAP_UP]
    ends = sorted((row.since + inputs.limits.wrap_up, row.worker.name) for row in wrapping if row.since is not None)
    home = [row for row in staff if row.state is WorkerState.ON_CALL_HOME]
    return CapacityTile(
        inputs.record_at,
        # A telephone that only rings can be lifted: the rule of every screen.
        len(inputs.shift.could_answer(engaged(inputs.calls), seated(inputs.cards))),
        sum(row.paired for row in busy),
        sum(not row.paired for row in busy),
        len(wrapping),
        sum(row.state is WorkerState.TAKE_FIVE for row in staff),
        len(home),
        ends[0][1] if ends else "",
        ends[0][0] if ends else None,
        home[0].worker.name if home else "",
    )


def _hours(inputs: BoardInputs) -> HoursTile:
    night = inputs.night
    hours = hour_counts(night.began, inputs.record_at)
    return HoursTile(inputs.record_at, night.rate.offered, inputs.stretch.start, hours, night.by_authority)


def hour_counts(moments: Iterable[datetime], now: datetime) -> tuple[HourCount, ...]:
    """Return the hours of this night (17 to 08) or this day (08 to 16) with the calls offered in each.

    Hours are counted in elapsed time from the first, so the night of a clock change has 15 or 17.
    """
    listed = sorted(moments)
    start, end = _night_or_day(now)
    counts = []
    while start < end:
        after = start + timedelta(hours=1)
        calls = bisect_left(listed, after) - bisect_left(listed, start)
        counts.append(HourCount(local(start).hour, start, calls, start <= now < after, start > now))
        start = after
    return tuple(counts)


def _night_or_day(now: datetime) -> tuple[datetime, datetime]:
    here = local(now)
    today = here.replace(hour=8, minute=0, second=0, microsecond=0, fold=0)
    evening = today.replace(hour=17)
    if here >= evening:
        span = (evening, today + timedelta(days=1, hours=1))
    elif here < today.replace(hour=9):
        span = (evening - timedelta(days=1), today.replace(hour=9))
    else:
        span = (today, evening)
    zone = now.tzinfo
    return span[0].astimezone(zone), span[1].astimezone(zone)


def _requests(inputs: BoardInputs, helps: tuple[HelpRequest, ...], room: Room) -> tuple[RequestRow, ...]:
    rows = []
    incidents = {card.id: card for card in inputs.cards if card.kind == "incident"}
    for one in helps:
        card = incidents.get(one.incident) if one.incident is not None else None
        untold = count_untold(one, card.telling, card.rank) if card is not None else 0
        asks = alarm(one, inputs.record_at, inputs.thresholds)
        unanswered = one.state in (HelpState.DRAFTED, HelpState.SENT) and not one.reference
        if not unanswered and asks is Alarm.NONE and not untold:
            continue
        since = one.sent_at or one.drafted_at or inputs.record_at
        words = ALARM_WORDS[asks] or ("not sent" if one.state is HelpState.DRAFTED else "no answer")
        rows.append(RequestRow(one, since, asks, words, one.owner_name or room.name(one.owner), untold))
    return tuple(rows)


def _pairs(inputs: BoardInputs) -> PairsTile:
    taken = [one for one in inputs.summons if one.accepted_at is not None and inputs.stretch.holds(one.asked_at)]
    paired = {one.incident or one.entry for one in taken}
    open_now = sum(bool(card.coordinator) for card in inputs.cards if card.kind == "incident")
    slowest = max((one.waited(inputs.record_at) for one in taken), default=None)
    asked = tuple(one for one in inputs.summons if one.open)
    return PairsTile(inputs.record_at, len(paired), open_now, asked, slowest)

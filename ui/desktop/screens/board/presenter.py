"""From the board's figures to its rows: what is said, what is amber, what is grey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain import board as figures
from console.domain.board_drops import LineNow
from console.domain.call_outs import CallOutState
from console.domain.forms.registry import title_of
from console.domain.help_ages import ALARM_WORDS, Alarm, ages
from console.domain.help_kinds import HelpState
from console.domain.help_requests import HelpRequest
from console.domain.loads import state_of
from console.domain.people import Rank
from console.domain.rota import Duty
from console.domain.shifts import WorkerState, role_words
from console.domain.words import clock_words, span_words
from console.services.directory import DirectoryState
from ui.desktop.screens.board import given_words, line_words
from ui.desktop.screens.board.details import signal_row
from ui.desktop.screens.board.rota import rota_tile
from ui.desktop.screens.board.rows import (
    Age,
    BoardRows,
    CapacityTile,
    CountsTile,
    FigureTile,
    HourBar,
    HoursTile,
    ListRow,
    ListTile,
    LiveCallRow,
    StaffRow,
    WorkTile,
)
from ui.desktop.screens.night_words import call_out_words, short_red
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.widgets.faces import StatusRow
from ui.desktop.words import counted, old_words, second_words, weekday

STALE_AFTER = timedelta(seconds=10)
"""A tile whose facts are older than this greys and says so."""
SHORT_RANKS: Mapping[Rank, str] = {
    Rank.NOW: "now",
    Rank.HOUR: "within hour",
    Rank.SHIFT: "this shift",
    Rank.DAY: "next day",
    Rank.INFORMATION: "information",
}
"""Ranks in the narrow column beside a live call's clock."""


@dataclass(frozen=True, slots=True)
class _Ages:
    phones: Age
    record: Age
    record_at: datetime


def board_rows(
    state: figures.BoardState,
    status: StatusRow,
    now: datetime,
    directory: DirectoryState | None = None,
    place_of: Callable[[str], str] = str,
) -> BoardRows:
    """Return what the board shows at ``now``; ``state`` may have been made a little earlier.

    ``place_of`` gives an authority's words by its key.
    """
    on_call = directory or DirectoryState()
    ages_ = _Ages(_age(state.phones_at, now), _age(state.record_at, now), state.record_at)
    # What the record knew stops counting when it went away: no clock pretends (screens.md 1).
    then = now if not ages_.record.stale else state.record_at
    return BoardRows(
        status=status,
        waiting=_waiting(state, ages_.phones, now),
        longest=_longest(state, ages_.phones, now),
        answered=_answered(state, ages_.phones),
        work=_work(state, ages_.record, then),
        capacity=_capacity(state, ages_, now, on_call.manager),
        calls_title="Live calls",
        calls_age=_calls_age(ages_),
        calls=tuple(_live(row, state, now, then, old=ages_.record.stale) for row in state.live),
        staff_title=f"Staff on shift, {len(state.staff)}",
        staff=tuple(_staff(row, state, now, stale=ages_.record.stale) for row in state.staff),
        staff_age=ages_.record,
        hours=_hours(state, ages_.phones, now),
        requests=_requests(state, ages_, then),
        clocks=ListTile("Clocks and handovers", (), ages_.record, "Not kept in this version: keep them by hand."),
        visits=_visits(state, ages_.record, now),
        handovers=ListTile("", (), ages_.record),
        counts=_counts(state, ages_.record),
        rota=rota_tile(on_call, now, _rota_age(on_call, ages_, now), place_of),
        unsent=_unsent(state),
    )


def _age(as_of: datetime, now: datetime) -> Age:
    old = max(now - as_of, timedelta())
    if old >= STALE_AFTER:
        return Age(f"{old_words(old)} old", stale=True)
    return Age(f"{max(0, int(old.total_seconds()))} s ago")


def _rota_age(on_call: DirectoryState, both: _Ages, now: datetime) -> Age:
    """Return how old the rota is: it is read every ten minutes, and old only while the record is away."""
    if both.record.stale or on_call.rota_at is None:
        return both.record
    return Age(f"read {clock_words(on_call.rota_at)}")


def _calls_age(both: _Ages) -> Age:
    if both.record.stale and not both.phones.stale:
        return Age(f"From the telephones, {both.phones.words}; what is grey is from {second_words(both.record_at)}")
    return both.phones


def _waiting(state: figures.BoardState, age: Age, now: datetime) -> FigureTile:
    tile = state.waiting
    oldest = tile.oldest(now)
    late = oldest is not None and oldest >= state.limits.amber_wait
    lines = ", ".join(dict.fromkeys(tile.lines)) or "Nobody waits"
    rank = Rank.HOUR if late else None
    return FigureTile("Waiting", str(tile.count), lines, age, alarm=late and not age.stale, rank=rank)


def _longest(state: figures.BoardState, age: Age, now: datetime) -> FigureTile:
    limits = state.limits
    oldest = state.waiting.oldest(now)
    amber, red = span_words(limits.amber_wait), span_words(limits.red_wait)
    if oldest is None:
        tonight = state.answered.longest_wait
        words = f"longest tonight {span_words(tonight)}" if tonight else "nobody waited yet"
        return FigureTile("Longest wait", "00:00", words, age)
    late = oldest >= limits.amber_wait
    word = f"LATE: over {red}" if oldest >= limits.red_wait else f"amber at {amber}, red at {red}"
    return FigureTile("Longest wait", span_words(oldest), word, age, alarm=late and not age.stale)


def _answered(state: figures.BoardState, age: Age) -> FigureTile:
    tile = state.answered
    rate = tile.rate
    if rate is None:
        return FigureTile("Answered", "No calls", f"since {clock_words(tile.since)}", age)
    ended = tile.answered + tile.abandoned
    words = f"{tile.answered} of {ended} since {clock_words(tile.since)}; {tile.abandoned} rang off"
    if tile.short:
        # The tile has room for two of the three; since when stands above the list behind it.
        words = f"{tile.answered} of {ended}; {tile.abandoned} rang off, {tile.short} at once"
    return FigureTile("Answered", f"{rate * 100:.1f} %", words, age)


def _work(state: figures.BoardState, age: Age, then: datetime) -> WorkTile:
    tile = state.work
    words = "everything has an owner"
    if tile.unowned:
        oldest = f", oldest {span_words(then - tile.oldest_unowned)}" if tile.oldest_unowned else ""
        words = f"{tile.unowned} without an owner{oldest}"
    by = tile.by_rank
    return WorkTile(by.get(Rank.NOW, 0), by.get(Rank.HOUR, 0), by.get(Rank.SHIFT, 0), words, age)


def _capacity(state: figures.BoardState, both: _Ages, now: datetime, manager: Duty | None) -> CapacityTile:
    tile, waiting = state.capacity, state.waiting.count
    nobody = tile.free == 0
    title = "Night capacity"
    if not both.record.stale:
        free = f"{tile.free} free"
        title = f"Night capacity: {free}, {waiting} waiting" if waiting else f"Night capacity: {free}"
    words = "Ask the room before calling out" if both.record.stale else _capacity_words(state, now)
    return CapacityTile(
        title, tile.free, tile.paired, tile.alone, tile.wrap_up, tile.recovering, tile.on_call, words,
        _call_out(state, manager), both.record,
        alarm=(nobody and waiting > 0 or state.night.asked is not None) and not both.record.stale,
    )  # fmt: skip


def _capacity_words(state: figures.BoardState, now: datetime) -> str:
    """Return what matters most of it: the held queue, the call-out, else who is free next."""
    night = state.night
    if night.queue.held:
        return f"Queue held, {key_of(Act.HOLD_QUEUE)}"
    called = call_out_words(night.call_out) if night.call_out is not None else ""
    return called or _next_free(state.capacity, now)


def _call_out(state: figures.BoardState, manager: Duty | None) -> str:
    """Return the button's words: who is signed in as on call, else whom the rota names; empty for nobody."""
    made = state.night.call_out
    if made is not None and made.state is CallOutState.RUNG:
        return "Say what came of it"
    name = state.capacity.call_out or (manager.name if manager is not None else "")
    return f"Call out {name}" if name else ""


def _next_free(tile: figures.CapacityTile, now: datetime) -> str:
    if tile.free or not tile.next_free:
        return ""
    when = f" in {span_words(tile.next_free_at - now)}" if tile.next_free_at and tile.next_free_at > now else ""
    return f"Next free: {tile.next_free}{when}"


def _live(row: figures.LiveRow, state: figures.BoardState, now: datetime, then: datetime, *, old: bool) -> LiveCallRow:
    age = now - row.since
    if row.kind is figures.LiveKind.WAITING:
        return _waiting_call(row, state, age, old=old)
    rank_words = SHORT_RANKS[row.rank] if row.rank else ""
    who = f"{row.lead} with {row.partner}" if row.partner and not old else row.lead
    news, below = _help_words(row.helps, then, rationale=row.rationale)
    clock = line_words.clock_words(row.state) or rank_words or "on call"
    return LiveCallRow(
        row.key, row.rank, span_words(age), clock, title_of(row.type) or "Not yet said", row.line, who or "Nobody",
        line_words.ring_words(row, then) or row.heard or _pair_words(row, old=old), news, below, old=old or row.stale,
        paired=bool(row.partner), dropped=row.state.now is LineNow.DROPPED,
        heard=bool(row.heard),
    )  # fmt: skip


def _waiting_call(row: figures.LiveRow, state: figures.BoardState, age: timedelta, *, old: bool) -> LiveCallRow:
    """Return a call that nobody has answered; ``old`` is the record, the telephones say for themselves."""
    limits, amber = state.limits, age >= state.limits.amber_wait
    over = limits.red_wait if age >= limits.red_wait else limits.amber_wait
    nobody = "Nobody free" if state.capacity.free == 0 and not old else "Not answered"
    below, given = "The handset is not lifted yet" if row.lead else "Offered to everyone on shift", row.given
    if given is not None:
        nobody, below = given_words.who(given), given_words.below(given, claimed=bool(row.lead))
    return LiveCallRow(
        row.key, Rank.HOUR if amber else None, span_words(age), f"over {span_words(over)}" if amber else "waiting",
        given_words.what(given), row.line, f"{row.lead} has it" if row.lead else nobody,
        "As last heard from the telephones" if row.stale else below, "", "", old=row.stale, waiting=True,
        claimed=bool(row.lead), nameless=given_words.nameless(given),
    )  # fmt: skip


def _pair_words(row: figures.LiveRow, *, old: bool) -> str:
    if row.partner:
        since = f" since {second_words(row.paired_since)}" if row.paired_since else ""
        return f"Pair with {row.partner}{since}" if old else f"Pair{since}"
    return "Second asked for" if row.second_asked else "Alone, second not asked"


def _help_words(helps: tuple[HelpRequest, ...], then: datetime, *, rationale: bool) -> tuple[str, str]:
    said = [help_news(one, then) for one in helps[:2]]
    if not said:
        said = ["Nothing asked for"]
    if len(said) < 2 and not rationale:
        said.append("No rationale recorded yet")
    return said[0], said[1] if len(said) > 1 else ""


def help_news(one: HelpRequest, then: datetime) -> str:
    """Return one request in words: how it stands, what is left of the minutes they said, or by how much it is late."""
    clocks = ages(one, then)
    words = f"{one.label} {one.words_of_state[:1].lower()}{one.words_of_state[1:]}"
    if clocks.promised_left is not None and clocks.promised is not None:
        if clocks.promised_left < timedelta():
            return f"{words}, {span_words(-clocks.promised_left)} late"
        return f"{words}, {span_words(clocks.promised_left)} of {int(clocks.promised.total_seconds()) // 60} min"
    return f"{words}, {one.reference}" if one.reference else words


def _staff(row: figures.StaffRow, state: figures.BoardState, now: datetime, *, stale: bool) -> StaffRow:
    since = span_words(now - row.since) if row.since and not stale else ""
    words, worker = row.words, row.worker
    if row.state is WorkerState.TAKE_FIVE:
        words = "Can come" if worker.can_come and worker.recovering(now) else state_of(worker, now)
        if worker.until is not None and not stale:
            since = f"{span_words(worker.until - now)} left"
    elif (load := state.night.load(worker.worker)) is not None:
        words = f"{load.incidents} incidents" if load.incidents > 1 else words
        if load.just_red(now) and not load.committed and not stale:
            since = short_red(load, now)
    return StaffRow(worker.worker, worker.name, role_words(worker.role), words, since)


def _hours(state: figures.BoardState, age: Age, now: datetime) -> HoursTile:
    tile = state.hours
    bars = tuple(HourBar(one.hour, None if one.ahead else one.calls, running=one.running) for one in tile.hours)
    title = f"Calls per hour, {tile.offered} offered since {clock_words(tile.since)}"
    # What is usual for this weekday needs nights on record; until then nothing is drawn for it.
    usual = f"usual {weekday(now)}" if any(bar.usual is not None for bar in bars) else ""
    return HoursTile(title, bars, usual, tile.by_authority, age)


def _requests(state: figures.BoardState, both: _Ages, then: datetime) -> ListTile:
    signals = tuple(signal_row(one, then) for one in state.signals)
    rows = (*signals, *(_request(row, then) for row in state.requests.rows))
    note = ""
    if both.record.stale:
        note = f"Anything asked since {second_words(both.record_at)} is not shown here."
    elif not rows:
        note = "Everything asked for is sent and answered."
    requests = len(rows) - len(signals)
    title = f"Requests not sent or unanswered, {requests}"
    if signals:
        title = f"{counted(len(signals), 'signal', 'signals')} to managers; requests, {requests}"
    return ListTile(title, rows, both.record, note)


def _request(row: figures.RequestRow, then: datetime) -> ListRow:
    one = row.request
    said = "not sent" if one.state is HelpState.DRAFTED else ALARM_WORDS[row.alarm] or one.words_of_state.lower()
    tell = f"tell them {counted(row.untold, 'change', 'changes')}" if row.untold else ""
    if tell and row.alarm is Alarm.NONE:
        said, tell = tell, ""
    below = ", ".join(part for part in (tell.capitalize(), row.owner or "Nobody", one.line) if part)
    late = row.alarm in (Alarm.LATE, Alarm.MANAGER, Alarm.RINGS, Alarm.OPEN_RISK)
    since = span_words(then - row.since)
    return ListRow(str(one.id), f"{one.label}: {said}", "", since, one.rank, below, late=late, act="take")


def _visits(state: figures.BoardState, age: Age, now: datetime) -> ListTile:
    out = [row for row in state.staff if row.worker.state is WorkerState.VISIT]
    rows = tuple(
        ListRow(row.worker.worker, row.worker.name, row.words, span_words(now - row.since) if row.since else "")
        for row in out
    )
    return ListTile(f"Visits out, {len(rows)}", rows, age, "" if rows else "Nobody is out on a visit.")


def _counts(state: figures.BoardState, age: Age) -> CountsTile:
    asked = len(state.pairs.asked)
    counts = (
        (asked, "second asked"),
        (state.no_rationale, "no rationale"),
        (state.pairs.incidents, "two-person"),
    )
    return CountsTile(counts, age)


def _unsent(state: figures.BoardState) -> str:
    stations = [f"{one.station}: {counted(one.count, 'entry', 'entries')}" for one in state.unsent if one.count]
    return f"Not shared yet: {', '.join(stations)}" if stations else ""

"""The lists behind the board's tiles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from console.domain.board import BoardState, ManagerSignal, RequestRow
from console.domain.forms.registry import title_of
from console.domain.help_ages import ALARM_WORDS, ages
from console.domain.people import Rank
from console.domain.shifts import role_words
from console.domain.words import clock_words, span_words
from ui.desktop.desk import Desk
from ui.desktop.screens.board.rows import ListRow
from ui.desktop.screens.night_words import load_words
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.words import counted


def _asked(row: RequestRow) -> str:
    tell = f"tell them {counted(row.untold, 'change', 'changes')}" if row.untold else ""
    return ", ".join(part for part in (ALARM_WORDS[row.alarm], tell) if part)


def details_of(state: BoardState, desk: Desk) -> Mapping[str, tuple[ListRow, ...]]:
    """Return the list behind each tile, by the tile's name; no caller is named."""
    now = state.at
    waiting = tuple(
        ListRow(row.key, row.line or "Line not known", "", span_words(now - row.since), row.rank)
        for row in state.live
        if row.kind == "waiting"
    )
    work = tuple(
        ListRow(
            f"{card.kind} {card.id}", title_of(card.type) or "Record", card.line,
            span_words(now - card.opened_at) if card.opened_at else "", card.rank,
            "Nobody" if not card.owner else "", act="take" if card.kind == "contact" and not card.owner else "",
        )
        for card in desk.board.work()
    )  # fmt: skip
    staff = staff_loads(state)
    requests = tuple(
        ListRow(
            str(row.request.id), row.request.label, _asked(row), span_words(ages(row.request, now).since),
            row.request.rank, row.owner, act="take",
        )
        for row in state.requests.rows
    )  # fmt: skip
    answered = (
        ListRow("offered", "Offered", f"since {clock_words(state.answered.since)}", str(state.answered.offered)),
        ListRow("answered", "Answered", "", str(state.answered.answered)),
        ListRow("short", "Rang off at once", "", counted(state.answered.short, "call", "calls")),
        ListRow("rest", "Rang off after waiting", "", str(state.answered.abandoned - state.answered.short)),
        ListRow("missed", "Reached nobody, not reviewed", key_of(Act.MISSED), str(len(state.missed))),
    )
    unsent = tuple(ListRow(one.station, one.station, "not shared yet", str(one.count)) for one in state.unsent)
    return {
        "Waiting": (*waiting, *_script(state)),
        "Longest wait": waiting,
        "Answered": answered,
        "Open work": work,
        "Night capacity": staff,
        "Staff on shift": staff,
        "Requests not sent or unanswered": (*(signal_row(one, now) for one in state.signals), *requests),
        "Counters": unsent,
    }


def staff_loads(state: BoardState) -> tuple[ListRow, ...]:
    """Return everybody's load, who can come first and of those the freest; then everybody else."""
    now, words = state.at, {row.worker.worker: row.words for row in state.staff}
    able = state.night.can_come(now)
    others = tuple(one for one in state.night.loads if one not in able)
    rows = []
    for load in (*able, *others):
        worker, debrief = load.worker, ""
        reliefs = state.reliefs.get(worker.worker, ())
        if reliefs and reliefs[-1].debrief_wanted:
            debrief = "would like a debrief"
        red = "a red call now" if load.red_now else ""
        carried = ", ".join(part for part in (red, load_words(load, now), debrief) if part)
        rows.append(
            ListRow(
                worker.worker, worker.name, f", {role_words(worker.role)}", words.get(worker.worker, ""),
                below=carried or "nothing in hand",
            )
        )  # fmt: skip
    return tuple(rows)


def _script(state: BoardState) -> tuple[ListRow, ...]:
    """Return what is said to the caller who waits, where nobody is free for them."""
    if not state.night.guard.nobody_for_next:
        return ()
    return (ListRow("script", f"Say to the caller who waits: {state.limits.night.script}", "", ""),)


def signal_row(one: ManagerSignal, then: datetime) -> ListRow:
    """Return a signal to managers: Enter says that one is coming."""
    below = ", ".join(part for part in (one.by, "alone" if one.alone else "", one.line) if part)
    since = span_words(then - one.signal.at)
    return ListRow(f"signal {one.signal.entry}", one.signal.words, "", since, Rank.NOW, below, act="coming")

"""The lists behind the board's tiles."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.board import BoardState, RequestRow
from console.domain.forms.registry import title_of
from console.domain.help_ages import ALARM_WORDS, ages
from console.domain.shifts import ROLE_LABELS
from console.domain.words import span_words
from ui.desktop.desk import Desk
from ui.desktop.screens.board.rows import ListRow
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
            "Nobody" if not card.owner else "",
        )
        for card in desk.board.work()
    )  # fmt: skip
    staff = tuple(
        ListRow(row.worker.worker, row.worker.name, ROLE_LABELS[row.worker.role], row.words) for row in state.staff
    )
    requests = tuple(
        ListRow(
            str(row.request.id), row.request.label, _asked(row), span_words(ages(row.request, now).since),
            row.request.rank, row.owner, act="take",
        )
        for row in state.requests.rows
    )  # fmt: skip
    answered = (
        ListRow("offered", "Offered", "", str(state.answered.offered)),
        ListRow("answered", "Answered", "", str(state.answered.answered)),
        ListRow("short", "Rang off at once", "", counted(state.answered.short, "call", "calls")),
        ListRow("rest", "Rang off after waiting", "", str(state.answered.abandoned - state.answered.short)),
    )
    unsent = tuple(ListRow(one.station, one.station, "not shared yet", str(one.count)) for one in state.unsent)
    return {
        "Waiting": waiting,
        "Longest wait": waiting,
        "Answered": answered,
        "Open work": work,
        "Night capacity": staff,
        "Requests not sent or unanswered": requests,
        "Counters": unsent,
    }

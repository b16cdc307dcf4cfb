"""What the board says of a line that dropped: since when, who holds it, and what came of ringing back.  No caller."""

from __future__ import annotations

from datetime import datetime

from console.domain.board import LiveRow
from console.domain.board_drops import IncidentLine, LineNow
from console.domain.drops import RING_WORDS, RingOutcome
from ui.desktop.screens.night_words import first_name
from ui.desktop.words import second_words

DROPPED = "LINE DROPPED"
_CLOCKS = {
    LineNow.UP: "",
    LineNow.WAITS: "caller waits",
    LineNow.AGAIN: "reached again",
    LineNow.DROPPED: DROPPED,
    LineNow.UNSAID: "who ended it?",
    LineNow.ENDED: "call ended",
}


def clock_words(state: IncidentLine) -> str:
    """Return what stands under the clock, empty while the line is up."""
    return _CLOCKS[state.now]


def ring_words(row: LiveRow, now: datetime) -> str:
    """Return who is to ring back, who rings now, or what came of it; empty where no line has dropped."""
    state = row.state
    if state.now not in (LineNow.DROPPED, LineNow.UNSAID):
        return ""
    rung = state.rung
    if rung is None:
        if state.no_number:
            return "No number came with the call"
        holders = " or ".join(first_name(name) for name in (row.lead, row.partner) if name)
        return f"Ring back by {holders or 'nobody yet'}: not rung yet"
    by, at = first_name(rung.by), second_words(rung.at)
    if rung.rings(now):
        return f"Being rung back by {by} since {at}"
    came = "no word yet" if rung.outcome is RingOutcome.RUNG else RING_WORDS[rung.outcome]
    return f"Rung back by {by} {at}: {came}"

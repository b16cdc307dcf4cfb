"""How the line of an open incident stands once its call is over, for whoever may not read the incident's words.

From two sources: the telephones and the record of calls say that the line dropped and when, the incident's card what
came of ringing back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from console.domain.call_log import CallRecord
from console.domain.calls import Call
from console.domain.drops import SETTLED, RingOutcome, line_dropped
from console.domain.incidents import IncidentState
from console.domain.lines import USUAL, DialPlan
from console.domain.record import from_iso, iso
from console.domain.ring_claims import LASTS
from console.domain.work_cards import WorkCard


@dataclass(frozen=True, slots=True)
class RungBack:
    """The newest attempt after a drop, without its words: what came of it, when, and who made it.

    ``by`` is the worker's key on a card, and a name on the board.
    """

    outcome: RingOutcome
    at: datetime
    by: str

    def rings(self, now: datetime) -> bool:
        """Say whether it began a moment ago and nothing more was said of it."""
        return self.outcome is RingOutcome.RUNG and now - self.at < LASTS


class LineNow(StrEnum):
    """What is true of the line now."""

    UP = "up"
    WAITS = "waits"
    """The caller waits again: somebody gave them away, or left them, and nobody has them yet."""
    AGAIN = "again"
    """They are on the line again, on a call of ours or as somebody said who reached them."""
    DROPPED = "dropped"
    UNSAID = "unsaid"
    """Over, and nobody can say whether one of ours ended it: they can be rung back."""
    ENDED = "ended"
    """Over, and nothing to ring back: one of ours ended it, or nobody knows more."""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """``since`` is when the line came to this; ``no_number`` says that nobody can be rung back by it."""

    now: LineNow = LineNow.UP
    since: datetime | None = None
    rung: RungBack | None = None
    no_number: bool = False


def rung_mark(incident: IncidentState) -> str:
    """Return what came of ringing back after the newest call, as a card carries it; empty where nobody rang."""
    call = incident.calls[-1] if incident.calls else None
    tried = [one for one in incident.ring_backs if one.call == call and call is not None]
    newest = next((one for one in tried if one.outcome in SETTLED), tried[-1] if tried else None)
    return f"{newest.outcome.value} {iso(newest.at)} {newest.by}" if newest is not None else ""


def read_rung(written: str) -> RungBack | None:
    """Read :func:`rung_mark`; None for anything else, an incident's plain state among it."""
    outcome, _, rest = written.partition(" ")
    at, _, by = rest.partition(" ")
    try:
        return RungBack(RingOutcome(outcome), from_iso(at), by)
    except (ValueError, OverflowError):
        return None


def incident_line(
    card: WorkCard,
    calls: Iterable[Call],
    log: Iterable[CallRecord],
    plan: DialPlan = USUAL,
    name_of: Callable[[str], str] = str,
) -> IncidentLine:
    """Return how the line of an incident stands that has no call under way; ``name_of`` names a worker by key."""
    live = next((one for one in calls if one.id == card.call), None)
    if live is not None and live.waiting():
        return IncidentLine(LineNow.WAITS, live.waits_since)
    record = next((one for one in log if one.id == card.call), None)
    known = live if live is not None else record
    rung = read_rung(card.rung)
    rung = replace(rung, by=name_of(rung.by)) if rung is not None else None
    if rung is not None and rung.outcome is RingOutcome.REACHED:
        return IncidentLine(LineNow.AGAIN, rung.at, rung)
    drop = line_dropped(live, record, (), plan)
    if drop is None or (rung is not None and rung.outcome is RingOutcome.OURS):
        return IncidentLine(LineNow.ENDED, known.ended_at if known is not None else None)
    return IncidentLine(LineNow.UNSAID if drop.unsaid else LineNow.DROPPED, drop.at, rung, not drop.e164)

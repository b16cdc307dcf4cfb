"""The line drops: a caller's call that ended and was not ended by us, and what came of ringing back (peers.md 7, 18).

The end of a call never ends an incident: until the person is reached again it stands with what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.call_log import CallRecord
from console.domain.calls import Call, CallOutcome, Certainty, Direction, Handed, Presentation
from console.domain.items import Item
from console.domain.lines import USUAL, DialPlan, to_e164
from console.domain.reading import identity, text
from console.domain.record import Kind
from console.domain.ring_claims import is_claim

_NOBODY_KNOWN = frozenset({"unknown", ""})
_NOT_OURS = frozenset({"caller", "outside", "system"}) | _NOBODY_KNOWN


def is_ours(ended_by: str) -> bool:
    """Say whether a call was ended by one of our telephones."""
    return ended_by not in _NOT_OURS


def is_unsaid(ended_by: str, outcome: CallOutcome | None, *, assumed: bool) -> bool:
    """Say whether the end of a call was seen, and a telephone that is only watched cannot say who ended it."""
    return assumed and ended_by in _NOBODY_KNOWN and outcome is not CallOutcome.UNKNOWN


class RingOutcome(StrEnum):
    """What came of ringing back.  An outcome of a newer version counts as rung."""

    RUNG = "rung"
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    VOICEMAIL = "voicemail"
    SOMEBODY_ELSE = "somebody_else"
    FAILED = "failed"
    OURS = "ours"
    """Not rung at all: nobody could say who ended the call, and a worker says that it was one of us."""


SETTLED = frozenset({RingOutcome.REACHED, RingOutcome.OURS})
"""After these nobody is to be rung back any more."""
RING_WORDS: Mapping[RingOutcome, str] = {
    RingOutcome.RUNG: "rung",
    RingOutcome.REACHED: "reached",
    RingOutcome.NO_ANSWER: "no answer",
    RingOutcome.ENGAGED: "engaged",
    RingOutcome.VOICEMAIL: "voicemail, nothing left",
    RingOutcome.SOMEBODY_ELSE: "somebody else answered",
    RingOutcome.FAILED: "did not go through",
    RingOutcome.OURS: "not needed, one of ours ended the call",
}


@dataclass(frozen=True, slots=True)
class RingBack:
    """One attempt, or what came of it."""

    outcome: RingOutcome
    at: datetime
    by: str
    words: str
    entry: UUID
    seq: int
    call: UUID | None = None
    """The call that dropped: an outcome is known by it, for two computers' clocks may differ."""


def fold_ring_backs(items: Iterable[Item]) -> tuple[RingBack, ...]:
    """Return the attempts in order, claims left out; the outcome of one follows it as an entry of its own."""
    tried = (item for item in items if item.kind is Kind.INCIDENT_RING_BACK and item.readable)
    return tuple(_ring_back(item) for item in tried if not is_claim(item))


def _ring_back(item: Item) -> RingBack:
    try:
        outcome = RingOutcome(text(item.content, "outcome"))
    except ValueError:
        outcome = RingOutcome.RUNG
    return RingBack(
        outcome,
        item.made_at,
        item.author,
        text(item.content, "words"),
        item.id,
        item.seq,
        identity(item.content, "call"),
    )


@dataclass(frozen=True, slots=True)
class Drop:
    """A line that is gone.  ``e164`` is empty where no number may be rung; ``presentation`` says why.

    ``unsaid``: it ended, and nobody can say by whom: it may have been one of us.
    """

    call: UUID
    at: datetime
    e164: str
    presentation: Presentation
    unsaid: bool = False
    handed: Handed | None = None
    """To whom the caller was given last, who never answered."""


def line_dropped(
    live: Call | None, record: CallRecord | None, attempts: Iterable[RingBack], plan: DialPlan = USUAL
) -> Drop | None:
    """Return the drop of an incident's newest call, or None: it lasts, we ended it (a worker may have had to say so),
    or they were reached since.

    ``live`` is what the switchboard told this console, ``record`` what the record says; the record knows the
    end of calls this console never saw.  A call on which they were reached again may drop as well: of that one the
    number is whom we rang, by ``plan``.
    """
    ended, by = _ending(live, record)
    handed = _handed(live, record)
    # Who gave the caller away let go of them: where nobody answered, that was not the end that anybody wanted.
    ours = is_ours(by) and handed is None
    if ended is None or ours or _answered_nobody(live, record) or _end_untold(live, record):
        return None
    known = live if live is not None else record
    if known is None or any(one.outcome in SETTLED and one.call == known.id for one in attempts):
        return None
    unsaid = handed is None and is_unsaid(by, known.outcome, assumed=_is_assumed(live, record))
    if known.direction is Direction.OUTBOUND:
        return Drop(known.id, ended, to_e164(known.dialled, plan), Presentation.ALLOWED, unsaid, handed)
    caller = live.caller if live is not None else record
    return Drop(known.id, ended, caller.e164, caller.presentation, unsaid, handed) if caller is not None else None


def _handed(live: Call | None, record: CallRecord | None) -> Handed | None:
    """What this console heard goes before what others wrote, which may have come to it in part."""
    if live is not None and not live.live:
        return live.handed
    return record.handed if record is not None else None


def _ending(live: Call | None, record: CallRecord | None) -> tuple[datetime | None, str]:
    if live is not None and live.live:
        return None, ""
    if live is not None and live.ended_at is not None:
        return live.ended_at, live.ended_by
    return (record.ended_at, record.ended_by) if record is not None else (None, "")


def _is_assumed(live: Call | None, record: CallRecord | None) -> bool:
    """The record may not have it yet: what this console heard says it as well."""
    heard = live is not None and live.certainty is Certainty.ASSUMED
    return heard or (record is not None and record.assumed)


def _end_untold(live: Call | None, record: CallRecord | None) -> bool:
    """Say whether a program at a desk only fell silent about the call: they may talk still."""
    known = live if live is not None else record
    return record is not None and record.assumed and known is not None and known.outcome is CallOutcome.UNKNOWN


def _answered_nobody(live: Call | None, record: CallRecord | None) -> bool:
    if live is not None:
        return not live.answered_by
    return record is None or not record.answered

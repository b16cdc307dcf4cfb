"""The line drops: a caller's call that ended and was not ended by us, and ringing back (peers.md 7, 12 and 18).

The end of a call never ends an incident: until the person is reached again it stands with what is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from console.domain.call_log import CallRecord
from console.domain.calls import Call, Direction, Presentation
from console.domain.items import Item
from console.domain.lines import USUAL, DialPlan, emergency_number, to_e164
from console.domain.people import Line, Marker
from console.domain.reading import identity, text
from console.domain.record import Kind

DO_NOT_CALL_BACK = "do_not_call_back"
_NOT_OURS = frozenset({"caller", "outside", "system", "unknown", ""})
_UNSAFE = re.compile(r"\s*(no|never|unsafe|not safe|do not|don't)\b(?! longer)", re.IGNORECASE)
_NOT_ASKED = re.compile(r"\s*(not asked|not known|unknown)?\s*$", re.IGNORECASE)


class RingOutcome(StrEnum):
    """What came of ringing back.  An outcome of a newer version counts as rung."""

    RUNG = "rung"
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    VOICEMAIL = "voicemail"
    SOMEBODY_ELSE = "somebody_else"
    FAILED = "failed"


RING_WORDS: Mapping[RingOutcome, str] = {
    RingOutcome.RUNG: "rung",
    RingOutcome.REACHED: "reached",
    RingOutcome.NO_ANSWER: "no answer",
    RingOutcome.ENGAGED: "engaged",
    RingOutcome.VOICEMAIL: "voicemail, nothing left",
    RingOutcome.SOMEBODY_ELSE: "somebody else answered",
    RingOutcome.FAILED: "did not go through",
}


class RingNumber(StrEnum):
    """Which number is rung."""

    LINE = "line"
    SAFE = "safe"


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
    """Return the attempts in order; the outcome of one follows it as an entry of its own."""
    return tuple(_ring_back(item) for item in items if item.kind is Kind.INCIDENT_RING_BACK and item.readable)


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
    """A line that is gone.  ``e164`` is empty where no number may be rung; ``presentation`` says why."""

    call: UUID
    at: datetime
    e164: str
    presentation: Presentation


def line_dropped(
    live: Call | None,
    record: CallRecord | None,
    attempts: Iterable[RingBack],
    ours: Iterable[str] = (),
    plan: DialPlan = USUAL,
) -> Drop | None:
    """Return the drop of an incident's newest call, or None: it lasts, we ended it, or they were reached since.

    ``live`` is what the switchboard told this console, ``record`` what the record says; the record knows the
    end of calls this console never saw.  ``ours`` are names of our side beyond extensions.  A call on which they
    were reached again may drop as well: of that one the number is whom we rang, by ``plan``.
    """
    ended, by = _ending(live, record)
    if ended is None or _is_ours(by, ours) or _answered_nobody(live, record):
        return None
    known = live if live is not None else record
    if known is None or any(one.outcome is RingOutcome.REACHED and one.call == known.id for one in attempts):
        return None
    if known.direction is Direction.OUTBOUND:
        return Drop(known.id, ended, to_e164(known.dialled, plan), Presentation.ALLOWED)
    caller = live.caller if live is not None else record
    return Drop(known.id, ended, caller.e164, caller.presentation) if caller is not None else None


def _ending(live: Call | None, record: CallRecord | None) -> tuple[datetime | None, str]:
    if live is not None and live.live:
        return None, ""
    if live is not None and live.ended_at is not None:
        return live.ended_at, live.ended_by
    return (record.ended_at, record.ended_by) if record is not None else (None, "")


def _is_ours(by: str, ours: Iterable[str]) -> bool:
    return by not in _NOT_OURS or by in set(ours)


def _answered_nobody(live: Call | None, record: CallRecord | None) -> bool:
    if live is not None:
        return not live.answered_by
    return record is None or not record.answered


@dataclass(frozen=True, slots=True)
class RingingBack:
    """Whether ringing back is armed.  ``number`` is E.164, empty where refused; ``why_not`` is then the reason.

    ``state`` says in words how safe the number is to ring, whether it may be rung or not.
    """

    number: str
    which: RingNumber
    state: str
    why_not: str = ""

    @property
    def armed(self) -> bool:
        """Say whether the number may be rung."""
        return bool(self.number)


def ringing_back(
    drop: Drop, today: date, *, safe_number: str = "", line: Line | None = None, markers: Iterable[Marker] = ()
) -> RingingBack:
    """Return which number may be rung, or why none may.  The safe number, where one was stated, goes first.

    Never a withheld number, never against a marker in force, never where ringing is said to be unsafe, never an
    emergency number.  A marker past its review no longer refuses; it is said.
    """
    found = [one for one in markers if one.kind == DO_NOT_CALL_BACK]
    refused = next((one for one in found if not one.out_of_date(today)), None)
    old = "; an old marker said do not ring back" if found and refused is None else ""
    if refused is not None:
        return _refused("do not ring back", "A marker says do not ring back. Nothing was rung.")
    if safe_number.strip():
        return _safe(safe_number, old)
    if drop.presentation is Presentation.WITHHELD:
        return _refused(
            "number withheld", "The number was withheld: there is none to ring. Ask for police to trace it."
        )
    if not drop.e164:
        return _refused("no number", "No number was sent with the call: there is none to ring.")
    said = line.safe_to_call.strip() if line is not None else ""
    if _UNSAFE.match(said):
        words = f"It is not safe to ring this number ({said}). Nothing was rung; state a safe number first."
        return _refused(f"not safe to ring: {said}", words)
    state = "safe to ring: not asked" if _NOT_ASKED.match(said) else f"safe to ring: {said}"
    return RingingBack(drop.e164, RingNumber.LINE, f"{state}{old}")


def _safe(stated: str, old: str) -> RingingBack:
    if _UNSAFE.match(stated):
        words = f"The caller said it is not safe to ring ({stated}). Nothing was rung."
        return _refused(f"not safe to ring: {stated}", words)
    digits = re.search(r"\+?\d[\d ()-]{2,}", stated)
    sent = digits.group().strip() if digits else stated
    if emergency_number(sent):
        return _refused("not a number to ring", "The console never rings an emergency number. Use your handset.")
    e164 = to_e164(sent)
    if not e164:
        words = "The safe number cannot be rung from here. Correct it on the fact sheet, or use your handset."
        return _refused(f"safe number: {stated}", words)
    return RingingBack(e164, RingNumber.SAFE, f"safe number: {stated}{old}")


def _refused(state: str, why: str) -> RingingBack:
    return RingingBack("", RingNumber.LINE, state, why)


def same_line(e164: str, drops: Iterable[Drop]) -> Drop | None:
    """Return the drop whose line rings now; a number that is not known is nobody's."""
    return next((one for one in drops if e164 and one.e164 == e164), None)

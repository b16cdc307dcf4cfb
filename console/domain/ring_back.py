"""Ringing back: which number may be rung, and why none may (peers.md 7, 12 and 18).

One rule for all who ring somebody back, whether a line dropped or a caller rang off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from console.domain.calls import Presentation
from console.domain.drops import Drop
from console.domain.ring_safety import (
    DO_NOT_CALL_BACK,
    NOTHING_KNOWN,
    NumberKnown,
    Safety,
    forbids,
    is_unasked,
    said_of,
    stated_number,
)

READ_FIRST = "read before ringing"


class RingNumber(StrEnum):
    """Which number is rung."""

    LINE = "line"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class RingingBack:
    """Whether ringing back is armed.  ``number`` is E.164, empty where refused; ``why_not`` is then the reason.

    ``state`` says in words how safe the number is to ring, whether it may be rung or not.  Where ``rule`` is not
    empty it is to be read first, and the number rung only when it is asked for once more.  ``pending``: nothing is
    refused, only not known yet.
    """

    number: str
    which: RingNumber
    state: str
    why_not: str = ""
    rule: str = ""
    pending: bool = False

    @property
    def armed(self) -> bool:
        """Say whether the number may be rung."""
        return bool(self.number)


def number_to_ring(drop: Drop, safe_number: str = "") -> str:
    """Return the number that ringing back is about, E.164; empty where there is none."""
    if safe_number.strip():
        return stated_number(safe_number).e164
    return drop.e164 if drop.presentation is not Presentation.WITHHELD else ""


def ringing_back(drop: Drop, today: date, *, safe_number: str = "", known: NumberKnown = NOTHING_KNOWN) -> RingingBack:
    """Return which number may be rung, or why none may.  The safe number, where one was stated, goes first.

    Never a withheld number, never against a marker in force of whoever was chosen, never where ringing is said to be
    unsafe, never an emergency number, and nothing while what is known is still being read.  What could not be read is
    a rule.  A marker past its review no longer refuses; it is said.
    """
    if any(forbids(one, today) for one in known.markers):
        return _refused("do not ring back", "A marker says do not ring back. Nothing was rung.")
    made = _safe(safe_number, known) if safe_number.strip() else _line(drop, known)
    if not made.armed:
        return made
    if known.reading:
        words = "What is known of this number is still being read. Nothing was rung; ask again in a moment."
        return replace(_refused("being looked up", words), pending=True)
    rules = (*known.rules, known.unread, made.rule)
    found = any(one.kind == DO_NOT_CALL_BACK for one in known.markers)
    old = "; an old marker said do not ring back" if found else ""
    return replace(made, state=f"{made.state}{old}", rule=" ".join(one for one in rules if one))


def _line(drop: Drop, known: NumberKnown) -> RingingBack:
    if drop.presentation is Presentation.WITHHELD:
        return _refused(
            "number withheld", "The number was withheld: there is none to ring. Ask for police to trace it."
        )
    if not drop.e164:
        return _refused("no number", "No number was sent with the call: there is none to ring.")
    said = known.words_of(drop.e164)
    match said_of(said):
        case Safety.NEVER:
            words = f"It is not safe to ring this number ({said}). Nothing was rung; state a safe number first."
            return _refused(f"not safe to ring: {said}", words)
        case Safety.RULE:
            words = f"Of this number is written: {said}."
            return RingingBack(drop.e164, RingNumber.LINE, f"{READ_FIRST}: {said}", rule=words)
        case _:
            return RingingBack(drop.e164, RingNumber.LINE, _freely(said, known))


def _freely(said: str, known: NumberKnown) -> str:
    if not is_unasked(said):
        return f"safe to ring: {said}"
    return "safe to ring: not known" if known.unread else "safe to ring: not asked"


def _safe(stated: str, known: NumberKnown) -> RingingBack:
    found = stated_number(stated)
    if not found.e164:
        unsafe = "not safe to ring" if found.safety is Safety.NEVER else "safe number"
        return _refused(f"{unsafe}: {stated}", found.why_not)
    said = known.words_of(found.e164)
    rules = (
        f"The safe number is stated so: {stated}." if found.safety is not Safety.FREELY else "",
        f"The record says of this number: {said}." if said_of(said) is not Safety.FREELY else "",
    )
    return RingingBack(
        found.e164, RingNumber.SAFE, f"safe number: {stated}", rule=" ".join(one for one in rules if one)
    )


def _refused(state: str, why: str) -> RingingBack:
    return RingingBack("", RingNumber.LINE, state, why)

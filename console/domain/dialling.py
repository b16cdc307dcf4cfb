"""What may be dialled for a worker, and as which digits: the guard that every switchboard's adapter asks.

It is asked in the lowest layer that sees a number on its way out, so that an emergency number is
never dialled, nor a caller sent to one, whatever asked for it (telephony.md 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from console.domain.lines import DialPlan, Number, NumberKind, emergency_number, read_number

_TARGET = re.compile(r"\+?[0-9]{1,24}")
_OUTSIDE = re.compile(r"[0-9]{0,4}", re.ASCII)
_WITHHOLD = re.compile(r"[0-9*#]{0,8}", re.ASCII)
_POSSIBLE = (NumberKind.EXTENSION, NumberKind.SPECIAL, NumberKind.E164)

EMERGENCY_SENTENCE = (
    "Nightdesk never dials an emergency number: 999 is routed by the place of the line that calls. "
    "Ring it on your handset, and read out the caller's location."
)

KEYS_SENTENCE = (
    "These keys are an emergency number: pressed in a call they may be dialled, or reach nobody. Nothing was sent. "
    "Ring 999 on your handset; where a menu or a code needs these keys, press them there."
)

Guard = Callable[[Number], bool]
"""May this number be dialled?  A rehearsal allows only extensions and numbers kept for drama."""


@dataclass(frozen=True, slots=True)
class NotDialled:
    """``sentence`` says to the worker why nothing was dialled."""

    sentence: str


def allow_all(number: Number) -> bool:
    """Allow every number that is not stopped for another reason."""
    return number.kind is not NumberKind.EMERGENCY


def no_emergency(*places: str, plan: DialPlan) -> str:
    """Return why nobody may be led to one of ``places`` (a telephone, a parking place), or nothing.

    A switchboard's dial plan does not know that nobody typed it: 999 as an extension is 999.
    """
    return EMERGENCY_SENTENCE if any(emergency_number(place, plan) for place in places) else ""


def no_emergency_keys(keys: str, plan: DialPlan) -> str:
    """Return why these keys are not pressed in a call, or nothing.

    What hears them may dial them: a gateway, a menu of the switchboard, a line that is not answered yet.
    """
    return KEYS_SENTENCE if emergency_number(keys, plan) else ""


def wrong_prefixes(outside: str, withhold: str) -> str:
    """Return what is wrong with a plan's prefixes, or nothing: they are dialled as they stand."""
    if not _OUTSIDE.fullmatch(outside):
        return "outside_prefix must be the digits dialled for an outside line, such as 9, or empty"
    if not _WITHHOLD.fullmatch(withhold):
        return "withhold_prefix must be the keys that withhold a number, such as 141, or empty"
    bare = DialPlan(outside_prefix="", withhold_prefix="")
    stopped = no_emergency(outside, withhold, plan=bare)
    return "outside_prefix or withhold_prefix is an emergency number" if stopped else ""


def dial_string(target: str, plan: DialPlan, guard: Guard) -> str | NotDialled:
    """Return the digits that a dial plan of this site must be given to reach ``target``."""
    if emergency_number(target, plan):
        return NotDialled(EMERGENCY_SENTENCE)
    number = read_number(target, plan)
    if number.kind not in _POSSIBLE or not _TARGET.fullmatch(number.canonical):
        return NotDialled("That is not a telephone number or an extension; nothing was dialled.")
    if not guard(number):
        return NotDialled("This number may not be dialled here; nothing was dialled.")
    digits = _digits(number, plan.outside_prefix)
    # What they became is asked as well: it is what the switchboard reads.
    return NotDialled(EMERGENCY_SENTENCE) if emergency_number(digits, plan) else digits


def _digits(number: Number, outside: str) -> str:
    match number.kind:
        case NumberKind.EXTENSION:
            return number.canonical
        case NumberKind.SPECIAL:
            return outside + number.canonical
        case _:
            national = number.canonical.startswith("+44")
            return outside + ("0" + number.canonical[3:] if national else "00" + number.canonical[1:])

"""A caller who waits again, as the board shows them: who gave them to whom, and where they ring.  No caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.call_tracks import OUTSIDE
from console.domain.calls import Call
from console.domain.lines import USUAL, DialPlan, NumberKind, read_number
from console.domain.shifts import ShiftState

OUTSIDE_NUMBER = "an outside number"


@dataclass(frozen=True, slots=True)
class Given:
    """``by`` and ``to`` are names, extensions where nobody is signed in, and empty where none is known.

    ``at`` is when they were given away, or were left.  ``handed`` False: nobody is known to have given them to
    anybody, and ``by`` was the last who had them.  ``again``: somebody had them, and their wait counts from then.
    ``rings`` are those at whose telephones they ring now.
    """

    by: str
    to: str
    at: datetime
    handed: bool = True
    again: bool = True
    rings: tuple[str, ...] = ()


def given_of(call: Call, shift: ShiftState, plan: DialPlan = USUAL) -> Given | None:
    """Return how a waiting caller came to wait where they do; None of one whom nobody had and nobody sent on."""
    handed, alone = call.handed, call.alone_since
    rings = tuple(_named(one, shift, plan) for one in sorted(call.alerting))
    if handed is not None:
        giver, taker = (_named(one, shift, plan) for one in (handed.giver, handed.taker))
        # By the clock of this console where it heard them left: the wait beside it counts from then.
        return Given(giver, taker, alone or handed.at, again=alone is not None, rings=rings)
    if alone is None:
        return None
    last = next(iter(call.answered_by[-1:]), "")
    return Given(_named(last, shift, plan), "", alone, handed=False, rings=rings)


def _named(extension: str, shift: ShiftState, plan: DialPlan) -> str:
    """Return who sits there; nothing that may be a number from outside stands on a board."""
    ours = not extension or (extension != OUTSIDE and read_number(extension, plan).kind is NumberKind.EXTENSION)
    return shift.name_at(extension) or (extension if ours else OUTSIDE_NUMBER)

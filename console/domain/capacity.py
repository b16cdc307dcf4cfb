"""The night's capacity: how many are free, and when the rule calls the on-call manager out (domain.md 0, 7).

Overnight two people are one pair: with both committed the next caller waits for nobody (peers.md 7, leap 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.call_outs import CallOut, CallOutReason, CallOutState
from console.domain.calls import Call
from console.domain.ring_claims import LASTS
from console.domain.signals import Summons

AGAIN_AFTER = timedelta(hours=1)
"""After an on-call manager was rung, or said that they come, the rule arms no further call-out for this long."""


class CallOutRule(StrEnum):
    """What happens by itself when nobody is left for the next caller."""

    OFF = "off"
    ARM = "arm"
    """Every screen asks for the call-out until one key rings it."""
    DIAL = "dial"
    """A manager's telephone that is signed in rings it by itself; without one, as ``ARM``."""


class Assigning(StrEnum):
    """When a second worker whom a manager names is in the incident."""

    ASK = "ask"
    AT_ONCE = "at_once"


SCRIPT_CAP = 600
"""Longest script, in characters: it is read aloud to somebody who has waited."""
WAITING_SCRIPT = (
    "Everybody in the team is with somebody at this moment, and I am the first who can speak to you. "
    "Are you, or is anybody with you, in danger right now? If so, ring 999 now. "
    "If it can wait a little: which number is safe to ring, and what should I say if somebody else answers? "
    "We ring you back, the most urgent first."
)
"""What a caller is told where nobody is free, unless the council wrote its own."""


@dataclass(frozen=True, slots=True)
class NightRules:
    """Rules that a council sets."""

    summons: timedelta = timedelta(seconds=30)
    """A call for a second worker that nobody takes for this long is the managers', and arms the call-out."""
    call_out: CallOutRule = CallOutRule.ARM
    assigning: Assigning = Assigning.ASK
    take_five: timedelta = timedelta(minutes=15)
    offered_for: timedelta = timedelta(minutes=30)
    """How long after a red call a pause is offered."""
    script: str = WAITING_SCRIPT
    ring_back: timedelta = LASTS
    """So long whoever rings a caller back has them to themselves, if nothing more is heard of that ring."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Who is left for the next caller.  ``oldest_since`` is when the longest wait began."""

    free: int = 0
    paired: int = 0
    committed: int = 0
    """Who is on a call or coordinates, the paired among them."""
    waiting: int = 0
    oldest_since: datetime | None = None
    oldest: UUID | None = None
    """The call that waits longest: what an armed call-out is about."""

    @property
    def nobody_for_next(self) -> bool:
        """Say whether somebody waits and nobody can take them: all are committed, in recovery or on a break."""
        return self.waiting > 0 and self.free == 0


def guard_of(calls: Iterable[Call], free: int, committed: int, paired: int) -> Guard:
    """Return the guard over the calls that wait now."""
    waiting = sorted(
        (one for one in calls if one.waiting()), key=lambda one: (str(one.waits_since or one.last_news), str(one.id))
    )
    first = waiting[0] if waiting else None
    since = (first.waits_since or first.last_news) if first is not None else None
    return Guard(free, paired, committed, len(waiting), since, first.id if first is not None else None)


@dataclass(frozen=True, slots=True)
class Arming:
    """What the rule asks for: why, and about which call or summons."""

    why: CallOutReason
    about: UUID


def wanted(guard: Guard, summons: Iterable[Summons], rules: NightRules, now: datetime) -> Arming | None:
    """Return the call-out that the state of the night asks for now, rule or no rule: a caller before a colleague."""
    if guard.nobody_for_next and guard.oldest is not None:
        return Arming(CallOutReason.ALL_COMMITTED, guard.oldest)
    late = sorted((one for one in summons if one.unanswered(now, rules.summons)), key=lambda one: one.asked_at)
    return Arming(CallOutReason.NO_SECOND, late[0].entry) if late else None


def to_arm(asked: Arming | None, call_outs: Iterable[CallOut], rules: NightRules, now: datetime) -> Arming | None:
    """Return the call-out to be armed by rule now; None where it is armed, rung, or somebody comes already."""
    if asked is None or rules.call_out is CallOutRule.OFF:
        return None
    newest = max(call_outs, key=lambda one: one.armed_at, default=None)
    if newest is None:
        return asked
    if newest.state is CallOutState.ARMED:
        return None
    lately = now - newest.last_at < AGAIN_AFTER
    if newest.state in (CallOutState.RUNG, CallOutState.COMING) and lately:
        return None
    if newest.state is CallOutState.RUNG:
        # Nobody said what came of that ring; whoever waits now must not wait for the answer of an hour ago.
        return asked
    return None if newest.about == asked.about and newest.why is asked.why else asked


def standing(call_outs: Iterable[CallOut], asked: Arming | None, now: datetime) -> CallOut | None:
    """Return the call-out that every screen shows.

    One that was armed and never rung stands only while the night still asks for it; one that was rung, until
    somebody says what came of it, and no longer than :data:`AGAIN_AFTER`; one who comes is shown as long.
    """
    newest = max(call_outs, key=lambda one: one.armed_at, default=None)
    if newest is None:
        return None
    if newest.state is CallOutState.ARMED:
        by_hand = newest.why is CallOutReason.BY_HAND and now - newest.armed_at < AGAIN_AFTER
        return newest if asked is not None or by_hand else None
    if newest.state is CallOutState.RUNG:
        return newest if now - newest.last_at < AGAIN_AFTER else None
    return newest if now - newest.last_at < AGAIN_AFTER and (newest.coming or asked is not None) else None

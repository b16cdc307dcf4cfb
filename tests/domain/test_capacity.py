"""The guard over the night: when somebody is called out by rule, once, and what every screen shows of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from console.domain.call_outs import CallOut, CallOutReason, CallOutState, with_call_out
from console.domain.calls import Call, Caller, CallState, Direction
from console.domain.capacity import (
    AGAIN_AFTER,
    Arming,
    CallOutRule,
    Guard,
    NightRules,
    guard_of,
    standing,
    to_arm,
    wanted,
)
from console.domain.people import Rank
from console.domain.record import Kind, StreamKind
from console.domain.signals import Summons
from tests.helpers.items import TEN_PAST, Stream

NOW = TEN_PAST
RULES = NightRules()


def waits(minutes: float) -> Call:
    """Return a call that waits for some minutes."""
    since = NOW - timedelta(minutes=minutes)
    return Call(uuid4(), Direction.INBOUND, CallState.QUEUED, Caller(), offered_at=since)


def asked(seconds: float, **changes: object) -> Summons:
    """Return a call for a second worker that is ``seconds`` old."""
    made = Summons(uuid4(), uuid4(), None, "", "", Rank.NOW, "priya", "Priya", NOW - timedelta(seconds=seconds), 1)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def test_the_second_call_is_the_one_that_waits_while_all_are_committed() -> None:
    young, old = waits(1), waits(3)
    guard = guard_of((young, old), free=0, committed=2, paired=2)
    assert (guard.waiting, guard.oldest, guard.oldest_since) == (2, old.id, old.offered_at)
    assert guard.nobody_for_next
    assert wanted(guard, (), RULES, NOW) == Arming(CallOutReason.ALL_COMMITTED, old.id)


@pytest.mark.parametrize(
    "guard",
    [
        guard_of((waits(1),), free=1, committed=2, paired=2),
        guard_of((), free=0, committed=2, paired=2),
    ],
    ids=["somebody is free", "nobody waits"],
)
def test_without_it_nobody_is_called_out(guard: Guard) -> None:
    assert wanted(guard, (), RULES, NOW) is None


def test_a_summons_that_nobody_takes_for_the_set_time_calls_out_the_manager() -> None:
    late = asked(30)
    assert wanted(Guard(), (asked(29), late), RULES, NOW) == Arming(CallOutReason.NO_SECOND, late.entry)
    assert wanted(Guard(), (asked(29),), RULES, NOW) is None
    patient = replace(RULES, summons=timedelta(minutes=2))
    assert wanted(Guard(), (late,), patient, NOW) is None
    assert wanted(Guard(), (asked(90, accepted_by="tom"), asked(90, withdrawn=True)), RULES, NOW) is None


def test_a_caller_comes_before_a_colleague() -> None:
    caller = waits(1)
    found = wanted(guard_of((caller,), free=0, committed=1, paired=0), (asked(60),), RULES, NOW)
    assert found == Arming(CallOutReason.ALL_COMMITTED, caller.id)


ABOUT = uuid4()
ASKED = Arming(CallOutReason.ALL_COMMITTED, ABOUT)


def call_out(state: CallOutState, minutes: float = 1, about: UUID = ABOUT) -> CallOut:
    """Return a call-out of which something was last said some minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    return CallOut(uuid4(), CallOutReason.ALL_COMMITTED, about, at, state, "Dilip Shah", at, "priya", 1, at)


@pytest.mark.parametrize(
    ("before", "armed"),
    [
        ((), True),
        ((call_out(CallOutState.ARMED, about=uuid4()),), False),
        ((call_out(CallOutState.RUNG),), False),
        ((call_out(CallOutState.RUNG, 59, uuid4()),), False),
        ((call_out(CallOutState.RUNG, 61, uuid4()),), True),
        ((call_out(CallOutState.RUNG, 61),), True),
        ((call_out(CallOutState.COMING),), False),
        ((call_out(CallOutState.COMING, about=uuid4()),), False),
        ((call_out(CallOutState.COMING, 61, uuid4()),), True),
        ((call_out(CallOutState.NO_ANSWER),), False),
        ((call_out(CallOutState.NO_ANSWER, about=uuid4()),), True),
        ((call_out(CallOutState.CANNOT, about=uuid4()),), True),
    ],
)
def test_the_rule_arms_once_and_again_only_for_another_call_that_nobody_comes_for(
    before: tuple[CallOut, ...], armed: bool
) -> None:
    assert (to_arm(ASKED, before, RULES, NOW) is not None) is armed


def test_a_council_may_switch_the_rule_off() -> None:
    assert to_arm(ASKED, (), replace(RULES, call_out=CallOutRule.OFF), NOW) is None
    assert to_arm(None, (), RULES, NOW) is None


@pytest.mark.parametrize(
    ("state", "with_need", "without"),
    [
        (CallOutState.ARMED, True, False),
        (CallOutState.RUNG, True, True),
        (CallOutState.COMING, True, True),
        (CallOutState.NO_ANSWER, True, False),
        (CallOutState.CANNOT, True, False),
        (CallOutState.FAILED, True, False),
    ],
)
def test_what_is_shown_goes_when_it_is_over(state: CallOutState, with_need: bool, without: bool) -> None:
    made = call_out(state)
    assert (standing((made,), ASKED, NOW) is made) is with_need
    assert (standing((made,), None, NOW) is made) is without
    assert standing((call_out(CallOutState.COMING, AGAIN_AFTER.total_seconds() / 60),), ASKED, NOW) is None
    assert standing((call_out(CallOutState.RUNG, AGAIN_AFTER.total_seconds() / 60),), ASKED, NOW) is None


def test_a_caller_waits_for_nobody_where_all_are_in_recovery_or_on_a_break() -> None:
    one = waits(1)
    guard = guard_of((one,), free=0, committed=0, paired=0)
    assert wanted(guard, (), RULES, NOW) == Arming(CallOutReason.ALL_COMMITTED, one.id)


def folded(stream: Stream) -> tuple[CallOut, ...]:
    """Return the call-outs of a shift."""
    found: tuple[CallOut, ...] = ()
    for item in stream.items:
        found = with_call_out(found, item)
    return found


def test_a_call_out_is_armed_rung_twice_and_answered_and_says_by_whom() -> None:
    stream, call = Stream(StreamKind.SHIFT), uuid4()
    kind = Kind.SHIFT_CALL_OUT
    first = stream.write(kind, {"state": "armed", "why": "all_committed", "about": call}, author="tom")
    stream.write(kind, {"state": "rung", "of": first, "name": "Dilip Shah"}, author="priya")
    stream.write(kind, {"state": "no_answer", "of": first}, author="priya")
    stream.write(kind, {"state": "rung", "of": first, "name": "Dilip Shah"}, author="helen")
    stream.write(kind, {"state": "coming", "of": first}, author="helen")
    (made,) = folded(stream)
    assert (made.why, made.about, made.state, made.rings) == (CallOutReason.ALL_COMMITTED, call, CallOutState.COMING, 2)
    assert (made.name, made.rung_by, made.said_by) == ("Dilip Shah", "helen", "helen")
    assert made.rung_at is not None
    assert made.last_at > made.rung_at > made.armed_at


def test_a_ring_that_failed_is_taken_back_by_whoever_rang_and_by_nobody_else() -> None:
    stream, kind = Stream(StreamKind.SHIFT), Kind.SHIFT_CALL_OUT
    first = stream.write(kind, {"state": "rung", "why": "by_hand", "name": "Dilip Shah"}, author="priya")
    stream.write(kind, {"state": "failed", "of": first}, author="tom")
    assert [(one.state, one.rings) for one in folded(stream)] == [(CallOutState.RUNG, 1)]
    stream.write(kind, {"state": "failed", "of": first}, author="priya")
    assert [(one.state, one.rings) for one in folded(stream)] == [(CallOutState.FAILED, 0)]
    stream.write(kind, {"state": "rung", "of": first, "name": "Dilip Shah"}, author="tom")
    stream.write(kind, {"state": "failed", "of": first}, author="priya")
    assert [(one.state, one.rung_by) for one in folded(stream)] == [(CallOutState.RUNG, "tom")]


def test_a_ring_by_hand_is_a_call_out_of_its_own() -> None:
    stream = Stream(StreamKind.SHIFT)
    stream.write(Kind.SHIFT_CALL_OUT, {"state": "rung", "why": "by_hand", "name": "Dilip Shah"}, author="priya")
    (made,) = folded(stream)
    assert (made.state, made.why, made.rings) == (CallOutState.RUNG, CallOutReason.BY_HAND, 1)
    moment: datetime | None = made.rung_at
    assert moment == stream.at

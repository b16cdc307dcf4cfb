"""Scenarios of single telephones, of calls that we place, of what is no call, and of other watchers."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from tests.helpers.pbx import scenario_lines as lines
from tests.helpers.pbx.configuration import LINE, MEMBERS, QUEUE
from tests.helpers.pbx.stage import WORLD, Stage, Visit
from tests.helpers.pbx.truth import Moment, Truth, now


def fork_dial(x: Stage) -> None:
    """Two telephones ring without a queue; 1002 answers."""
    visit = x.call_in("02079460203", lines.FORK, None)
    visit.rings(*MEMBERS)
    visit.answered_by("1002")
    visit.rings_off()


def call_waiting(x: Stage) -> None:
    """A second caller rings a telephone that talks, and gives up."""
    first = x.call_in("02079460204", lines.DIRECT, None)
    first.rings("1001")
    first.answered_by("1001")
    second = x.call_in("02079460205", lines.DIRECT, None, cancels=True)
    second.rings("1001")
    second.rings_off()
    first.rings_off()


def direct_rejected(x: Stage) -> None:
    """1001 refuses; the caller hears that it is busy."""
    visit = x.call_in("02079460220", lines.DIRECT, None)
    visit.rings("1001")
    visit.is_true(outcome="busy")
    with visit.ending("1001"):
        x.phone("1001").reject()
        visit.caller.gone()


def internal(x: Stage) -> None:
    """1001 rings 1002."""
    call = x.dials("1001", "1002", "internal")
    x.phone("1002").wait_ringing()
    call.told["rang"] = ["1002"]
    x.breathe()
    began = now()
    x.phone("1002").answer()
    x.phone("1001").connected()
    x.met(call, "1002", began)
    x.breathe()
    x.hung_up(call, "1001")


def outgoing(x: Stage) -> None:
    """1001 rings somebody outside."""
    call = x.dials("1001", f"9{WORLD[0]}", "outbound")
    _answers_outside(x, call, WORLD[0])
    x.hung_up(call, "1001")


def _answers_outside(x: Stage, call: Truth, number: str) -> None:
    x.world[number].wait_ringing()
    x.breathe()
    began = now()
    x.world[number].answer()
    x.breathe()
    x.met(call, "outside", began)


def click_to_dial(x: Stage) -> None:
    """A program rings 1001 first, and then the number outside."""
    call = _originated(x, f"9{WORLD[1]}", "15000")
    x.phone("1001").answer()
    _answers_outside(x, call, WORLD[1])
    x.hung_up(call, "1001")


def click_to_dial_unanswered(x: Stage) -> None:
    """The same, and 1001 does not lift the handset."""
    call = _originated(x, "907700900125", "2500")
    began = now()
    x.breathe(3.0)
    call.told |= {"outcome": "no_answer", "ended_by": "system"}
    call.moments["ended_at"] = Moment(began, now())


def _originated(x: Stage, number: str, timeout: str) -> Truth:
    call, began = Truth.placed("1001", number, "outbound"), now()
    x.hands.act(
        "Originate", Channel="PJSIP/1001", Exten=number, Context="from-internal", Priority="1", Async="true",
        CallerID=f'"Call out" <{LINE}>', Timeout=timeout,
    )  # fmt: skip
    x.phone("1001").wait_ringing()
    x.begun(call, began)
    call.told["rang"] = ["1001"]
    x.breathe()
    return call


def emergency_caught(x: Stage) -> None:
    """1001 dials 999, and 9 for a line and 999; the rig's own announcement answers."""
    for number in ("999", "9999"):
        call = x.dials("1001", number, "outbound")
        call.told |= {"emergency": "999", "outcome": "unknown"}
        x.phone("1001").connected()
        x.breathe()
        x.hung_up(call, "1001")
        x.breathe()


def pause_states(x: Stage) -> None:
    """1001 pauses and comes back, 1003 joins the queue and leaves it: no call at all."""
    member = {"Queue": QUEUE, "Interface": "PJSIP/1001"}
    for paused in ("true", "false"):
        x.hands.act("QueuePause", **member, Paused=paused, Reason="welfare break")
    member["Interface"] = "PJSIP/1003"
    x.hands.act("QueueAdd", **member, MemberName="Telephone 1003", StateInterface="PJSIP/1003")
    x.hands.act("QueueRemove", **member)


def phone_offline(x: Stage) -> None:
    """A telephone goes and comes back: no call at all."""
    x.phone("1003").unregister()
    x.breathe()
    x.phone("1003").register()


def login_refused(x: Stage) -> None:
    """Somebody watches with a wrong password: refused in a sentence, and nothing printed."""
    code, printed = x.refused_watch()
    x.check("exit code", 5, code)
    x.check("printed", "", printed)


def small_rights(x: Stage) -> None:
    """A watcher with few rights sees the same call."""
    with x.watched_also(x.accounts.few) as second:
        visit = x.talking("02079460230")
        x.hands.act("QueuePause", Queue=QUEUE, Interface="PJSIP/1002", Paused="true", Reason="welfare break")
        visit.rings_off()
        x.seen_also("few rights", [visit.truth], second.calls(1))
    x.hands.act("QueuePause", Queue=QUEUE, Interface="PJSIP/1002", Paused="false")


def snapshot_midcall(x: Stage) -> None:
    """Somebody begins to watch while one call is held and another rings."""
    held = x.talking("02079460210")
    x.phone("1001").hold()
    held.is_true(holds=1)
    waiting = x.call_in("02079460211")
    waiting.rings("1002")
    with x.watched_also(x.accounts.few) as second:
        waiting.rings_off()
        held.rings_off()
        x.seen_also("late", [replace(waiting.truth, only=_TOLD_LATE), replace(held.truth, only=_TOLD_LATE)],
                    second.calls(2))  # fmt: skip


_TOLD_LATE = frozenset(
    {"direction", "caller", "caller_e164", "presentation", "dialled", "answered_by", "transfers", "joined"}
    | {"supervised_by", "outcome", "ended_by", "ended_at", "emergency"}
)
"""What lists tell of a call: not which telephones rang before, nor holds, nor an answered one's queue."""


EVENING: tuple[tuple[str, str, str | None, float], ...] = (
    ("02079460260", LINE, QUEUE, 5.0),
    ("02079460261", lines.IN_TURN, lines.TURN_QUEUE, 4.0),
    ("02079460262", lines.DIRECT, None, 3.0),
    ("02079460263", LINE, QUEUE, 6.0),
    ("02079460264", lines.LOCAL, lines.LOCAL_QUEUE, 4.0),
    ("02079460265", LINE, QUEUE, 2.0),
)
"""Caller, line, its queue, and for how long: from the answer, or where the queue has answered, from the start."""


@dataclass
class _Guest:
    """A caller of the evening; ``leaves`` is when (a steady count), None while nobody has taken the line."""

    visit: Visit
    stays: float
    leaves: float | None

    @property
    def number(self) -> str:
        """Return who it is."""
        return str(self.visit.truth.told["caller"])

    @property
    def over_due(self) -> bool:
        """Say whether it is time to ring off."""
        return self.visit.caller.on_the_line and self.leaves is not None and time.monotonic() > self.leaves


def busy_evening(x: Stage) -> None:
    """Six callers in four seconds and two telephones; some give up.  The telephones know who had whom."""
    guests: list[_Guest] = []
    end = time.monotonic() + 40
    while len(guests) < len(EVENING) or any(guest.visit.caller.on_the_line for guest in guests):
        assert time.monotonic() < end, "a caller never left"
        if len(guests) < len(EVENING):
            guests.append(_next_guest(x, *EVENING[len(guests)]))
        for extension in MEMBERS:
            _lifts(x, extension, guests)
        for guest in guests:
            if guest.over_due:
                guest.visit.rings_off()
        x.breathe()
    for guest in guests:
        guest.visit.is_true(rang=x.rung_by(guest.number))


def _next_guest(x: Stage, number: str, line: str, queue: str | None, stays: float) -> _Guest:
    visit = x.call_in(number, line, queue)
    queue_answers = line in (LINE, lines.LOCAL)
    return _Guest(visit, stays, time.monotonic() + stays + 1.0 if queue_answers else None)


def _lifts(x: Stage, extension: str, guests: list[_Guest]) -> None:
    """Let a telephone that rings and is not on a call be answered."""
    phone, began = x.phone(extension), now()
    if phone.partner() or not phone.rings_for():
        return
    number = x.answers(extension)
    for guest in guests:
        if guest.number == number:
            guest.visit.taken_by(extension, began)
            due = time.monotonic() + guest.stays
            guest.leaves = due if guest.leaves is None else min(guest.leaves, due)


LINES: tuple[Any, ...] = (
    fork_dial, call_waiting, direct_rejected, internal, outgoing, click_to_dial, click_to_dial_unanswered,
    emergency_caught, pause_states, phone_offline, login_refused, small_rights, snapshot_midcall, busy_evening,
)  # fmt: skip

"""What each kind of event is about (the part that is its own; the rest is read by the mapper)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from console.domain.call_events import AgentPaused, CallsMerged, HoldChanged, Parked, QueueTimedOut, SupervisionBegan
from console.domain.text import safe_line
from telephony_adapters.channels.visits import merge
from telephony_adapters.freeswitch_esl import callers, visits
from telephony_adapters.freeswitch_esl.board import Leg, Visit
from telephony_adapters.freeswitch_esl.desk import Desk
from telephony_adapters.freeswitch_esl.protocol import Message

_NO_MORE_WAITING = frozenset({"TIMEOUT", "NO_AGENT_TIMEOUT"})
READY = frozenset({"Available", "Available (On Demand)"})


def _leg(desk: Desk, message: Message, name: str = "Unique-ID") -> Leg | None:
    return desk.board.channels.get(message.get(name))


def _ring(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is not None and not leg.calls_in and not leg.up and not leg.hung_up:
        visits.alert(desk, leg, at)


def _answer(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is not None:
        leg.up = True
        visits.picked_up(desk, leg, at)


def _bridge(desk: Desk, message: Message, at: datetime) -> None:
    one = _leg(desk, message, "Bridge-A-Unique-ID") or _leg(desk, message)
    two = _leg(desk, message, "Bridge-B-Unique-ID") or _leg(desk, message, "Other-Leg-Unique-ID")
    if one is None or two is None or one is two or one.hung_up or two.hung_up:
        return
    join(desk, one, two, at)


def join(desk: Desk, one: Leg, two: Leg, at: datetime) -> None:
    """Two legs speak with each other from now on."""
    one.up = two.up = True
    before = [leg for leg in (desk.board.channels.get(one.peer), desk.board.channels.get(two.peer)) if leg]
    desk.board.bridge(one, two)
    _join_visits(desk, one, two, at)
    for leg in (one, *before):
        visits.refresh(desk, leg, at)


def _join_visits(desk: Desk, one: Leg, two: Leg, at: datetime) -> None:
    """Two calls that the switchboard makes one are one; a telephone that fetches a caller has no call of its own."""
    owner = desk.board.owner
    first, second = owner.get(one.uid), owner.get(two.uid)
    for leg, theirs in ((one, second), (two, first)):
        if theirs is not None and not leg.is_local:
            # A leg of which nothing told what it is for: it is for whom it speaks with.
            owner.setdefault(leg.uid, theirs)
    if first is None or second is None or first is second or first.ended or second.ended:
        return
    if first.begun and second.begun:
        merge(desk, first, second, at)
    elif first.begun or second.begun:
        begun, other = (first, second) if first.begun else (second, first)
        desk.board.adopt(other, begun)


def _unbridge(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is None:
        return
    other = desk.board.part(leg)
    visits.refresh(desk, leg, at)
    if other is not None:
        visits.refresh(desk, other, at)


def _hold(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    held = message.event == "CHANNEL_HOLD"
    if leg is None or not leg.extension or leg.held == held or leg.consulted or leg.hung_up:
        return
    for visit in desk.board.visits():
        if visit.has_spoken(leg) and visit.begun and not visit.ended:
            leg.held = held
            desk.say(HoldChanged(visit.key, at, leg.extension, held))


def _hangup(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is not None:
        visits.hang_up(desk, leg, at)


def _gone(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is not None:
        visits.gone(desk, leg, at)
    elif message.get("Unique-ID"):
        desk.board.bury(message.get("Unique-ID"))


def _execute(desk: Desk, message: Message, at: datetime) -> None:
    """Only what a leg runs tells that it fetches a caller, or listens to one."""
    leg = _leg(desk, message)
    if leg is not None:
        starts(desk, leg, message.get("Application"), message.get("Application-Data"), at)


def starts(desk: Desk, leg: Leg, application: str, data: str, at: datetime) -> None:
    """A leg runs an application of the dial plan; ``data`` may name another leg."""
    if application in visits.FETCHES | visits.LISTENS | {"conference"}:
        leg.application = application
        leg.aim = data.rpartition(" ")[2].partition(":")[0]
    if application in visits.LISTENS and leg.extension:
        _listens(desk, leg, at)


def _listens(desk: Desk, leg: Leg, at: datetime) -> None:
    spied = desk.board.channels.get(leg.aim)
    own = desk.board.visit_of(leg)
    if spied is None:
        return
    for visit in desk.board.visits():
        if visit.ended or not visit.has(spied):
            continue
        if own is not None and own is not visit and own.begun and not own.ended:
            # A console had the supervisor's telephone rung: it looked like a call until now.
            own.ended = True
            visits.ensure_begun(desk, visit, at)
            desk.say(CallsMerged(visit.key, at, own.key))
        visits.ensure_begun(desk, visit, at)
        desk.say(SupervisionBegan(visit.key, at, leg.extension))
        return


def _park(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    visit = desk.board.visit_of(leg) if leg else None
    if leg is None or visit is None:
        return
    if leg is desk.board.anchor(visit) and visit.answered and not visit.ended and visit.parker is None:
        visit.parker = visit.answered[-1]
        visit.first_gone = ""
        desk.say(Parked(visit.key, at, True))


def _valet(desk: Desk, message: Message, at: datetime) -> None:
    if message.get("Action") == "hold":
        _park(desk, message, at)


def _conference(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    if leg is None or leg.hung_up:
        return
    action, room = message.get("Action"), message.get("Conference-Unique-ID") or message.get("Conference-Name")
    if action == "add-member":
        leg.room = room
        leg.up = True
    elif action == "del-member" and leg.room == room:
        near = desk.board.reach(leg)
        leg.room = ""
        for other in near:
            visits.refresh(desk, other, at)
    else:
        return
    visits.refresh(desk, leg, at)


def _call_centre(desk: Desk, message: Message, at: datetime) -> None:
    action = message.get("CC-Action")
    if action == "agent-status-change":
        _agent(desk, message, at)
    visit = _member(desk, message)
    if visit is None:
        return
    queue = safe_line(message.get("CC-Queue").partition("@")[0])
    if action == "member-queue-start":
        visits.queued(desk, visit, queue, at)
    elif action == "member-queue-end" and message.get("CC-Cancel-Reason") in _NO_MORE_WAITING and visit.begun:
        visit.timed_out = True
        desk.say(QueueTimedOut(visit.key, at, queue))


def _member(desk: Desk, message: Message) -> Visit | None:
    leg = _leg(desk, message, "CC-Member-Session-UUID")
    visit = desk.board.visit_of(leg) if leg and not leg.hung_up else None
    return visit if visit is not None and not visit.ended else None


def _agent(desk: Desk, message: Message, at: datetime) -> None:
    status = message.get("CC-Agent-Status")
    extension = desk.board.learn_agent(message.get("CC-Agent"))
    if extension and status:
        paused = status not in READY
        desk.say(AgentPaused(at, extension, "", paused, safe_line(status) if paused else ""))


def _custom(desk: Desk, message: Message, at: datetime) -> None:
    handler = _CUSTOM.get(message.get("Event-Subclass"))
    if handler is not None:
        handler(desk, message, at)


def _settled(desk: Desk, message: Message, at: datetime) -> None:
    leg = _leg(desk, message)
    visit = desk.board.visit_of(leg) if leg else None
    if visit is not None and not visit.ended:
        callers.settle(desk, visit, at)


_CUSTOM: Mapping[str, Callable[[Desk, Message, datetime], None]] = MappingProxyType(
    {
        "callcenter::info": _call_centre,
        "conference::maintenance": _conference,
        "valet_parking::info": _valet,
    }
)

HANDLERS: Mapping[str, Callable[[Desk, Message, datetime], None]] = MappingProxyType(
    {
        "CHANNEL_CREATE": _settled,
        "CHANNEL_PROGRESS": _ring,
        "CHANNEL_PROGRESS_MEDIA": _ring,
        "CHANNEL_ANSWER": _answer,
        "CHANNEL_BRIDGE": _bridge,
        "CHANNEL_UNBRIDGE": _unbridge,
        "CHANNEL_HOLD": _hold,
        "CHANNEL_UNHOLD": _hold,
        "CHANNEL_PARK": _park,
        "CHANNEL_EXECUTE": _execute,
        "CHANNEL_HANGUP": _hangup,
        "CHANNEL_HANGUP_COMPLETE": _gone,
        "CHANNEL_DESTROY": _gone,
        "CUSTOM": _custom,
    }
)
"""Events by name.  An event that is not here is read for its leg and otherwise passed over."""

SUBSCRIBED = (
    *(name for name in HANDLERS if name != "CUSTOM"),
    *("CHANNEL_ORIGINATE", "CALL_UPDATE", "HEARTBEAT", "CUSTOM", *_CUSTOM),
)
"""What is asked for: everything is ten times as much and tells nothing more (telephony.md 1e, row 1)."""

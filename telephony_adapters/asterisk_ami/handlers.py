"""What each kind of AMI event is about (the part that is its own; the rest is read by the mapper)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from console.domain.call_events import (
    AgentPaused,
    HoldChanged,
    Parked,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.calls import TransferKind
from console.domain.lines import emergency_number
from console.domain.text import NUMBER_CAP, safe_line
from telephony_adapters.asterisk_ami import beginnings, callers, visits
from telephony_adapters.asterisk_ami.board import Channel, Visit
from telephony_adapters.asterisk_ami.desk import Desk
from telephony_adapters.asterisk_ami.protocol import Message

_RINGS = frozenset({"RINGING", "PROGRESS"})
_NOT_IN_QUEUE = "not in the queue"
_NO_SUCH_CALL = "127"
"""The cause by which a call ends whose telephone answered that it knows no such call, or did not answer at all."""


def _channel(desk: Desk, message: Message, prefix: str = "") -> Channel | None:
    return desk.board.channels.get(message.get(f"{prefix}Uniqueid"))


def _visit(desk: Desk, message: Message, prefix: str = "") -> tuple[Visit, Channel] | None:
    channel = _channel(desk, message, prefix)
    visit = desk.board.visit_of(channel) if channel else None
    return (visit, channel) if channel and visit and not visit.ended else None


def _known(desk: Desk, message: Message, at: datetime, *prefixes: str) -> tuple[Visit, Channel] | None:
    """Return the first visit that may be spoken of."""
    found = (one for prefix in prefixes if (one := _visit(desk, message, prefix)))
    return next(((visit, channel) for visit, channel in found if visits.known(desk, visit, channel, at)), None)


def _extension(desk: Desk, message: Message, prefix: str) -> str | None:
    return desk.board.extension_of(message.get(f"{prefix}Channel")) or None


def _dial_begin(desk: Desk, message: Message, at: datetime) -> None:
    target = _channel(desk, message, "Dest")
    if target is None:
        return
    visits.dialling(desk, _channel(desk, message), target, message.get("Exten"), at)
    if target.state == "Ringing":
        visits.alert(desk, target, at)
    _settle_point(desk, message, at)


def _dial_state(desk: Desk, message: Message, at: datetime) -> None:
    target = _channel(desk, message, "Dest")
    if target is not None and message.get("DialStatus") in _RINGS and target.state != "Up":
        visits.alert(desk, target, at)


def _dial_end(desk: Desk, message: Message, at: datetime) -> None:
    target = _channel(desk, message, "Dest")
    status = message.get("DialStatus")
    # It comes twice for a cancelled leg, the second time always as CANCEL (telephony.md 1e, row 2).
    if target is not None and not target.status and status not in ("CANCEL", "ANSWER"):
        target.status = status
        visit = desk.board.visit_of(target)
        if visit is not None:
            visit.statuses.add(status)
            _note_rejection(visit, target)


def _note_rejection(visit: Visit, target: Channel) -> None:
    if target.status == "BUSY" and target.rang and target.extension and target.asked_to_end:
        visit.rejecter = target.extension


def _ring_no_answer(desk: Desk, message: Message, at: datetime) -> None:
    target = _channel(desk, message, "Dest")
    if target is not None:
        target.status = target.status or "NOANSWER"


def _settle_point(desk: Desk, message: Message, at: datetime) -> None:
    found = _visit(desk, message)
    if found:
        callers.settle(desk, found[0], at)


def _queue_join(desk: Desk, message: Message, at: datetime) -> None:
    found = _visit(desk, message)
    if found is None:
        return
    visit, channel = found
    # ``oohs@default`` is the queue ``oohs`` of a context.
    if visits.queued(desk, visit, channel, safe_line(message.get("Queue").partition("@")[0]), at):
        visit.gave_up_at = None
        visit.timed_out = False
        visit.ender = ""
        callers.settle(desk, visit, at)


def _queue_abandon(desk: Desk, message: Message, at: datetime) -> None:
    found = _visit(desk, message)
    if found and not found[1].asked_to_end:
        found[0].gave_up_at = at


def _member(desk: Desk, message: Message, at: datetime) -> None:
    paused = message.get("Paused") == "1"
    _agent(desk, message, at, paused, message.get("PausedReason") or message.get("Reason"))


def _member_removed(desk: Desk, message: Message, at: datetime) -> None:
    _agent(desk, message, at, True, _NOT_IN_QUEUE)


def _agent(desk: Desk, message: Message, at: datetime, paused: bool, reason: str) -> None:
    interfaces = (message.get("StateInterface"), message.get("Interface"), message.get("Location"))
    extension = desk.board.member_extension(*interfaces)
    if extension:
        desk.board.interfaces.setdefault(extension, set()).add(interfaces[1] or interfaces[2])
        queue = safe_line(message.get("Queue").partition("@")[0])
        desk.say(AgentPaused(at, extension, queue, paused, safe_line(reason)))


def _bridge_enter(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    if channel is None:
        return
    channel.bridge = message.get("BridgeUniqueid")
    visits.refresh(desk, channel, at)
    _settle_point(desk, message, at)


def _bridge_leave(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    if channel is None:
        return
    bridge, is_ended = message.get("BridgeUniqueid"), channel.asked_to_end or channel.told_to_end
    # A swap may announce the new bridge before the old one is left.  Whoever was hung up while two bridges became one
    # leaves the old one, and never comes to the other.
    if channel.bridge == bridge or (is_ended and bridge and channel.merged_from == bridge):
        near = desk.board.reach(channel)
        if near and channel.extension and not is_ended:
            visits.let_go(desk, channel, at)
        channel.bridge = ""
        visits.refresh(desk, channel, at)
        for other in near:
            visits.refresh(desk, other, at)


def _soft_hangup(desk: Desk, message: Message, at: datetime) -> None:
    """The switchboard itself ends a telephone that still talks: its sound failed, or everything ends.

    One that has left already is only being cleared away.
    """
    channel = _channel(desk, message)
    if channel is not None and channel.bridge:
        channel.told_to_end = True


def _bridge_merge(desk: Desk, message: Message, at: datetime) -> None:
    before, after = message.get("FromBridgeUniqueid"), message.get("ToBridgeUniqueid")
    for channel in list(desk.board.channels.values()):
        if before and channel.bridge == before:
            channel.bridge, channel.merged_from = after, before
            visits.refresh(desk, channel, at)


def _hold(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    held = message.event == "Hold"
    if channel is not None and not held:
        channel.comes_back()
    if channel is None or not channel.extension or channel.held == held or channel.consulted:
        return
    for visit in desk.board.visits():
        if visit.has_spoken(channel) and not visit.ended:
            channel.held = held
            desk.say(HoldChanged(visit.key, at, channel.extension, held))


def _tone_ends(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    if channel is not None:
        channel.hears_tone = False


def _hangup_request(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    if channel is None:
        return
    channel.asked_to_end = True
    if channel.asked == (channel.state, channel.held) and message.get("Cause") == _NO_SUCH_CALL:
        # The worker who asked for a hold has ended nothing: the switchboard has.
        desk.board.unheeding.add(channel.extension)
        return
    for visit in desk.board.visits():
        if visit.ended or visit.ender:
            continue
        if channel.uid == visit.principal:
            _caller_leaves(desk, visit, channel, at)
        elif set(visit.present.values()) == {channel.label} and channel.uid in visit.present:
            visit.ender = channel.label


def _caller_leaves(desk: Desk, visit: Visit, channel: Channel, at: datetime) -> None:
    if visit.gave_up_at is not None and not visit.timed_out:
        visit.timed_out = visits.much_later(visit.gave_up_at, at)
    visit.ender = channel.extension or ("caller" if not visit.placed_by else channel.label)


def _hangup(desk: Desk, message: Message, at: datetime) -> None:
    channel = _channel(desk, message)
    if channel is not None:
        visits.hang_up(desk, channel, message.get("Cause"), at)
    elif message.get("Uniqueid"):
        desk.board.bury(message.get("Uniqueid"))


def _originate_response(desk: Desk, message: Message, at: datetime) -> None:
    """Click to dial: only here is the number told when the adviser never picked up.

    Asterisk 22 says it before the hang-up, Asterisk 16 after it.
    """
    channel = _channel(desk, message)
    visit = desk.board.visit_of(channel) if channel else _pending(desk, message.get("Channel"))
    if visit is not None:
        beginnings.number_told(desk, visit, safe_line(message.get("Exten"), NUMBER_CAP), at)


def _pending(desk: Desk, interface: str) -> Visit | None:
    extension = desk.board.member_extension(interface)
    waiting = (v for v in desk.board.visits() if v.originated and not v.dialled and not v.ended)
    ended = desk.board.undialled.pop(extension, None)
    return next((v for v in waiting if extension and v.placed_by == extension), ended)


def _blind_transfer(desk: Desk, message: Message, at: datetime) -> None:
    found = _known(desk, message, at, "Transferee", "Transferer")
    if found is None or message.get("Result") != "Success":
        return
    visit, _ = found
    visit.handed = True
    target = safe_line(message.get("Extension"), NUMBER_CAP)
    giver = _extension(desk, message, "Transferer")
    desk.say(Transferred(visit.key, at, TransferKind.BLIND, giver, target or None))


def _attended_transfer(desk: Desk, message: Message, at: datetime) -> None:
    if message.get("Result") != "Success":
        return
    found = _known(desk, message, at, "Transferee", "OrigTransferer")
    if found is None:
        return
    visit, _ = found
    if message.get("DestType") == "Threeway":
        _three_together(desk, message, visit, at)
        return
    giver = _extension(desk, message, "OrigTransferer")
    taker = _taker(desk, message, visit, giver)
    visit.handed = taker is None or taker not in visit.answered[-1:]
    desk.say(Transferred(visit.key, at, TransferKind.ATTENDED, giver, taker))


def _three_together(desk: Desk, message: Message, visit: Visit, at: datetime) -> None:
    """All three stay: nobody was transferred, and the caller, held for the asking, is held no more."""
    stays = _channel(desk, message, "OrigTransferer")
    if stays is not None and stays.held:
        stays.held = False
        desk.say(HoldChanged(visit.key, at, stays.extension, False))


def _taker(desk: Desk, message: Message, visit: Visit, giver: str | None) -> str | None:
    """Return who took the caller over, from the event itself or from who is with the caller now."""
    named = _extension(desk, message, "TransferTarget")
    if named:
        return named
    here = [extension for extension in visit.present.values() if extension != giver]
    if here:
        return here[-1]
    # A transfer let go of while the colleague's telephone still rings.
    ringing = [c for c in desk.board.channels.values() if c.extension and c.leg in visit.legs and c.state == "Ringing"]
    if ringing:
        return ringing[-1].extension
    exten = message.get("SecondTransfererExten")
    return exten if desk.board.is_extension(exten) else None


def _pickup(desk: Desk, message: Message, at: datetime) -> None:
    found = _known(desk, message, at, "Target")
    if found is None:
        return
    visit, target = found
    visit.handed = True
    taker = _extension(desk, message, "")
    desk.say(Transferred(visit.key, at, TransferKind.PICKUP, target.extension or None, taker))


def _parked(desk: Desk, message: Message, at: datetime) -> None:
    found = _known(desk, message, at, "Parkee")
    if found is None:
        return
    visit, _ = found
    visit.car_park = message.get("Parkinglot")
    visit.parker = desk.board.member_extension(message.get("ParkerDialString")) or (
        visit.answered[-1] if visit.answered else None
    )
    visit.parked_at = message.get("ParkingSpace")
    desk.say(Parked(visit.key, at, True, visit.parked_at))


def _unparked(desk: Desk, message: Message, at: datetime) -> None:
    visit = _off_the_place(desk, message, at)
    if visit is not None:
        visit.handed = True
        taker = _extension(desk, message, "Retriever")
        desk.say(Transferred(visit.key, at, TransferKind.PARK, visit.parker, taker))


def _off_the_place(desk: Desk, message: Message, at: datetime) -> Visit | None:
    """Say that the caller is parked no more: fetched, or after the place's time on the way back to who parked them."""
    found = _known(desk, message, at, "Parkee")
    if found is None:
        return None
    visit, _ = found
    place, visit.parked_at = visit.parked_at, ""
    desk.say(Parked(visit.key, at, False, place))
    return visit


def _parked_too_long(desk: Desk, message: Message, at: datetime) -> None:
    _off_the_place(desk, message, at)


def _spy(desk: Desk, message: Message, at: datetime) -> None:
    spyer = _extension(desk, message, "Spyer")
    spied = _channel(desk, message, "Spyee")
    if spyer is None or spied is None:
        return
    begins = message.event == "ChanSpyStart"
    for visit in desk.board.visits():
        if visit.has(spied) and visits.known(desk, visit, spied, at):
            desk.say((SupervisionBegan if begins else SupervisionEnded)(visit.key, at, spyer))
            return


def _user_event(desk: Desk, message: Message, at: datetime) -> None:
    """The dial plan says that it caught an emergency number (an example of ours, telephony.md 4.4)."""
    found = _visit(desk, message)
    number = emergency_number(message.get("Number"), desk.reading.plan)
    if found and number and message.get("UserEvent") == "EmergencyDialled" and found[1].extension:
        visits.emergency(desk, found[0], found[1], number, at)


HANDLERS: Mapping[str, Callable[[Desk, Message, datetime], None]] = MappingProxyType(
    {
        "DialBegin": _dial_begin,
        "DialState": _dial_state,
        "DialEnd": _dial_end,
        "AgentCalled": _settle_point,
        "AgentRingNoAnswer": _ring_no_answer,
        "QueueCallerJoin": _queue_join,
        "QueueCallerAbandon": _queue_abandon,
        "QueueMemberPause": _member,
        "QueueMemberAdded": _member,
        "QueueMember": _member,
        "QueueMemberRemoved": _member_removed,
        "BridgeEnter": _bridge_enter,
        "BridgeLeave": _bridge_leave,
        "BridgeMerge": _bridge_merge,
        "Hold": _hold,
        "Unhold": _hold,
        "NewConnectedLine": _tone_ends,
        "HangupRequest": _hangup_request,
        "SoftHangupRequest": _soft_hangup,
        "Hangup": _hangup,
        "OriginateResponse": _originate_response,
        "BlindTransfer": _blind_transfer,
        "AttendedTransfer": _attended_transfer,
        "Pickup": _pickup,
        "ParkedCall": _parked,
        "UnParkedCall": _unparked,
        "ParkedCallTimeOut": _parked_too_long,
        "ChanSpyStart": _spy,
        "ChanSpyStop": _spy,
        "UserEvent": _user_event,
    }
)
"""Events by name.  An event that is not here is read for its channels and otherwise passed over."""

"""What is going on now, read after connecting: channels, queues' callers and members.

Asterisk does not tell of holds in any list, so a hold is unknown after a reconnect
(telephony.md 1e, row 17).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from console.domain.call_events import CallEvent, HoldChanged, LegEnd, LegEnded, SupervisionBegan
from console.domain.calls import Direction
from console.domain.text import safe_line
from telephony_adapters.asterisk_ami import callers, visits
from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.channels.visits import begin, is_consultation, open_keys, snapshot_taken

_LISTED = frozenset({"CoreShowChannel", "Status"})
_CALLED = "(Outgoing Line)"
PARKED_LIST = "ParkedCalls"
"""The action that lists who is parked; a switchboard without a car park has none."""


def take_snapshot(
    mapper: Mapper, messages: Iterable[Message], at: datetime, *, channels: bool = True
) -> list[CallEvent]:
    """Bring the mapper's board up to date and return the facts: the snapshot first, then its details.

    ``channels`` is False where the account may list none.  Then only those who wait in a queue are
    known to be there; of the others nobody can tell, and they are ended as unknown.
    """
    listed = [m for m in messages if m.event in _LISTED and m.get("Uniqueid")]
    known = open_keys(mapper.board)
    alive = frozenset(m.get("Uniqueid") for m in listed) if channels else _waiting(mapper.board, messages)
    mapper.board.keep_only(alive)
    mapper.desk.stamped = False
    facts: list[CallEvent] = []
    # A caller's own channel first: the telephones that were called follow from it.
    listed.sort(key=_is_called)
    # Whoever has a caller on the line, before what such a telephone placed, before what rings for it: a colleague
    # asked for advice is told by that.
    ringing = [message for message in listed if message.get("ChannelStateDesc") == "Ringing"]
    others = [message for message in listed if message not in ringing]
    for message in others:
        facts += _channel(mapper, message, at)
    placing = [message for message in others if _is_placing(mapper.board, message)]
    for message in others:
        if message not in placing:
            facts += _role(mapper, message, at)
    facts += _refreshed(mapper, at)
    facts += _taken_before(mapper, at)
    for message in placing:
        if not _asks_a_colleague(mapper, message, listed):
            facts += _role(mapper, message, at)
    for message in ringing:
        facts += _channel(mapper, message, at)
    for message in ringing:
        facts += _role(mapper, message, at)
    for message in messages:
        facts += _queue(mapper, message, at)
    for message in others:
        facts += _listening(mapper, message, at)
    facts += _refreshed(mapper, at)
    ids = frozenset(m.get(key) for m in listed for key in ("Uniqueid", "Linkedid") if m.get(key))
    return [snapshot_taken(mapper.board, known, at, ids if channels else None), *facts]


def _refreshed(mapper: Mapper, at: datetime) -> list[CallEvent]:
    """Read who speaks with whom from the bridges, and return what that tells."""
    for channel in list(mapper.board.channels.values()):
        if channel.bridge:
            visits.refresh(mapper.desk, channel, at)
    return mapper.take()


def _taken_before(mapper: Mapper, at: datetime) -> list[CallEvent]:
    """Say who has a caller that waits alone while a colleague is asked by the switchboard's own transfer.

    Only a telephone that was called for the visit and talks can have taken it; the first that was called did.
    """
    for visit in mapper.board.visits():
        nobody_known = visit.begun and not (visit.ended or visit.present or visit.answered)
        if visit.direction is Direction.INBOUND and nobody_known:
            talking = [c for c in mapper.board.members(visit) if c.extension and c.dialled and c.state == "Up"]
            if talking:
                taker, *asked = sorted(talking, key=_age)
                visits.took_over(mapper.desk, visit, taker, at)
                _waits_for(mapper, visit, taker, asked[-1:], at)
    return mapper.take()


def _waits_for(mapper: Mapper, visit: Visit, taker: Channel, asked: list[Channel], at: datetime) -> None:
    """Say that the caller waits while ``taker`` asks whoever has lifted; who rings still is told with what rings."""
    visit.legs[taker.leg] = taker.label
    taker.held = True
    mapper.desk.say(HoldChanged(visit.key, at, taker.extension, True))
    for colleague in asked:
        visits.alert(mapper.desk, colleague, at)
        mapper.desk.say(LegEnded(visit.key, at, colleague.leg, colleague.label, LegEnd.HUNG_UP))
        colleague.turn += 1


def _age(channel: Channel) -> list[int]:
    """Return what sorts channels by age: a Uniqueid is its second and its number."""
    return [int(part) for part in channel.uid.rpartition("-")[2].split(".") if part.isdigit()]


def _is_placing(board: Board, message: Message) -> bool:
    channel = board.channels.get(message.get("Uniqueid"))
    return channel is not None and bool(channel.extension) and not channel.dialled


def _waiting(board: Board, messages: Iterable[Message]) -> frozenset[str]:
    """Return the channels of every visit whose caller a queue lists: who rings for it is there too."""
    queued = {m.get("Uniqueid") for m in messages if m.event == "QueueEntry"}
    here = [(channel, board.visit_of(channel)) for channel in board.channels.values()]
    theirs = {id(visit) for channel, visit in here if channel.uid in queued and visit is not None}
    return frozenset(channel.uid for channel, visit in here if id(visit) in theirs)


def _is_called(message: Message) -> bool:
    return _CALLED in (message.get("ApplicationData"), message.get("Data"))


def _channel(mapper: Mapper, message: Message, at: datetime) -> list[CallEvent]:
    facts = mapper.feed(message, at)
    channel = mapper.board.channels.get(message.get("Uniqueid"))
    if channel is not None:
        channel.bridge = message.get("BridgeId") or message.get("BridgeID")
        channel.dialled = channel.dialled or _is_called(message)
    return facts


def _role(mapper: Mapper, message: Message, at: datetime) -> list[CallEvent]:
    channel = mapper.board.channels.get(message.get("Uniqueid"))
    visit = mapper.board.visit_of(channel) if channel else None
    if channel is None or visit is None:
        return []
    own = channel.uid == visit.principal and bool(channel.extension) and not _talks(mapper.board, channel)
    if channel.dialled and own and channel.state == "Ringing":
        # Called by nobody: the switchboard rings the adviser first, and the number they clicked when they answer.
        visits.dialling(mapper.desk, None, channel, "", at)
        visits.alert(mapper.desk, channel, at)
    elif not channel.dialled:
        _calling(mapper, visit, channel, message, at)
    elif channel.uid != visit.principal:
        channel.source = visit.principal
    return mapper.take()


def _calling(mapper: Mapper, visit: Visit, channel: Channel, message: Message, at: datetime) -> None:
    if visit.begun or channel.is_local:
        callers.settle(mapper.desk, visit, at)
        return
    if not channel.extension and visit.principal != channel.uid:
        # Its Linkedid is an older channel's, long gone or merged: the caller keeps a visit of its own.
        visit.principal = channel.uid
    if channel.extension and not _talks(mapper.board, channel):
        return
    if channel.extension:
        visits.placed(mapper.desk, visit, channel)
    elif not visit.dialled:
        visit.dialled = message.get("DNID") or channel.exten
        visit.direction = Direction.INBOUND
    begin(mapper.desk, visit, at)
    callers.settle(mapper.desk, visit, at)


def _asks_a_colleague(mapper: Mapper, message: Message, listed: Iterable[Message]) -> bool:
    """Fold a call to a colleague into that of the caller whom the same telephone has on the line."""
    channel = mapper.board.channels.get(message.get("Uniqueid"))
    visit = mapper.board.visit_of(channel) if channel else None
    if channel is None or visit is None or visit.begun:
        return False
    # A telephone that is about to be rung is listed before the list says that it is called.
    others = (one for one in listed if one.get("Linkedid") == channel.link != one.get("Uniqueid"))
    extensions = [mapper.board.extension_of(one.get("Channel")) for one in others]
    return any(is_consultation(mapper.desk, visit, channel, extension) for extension in extensions)


def _listening(mapper: Mapper, message: Message, at: datetime) -> list[CallEvent]:
    """Say who hears a call as its supervisor: the list names the application and the channel that is heard."""
    board, spyer = mapper.board, mapper.board.channels.get(message.get("Uniqueid"))
    if message.get("Application") != "ChanSpy" or spyer is None or not spyer.extension:
        return []
    mapper.desk.stamped = False
    heard = (message.get("ApplicationData") or message.get("Data")).partition(",")[0]
    for visit in board.visits():
        with_it = [uid for uid in (*visit.present, visit.principal) if uid in board.channels]
        if visit.begun and any(board.channels[uid].name == heard for uid in with_it):
            mapper.desk.say(SupervisionBegan(visit.key, at, spyer.extension))
            break
    return mapper.take()


def _talks(board: Board, channel: Channel) -> bool:
    """Say whether somebody is on the other side who is not, in the midst of a transfer, with a caller already."""
    taken = {uid for visit in board.visits() for uid in visit.present}
    others = (other for other in board.channels.values() if other is not channel and other.uid not in taken)
    return any(other.link == channel.link for other in others)


def _queue(mapper: Mapper, message: Message, at: datetime) -> list[CallEvent]:
    if message.event in ("QueueMember", "ParkedCall"):
        return mapper.feed(message, at)
    if message.event != "QueueEntry":
        return []
    channel = mapper.board.channels.get(message.get("Uniqueid"))
    visit = mapper.board.visit_of(channel) if channel else None
    if channel is None or visit is None or visit.queue:
        return []
    visits.queued(mapper.desk, visit, channel, safe_line(message.get("Queue").partition("@")[0]), at)
    return mapper.take()

"""AMI messages to neutral facts: one :class:`Mapper` per connection or recording.

It holds no socket and asks no clock.  Each message is first read for what every message may
tell (a channel's Linkedid, state and marks change without an event of their own), then for what
it is about.  Messages it does not know are read for the first part and otherwise passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from console.domain.call_events import CallEvent, QueueTimedOut
from console.domain.calls import CallOutcome
from telephony_adapters.asterisk_ami import callers, visits
from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.asterisk_ami.desk import Desk, Reading
from telephony_adapters.asterisk_ami.handlers import HANDLERS
from telephony_adapters.asterisk_ami.presentation import DIVERTED_MARKS, is_marked, marks_in
from telephony_adapters.asterisk_ami.protocol import Message, stamp_of
from telephony_adapters.channels import mapping
from telephony_adapters.channels.visits import merge

_UNKNOWN_ID = "<unknown>"
_STILL_LEAVING = frozenset(
    {"QueueCallerAbandon", "QueueCallerLeave", "Hangup", "HangupRequest", "SoftHangupRequest", "MusicOnHoldStop"}
    | {"DialEnd", "DialState", "AgentRingNoAnswer", "NewConnectedLine", "TestEvent", "VarSet", "CEL", "Cdr"}
    | {"RTCPSent", "RTCPReceived", "BridgeLeave"}
)
"""What may follow ``QueueCallerAbandon`` when the caller really gave up; anything else means the
queue's own time limit ended the wait and the caller is still there (telephony.md 1e, row 5)."""
_SILENT = frozenset({"RTCPSent", "RTCPReceived", "TestEvent", "DeviceStateChange", "ExtensionStatus", "PeerStatus"})


class Mapper(mapping.Mapper[Channel, Visit]):
    """Reads the messages of one switchboard."""

    desk: Desk
    board: Board

    def __init__(self, reading: Reading) -> None:
        super().__init__(Desk(reading, Board(reading.staff)))

    def feed(self, message: Message, arrived: datetime) -> list[CallEvent]:
        """Return the facts of one message.  ``arrived`` stands in where it has no time of its own."""
        event = message.event
        if not event or event in _SILENT:
            return []
        stamp = stamp_of(message)
        at = stamp or arrived
        self.desk.stamped = stamp is not None
        if event != "Hangup":
            self._touch_all(message, event, at)
        handler = HANDLERS.get(event)
        if handler is not None:
            handler(self.desk, message, at)
        return self.take()

    def questions(self) -> list[tuple[str, str]]:
        """Return the channels whose presentation must be asked, as (Uniqueid, name), once each."""
        asked, self.desk.questions = self.desk.questions, []
        return asked

    def presentation(self, uid: str, marks: Mapping[str, str] | None, arrived: datetime) -> list[CallEvent]:
        """Take the answer to a question; None where the switchboard refused it."""
        channel = self.board.channels.get(uid)
        visit = self.board.visit_of(channel) if channel else None
        if channel is None or visit is None:
            return []
        if marks is None:
            visit.answer_refused = True
        else:
            channel.marks.update(marks)
        callers.settle(self.desk, visit, arrived)
        return self.take()

    def unheard(self, uid: str, at: datetime) -> bool:
        """Take the news that a question found no answer; return whether it is asked once more."""
        channel = self.board.channels.get(uid)
        visit = self.board.visit_of(channel) if channel else None
        return visit is not None and callers.unheard(self.desk, visit, at)

    def disconnected(self) -> None:
        """Take the news that the connection is gone: what was asked on it may be asked on the next."""
        callers.ask_afresh(self.desk)

    def close(self, visit: Visit, how: CallOutcome, at: datetime) -> None:
        """Let out what is still untold of a visit, and end it; by whom it ended is unknown."""
        callers.settle(self.desk, visit, at, last=True)
        visits.end(self.desk, visit, at, how, "unknown")

    def _touch_all(self, message: Message, event: str, at: datetime) -> None:
        for key, uid in message.headers:
            if key.endswith("Uniqueid") and uid and uid != _UNKNOWN_ID:
                prefix = key.removesuffix("Uniqueid")
                name = message.get(f"{prefix}Channel")
                if name:
                    self._touch(message, prefix, uid, name, event, at)

    def _touch(self, message: Message, prefix: str, uid: str, name: str, event: str, at: datetime) -> None:
        if self.board.is_gone(uid):
            return
        channel = self.board.channels.get(uid)
        link = message.get(f"{prefix}Linkedid") or (channel.link if channel else uid)
        if channel is None:
            channel = self._born(uid, name, link, message.get(f"{prefix}Exten"), at)
        elif link != channel.link:
            self._moved(channel, link, at)
        self._read(channel, message, prefix)
        visit = self.board.visit_of(channel)
        if visit is not None and visit.principal == uid:
            self._principal_seen(visit, channel, event, at)
        if channel.state == "Ringing":
            visits.alert(self.desk, channel, at)
        elif channel.state == "Up" and channel.rang:
            visits.picked_up(self.desk, channel, at)

    def _born(self, uid: str, name: str, link: str, exten: str, at: datetime) -> Channel:
        extension, exten = self.board.extension_of(name), "" if exten == "s" else exten
        channel = Channel(uid, name, at, extension, link=link, exten=exten)
        self.board.channels[uid] = channel
        if link not in self.board.owner:
            self.board.owner[link] = Visit(link, link, at)
        return channel

    def _moved(self, channel: Channel, link: str, at: datetime) -> None:
        before = self.board.visit_of(channel)
        channel.link = link
        after = self.board.owner.setdefault(link, before or Visit(link, link, at))
        if before is None or before is after:
            return
        if before.begun and not before.ended and after.begun and not after.ended:
            merge(self.desk, before, after, at)
        elif not any(self.board.members(before)):
            self.board.drop(before)

    def _read(self, channel: Channel, message: Message, prefix: str) -> None:
        channel.state = message.get(f"{prefix}ChannelStateDesc") or channel.state
        exten = message.get(f"{prefix}Exten")
        if not channel.exten and exten != "s":
            channel.exten = exten
        number = message.get(f"{prefix}CallerIDNum", _UNKNOWN_ID)
        if number != _UNKNOWN_ID or not channel.number:
            channel.number = number
        name = message.get(f"{prefix}CallerIDName", _UNKNOWN_ID)
        if name != _UNKNOWN_ID or not channel.shown_name:
            channel.shown_name = name
        marks = marks_in(message, prefix, channel.name)
        if message.event == "Newchannel":
            channel.marks_too_early = is_marked(marks)
            return
        if is_marked(marks):
            channel.marks_too_early = False
        # A diversion once known is not undone by a later step of the dial plan that clears it.
        channel.marks.update({k: v for k, v in marks.items() if v or k not in DIVERTED_MARKS})

    def _principal_seen(self, visit: Visit, channel: Channel, event: str, at: datetime) -> None:
        visits.consider(self.desk, channel, at)
        if visit.begun and visit.gave_up_at is not None and not visit.timed_out and event not in _STILL_LEAVING:
            self._queue_gave_up(visit, at)
        if visit.number is not None:
            callers.settle(self.desk, visit, at)

    def _queue_gave_up(self, visit: Visit, at: datetime) -> None:
        visit.timed_out = True
        self.desk.say(QueueTimedOut(visit.key, at, visit.queue))

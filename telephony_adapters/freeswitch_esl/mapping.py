"""Event-socket messages to neutral facts: one :class:`Mapper` per connection or recording.

It holds no socket and asks no clock.  Each event is first read for what every event of a channel
may tell (who it is, what it is for, whether its number may be shown), then for what it is about.
Events it does not know are read for the first part and otherwise passed over.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from console.domain.call_events import CallEvent, Transferred
from console.domain.calls import CallOutcome, Direction, TransferKind
from console.domain.lines import NumberKind, read_number
from console.domain.text import NUMBER_CAP, safe_line
from telephony_adapters.channels import mapping
from telephony_adapters.channels.visits import begin, end
from telephony_adapters.freeswitch_esl import callers, visits
from telephony_adapters.freeswitch_esl.board import Board, Leg, Visit
from telephony_adapters.freeswitch_esl.desk import Desk, Reading
from telephony_adapters.freeswitch_esl.handlers import HANDLERS
from telephony_adapters.freeswitch_esl.protocol import Message

DIALLED = "nightdesk_dialled"
"""Channel variable that our own click to dial sets: the number, told even when the telephone never lifts."""
LISTENS_TO = "nightdesk_listens_to"
"""Channel variable that our own request to listen sets: such a leg is no call."""
_CALLED_BY = ("cc_member_session_uuid", "originator", "originating_leg_uuid", "other_loopback_leg_uuid")
_LED_AWAY = re.compile(r":bl_xfer:(?P<to>[^/:]{1,64})/")
_REFERRED = re.compile(r"sips?:(?P<user>[^@;>]{1,64})")
_LAST_WORDS = frozenset({"CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"})
_RINGING = frozenset({"RINGING", "EARLY"})


class Mapper(mapping.Mapper[Leg, Visit]):
    """Reads the messages of one switchboard."""

    desk: Desk
    board: Board

    def __init__(self, reading: Reading) -> None:
        super().__init__(Desk(reading, Board(reading.staff, reading.outside_profiles)))

    def feed(self, message: Message, arrived: datetime) -> list[CallEvent]:
        """Return the facts of one message.  ``arrived`` stands in where it has no time of its own."""
        if not message.event:
            return []
        stamp = stamped(message)
        at = stamp or arrived
        self.desk.stamped = stamp is not None
        self.touch(message, at)
        handler = HANDLERS.get(message.event)
        if handler is not None:
            handler(self.desk, message, at)
        return self.take()

    def close(self, visit: Visit, how: CallOutcome, at: datetime) -> None:
        """Let out what is still untold of a visit, and end it; by whom it ended is unknown."""
        callers.settle(self.desk, visit, at, last=True)
        end(self.desk, visit, at, how, "unknown")

    def touch(self, message: Message, at: datetime) -> None:
        """Read what any event of a channel tells."""
        uid = message.get("Unique-ID")
        if not uid or "Call-Direction" not in message.headers or self.board.is_gone(uid):
            return
        leg = self.board.channels.get(uid)
        if leg is None and (message.event in _LAST_WORDS or message.get("Hangup-Cause")):
            # It was not listed any more when we came: its end is no call of its own.
            return
        if leg is None:
            leg = self._born(uid, message, at)
        self._read(leg, message)
        self._place(leg, message, at)
        visit = self.board.owner.get(uid)
        if visit is None or visit.ended:
            return
        if leg.uid == visit.key:
            # Once somebody is rung, waits in a queue or has answered, the dial plan names no line any more.
            routed = leg.dest if visit.queue or leg.up or leg.hung_up else ""
            self._learn_line(visit, self._line_named(message) or routed, at)
        if leg is self.board.anchor(visit):
            self._led_away(visit, message, at)
        if uid == visit.key and visit.number is not None:
            callers.settle(self.desk, visit, at)
        if leg.ringing and not (leg.up or leg.calls_in or leg.hung_up):
            visits.alert(self.desk, leg, at)

    def _born(self, uid: str, message: Message, at: datetime) -> Leg:
        name = message.get("Channel-Name") or message.get("Caller-Channel-Name")
        leg = Leg(uid, safe_line(name), at, calls_in=message.get("Call-Direction") == "inbound")
        self.board.channels[uid] = leg
        return leg

    def _read(self, leg: Leg, message: Message) -> None:
        leg.name = leg.name or safe_line(message.get("Channel-Name"))
        if not (leg.extension or leg.placed):
            # A caller's own leg also carries dialed_user, once the switchboard has rung somebody for it.
            user = message.variable("user_name" if leg.calls_in else "dialed_user")
            leg.extension = self._extension(leg.name, user)
        leg.dest = leg.dest or safe_line(message.get("Caller-Destination-Number"), NUMBER_CAP)
        leg.cause = message.get("Hangup-Cause") or leg.cause
        leg.disposition = message.variable("sip_hangup_disposition") or leg.disposition
        leg.up = leg.up or message.get("Answer-State") == "answered"
        leg.ringing = leg.ringing or message.get("Channel-Call-State") in _RINGING
        callers.read(leg, message)

    def _extension(self, channel: str, user: str) -> str:
        """Return whose telephone a channel is; 101 dialled over a trunk is nobody's."""
        extension = self.board.extension_of(channel, user)
        kind = read_number(extension, self.desk.reading.plan).kind
        return "" if kind in (NumberKind.SPECIAL, NumberKind.EMERGENCY) else extension

    def _place(self, leg: Leg, message: Message, at: datetime) -> None:
        """Learn what a leg is for: a caller's own, called for somebody, or rung by a console."""
        if leg.placed or message.variable(LISTENS_TO):
            return
        parent = "" if leg.calls_in and not leg.is_local else _parent(leg, message)
        if parent:
            self._called(leg, parent, at)
        elif leg.calls_in and not leg.is_local:
            self._calls_in(leg, message, at)
        elif message.tells_variables and not leg.is_local:
            self._originated(leg, message, at)

    def _called(self, leg: Leg, parent: str, at: datetime) -> None:
        leg.placed, leg.source = True, parent
        source = self.board.channels.get(parent)
        visit = self.board.owner.get(parent)
        if visit is None and self.board.is_gone(parent):
            if not leg.up:
                # Whoever had it called has left: a telephone that still rings for them is no call.
                return
            visit = Visit(leg.uid, leg.uid, at)
        elif visit is None:
            visit = self.board.owner[parent] = Visit(parent, parent, at)
        self.board.owner[leg.uid] = visit
        if source is not None and source.uid == visit.key:
            self._learn_line(visit, source.dest, at)
        if source is not None and source.extension and source.calls_in and not source.hung_up:
            visits.calling(self.desk, visit, source, leg, at)
            visits.emergency(self.desk, visit, source, at)

    def _calls_in(self, leg: Leg, message: Message, at: datetime) -> None:
        if not leg.dest:
            return
        leg.placed = True
        visit = self.board.owner.setdefault(leg.uid, Visit(leg.uid, leg.uid, at))
        if leg.extension:
            visits.emergency(self.desk, visit, leg, at)
        elif not visit.begun or not visit.dialled:
            visit.direction = Direction.INBOUND
            visit.dialled = self._line_named(message) or ("" if self.desk.reading.line_variable else leg.dest)
            begin(self.desk, visit, at)

    def _line_named(self, message: Message) -> str:
        """Return the line that the dial plan names in a variable of its own, where it is set to read one."""
        name = self.desk.reading.line_variable
        return safe_line(message.variable(name), NUMBER_CAP) if name else ""

    def _learn_line(self, visit: Visit, line: str, at: datetime) -> None:
        if line and visit.begun and not visit.dialled and visit.direction is Direction.INBOUND:
            visit.dialled = line
            begin(self.desk, visit, at)

    def _originated(self, leg: Leg, message: Message, at: datetime) -> None:
        leg.placed = leg.originated = True
        visit = self.board.owner.setdefault(leg.uid, Visit(leg.uid, leg.uid, at))
        if visit.begun:
            return
        visit.originated = True
        dialled = safe_line(message.variable(DIALLED), NUMBER_CAP)
        visit.placed(leg, dialled, Direction.OUTBOUND)
        begin(self.desk, visit, at)

    def _led_away(self, visit: Visit, message: Message, at: datetime) -> None:
        """Read a transfer from the caller's leg: who was asked to take it, and by whom."""
        if visit.originated and not visit.answered:
            self._click_to_dial(visit, message, at)
            return
        noted = message.variable("transfer_source")
        found = _LED_AWAY.search(noted)
        if found is None or noted == visit.moved:
            return
        visit.moved = noted
        if not (visit.begun and visit.answered):
            return
        visit.first_gone = ""
        giver = _REFERRED.search(message.variable("sip_h_Referred-By"))
        if giver is not None and giver["user"] == visit.answered[-1]:
            visit.handed = True
            self.desk.say(Transferred(visit.key, at, TransferKind.BLIND, giver["user"], safe_line(found["to"])))

    def _click_to_dial(self, visit: Visit, message: Message, at: datetime) -> None:
        """The adviser picked up, and the switchboard now dials: only here is the number told."""
        leg = self.board.channels.get(visit.key)
        dest = safe_line(message.get("Caller-Destination-Number"), NUMBER_CAP)
        if leg is None or not dest or dest in (leg.dest, leg.extension):
            return
        leg.dest = dest
        if not visit.dialled:
            visit.dialled = dest
            begin(self.desk, visit, at)
        visits.emergency(self.desk, visit, leg, at)


def _parent(leg: Leg, message: Message) -> str:
    """Return the leg that had this one called, empty where none is named."""
    named = [message.variable(name) for name in _CALLED_BY]
    if message.get("Other-Type") == "originator":
        named.append(message.get("Other-Leg-Unique-ID"))
    named.append(message.get("Channel-Call-UUID"))
    return next((uid for uid in named if uid and uid != leg.uid), "")


def stamped(message: Message) -> datetime | None:
    """Return the switchboard's own time of a message (microseconds), where it sends one."""
    text = message.get("Event-Date-Timestamp")
    try:
        return datetime.fromtimestamp(int(text[:20]) / 1_000_000, UTC) if text else None
    except (ValueError, OverflowError, OSError):
        return None

"""What the switchboard's messages have told so far: channels, bridges, and callers' visits.

A *channel* is one telephone's or trunk's connection, named by its Uniqueid.  A *visit* is one
human call: the channels that share a Linkedid, and whatever is bridged to its caller.  Channels
are told apart by their endpoint, never by their caller's number: in click-to-dial the adviser's
own channel shows the council's number (telephony.md 1e, row 13).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.call_events import NumberLearned
from console.domain.calls import Direction

OUTSIDE = "outside"
ASIDE = "nightdesk-aside-"
"""Begins the id of a channel that a console had made beside a call, to hear it or to fetch it: no call of its own."""
TOMBSTONES = 20_000
"""How many ended channels are remembered, so that a message arriving twice revives nothing."""


@dataclass(slots=True, repr=False)
class Channel:
    """One channel.  ``source`` is the channel that dialled it, empty where it was originated."""

    uid: str
    name: str
    link: str
    extension: str
    """Ours, or empty for a trunk or a Local channel."""
    seen: datetime
    state: str = ""
    bridge: str = ""
    exten: str = ""
    number: str = ""
    shown_name: str = ""
    dialled: bool = False
    source: str = ""
    status: str = ""
    asked_to_end: bool = False
    told_to_end: bool = False
    rang: bool = False
    held: bool = False
    consulted: bool = False
    turn: int = 0
    marks: dict[str, str] = field(default_factory=dict)
    marks_too_early: bool = False
    """True while the only marks seen were those of its birth, which call every number allowed."""

    @property
    def is_local(self) -> bool:
        """Say whether it is Asterisk's own pair of channels and nobody's telephone."""
        return self.name.startswith("Local/")

    @property
    def is_aside(self) -> bool:
        """Say whether a console had it made beside a call, to hear that call or to fetch it."""
        return self.uid.startswith(ASIDE)

    @property
    def label(self) -> str:
        """Return the extension, or ``outside``."""
        return self.extension or OUTSIDE

    @property
    def leg(self) -> str:
        """Return the id of this telephone's present part in a call."""
        return f"{self.uid}~{self.turn}" if self.turn else self.uid


@dataclass(slots=True, repr=False)
class Visit:
    """One human call while it lasts."""

    key: str
    principal: str
    """Uniqueid of the caller's own channel."""
    at: datetime
    direction: Direction = Direction.INBOUND
    begun: bool = False
    ended: bool = False
    dialled: str = ""
    placed_by: str = ""
    emergency: bool = False
    originated: bool = False
    led_to: str = ""
    """Of a call that the switchboard itself began: the number by which its dial plan rang the other side."""
    legs: dict[str, str] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    guests: set[str] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)
    statuses: set[str] = field(default_factory=set)
    handed: bool = False
    last_left_asked: bool = False
    ender: str = ""
    let_go: tuple[str, datetime] | None = None
    """Which telephone left the others last without being hung up, and when: so leaves one that a console ends."""
    rejecter: str = ""
    queue: str = ""
    gave_up_at: datetime | None = None
    timed_out: bool = False
    parker: str | None = None
    parked_at: str = ""
    """The number of the place where the caller is parked, empty where none is."""
    asked_about: str | None = None
    unheard: int = 0
    """How often the question whether the number may be shown found no answer in this connection."""
    answer_refused: bool = False
    number: NumberLearned | None = None


class Board:
    """Channels and visits by the switchboard's own ids."""

    def __init__(self, staff: str) -> None:
        self._staff = re.compile(staff)
        self.channels: dict[str, Channel] = {}
        self.by_link: dict[str, Visit] = {}
        self.interfaces: dict[str, set[str]] = {}
        """The interfaces by which each extension is a member of queues."""
        self.undialled: dict[str, Visit] = {}
        """The newest click-to-dial of each extension that ended before its number was told."""
        self._gone: set[str] = set()
        self._gone_order: deque[str] = deque()

    def extension_of(self, channel_name: str) -> str:
        """Return the extension of a channel such as ``PJSIP/1001-0000002a``, empty for a trunk."""
        technology, _, rest = channel_name.partition("/")
        endpoint = rest.rpartition("-")[0] or rest
        if technology == "Local" or not self._staff.fullmatch(endpoint):
            return ""
        return endpoint

    def member_extension(self, *interfaces: str) -> str:
        """Return the extension of a queue's member from its interfaces, likeliest first."""
        for interface in interfaces:
            place = interface.partition("/")[2].partition("@")[0].partition("/")[0]
            if self._staff.fullmatch(place):
                return place
        return ""

    def is_extension(self, text: str) -> bool:
        """Say whether ``text`` could be one of our telephones."""
        return self._staff.fullmatch(text) is not None

    def is_gone(self, uid: str) -> bool:
        """Say whether the channel has hung up already."""
        return uid in self._gone

    def bury(self, uid: str) -> None:
        """Take a channel away for good."""
        self.channels.pop(uid, None)
        if uid in self._gone:
            return
        self._gone.add(uid)
        self._gone_order.append(uid)
        if len(self._gone_order) > TOMBSTONES:
            self._gone.discard(self._gone_order.popleft())

    def visit_of(self, channel: Channel) -> Visit | None:
        """Return the visit a channel belongs to by its present Linkedid."""
        return self.by_link.get(channel.link)

    def visits(self) -> tuple[Visit, ...]:
        """Return every visit once."""
        return tuple({id(visit): visit for visit in self.by_link.values()}.values())

    def members(self, visit: Visit) -> Iterator[Channel]:
        """Yield the telephones and trunks that belong to the visit, Local pairs left out."""
        for channel in self.channels.values():
            if not channel.is_local and self.by_link.get(channel.link) is visit:
                yield channel

    def anchor(self, visit: Visit) -> Channel | None:
        """Return the channel the visit hangs on: its caller, or who is left of it."""
        principal = self.channels.get(visit.principal)
        if principal is not None:
            return principal
        if visit.direction is Direction.INBOUND and visit.begun and self.is_gone(visit.principal):
            return None
        members = list(self.members(visit))
        return next((c for c in members if not c.extension), members[0] if members else None)

    def reach(self, start: Channel) -> list[Channel]:
        """Return the telephones and trunks that can hear ``start``: over bridges and Local pairs."""
        found = {start.uid}
        edge = [start]
        while edge:
            here = edge.pop()
            for channel in self.channels.values():
                if channel.uid not in found and _touch(here, channel):
                    found.add(channel.uid)
                    edge.append(channel)
        return [c for c in self.channels.values() if c.uid in found and c is not start and not c.is_local]

    def local_peer(self, channel: Channel) -> Channel | None:
        """Return the other half of a Local pair."""
        wanted = _other_half(channel.name)
        return next((c for c in self.channels.values() if c.name == wanted), None) if wanted else None

    def drop(self, visit: Visit) -> None:
        """Forget a visit and every Linkedid that meant it."""
        for link in [link for link, value in self.by_link.items() if value is visit]:
            del self.by_link[link]


def _touch(one: Channel, two: Channel) -> bool:
    if one.bridge and one.bridge == two.bridge:
        return True
    return one.is_local and _other_half(one.name) == two.name


def _other_half(name: str) -> str:
    if not name.startswith("Local/"):
        return ""
    stem, _, half = name.rpartition(";")
    return f"{stem};2" if half == "1" else f"{stem};1"

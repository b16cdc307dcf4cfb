"""What the switchboard's messages have told so far: legs, who is bridged with whom, and callers' visits.

A *leg* is one telephone's or trunk's channel, named by its Unique-ID.  A *visit* is one human call:
a caller's own leg and every leg that was called for it.  The switchboard ties them by the leg that
called (``Other-Leg-*``, ``variable_originator``); call-centre legs only by the member's session
(telephony.md 1e, row 21).  Legs are told apart by their user, never by their caller's number.
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
TOMBSTONES = 20_000
"""How many ended legs are remembered, so that a message arriving twice revives nothing."""
AGENTS = 5_000
"""Most agents of the call centre that are remembered."""
_NAME = re.compile(r"(?:sofia/(?P<profile>[^/]+)|[\w.]+)/(?:sips?:)?(?P<user>[^@/]+)")


@dataclass(slots=True, repr=False)
class Leg:
    """One channel.  ``source`` is the leg that had it called, empty where nobody is known to have."""

    uid: str
    name: str
    seen: datetime
    extension: str = ""
    """Ours, or empty for a trunk."""
    calls_in: bool = False
    """True where it rang the switchboard, False where the switchboard rang it."""
    dest: str = ""
    number: str = ""
    shown_name: str = ""
    marked: bool = False
    """True once the switchboard said whether the number may be shown."""
    withheld: bool = False
    diverted_from: str = ""
    source: str = ""
    placed: bool = False
    """True once it is known what the leg is for."""
    originated: bool = False
    ringing: bool = False
    rang: bool = False
    up: bool = False
    held: bool = False
    consulted: bool = False
    application: str = ""
    aim: str = ""
    peer: str = ""
    room: str = ""
    hung_up: bool = False
    cause: str = ""
    disposition: str = ""
    turn: int = 0

    @property
    def is_local(self) -> bool:
        """Say whether it is the switchboard's own pair of channels and nobody's telephone."""
        return self.name.startswith("loopback/")

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
    """Unique-ID of the caller's own leg."""
    at: datetime
    direction: Direction = Direction.INBOUND
    begun: bool = False
    ended: bool = False
    dialled: str = ""
    placed_by: str = ""
    emergency: bool = False
    originated: bool = False
    legs: dict[str, str] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    guests: set[str] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)
    causes: set[str] = field(default_factory=set)
    handed: bool = False
    moved: str = ""
    """The newest transfer that the switchboard noted on the caller's leg."""
    first_gone: str = ""
    """Whose leg went first of the last two, an extension, ``outside`` or the visit's own key."""
    principal: Leg | None = None
    """The caller's own leg, once it has ended."""
    rejecter: str = ""
    queue: str = ""
    timed_out: bool = False
    parker: str | None = None
    number: NumberLearned | None = None


class Board:
    """Legs and visits by the switchboard's own ids."""

    def __init__(self, staff: str, outside_profiles: str = "") -> None:
        self._staff = re.compile(staff)
        self._outside = re.compile(outside_profiles)
        self.legs: dict[str, Leg] = {}
        self.owner: dict[str, Visit] = {}
        """The visit of each leg, ended ones included while the visit lasts."""
        self.agents: dict[str, set[str]] = {}
        """The names by which each extension is an agent of the call centre."""
        self._gone: set[str] = set()
        self._gone_order: deque[str] = deque()

    def extension_of(self, channel_name: str, user: str = "") -> str:
        """Return the extension of a channel such as ``sofia/internal/1001@10.0.0.5``, empty for a trunk.

        ``user`` is whom the switchboard itself names for it, and counts before the channel's name.
        """
        found = _NAME.match(channel_name)
        if found is None or channel_name.startswith("loopback/") or self._outside.fullmatch(found["profile"] or ""):
            return ""
        return next((one for one in (user, found["user"]) if self.is_extension(one)), "")

    def is_extension(self, text: str) -> bool:
        """Say whether ``text`` could be one of our telephones."""
        return self._staff.fullmatch(text) is not None

    def learn_agent(self, name: str, contact: str = "") -> str:
        """Note an agent of the call centre and return its extension, empty where it is none of ours."""
        user = contact.rpartition("/")[2].partition("@")[0]
        extension = next((one for one in (name.partition("@")[0], user) if self.is_extension(one)), "")
        if extension and len(self.agents) < AGENTS:
            self.agents.setdefault(extension, set()).add(name)
        return extension

    def is_gone(self, uid: str) -> bool:
        """Say whether the leg has ended already."""
        return uid in self._gone

    def bury(self, uid: str) -> None:
        """Take a leg away for good."""
        self.legs.pop(uid, None)
        if uid in self._gone:
            return
        self._gone.add(uid)
        self._gone_order.append(uid)
        if len(self._gone_order) > TOMBSTONES:
            self._gone.discard(self._gone_order.popleft())

    def visits(self) -> tuple[Visit, ...]:
        """Return every visit once."""
        return tuple({id(visit): visit for visit in self.owner.values()}.values())

    def members(self, visit: Visit) -> Iterator[Leg]:
        """Yield the telephones and trunks that belong to the visit and have not hung up."""
        for leg in self.legs.values():
            if not leg.is_local and not leg.hung_up and self.owner.get(leg.uid) is visit:
                yield leg

    def anchor(self, visit: Visit) -> Leg | None:
        """Return the leg the visit hangs on: its caller, or who is left of it."""
        principal = self.legs.get(visit.key)
        if principal is not None and not principal.hung_up:
            return principal
        if visit.direction is Direction.INBOUND and visit.begun and (principal or self.is_gone(visit.key)):
            return None
        members = list(self.members(visit))
        return next((leg for leg in members if not leg.extension), members[0] if members else None)

    def reach(self, start: Leg) -> list[Leg]:
        """Return the telephones and trunks that can hear ``start``: over bridges, rooms and Local pairs."""
        found = {start.uid}
        edge = [start]
        while edge:
            here = edge.pop()
            for leg in self.legs.values():
                if leg.uid not in found and not leg.hung_up and _touch(here, leg):
                    found.add(leg.uid)
                    edge.append(leg)
        return [leg for leg in self.legs.values() if leg.uid in found and leg is not start and not leg.is_local]

    def bridge(self, one: Leg, two: Leg) -> None:
        """Join two legs, and part each from whom it was joined with."""
        self.part(one)
        self.part(two)
        one.peer, two.peer = two.uid, one.uid

    def part(self, leg: Leg) -> Leg | None:
        """Part a leg from its other side, and return that."""
        other = self.legs.get(leg.peer)
        leg.peer = ""
        if other is not None and other.peer == leg.uid:
            other.peer = ""
        return other

    def adopt(self, gone: Visit, survivor: Visit) -> None:
        """Let every leg of ``gone`` belong to ``survivor``."""
        for uid, visit in list(self.owner.items()):
            if visit is gone:
                self.owner[uid] = survivor

    def drop(self, visit: Visit) -> None:
        """Forget a visit and whose legs it had."""
        for uid in [uid for uid, value in self.owner.items() if value is visit]:
            del self.owner[uid]


def _touch(one: Leg, two: Leg) -> bool:
    if two.uid == one.peer or (one.room and one.room == two.room):
        return True
    return one.is_local and two.is_local and (one.source == two.uid or two.source == one.uid)

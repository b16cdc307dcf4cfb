"""What a switchboard's messages have told so far: channels, who hears whom, and callers' visits.

A *channel* is one telephone's or trunk's connection, named by the switchboard's own id.  A *visit* is one human call:
the channels that the switchboard ties together, and whatever is bridged to its caller (telephony.md 3.1).  Channels are
told apart by their endpoint or user, never by their caller's number: in click-to-dial the adviser's own channel shows
the council's number (telephony.md 1e, row 13).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from console.domain.call_events import NumberLearned
from console.domain.calls import Direction

OUTSIDE = "outside"
TOMBSTONES = 20_000
"""How many ended channels are remembered, so that a message arriving twice revives nothing."""


@dataclass(slots=True, repr=False)
class Channel:
    """One channel.  ``source`` is the channel that had it called, empty where none is known to have."""

    LOCAL: ClassVar[str]
    """How the name of one begins that is the switchboard's own and nobody's telephone."""

    uid: str
    name: str
    seen: datetime
    extension: str = ""
    """Ours, or empty for a trunk or the switchboard's own pair."""
    number: str = ""
    shown_name: str = ""
    source: str = ""
    rang: bool = False
    held: bool = False
    consulted: bool = False
    hung_up: bool = False
    """True while a channel that has hung up stays on the board, because more will be told of it."""
    turn: int = 0

    @property
    def tie(self) -> str:
        """Return the id that it has in common with the other channels of its visit, or its own."""
        return self.uid

    @property
    def is_local(self) -> bool:
        """Say whether it is half of the switchboard's own pair of channels, and nobody's telephone."""
        return self.name.startswith(self.LOCAL)

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
    """The caller's own channel."""
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
    handed: bool = False
    rejecter: str = ""
    queue: str = ""
    timed_out: bool = False
    parker: str | None = None
    number: NumberLearned | None = None

    def placed(self, channel: Channel, dialled: str, direction: Direction) -> None:
        """Note that one of our telephones placed the call."""
        self.placed_by, self.dialled, self.direction = channel.extension, dialled, direction

    def may_lose(self, channel: Channel) -> bool:
        """Say whether the end of a telephone's part is worth telling.

        Colleagues who talk on when the caller has gone are no part of a call that is over, and may hang up hours later.
        """
        return not self.ended and channel.leg in self.legs

    def took_part(self, channel: Channel, *, up: bool) -> bool:
        """Say whether a telephone had the caller, or has; ``up`` is True where its own channel is answered."""
        return channel.uid in self.present or (up and channel.label in self.answered)

    def has(self, channel: Channel) -> bool:
        """Say whether a channel is the caller's own, or with the caller now."""
        return channel.uid == self.principal or channel.uid in self.present

    def has_spoken(self, channel: Channel) -> bool:
        """Say whether a channel is with the caller, or is the caller's own and somebody has answered it."""
        return channel.uid in self.present or (channel.uid == self.principal and bool(self.answered))


C = TypeVar("C", bound=Channel)
V = TypeVar("V", bound=Visit)


CHANNELS = 10_000
"""Most channels that are followed: a switchboard that never tells of their ends must not fill this computer."""
TOO_MANY = "it tells of more calls than can be followed"


class Board(Generic[C, V]):
    """Channels and visits by the switchboard's own ids; ``staff`` is a pattern that our extensions match in full."""

    def __init__(self, staff: str) -> None:
        self._staff = re.compile(staff)
        self.channels: dict[str, C] = {}
        self.owner: dict[str, V] = {}
        """The visit of each tie between channels, those of ended ones included while the visit lasts."""
        self._gone: set[str] = set()
        self._gone_order: deque[str] = deque()

    def is_extension(self, text: str) -> bool:
        """Say whether ``text`` could be one of our telephones."""
        return self._staff.fullmatch(text) is not None

    def is_gone(self, uid: str) -> bool:
        """Say whether the channel has ended already."""
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

    def keep_only(self, alive: frozenset[str]) -> None:
        """Take away what ended while we were away; the call book learns of it from the snapshot."""
        for uid in [uid for uid in self.channels if uid not in alive]:
            self.bury(uid)
        for visit in self.visits():
            for uid in [uid for uid in visit.present if uid not in alive]:
                del visit.present[uid]
            if self.anchor(visit) is None or not any(self.members(visit)):
                visit.ended = True
                self.drop(visit)

    def visit_of(self, channel: C) -> V | None:
        """Return the visit a channel belongs to by its present tie."""
        return self.owner.get(channel.tie)

    def visits(self) -> tuple[V, ...]:
        """Return every visit once."""
        return tuple({id(visit): visit for visit in self.owner.values()}.values())

    def members(self, visit: V) -> Iterator[C]:
        """Yield the telephones and trunks that belong to the visit and have not hung up, Local pairs left out."""
        for channel in self.channels.values():
            if not channel.is_local and not channel.hung_up and self.owner.get(channel.tie) is visit:
                yield channel

    def anchor(self, visit: V) -> C | None:
        """Return the channel the visit hangs on: its caller, or who is left of it."""
        principal = self.channels.get(visit.principal)
        if principal is not None and not principal.hung_up:
            return principal
        if visit.direction is Direction.INBOUND and visit.begun and (principal or self.is_gone(visit.principal)):
            return None
        members = list(self.members(visit))
        return next((c for c in members if not c.extension), members[0] if members else None)

    def reach(self, start: C) -> list[C]:
        """Return the telephones and trunks that can hear ``start``: over bridges, rooms and Local pairs."""
        found = {start.uid}
        edge = [start]
        while edge:
            here = edge.pop()
            for channel in self.channels.values():
                if channel.uid not in found and not channel.hung_up and self.touch(here, channel):
                    found.add(channel.uid)
                    edge.append(channel)
        return [c for c in self.channels.values() if c.uid in found and c is not start and not c.is_local]

    def touch(self, one: C, two: C) -> bool:
        """Say whether what is heard on ``one`` is heard on ``two``; each switchboard tells it in its own way."""
        raise NotImplementedError

    def adopt(self, gone: V, survivor: V) -> None:
        """Let every tie of ``gone`` mean ``survivor``."""
        for tie, visit in list(self.owner.items()):
            if visit is gone:
                self.owner[tie] = survivor

    def drop(self, visit: V) -> None:
        """Forget a visit and every tie that meant it."""
        for tie in [tie for tie, value in self.owner.items() if value is visit]:
            del self.owner[tie]

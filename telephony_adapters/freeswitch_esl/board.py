"""FreeSWITCH's legs on the board, and who is bridged with whom.

A *leg* is one channel, named by its Unique-ID.  The switchboard ties legs by the one that called (``Other-Leg-*``,
``variable_originator``); call-centre legs only by the member's session (telephony.md 1e, row 21).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from telephony_adapters.channels import board

AGENTS = 5_000
"""Most agents of the call centre that are remembered."""
_NAME = re.compile(r"(?:sofia/(?P<profile>[^/]+)|[\w.]+)/(?:sips?:)?(?P<user>[^@/]+)")


@dataclass(slots=True, repr=False)
class Leg(board.Channel):
    """One channel."""

    LOCAL: ClassVar[str] = "loopback/"

    calls_in: bool = False
    """True where it rang the switchboard, False where the switchboard rang it."""
    dest: str = ""
    marked: bool = False
    """True once the switchboard said whether the number may be shown."""
    withheld: bool = False
    diverted_from: str = ""
    placed: bool = False
    """True once it is known what the leg is for."""
    originated: bool = False
    ringing: bool = False
    up: bool = False
    application: str = ""
    aim: str = ""
    peer: str = ""
    room: str = ""
    cause: str = ""
    disposition: str = ""


@dataclass(slots=True, repr=False)
class Visit(board.Visit):
    """One human call while it lasts; its key is the Unique-ID of the caller's own leg."""

    causes: set[str] = field(default_factory=set)
    moved: str = ""
    """The newest transfer that the switchboard noted on the caller's leg."""
    first_gone: str = ""
    """Whose leg went first of the last two, an extension, ``outside`` or the visit's own key."""
    left: Leg | None = None
    """The caller's own leg, once it has ended."""


class Board(board.Board[Leg, Visit]):
    """Legs by Unique-ID, and the visit of each."""

    def __init__(self, staff: str, outside_profiles: str = "") -> None:
        super().__init__(staff)
        self._outside = re.compile(outside_profiles)
        self.agents: dict[str, set[str]] = {}
        """The names by which each extension is an agent of the call centre."""

    def extension_of(self, channel_name: str, user: str = "") -> str:
        """Return the extension of a channel such as ``sofia/internal/1001@10.0.0.5``, empty for a trunk.

        ``user`` is whom the switchboard itself names for it, and counts before the channel's name.
        """
        found = _NAME.match(channel_name)
        if found is None or channel_name.startswith("loopback/") or self._outside.fullmatch(found["profile"] or ""):
            return ""
        return next((one for one in (user, found["user"]) if self.is_extension(one)), "")

    def learn_agent(self, name: str, contact: str = "") -> str:
        """Note an agent of the call centre and return its extension, empty where it is none of ours."""
        user = contact.rpartition("/")[2].partition("@")[0]
        extension = next((one for one in (name.partition("@")[0], user) if self.is_extension(one)), "")
        if extension and len(self.agents) < AGENTS:
            self.agents.setdefault(extension, set()).add(name)
        return extension

    def touch(self, one: Leg, two: Leg) -> bool:
        """Say whether two legs are bridged, in one room, or the halves of one loopback pair."""
        if two.uid == one.peer or (one.room and one.room == two.room):
            return True
        return one.is_local and two.is_local and (one.source == two.uid or two.source == one.uid)

    def bridge(self, one: Leg, two: Leg) -> None:
        """Join two legs, and part each from whom it was joined with."""
        self.part(one)
        self.part(two)
        one.peer, two.peer = two.uid, one.uid

    def part(self, leg: Leg) -> Leg | None:
        """Part a leg from its other side, and return that."""
        other = self.channels.get(leg.peer)
        leg.peer = ""
        if other is not None and other.peer == leg.uid:
            other.peer = ""
        return other

"""Asterisk's channels and bridges on the board: a visit's channels share a Linkedid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from telephony_adapters.channels import board

ASIDE = "nightdesk-aside-"
"""Begins the id of a channel that a console had made beside a call, to hear it or to fetch it: no call of its own."""


@dataclass(slots=True, repr=False)
class Channel(board.Channel):
    """One channel, named by its Uniqueid.  Its ``source`` is empty where it was originated."""

    LOCAL: ClassVar[str] = "Local/"

    link: str = ""
    """Its present Linkedid."""
    state: str = ""
    bridge: str = ""
    exten: str = ""
    dialled: bool = False
    status: str = ""
    merged_from: str = ""
    """The bridge in which it was when that became part of the one it is in."""
    asked_to_end: bool = False
    told_to_end: bool = False
    asked: tuple[str, bool] | None = None
    """How it was, as its state and whether it was on hold, when its telephone was asked to answer or to hold."""
    asks_colleague: bool = False
    """True from a console's asking of a colleague until the worker is back with the caller."""
    hears_tone: bool = False
    """True while its telephone hears that it is back: keys pressed meanwhile are lost."""
    marks: dict[str, str] = field(default_factory=dict)
    marks_too_early: bool = False
    """True while the only marks seen were those of its birth, which call every number allowed."""

    @property
    def tie(self) -> str:
        """Return its Linkedid."""
        return self.link

    @property
    def is_aside(self) -> bool:
        """Say whether a console had it made beside a call, to hear that call or to fetch it."""
        return self.uid.startswith(ASIDE)

    def comes_back(self) -> None:
        """Take the news that it is off hold: where a colleague was asked, a tone begins."""
        self.hears_tone, self.asks_colleague = self.asks_colleague, False


@dataclass(slots=True, repr=False)
class Visit(board.Visit):
    """One human call while it lasts; its key is the Linkedid it began with."""

    led_to: str = ""
    """Of a call that the switchboard itself began: the number by which its dial plan rang the other side."""
    statuses: set[str] = field(default_factory=set)
    last_left_asked: bool = False
    ender: str = ""
    let_go: tuple[str, datetime] | None = None
    """Which telephone left the others last without being hung up, and when: so leaves one that a console ends."""
    gave_up_at: datetime | None = None
    parked_at: str = ""
    """The number of the place where the caller is parked, empty where none is."""
    car_park: str = ""
    """Which car park the place is in: two may count from one number."""
    asked_about: str | None = None
    unheard: int = 0
    """How often the question whether the number may be shown found no answer in this connection."""
    answer_refused: bool = False


class Board(board.Board[Channel, Visit]):
    """Channels by Uniqueid, visits by Linkedid."""

    def __init__(self, staff: str) -> None:
        super().__init__(staff)
        self.interfaces: dict[str, set[str]] = {}
        """The interfaces by which each extension is a member of queues."""
        self.undialled: dict[str, Visit] = {}
        """The newest click-to-dial of each extension that ended before its number was told."""
        self.unheeding: set[str] = set()
        """The extensions whose telephone did not heed what it was asked, and so lost a call."""

    def extension_of(self, channel_name: str) -> str:
        """Return the extension of a channel such as ``PJSIP/1001-0000002a``, empty for a trunk."""
        technology, _, rest = channel_name.partition("/")
        endpoint = rest.rpartition("-")[0] or rest
        return endpoint if technology != "Local" and self.is_extension(endpoint) else ""

    def member_extension(self, *interfaces: str) -> str:
        """Return the extension of a queue's member from its interfaces, likeliest first."""
        for interface in interfaces:
            place = interface.partition("/")[2].partition("@")[0].partition("/")[0]
            if self.is_extension(place):
                return place
        return ""

    def touch(self, one: Channel, two: Channel) -> bool:
        """Say whether two channels are in one bridge, or the halves of one Local pair."""
        if one.bridge and one.bridge == two.bridge:
            return True
        return one.is_local and _other_half(one.name) == two.name

    def local_peer(self, channel: Channel) -> Channel | None:
        """Return the other half of a Local pair."""
        wanted = _other_half(channel.name)
        return next((c for c in self.channels.values() if c.name == wanted), None) if wanted else None


def _other_half(name: str) -> str:
    if not name.startswith("Local/"):
        return ""
    stem, _, half = name.rpartition(";")
    return f"{stem};2" if half == "1" else f"{stem};1"

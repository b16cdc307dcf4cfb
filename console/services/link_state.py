"""What the status chip says: whether the shared record is there, what waits, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from console.domain.record import START, Cursor

CLOCK_LIMIT = 30.0
"""Seconds this computer's clock may differ from the shared one before it is said (reliability.md 2.5)."""


class Link(StrEnum):
    """The four states of the way to the shared record."""

    JOINING = "joining"
    TOGETHER = "together"
    AWAY = "away"
    OTHER_VERSION = "other version"


class Delivery(StrEnum):
    """How far one entry or line has come; a worker can always tell which (architecture.md 3)."""

    TYPING = "typing"
    UNSAVED = "not saved on this computer"
    KEPT = "kept"
    SHARED = "shared"
    SEEN = "seen"
    SET_ASIDE = "not shared"


@dataclass(frozen=True, slots=True)
class Progress:
    """Delivery of one entry: ``seen_by`` are worker keys, ``reason`` a sentence when set aside."""

    delivery: Delivery
    seq: int = 0
    seen_by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkState:
    """The state of the shared record as this console knows it.

    ``since``: when ``link`` began (this computer's clock).  ``waiting``: own entries not shared yet.
    ``set_aside``: own entries that were refused and want a person.  ``behind``: entries the shared
    record has and this console has not read.  ``offset``: seconds the shared clock is ahead.
    ``altered_at``: seq of the first entry found altered, 0 when none.  ``missing``: entries seen
    before the shared record went back to an older state and not returned yet.
    """

    link: Link = Link.JOINING
    since: datetime | None = None
    sentence: str = ""
    waiting: int = 0
    set_aside: int = 0
    head: Cursor = START
    behind: int = 0
    offset: float = 0.0
    altered_at: int = 0
    missing: int = 0
    journal_fault: str = ""

    @property
    def uncounted(self) -> LinkState:
        """Return it without what counts on with every entry: the rest is news to be drawn at once."""
        return replace(self, waiting=0, head=START, behind=0, offset=0.0)

    @property
    def is_away(self) -> bool:
        """Say whether what needs the shared record must be refused now."""
        return self.link in (Link.AWAY, Link.OTHER_VERSION)

    @property
    def clock_wrong(self) -> bool:
        """Say whether this computer's clock differs by more than 30 s."""
        return abs(self.offset) > CLOCK_LIMIT

    @property
    def witness(self) -> str:
        """Return the short digest of the head, printed on handovers: every console is a witness."""
        return f"{self.head.seq} {self.head.digest[:12]}"

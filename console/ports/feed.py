"""Port of the feed: tells that the shared record moved, and brings what is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.domain.record import Cursor, SeenMark, Stored
from console.ports.store import Heartbeat


@dataclass(frozen=True, slots=True)
class Arrived:
    """Entries in seq order, without holes, right after the cursor the feed was told last."""

    entries: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class SeenMoved:
    """Other workers' cursors on streams of this console's interest."""

    marks: tuple[SeenMark, ...]


@dataclass(frozen=True, slots=True)
class Beat:
    """The heartbeat: every 2 s, at most; ``sent`` is the cursor it was asked with.

    ``asked`` and ``answered`` are this computer's wall clock around the trip, where the feed has a
    clock: their midpoint gives the clocks' difference (reliability.md 2.5).
    """

    sent: Cursor
    heartbeat: Heartbeat
    asked: datetime | None = None
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedAway:
    """The shared record could not be read; said once when lost.  The feed goes on trying."""

    sentence: str


FeedNews = Arrived | SeenMoved | Beat | FeedAway


class Feed(Protocol):
    """One thread that listens or watches, reconnects for ever, and reads from its cursor."""

    def start(self, after: Cursor, sink: Callable[[FeedNews], None]) -> None:
        """Subscribe first, then read after ``after``; ``sink`` is called from the feed's thread."""

    def read_from(self, cursor: Cursor) -> None:
        """Go back (or on) to ``cursor`` and read from there: a rewind or a hole."""

    def hurry(self, live: bool) -> None:
        """Watch more closely (10 ms instead of 50 ms on SQLite) while a call is live."""

    def stop(self) -> None:
        """End the thread within 3 s."""

"""Decides, from beats, failures and silence, what the link's state is.  Pure: times come in as arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.record import SCHEMA_VERSION
from console.ports.feed import Beat
from console.services.link_state import Link

SILENCE = 4.5
"""Seconds without a beat after which the shared record counts as away (beats come every 2 s)."""
SILENT = "The shared record does not answer."
OTHER_VERSION = (
    "The shared record is of another version than this program.  What you write is kept on this computer; "
    "ask your administrator to update the program or the database."
)


@dataclass(frozen=True, slots=True)
class At:
    """One moment: this computer's wall clock and its steady count of seconds."""

    wall: datetime
    steady: float


@dataclass(slots=True)
class LinkWatch:
    """What is known about the way there (reading) and the way in (writing)."""

    link: Link = Link.JOINING
    since: datetime | None = None
    sentence: str = ""
    offset: float = 0.0
    head: int = 0
    _began: float | None = None
    _beat: float | None = None
    _reading_lost: str = ""
    _writing_lost: str = ""
    _held: str = ""
    _schema: int = SCHEMA_VERSION

    @property
    def may_write(self) -> bool:
        """Say whether this program may write to the database's schema."""
        return self._schema == SCHEMA_VERSION

    @property
    def can_read(self) -> bool:
        """Say whether the shared record is heard."""
        return self._beat is not None and not self._reading_lost

    def beat(self, beat: Beat, at: At) -> bool:
        """Note a heartbeat; say whether the shared record is heard, or can be written to, again."""
        back = not self.can_read or (bool(self._held) and not beat.heartbeat.held)
        self._held = beat.heartbeat.held
        self._beat, self._reading_lost = at.steady, ""
        self._schema, self.head = beat.heartbeat.schema, beat.heartbeat.head.seq
        asked, answered = beat.asked or at.wall, beat.answered or at.wall
        self.offset = (beat.heartbeat.server_time - (asked + (answered - asked) / 2)).total_seconds()
        return back

    def lost_reading(self, sentence: str) -> None:
        """Note that the feed lost the shared record."""
        self._reading_lost = sentence or SILENT

    def lost_writing(self, sentence: str) -> None:
        """Note that a write could not reach it."""
        self._writing_lost = sentence or SILENT

    def wrote(self) -> None:
        """Note that a write was answered."""
        self._writing_lost = ""

    def nothing_to_write(self) -> None:
        """Note that nothing waits: a beat is all the proof there can be."""
        if self.can_read:
            self._writing_lost = ""

    def settle(self, at: At) -> None:
        """Decide the state at this moment."""
        if self._began is None:
            self._began = at.steady
        last = self._beat if self._beat is not None else self._began
        if not self._reading_lost and at.steady - last > SILENCE:
            self._reading_lost = SILENT
        self._become(*self._judge(), at)

    def _judge(self) -> tuple[Link, str]:
        if not self.may_write:
            return Link.OTHER_VERSION, OTHER_VERSION
        if lost := self._reading_lost or self._writing_lost or self._held:
            return Link.AWAY, lost
        return (Link.TOGETHER if self._beat is not None else Link.JOINING), ""

    def _become(self, link: Link, sentence: str, at: At) -> None:
        if link is not self.link or self.since is None:
            self.link, self.since = link, at.wall
        self.sentence = sentence

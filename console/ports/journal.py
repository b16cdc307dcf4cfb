"""Port of the journal: what was typed on this computer, kept before any network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from console.domain.record import Entry, StreamRef
from console.domain.text import NightdeskError


class JournalFault(NightdeskError):
    """This computer could not keep something; it is still on screen and in memory."""


class JournalBusy(NightdeskError):
    """Another console of the same worker holds this journal."""


class KeptState(StrEnum):
    """What became of a kept entry."""

    QUEUED = "queued"
    SHARED = "shared"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry in the journal; ``order`` is the order it was kept in; ``seq`` is 0 until shared."""

    order: int
    entry: Entry
    state: KeptState
    seq: int = 0
    digest: str = ""
    reason: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """Text still being typed: the newest text of one line, before it becomes an entry.

    ``corrects`` is the colleague's entry that the line is typed over, None for a line of its own; it
    is settled when the line begins.  A draft on a stream that has no notes is no line: it holds what
    stands in a half-filled panel (:mod:`console.services.drafts`).
    """

    line: UUID
    stream: StreamRef
    text: str
    begun: datetime
    typed: datetime
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of state for one kept entry."""

    id: UUID
    state: KeptState
    seq: int = 0
    digest: str = ""
    reason: str = ""


class Journal(Protocol):
    """One worker's journal on this computer.  All calls come from the journal's own thread.

    The two properties may be read from any thread: every screen says them in words.
    """

    @property
    def memory_only(self) -> bool:
        """Say whether nothing outlives this program (no keyring): what is not shared is then not safe."""

    @property
    def low_on_space(self) -> bool:
        """Say whether the disk is full and the journal lives on its reserve."""

    def keep(self, entries: Sequence[Entry], settles: Sequence[UUID] = ()) -> tuple[Kept, ...]:
        """Write entries durably, in order; also removes the drafts they settle (same line).

        ``settles`` are further drafts that go in the same act: what was half filled and is these entries now.
        Raises :class:`JournalFault` when nothing may be claimed as kept.
        """

    def keep_draft(self, draft: Draft) -> None:
        """Write the newest text of one line durably."""

    def drafts(self) -> tuple[Draft, ...]:
        """Return drafts that never became entries, oldest first."""

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft whose text has become an entry."""

    def waiting(self) -> tuple[Kept, ...]:
        """Return entries not acknowledged, in the order they were kept."""

    def mark(self, marks: Sequence[Mark]) -> None:
        """Write what became of entries."""

    def shared_since(self, moment: datetime) -> tuple[Kept, ...]:
        """Return acknowledged entries kept for re-offering after a failover (48 h)."""

    def forget_shared(self, before: datetime) -> None:
        """Drop acknowledged entries older than ``before``; never a waiting one."""

    def close(self) -> None:
        """Let go of the file; nothing waiting is lost."""


@dataclass(frozen=True, slots=True)
class StrandedJournal:
    """Another worker's journal on this computer with entries that were never shared.

    ``half_filled`` panels wait in it too; they are that worker's alone and nobody else can deliver them.
    """

    worker: str
    name: str
    waiting: int
    half_filled: int = 0


class Shelf(Protocol):
    """The journals on this computer, one file for each worker."""

    def open(self, worker: str, name: str) -> Journal:
        """Open (or begin) a worker's journal.  Raises :class:`JournalBusy`, or says a lost key."""

    def stranded(self, but: str) -> tuple[StrandedJournal, ...]:
        """Return the journals of others that hold waiting entries or half-filled panels."""

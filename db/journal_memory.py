"""A journal that is only in memory, and says so: for a computer without any keyring, and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.record import Entry
from console.ports.clock import Clock
from console.ports.journal import Draft, Kept, KeptState, Mark
from db.journal_rows import settled_line


class MemoryJournal:
    """The port ``Journal`` in a dictionary."""

    memory_only = True
    low_on_space = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[UUID, Kept] = {}
        self._settled: dict[UUID, datetime] = {}
        self._drafts: dict[UUID, Draft] = {}

    def keep(self, entries: Sequence[Entry], settles: Sequence[UUID] = ()) -> tuple[Kept, ...]:
        """Remember entries, in order, and forget the drafts they settle."""
        for entry in entries:
            self._rows.setdefault(entry.id, Kept(len(self._rows) + 1, entry, KeptState.QUEUED))
            settled = settled_line(entry)
            for line in [line for line in self._drafts if str(line) == settled]:
                del self._drafts[line]
        for line in settles:
            self._drafts.pop(line, None)
        return tuple(self._rows[entry.id] for entry in entries)

    def keep_draft(self, draft: Draft) -> None:
        """Remember the newest text of one line."""
        before = self._drafts.get(draft.line)
        self._drafts[draft.line] = replace(before, text=draft.text, typed=draft.typed) if before else draft

    def drafts(self) -> tuple[Draft, ...]:
        """Return drafts that never became entries, oldest first."""
        return tuple(sorted(self._drafts.values(), key=lambda draft: (draft.begun, str(draft.line))))

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft."""
        self._drafts.pop(line, None)

    def waiting(self) -> tuple[Kept, ...]:
        """Return queued and refused entries, in order."""
        return tuple(kept for kept in self._rows.values() if kept.state is not KeptState.SHARED)

    def mark(self, marks: Sequence[Mark]) -> None:
        """Remember what became of entries."""
        for mark in marks:
            kept = self._rows.get(mark.id)
            if kept is None:
                continue
            attempts = kept.attempts + (mark.state is KeptState.QUEUED)
            self._rows[mark.id] = replace(
                kept, state=mark.state, seq=mark.seq, digest=mark.digest, reason=mark.reason, attempts=attempts
            )
            self._settled[mark.id] = self._clock.now()

    def shared_since(self, moment: datetime) -> tuple[Kept, ...]:
        """Return entries acknowledged at ``moment`` or later, in order."""
        return tuple(kept for kept in self._shared() if self._settled[kept.entry.id] >= moment)

    def forget_shared(self, before: datetime) -> None:
        """Drop entries acknowledged before a moment."""
        for kept in self._shared():
            if self._settled[kept.entry.id] < before:
                del self._rows[kept.entry.id]

    def close(self) -> None:
        """Keep everything: nothing was opened."""

    def _shared(self) -> list[Kept]:
        return [kept for kept in self._rows.values() if kept.state is KeptState.SHARED]

"""Drafts that a console before this one left in the journal: which of them hold words that are no entry yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from console.domain.record import Entry, Kind
from console.ports.journal import Draft, Kept
from console.services.writing import NOTE_KINDS


def line_of(entry: Entry) -> UUID | None:
    """Return the line that a note's entry carries, or None."""
    if entry.kind not in (Kind.CONTACT_NOTE, Kind.INCIDENT_NOTE):
        return None
    try:
        return UUID(str(entry.content().get("line")))
    except ValueError:
        return None


def unkept(drafts: Iterable[Draft], kept: Iterable[Kept]) -> tuple[Draft, ...]:
    """Return the drafts of notes whose words are not what their line's last entry says.

    A journal takes a line's draft away in the act that keeps its entry, so a draft that is still there
    was kept after it.  The times of the two say nothing: a clock may have been put back between them.
    """
    last = {line: one.entry for one in sorted(kept, key=lambda one: one.order) if (line := line_of(one.entry))}
    return tuple(
        draft for draft in drafts if draft.stream.kind in NOTE_KINDS and draft.text != _text(last.get(draft.line))
    )


def _text(entry: Entry | None) -> object:
    return entry.content().get("text", "") if entry is not None else ""

"""Hooks and triggers at work: what calms, what inflames, what was promised; and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.hooks import HOOK_SLOT, TIMED, Hook, HookEnd, HookSort
from console.domain.ids import new_id
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.text import NAME_CAP, safe_line
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Recording

HOOK_CAP = 200
"""Longest line, in characters: it is read at a glance."""


@dataclass(frozen=True, slots=True)
class HookDraft:
    """What a line says.  ``to``: whom it was promised; ``due`` in UTC, only for promises and deadlines."""

    sort: HookSort
    text: str
    to: str = ""
    due: datetime | None = None


class Hooks:
    """Acts on the lines of an incident, by their id."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock

    def add(self, incident: UUID, draft: HookDraft) -> UUID:
        """Write a new line.  Raises :class:`Refused` where it says nothing."""
        made = new_id(self._clock.now())
        self._write(incident, made, draft)
        return made

    def change(self, incident: UUID, seen: Hook, draft: HookDraft, end: HookEnd | None = None) -> None:
        """Word a line anew or give it another time, over it as it was ``seen``; ``end`` also says how it ended.

        What a colleague wrote since stands beside this: an end stays an end (decision 30).
        """
        self._write(incident, seen.id, draft, seen.heads, end)

    def end(self, incident: UUID, seen: Hook, end: HookEnd) -> None:
        """Say of a line as it was ``seen`` that it was kept, or not, or holds no more; its words stay as they are."""
        now = self._hook(incident, seen.id)
        self._write(incident, seen.id, HookDraft(now.sort, now.text, now.to, now.due), seen.heads, end)

    def _hook(self, incident: UUID, hook: UUID) -> Hook:
        state = self._folds.incident(incident)
        found = next((one for one in state.hooks if one.id == hook), None) if state is not None else None
        if found is None:
            raise Refused("This line is not on this computer yet.  Nothing was written; try again in a moment.")
        return found

    def _write(
        self, incident: UUID, hook: UUID, draft: HookDraft, heads: tuple[UUID, ...] = (), end: HookEnd | None = None
    ) -> None:
        said = safe_line(draft.text, HOOK_CAP).strip()
        if not said:
            raise Refused("Write what it is first.  Nothing was written.")
        body: dict[str, object] = {"sort": draft.sort.value, "text": said, "done": end.value if end else ""}
        if draft.sort in TIMED:
            body |= {"to": safe_line(draft.to, NAME_CAP), "due": draft.due or ""}
        if len(heads) > 1:
            body["settles"] = [str(one) for one in heads]
        stream, slot = StreamRef(StreamKind.INCIDENT, incident), f"{HOOK_SLOT}{hook}"
        replaces = heads[-1] if heads else None
        self._recording.record(self._recording.entry(Kind.INCIDENT_HOOK, stream, body, slot=slot, replaces=replaces))

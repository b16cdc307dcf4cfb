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
        self._write(incident, made, draft, None)
        return made

    def change(self, incident: UUID, hook: UUID, draft: HookDraft) -> None:
        """Word a line anew, or give it another time."""
        self._write(incident, hook, draft, self._hook(incident, hook))

    def end(self, incident: UUID, hook: UUID, end: HookEnd) -> None:
        """Say that a promise was kept, or not, or that a line holds no more."""
        one = self._hook(incident, hook)
        self._write(incident, hook, HookDraft(one.sort, one.text, one.to, one.due), one, end)

    def _hook(self, incident: UUID, hook: UUID) -> Hook:
        state = self._folds.incident(incident)
        found = next((one for one in state.hooks if one.id == hook), None) if state is not None else None
        if found is None:
            raise Refused("This line is not on this computer yet.  Nothing was written; try again in a moment.")
        return found

    def _write(
        self, incident: UUID, hook: UUID, draft: HookDraft, over: Hook | None, end: HookEnd | None = None
    ) -> None:
        said = safe_line(draft.text, HOOK_CAP).strip()
        if not said:
            raise Refused("Write what it is first.  Nothing was written.")
        body: dict[str, object] = {"sort": draft.sort.value, "text": said, "done": end.value if end else ""}
        if draft.sort in TIMED:
            body |= {"to": safe_line(draft.to, NAME_CAP), "due": draft.due or ""}
        heads = over.heads if over is not None else ()
        if len(heads) > 1:
            body["settles"] = [str(one) for one in heads]
        stream, slot = StreamRef(StreamKind.INCIDENT, incident), f"{HOOK_SLOT}{hook}"
        replaces = heads[-1] if heads else None
        self._recording.record(self._recording.entry(Kind.INCIDENT_HOOK, stream, body, slot=slot, replaces=replaces))

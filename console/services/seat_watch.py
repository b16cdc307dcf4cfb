"""Tells a worker whose seat somebody else gave or took what they are now: without a key pressed, without a sound."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.incidents import PAIR, IncidentRole, IncidentState
from console.domain.reading import flag
from console.domain.record import StreamKind, StreamRef
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.link_state import Link

LEADS = "{name} has made you the lead of this incident.  The caller is yours."
SECOND = "{name} has made you the second worker of this incident.  Ctrl+G shows it."
TAKEN = "{name} has your seat now; you are in the incident to watch.  Nothing you wrote is lost."


class SeatWatch:
    """Remembers this worker's seats; ``tell`` puts a sentence where the worker reads it."""

    def __init__(self, worker: str, folds: Folds, tell: Callable[[str], None]) -> None:
        self._worker = worker
        self._folds = folds
        self._tell = tell
        self._seats: dict[UUID, IncidentRole | None] = {}
        self._began = False

    def record_changed(self, changes: ChangeSet) -> None:
        """Look where this worker sits now; give :meth:`Ledger.subscribe` this."""
        for ref in changes.streams:
            if ref.kind is StreamKind.INCIDENT:
                self._look(self._folds.incident(ref.id))
        link = self._folds.ledger.link
        self._began = self._began or (link.link is Link.TOGETHER and not link.behind)

    def _look(self, state: IncidentState | None) -> None:
        if state is None or state.opened_at is None:
            return
        member = state.member(self._worker)
        seat = member.role if member is not None and member.role in PAIR else None
        met = state.id in self._seats
        before = self._seats.get(state.id)
        self._seats[state.id] = seat
        # One met for the first time may have been opened around a worker's call, and taken over, in one.
        if (met and seat is before) or not self._began or not state.live:
            return
        by = self._author(state, member.head if member is not None else None)
        if by and by != self._worker:
            words = LEADS if seat is IncidentRole.LEAD else SECOND if seat is not None else TAKEN
            if seat is not None or member is not None:
                self._tell(words.format(name=self._folds.ledger.name_of(by)))

    def _author(self, state: IncidentState, head: UUID | None) -> str:
        """Return who handed over or took the seat by which this worker sits where they sit; empty where nobody did.

        Whoever signs out gives seats too: :class:`HandoverWatch` tells of those, with all else that they gave.
        """
        items = self._folds.ledger.items(StreamRef(StreamKind.INCIDENT, state.id))
        return next((item.author for item in items if item.id == head and flag(item.content, "stays")), "")

"""Tells a worker whose request a manager has taken over who has it, and two who sent the same one of each other."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.record import StreamKind
from console.services.folds import Folds
from console.services.ledger import ChangeSet

TAKEN = "{name} has taken over from you: {label}.  It is not yours any more."
TWICE = (
    "{label} was sent by two: {first}, and then {second}.  Agree who speaks to them: they may have been asked twice."
)


class HelpWatch:
    """Remembers what is this worker's; ``tell`` puts a sentence where the worker reads it."""

    def __init__(self, worker: str, folds: Folds, tell: Callable[[str], None]) -> None:
        self._worker = worker
        self._folds = folds
        self._tell = tell
        self._mine: frozenset[UUID] = frozenset()
        self._twice: set[UUID] = set()

    def record_changed(self, changes: ChangeSet) -> None:
        """Look whose the requests are now; give :meth:`Ledger.subscribe` this."""
        if not any(ref.kind is StreamKind.HELP for ref in changes.streams):
            return
        helps = self._folds.helps()
        before, self._mine = self._mine, frozenset(one.id for one in helps if one.owner == self._worker)
        for one in helps:
            if one.id in before - self._mine and one.given_by != self._worker:
                self._tell(TAKEN.format(name=one.owner_name or one.owner, label=one.label))
            self._tell_twice(one)

    def _tell_twice(self, request: HelpRequest) -> None:
        other = request.sent_twice
        if other is None or not request.open or other.entry in self._twice:
            return
        if self._worker in (request.sent_by, other.by):
            self._twice.add(other.entry)
            first, second = (self._folds.ledger.name_of(one) for one in (request.sent_by, other.by))
            self._tell(TWICE.format(label=request.label, first=first, second=second))

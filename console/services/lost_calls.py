"""A call that ended unseen, as the record tells it to a console that never heard it: it was begun anew meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.record import StreamKind
from console.services.call_slots import LostCall
from console.services.contact_record import ContactRecord
from console.services.folds import Folds
from console.services.ledger import ChangeSet


class Unheard:
    """Finds the call that a worker had on the line, and has a record of to finish: it is theirs to write down."""

    def __init__(self, folds: Folds, contacts: ContactRecord, cover: Cover, heard: Callable[[UUID], object]) -> None:
        """``heard`` returns what this console itself was told of a call, or None."""
        self._folds = folds
        self._contacts = contacts
        self._cover = cover
        self._heard = heard

    def lost(self, changes: ChangeSet, extension: str) -> LostCall | None:
        """Return the newest of them among what changed in the record, or None."""
        calls = (ref.id for ref in changes.news if ref.kind is StreamKind.CALL)
        found = [one for one in (self._lost(call, extension) for call in calls) if one is not None]
        return max(found, key=lambda one: one.at, default=None)

    def _lost(self, call: UUID, extension: str) -> LostCall | None:
        record = self._folds.call(call) if extension and self._heard(call) is None else None
        if record is None or not record.ended_unseen or record.ended_at is None:
            return None
        mine = record.answered_by[-1:] == (extension,)
        if not mine or not any(call in one.calls for one in self._contacts.unfinished()):
            return None
        return LostCall(call, self._cover.label(record.dialled, record.queue), True, None, record.ended_at)

"""Tells a worker what a colleague who signed out has handed to them: it is theirs without a key pressed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.forms.registry import title_of
from console.domain.items import Item
from console.domain.record import Kind, StreamKind, StreamRef
from console.services.folds import Folds
from console.services.handing_over import Holding, holding_of
from console.services.ledger import ChangeSet
from console.services.link_state import Link

GIVEN = "{name} has signed out and handed you {what}.  Ctrl+U opens your records."
_MOST = 3


class HandoverWatch:
    """Hears colleagues sign out; ``tell`` puts a sentence where the worker reads it.

    What was handed over before this console was in step for the first time is told to nobody: it is on the list
    of unfinished records, as everything of before is.
    """

    def __init__(self, worker: str, folds: Folds, tell: Callable[[str], None]) -> None:
        self._worker = worker
        self._folds = folds
        self._tell = tell
        self._heard: set[UUID] = set()
        self._began = False

    def record_changed(self, changes: ChangeSet) -> None:
        """Look who signed out in this worker's favour; give :meth:`Ledger.subscribe` this."""
        for ref in changes.streams:
            if ref.kind is StreamKind.SHIFT:
                for item in self._folds.ledger.items(ref):
                    self._look(item)
        link = self._folds.ledger.link
        self._began = self._began or (link.link is Link.TOGETHER and not link.behind)

    def _look(self, item: Item) -> None:
        mine = item.kind is Kind.SHIFT_SIGNED_OUT and item.content.get("taker") == self._worker
        if not mine or item.id in self._heard:
            return
        self._heard.add(item.id)
        if self._began:
            name = self._folds.ledger.name_of(item.author)
            self._tell(GIVEN.format(name=name, what=given_words(self._given(item.author))))

    def _given(self, by: str) -> Holding:
        held = holding_of(self._folds, self._worker)
        incident, contact = StreamKind.INCIDENT, StreamKind.CONTACT
        return Holding(
            tuple(one for one in held.incidents if self._is_from(by, StreamRef(incident, one.id))),
            tuple(one for one in held.contacts if self._is_from(by, StreamRef(contact, one.id))),
            tuple(one for one in held.helps if one.given_by == by),
        )

    def _is_from(self, by: str, stream: StreamRef) -> bool:
        kinds = (Kind.INCIDENT_JOINED, Kind.CONTACT_TAKEN)
        return any(
            item.kind in kinds and item.author == by and item.content.get("worker") == self._worker
            for item in self._folds.ledger.items(stream)
        )


def given_words(given: Holding) -> str:
    """Return ``1 live incident, 1 unfinished contact: Suicidal caller 7QK2``; no caller is named."""
    if not given:
        return "their work"
    named = [f"{title_of(one.type) or 'Record'} {one.ref}" for one in given.contacts]
    named += [one.label for one in given.helps]
    more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return given.words + (f": {', '.join(named[:_MOST])}{more}" if named else "")

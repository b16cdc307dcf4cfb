"""Keeps the card of an incident true, from which boards read it that may not read the incident itself.

A card is handed in with each entry, by whoever writes it.  That is not enough for two things a card shows: the
kind of call is written in the contact, and who leaves or gives away a seat may not read the incident any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from console.domain.record import Identity, Kind, StreamKind, StreamRef
from console.ports.runner import Runner
from console.ports.store import Card, Store
from console.services.driver import Cards
from console.services.folds import Folds
from console.services.ledger import ChangeSet

_TOLD_BY = frozenset({StreamKind.CONTACT, StreamKind.INCIDENT})
_SEATS = frozenset({Kind.INCIDENT_JOINED, Kind.INCIDENT_LEFT, Kind.INCIDENT_SWAPPED})
_Shown = tuple[str, Mapping[str, str], int]


class IncidentCards:
    """The lead's console hands the card in again when what it shows has changed."""

    def __init__(self, who: Identity, store: Store, runner: Runner, folds: Folds, cards: Cards) -> None:
        self._who = who
        self._store = store
        self._runner = runner
        self._folds = folds
        self._cards = cards
        self._given: dict[UUID, _Shown] = {}

    def record_changed(self, changes: ChangeSet) -> None:
        """Look whether a card must change; give :meth:`Ledger.subscribe` this."""
        if not any(ref.kind in _TOLD_BY for ref in changes.streams):
            return
        for incident in self._folds.incidents_of_worker(self._who.worker):
            lead = incident.lead
            if lead is None or lead.worker != self._who.worker:
                continue
            for card in self._cards(frozenset({StreamRef(StreamKind.INCIDENT, incident.id)})):
                self._give(card)

    def _give(self, card: Card) -> None:
        seats = max((one.seq for one in self._folds.ledger.items(card.stream) if one.kind in _SEATS), default=0)
        shown = (card.line, card.details, seats)
        identity = card.stream.id
        if self._given.get(identity) == shown:
            return
        self._given[identity] = shown

        def failed(_: Exception) -> None:
            # The shared record is away: the next change tries again.
            self._given.pop(identity, None)

        self._runner.write(partial(self._store.append, self._who, (), (card,)), lambda _: None, failed)

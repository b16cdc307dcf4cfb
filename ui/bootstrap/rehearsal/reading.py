"""Reads a rehearsal's record as it grows: every entry, each with the words its own author may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from console.domain.items import Item, item_of_stored
from console.domain.record import Envelope, Identity, Stored
from console.ports.store import Store

_AT_ONCE = 500


class RecordReader:
    """Gives what is new since the last time, in the record's order.  Blocks: for a reader's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._upto = 0

    def more(self) -> tuple[Item, ...]:
        """Return the entries shared since the last call."""
        found = self._store.envelopes(self._upto, _AT_ONCE)
        if not found:
            return ()
        self._upto = found[-1].seq
        words = self._words(found)
        return tuple(item_of_stored(Stored(one, words.get(one.id))) for one in found)

    def _words(self, envelopes: Iterable[Envelope]) -> dict[UUID, str]:
        """Return bodies, each asked for as the one who wrote it: in an invented record nobody is in the way."""
        by_author: dict[Identity, list[UUID]] = {}
        for one in envelopes:
            who = Identity(one.author, one.author, one.role, one.station)
            by_author.setdefault(replace(who, station=""), []).append(one.id)
        words: dict[UUID, str] = {}
        for who, ids in by_author.items():
            words |= self._store.bodies(who, ids)
        return words

"""Brings the words of a stream that this console could not read, or did not hear, when they were written.

Whoever joins an incident wrote so before they could read it, and gave no card of it with that: the card is
folded again here, when all of it and of its contacts has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from console.domain.items import Item
from console.domain.record import Identity, Kind, Stored, StreamKind, StreamRef
from console.ports.runner import Runner
from console.ports.store import Store
from console.services.driver import Cards, no_cards
from console.services.ledger import ChangeSet, Ledger

_JOINING = frozenset({Kind.INCIDENT_JOINED, Kind.SUMMONS_ACCEPTED, Kind.CONTACT_TAKEN, Kind.INCIDENT_SWAPPED})


class Backfill:
    """Reads whole streams when they are wanted, and by itself when this worker joins an incident."""

    def __init__(self, who: Identity, store: Store, runner: Runner, ledger: Ledger, cards: Cards = no_cards) -> None:
        self._who = who
        self._store = store
        self._runner = runner
        self._ledger = ledger
        self._cards = cards
        self._unfolded: set[StreamRef] = set()
        self._asked: dict[StreamRef, int] = {}
        self._joined: dict[StreamRef, int] = {}
        ledger.subscribe(self._changed)

    def want(self, stream: StreamRef) -> None:
        """Read a stream that is going to be shown, unless all of it is here and readable.

        Asked once for each state of the stream: what may not be read now is tried again only when
        something in it has changed, so an unreadable stream costs one question.
        """
        if self._ledger.is_whole(stream):
            return
        length = len(self._ledger.items(stream))
        if self._asked.get(stream) == length:
            return
        self._asked[stream] = length
        self._runner.read(
            lambda: self._store.stream(self._who, stream),
            lambda entries: self._brought(stream, entries),
            lambda _: self._ask_again(stream),
        )

    def want_opened(self, stream: StreamRef) -> None:
        """Read a stream whose words a ticket has just made readable, though they were refused before."""
        self._ask_again(stream)
        self.want(stream)

    def _ask_again(self, stream: StreamRef) -> None:
        self._asked.pop(stream, None)

    def _brought(self, stream: StreamRef, entries: tuple[Stored, ...]) -> None:
        self._ledger.pen.merge(stream, entries)
        self._asked[stream] = len(self._ledger.items(stream))
        self._ledger.pen.publish()
        for linked in _linked(self._ledger.items(stream)):
            self.want(linked)
        self._fold_again()

    def _changed(self, change: ChangeSet) -> None:
        for stream in change.streams:
            if self._has_joined(stream):
                if not self._is_whole(stream):
                    self._unfolded.add(stream)
                # Who opened the incident holds all of it, and none yet of what it ties together.
                for one in (stream, *_linked(self._ledger.items(stream))):
                    # What a screen wanted while this worker was still on the way in, and was refused.
                    self.want_opened(one)
        self._fold_again()

    def _fold_again(self) -> None:
        """Hand in the cards of what was joined unread and is now here, every word of it."""
        ready = frozenset(stream for stream in self._unfolded if self._is_whole(stream))
        self._unfolded -= ready
        cards = self._cards(ready)
        if not cards:
            return

        def failed(_: Exception) -> None:
            self._unfolded.update(ready)

        self._runner.write(lambda: self._store.append(self._who, (), cards), lambda _: None, failed)

    def _is_whole(self, stream: StreamRef) -> bool:
        tied = (one for one in _linked(self._ledger.items(stream)) if one.kind is StreamKind.CONTACT)
        return all(self._ledger.is_whole(one) for one in (stream, *tied))

    def _has_joined(self, stream: StreamRef) -> bool:
        """Say whether a stream has a new entry by which this worker came in."""
        newest = max((item.seq for item in self._ledger.items(stream) if self._brings_in(item)), default=0)
        if newest <= self._joined.get(stream, 0):
            return False
        self._joined[stream] = newest
        return True

    def _brings_in(self, item: Item) -> bool:
        if item.kind not in _JOINING or not item.seq:
            return False
        return self._who.worker in (item.author, item.content.get("worker"), item.content.get("lead"))


def _linked(items: Iterable[Item]) -> tuple[StreamRef, ...]:
    """Return the contacts and calls that an incident's entries name."""
    found: list[StreamRef] = []
    for item in items:
        if item.kind is Kind.INCIDENT_OPENED:
            found += _refs(item.content.get("contact"), StreamKind.CONTACT)
        elif item.kind is Kind.INCIDENT_LINKED:
            found += _parsed(item.content.get("stream"))
    return tuple(found)


def _refs(value: object, kind: StreamKind) -> list[StreamRef]:
    try:
        return [StreamRef(kind, UUID(str(value)))]
    except ValueError:
        return []


def _parsed(value: object) -> list[StreamRef]:
    try:
        return [StreamRef.parse(str(value))]
    except ValueError:
        return []

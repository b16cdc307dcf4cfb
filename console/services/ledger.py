"""The console's replica of the record in memory: what every screen folds, and how far own entries have come."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.items import Item
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.services.ledger_pages import ChangeSet, Listener, Pages
from console.services.ledger_pen import LedgerPen
from console.services.link_state import Delivery, LinkState, Progress

__all__ = ["ChangeSet", "Ledger", "Listener"]


class Ledger:
    """Items by stream, delivery by entry, and who is told; for everybody on the services' thread.

    Only the recorder and its helpers write, with :attr:`pen`.
    """

    def __init__(self, worker: str = "") -> None:
        self._pages = Pages()
        self.pen = LedgerPen(self._pages, worker)

    @property
    def link(self) -> LinkState:
        """Return the state of the way to the shared record."""
        return self._pages.link

    def items(self, stream: StreamRef) -> tuple[Item, ...]:
        """Return a stream's items: shared ones in seq order, then kept ones in the order kept."""
        leaf = self._pages.leaves.get(stream)
        return leaf.items() if leaf is not None else ()

    def streams(self, kind: StreamKind) -> tuple[StreamRef, ...]:
        """Return the streams of a kind that are held here, in the order they were first met."""
        return tuple(ref for ref, leaf in self._pages.by_kind.get(kind, {}).items() if leaf.shared or leaf.kept)

    def moved(self, kind: StreamKind, since: int) -> tuple[int, tuple[StreamRef, ...] | None]:
        """Return the present moment, and the streams of a kind whose items are others than at the moment ``since``.

        None where all must be looked at: some were let go.  Moment 0 is before anything was held.
        """
        return self._pages.moment, self._pages.moved(kind, since)

    def knows(self, identity: UUID) -> bool:
        """Say whether the shared record is known to hold this entry."""
        return self._pages.knows(identity)

    def holds(self, identity: UUID) -> bool:
        """Say whether an entry is known here at all, shared or not."""
        return identity in self._pages.where

    def head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest entry of a slot, kept ones included: what ``replaces`` names."""
        return next((item.id for item in reversed(self.items(stream)) if item.slot == slot), None)

    def shared_head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest shared entry of a slot: what ``expects`` names in an exclusive act."""
        return next((item.id for item in reversed(self.items(stream)) if item.slot == slot and item.seq), None)

    def progress(self, identity: UUID) -> Progress:
        """Return how far an entry has come; unknown ids are still being typed."""
        known = self._pages.fate.get(identity)
        if known is not None and known.delivery is not Delivery.SHARED:
            return known
        item = self._pages.shared_item(identity)
        if item is None:
            return Progress(Delivery.TYPING)
        seen = self.seen_by(item.stream, item.seq, item.author)
        return Progress(Delivery.SEEN if seen else Delivery.SHARED, item.seq, seen)

    def seen_by(self, stream: StreamRef, seq: int, author: str = "") -> tuple[str, ...]:
        """Return the workers, other than ``author``, whose cursor has passed ``seq``; by key."""
        leaf = self._pages.leaves.get(stream)
        if leaf is None:
            return ()
        return tuple(sorted(who for who, upto in leaf.seen.items() if upto >= seq and who != author))

    def set_aside(self) -> tuple[tuple[Entry, str], ...]:
        """Return own entries that were not shared, each whole, with the sentence that says why."""
        return tuple(self._pages.aside.values())

    def name_of(self, worker: str) -> str:
        """Return the name a worker signed in with, or the key where no sign-in is known."""
        for stream in self.streams(StreamKind.SHIFT):
            for item in reversed(self.items(stream)):
                if item.kind is Kind.SHIFT_SIGNED_IN and item.content.get("worker") == worker:
                    return str(item.content.get("name") or worker)
        return worker

    def is_whole(self, stream: StreamRef) -> bool:
        """Say whether the stream is held from its first entry, every word readable."""
        leaf = self._pages.leaves.get(stream)
        return leaf is not None and leaf.whole and all(item.readable for item in leaf.shared.values())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` of every change; the answer takes it off again."""
        self._pages.listeners.append(listener)
        return lambda: self._pages.listeners.remove(listener) if listener in self._pages.listeners else None

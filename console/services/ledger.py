"""The console's replica of the record in memory: what every screen folds, and how far own entries have come."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from console.domain.record import (
    Entry,
    Item,
    Kind,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    item_of_entry,
    item_of_stored,
)
from console.services.link_state import Delivery, LinkState, Progress

_CLOSING = frozenset({Kind.CALL_ENDED, Kind.CONTACT_COMPLETED, Kind.INCIDENT_STOOD_DOWN})
_OPENING = frozenset(
    {Kind.CALL_SEEN, Kind.CONTACT_OPENED, Kind.INCIDENT_OPENED, Kind.HELP_DRAFTED, Kind.PERSON_CREATED}
)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What moved since the last one: screens decide whether they care."""

    streams: frozenset[StreamRef] = frozenset()
    own_state_changed: bool = False
    link_changed: bool = False


Listener = Callable[[ChangeSet], None]


@dataclass(slots=True)
class _Leaf:
    """One stream: shared items by seq, kept ones after them in the order they were kept."""

    shared: dict[UUID, Item] = field(default_factory=dict)
    order: list[tuple[int, UUID]] = field(default_factory=list)
    kept: dict[UUID, Item] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    whole: bool = False
    cache: tuple[Item, ...] | None = None

    def items(self) -> tuple[Item, ...]:
        if self.cache is None:
            self.cache = (*(self.shared[identity] for _, identity in self.order), *self.kept.values())
        return self.cache

    def put_shared(self, item: Item) -> bool:
        """Place a shared item; say whether anything changed."""
        before = self.shared.get(item.id)
        if before is not None and before.seq == item.seq and (before == item or not item.readable):
            return self.kept.pop(item.id, None) is not None
        if before is not None:
            self.order.remove((before.seq, before.id))
        insort(self.order, (item.seq, item.id))
        self.shared[item.id] = item
        self.kept.pop(item.id, None)
        self.cache = None
        return True

    def take_out(self, identity: UUID) -> None:
        """Take one shared item away."""
        item = self.shared.pop(identity, None)
        if item is not None:
            self.order.remove((item.seq, identity))

    def drop_after(self, seq: int) -> list[Item]:
        """Take away shared items newer than ``seq`` and return them, oldest first."""
        gone = [self.shared.pop(identity) for at, identity in self.order if at > seq]
        if gone:
            self.order = [pair for pair in self.order if pair[0] <= seq]
            self.cache = None
        return gone


class Ledger:
    """Items by stream, delivery by entry, and who is told.

    Reading is for everybody on the services' thread; the methods under "writing" are called by the
    recorder alone, which ends each turn with :meth:`publish`.  Applying anything twice is harmless.
    """

    def __init__(self, worker: str = "") -> None:
        self._worker = worker
        self._leaves: dict[StreamRef, _Leaf] = {}
        self._where: dict[UUID, StreamRef] = {}
        self._fate: dict[UUID, Progress] = {}
        self._aside: dict[UUID, tuple[Entry, str]] = {}
        self._link = LinkState()
        self._listeners: list[Listener] = []
        self._changed: set[StreamRef] = set()
        self._own_changed = False
        self._link_changed = False

    # --- reading ------------------------------------------------------------------------------

    @property
    def link(self) -> LinkState:
        """Return the state of the way to the shared record."""
        return self._link

    def items(self, stream: StreamRef) -> tuple[Item, ...]:
        """Return a stream's items: shared ones in seq order, then kept ones in the order kept."""
        leaf = self._leaves.get(stream)
        return leaf.items() if leaf is not None else ()

    def streams(self, kind: StreamKind) -> tuple[StreamRef, ...]:
        """Return the streams of a kind that are held here, in the order they were first met."""
        return tuple(ref for ref, leaf in self._leaves.items() if ref.kind is kind and (leaf.shared or leaf.kept))

    def knows(self, identity: UUID) -> bool:
        """Say whether the shared record is known to hold this entry."""
        ref = self._where.get(identity)
        return ref is not None and identity in self._leaves[ref].shared

    def holds(self, identity: UUID) -> bool:
        """Say whether an entry is known here at all, shared or not."""
        return identity in self._where

    def head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest entry of a slot, kept ones included: what ``replaces`` names."""
        return next((item.id for item in reversed(self.items(stream)) if item.slot == slot), None)

    def shared_head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest shared entry of a slot: what ``expects`` names in an exclusive act."""
        return next((item.id for item in reversed(self.items(stream)) if item.slot == slot and item.seq), None)

    def progress(self, identity: UUID) -> Progress:
        """Return how far an entry has come; unknown ids are still being typed."""
        known = self._fate.get(identity)
        if known is not None and known.delivery is not Delivery.SHARED:
            return known
        ref = self._where.get(identity)
        item = self._leaves[ref].shared.get(identity) if ref is not None else None
        if ref is None or item is None:
            return Progress(Delivery.TYPING)
        seen = self.seen_by(ref, item.seq, item.author)
        return Progress(Delivery.SEEN if seen else Delivery.SHARED, item.seq, seen)

    def seen_by(self, stream: StreamRef, seq: int, author: str = "") -> tuple[str, ...]:
        """Return the workers, other than ``author``, whose cursor has passed ``seq``; by key."""
        leaf = self._leaves.get(stream)
        if leaf is None:
            return ()
        return tuple(sorted(who for who, upto in leaf.seen.items() if upto >= seq and who != author))

    def set_aside(self) -> tuple[tuple[Entry, str], ...]:
        """Return own entries that were not shared, each whole, with the sentence that says why."""
        return tuple(self._aside.values())

    def name_of(self, worker: str) -> str:
        """Return the name a worker signed in with, or the key where no sign-in is known."""
        for stream in self.streams(StreamKind.SHIFT):
            for item in reversed(self.items(stream)):
                if item.kind is Kind.SHIFT_SIGNED_IN and item.content.get("worker") == worker:
                    return str(item.content.get("name") or worker)
        return worker

    def is_whole(self, stream: StreamRef) -> bool:
        """Say whether the stream is held from its first entry, every word readable."""
        leaf = self._leaves.get(stream)
        return leaf is not None and leaf.whole and all(item.readable for item in leaf.shared.values())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` of every change; the answer takes it off again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # --- writing (the recorder alone) ---------------------------------------------------------

    def take(self, entries: Iterable[Entry], delivery: Delivery) -> None:
        """Add own entries that are not shared yet."""
        for entry in entries:
            if self.knows(entry.id):
                continue
            self._leaf(entry.stream).kept[entry.id] = item_of_entry(entry)
            self._where[entry.id] = entry.stream
            self._fate[entry.id] = Progress(delivery)
            self._touch(entry.stream, own=True)

    def move(self, identities: Iterable[UUID], delivery: Delivery) -> None:
        """Say how far own entries have come; shared and set-aside ones stay what they are."""
        for identity in identities:
            now = self._fate.get(identity)
            if now is not None and now.delivery is not Delivery.SET_ASIDE and now.delivery is not delivery:
                self._fate[identity] = Progress(delivery)
                self._touch(self._where[identity], own=True)

    def share(self, entry: Entry, seq: int, stored_at: datetime | None) -> None:
        """Note the shared record's receipt for an own entry."""
        self._put(replace(item_of_entry(entry), seq=seq, stored_at=stored_at))

    def accept(self, entries: Iterable[Stored]) -> None:
        """Add what the feed brought."""
        for stored in entries:
            self._put(item_of_stored(stored))

    def merge(self, stream: StreamRef, entries: Iterable[Stored]) -> None:
        """Add one whole stream, read because it began before this console did or words were missing."""
        self.accept(entries)
        self._leaf(stream).whole = True

    def drop_after(self, seq: int, own: Iterable[Entry]) -> None:
        """Forget what the shared record no longer holds; ``own`` go back to kept, before newer kept ones."""
        for ref, leaf in self._leaves.items():
            for item in leaf.drop_after(seq):
                self._where.pop(item.id, None)
                self._touch(ref, own=item.author == self._worker)
        self.unshare(own)

    def unshare(self, own: Iterable[Entry]) -> None:
        """Take own entries back to kept, before newer kept ones."""
        back: dict[StreamRef, list[Entry]] = {}
        for entry in own:
            self._leaf(entry.stream).take_out(entry.id)
            back.setdefault(entry.stream, []).append(entry)
        for ref, entries in back.items():
            leaf = self._leaf(ref)
            newer, leaf.kept = leaf.kept, {}
            self.take(entries, Delivery.KEPT)
            leaf.kept.update(newer)

    def put_aside(self, entry: Entry, reason: str) -> None:
        """Set an own entry aside, whole.

        Words stay in their stream for the author to see; a register shows only what is shared or
        may still be, so an entry with a slot leaves the fold.
        """
        leaf = self._leaf(entry.stream)
        if entry.slot or entry.id in leaf.shared:
            leaf.kept.pop(entry.id, None)
            leaf.cache = None
        self._aside[entry.id] = (entry, reason)
        if entry.id not in leaf.shared:
            self._where[entry.id] = entry.stream
        self._fate[entry.id] = Progress(Delivery.SET_ASIDE, reason=reason)
        self._touch(entry.stream, own=True)
        self.set_link(self._link)

    def take_back(self, identity: UUID) -> Entry | None:
        """Take an entry off the set-aside list and return it."""
        found = self._aside.pop(identity, None)
        if found is None:
            return None
        self._fate.pop(identity, None)
        self._touch(found[0].stream, own=True)
        self.set_link(self._link)
        return found[0]

    def mark_seen(self, marks: Iterable[SeenMark]) -> None:
        """Move other workers' cursors on; they never move back."""
        for mark in marks:
            leaf = self._leaf(mark.stream)
            if leaf.seen.get(mark.worker, 0) < mark.seq:
                leaf.seen[mark.worker] = mark.seq
                self._touch(mark.stream, own=True)

    def set_link(self, link: LinkState) -> None:
        """Replace the state of the link; what is set aside is counted here."""
        link = replace(link, set_aside=len(self._aside))
        if link != self._link:
            self._link = link
            self._link_changed = True

    def forget(self, streams: Iterable[StreamRef]) -> None:
        """Let go of streams that nobody here needs; ones with own unshared entries stay."""
        for ref in streams:
            leaf = self._leaves.get(ref)
            if leaf is None or leaf.kept:
                continue
            del self._leaves[ref]
            for identity in leaf.shared:
                self._where.pop(identity, None)
            self._changed.add(ref)

    def forget_closed(self, before: datetime) -> int:
        """Let go of streams that closed, and were last written, before a moment; return how many."""
        old = [ref for ref, leaf in self._leaves.items() if _closed_before(leaf, before)]
        ids = {ref.id for ref in old if ref.kind in (StreamKind.CONTACT, StreamKind.INCIDENT)}
        old += [ref for ref in self._leaves if ref.kind is StreamKind.SIGNALS and ref.id in ids]
        self.forget(old)
        return len(old)

    def publish(self) -> None:
        """Tell listeners what changed since the last time; what they do may be published next."""
        if not (self._changed or self._own_changed or self._link_changed):
            return
        told = ChangeSet(frozenset(self._changed), self._own_changed, self._link_changed)
        self._changed, self._own_changed, self._link_changed = set(), False, False
        for listener in tuple(self._listeners):
            listener(told)

    # --- inside -------------------------------------------------------------------------------

    def _leaf(self, ref: StreamRef) -> _Leaf:
        return self._leaves.setdefault(ref, _Leaf())

    def _put(self, item: Item) -> None:
        own = item.id not in self._aside and self._fate.pop(item.id, None) is not None
        leaf = self._leaf(item.stream)
        if item.kind in _OPENING:
            leaf.whole = True
        if leaf.put_shared(item):
            self._where[item.id] = item.stream
            self._touch(item.stream, own=own)

    def _touch(self, ref: StreamRef, *, own: bool) -> None:
        leaf = self._leaves[ref]
        leaf.cache = None
        self._changed.add(ref)
        self._own_changed = self._own_changed or own


def _closed_before(leaf: _Leaf, before: datetime) -> bool:
    items = leaf.items()
    if not items or not any(item.kind in _CLOSING or _is_over(item.kind, item.content) for item in items):
        return False
    last = items[-1].stored_at
    return last is not None and last < before


def _is_over(kind: Kind, content: Mapping[str, object]) -> bool:
    return kind is Kind.HELP_CHANGED and content.get("state") in ("completed", "failed", "cancelled")

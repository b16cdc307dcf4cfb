"""Writes the ledger: the recorder's side of it, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.help_kinds import ENDED
from console.domain.help_requests import fold_help
from console.domain.items import Item, item_of_entry, item_of_stored, shared_item
from console.domain.record import Entry, Kind, SeenMark, Stored, StreamKind, StreamRef
from console.services.ledger_pages import ChangeSet, Leaf, Pages
from console.services.link_state import Delivery, LinkState, Progress

_CLOSING = frozenset({Kind.CALL_ENDED, Kind.CONTACT_COMPLETED, Kind.INCIDENT_STOOD_DOWN})
_OPENING = frozenset(
    {Kind.CALL_SEEN, Kind.CONTACT_OPENED, Kind.INCIDENT_OPENED, Kind.HELP_DRAFTED, Kind.PERSON_CREATED}
)


class LedgerPen:
    """Writes what was kept, shared, brought and dropped; each turn ends with :meth:`publish`.

    Applying anything twice is harmless.
    """

    def __init__(self, pages: Pages, worker: str) -> None:
        self._pages = pages
        self._worker = worker

    def take(self, entries: Iterable[Entry], delivery: Delivery) -> None:
        """Add own entries that are not shared yet."""
        for entry in entries:
            if self._pages.knows(entry.id):
                continue
            self._leaf(entry.stream).kept[entry.id] = item_of_entry(entry)
            self._pages.where[entry.id] = entry.stream
            self._pages.fate[entry.id] = Progress(delivery)
            self._touch(entry.stream, own=True)

    def move(self, identities: Iterable[UUID], delivery: Delivery) -> None:
        """Say how far own entries have come; shared and set-aside ones stay what they are."""
        for identity in identities:
            now = self._pages.fate.get(identity)
            if now is not None and now.delivery is not Delivery.SET_ASIDE and now.delivery is not delivery:
                self._pages.fate[identity] = Progress(delivery)
                self._tick(self._pages.where[identity])

    def share(self, entry: Entry, seq: int, stored_at: datetime | None) -> None:
        """Note the shared record's receipt for an own entry."""
        self._put(shared_item(entry, seq, stored_at))

    def accept(self, entries: Iterable[Stored]) -> None:
        """Add what the feed brought; what only a newer version knows is passed over, and no fold sees it."""
        for stored in entries:
            if not stored.envelope.is_unknown:
                self._put(item_of_stored(stored))

    def merge(self, stream: StreamRef, entries: Iterable[Stored]) -> None:
        """Add one whole stream, read because it began before this console did or words were missing."""
        self.accept(entries)
        self._leaf(stream).whole = True

    def drop_after(self, seq: int, own: Iterable[Entry]) -> None:
        """Forget what the shared record no longer holds; ``own`` go back to kept, before newer kept ones."""
        for ref, leaf in self._pages.leaves.items():
            for item in leaf.drop_after(seq):
                self._pages.where.pop(item.id, None)
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
        self._pages.aside[entry.id] = (entry, reason)
        if entry.id not in leaf.shared:
            self._pages.where[entry.id] = entry.stream
        self._pages.fate[entry.id] = Progress(Delivery.SET_ASIDE, reason=reason)
        self._touch(entry.stream, own=True)
        self.set_link(self._pages.link)

    def take_back(self, identity: UUID) -> Entry | None:
        """Take an entry off the set-aside list and return it."""
        found = self._pages.aside.pop(identity, None)
        if found is None:
            return None
        self._pages.fate.pop(identity, None)
        self._touch(found[0].stream, own=True)
        self.set_link(self._pages.link)
        return found[0]

    def mark_seen(self, marks: Iterable[SeenMark]) -> None:
        """Move other workers' cursors on; they never move back."""
        for mark in marks:
            leaf = self._leaf(mark.stream)
            if leaf.seen.get(mark.worker, 0) < mark.seq:
                leaf.seen[mark.worker] = mark.seq
                self._tick(mark.stream)
                self._pages.news.add(mark.stream)

    def set_link(self, link: LinkState) -> None:
        """Replace the state of the link; what is set aside is counted here."""
        link = replace(link, set_aside=len(self._pages.aside))
        if link != self._pages.link:
            self._pages.link = link
            self._pages.link_changed = True

    def forget(self, streams: Iterable[StreamRef]) -> None:
        """Let go of streams that nobody here needs; ones with own unshared entries stay."""
        for ref in streams:
            leaf = self._pages.leaves.get(ref)
            if leaf is None or leaf.kept:
                continue
            self._pages.let_go(ref)
            for identity in leaf.shared:
                self._pages.where.pop(identity, None)
            self._pages.changed.add(ref)
            self._pages.news.add(ref)

    def forget_closed(self, before: datetime) -> int:
        """Let go of streams that closed, and were last written, before a moment; return how many."""
        old = [ref for ref, leaf in self._pages.leaves.items() if _closed_before(leaf, before)]
        ids = {ref.id for ref in old if ref.kind in (StreamKind.CONTACT, StreamKind.INCIDENT)}
        old += [ref for ref in self._pages.leaves if ref.kind is StreamKind.SIGNALS and ref.id in ids]
        self.forget(old)
        return len(old)

    def publish(self) -> None:
        """Tell listeners what changed since the last time; what they do may be published next."""
        if not (self._pages.changed or self._pages.own_changed or self._pages.link_changed):
            return
        pages = self._pages
        ticks = frozenset(pages.changed - pages.news)
        told = ChangeSet(frozenset(pages.changed), pages.own_changed, pages.link_changed, ticks)
        pages.changed, pages.news, pages.own_changed, pages.link_changed = set(), set(), False, False
        for listener in tuple(pages.listeners):
            listener(told)

    def _leaf(self, ref: StreamRef) -> Leaf:
        return self._pages.leaf(ref)

    def _put(self, item: Item) -> None:
        own = item.id not in self._pages.aside and self._pages.fate.pop(item.id, None) is not None
        leaf = self._leaf(item.stream)
        if item.kind in _OPENING:
            leaf.whole = True
        told = own and leaf.keeps_place(item)
        if leaf.put_shared(item):
            self._pages.where[item.id] = item.stream
            self._pages.move(item.stream)
            if told:
                self._tick(item.stream)
            else:
                self._touch(item.stream, own=own)

    def _touch(self, ref: StreamRef, *, own: bool) -> None:
        self._pages.leaves[ref].cache = None
        self._pages.move(ref)
        self._pages.changed.add(ref)
        self._pages.news.add(ref)
        self._pages.own_changed = self._pages.own_changed or own

    def _tick(self, ref: StreamRef) -> None:
        """Say that own entries of a stream have come further; its items are what they were."""
        self._pages.changed.add(ref)
        self._pages.own_changed = True


def _closed_before(leaf: Leaf, before: datetime) -> bool:
    items = leaf.items()
    if not items or not (any(item.kind in _CLOSING for item in items) or _help_is_over(items)):
        return False
    last = items[-1].stored_at
    return last is not None and last < before


def _help_is_over(items: Sequence[Item]) -> bool:
    """Say whether a request has ended and leaves nobody without help: a refusal or failure is open until covered."""
    made = fold_help(items) if items[0].stream.kind is StreamKind.HELP else None
    return made is not None and made.state in ENDED and not made.open

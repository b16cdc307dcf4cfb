"""What the ledger and its pen share: the streams held here, and the fate of own entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from console.domain.items import Item
from console.domain.record import Entry, StreamKind, StreamRef
from console.services.link_state import LinkState, Progress


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What moved since the last one: screens decide whether they care.

    ``ticks`` are those of ``streams`` of which nothing is new but that own entries were kept, or shared.
    """

    streams: frozenset[StreamRef] = frozenset()
    own_state_changed: bool = False
    link_changed: bool = False
    ticks: frozenset[StreamRef] = frozenset()

    @property
    def news(self) -> frozenset[StreamRef]:
        """Return the streams that say something they did not say before."""
        return self.streams - self.ticks


Listener = Callable[[ChangeSet], None]


@dataclass(slots=True)
class Leaf:
    """One stream: shared items by seq, kept ones after them in the order they were kept."""

    shared: dict[UUID, Item] = field(default_factory=dict)
    """In seq order once :meth:`items` was asked; ``newest`` is the farthest seq that was put here."""
    newest: int = 0
    in_order: bool = True
    kept: dict[UUID, Item] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    whole: bool = False
    cache: tuple[Item, ...] | None = None

    def items(self) -> tuple[Item, ...]:
        if self.cache is None:
            if not self.in_order:
                self.shared = dict(sorted(self.shared.items(), key=lambda pair: (pair[1].seq, pair[0])))
                self.in_order = True
            self.cache = (*self.shared.values(), *self.kept.values())
        return self.cache

    def put_shared(self, item: Item) -> bool:
        """Place a shared item; say whether anything changed."""
        before = self.shared.get(item.id)
        if before is not None and before.seq == item.seq and (before == item or not item.readable):
            return self.kept.pop(item.id, None) is not None
        self.in_order = self.in_order and item.seq > self.newest
        self.newest = max(self.newest, item.seq)
        self.shared.pop(item.id, None)
        self.shared[item.id] = item
        self.kept.pop(item.id, None)
        self.cache = None
        return True

    def keeps_place(self, item: Item) -> bool:
        """Say whether a kept item stays where it stands in the stream now that it is shared."""
        first = next(iter(self.kept), None)
        return first == item.id and self.newest < item.seq

    def take_out(self, identity: UUID) -> None:
        """Take one shared item away."""
        self.shared.pop(identity, None)

    def drop_after(self, seq: int) -> list[Item]:
        """Take away shared items newer than ``seq`` and return them, oldest first.

        Nobody has seen what will be stored under those numbers next.
        """
        self.seen = {who: min(upto, seq) for who, upto in self.seen.items()}
        gone = sorted((one for one in self.shared.values() if one.seq > seq), key=lambda one: one.seq)
        for one in gone:
            del self.shared[one.id]
        if gone:
            self.newest, self.cache = min(self.newest, seq), None
        return gone


@dataclass(slots=True)
class Pages:
    """Everything the ledger holds; only the pen writes here."""

    leaves: dict[StreamRef, Leaf] = field(default_factory=dict)
    by_kind: dict[StreamKind, dict[StreamRef, Leaf]] = field(default_factory=dict)
    """The same leaves: a screen asks for the streams of one kind many times a second, beside thousands of calls."""
    moves: dict[StreamKind, dict[StreamRef, int]] = field(default_factory=dict)
    """When the items of each stream moved last, by a count of all moves; who moved last stands last."""
    moment: int = 0
    let_go_at: dict[StreamKind, int] = field(default_factory=dict)
    where: dict[UUID, StreamRef] = field(default_factory=dict)
    fate: dict[UUID, Progress] = field(default_factory=dict)
    aside: dict[UUID, tuple[Entry, str]] = field(default_factory=dict)
    link: LinkState = field(default_factory=LinkState)
    listeners: list[Listener] = field(default_factory=list)
    changed: set[StreamRef] = field(default_factory=set)
    news: set[StreamRef] = field(default_factory=set)
    own_changed: bool = False
    link_changed: bool = False

    def leaf(self, ref: StreamRef) -> Leaf:
        """Return a stream's leaf, which is made where the stream is met first."""
        if ref not in self.leaves:
            self.leaves[ref] = self.by_kind.setdefault(ref.kind, {})[ref] = Leaf()
        return self.leaves[ref]

    def let_go(self, ref: StreamRef) -> None:
        """Take a stream's leaf away."""
        del self.leaves[ref], self.by_kind[ref.kind][ref]
        self.moves.get(ref.kind, {}).pop(ref, None)
        self.moment += 1
        self.let_go_at[ref.kind] = self.moment

    def move(self, ref: StreamRef) -> None:
        """Note that a stream's items are others than before."""
        self.moment += 1
        moves = self.moves.setdefault(ref.kind, {})
        moves.pop(ref, None)
        moves[ref] = self.moment

    def moved(self, kind: StreamKind, since: int) -> tuple[StreamRef, ...] | None:
        """Return the streams of a kind that moved after ``since``, oldest first; None where some are here no more."""
        if self.let_go_at.get(kind, 0) > since:
            return None
        found: list[StreamRef] = []
        for ref, at in reversed(self.moves.get(kind, {}).items()):
            if at <= since:
                break
            found.append(ref)
        return tuple(reversed(found))

    def knows(self, identity: UUID) -> bool:
        """Say whether the shared record is known to hold this entry."""
        return self.shared_item(identity) is not None

    def shared_item(self, identity: UUID) -> Item | None:
        """Return a shared entry, wherever it is."""
        ref = self.where.get(identity)
        leaf = self.leaves.get(ref) if ref is not None else None
        return leaf.shared.get(identity) if leaf is not None else None

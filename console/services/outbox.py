"""What waits to be shared: batches of at most 50, live incident first, one lane for each incident.

Pure: entries and answers in, batches out.  One batch is on its way at a time, so entries of one
lane can never overtake each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from console.domain.items import Item, item_of_entry
from console.domain.record import Entry, Kind, StreamRef

BATCH = 50
"""Entries in one append (architecture.md 3)."""
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds between tries; the last one repeats, so that "back" is said within 5 s."""
SOLO_TRIES = 5
"""Failures of one entry sent alone, while the shared record answers others, before it is set aside."""

_LINKS = {
    Kind.CONTACT_OPENED: ("call",),
    Kind.CONTACT_CALL_ADDED: ("call",),
    Kind.INCIDENT_OPENED: ("contact", "call"),
    Kind.INCIDENT_LINKED: ("stream",),
    Kind.HELP_DRAFTED: ("incident",),
    Kind.SUMMONS_SENT: ("contact",),
    Kind.SUMMONS_ACCEPTED: ("incident",),
    Kind.CALL_ALIAS: ("other",),
}


class Lanes:
    """Which streams belong to one incident: learned from the entries that tie them together."""

    def __init__(self) -> None:
        self._parent: dict[UUID, UUID] = {}

    def of(self, stream: StreamRef) -> UUID:
        """Return the lane of a stream; signals share the id of what they are about."""
        return self._root(stream.id)

    def learn(self, item: Item) -> None:
        """Tie together the streams that an entry names."""
        for key in _LINKS.get(item.kind, ()):
            other = _id_in(item.content.get(key))
            if other is not None:
                self._parent[self._root(other)] = self._root(item.stream.id)

    def _root(self, identity: UUID) -> UUID:
        while (above := self._parent.get(identity, identity)) != identity:
            identity = above
        return identity


def _id_in(value: object) -> UUID | None:
    try:
        return UUID(str(value).rpartition(":")[2])
    except ValueError:
        return None


@dataclass(slots=True)
class Waiting:
    """One entry on its way; ``order`` is the order it was kept in."""

    entry: Entry
    order: int
    exclusive: bool = False
    solo_failures: int = 0


@dataclass(slots=True)
class _Lane:
    """How carefully a lane is sent after a failure that was not the network's."""

    size: int = BATCH
    not_before: float = 0.0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """One append on its way; ``era`` is the number of rewinds seen when it was made."""

    number: int
    era: int
    entries: tuple[Entry, ...]
    solo: bool = False


@dataclass(slots=True)
class Outbox:
    """Entries that the shared record has not acknowledged."""

    lanes: Lanes = field(default_factory=Lanes)
    live: frozenset[StreamRef] = frozenset()
    _waiting: dict[UUID, Waiting] = field(default_factory=dict)
    _careful: dict[UUID, _Lane] = field(default_factory=dict)
    _on_its_way: Batch | None = None
    _number: int = 0
    _not_before: float = 0.0
    _failures: int = 0

    def __len__(self) -> int:
        """Return how many entries wait, exclusive acts not counted."""
        return sum(not waiting.exclusive for waiting in self._waiting.values())

    @property
    def on_its_way(self) -> Batch | None:
        """Return the batch that has not been answered."""
        return self._on_its_way

    def get(self, identity: UUID) -> Waiting | None:
        """Return a waiting entry."""
        return self._waiting.get(identity)

    def add(self, waiting: Waiting) -> None:
        """Let an entry wait; the same one twice is one."""
        self._waiting.setdefault(waiting.entry.id, waiting)
        self.lanes.learn(item_of_entry(waiting.entry))

    def remove(self, identity: UUID) -> Waiting | None:
        """Take an entry out: shared, set aside, or answered."""
        return self._waiting.pop(identity, None)

    def exclusives(self) -> tuple[Waiting, ...]:
        """Return exclusive acts that still want their answer."""
        return tuple(waiting for waiting in self._waiting.values() if waiting.exclusive)

    def next_batch(self, now: float, era: int) -> Batch | None:
        """Return the next append, or None while one is on its way, nothing waits, or it is too early."""
        if self._on_its_way is not None or not self._waiting or now < self._not_before:
            return None
        entries, solo = self._choose(now)
        if not entries:
            return None
        self._number += 1
        self._on_its_way = Batch(self._number, era, tuple(entries), solo)
        return self._on_its_way

    def _choose(self, now: float) -> tuple[list[Entry], bool]:
        chosen: list[Entry] = []
        for lane, members in self._by_lane():
            care = self._careful.get(lane)
            if care is not None and now < care.not_before:
                continue
            if care is not None and not chosen:
                return [waiting.entry for waiting in members[: care.size]], care.size == 1
            if care is None:
                chosen += [waiting.entry for waiting in members[: BATCH - len(chosen)]]
            if len(chosen) >= BATCH:
                break
        return chosen, False

    def _by_lane(self) -> list[tuple[UUID, list[Waiting]]]:
        lanes: dict[UUID, list[Waiting]] = {}
        for waiting in sorted(self._waiting.values(), key=lambda one: one.order):
            lanes.setdefault(self._lane_of(waiting.entry), []).append(waiting)
        live = {self.lanes.of(stream) for stream in self.live}

        def urgency(pair: tuple[UUID, list[Waiting]]) -> tuple[bool, bool, bool, int]:
            lane, members = pair
            looked = members[0].entry.kind is Kind.ACCESS_OFFLINE
            return (not looked, not any(one.exclusive for one in members), lane not in live, members[0].order)

        return sorted(lanes.items(), key=urgency)

    def _lane_of(self, entry: Entry) -> UUID:
        """Return the lane of an entry; what was looked at while away has one of its own, before everything else."""
        return entry.id if entry.kind is Kind.ACCESS_OFFLINE else self.lanes.of(entry.stream)

    def answered(self, number: int) -> Batch | None:
        """Note that a batch was answered; None when it is not the one on its way."""
        batch = self._on_its_way
        if batch is None or batch.number != number:
            return None
        self._on_its_way, self._failures, self._not_before = None, 0, 0.0
        for lane in {self._lane_of(entry) for entry in batch.entries} & self._careful.keys():
            self._relax(lane)
        return batch

    def _relax(self, lane: UUID) -> None:
        care = self._careful[lane]
        care.size, care.failures, care.not_before = care.size * 2, 0, 0.0
        if care.size >= BATCH:
            del self._careful[lane]

    def away(self, number: int, now: float) -> Batch | None:
        """Note that the shared record could not be reached: everything waits a little."""
        batch = self._on_its_way
        if batch is None or batch.number != number:
            return None
        self._on_its_way = None
        self.pause(now)
        return batch

    def pause(self, now: float) -> None:
        """Let everything wait a little: what was answered cannot be believed yet."""
        self._not_before = now + PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1

    def broke(self, number: int, now: float) -> tuple[Batch, Waiting | None] | None:
        """Note a failure that was not the network's: each lane of the batch is tried by itself, in halves.

        The second value is the one entry that has now failed alone too often, if any.
        """
        batch = self._on_its_way
        if batch is None or batch.number != number:
            return None
        self._on_its_way = None
        for lane in {self._lane_of(entry) for entry in batch.entries}:
            care = self._careful.setdefault(lane, _Lane())
            care.size = max(1, min(care.size, len(batch.entries)) // 2)
            care.not_before = now + PAUSES[min(care.failures, len(PAUSES) - 1)]
            care.failures += 1
        return batch, self._poison(batch)

    def _poison(self, batch: Batch) -> Waiting | None:
        first = self._waiting.get(batch.entries[0].id)
        if not batch.solo or first is None:
            return None
        first.solo_failures += 1
        return first if first.solo_failures >= SOLO_TRIES else None

    def hurry(self) -> None:
        """Try again at once: the shared record is known to be back."""
        self._failures, self._not_before = 0, 0.0

    def add_all(self, several: Iterable[Waiting]) -> None:
        """Let several wait."""
        for waiting in several:
            self.add(waiting)

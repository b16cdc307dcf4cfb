"""A slot of a stream as a register: its value, who wrote it, and both values where two clash.

A change names the head it was typed over (``replaces``).  Where two changes name the same head,
neither is dropped: both stay heads until somebody chooses, and the choice names both
(body key ``settles``) (architecture.md 2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identities


@dataclass(frozen=True, slots=True)
class Written:
    """One value as somebody wrote it; ``seq`` is 0 while it is only kept on this computer."""

    value: str
    entry: UUID
    author: str
    at: datetime
    seq: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The present heads of one slot, oldest first; never empty.  ``history`` is all that ever stood there."""

    name: str
    heads: tuple[Written, ...]
    versions: int
    history: tuple[Written, ...] = ()

    @property
    def newest(self) -> Written:
        """Return the head written last."""
        return self.heads[-1]

    @property
    def value(self) -> str:
        """Return the newest head's value; look at :attr:`clash` before trusting it alone."""
        return self.heads[-1].value

    @property
    def clash(self) -> bool:
        """Say whether two people typed different values over the same head."""
        return len({head.value for head in self.heads}) > 1

    @property
    def head(self) -> UUID:
        """Return what the next change replaces (or expects)."""
        return self.heads[-1].entry

    def unseen(self, seen: Collection[str], author: str) -> bool:
        """Say whether a value of somebody other than ``author`` stands that is not among the heads ``seen``."""
        return any(str(head.entry) not in seen and head.author != author for head in self.heads)

    def beneath(self, seen: Collection[str], author: str) -> UUID | None:
        """Return what a change of ``author`` replaces that was typed over ``seen``, so that what came since stands."""
        known = (head.entry for head in reversed(self.heads) if head.author == author or str(head.entry) in seen)
        return next(known, None)

    @property
    def settles(self) -> tuple[UUID, ...]:
        """Return every head, which a chosen value must name so that the clash ends."""
        return tuple(head.entry for head in self.heads)


ValueOf = Callable[[Item], tuple[str, str] | None]
"""Returns (value, source) of an item, or None where the item has no readable value."""


def fold_registers(items: Iterable[Item], prefix: str, value_of: ValueOf) -> Mapping[str, Register]:
    """Return the registers of all slots that begin with ``prefix``, keyed by the rest of the slot."""
    slots: dict[str, list[Item]] = {}
    for item in items:
        if item.slot.startswith(prefix):
            slots.setdefault(item.slot[len(prefix) :], []).append(item)
    made = ((name, made_register(name, found, value_of)) for name, found in slots.items())
    return {name: register for name, register in made if register is not None}


def made_register(name: str, items: Iterable[Item], value_of: ValueOf) -> Register | None:
    """Return the register of one slot, whatever order its items come in; None where none of them is readable.

    What was typed over is over, also where what it was typed over comes later: after a rewind it may.
    """
    read = [(item, value) for item in items if (value := value_of(item)) is not None]
    if not read:
        return None
    gone = replaced_by(item for item, _ in read)
    history = tuple(Written(said, item.id, item.author, item.made_at, item.seq, how) for item, (said, how) in read)
    heads = tuple(one for one in history if one.entry not in gone)
    # Two that name each other were written by nobody's console; a register still has a head.
    return Register(name, heads or history[-1:], len(history), history)


def replaced_by(items: Iterable[Item]) -> frozenset[UUID]:
    """Return the entries that ``items`` were typed over, correct or settle."""
    return frozenset(
        one
        for item in items
        for one in (item.replaces, item.corrects, *identities(item.content, "settles"))
        if one is not None and one != item.id
    )

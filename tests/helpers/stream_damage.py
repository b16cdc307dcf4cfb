"""What may happen to a recorded stream on its way: messages lost, repeated, swapped, the end missing, a lost link."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

M = TypeVar("M")
_KINDS = ("drop", "drop", "repeat", "swap", "swap", "cut")
MOST = 12
"""Most damages to one stream."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing done to a stream; ``place`` is a fraction of its length."""

    kind: str
    place: float

    def apply(self, messages: list[M]) -> None:
        """Drop, repeat or swap with the next, or cut everything after."""
        if len(messages) < 2:
            return
        index = min(int(self.place * (len(messages) - 1)), len(messages) - 2)
        match self.kind:
            case "drop":
                del messages[index]
            case "repeat":
                messages.insert(index, messages[index])
            case "swap":
                messages[index], messages[index + 1] = messages[index + 1], messages[index]
            case _:
                del messages[index + 1 :]


def damaged(messages: Sequence[M], damage: Iterable[Damage]) -> list[M]:
    """Return the messages of a stream after ``damage``."""
    left = list(messages)
    for one in damage:
        one.apply(left)
    return left


damages = st.lists(st.builds(Damage, st.sampled_from(_KINDS), st.floats(0, 1, allow_nan=False)), max_size=MOST)


@dataclass(frozen=True, slots=True)
class Mutant:
    """All that is done to one stream: ``damage`` to its messages, and between two places of it no link.

    ``lost`` and ``back`` are fractions of the stream; None where the link holds.
    """

    damage: tuple[Damage, ...]
    lost: float | None = None
    back: float | None = None

    @property
    def loses_nothing(self) -> bool:
        """Say whether every message of the switchboard still comes, if twice or a place too early."""
        return self.lost is None and all(one.kind in ("repeat", "swap") for one in self.damage)

    @property
    def drops_something(self) -> bool:
        """Say whether single messages are lost, as no connection loses them."""
        return any(one.kind == "drop" for one in self.damage)

    def steps(self, messages: Sequence[M]) -> list[tuple[int, M]]:
        """Return the damaged messages, each with its place in the whole stream, for what a snapshot there says."""
        return damaged(list(enumerate(messages)), self.damage)


def mutant_of(stream: str, seed: int) -> Mutant:
    """Return the mutant that a seed makes of a stream, the same on every machine."""
    chance = random.Random(f"{stream}/{seed}")  # noqa: S311  a test's dice
    count = chance.randint(0, MOST)
    kinds = ("repeat", "swap") if chance.random() < 0.3 else _KINDS
    damage = tuple(Damage(chance.choice(kinds), chance.random()) for _ in range(count))
    if chance.random() < 0.5:
        return Mutant(damage)
    lost, back = sorted((chance.random(), chance.random()))
    return Mutant(damage, lost, back)

"""Chance that falls the same on every machine: only ``random()`` of the standard generator.

The language promises that ``random.Random(seed).random()`` never changes; it does not promise so
for ``choice``, ``shuffle`` or ``sample``.  Everything here is made from that one function.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of reproducible choices for one seed."""

    def __init__(self, seed: int) -> None:
        """Start from ``seed`` (any whole number)."""
        # Invented people need the same chance everywhere, never a secret.
        self.random = random.Random(seed).random  # noqa: S311 - not used for secrets

    def below(self, count: int) -> int:
        """Return a whole number from 0 to ``count`` - 1."""
        return int(self.random() * count)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """Return one of ``things``."""
        return things[int(self.random() * len(things))]

    def happens(self, share: float) -> bool:
        """Say yes in ``share`` (0 to 1) of the cases."""
        return self.random() < share

    def weighted(self, things: Sequence[tuple[T, int]]) -> T:
        """Return one of ``things`` by the weights beside them."""
        left = self.random() * sum(weight for _, weight in things)
        for thing, weight in things:
            left -= weight
            if left < 0:
                return thing
        return things[-1][0]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return ``things`` in another order."""
        order = list(things)
        for place in range(len(order) - 1, 0, -1):
            other = self.below(place + 1)
            order[place], order[other] = order[other], order[place]
        return order

    def entropy(self) -> bytes:
        """Return 10 bytes for an id."""
        return int(self.random() * 2**40).to_bytes(5, "big") + int(self.random() * 2**40).to_bytes(5, "big")

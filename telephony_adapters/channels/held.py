"""What a connection holds back until its snapshot is whole: messages, up to a number of bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

M = TypeVar("M")
HELD_CAP = 32 * 1024 * 1024
"""Most bytes of memory held back by one connection; some 5,000 ordinary messages."""


class TooMuch(Exception):
    """More came than is ever held back."""


class Held(Generic[M]):
    """The events that came meanwhile and the lists asked for, under one limit."""

    def __init__(self, size: Callable[[M], int]) -> None:
        """``size`` returns how many bytes of memory a message takes."""
        self.events: list[M] = []
        self.list: list[M] = []
        self._size = size
        self._bytes = 0

    def event(self, message: M) -> None:
        """Hold an event.  Raises :class:`TooMuch`."""
        self._count(message)
        self.events.append(message)

    def listed(self, message: M) -> None:
        """Hold one entry of a list.  Raises :class:`TooMuch`."""
        self._count(message)
        self.list.append(message)

    def clear(self) -> None:
        """Give everything back."""
        self.events, self.list, self._bytes = [], [], 0

    def _count(self, message: M) -> None:
        self._bytes += self._size(message)
        if self._bytes > HELD_CAP:
            raise TooMuch

"""The rows of a file that were found good, packed away in memory until they are written."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Generic, TypeVar, cast

T = TypeVar("T")

MOST = 256_000_000
"""Bytes that packed rows may take, some 700,000 people; the rest of a longer file is read a second time."""
_LOT = 1000


class Packed(Generic[T]):
    """Rows in order, as far as they fit; to read a row again costs three times what unpacking it does."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lots: list[bytes] = []
        self._open: list[T] = []
        self._bytes = 0
        self.full = False
        """Whether some rows found no room: all after the last one that did."""

    def add(self, row: T) -> None:
        """Take a row, where there is room."""
        if self.full:
            return
        self._open.append(row)
        if len(self._open) == _LOT:
            self._pack()

    def _pack(self) -> None:
        packed = pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL)
        self.full = self._bytes + len(packed) > self._most
        if not self.full:
            self._lots.append(packed)
            self._bytes += len(packed)
        self._open = []

    def __iter__(self) -> Iterator[T]:
        """Yield what was taken."""
        for packed in self._lots:
            # Our own bytes of a moment ago, which were never outside this program.
            yield from cast("list[T]", pickle.loads(packed))  # noqa: S301  see above
        yield from self._open

"""The rows of a file that were found good, packed away in memory until they are written."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar, cast

T = TypeVar("T")

MOST = 256_000_000
"""Bytes that packed rows may take, some 700,000 people; the rest of a longer file is read a second time."""
_LOT = 100


class Packed(Generic[T]):
    """Rows on shelves, as far as they fit; to read a row again costs three times what unpacking it does.

    They come back shelf by shelf.  A shelf holds rows whose place in the tables is near to one another: written
    in the file's order, each lot would touch every page of the record.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lots: dict[int, list[bytes]] = defaultdict(list)
        self._open: dict[int, list[T]] = defaultdict(list)
        self._bytes = 0
        self.full = False
        """Whether there is room for no more."""

    def add(self, shelf: int, row: T) -> None:
        """Take a row; may be called while there is room."""
        rows = self._open[shelf]
        rows.append(row)
        if len(rows) == _LOT:
            packed = pickle.dumps(rows, pickle.HIGHEST_PROTOCOL)
            self._lots[shelf].append(packed)
            self._open[shelf] = []
            self._bytes += len(packed)
            self.full = self._bytes > self._most

    def __iter__(self) -> Iterator[T]:
        """Yield what was taken."""
        for shelf in sorted(self._open):
            for packed in self._lots[shelf]:
                # Our own bytes of a moment ago, which were never outside this program.
                yield from cast("list[T]", pickle.loads(packed))  # noqa: S301  see above
            yield from self._open[shelf]

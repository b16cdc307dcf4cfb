"""How the rows of the desk's own tables (rota, relationships) are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from console.domain.calendar import local
from console.domain.people_csv import Refused, RowRefused
from console.machine.clock import SystemClock
from console.machine.csv_file import read_rows

T = TypeVar("T", bound="Known")


class Known(Protocol):
    """A row that knows its line, and why it is refused where an earlier one says the same."""

    @property
    def line(self) -> int:
        """Return its line in the file."""

    def again(self, first: int) -> Refused:
        """Return why it is refused where line ``first`` says the same."""


def good_rows(
    args: argparse.Namespace,
    columns: tuple[Sequence[tuple[str, str]], Sequence[str]],
    read: Callable[[Mapping[str, str], int, date], T],
    key_of: Callable[[T], object],
    refuse: Callable[[Refused], None],
) -> Iterator[T]:
    """Yield the rows that can be used; the others, and what stands there twice, go to ``refuse``."""
    known, needed = columns
    today = local(SystemClock().now()).date()
    first: dict[object, int] = {}
    for row in read_rows(args.file, [name for name, _ in known], needed, encoding=args.encoding):
        if row.wrong:
            refuse(Refused(row.line, row.wrong))
            continue
        try:
            good = read(row.cells, row.line, today)
        except RowRefused as why:
            refuse(Refused(row.line, str(why)))
            continue
        before = first.setdefault(key_of(good), good.line)
        if before != good.line:
            refuse(good.again(before))
        else:
            yield good

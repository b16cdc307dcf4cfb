"""The record that an import of the desk's own tables (rota, relationships) writes into, and how its rows are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Protocol, TypeVar

from console.domain.calendar import local
from console.domain.people_csv import Refused, RowRefused
from console.domain.text import BadInput
from console.machine.clock import SystemClock
from console.machine.csv_file import read_rows
from db.people_desk import PeopleDatabase
from db.team import people_desk
from ui.bootstrap.record import open_record
from ui.bootstrap.team import Asked, entering, team_of

T = TypeVar("T", bound="Known")


class Known(Protocol):
    """A row that knows its line, and why it is refused where an earlier one says the same."""

    @property
    def line(self) -> int:
        """Return its line in the file."""

    def again(self, first: int) -> Refused:
        """Return why it is refused where line ``first`` says the same."""


def opened(stack: ExitStack, args: argparse.Namespace) -> PeopleDatabase:
    """Give the record the command line names: a file that is there, or a team's by a log-in that may import."""
    team = team_of(args.database)
    if team is None:
        return stack.enter_context(open_record(args.database, args.key_file)).database
    if args.key_file is not None:
        raise BadInput("--key-file belongs to a record in a file.  Nothing was imported.")
    way = stack.enter_context(entering(team, Asked(args.login, args.password_stdin, args.keep_password)))
    return stack.enter_context(people_desk(way))


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

"""What ``nightdesk people`` does, once the words of the command line are understood."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from typing import TypeVar

from console.domain.agencies_csv import AGENCY_COLUMNS, NEEDED_AGENCY_COLUMNS, FileAgency, read_agency_row
from console.domain.calendar import local
from console.domain.invent import AS_OF, invent
from console.domain.people_csv import (
    BLOCK_COLUMNS,
    NEEDED_COLUMNS,
    PERSON_COLUMNS,
    FilePerson,
    Refused,
    RowRefused,
    read_person_row,
)
from console.machine.clock import SystemClock
from console.machine.csv_file import read_rows
from db.people_desk import add_agencies, add_invented, add_people
from db.people_import import Counts
from db.sqlite import SqliteStore
from ui.bootstrap.record import open_or_make_record, record_path
from ui.commands._people_find import find_people
from ui.commands._people_rejects import Refusals, refusals
from ui.commands._relationships_acts import COLUMNS as RELATIONSHIPS
from ui.commands._relationships_acts import import_relationships_file
from ui.exits import Exit

__all__ = ["find_people", "import_file", "invent_people", "list_columns"]

Row = FilePerson | FileAgency
T = TypeVar("T", bound=Row)
_EVERY = 5.0
"""Seconds between two words of progress."""


class _Progress:
    """Says on stderr how far long work is, now and then."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._clock = SystemClock()
        self._last = self._clock.monotonic()

    def __call__(self, done: int) -> None:
        now = self._clock.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            print(self._words.format(done), file=sys.stderr, flush=True)


def _parsed(
    args: argparse.Namespace,
    read: Callable[[Mapping[str, str], int, date], T],
    refuse: Callable[[Refused], None],
) -> Iterator[T]:
    """Yield the good rows of the file; the others, and whoever stands there twice, go to ``refuse``."""
    first: dict[str, int] = {}
    today = local(SystemClock().now()).date()
    columns, needed = _columns_of(args.kind)
    blocks = BLOCK_COLUMNS if args.kind == "people" else ()
    for row in read_rows(args.file, [name for name, _ in columns], needed, blocks=blocks, encoding=args.encoding):
        try:
            if row.wrong:
                refuse(Refused(row.line, row.wrong))
            else:
                good = read(row.cells, row.line, today)
                before = first.setdefault(_who(good), good.line)
                if before != good.line:
                    refuse(good.again(before))
                else:
                    yield good
        except RowRefused as why:
            refuse(Refused(row.line, str(why)))


def _who(row: Row) -> str:
    """Return by what a later row of the same file is known to be the same person or agency."""
    return row.identity if isinstance(row, FilePerson) else row.key


def _columns_of(kind: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    kinds: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
        "people": (PERSON_COLUMNS, NEEDED_COLUMNS),
        "agencies": (AGENCY_COLUMNS, NEEDED_AGENCY_COLUMNS),
        "relationships": RELATIONSHIPS,
    }
    return kinds[kind]


def import_file(args: argparse.Namespace) -> int:
    """Read the file through once, then import it in one transaction.

    The first reading takes no lock: a file with a refused row never holds up the night's work.
    """
    if args.kind == "relationships":
        return import_relationships_file(args)
    record_path(args.database)  # a record that it cannot go into is said before a long file is read
    with ExitStack() as stack:
        said = stack.enter_context(refusals(args.rejects))
        read: Callable[[Mapping[str, str], int, date], Row]
        read = read_person_row if args.kind == "people" else read_agency_row
        checked = _Progress("checked {:,} rows")
        good = 0
        for good, _ in enumerate(_parsed(args, read, said.take), start=1):
            checked(good)
        counts = Counts()
        kept = not said.count or args.allow_rejects
        if kept:
            store = _opened(stack, args)
            counts = _write(args, store, said)
            kept = not said.count or args.allow_rejects
    return _summary(args, counts, said.count, kept=kept, good=good)


def _opened(stack: ExitStack, args: argparse.Namespace) -> SqliteStore:
    """Give the record; where it had to be made, say so and where its key is."""
    path = record_path(args.database)
    new = not path.exists()
    store = stack.enter_context(open_or_make_record(args.database, args.key_file, invented=False))
    if new:
        key = f"in {args.key_file}" if args.key_file else "in this account's keyring"
        print(f"nightdesk: made a new record at {path}, its key is {key}", file=sys.stderr)
    return store


def _write(args: argparse.Namespace, store: SqliteStore, said: Refusals) -> Counts:
    def keep() -> bool:
        # Whoever cannot be told which rows were left out is not to have the others either.
        said.say()
        return not said.count or bool(args.allow_rejects)

    def said_before(_: Refused) -> None:
        """Rows refused at the first reading are not said twice."""

    if args.kind == "agencies":
        agencies: Iterator[FileAgency] = _parsed(args, read_agency_row, said_before)
        return add_agencies(store.database, agencies, said.take, keep)
    people: Iterator[FilePerson] = _parsed(args, read_person_row, said_before)
    today = local(SystemClock().now()).date()
    written = _Progress("imported {:,} rows")
    return add_people(store.database, people, today, uuid.uuid4(), said.take, keep, written, said.note)


def _summary(args: argparse.Namespace, counts: Counts, refused: int, *, kept: bool, good: int) -> int:
    done = counts if kept else Counts()
    if args.json:
        told = {"rows": (counts.rows or good) + refused, "imported": kept, "refused": refused}
        print(json.dumps(told | {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}))
    elif kept:
        print(
            f"{args.kind}: {done.added:,} added, {done.changed:,} changed, {done.unchanged:,} unchanged, "
            f"{refused:,} refused"
        )
    if not kept:
        rows = "1 row was" if refused == 1 else f"{refused:,} rows were"
        print(
            f"nightdesk: {rows} refused, so nothing was imported.  Correct the file, or say --allow-rejects "
            "to import the other rows.",
            file=sys.stderr,
        )
    return Exit.OK if kept else Exit.USAGE


def invent_people(args: argparse.Namespace) -> int:
    """Make the population and say what was made."""
    as_of: date = args.as_of or AS_OF
    clock = SystemClock()
    began = clock.monotonic()
    with open_or_make_record(args.database, args.key_file, invented=True) as store:
        people = add_invented(
            store.database, invent(args.count, args.seed, as_of), _Progress(f"{{:,}} of {args.count:,} people")
        )
    seconds = round(clock.monotonic() - began, 1)
    path = record_path(args.database)
    if args.json:
        print(json.dumps({"people": people, "seed": args.seed, "seconds": seconds, "database": str(path)}))
    else:
        print(f"{people:,} invented people (seed {args.seed}) in {path}, {seconds} s")
    return Exit.OK


def list_columns(args: argparse.Namespace) -> int:
    """Print the columns of a file to import, and what each holds."""
    columns, needed = _columns_of(args.kind)
    if args.json:
        print(json.dumps([{"column": n, "about": about, "needed": n in needed} for n, about in columns]))
        return Exit.OK
    for name, about in columns:
        print(f"{name:<26} {about}")
    return Exit.OK

"""What ``nightdesk people`` does, once the words of the command line are understood."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from datetime import date

from console.domain.invent import AS_OF, invent
from console.machine.clock import SystemClock
from db.people_desk import add_invented
from ui.commands._people_file import columns_of
from ui.commands._people_find import find_people
from ui.commands._people_import import import_file
from ui.commands._people_into import into_of
from ui.commands._people_progress import Progress
from ui.commands._people_sample import write_sample
from ui.exits import Exit

__all__ = ["find_people", "import_file", "invent_people", "list_columns", "write_sample"]


def invent_people(args: argparse.Namespace) -> int:
    """Make the population and say what was made."""
    as_of: date = args.as_of or AS_OF
    clock = SystemClock()
    began = clock.monotonic()
    into = into_of(args)
    with ExitStack() as stack:
        database = into.opened(stack, invented=True)
        told = Progress("invented", args.count, "people")
        people = add_invented(database, invent(args.count, args.seed, as_of), told)
    seconds = round(clock.monotonic() - began, 1)
    if args.json:
        print(json.dumps({"people": people, "seed": args.seed, "seconds": seconds, "database": into.words}))
    else:
        print(f"{people:,} invented people (seed {args.seed}) in {into.words}, {seconds} s")
    return Exit.OK


def list_columns(args: argparse.Namespace) -> int:
    """Print the columns of a file to import, and what each holds."""
    columns, needed = columns_of(args.kind)
    if args.json:
        print(json.dumps([{"column": n, "about": about, "needed": n in needed} for n, about in columns]))
        return Exit.OK
    for name, about in columns:
        print(f"{name:<26} {about}")
    return Exit.OK

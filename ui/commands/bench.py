"""``nightdesk bench``: how fast this is here, each figure beside its limit measured in the same run."""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import replace
from pathlib import Path

from ui.arguments import UNUSED, add_database, add_json
from ui.bench.settings import ALL_PARTS, FULL, PARTS, QUICK, Sizes, StoreKind
from ui.commands import Subparsers
from ui.exits import Exit

_ABOUT = """\
Measure what a worker feels, each figure beside the limit of this computer measured in the same run:
the ring to the painted call bar and candidates, typing to the colleague's window, starting, memory,
stalls under a flood of calls; and on a PostgreSQL server of the bench's own also a note with ten consoles
connected, many writers, many consoles coming back.  Works on invented records of its own; the first run
invents a million people, which takes some minutes, and keeps them.  Exit code 6 where an aim is missed."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "bench", help="measure how fast this computer rings, types and starts", description=_ABOUT
    )
    parser.add_argument("--quick", action="store_true", help="smaller numbers: a first look within a minute or two")
    parser.add_argument(
        "--store",
        type=StoreKind,
        choices=list(StoreKind),
        default=StoreKind.SQLITE,
        help="a record in a file (default), or a PostgreSQL server started for the bench (not as root)",
    )
    parser.add_argument("--only", nargs="+", choices=ALL_PARTS, metavar="PART", help=f"only these: {_parts_words()}")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="where the people are kept (default: bench in NIGHTDESK_HOME)"
    )
    parser.add_argument("--people", type=_whole, metavar="N", help=f"people on record (default: {FULL.people:,})")
    parser.add_argument("--seconds", type=_whole, metavar="N", help="seconds of the flood of calls (default: 60)")
    parser.add_argument("--rings", type=_whole, metavar="N", help=f"rings that are measured (default: {FULL.rings})")
    parser.add_argument("--lines", type=_whole, metavar="N", help=f"lines that are typed (default: {FULL.notes})")
    parser.add_argument("--starts", type=_whole, metavar="N", help=f"starts of each (default: {FULL.starts})")
    parser.add_argument("--entries", type=_whole, metavar="N", help=f"entries appended (default: {FULL.entries:,})")
    parser.add_argument(
        "--imported", type=_whole, metavar="N", help=f"people of the file that is imported (default: {FULL.imported:,})"
    )
    add_database(parser, UNUSED)
    add_json(parser)


def _parts_words() -> str:
    usual = PARTS[StoreKind.SQLITE]
    more = [part for part in ALL_PARTS if part not in usual]
    return f"{', '.join(usual)}; on PostgreSQL also {', '.join(more)}"


def _whole(text: str) -> int:
    plain = text.replace(",", "").replace("_", "")
    if not (plain.isascii() and plain.isdigit() and int(plain) > 0):
        message = f"{text!r} is not a whole number above 0"
        raise argparse.ArgumentTypeError(message)
    return int(plain)


def sizes_of(args: argparse.Namespace) -> Sizes:
    """Return how much is measured: the usual or the quick sizes, changed by what was said."""
    base = QUICK if args.quick else FULL
    entries = args.entries or base.entries
    return replace(
        base,
        people=args.people or base.people,
        seconds=float(args.seconds or base.seconds),
        rings=args.rings or base.rings,
        notes=args.lines or base.notes,
        starts=args.starts or base.starts,
        entries=entries,
        imported=args.imported or base.imported,
        verified=entries * 10 if args.entries else base.verified,
    )


def run(args: argparse.Namespace) -> int:
    """Measure, print the table or JSON; 6 where an aim was missed."""
    from ui.bench.run import measure
    from ui.bench.table import Row, as_json, lines, missed

    sizes = sizes_of(args)
    rows: list[Row] = measure(sizes, args.only or (), store=args.store, kept=args.keep)
    late = missed(rows)
    if args.json:
        machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}
        told = {"machine": machine, "store": args.store.value, "people": sizes.people}
        print(json.dumps({**told, "rows": [as_json(row) for row in rows], "met": not late}))
    else:
        print("\n".join(lines(rows)))
        print(f"\naims missed: {', '.join(row.key for row in late)}" if late else "\nevery aim was met")
    return Exit.CHECK_FAILED if late else Exit.OK

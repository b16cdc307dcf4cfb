"""``nightdesk people``: bring people in from a file, invent some, find somebody."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from console.domain.text import BadInput
from ui.arguments import UNUSED, add_database, add_json, add_login
from ui.commands import Subparsers

MOST = 5_000_000
"""Most people that are invented at once."""
_IMPORT = """\
Bring the council's people, or its directory of agencies, into the record from a CSV file.  Known ones are
changed only where the file differs; the same file twice changes nothing.  Where a row is refused nothing
is imported, unless --allow-rejects is given.  Stopped or killed, the same words again go on where it ended.
Relationships come after the people they are between.  The columns: `nightdesk people columns people`.
On PostgreSQL by a log-in of its own that may import and do nothing else: `nightdesk db worker add import
--program import` makes it."""
_INVENT = """\
Fill a record with invented people: the same number and seed give the same people on every computer.  All
telephone numbers are from the ranges kept for drama.  A missing SQLite file is made, not encrypted.  On PostgreSQL
into a record made with --invented, by the log-in of `nightdesk db worker add import --program import`."""
_SAMPLE = """\
Write an invented council as CSV files to import: people with addresses, numbers, markers and plans, what they
are to one another, and agencies.
Two of them, Marcus and Lena Fenn, share 07700 900412, from which the simulated telephones ring.  The same count, seed
and day give the same files on every computer; nobody in them is real."""
_FIND = """\
Find people by what the console's search box takes: names (near ones too), parts of an address, a postcode or its
beginning, a year or date of birth, a number, a reference, in any order.  The search is written to the access log.
Nobody found, or too many to tell: prints [] and ends well.  On PostgreSQL by the log-in --login, in a role of its
own."""


_KINDS = ("people", "agencies", "relationships")


def add(subparsers: Subparsers) -> None:
    """Add the command and its branches."""
    parser = subparsers.add_parser("people", help="import, invent or find people")
    branches = parser.add_subparsers(metavar="WHAT", required=True, title="what to do")
    _add_import(branches)
    _add_invent(branches)
    _add_sample(branches)
    _add_find(branches)
    columns = branches.add_parser("columns", help="list the columns of a file to import", description="List columns.")
    columns.add_argument("kind", choices=_KINDS, help="what the file holds")
    add_database(columns, UNUSED)
    add_json(columns)
    columns.set_defaults(act="columns")


def _add_import(branches: Subparsers) -> None:
    parser = branches.add_parser("import", help="bring people or agencies in from a CSV file", description=_IMPORT)
    add_import_options(parser)
    _add_common(parser)
    add_login(parser, default="import")
    parser.set_defaults(act="import")


def add_import_options(parser: argparse.ArgumentParser, also: tuple[str, ...] = ()) -> None:
    """Give ``parser`` what an import asks, wherever it imports to; ``also``: files that others than this one take."""
    parser.add_argument("kind", choices=(*_KINDS, *also), help="what the file holds")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, UTF-8; the first line names the columns")
    parser.add_argument("--rejects", type=Path, metavar="FILE", help="write refused rows to this CSV: line, reason")
    parser.add_argument("--allow-rejects", action="store_true", help="import the good rows though others are refused")
    parser.add_argument("--encoding", default="utf-8", help="another encoding of the file, such as cp1252")
    parser.add_argument(
        "--invented", action="store_true", help="nobody in it is real: into a record for invented people only"
    )


def _add_invent(branches: Subparsers) -> None:
    parser = branches.add_parser("invent", help="make an invented population", description=_INVENT)
    parser.add_argument("count", type=_count, metavar="N", help=f"how many people, at most {MOST:,}")
    _add_seed(parser, "2026-12-01")
    _add_common(parser)
    add_login(parser, default="import")
    parser.set_defaults(act="invent")


def _add_sample(branches: Subparsers) -> None:
    parser = branches.add_parser("sample", help="write an invented council as files to import", description=_SAMPLE)
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="made where it is not there; no file is overwritten"
    )
    parser.add_argument("--count", type=_count, default=200, metavar="N", help="how many people (default: 200)")
    _add_seed(parser, "today")
    add_database(parser, UNUSED)
    add_json(parser)
    parser.set_defaults(act="sample")


def _add_seed(parser: argparse.ArgumentParser, usual: str) -> None:
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other people (default: 1)")
    parser.add_argument("--as-of", type=_day, metavar="DAY", help=f"the day they stand as (default: {usual})")


def _add_find(branches: Subparsers) -> None:
    parser = branches.add_parser("find", help="find people", description=_FIND)
    parser.add_argument("words", nargs="*", metavar="WORDS", help="what is known: bev harker 12 quay")
    parser.add_argument("--number", metavar="NUMBER", help="telephone number, written in any way")
    parser.add_argument("--name", metavar="NAME", help="names or parts of them, parts of an address")
    parser.add_argument("--born", metavar="DAY", help="date of birth, day first")
    parser.add_argument("--reference", metavar="REF", help="number in the case system")
    parser.add_argument("--limit", type=int, default=12, metavar="N", help="print at most so many, up to 50 (12)")
    _add_common(parser)
    add_login(parser)
    parser.set_defaults(act="find")


def _add_common(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of an encrypted record (default: keyring)")
    add_json(parser)


def _count(text: str) -> int:
    plain = text.replace(",", "").replace("_", "")
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MOST):
        message = f"{text!r} is not a number of people from 1 to {MOST:,}"
        raise argparse.ArgumentTypeError(message)
    return int(plain)


FIRST_YEAR, LAST_YEAR = 1970, 2100
"""Between which the oldest of them was born and the newest review falls due, all of it in a calendar's years."""


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day such as 2026-12-01"
        raise argparse.ArgumentTypeError(message) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"{text!r} is not a day from {FIRST_YEAR} to {LAST_YEAR}"
        raise argparse.ArgumentTypeError(message)
    return day


def run(args: argparse.Namespace) -> int:
    """Run one branch; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from ui.commands import _people_acts as acts  # noqa: PLC0415 - see above

    branches: dict[str, Callable[[argparse.Namespace], int]] = {
        "import": acts.import_file,
        "invent": acts.invent_people,
        "sample": acts.write_sample,
        "find": acts.find_people,
        "columns": acts.list_columns,
    }
    if args.act not in branches:
        raise BadInput("There is no such branch.  Nothing was done.")
    return branches[args.act](args)

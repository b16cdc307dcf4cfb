"""``nightdesk rota``: bring in who is on call and on shift, see who is on, and make a rota to try."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from console.domain.text import BadInput
from ui.arguments import UNUSED, add_database, add_json, add_login
from ui.commands import Subparsers

_IMPORT = """\
Bring the council's rota into the record from a CSV file.  On each duty of each authority and service that the file
names, from its first beginning to its last end there, the file replaces what was on the rota; everything else stays.
The same file twice changes nothing.  Overlaps and gaps are said and change nothing.  Where a row is refused nothing is
imported, unless --allow-rejects is given.  The columns: `nightdesk rota columns`.  On PostgreSQL by a log-in of
nd_import."""
_SHOW = """\
Say who is on call now by the rota, who comes next, and where nobody is.  On PostgreSQL by the log-in --login."""
_SAMPLE = """\
Print an invented team's rota as CSV, with telephone numbers kept for drama, to be imported with --invented into a
record to try.  On its last night nobody is on call as AMHP from 04:00, to see how that is said."""
MOST_DAYS = 60


def add(subparsers: Subparsers) -> None:
    """Add the command and its branches."""
    parser = subparsers.add_parser("rota", help="bring in who is on call and when; say who is on now")
    branches = parser.add_subparsers(metavar="WHAT", required=True, title="what to do")
    _add_import(branches)
    show = branches.add_parser("show", help="who is on call now and next", description=_SHOW)
    show.add_argument("--at", metavar="TIME", help="another time, in London: '01/12/2026 22:14'")
    _add_record(show)
    add_login(show)
    show.set_defaults(act="show")
    sample = branches.add_parser("sample", help="print a rota to try", description=_SAMPLE)
    sample.add_argument("--from", dest="first", type=_day, metavar="DAY", help="its first evening (default: tonight's)")
    sample.add_argument("--days", type=int, default=14, metavar="N", help="how many nights (default: 14)")
    add_database(sample, UNUSED)
    sample.set_defaults(act="sample")
    columns = branches.add_parser("columns", help="list the columns of the file", description="List the columns.")
    add_database(columns, UNUSED)
    add_json(columns)
    columns.set_defaults(act="columns")


def _add_import(branches: Subparsers) -> None:
    parser = branches.add_parser("import", help="bring a rota in from a CSV file", description=_IMPORT)
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, UTF-8; the first line names the columns")
    parser.add_argument("--rejects", type=Path, metavar="FILE", help="write refused rows to this CSV: line, reason")
    parser.add_argument("--allow-rejects", action="store_true", help="import the good rows though others are refused")
    parser.add_argument("--encoding", default="utf-8", help="another encoding of the file, such as cp1252")
    parser.add_argument(
        "--invented", action="store_true", help="nobody on it is real: into a record for invented people only"
    )
    _add_record(parser)
    add_login(parser, default="import")
    parser.set_defaults(act="import")


def _add_record(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of an encrypted record (default: keyring)")
    add_json(parser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day such as 2026-12-01"
        raise argparse.ArgumentTypeError(message) from None


def run(args: argparse.Namespace) -> int:
    """Run one branch; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from ui.commands import _rota_acts as acts  # noqa: PLC0415 - see above

    branches: dict[str, Callable[[argparse.Namespace], int]] = {
        "import": acts.import_file,
        "show": acts.show,
        "sample": acts.sample,
        "columns": acts.list_columns,
    }
    if args.act not in branches:
        raise BadInput("There is no such branch.  Nothing was done.")
    return branches[args.act](args)

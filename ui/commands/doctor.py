"""``nightdesk doctor``: what is well on this computer, what is not, and what to do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.arguments import add_database, add_json
from ui.commands import Subparsers
from ui.exits import Exit
from ui.started import as_started

if TYPE_CHECKING:
    from ui.bootstrap.doctor.checking import Finding

_ABOUT = """\
Look at settings, programs, disk, keyring, time zone, record, rights, clock, switchboard, speech and screen: what is
well, what is not, what it means and what to do.  Changes nothing, says nothing aloud, dials nobody; of the keyring it
writes, reads and removes a probe.  Each check has its own time limit.  Ends with 0 where nothing is unwell, else 5.
With a team's record say --login NAME, to see rights and clock too; the password comes from the keyring."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("doctor", help="say what is well here, what is not, what to do", description=_ABOUT)
    add_database(parser)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of the record (default: keyring)")
    parser.add_argument("--login", default="", metavar="NAME", help="PostgreSQL: who logs in to look at rights")
    parser.add_argument(
        "--password-stdin", action="store_true", help="PostgreSQL: read the password from the first line of stdin"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Look and tell; what it needs is imported only now."""
    from ui.bootstrap.doctor.all_checks import Asked, examine
    from ui.bootstrap.doctor.checking import State

    password = sys.stdin.readline(1000).rstrip("\r\n") if args.password_stdin else ""
    found = examine(Asked(args.database, args.key_file, args.login, password))
    unwell = sum(one.state is State.NOT_WELL for one in found)
    if args.json:
        print(json.dumps({"well": not unwell, "checks": [asdict(one) for one in found]}, indent=1))
        return Exit.REFUSED if unwell else Exit.OK
    return tell(found)


def tell(found: Sequence[Finding]) -> int:
    """Print findings for a person; return the exit code."""
    from ui.bootstrap.doctor.checking import State

    unwell = sum(one.state is State.NOT_WELL for one in found)
    for one in found:
        print(f"{one.state.value:<9}  {one.key:<11}  {as_started(one.means)}")
        if one.do:
            print(f"{'':<24}to do: {as_started(one.do)}")
    print(f"\n{unwell} of {len(found)} not well." if unwell else "\nNothing is unwell.")
    return Exit.REFUSED if unwell else Exit.OK

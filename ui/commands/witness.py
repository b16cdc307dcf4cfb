"""``nightdesk witness``: writes down every call, also while no console runs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.ports.clock import Clock
from ui.arguments import add_database, add_json
from ui.commands import Subparsers
from ui.started import as_started

if TYPE_CHECKING:
    from console.services.witness_news import News

_ABOUT = """\
Watch the switchboard of the settings and write what happens to calls into the record, with no window and nobody
signed in, until Ctrl-C or the service manager ends it.  Consoles and witnesses on one switchboard leave one
account of each call; nothing needs a witness, but with one the calls of hours without a console are there in the
morning.  A record in a file must be there already.  On a team's record it signs in with a log-in of its own,
made by `nightdesk db worker add witness --role witness`, which can write facts of calls and read no words."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("witness", help="write down every call, without a window", description=_ABOUT)
    parser.add_argument(
        "--login", default="witness", metavar="NAME", help="PostgreSQL: the witness's log-in (default: witness)"
    )
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="PostgreSQL: read the password from the first line of stdin "
        "(default: NIGHTDESK_DATABASE_PASSWORD, or the keyring)",
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="where there is no keyring: key of a record in a file, and of the witness's own journal",
    )
    parser.add_argument("--switchboard", default="", metavar="KEY", help="another switchboard than the settings say")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="sets", help="one setting of the switchboard"
    )
    parser.add_argument(
        "--acts",
        action="store_true",
        help='also do what consoles ask that have no way to the switchboard (switchboard = "through_witness")',
    )
    parser.add_argument("--rehearsal", action="store_true", help="allow the simulated switchboard")
    add_json(parser)
    add_database(parser)


class Teller:
    """Sentences on stderr, or one JSON object a line on stdout; a reader that went away ends no watch."""

    def __init__(self, clock: Clock, *, as_json: bool) -> None:
        self._clock = clock
        self._json = as_json

    def __call__(self, news: News) -> None:
        """Tell one piece of news."""
        try:
            if self._json:
                said = {"event": news.event, "at": self._clock.now().isoformat(), "sentence": news.sentence}
                print(json.dumps({**said, **news.facts}), flush=True)
            else:
                print(f"nightdesk: {as_started(news.sentence)}", file=sys.stderr, flush=True)
        except OSError:
            _tell_nobody()


def _tell_nobody() -> None:
    """Let what is said go nowhere from now on; Python would otherwise fail at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def run(args: argparse.Namespace) -> int:
    """Watch; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from console.machine.clock import SystemClock
    from console.machine.paths import home
    from ui.bootstrap.witness_record import WitnessOptions
    from ui.bootstrap.witnessing import run_witness
    from ui.commands.console import setting_of
    from ui.settings_file import load

    options = WitnessOptions(
        args.database,
        args.login,
        args.key_file,
        args.switchboard,
        dict(setting_of(text) for text in args.sets),
        args.rehearsal,
        args.password_stdin,
        args.acts,
    )
    return run_witness(options, load(home(os.environ).settings_file), Teller(SystemClock(), as_json=args.json))

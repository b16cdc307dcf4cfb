"""``nightdesk console``: one worker's window."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import Any

from console.domain.roles import SHIFT_ROLES, Role
from console.domain.text import BadInput
from ui.arguments import add_database
from ui.commands import Subparsers

LONGEST_PASSWORD = 1_000
"""Characters read from stdin."""
SCREENS = ("handler", "coordinator", "board")
_ABOUT = """\
Open the console: sign in with your name and the telephone you sit at.  A missing record is made, encrypted,
with its key in this account's keyring or in --key-file.  One console runs for each account and NIGHTDESK_HOME.
With --name no sign-in is asked: for scripts and rehearsals.  On a team's record NAME is the log-in's, and its
password is in this account's keyring, or the first line of stdin with --password-stdin."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("console", help="open a worker's window", description=_ABOUT)
    parser.add_argument("--as", dest="screen", choices=SCREENS, help="the screen to begin on (default: by role)")
    parser.add_argument("--name", default="", metavar="NAME", help="sign in under this name, without asking")
    roles = sorted(role.value for role in SHIFT_ROLES)
    parser.add_argument("--role", choices=roles, metavar="ROLE", help=f"with this role: {', '.join(roles)}")
    parser.add_argument("--extension", default="", metavar="EXT", help="at this telephone, such as 1001")
    parser.add_argument("--switchboard", default="", metavar="KEY", help="another switchboard than the settings say")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="sets", help="one setting of the switchboard"
    )
    parser.add_argument("--rehearsal", action="store_true", help="allow the simulated switchboard")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of the record (default: keyring)")
    parser.add_argument(
        "--join",
        nargs="?",
        const="",
        metavar="FILE",
        help="join a team first: the join line is asked for, or is in FILE, or - reads it from stdin",
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="with --name: read the log-in's password from stdin"
    )
    add_database(parser)


def run(args: argparse.Namespace) -> int:
    """Open it.  Qt is loaded only now."""
    overrides = dict(setting_of(text) for text in args.sets)
    if args.password_stdin and not args.name:
        raise BadInput("--password-stdin goes with --name.  Nothing was started; or type the password at the sign-in.")
    join = _join_line(args)
    # What modules make stays: to look through it for rubbish would keep the first window waiting.
    gc.disable()
    from ui.desktop.runtime.sources import leave_sources_unread

    leave_sources_unread()
    from ui.bootstrap.entrance import ConsoleOptions, run_console
    from ui.desktop.shortcuts import Screen

    options = ConsoleOptions(
        args.database,
        args.key_file,
        Screen(args.screen) if args.screen else None,
        args.name,
        Role(args.role) if args.role else None,
        args.extension,
        args.switchboard,
        overrides,
        args.rehearsal,
        sys.stdin.readline(LONGEST_PASSWORD).rstrip("\r\n") if args.password_stdin else "",
        join,
    )
    return run_console(options)


def _join_line(args: argparse.Namespace) -> str | None:
    """Return the join line that came by a file or stdin, nothing where a window asks for it, None without --join."""
    if not args.join:
        return None if args.join is None else ""
    if args.name or args.database:
        raise BadInput(
            "--join asks and says where the record is: leave out --name and --database.  Nothing was started."
        )
    from ui.bootstrap.join_source import LONGEST, checked, read_source

    line = sys.stdin.readline(LONGEST) if args.join == "-" else read_source(args.join)
    return checked(line)


def setting_of(text: str) -> tuple[str, Any]:
    """Return name and value of ``port=5038``: a number, true or false, or else text."""
    import tomllib

    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        message = f"--set {text}: say NAME=VALUE, such as --set host=127.0.0.1.  Nothing was started."
        raise BadInput(message)
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value

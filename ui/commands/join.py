"""``nightdesk join``: let this computer join a team's record, without a window."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from ui.arguments import add_json
from ui.commands import Subparsers
from ui.exits import Exit
from ui.started import as_started

if TYPE_CHECKING:
    from ui.bootstrap.join_line import Invitation
    from ui.bootstrap.joining import Joined

_ABOUT = """\
Join a team's record with the line that `nightdesk serve add` printed, and choose a password of your own.  The line is
asked for, not shown, and works once.  In a script give FILE, or - to read two lines from standard input: the join
line, then the password to choose.  The line itself is no argument: every program on this computer could read it.
`nightdesk console --join` does the same in a window."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("join", help="join a team's record with a join line", description=_ABOUT)
    parser.add_argument("source", nargs="?", metavar="FILE", help="a file with the join line, or - for standard input")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Join; what it needs is imported only now."""
    import os

    from console.machine.paths import home
    from console.machine.secrets import KeyringSecrets
    from ui.bootstrap.extras import need
    from ui.bootstrap.join_line import read_line

    need("postgres", "psycopg")
    from ui.bootstrap.joining import KEPT_NOWHERE, NOT_KEPT_FOR_A_WITNESS, Joining

    invitation = read_line(_line(args.source))
    nowhere = NOT_KEPT_FOR_A_WITNESS if invitation.is_witness else KEPT_NOWHERE
    joining = Joining(home(os.environ), KeyringSecrets(instead=nowhere), invitation)
    joining.meet()
    if not args.json:
        print(f"{invitation.database} let you in as {invitation.name} ({invitation.role.value}).")
    joined = joining.choose(_own_password(args.source))
    if args.json:
        said = {"database": joined.database, "login": invitation.login, "worker": invitation.name}
        print(json.dumps({**said, "role": invitation.role.value, "kept": not joined.unkept, "before": joined.before}))
    else:
        _say(joined)
    return Exit.OK


def _say(joined: Joined) -> None:
    print(f"This computer's record is {joined.database} from now on, and the one-time password has ended.")
    if joined.before:
        print(f"Before, it was {joined.before}; that was not touched.")
    if joined.unkept:
        print(as_started(joined.unkept))
    print(as_started(_next(joined.invitation)))


def _next(invitation: Invitation) -> str:
    if not invitation.is_witness:
        return "Sign in with `nightdesk console`."
    named = "" if invitation.login.endswith("__witness") else f" --login {invitation.login}"
    return f"Watch with `nightdesk witness{named}`."


def _line(source: str | None) -> str:
    from getpass import getpass

    from ui.bootstrap.join_source import LONGEST, read_source

    if source == "-" or (source is None and not sys.stdin.isatty()):
        return sys.stdin.readline(LONGEST)
    if source is None:
        return getpass("Paste the join line (it is not shown), then Enter: ")
    return read_source(source)


def _own_password(source: str | None) -> str:
    from getpass import getpass

    from console.domain.text import BadInput

    if source == "-" or not sys.stdin.isatty():
        return sys.stdin.readline(4000).rstrip("\r\n")
    chosen = getpass("Choose a password of your own (12 characters or more): ")
    if getpass("The same again: ") != chosen:
        raise BadInput("The two passwords differ.  Nothing was changed; the join line is still good.")
    return chosen

"""``nightdesk pop``: a telephone program tells the console that runs here of a call."""

from __future__ import annotations

import argparse

from ui.arguments import UNUSED, add_database
from ui.commands import Subparsers
from ui.exits import Exit

_ABOUT = """\
Tell the console of this account that runs here of a call, as telephone programs do that can start a command.  NUMBER
is who rings: a number, a word such as withheld, or nothing where none was sent.  LINK is nightdesk://pop?number=...,
or tel: where the settings take it.  Nothing is ever dialled.  The console must be open, signed in, and have local_pop
as its switchboard."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("pop", help="tell the running console of a call", description=_ABOUT)
    parser.add_argument("what", nargs="?", metavar="NUMBER|LINK", help="who rings; or a link instead of all the rest")
    parser.add_argument("--line", metavar="KEY", help="the line that was dialled: hampshire-children, or its number")
    parser.add_argument("--id", metavar="ID", help="the program's own id of this call, the same in all it tells of it")
    parser.add_argument("--event", metavar="WHAT", help="ringing (usual), answered or ended")
    parser.add_argument("--name", metavar="NAME", help="the name that came with the number")
    parser.add_argument("--extension", metavar="EXT", help="the telephone that rings (usual: the one of the sign-in)")
    parser.add_argument("--queue", metavar="NAME", help="the queue that the caller waits in")
    parser.add_argument("--diverted-from", metavar="NUMBER", help="who sent the caller on to us")
    parser.add_argument("--presentation", metavar="WORD", help="may it be shown: allowed, withheld, unavailable")
    parser.add_argument("--by", metavar="WHO", help="with --event ended: caller or us")
    add_database(parser, UNUSED)


def run(args: argparse.Namespace) -> int:
    """Hand it over, and print what the console says."""
    from telephony_adapters.local_pop import FIELDS
    from ui.bootstrap.popping import hand_over

    given = {name: getattr(args, name) for name in FIELDS if name != "number"}
    print(hand_over(args.what, {name: value for name, value in given.items() if value is not None}))
    return Exit.OK

"""``nightdesk links``: how telephone programs of this computer reach the console."""

from __future__ import annotations

import argparse

from ui.arguments import UNUSED, add_database
from ui.commands import Subparsers
from ui.exits import Exit
from ui.started import as_started

_ABOUT = """\
Register links with this desktop, so that a link nightdesk://pop?number=... tells the running console of a call; tel:
and callto: only where telephone_links is true in the settings of local_pop.  No link ever dials.  --new-secret makes
the secret by which other programs sign what they send to the webhook.  Without an option: for each
telephone program there is an example for, what to write into it."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("links", help="let telephone programs reach the console", description=_ABOUT)
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--install", action="store_true", help="register the links for this account (Linux)")
    acts.add_argument("--remove", action="store_true", help="take that registration away")
    acts.add_argument(
        "--new-secret", action="store_true", help="make this installation's secret, keep it in the keyring, print it"
    )
    add_database(parser, UNUSED)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what was done."""
    import os

    from ui.bootstrap import links

    if args.install:
        done = links.install(os.environ)
        schemes = ", ".join(f"{scheme}:" for scheme in done.schemes)
        print(f"Links that begin with {schemes} open in Nightdesk, by {done.file}.  None of them dials.")
        if done.by_hand:
            print("This could not be run here, and may be needed once:")
            print("\n".join(f"  {one}" for one in done.by_hand))
    elif args.remove:
        print("The links are registered no more." if links.remove(os.environ) else "No links were registered here.")
    elif args.new_secret:
        _new_secret()
    else:
        for one in links.examples(os.environ):
            print(f"{one.title} ({one.tested})")
            for line in one.lines:
                print(as_started(f"  {line}"))
    return Exit.OK


def _new_secret() -> None:
    import sys

    from console.machine.secrets import KeyringSecrets
    from ui.bootstrap.links import new_secret

    keyring = KeyringSecrets(instead="Calls can be told by the command and by links without it.")
    made = new_secret(keyring)
    print("Kept in this account's keyring; the secret before it has ended.  Open consoles anew.", file=sys.stderr)
    print("Put it where the program that sends keeps its secrets, as you would a key:", file=sys.stderr)
    print(made)

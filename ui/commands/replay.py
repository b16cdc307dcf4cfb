"""``nightdesk replay``: what each worker could see of an incident, as a timed transcript with the chain's digests."""

from __future__ import annotations

import argparse
from pathlib import Path

from ui.arguments import add_database, add_login
from ui.commands import Subparsers

REASON = "command line"
_ABOUT = """\
Print an incident as a timed transcript: each entry with when it was made and shared, by whom, its words, and the digest
that ties it to all entries before it.  REFERENCE is the incident's short reference, or that of its first record.
--worker and --at print what one worker could see at one moment instead.  For managers and auditors: on PostgreSQL by
the log-in --login; on a record in one file nobody's sign-in is proved, and whoever may read the file may replay.
That it was read is written on the access log first.  Prove the range with `nightdesk db verify --seen`, as printed."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("replay", help="print what was known of an incident, and when", description=_ABOUT)
    parser.add_argument("reference", metavar="REFERENCE", help="short reference, such as 7K3M-Q2XA-5")
    parser.add_argument("--at", metavar="TIME", help="up to this moment in London: 02:47, or 2026-12-02 02:47:30")
    parser.add_argument("--worker", metavar="NAME", help="what this worker could see (default: all that was shared)")
    parser.add_argument("--reason", default=REASON, metavar="WORDS", help="why, for the access log")
    parser.add_argument(
        "--transcript", type=Path, metavar="FILE", help="write it to a new file that only this account may read"
    )
    add_database(parser)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of an encrypted record (default: keyring)")
    add_login(parser)


def run(args: argparse.Namespace) -> int:
    """Print or write a transcript; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from ui.commands import _replay_acts as acts  # noqa: PLC0415 - see above

    return acts.replay(args)

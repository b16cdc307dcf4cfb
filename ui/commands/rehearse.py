"""``nightdesk rehearse``: a scripted crisis in the real console, with a timed review at its end."""

from __future__ import annotations

import argparse

from console.domain.text import BadInput
from ui.arguments import add_database, add_json, speed_between
from ui.commands import Subparsers

SLOWEST, FASTEST = 0.05, 1_000.0
_ABOUT = """\
Rehearse a crisis in the real console: invented people, simulated telephones, a record of its own in a fresh folder
under NIGHTDESK_HOME/rehearsals, never the record of real work.  Colleagues that the script plays react to what the
trainee does.  At the end comes a timed review, shown and kept beside the record; a strip says what the caller says,
lets the script go on, and ends it.  SCRIPT is a file, or one of ours (--list names them).
docs/using/writing-a-rehearsal.md says how to write one."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("rehearse", help="rehearse a crisis with invented people", description=_ABOUT)
    parser.add_argument("script", nargs="?", metavar="SCRIPT", help="a rehearsal's file, or the name of one of ours")
    parser.add_argument("--list", action="store_true", help="name the rehearsals that come with Nightdesk")
    parser.add_argument("--check", action="store_true", help="only read the script and say whether it can be played")
    parser.add_argument("--as", dest="seat", default="", metavar="SEAT", help="train at this seat of the script")
    parser.add_argument("--with-second", action="store_true", help="two trainees: open the other one's window too")
    parser.add_argument(
        "--headless", action="store_true", help="no windows here: print how trainees' consoles of this computer join"
    )
    parser.add_argument("--unattended", action="store_true", help="nobody trains: try a script, it plays every desk")
    parser.add_argument(
        "--speed",
        type=speed_between(SLOWEST, FASTEST),
        default=1.0,
        metavar="N",
        help="let the script go N times as fast",
    )
    add_json(parser)
    add_database(parser, "refused here: a rehearsal makes an invented record of its own and opens no other")


def run(args: argparse.Namespace) -> int:
    """Rehearse.  Qt is loaded only where windows are wanted."""
    if args.database is not None:
        raise BadInput(
            "A rehearsal makes an invented record of its own and never opens another, least of all the record of real "
            "work.  Nothing was opened; leave --database out."
        )
    from telephony_adapters.simulator.rehearsal import load_rehearsal, rehearsal_names, whose_lines

    if args.list:
        for name in rehearsal_names():
            print(f"{name:<24}{load_rehearsal(name).title}")
        return 0
    if not args.script:
        raise BadInput(f"Name a SCRIPT: a file, or one of {', '.join(rehearsal_names())}.  Nothing was started.")
    if args.check:
        script = load_rehearsal(args.script)
        print(f"“{script.title}” can be played: {len(script.scenes)} scenes, {len(script.aims)} aims.")
        for sentence in whose_lines(script.people):
            print(sentence)
        return 0
    return _play(args)


def _play(args: argparse.Namespace) -> int:
    if args.unattended and (args.seat or args.with_second):
        raise BadInput("--unattended is for a script without trainees: leave --as and --with-second out.")
    from ui.bootstrap.rehearsal.options import RehearseOptions

    options = RehearseOptions(args.script, args.seat, args.with_second, args.unattended, args.speed, args.json)
    if args.headless or args.unattended:
        from ui.bootstrap.rehearsal.headless import rehearse_headless

        return rehearse_headless(options, _say)
    from ui.bootstrap.rehearsal.windowed import rehearse_windowed

    return rehearse_windowed(options, _say)


def _say(line: str) -> None:
    print(line, flush=True)

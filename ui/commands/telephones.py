"""``nightdesk telephones``: set up the telephones, tried before it is kept, and what to ask of their owner."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from ui.arguments import UNUSED, add_database
from ui.commands import Subparsers
from ui.exits import Exit
from ui.started import as_started

if TYPE_CHECKING:
    from ui.bootstrap.setting_up.course import Course
    from ui.bootstrap.setting_up.drafts import Draft
    from ui.bootstrap.setting_up.workshop import Workshop

LONGEST_SECRET = 1_000
"""Characters read from stdin."""
_ABOUT = """\
Set up the telephones: choose the kind of switchboard, write down where it is, try it, and keep it.  Trying dials
nobody and changes nothing; the old settings stay until you keep the new ones.  On a desktop a window opens; without
one, or with --kind, the same by words: --try goes step by step (reach, log in, rights, version, one call heard within
20 s), --keep writes settings.toml after a try that was let in, and the secret into this account's keyring alone."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("telephones", help="set up the telephones: try, then keep", description=_ABOUT)
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--window", action="store_true", help="open the window (as without any option, on a desktop)")
    acts.add_argument(
        "--kinds", action="store_true", help="name every kind of switchboard, and what it was tested against"
    )
    acts.add_argument("--check", action="store_true", help="look at what is kept, as `nightdesk doctor` does")
    acts.add_argument("--try", action="store_true", dest="tries", help="try the kind and its settings; keep nothing")
    acts.add_argument("--keep", action="store_true", help="try, and keep it where the switchboard let us in")
    acts.add_argument("--keep-untried", action="store_true", help="keep it without trying")
    acts.add_argument(
        "--what-to-ask", action="store_true", help="print what to ask of the switchboard's owner, as words for a mail"
    )
    parser.add_argument("--kind", default="", metavar="KEY", help="the kind of switchboard (default: the settings)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="sets", help="one setting of this kind"
    )
    parser.add_argument(
        "--secret-stdin", action="store_true", help="read its secret from the first line of stdin (else the keyring's)"
    )
    add_database(parser, UNUSED)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; what it needs is imported only now."""
    if args.check:
        return _check()
    named = args.kinds or args.tries or args.keep or args.keep_untried or args.what_to_ask
    if args.window or not (named or args.kind or args.sets):
        return _window(asked=args.window)
    from console.machine.paths import home
    from telephony_adapters.registry import installed
    from ui.bootstrap.setting_up.workshop import Workshop

    workshop = Workshop(home(os.environ), installed())
    if args.kinds:
        return _kinds(workshop)
    draft = _draft(args, workshop)
    if args.what_to_ask:
        print(workshop.ask_for(draft))
        return Exit.OK
    if args.keep_untried:
        print(as_started(workshop.keep(draft)))
        return Exit.OK
    return _try(workshop, draft, keep=args.keep)


def _window(*, asked: bool) -> int:
    from console.domain.text import BadInput

    if not (asked or _has_screen()):
        raise BadInput(
            "There is no screen here, so say what to do: --kinds, --try, --keep, --what-to-ask or --check (see "
            "`nightdesk telephones --help`).  Nothing was changed."
        )
    from ui.bootstrap.setting_up.window import run_window

    return run_window()


def _has_screen() -> bool:
    try:
        from ui.desktop.runtime.application import has_screen
    except ImportError:
        # A server has not even the libraries of windows.
        return False
    return has_screen(os.environ)


def _check() -> int:
    from ui.bootstrap.doctor.all_checks import examine_telephones
    from ui.commands.doctor import tell

    return tell(examine_telephones())


def _kinds(workshop: Workshop) -> int:
    for one in workshop.kinds():
        print(f"{one.key:<16} {one.title}\n{'':<16} {one.tested}; {one.licence}")
    for broken in workshop.broken:
        print(f"{broken.key:<16} cannot be used: {broken.why}")
    return Exit.OK


def _draft(args: argparse.Namespace, workshop: Workshop) -> Draft:
    from console.domain.text import BadInput
    from ui.bootstrap.setting_up.workshop import drafted

    key = args.kind or workshop.settings.switchboard
    if not key:
        raise BadInput("Say which kind: --kind KEY (`nightdesk telephones --kinds` names them).  Nothing was changed.")
    changes = {}
    for text in args.sets:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise BadInput(f"--set {text}: say NAME=VALUE, such as --set host=pbx.example.  Nothing was changed.")
        changes[name.strip()] = value.strip()
    secrets = {}
    if args.secret_stdin:
        typed = sys.stdin.readline(LONGEST_SECRET).rstrip("\r\n")
        secrets = {one.name: typed for one in workshop.asked(key) if one.secret}
    return drafted(workshop, key, changes, secrets)


def _try(workshop: Workshop, draft: Draft, *, keep: bool) -> int:
    from ui.bootstrap.setting_up.trying import try_it

    said: set[str] = set()

    def told(course: Course) -> None:
        for one in course.steps():
            line = f"{one.state.value:<9}  {one.key.value:<15}  {one.words}"
            # What waits for the step above, or was not asked because of it, is known without a line.
            if "above" not in one.words and line not in said:
                said.add(line)
                print(as_started(line), flush=True)
                for more in one.more:
                    print(f"{'':<28}{as_started(more)}")

    course = try_it(workshop.attempt(draft), told)
    if not keep:
        print("\nNothing was kept.  The settings are as they were.")
    elif course.logged_in:
        print(as_started(f"\n{workshop.keep(draft)}"))
    else:
        print("\nNothing was kept: it did not let us in.  --keep-untried keeps it all the same.")
    return Exit.OK if course.well else Exit.REFUSED

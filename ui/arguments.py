"""Arguments that several commands share, each defined once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from ui.settings import BadSettings, check_database


class Reader(argparse.ArgumentParser):
    """The parser of one command; ``ahead`` may add arguments once it is known which words it is to read."""

    ahead: Callable[[Sequence[str]], None] | None = None

    def parse_known_args(  # type: ignore[override]  # its parent says in overloads what this says in one
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read ``args``."""
        if self.ahead is not None:
            self.ahead(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)


def database(text: str) -> str:
    """Check a ``--database`` (see :func:`ui.settings.check_database`) for argparse."""
    try:
        return check_database(text)
    except BadSettings as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal


def speed_between(slowest: float, fastest: float) -> Callable[[str], float]:
    """Return what checks a ``--speed`` for argparse: how many times as fast as life."""

    def speed(text: str) -> float:
        try:
            times = float(text)
        except ValueError:
            times = 0.0
        if not slowest <= times <= fastest:
            message = f"{text!r} is not a speed from {slowest} to {fastest:.0f}"
            raise argparse.ArgumentTypeError(message)
        return times

    return speed


RECORD = (
    "the record: a SQLite file, or postgresql://HOST/SERVICE without a password "
    "(default: the settings; without them nightdesk.db in NIGHTDESK_HOME)"
)
UNUSED = "changes nothing here: this command opens no record of yours"


def add_database(parser: argparse.ArgumentParser, words: str = RECORD) -> None:
    """Give ``parser`` the ``--database`` that every command has; None means "as the settings say".

    ``words`` are its help, for a command that does something else with it than open the record.
    """
    parser.add_argument(
        "--database",
        type=database,
        metavar="URL",
        help=words,
    )


def add_login(parser: argparse.ArgumentParser, option: str = "--login", text: str = "", default: str = "") -> None:
    """Give ``parser`` what a team's record asks: who logs in, and where the password is.  Never the password itself."""
    words = text or "PostgreSQL: who logs in: a name, or the whole log-in"
    parser.add_argument(option, dest="login", default=default, metavar="NAME", help=words)
    parser.add_argument(
        "--password-stdin", action="store_true", help="PostgreSQL: read the password from the first line of stdin"
    )
    parser.add_argument(
        "--keep-password", action="store_true", help="PostgreSQL: keep it in this account's keyring, once it was right"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` a ``--json``."""
    parser.add_argument("--json", action="store_true", help="print JSON for a program instead of words for a person")


def leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the parsers that end a command: ``db verify``, not ``db``."""
    branches = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not branches:
        yield parser
    for branch in branches:
        for child in {id(child): child for child in branch.choices.values()}.values():
            yield from leaves(child)


def has_option(parser: argparse.ArgumentParser, option: str) -> bool:
    """Say whether ``parser`` knows ``option`` already."""
    return option in parser._option_string_actions

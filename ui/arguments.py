"""Arguments that several commands share, each defined once."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from urllib.parse import urlsplit


def database(text: str) -> str:
    """Check a ``--database``: a SQLite file, ``sqlite:///FILE`` or ``postgresql://HOST/NAME``.

    A password is refused: a command line is read by every account of the computer.
    """
    if "://" not in text:
        if not text.strip():
            raise argparse.ArgumentTypeError("no database was named; give a file, or postgresql://host/name")
        return text
    parts = urlsplit(text)
    if parts.password is not None or "password=" in parts.query.lower():
        raise argparse.ArgumentTypeError(
            "a password may not stand in --database, where every program on this computer can read it; "
            "leave it out and put it in the PostgreSQL password file or the keyring"
        )
    if parts.scheme not in ("sqlite", "postgresql"):
        raise argparse.ArgumentTypeError(
            f"{parts.scheme}:// is no database Nightdesk knows; give a SQLite file, or postgresql://host/name"
        )
    return text


def add_database(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the ``--database`` that every command has; None means "as the settings say"."""
    parser.add_argument(
        "--database",
        type=database,
        metavar="URL",
        help="the record: a SQLite file, or postgresql://HOST/NAME without a password "
        "(default: the settings; without them nightdesk.db in NIGHTDESK_HOME)",
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

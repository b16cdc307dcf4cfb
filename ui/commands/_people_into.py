"""The record that the imports and ``people invent`` write into: a file, a team's, or the trial served here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from console.domain.text import BadInput
from console.machine.platform import FileLock
from db.people_desk import PeopleDatabase
from db.team import Way, people_desk
from ui.bootstrap.record import open_or_make_record, open_record, record_path
from ui.bootstrap.team import Asked, entering, team_of

_PATIENCE = 60.0
"""Seconds that a lot of an import waits for a lock on the file: consoles hold it for moments."""
_ANOTHER = "Another import into {path} runs now.  Nothing was imported by this one; start it again when that has ended."


class Into(Protocol):
    """A record to import into."""

    words: str
    """What it is called in a sentence."""

    def ready(self, stack: ExitStack) -> None:
        """Raise where it cannot be written into, before a long file is read; nothing is made."""

    def opened(self, stack: ExitStack, *, invented: bool) -> PeopleDatabase:
        """Give it until ``stack`` closes; a file that is not there is made, for invented people where said."""


class IntoFile:
    """A record in a file of this computer."""

    def __init__(self, named: str | None, key_file: Path | None, *, make: bool = True) -> None:
        """As ``--database`` and ``--key-file`` say; one that is not there is made where ``make``, else refused."""
        self._named, self._key_file, self._make = named, key_file, make
        self._path = record_path(named)
        self.words = str(self._path)

    def ready(self, stack: ExitStack) -> None:
        """A missing file is made only once there is something to write."""

    def opened(self, stack: ExitStack, *, invented: bool) -> PeopleDatabase:
        """Open or make it; say so where it had to be made, and where its key is."""
        new = not self._path.exists()
        if self._make:
            given = open_or_make_record(self._named, self._key_file, invented=invented)
        else:
            given = open_record(self._named, self._key_file)
        store = stack.enter_context(given)
        # Beside the record, because two accounts may share it; the lock ends with its program, however that dies.
        if not stack.enter_context(FileLock(self._path.with_name(f".{self._path.name}.importing"))):
            raise BadInput(_ANOTHER.format(path=self._path))
        if new:
            encrypted = not invented or self._key_file is not None
            place = f"in {self._key_file}" if self._key_file else "in this account's keyring"
            key = f", its key is {place}" if encrypted else ", not encrypted: it is for invented people"
            print(f"nightdesk: made a new record at {self._path}{key}", file=sys.stderr)
        database = store.database.another(_PATIENCE)
        stack.callback(database.close)
        return database


class IntoTeam:
    """A team's record on PostgreSQL, by a log-in that may import."""

    def __init__(self, words: str, come_in: Callable[[ExitStack], Way]) -> None:
        """``come_in`` gives the way in; what belongs to it ends with the stack."""
        self.words = words
        self._come_in = come_in
        self._database: PeopleDatabase | None = None

    def ready(self, stack: ExitStack) -> None:
        """Log in: a wrong password is said at once."""
        self._enter(stack)

    def _enter(self, stack: ExitStack) -> PeopleDatabase:
        if self._database is None:
            self._database = stack.enter_context(people_desk(self._come_in(stack)))
        return self._database

    def opened(self, stack: ExitStack, *, invented: bool) -> PeopleDatabase:  # noqa: ARG002  made by its owner alone
        """Give it; what it is for was decided when it was made."""
        return self._enter(stack)


def into_of(args: argparse.Namespace, *, make: bool = True) -> Into:
    """Return the record that the command line names; a file that is not there is made where ``make``, else refused."""
    team = team_of(args.database)
    if team is None:
        return IntoFile(args.database, args.key_file, make=make)
    if args.key_file is not None:
        raise BadInput("--key-file belongs to a record in a file.  Nothing was done.")
    asked = Asked(args.login, args.password_stdin, args.keep_password)
    return IntoTeam(team.target.words, lambda stack: stack.enter_context(entering(team, asked)))

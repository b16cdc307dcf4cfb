"""A team's record for commands and for the console: its address, how it is proven, and where passwords come from."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from console.domain.text import BadInput, NightdeskError
from console.machine.clock import SystemClock
from console.machine.paths import home
from console.machine.secrets import KeyringSecrets
from console.ports.secrets import Secrets, SecretsUnavailable
from db.postgres.target import Target, Tls, read_target
from db.team import Admitted, Way, admit
from ui.settings import Settings, is_team
from ui.settings_file import load

LONGEST_LINE = 1_000
"""Characters of a password that are read from stdin."""


_NONE_KEPT = (
    "There is no password for this log-in in this account's keyring.  Nothing was opened; say --password-stdin and "
    "give it on stdin, and --keep-password to keep it."
)


class NoPassword(NightdeskError):
    """Nobody said a password; nothing was opened."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team's record by its address."""

    target: Target
    tls: Tls

    def way(self, typed: str, password: str) -> Way:
        """Return how somebody comes in who typed a name, a key or a log-in."""
        return Way(self.target, self.tls, self.target.service.login(typed), password)


def team_named(named: str | None, settings: Settings) -> Team | None:
    """Return the team's record that the command line or the settings name; None where it is a file."""
    url = named or settings.database
    return Team(read_target(url), Tls(settings.database_ca, settings.database_direct_tls)) if is_team(url) else None


def team_of(named: str | None) -> Team | None:
    """As :func:`team_named`, with the settings of this computer."""
    return team_named(named, load(home(os.environ).settings_file))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said of a log-in.  ``administrator``: its own name is taken as it is."""

    login: str
    password_stdin: bool = False
    keep: bool = False
    administrator: bool = False


def keyring_of_commands() -> Secrets:
    """Return this account's keyring, whose refusals end with what a command offers instead."""
    return KeyringSecrets(instead="Without one say --password-stdin, and give the password on stdin.")


@contextmanager
def entering(team: Team, asked: Asked, secrets: Secrets | None = None, stdin: TextIO | None = None) -> Iterator[Way]:
    """Give the way in; where the block ends well the password is kept in the keyring, if that was asked."""
    if not asked.login:
        option = "--admin" if asked.administrator else "--login"
        message = f"Nobody was named who logs in to {team.target.words}.  Nothing was opened; say {option} NAME."
        raise BadInput(message)
    login = asked.login if asked.administrator else team.target.service.login(asked.login)
    keyring = secrets or keyring_of_commands()
    name = team.target.secret_name(login)
    password = _password(asked, keyring, name, stdin or sys.stdin, getpass.getpass)
    yield Way(team.target, team.tls, login, password)
    if asked.keep:
        keep_password(name, password, keyring)


def keep_password(name: str, password: str, secrets: Secrets | None = None) -> None:
    """Put a password into the keyring after what was asked for was done; say so where that is not possible."""
    try:
        (secrets or keyring_of_commands()).put(name, password)
    except SecretsUnavailable as refusal:
        message = f"What was asked for was done.  The password was not kept: {refusal}"
        raise NoPassword(message) from refusal


def _password(asked: Asked, keyring: Secrets, name: str, stdin: TextIO, prompt: Callable[[str], str]) -> str:
    if asked.password_stdin:
        return line_of(stdin)
    try:
        kept, why_not = keyring.get(name), ""
    except SecretsUnavailable as refusal:
        kept, why_not = None, str(refusal)
    if kept:
        return kept
    if stdin.isatty():
        typed = prompt("Password of the log-in (not shown): ")
        if typed:
            return typed
    raise NoPassword(f"Nothing was opened.  {why_not}" if why_not else _NONE_KEPT)


def line_of(stdin: TextIO) -> str:
    """Return one line of stdin, without its end."""
    return stdin.readline(LONGEST_LINE).rstrip("\r\n")


@contextmanager
def team_store(team: Team, asked: Asked) -> Iterator[Admitted]:
    """Give the record as one log-in sees it."""
    with entering(team, asked) as way:
        admitted = admit(way, SystemClock())
        try:
            yield admitted
        finally:
            admitted.store.close()

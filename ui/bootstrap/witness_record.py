"""The record a witness writes into: whose log-in, with which password, and what is known while the server is away."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from console.domain.record import Identity, Role
from console.domain.text import BadInput, safe_line
from console.machine.paths import Home
from console.ports.clock import Clock
from console.ports.feed import Feed
from console.ports.secrets import SecretsUnavailable
from console.ports.store import Store
from console.services.witness_news import News
from db.team import RecordAway, admit, not_asked
from ui.bootstrap.place import Computer
from ui.bootstrap.record import open_record, record_path
from ui.bootstrap.team import NoPassword, Team, keyring_of_commands, line_of, team_named

log = logging.getLogger(__name__)
PASSWORD_VARIABLE = "NIGHTDESK_DATABASE_PASSWORD"  # noqa: S105  the name of a variable, not a secret
NAME = "Witness"
_NO_WITNESS = (
    "This log-in is no witness's.  Nothing was started; ask whoever looks after the database to run `nightdesk db "
    "worker add witness --role witness`, and use that log-in for nothing else."
)
_NO_PASSWORD = (
    "There is no password for the witness's log-in.  Nothing was started; keep it in this account's keyring ("
    f"`nightdesk db worker add witness --keep-new`), put it into {PASSWORD_VARIABLE}, or say --password-stdin."
)


@dataclass(frozen=True, slots=True)
class WitnessOptions:
    """What the command line said."""

    database: str | None = None
    login: str = "witness"
    key_file: Path | None = None
    switchboard: str = ""
    overrides: Mapping[str, object] = field(default_factory=dict)
    rehearsal: bool = False
    password_stdin: bool = False
    acts: bool = False


class Record(Store, Protocol):
    """A shared record that a witness writes into."""

    def feed(self, who: Identity, clock: Clock) -> Feed:
        """Return a feed for ``who``."""


@contextmanager
def record_of_witness(
    options: WitnessOptions, computer: Computer, tell: Callable[[News], None]
) -> Iterator[tuple[Record, Identity]]:
    """Give the record and who the witness is there, and say where."""
    station = safe_line(socket.gethostname(), 60)
    team = team_named(options.database, computer.settings)
    if team is None:
        with open_record(options.database, options.key_file) as store:
            path = record_path(options.database)
            tell(News("started", f"Watching; what is heard of calls is written into {path}.", {"record": str(path)}))
            yield store, Identity("witness", NAME, Role.WITNESS, station)
        return
    store_of_team, who = _entered(options, computer, team, station, tell)
    words = f"Watching as {team.target.service.login(options.login)}, for {team.target.words}."
    tell(News("started", words, {"record": team.target.words}))
    try:
        yield store_of_team, who
    finally:
        store_of_team.close()


def _entered(
    options: WitnessOptions, computer: Computer, team: Team, station: str, tell: Callable[[News], None]
) -> tuple[Record, Identity]:
    """Log in; where the server is away, go on as who it said this log-in was last time."""
    way = team.way(options.login, _password(options, team))
    known = _Remembered(computer.home, way.login)
    try:
        admitted = admit(way, computer.clock)
    except RecordAway:
        who = known.recall(station)
        if who is None:
            raise
        words = (
            "The shared record cannot be reached yet.  The telephones are watched all the same, and what is heard is "
            "kept on this computer."
        )
        tell(News("record", words, {"state": "away", "waiting": 0}))
        return not_asked(way, computer.clock), who
    if admitted.roles != (Role.WITNESS,):
        admitted.store.close()
        raise BadInput(_NO_WITNESS)
    who = Identity(admitted.worker, admitted.name, Role.WITNESS, station)
    known.remember(who)
    return admitted.store, who


def _password(options: WitnessOptions, team: Team) -> str:
    if options.password_stdin:
        return line_of(sys.stdin)
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return given
    try:
        kept = keyring_of_commands().get(team.target.secret_name(team.target.service.login(options.login)))
    except SecretsUnavailable as refusal:
        message = f"{refusal}  {_NO_PASSWORD}"
        raise NoPassword(message) from refusal
    if not kept:
        raise NoPassword(_NO_PASSWORD)
    return kept


class _Remembered:
    """Who the server said a log-in is: worker key and name, no secret; for a start while the server is away."""

    def __init__(self, here: Home, login: str) -> None:
        self._file = here.root / "witness.json"
        self._login = login

    def remember(self, who: Identity) -> None:
        """Keep it; where that is not possible, a later start needs the server."""
        try:
            self._file.write_text(
                json.dumps({"login": self._login, "worker": who.worker, "name": who.name}), encoding="utf-8"
            )  # fmt: skip
        except OSError as error:
            log.warning("who the witness is could not be remembered (%s)", type(error).__name__)

    def recall(self, station: str) -> Identity | None:
        """Return who it was, or None."""
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
            if said["login"] == self._login:
                return Identity(str(said["worker"]), str(said["name"]), Role.WITNESS, station)
        except (OSError, ValueError, KeyError, TypeError):
            log.info("nothing is remembered of who the witness is")
        return None

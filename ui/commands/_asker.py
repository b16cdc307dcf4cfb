"""Who asks on the command line: on PostgreSQL the log-in's worker in a role that may, in a file this account."""

from __future__ import annotations

import argparse
import getpass
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from console.domain.record import Identity, Role
from console.ports.store import NoTicket, Store
from ui.bootstrap.record import open_record
from ui.bootstrap.team import Asked, team_of, team_store


@contextmanager
def opened_by(
    args: argparse.Namespace, able: Collection[Role], in_file: Role, refusal: str
) -> Iterator[tuple[Identity, Store]]:
    """Give who asks, and the record; raises :class:`NoTicket` with ``refusal`` where no role of the log-in is ``able``.

    Whoever may read a file could read all of it in another way: there the asker has the role ``in_file``, and the
    access log says which account it was.
    """
    team, station = team_of(args.database), socket.gethostname()
    if team is None:
        with open_record(args.database, args.key_file) as store:
            yield Identity(f"command line: {_account()}", _account(), in_file, station), store
        return
    with team_store(team, Asked(args.login, args.password_stdin, args.keep_password)) as admitted:
        role = next((role for role in admitted.roles if role in able), None)
        if role is None:
            raise NoTicket(refusal)
        yield Identity(admitted.worker, admitted.name, role, station), admitted.store


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown account"

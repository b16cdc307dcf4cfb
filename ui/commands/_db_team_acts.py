"""What ``nightdesk db`` does to a team's record on PostgreSQL."""

from __future__ import annotations

import argparse
import secrets as random_source
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from console.domain.record import SCHEMA_VERSION, Role, worker_key
from console.domain.text import BadInput, safe_line
from db import team as record
from db.team import Way
from ui.bootstrap.team import Asked, Team, entering, keep_password, line_of
from ui.commands._db_acts import as_json, in_words, noted, say
from ui.exits import Exit
from ui.started import as_started, started

SHORTEST = 12
"""Characters that a given password must have; made ones have 20 letters."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when read out."""


def run(args: argparse.Namespace, team: Team) -> int:
    """Run one branch on a team's record."""
    branches: dict[str, Callable[[argparse.Namespace, Team], int]] = {
        "init": init,
        "upgrade": upgrade_it,
        "verify": verify,
        "backup": backup,
        "worker add": add_worker,
        "worker remove": remove_worker,
    }
    if getattr(args, "key_file", None) is not None:
        raise BadInput("--key-file belongs to a record in a file.  Nothing was done.")
    return branches[args.act](args, team)


def _admin(args: argparse.Namespace) -> Asked:
    return Asked(args.login, args.password_stdin, args.keep_password, administrator=True)


def init(args: argparse.Namespace, team: Team) -> int:
    """Make the service's database, and say what is left to do."""
    if args.plain:
        raise BadInput("--plain is for a record in a file; on PostgreSQL say --invented.  Nothing was made.")
    service = team.target.service
    with entering(team, _admin(args)) as way:
        left = record.make(way, invented=args.invented)
    made = (
        f"the database {service.name}, which nobody may enter who was not given a log-in",
        f"the owner {service.owner}, who cannot log in, with the tables, the doors and the rights in them",
        "the groups nd_worker, nd_witness, nd_import and nd_verify, where the server had none yet",
    )
    said = {
        "database": team.target.words,
        "invented": args.invented,
        "schema": SCHEMA_VERSION,
        "made": list(made),
        "next": list(left),
    }
    words = ["made:", *(f"  - {one}" for one in made), "the owner of the database does next:"]
    words += [f"  {number}. {as_started(one)}" for number, one in enumerate(left, start=1)]
    say(args, said, "\n".join(words))
    return Exit.OK


def upgrade_it(args: argparse.Namespace, team: Team) -> int:
    """Take the steps that are missing, and write this version's doors, grants and rights."""
    with entering(team, _admin(args)) as way:
        done = record.upgrade(way, lambda words: print(words, file=sys.stderr))
    taken = f"took {', '.join(done.taken)}" if done.taken else "had nothing to take"
    words = (
        f"the record stood at step {done.found}, {taken}, and stands at step {done.now}, as this version wants it; "
        f"{done.doors} functions, the grants and the rights to kinds were written anew"
    )
    said = {"from": done.found, "to": done.now, "steps": list(done.taken), "functions": done.doors}
    say(args, said, words)
    return Exit.OK


def verify(args: argparse.Namespace, team: Team) -> int:
    """Prove a record honest, or name its first bad entry."""
    return verify_by(args, lambda: entering(team, Asked(args.login, args.password_stdin, args.keep_password)))


def verify_by(args: argparse.Namespace, enter: Callable[[], AbstractContextManager[Way]]) -> int:
    """Prove a record honest by the way in that ``enter`` gives."""
    seen = noted(args.seen)
    with enter() as way:
        print("verifying ...", file=sys.stderr)
        report = record.verify(way, seen)
    say(args, as_json(report), in_words(report))
    return Exit.NOT_HONEST if report.what else Exit.OK


def backup(_args: argparse.Namespace, _team: Team) -> int:
    """Say who copies a database."""
    raise BadInput(
        "A record on PostgreSQL is copied by its server's own tools: pg_dump, or pg_basebackup.  Nothing was copied; "
        "docs/running/postgresql.md has the commands, also for bringing one back."
    )


def add_worker(args: argparse.Namespace, team: Team) -> int:
    """Give a worker or a program a log-in."""
    if bool(args.role) == bool(args.program):
        raise BadInput("Say --role ROLE for a worker, or --program for a program.  Nothing was added.")
    name, key = safe_line(args.name, 80), worker_key(args.name)
    if not key:
        raise BadInput("A worker needs a name of letters.  Nothing was added.")
    roles = [Role(role) for role in dict.fromkeys(args.role)]
    with entering(team, _admin(args)) as way:
        given = line_of(sys.stdin) if args.password_stdin else ""
        password = _checked(given) if given else _made()
        if args.program:
            login = record.add_program(way, name, args.program, password)
        else:
            login = record.add_worker(way, key, name, roles, password)
        if args.keep_new:
            keep_password(team.target.secret_name(login), password)
    shown = "" if given or args.keep_new else password
    said = {"login": login, "name": name, "roles": [role.value for role in roles], "program": args.program}
    said |= {"worker": key if roles else None, "password": shown or None, "database": team.target.words}
    where = "in this account's keyring" if args.keep_new else shown or "as given"
    words = [f"log-in: {login}", f"password: {where}"]
    if roles:
        words.append(f"on the worker's computer: {started()} console --database {team.target.words}")
    say(args, said, "\n".join([*words, *(["The password is shown this once."] if shown else [])]))
    return Exit.OK


def _checked(password: str) -> str:
    if len(password) < SHORTEST:
        message = f"A password of a log-in needs {SHORTEST} characters at least.  Nothing was added."
        raise BadInput(message)
    return password


def _made() -> str:
    """Return a new password of 99 bits, in groups that can be read out on a telephone."""
    return "-".join("".join(random_source.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def remove_worker(args: argparse.Namespace, team: Team) -> int:
    """End a worker's log-in."""
    with entering(team, _admin(args)) as way:
        record.remove_worker(way, args.name)
    login = team.target.service.login(args.name)
    say(args, {"login": login, "removed": True}, f"{login} ended: no door answers it any more; what was written stays")
    return Exit.OK

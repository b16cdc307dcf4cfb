"""Bring a service's database to this program's version, while consoles work on it; a new one from nothing.

Tables and doors change in one transaction with limits: no lock is waited for longer than 0.3 s a try, no statement runs
longer than half a minute; what cannot be done within them is not done at all.  What takes longer (filling what a step
made, indexes) follows in small pieces, and goes on where it stopped.  Doors are replaced and never dropped, so that a
console of the version before finds its own (add before remove, architecture.md 4).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from psycopg import errors, sql

from console.domain.record import GENESIS, SCHEMA_VERSION
from console.ports.store import StoreAway, WrongSchema
from db.postgres.admin import administering, inside
from db.postgres.doors import grant, pin, put_functions, put_rights
from db.postgres.lines import SCHEMA, Address, Line
from db.postgres.row_security import secure_rows
from db.postgres.steps import STEPS, Step
from db.postgres.target import Service

LOCK_LIMIT, STATEMENT_LIMIT, IDLE_LIMIT = "300ms", "30s", "5s"
"""What one try of an upgrade may wait for, run, and leave open while its own computer does not answer.

The first is less than the second after which a server looks for deadlocks: the upgrade gives way, never a console.
"""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.0, 1.5, 2.0)
"""Seconds between the tries, each of which has all of its locks or none."""
INDEX_LIMIT = "30min"
"""An index made beside live work holds nobody up."""
_OURS = 60.0
"""Seconds this side waits for one statement, more than the server allows it."""
_INDEXING = 2_000.0
T = TypeVar("T")
_KEY = "hashtext('nightdesk upgrade')"
_EARLIER = ("0001_record", "0002_people")
"""Marks of tables that never held a team's record."""

_NEWER = (
    "The service {name} was brought to {found} by a newer Nightdesk than this one.  Nothing was changed.  Upgrade with "
    "that version."
)
_OLDER = (
    "The service {name} stands at {found}, made by an older Nightdesk, and this version cannot bring it further.  "
    "Nothing was changed.  Upgrade it with the versions between, or ask whoever gave you Nightdesk."
)
_NOT_OURS = "The database {name} holds no Nightdesk record.  It was left exactly as it is; check its name."
_ANOTHER = (
    "Another upgrade of the service {name} is under way.  This one changed nothing; wait for that one, and run the "
    "same command again to see that all is done."
)
_REST = (
    "The tables and doors of {name} are new, and consoles work on; what is filled beside their work is not done yet: "
    "{why}  Run the same command again: it goes on where it stopped."
)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Which steps a database had, which it took now, and how many functions were written anew."""

    found: int
    now: int
    taken: tuple[str, ...]
    doors: int


def upgrade_service(
    admin: Address, service: Service, steps: Sequence[Step] = STEPS, say: Callable[[str], None] | None = None
) -> Upgraded:
    """Take the steps that are missing, and write doors, rights and grants of this version.

    Raises :class:`WrongSchema` where a newer program was here or the tables are not ours, and ``StoreAway`` where the
    limits were met; then nothing was changed, or what is said.
    """
    with administering(), inside(admin, service).connect(limit=_OURS) as line:
        _limit(line)
        if not _has(line, "alembic_version"):
            raise WrongSchema(_NOT_OURS.format(name=service.name))
        line.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(service.owner)))
        with _alone(line, service):
            taken = _taken(line, service, steps)
            missing = [step for step in steps if step.number not in taken]
            doors = _in_one_go(line, lambda: _take(line, service, steps, missing))
            _fill(line, service, [step for step in steps if not taken.get(step.number)], say or _silent)
    found = max(taken)
    return Upgraded(found, max(step.number for step in steps), tuple(step.name for step in missing), doors)


def _in_one_go(line: Line, act: Callable[[], T]) -> T:
    """Do something in one transaction, all or nothing, in a few tries."""
    for pause in PAUSES:
        with suppress(errors.LockNotAvailable, errors.DeadlockDetected), line.transaction():
            return act()
        time.sleep(pause)
    with line.transaction():
        return act()


def build(line: Line, service: Service, *, invented: bool, steps: Sequence[Step] = STEPS) -> None:
    """Make everything in an empty database, as its owner, inside one transaction."""
    line.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(service.owner)))
    line.execute(f"CREATE SCHEMA {SCHEMA}")
    line.execute(f"SET LOCAL search_path = {SCHEMA}")
    _take(line, service, steps, steps)
    for step in steps:
        for index in step.indexes:
            line.execute(index.replace(" CONCURRENTLY", "", 1))
    line.execute("UPDATE upgrade_step SET done_at = now_us()")
    line.execute(
        "INSERT INTO head (id, service, schema, invented, created_at, seq, digest, access_seq, access_digest) "
        "VALUES (1, %s, %s, %s, now_us(), 0, %s, 0, %s)",
        (uuid.uuid4(), SCHEMA_VERSION, invented, GENESIS, GENESIS),
    )


def _limit(line: Line) -> None:
    line.execute(f"SET lock_timeout = '{LOCK_LIMIT}'")
    line.execute(f"SET statement_timeout = '{STATEMENT_LIMIT}'")
    with suppress(errors.DatabaseError):
        # Of a program that was killed the server hears at once, where its system can tell it.
        line.execute("SET client_connection_check_interval = '500ms'")
    # Of an administrator's computer that froze in the middle the locks go after this.
    line.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_LIMIT}'")


@contextmanager
def _alone(line: Line, service: Service) -> Iterator[None]:
    try:
        line.execute(f"SELECT pg_advisory_lock({_KEY})")
    except errors.LockNotAvailable as error:
        raise StoreAway(_ANOTHER.format(name=service.name)) from error
    yield
    line.execute(f"SELECT pg_advisory_unlock({_KEY})")


def _has(line: Line, table: str) -> bool:
    return line.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.{table}",)).fetchall()[0][0] is True


def _taken(line: Line, service: Service, steps: Sequence[Step]) -> dict[int, bool]:
    """Return which steps a database has, and whether each is done; raises where this program may not go on from it."""
    mark, schema = line.execute("SELECT version_num, schema FROM alembic_version, head").fetchall()[0]
    taken = {1: True}
    if _has(line, "upgrade_step"):
        rows = line.execute("SELECT number, done_at IS NOT NULL FROM upgrade_step").fetchall()
        taken = {int(number): bool(done) for number, done in rows}
    known = {step.number for step in steps}
    if mark in _EARLIER or schema < SCHEMA_VERSION:
        raise WrongSchema(_OLDER.format(name=service.name, found=mark))
    if schema > SCHEMA_VERSION or taken.keys() - known or mark not in {step.mark for step in steps}:
        raise WrongSchema(_NEWER.format(name=service.name, found=mark))
    return taken


def _take(line: Line, service: Service, steps: Sequence[Step], missing: Sequence[Step]) -> int:
    """Change tables and doors inside the caller's transaction; return how many functions were written."""
    for step in missing:
        if step.statements:
            line.execute(step.statements.encode())
    count = put_functions(line)
    pin(line)
    grant(line)
    put_rights(line)
    # Last: what it must lock is locked shortest.
    secure_rows(line, service.owner)
    for step in missing:
        line.execute(
            "INSERT INTO upgrade_step (number, name, begun_at, done_at) "
            "VALUES (%s, %s, now_us(), CASE WHEN %s THEN now_us() END) ON CONFLICT DO NOTHING",
            (step.number, step.name, not step.later),
        )
    line.execute("DELETE FROM alembic_version")
    line.execute("INSERT INTO alembic_version VALUES (%s)", (steps[-1].mark,))
    return count


def _fill(line: Line, service: Service, steps: Sequence[Step], say: Callable[[str], None]) -> None:
    try:
        for step in steps:
            if step.indexes:
                _make_indexes(line, step, say)
            if step.fill is not None:
                say(f"filling what step {step.number} ({step.name}) made ...")
                _fill_one(line, step.fill())
            line.execute("UPDATE upgrade_step SET done_at = now_us() WHERE number = %s", (step.number,))
    except (errors.LockNotAvailable, errors.QueryCanceled) as error:
        why = "in each of several tries somebody held what was needed for too long."
        raise StoreAway(_REST.format(name=service.name, why=why)) from error
    except errors.OperationalError as error:
        raise StoreAway(_REST.format(name=service.name, why="the line to the server broke.")) from error


def _fill_one(line: Line, fill: Callable[[Line], bool]) -> None:
    more = True
    while more:
        more = _in_one_go(line, lambda: fill(line))


def _make_indexes(line: Line, step: Step, say: Callable[[str], None]) -> None:
    """Make a step's indexes beside live work; what an earlier try left half made goes first."""
    say(f"making indexes of step {step.number} ({step.name}) ...")
    half = line.execute(
        "SELECT indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
        "WHERE NOT i.indisvalid AND c.relnamespace = %s::regnamespace",
        (SCHEMA,),
    ).fetchall()
    line.execute(f"SET statement_timeout = '{INDEX_LIMIT}'")
    line.limit = _INDEXING
    try:
        for (name,) in half:
            line.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        for index in step.indexes:
            line.execute(index.encode())
    finally:
        line.limit = _OURS
    line.execute(f"SET statement_timeout = '{STATEMENT_LIMIT}'")


def _silent(_: str) -> None:
    """Nobody listens."""

"""Bring a service's database to this program's version, while consoles work on it.

One transaction with limits: no lock is waited for longer than a second, no statement runs longer than half a
minute; what cannot be done within them is not done at all.  Functions are replaced and never dropped, so that a
console of the version before finds its doors (add before remove, architecture.md 4).
"""

from __future__ import annotations

import re

from psycopg import sql

from console.domain.record import SCHEMA_VERSION
from console.ports.store import WrongSchema
from db.postgres.lines import SCHEMA, Address, Line
from db.postgres.make import FILES, administering, grant, inside, pin, put_rights, text_of
from db.postgres.steps import steps_after, take_steps
from db.postgres.target import Service
from db.schema import REVISIONS

LOCK_LIMIT, STATEMENT_LIMIT = "1s", "30s"
_FUNCTION = re.compile(r"^CREATE FUNCTION .*?^\$\$;$", re.MULTILINE | re.DOTALL)
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('nightdesk upgrade'))"

_NEWER = (
    "The service {name} was brought to {found} by a newer Nightdesk than this one.  Nothing was changed.  Upgrade with "
    "that version."
)
_OLDER = (
    "The service {name} stands at {found}, made by an older Nightdesk, and this version cannot bring it further.  "
    "Nothing was changed.  Upgrade it with the versions between, or ask whoever gave you Nightdesk."
)
_NOT_OURS = "The database {name} holds no Nightdesk record.  It was left exactly as it is; check its name."


def upgrade_service(admin: Address, service: Service) -> tuple[str, str, int]:
    """Bring tables, doors and rights to this version; return from which revision to which, and how many functions.

    Raises :class:`WrongSchema` where the tables are of another version, and ``StoreAway`` where the limits were met.
    """
    with administering(), inside(admin, service).connect(limit=None) as line, line.transaction():
        line.execute(f"SET LOCAL lock_timeout = '{LOCK_LIMIT}'")
        line.execute(f"SET LOCAL statement_timeout = '{STATEMENT_LIMIT}'")
        found = _checked(line, service)
        line.execute(_ONE_AT_A_TIME)
        take_steps(line, service.owner, found)
        count = put_functions(line)
        pin(line)
        grant(line)
        put_rights(line)
        return found, REVISIONS[-1], count


def _checked(line: Line, service: Service) -> str:
    row = line.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.alembic_version",)).fetchone()
    if row is None or not row[0]:
        raise WrongSchema(_NOT_OURS.format(name=service.name))
    line.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(service.owner)))
    line.execute(f"SET LOCAL search_path = {SCHEMA}")
    revision, schema = line.execute("SELECT version_num, schema FROM alembic_version, head").fetchall()[0]
    if schema != SCHEMA_VERSION or steps_after(revision) is None:
        newer = revision not in REVISIONS or schema > SCHEMA_VERSION
        raise WrongSchema((_NEWER if newer else _OLDER).format(name=service.name, found=revision))
    return str(revision)


def put_functions(line: Line) -> int:
    """Write every function anew in its place, and return how many; grants on them stay."""
    count = 0
    for name in FILES:
        for statement in _FUNCTION.findall(text_of(name)):
            line.execute(statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
            count += 1
    return count

"""The doors of a service's database: every function, written anew at each upgrade, and who may call which.

The tables they work on are made and changed by numbered steps (:mod:`db.postgres.steps`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

import db.people_schema
import db.rota_schema
from console.domain.record import SHIFT_ROLES, Kind
from console.domain.rights import DECISIONS, writers_of
from db.postgres.lines import SCHEMA, Line

GROUPS = ("nd_worker", "nd_witness", "nd_import", "nd_verify")
"""Groups of rights, without log-in, on the whole server; log-ins are members of them."""
FILES = (
    "02_who",
    "03_append",
    "04_access",
    "05_reading",
    "06_lists",
    "07_people",
    "08_verify",
    "09_second_versions",
    "10_search",
    "11_desk",
    "12_replay",
    "13_asks",
)

WORKER_DOORS = (
    "whoami()",
    "steps()",
    "is_invented()",
    "append(text, integer, jsonb, jsonb, bigint, text)",
    "dispute(text, jsonb)",
    "ring()",
    "envelopes(bigint, integer)",
    "bodies(text, uuid[])",
    "news(text, bigint, integer)",
    "stream_of(text, text, uuid)",
    "open_streams(text[])",
    "seq_at(bigint)",
    "heartbeat(bigint[], text[])",
    "mark_seen(text, jsonb)",
    "seen_of(uuid[])",
    "first_tick(bigint)",
    "seen_since(bigint)",
    "cards(text, text, text[], uuid, integer)",
    "agencies()",
    "agency_checks(text)",
    "rota_between(bigint, bigint)",
    "ask(text, text, text, uuid, uuid, text, text)",
    "look(text, uuid, date)",
    "show(text, uuid, uuid[])",
    "family_names()",
    "open(text, uuid, date)",
    "ask_replay(text, text, uuid, text)",
    "replay(text, uuid)",
    "replay_looks(text, uuid)",
)
WITNESS_DOORS = (
    "whoami()",
    "is_invented()",
    "steps()",
    "append(text, integer, jsonb, jsonb, bigint, text)",
    "dispute(text, jsonb)",
    "ring()",
    "envelopes(bigint, integer)",
    "seq_at(bigint)",
    "heartbeat(bigint[], text[])",
    "asked(uuid[])",
)
"""A witness writes facts of calls, and reads that something was written: no words, not even its own, but those that
ask something of it."""
VERIFY_DOORS = (
    "steps()",
    "verify_entries(bigint, integer)",
    "verify_accesses(bigint, integer)",
    "verify_head()",
    "verify_streams()",
    "verify_slots()",
)
DOORS: dict[str, tuple[str, ...]] = {
    "nd_worker": WORKER_DOORS,
    "nd_witness": WITNESS_DOORS,
    "nd_import": ("steps()",),
    "nd_verify": VERIFY_DOORS,
}
"""The allow-list: who may call what.  Nothing else is granted to anybody; a test reads the catalogue."""

IMPORTED = tuple(table.name for table in db.people_schema.TABLES)
"""Tables that nd_import reads and writes: people and agencies, no word of the record."""
BROUGHT: dict[str, tuple[str, ...]] = {db.rota_schema.rota.name: ("SELECT", "INSERT", "UPDATE")}
"""Tables that nd_import adds to and withdraws from, and never deletes in."""
_FUNCTION = re.compile(r"^CREATE FUNCTION", re.MULTILINE)


def put_functions(line: Line) -> int:
    """Write every function anew in its place, and return how many there are; grants on them stay."""
    count = 0
    for name in FILES:
        statements, found = _FUNCTION.subn("CREATE OR REPLACE FUNCTION", text_of(name))
        line.execute(statements.encode())
        count += found
    return count


def text_of(name: str) -> str:
    """Return the statements of one of :data:`FILES`."""
    return resources.files("db.postgres").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")


def pin(line: Line) -> None:
    """Pin the search path of every function: nobody's own tables may stand in the place of ours."""
    rows = line.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = %s::regnamespace", (SCHEMA,)
    ).fetchall()
    for (function,) in rows:
        line.execute(f"ALTER FUNCTION {function} SET search_path = {SCHEMA}, pg_temp")


def grant(line: Line) -> None:
    """Give each group its doors, and nobody anything else."""
    line.execute(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC")
    line.execute(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {', '.join(GROUPS)}")
    # Not "in schema": there only more can be given, and a door that an upgrade adds would be everybody's.
    line.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC")
    for group in GROUPS:
        line.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {group}")
    for group, doors in DOORS.items():
        for door in doors:
            line.execute(f"GRANT EXECUTE ON FUNCTION {door} TO {group}")

    for table in IMPORTED:
        line.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO nd_import")
    for table, verbs in BROUGHT.items():
        line.execute(f"GRANT {', '.join(verbs)} ON {table} TO nd_import")
    line.execute("GRANT SELECT (id, invented, seq, schema) ON head TO nd_import")


def put_rights(line: Line) -> None:
    """Write domain.md 8.3 as data, as this program has it."""
    line.execute("DELETE FROM kind_right")
    line.execute("DELETE FROM decision_right")
    line.execute("DELETE FROM shift_role")
    _many(line, "INSERT INTO kind_right VALUES (%s, %s)", [(k.value, r.value) for k in Kind for r in writers_of(k)])
    _many(line, "INSERT INTO decision_right VALUES (%s, %s)", [(d, r.value) for d, rs in DECISIONS.items() for r in rs])
    _many(line, "INSERT INTO shift_role VALUES (%s)", [(role.value,) for role in SHIFT_ROLES])


def _many(line: Line, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with line.cursor() as cursor:
        cursor.executemany(query, rows)

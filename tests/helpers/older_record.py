"""Services whose databases an older Nightdesk made (tests/data/postgres), and what a catalogue says of a database."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from db.postgres.admin import inside
from db.postgres.doors import pin
from db.postgres.lines import Address
from db.postgres.target import Service

BEFORE_STEPS, BEFORE_ROW_SECURITY = "step_0001", "before_row_security"
_DATA = Path(__file__).parents[1] / "data" / "postgres"
_PIN = "-- @PIN"


def make_older(admin: Address, service: Service, name: str) -> None:
    """Put the tables and doors of an older Nightdesk in the place of ours, in a service that was just made."""
    text = (_DATA / f"{name}.sql").read_text(encoding="utf-8").replace("@OWNER@", service.owner)
    before, _, after = text.partition(_PIN)
    with inside(admin, service).connect(limit=None) as line, line.transaction():
        line.execute("DROP SCHEMA nightdesk CASCADE")
        line.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(service.owner)))
        line.execute(before.encode())
        pin(line)
        line.execute((_PIN + after).encode())


def catalogue(line: psycopg.Connection, owner: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the catalogue says of our schema, the owner's name left out: two databases can be compared."""
    ((has_steps,),) = line.execute("SELECT to_regclass('nightdesk.upgrade_step') IS NOT NULL").fetchall()
    asked = {name: query for name, query in _ASKED if has_steps or name != "steps"}
    return {name: sorted(_plain(line.execute(q.encode()).fetchall(), owner), key=repr) for name, q in asked.items()}


def _plain(rows: list[tuple[object, ...]], owner: str) -> list[tuple[object, ...]]:
    return [tuple(value.replace(owner, "OWNER") if isinstance(value, str) else value for value in row) for row in rows]


_OURS = "'nightdesk'::regnamespace"
_ASKED = (
    (
        "relations",
        "SELECT relname, relkind::text, relrowsecurity, relforcerowsecurity, relacl::text, "
        f"obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = {_OURS}",
    ),
    (
        "columns",
        "SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), l.collname, a.attnotnull, "
        "pg_get_expr(d.adbin, d.adrelid), a.attacl::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "LEFT JOIN pg_collation l ON l.oid = a.attcollation "
        "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        f"WHERE c.relnamespace = {_OURS} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'c', 'v')",
    ),
    (
        "constraints",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE connamespace = {_OURS}",
    ),
    ("indexes", "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'nightdesk'"),
    (
        "triggers",
        "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        f"WHERE NOT tgisinternal AND c.relnamespace = {_OURS}",
    ),
    (
        "functions",
        "SELECT oid::regprocedure::text, pg_get_functiondef(oid), proacl::text, obj_description(oid, 'pg_proc') "
        f"FROM pg_proc WHERE pronamespace = {_OURS}",
    ),
    (
        "types",
        "SELECT typname, typtype::text, obj_description(oid, 'pg_type') FROM pg_type "
        f"WHERE typnamespace = {_OURS} AND typcategory <> 'A'",
    ),
    (
        "policies",
        "SELECT c.relname, polname, polcmd::text, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), "
        "pg_get_expr(polwithcheck, polrelid), obj_description(p.oid, 'pg_policy') FROM pg_policy p "
        f"JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = {_OURS}",
    ),
    ("schema", f"SELECT nspacl::text FROM pg_namespace WHERE oid = {_OURS}"),
    ("kind rights", "SELECT kind, role FROM nightdesk.kind_right"),
    ("decision rights", "SELECT decision, role FROM nightdesk.decision_right"),
    ("shift roles", "SELECT role FROM nightdesk.shift_role"),
    ("mark", "SELECT version_num FROM nightdesk.alembic_version"),
    ("steps", "SELECT number, name, done_at IS NOT NULL FROM nightdesk.upgrade_step"),
    ("head", "SELECT schema FROM nightdesk.head"),
)

"""Prints what a worker's password and psql get: ``python -m tests.helpers.psql_table``.

Everything is tried with the real psql, in the name of a night worker: each table with each verb, each function with
arguments it would take, each door as a console calls it, and the ways round that people try.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from console.domain.record import SCHEMA_VERSION
from db.postgres.cluster_settings import Profile
from db.postgres.doors import WORKER_DOORS
from tests.helpers.postgres import NEWEST, OLDEST, own_cluster
from tests.helpers.record_people import MANAGER, PRIYA, TOM
from tests.helpers.team_rights import Team, a_contact, a_person, team_on

VERBS = (
    "SELECT * FROM nightdesk.{table}",
    "INSERT INTO nightdesk.{table} DEFAULT VALUES",
    "UPDATE nightdesk.{table} SET {column} = NULL",
    "DELETE FROM nightdesk.{table}",
    "TRUNCATE nightdesk.{table}",
    "COPY nightdesk.{table} TO STDOUT",
    "ALTER TABLE nightdesk.{table} ADD COLUMN mine text",
)
WAYS_ROUND = (
    "CREATE TABLE mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE TEMP TABLE worker (a int)",
    "CREATE SCHEMA mine",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {priya}",
    "SET ROLE {priya}",
    "GRANT nd_verify TO CURRENT_USER",
    "ALTER ROLE {priya} PASSWORD 'mine'",
    "DROP SCHEMA nightdesk CASCADE",
    "SET log_statement = 'all'",
    "SET session_replication_role = 'replica'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/hosts')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{priya}'",
)
FUNCTIONS = (
    "SELECT p.oid::regprocedure::text, p.proname, coalesce(string_agg(format('%s::%s', "
    "CASE WHEN proisstrict THEN '''''' ELSE 'NULL' END, t::regtype), ', ' ORDER BY place) "
    "FILTER (WHERE t IS NOT NULL), '') FROM pg_proc p "
    "LEFT JOIN unnest(p.proargtypes) WITH ORDINALITY AS a (t, place) ON true "
    "WHERE p.pronamespace = 'nightdesk'::regnamespace GROUP BY p.oid, p.proname ORDER BY 1"
)
TABLES = (
    "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 "
    "WHERE c.relnamespace = 'nightdesk'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class Try:
    """One statement, as what it was tried, and what psql had for it."""

    what: str
    statement: str
    answer: str

    @property
    def refused(self) -> bool:
        """Say whether the server said no."""
        return self.answer.startswith("ERROR")


def _psql(team: Team, statement: str) -> str:
    keywords = team.cluster.keywords(team.login(TOM), team.service.name, team.password)
    host, port, password = (str(keywords[name]) for name in ("host", "port", "password"))
    psql = shutil.which("psql") or "psql"
    done = subprocess.run(
        [psql, "-XqAt", "-h", host, "-p", port, "-U", team.login(TOM), team.service.name, "-c", statement],
        env={**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    told = done.stderr.strip() or done.stdout.strip()
    if done.returncode:
        return told.splitlines()[0]
    return f"{len(done.stdout.splitlines())} rows"


def _door_calls(team: Team) -> Iterator[str]:
    """Call doors with what a curious worker would give them: another's role, a record never asked for."""
    person = a_person(team, "Harker", "Beverley", "+441632960123")
    _, note = a_contact(team, "words of a caller", person)
    role, manager = TOM.role.value, MANAGER.role.value
    yield "SELECT * FROM nightdesk.whoami()"
    yield "SELECT * FROM nightdesk.envelopes(0, 100)"
    yield f"SELECT * FROM nightdesk.bodies('{role}', ARRAY['{note}'::uuid])"
    yield f"SELECT * FROM nightdesk.bodies('{manager}', ARRAY['{note}'::uuid])"
    yield f"SELECT nightdesk.append('{manager}', {SCHEMA_VERSION}, '[]', '[]')"
    yield f"SELECT * FROM nightdesk.look('{role}', gen_random_uuid(), DATE '2026-11-28')"
    yield f"SELECT * FROM nightdesk.show('{role}', gen_random_uuid(), ARRAY['{person.id}'::uuid])"
    yield f"SELECT * FROM nightdesk.open('{role}', gen_random_uuid(), DATE '2026-11-28')"
    asked = f"nightdesk.ask('{role}', 'desk-1', 'opened', '{person.id}', NULL, 'curious', '')"
    yield f"SELECT * FROM {asked}"
    # The look would be read, and its audit row rolled back.
    opened = f"(SELECT id FROM {asked}), DATE '2026-11-28')"
    yield f"SELECT * FROM nightdesk.open('{role}', {opened}"
    yield f"BEGIN; SELECT * FROM nightdesk.open('{role}', {opened}; ROLLBACK"
    yield "SELECT pg_notify('nightdesk', 'forged')"


def tries(team: Team) -> Iterator[Try]:
    """Try everything, as Tom."""
    with team.superuser() as line:
        tables, functions = line.execute(TABLES).fetchall(), line.execute(FUNCTIONS).fetchall()
        doors = {line.execute("SELECT to_regprocedure(%s)::text", [f"nightdesk.{d}"]).fetchone() for d in WORKER_DOORS}
    for table, column in tables:
        for verb in VERBS:
            statement = verb.format(table=table, column=column)
            yield Try("table", statement, _psql(team, statement))
    for signature, name, arguments in functions:
        what = "door, given nothing" if (signature,) in doors else "function"
        statement = f"SELECT nightdesk.{name}({arguments})"
        yield Try(what, statement, _psql(team, statement))
    for statement in _door_calls(team):
        yield Try("door, as a console", statement, _psql(team, statement))
    names = {"owner": team.service.owner, "priya": team.login(PRIYA)}
    with team.raw(PRIYA):
        for way in WAYS_ROUND:
            statement = way.format(**names)
            yield Try("way round", statement, _psql(team, statement))


def table(done: list[Try]) -> str:
    """Return counts by kind; what was answered spelt out, and each refusal of a door or a way round."""
    counts = Counter((one.what, one.refused) for one in done)
    lines = [f"{'tried':<22}{'refused':>8}{'answered':>9}"]
    lines += [
        f"{what:<22}{counts[what, True]:>8}{counts[what, False]:>9}" for what in dict.fromkeys(t.what for t in done)
    ]
    spelt = [one for one in done if not one.refused or one.what not in ("table", "function")]
    return "\n".join([*lines, "", *(f"{one.statement}\n    {one.answer}" for one in spelt)])


def main(kinds: list[str]) -> None:
    """Try everything on each kind of server."""
    for kind in kinds or [NEWEST, OLDEST]:
        with own_cluster(kind, Profile.TESTS_ONLY) as cluster, team_on(cluster) as team:
            with team.superuser() as line:
                version = line.execute("SHOW server_version").fetchone()
            sys.stdout.write(f"== {kind}: PostgreSQL {version and version[0]}\n")
            sys.stdout.write(table(list(tries(team))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

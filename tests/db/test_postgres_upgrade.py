"""A team's database is brought from what an older Nightdesk made to what this one makes, while people work on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import db.people_schema
from db.postgres.cluster import Cluster
from db.postgres.doors import FILES, text_of
from db.postgres.steps import BASE, STEPS
from db.postgres.upgrade import upgrade_service
from db.schema import metadata
from tests.helpers.older_record import BEFORE_ROW_SECURITY, BEFORE_STEPS, catalogue, make_older
from tests.helpers.postgres import KINDS
from tests.helpers.team_rights import Team, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

OLD = (BEFORE_STEPS, BEFORE_ROW_SECURITY)


@pytest.fixture(params=KINDS)
def cluster(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Cluster:
    """The newest and the oldest PostgreSQL in turn."""
    return postgres_of_the_run(request.param)


@contextmanager
def older(cluster: Cluster, name: str) -> Iterator[Team]:
    """Give a service whose database an older Nightdesk made."""
    with team_on(cluster, people=()) as team:
        make_older(team.admin, team.service, name)
        yield team


def said_of(team: Team) -> dict[str, list[tuple[object, ...]]]:
    with team.superuser() as line:
        return catalogue(line, team.service.owner)


# --- where it ends ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", OLD)
def test_an_upgraded_database_is_in_every_way_as_a_new_one(cluster: Cluster, name: str) -> None:
    with team_on(cluster, people=()) as new, older(cluster, name) as team:
        done = upgrade_service(team.admin, team.service)
        assert (done.found, done.now) == (1, STEPS[-1].number)
        assert done.taken == tuple(step.name for step in STEPS[1:])
        found, wanted = said_of(team), said_of(new)
    for part, rows in wanted.items():
        assert found[part] == rows, part


def test_a_second_upgrade_finds_nothing_to_take_and_alters_nothing(cluster: Cluster) -> None:
    with team_on(cluster, people=()) as team:
        before = said_of(team)
        done = upgrade_service(team.admin, team.service)
        assert (done.found, done.now, done.taken) == (STEPS[-1].number, STEPS[-1].number, ())
        assert said_of(team) == before


# What the server has and SQLAlchemy's tables have not: server-side collations and what only a team has.
_ONLY_A_TEAMS = {
    "person_find",
    "worker",
    "kind_right",
    "decision_right",
    "shift_role",
    "ticket",
    "listed",
    "upgrade_step",
}


def test_the_steps_make_the_tables_of_the_portable_schema(cluster: Cluster) -> None:
    assert db.people_schema.TABLES, "declared on the one metadata"
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    with team_on(cluster, people=()) as team, team.superuser() as line:
        by_steps = catalogue(line, team.service.owner)
        line.execute("ALTER SCHEMA nightdesk RENAME TO by_steps")
        line.execute("CREATE SCHEMA nightdesk")
        for table in portable_tables():
            line.execute(str(CreateTable(table).compile(dialect=dialect)).encode())
            for index in table.indexes:
                line.execute(str(CreateIndex(index).compile(dialect=dialect)).encode())
        for name in ("kind_right", "decision_right", "shift_role", "alembic_version", "upgrade_step"):
            line.execute(f"CREATE TABLE nightdesk.{name} AS SELECT * FROM by_steps.{name}".encode())
        portable = catalogue(line, team.service.owner)
    names = {table.name for table in portable_tables()}
    for part in ("columns", "constraints", "indexes"):
        assert _of(by_steps[part], names) == _of(portable[part], names), part
    tables = {row[0] for row in by_steps["relations"] if row[1] == "r"}
    assert tables == names | _ONLY_A_TEAMS | {"alembic_version"}


def portable_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if db.people_schema.ON_FILES_ONLY not in table.info]


def _of(rows: list[tuple[object, ...]], names: set[str]) -> list[tuple[object, ...]]:
    """Leave out order of columns, rights and collations, which SQLAlchemy's tables do not have here."""
    kept = [row for row in rows if str(row[0]).removeprefix("nightdesk.") in names]
    if rows and len(rows[0]) == 8:
        return sorted(((row[0], *row[2:4], *row[5:7]) for row in kept), key=repr)
    return kept


# --- the list --------------------------------------------------------------------------------


def test_steps_have_numbers_in_order_and_marks_of_their_own() -> None:
    numbers = [step.number for step in STEPS]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    assert STEPS[0].mark == BASE
    assert len({step.mark for step in STEPS}) == len({step.name for step in STEPS}) == len(STEPS)
    assert all(step.statements or step.doors_only for step in STEPS)


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_doors_hold_functions_and_nothing_that_an_upgrade_could_not_write_anew(name: str) -> None:
    statements = re.findall(r"^(?:CREATE|ALTER|DROP|COMMENT|INSERT|DO|GRANT|REVOKE)\b.*", text_of(name), re.MULTILINE)
    allowed = ("CREATE FUNCTION", "COMMENT ON FUNCTION")
    assert [one for one in statements if not one.startswith(allowed)] == []

"""The second layer behind the doors: a door that forgets to ask, or a table granted by mistake, shows no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from psycopg import errors, sql

from console.domain.record import Identity
from db.postgres.cluster import Cluster
from db.postgres.doors import IMPORTED
from db.postgres.make import add_worker, remove_worker
from db.postgres.row_security import LAYERS
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import MANAGER, PRIYA, TOM, WITNESS
from tests.helpers.team_rights import Team, a_contact, a_person, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

FILLED = ("entry", "entry_body", "head", "stream", "stream_member", "kind_right", "worker")


@pytest.fixture(scope="module", params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    """A service with a case and a person, on the newest and the oldest PostgreSQL in turn."""
    with team_on(postgres_of_the_run(request.param)) as made:
        a_contact(made, "a line", a_person(made, "Fenn", "Marcus", "+447700900412"))
        yield made


@contextmanager
def mistake(team: Team, make: str, mend: str) -> Iterator[None]:
    """Let an administrator make a mistake for the length of a block, as the owner."""
    with team.superuser() as line:
        line.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(team.service.owner)))
        line.execute(make)
        try:
            yield
        finally:
            line.execute(mend)


def forgetful(team: Team, returns: str, body: str) -> AbstractContextManager[None]:
    """A door that asks nobody anything."""
    make = (
        f"CREATE FUNCTION forgetful() RETURNS {returns} LANGUAGE sql SECURITY DEFINER "
        f"SET search_path = nightdesk, pg_temp AS $${body}$$; GRANT EXECUTE ON FUNCTION forgetful() TO PUBLIC"
    )
    return mistake(team, make, "DROP FUNCTION forgetful()")


def count(connection: psycopg.Connection) -> int:
    ((found,),) = connection.execute("SELECT nightdesk.forgetful()").fetchall()
    return int(found)


def test_every_table_but_those_of_people_has_its_layer_and_it_holds_for_the_owner(team: Team) -> None:
    with team.superuser() as line:
        tables = line.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'nightdesk'::regnamespace AND relkind IN ('r', 'p', 'm', 'v')"
        ).fetchall()
    assert {name for name, *_ in tables} == {*LAYERS, *IMPORTED}
    # COPY, by which a million people are loaded, is refused where row security is.
    assert {(name, on, forced) for name, on, forced in tables} == {
        (name, name in LAYERS, name in LAYERS) for name, *_ in tables
    }


def test_tables_granted_by_mistake_show_a_worker_no_rows_and_take_none(team: Team) -> None:
    grant = f"{{}} ALL ON {', '.join(LAYERS)} {{}} nd_worker"
    with mistake(team, grant.format("GRANT", "TO"), grant.format("REVOKE", "FROM")), team.raw(TOM) as tom:
        for name in LAYERS:
            table = sql.Identifier("nightdesk", name)
            rows = tom.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchall()
            assert rows == [(0,)], name
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            tom.execute("INSERT INTO shift_role VALUES ('administrator')")
        assert tom.execute("DELETE FROM stream_member").rowcount == 0


@pytest.mark.parametrize("table", FILLED)
def test_a_door_that_forgets_to_ask_shows_nothing_to_a_session_of_no_group(team: Team, table: str) -> None:
    stranger = Identity("nobody.here", "Nobody Here", TOM.role, "desk-9")
    add_worker(team.admin, team.service, stranger.worker, stranger.name, [stranger.role], team.password)
    with team.raw(stranger) as was_let_in, forgetful(team, "bigint", f"SELECT count(*) FROM {table}"):
        assert count(was_let_in) > 0, "there is something to be seen"
        with team.superuser() as line:
            # Out of the group, and still connected.
            line.execute(sql.SQL("REVOKE nd_worker FROM {}").format(sql.Identifier(team.login(stranger))))
            line.execute("GRANT USAGE ON SCHEMA nightdesk TO PUBLIC")
        try:
            assert count(was_let_in) == (table == "worker"), "a worker's own row is all that is left"
        finally:
            with team.superuser() as line:
                line.execute("REVOKE USAGE ON SCHEMA nightdesk FROM PUBLIC")


def test_a_door_that_forgets_to_ask_shows_each_group_its_own_tables(team: Team) -> None:
    sees: dict[str, list[Identity | str]] = {
        "entry": [PRIYA, WITNESS, "verify"],
        "entry_body": [PRIYA, "verify"],
        "kind_right": [PRIYA, WITNESS],
        "access": [PRIYA, "verify"],
    }
    with team.store(PRIYA) as store:
        store.ask_open(PRIYA, store.envelopes(0, 1)[0].stream.id, "to see")
    for table, who_may in sees.items():
        with forgetful(team, "bigint", f"SELECT count(*) FROM {table}"):
            everybody: tuple[Identity | str, ...] = (PRIYA, WITNESS, "verify", "import")
            for who in everybody:
                with team.raw(who) as connection:
                    assert (count(connection) > 0) == (who in who_may), (table, who)
    with forgetful(team, "bigint", "SELECT count(*) FROM worker"), team.raw(MANAGER) as manager:
        assert count(manager) == 1, "one's own row, and no colleague's"


def test_a_door_can_neither_change_nor_delete_what_was_written(team: Team) -> None:
    for body in ("DELETE FROM entry_body", "UPDATE entry_body SET body = '{}'"):
        with (
            forgetful(team, "bigint", f"WITH gone AS ({body} RETURNING 1) SELECT count(*) FROM gone"),
            team.raw(PRIYA) as priya,
        ):
            assert count(priya) == 0
    with (
        forgetful(team, "void", "UPDATE entry SET author = 'x'"),
        team.raw(PRIYA) as priya,
        pytest.raises(psycopg.Error, match="never changed or deleted"),
    ):
        priya.execute("SELECT nightdesk.forgetful()")


def test_a_removed_worker_is_in_no_group(team: Team) -> None:
    add_worker(team.admin, team.service, "una.leaver", "Una Leaver", [TOM.role], team.password)
    remove_worker(team.admin, team.service, "una.leaver")
    with team.superuser() as line:
        left = line.execute("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", [team.login("una.leaver")])
        assert left.fetchall() == []
    add_worker(team.admin, team.service, "una.leaver", "Una Leaver", [TOM.role], team.password)
    with team.raw("una.leaver") as back:
        assert back.execute("SELECT worker FROM whoami()").fetchall() == [("una.leaver",)]

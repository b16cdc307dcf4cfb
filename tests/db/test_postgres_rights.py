"""A worker's password and any SQL tool: every table, function and way round is tried, and the catalogue is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from console.domain.record import SCHEMA_VERSION, SHIFT_ROLES, START, Identity, Kind, Role
from console.domain.rights import DECISIONS, decision_right, kind_right
from console.ports.store import StoreAway
from db.postgres.cluster import Cluster
from db.postgres.doors import DOORS, GROUPS, IMPORTED
from db.postgres.lines import NotLetIn
from db.postgres.make import add_worker, remove_worker
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import MANAGER, PEOPLE, PRIYA, TOM, WITNESS
from tests.helpers.team_rights import HELPERS, Team, a_contact, pen_of, sent, team_on
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]

Row = tuple[object, ...]
REFUSED = errors.InsufficientPrivilege


@pytest.fixture(scope="module", params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    """A service on the newest and the oldest PostgreSQL in turn, as it is made for a council."""
    with team_on(postgres_of_the_run(request.param)) as made:
        yield made


@pytest.fixture
def tom(team: Team) -> Iterator[psycopg.Connection]:
    """Tom's password in a tool of his own, in autocommit."""
    with team.raw(TOM) as connection:
        yield connection


def told(team: Team, query: str, *values: object) -> list[Row]:
    """Ask the catalogue as the superuser."""
    with team.superuser() as connection:
        return connection.execute(query, values).fetchall()


# --- what the catalogue says -----------------------------------------------------------------


def test_exactly_the_doors_are_granted_and_to_nobody_else(team: Team) -> None:
    granted = told(
        team,
        "SELECT p.oid::regprocedure::text, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, "
        "a.privilege_type, a.is_grantable "
        "FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE p.pronamespace = 'nightdesk'::regnamespace AND a.grantee <> p.proowner",
    )
    named = {
        (told(team, "SELECT to_regprocedure(%s)::text", f"nightdesk.{door}")[0][0], group, "EXECUTE", False)
        for group, doors in DOORS.items()
        for door in doors
    }
    assert set(granted) == named


def test_a_function_is_definers_if_and_only_if_it_is_a_door_and_all_have_their_search_path(team: Team) -> None:
    # A trigger's function cannot be called; this one must see who was restricted, whoever writes (decision 0015).
    doors = {"close_words()"} | {door for group in DOORS.values() for door in group}
    oids = {told(team, "SELECT to_regprocedure(%s)::oid", f"nightdesk.{door}")[0][0] for door in doors}
    functions = told(
        team,
        "SELECT oid, prosecdef, proconfig, oid::regprocedure::text, prorettype = 'trigger'::regtype FROM pg_proc "
        "WHERE pronamespace = 'nightdesk'::regnamespace",
    )
    assert len(functions) > len(doors)
    for oid, definer, settings, name, triggers in functions:
        assert definer == (oid in oids), name
        assert triggers or name != "close_words()"
        assert settings == ["search_path=nightdesk, pg_temp"], name


def test_tables_are_the_owners_and_those_of_people_the_imports(team: Team) -> None:
    owner = team.service.owner
    tables = told(
        team,
        "SELECT c.relname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type "
        "FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'nightdesk'::regnamespace AND a.grantee <> c.relowner",
    )
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE")
    people = {(table, "nd_import", verb) for table in IMPORTED for verb in verbs}
    assert set(tables) == people | {("rota", "nd_import", verb) for verb in ("SELECT", "INSERT", "UPDATE")}
    columns = told(
        team,
        "SELECT c.relname, t.attname, a.grantee::regrole::text, a.privilege_type "
        "FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a "
        "WHERE c.relnamespace = 'nightdesk'::regnamespace",
    )
    assert set(columns) == {("head", column, "nd_import", "SELECT") for column in ("id", "invented", "schema", "seq")}
    for catalogue, space, who in (
        ("pg_class", "relnamespace", "relowner"),
        ("pg_proc", "pronamespace", "proowner"),
        ("pg_type", "typnamespace", "typowner"),
    ):
        owners = told(
            team, f"SELECT DISTINCT {who}::regrole::text FROM {catalogue} WHERE {space} = 'nightdesk'::regnamespace"
        )
        assert owners == [(owner,)], catalogue


def test_schema_and_database_let_in_whom_they_should(team: Team) -> None:
    schema = told(
        team,
        "SELECT a.grantee::regrole::text, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a "
        "WHERE n.nspname = 'nightdesk' AND a.grantee <> n.nspowner",
    )
    assert set(schema) == {(group, "USAGE") for group in GROUPS}
    database = told(
        team,
        "SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type "
        "FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = %s AND a.grantee <> d.datdba",
        team.service.name,
    )
    logins = {team.login(who) for who in PEOPLE} | {team.login(name) for name in HELPERS}
    assert set(database) == {(login, "CONNECT") for login in logins}
    for privilege in ("CREATE", "TEMPORARY"):
        mine = told(team, "SELECT has_database_privilege(%s, %s, %s)", team.login(TOM), team.service.name, privilege)
        assert mine == [(False,)]


def test_a_function_that_an_upgrade_adds_is_nobodys_until_it_is_granted(team: Team) -> None:
    with team.superuser() as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(team.service.owner)))
        connection.execute("CREATE FUNCTION added() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
        try:
            mine = connection.execute(
                "SELECT has_function_privilege(%s, 'nightdesk.added()', 'EXECUTE')", [team.login(TOM)]
            )
            assert mine.fetchone() == (False,)
        finally:
            connection.execute("DROP FUNCTION added()")


def test_the_owner_cannot_log_in_and_a_worker_is_in_one_group_with_no_power(team: Team) -> None:
    powers = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    rows = told(
        team,
        f"SELECT rolname, rolcanlogin, {powers} FROM pg_roles WHERE rolname = ANY (%s)",
        [*GROUPS, team.service.owner],
    )
    assert {row[1:] for row in rows} == {(False,) * 6}
    assert len(rows) == len(GROUPS) + 1
    for who, group in ((TOM, "nd_worker"), (WITNESS, "nd_witness")):
        rows = told(team, f"SELECT {powers} FROM pg_roles WHERE rolname = %s", team.login(who))
        assert rows == [(False,) * 5]
        groups = told(
            team,
            "SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = %s::regrole",
            team.login(who),
        )
        assert groups == [(group,)]


def test_the_servers_table_of_rights_is_the_domains(team: Team) -> None:
    kinds = told(team, "SELECT kind, role FROM nightdesk.kind_right")
    assert set(kinds) == {(k.value, r.value) for k in Kind for r in Role if kind_right(k, r)}
    decisions = told(team, "SELECT decision, role FROM nightdesk.decision_right")
    # What stands in no row is any shift role's: Python says so too.
    assert {name for name, _ in decisions} == set(DECISIONS)
    assert set(decisions) == {(d, r.value) for d in DECISIONS for r in Role if decision_right(d, r)}
    assert {role for role in Role if decision_right("of no row", role)} == SHIFT_ROLES
    assert set(told(team, "SELECT role FROM nightdesk.shift_role")) == {(role.value,) for role in SHIFT_ROLES}


# --- what a password and SQL get -------------------------------------------------------------


def test_no_table_can_be_read_or_touched(team: Team, tom: psycopg.Connection) -> None:
    tables = told(team, "SELECT relname FROM pg_class WHERE relnamespace = 'nightdesk'::regnamespace AND relkind = 'r'")
    assert len(tables) > 25
    for (name,) in tables:
        table = sql.Identifier("nightdesk", str(name))
        for words in (
            "SELECT * FROM {}",
            "INSERT INTO {} DEFAULT VALUES",
            "DELETE FROM {}",
            "TRUNCATE {}",
            "COPY {} TO STDOUT",
            "ALTER TABLE {} ADD COLUMN mine text",
            "CREATE TRIGGER mine BEFORE INSERT ON {} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ):
            with pytest.raises(REFUSED):
                tom.execute(sql.SQL(words).format(table))
        ((column,),) = told(
            team, "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", f"nightdesk.{name}"
        )
        with pytest.raises(REFUSED):
            tom.execute(sql.SQL("UPDATE {} SET {} = NULL").format(table, sql.Identifier(str(column))))


def test_no_function_but_the_doors_can_be_called(team: Team) -> None:
    functions = told(
        team,
        "SELECT p.oid, p.proname, "
        "array_agg(format(CASE WHEN proisstrict THEN '''''::%%s' ELSE 'NULL::%%s' END, t::regtype) "
        "ORDER BY place) FILTER (WHERE t IS NOT NULL) "
        "FROM pg_proc p LEFT JOIN unnest(p.proargtypes) WITH ORDINALITY AS a (t, place) ON true "
        "WHERE p.pronamespace = 'nightdesk'::regnamespace GROUP BY p.oid, p.proname",
    )
    hands = ((TOM, "nd_worker"), (WITNESS, "nd_witness"), ("verify", "nd_verify"), ("import", "nd_import"))
    for who, group in hands:
        theirs = {
            told(team, "SELECT to_regprocedure(%s)::oid", f"nightdesk.{door}")[0][0] for door in DOORS.get(group, ())
        }
        shut = 0
        with team.raw(who) as connection:
            for oid, name, arguments in functions:
                if oid in theirs:
                    continue
                assert arguments is None or isinstance(arguments, list)
                # A trigger's function is refused as such before its rights are looked at.
                with pytest.raises((REFUSED, errors.FeatureNotSupported)):
                    connection.execute(f"SELECT nightdesk.{name}({', '.join(arguments or [])})")
                shut += 1
        assert shut == len(functions) - len(theirs)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMP TABLE worker (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.now_us() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "SET SESSION AUTHORIZATION {priya}",
        "SET ROLE {priya}",
        "GRANT nd_verify TO CURRENT_USER",
        "GRANT {owner} TO CURRENT_USER",
        "ALTER ROLE {priya} PASSWORD 'mine'",
        "ALTER FUNCTION nightdesk.acting(text) RESET ALL",
        "ALTER DATABASE {database} OWNER TO {tom}",
        "DROP SCHEMA nightdesk CASCADE",
        "SET log_statement = 'all'",
        "SET session_replication_role = 'replica'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT * FROM pg_authid",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{priya}'",
    ],
)
def test_a_way_round_is_refused(team: Team, tom: psycopg.Connection, statement: str) -> None:
    names = {"owner": team.service.owner, "priya": team.login(PRIYA), "tom": team.login(TOM)}
    with team.raw(PRIYA), pytest.raises((REFUSED, errors.InvalidParameterValue, errors.DuplicateObject)) as refusal:
        tom.execute(statement.format(database=team.service.name, **names))
    assert refusal.value.sqlstate == "42501"


def test_another_services_database_is_shut(team: Team) -> None:
    with team_on(team.cluster, [MANAGER]) as other:
        keywords = team.cluster.keywords(team.login(TOM), other.service.name, team.password)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(**keywords)


def test_tables_and_functions_of_ones_own_stand_in_the_place_of_none_of_ours(team: Team) -> None:
    """Even where some administrator gave TEMP: what is ours is looked for in our schema first."""
    grant = sql.SQL("{} ON DATABASE {} {} {}")
    names = sql.Identifier(team.service.name), sql.Identifier(team.login(TOM))
    with team.superuser() as connection:
        connection.execute(grant.format(sql.SQL("GRANT TEMP"), names[0], sql.SQL("TO"), names[1]))
    try:
        with team.raw(TOM) as tom:
            tom.execute("SET search_path = pg_temp, nightdesk")
            tom.execute("CREATE TEMP TABLE worker (login name, worker text, name text, roles text[], gone_at bigint)")
            tom.execute(
                "INSERT INTO worker VALUES (session_user, %s, 'x', %s, NULL)", [MANAGER.worker, [MANAGER.role.value]]
            )
            tom.execute("CREATE FUNCTION pg_temp.acting(text) RETURNS text LANGUAGE sql AS $$SELECT 'dilys.marsh'$$")
            tom.execute("CREATE FUNCTION pg_temp.sha(text) RETURNS text LANGUAGE sql AS $$SELECT ''$$")
            assert tom.execute("SELECT worker FROM nightdesk.whoami()").fetchall() == [(TOM.worker,)]
            with pytest.raises(psycopg.Error) as refusal:
                tom.execute("SELECT nightdesk.bodies(%s, '{}')", [MANAGER.role.value])
            assert refusal.value.sqlstate == "ND001"
    finally:
        with team.superuser() as connection:
            connection.execute(grant.format(sql.SQL("REVOKE TEMP"), names[0], sql.SQL("FROM"), names[1]))


def test_one_writes_as_oneself_and_in_ones_own_roles(team: Team, tom: psycopg.Connection) -> None:
    ref, _ = a_contact(team, "a line")
    append = "SELECT append(%s, %s, %s, '[]')"
    with pytest.raises(psycopg.Error) as refusal:
        tom.execute(append, [MANAGER.role.value, SCHEMA_VERSION, Jsonb([])])
    assert refusal.value.sqlstate == "ND001"
    forged = [
        (sent(pen_of(PRIYA).note(ref, "x")), "not_author"),
        (sent(pen_of(TOM).note(ref, "x"), author=None), "not_sound"),
        (sent(pen_of(TOM).note(ref, "x"), role=MANAGER.role.value), "no_right"),
        (sent(pen_of(TOM).note(ref, "x"), kind="person.restricted"), "not_sound"),
        (sent(pen_of(TOM).note(ref, "x"), kind="person.restricted", stream_kind="person"), "no_right"),
        (sent(pen_of(TOM).note(ref, "x"), kind="system.disputed"), "no_right"),
        (sent(pen_of(TOM).note(ref, "x"), kind="of.no.kind"), "no_right"),
    ]
    for entry, reason in forged:
        ((answer,),) = tom.execute(append, [TOM.role.value, SCHEMA_VERSION, Jsonb([entry])]).fetchall()
        assert [(one["verdict"], one["reason"]) for one in answer] == [("refused", reason)], entry


def test_a_forged_bell_does_no_harm_and_ours_carries_a_number_alone(team: Team, tom: psycopg.Connection) -> None:
    source = team.source(PRIYA)
    bell = source.subscribe(lambda: None)
    with team.raw(PRIYA) as listening:
        listening.execute("LISTEN nightdesk")
        _, note = a_contact(team, "words of a caller")
        heard = [notify.payload for notify in listening.notifies(timeout=5, stop_after=1)]
        assert heard
        assert heard[0].isdecimal()
        before = source.beat((START,))
        for forged in ("", "-1", "999999999", "x" * 7000):
            tom.execute("SELECT pg_notify('nightdesk', %s)", [forged])
        assert bell.rang() or bell.rang()
        assert [one.envelope.id for one in source.news(0, 5000)][-1] == note
        assert source.beat((START,)).head == before.head
    bell.close()
    source.close()


def test_a_transaction_left_open_in_somebodys_tool_holds_nobody_up_for_long(team: Team) -> None:
    """Whoever writes holds the counter row until the end of the transaction: a console's ends with its one call."""
    pen = pen_of(TOM)
    with team.raw(TOM, autocommit=False) as tom, team.store(PRIYA) as store:
        values = [TOM.role.value, SCHEMA_VERSION, Jsonb([sent(pen.contact()[1])])]
        tom.execute("SELECT append(%s, %s, %s, '[]')", values)
        entry = pen_of(PRIYA).contact()[1]

        def written() -> bool:
            with suppress(StoreAway):
                return bool(store.append(PRIYA, [entry]))
            return False

        took = until(written, 15, "a colleague's entry is stored")
        assert took < 10
        assert store.envelopes(0, 5000)[-1].id == entry.id
        with pytest.raises(errors.IdleInTransactionSessionTimeout):
            tom.execute("SELECT 1")


def test_a_worker_who_is_removed_is_out_at_once(team: Team) -> None:
    leaver = Identity("una.leaver", "Una Leaver", TOM.role, "desk-5")
    add_worker(team.admin, team.service, leaver.worker, leaver.name, [leaver.role], team.password)
    source = team.source(leaver)
    source.subscribe(lambda: None)
    with team.raw(leaver) as open_still, team.store(leaver) as store:
        store.envelopes(0)
        remove_worker(team.admin, team.service, leaver.worker)
        login = team.service.login(leaver.worker)
        here = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
        # Told to end they end by themselves, on a busy computer a moment later.
        until(lambda: told(team, here, login) == [(0,)], 30, "the leaver's connections end")
        with pytest.raises(psycopg.OperationalError):
            open_still.execute("SELECT * FROM envelopes(0, 1)")
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in|password authentication failed"):
            team.raw(leaver)
        with pytest.raises(NotLetIn):
            store.envelopes(0)
    source.close()
    gone = told(team, "SELECT gone_at IS NOT NULL FROM nightdesk.worker WHERE worker = %s", leaver.worker)
    assert gone == [(True,)]

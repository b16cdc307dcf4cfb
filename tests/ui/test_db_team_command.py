"""``nightdesk db`` on a team's record, a real PostgreSQL: making it, and everybody's log-ins."""

from __future__ import annotations

from functools import partial

import psycopg
import pytest

from console.domain.record import Role
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.ports.store import StoreAway
from db.postgres.doors import GROUPS
from db.postgres.store import PostgresStore
from db.team import admit
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.team_service import OWN, CommandLine, TeamService, add, entered
from tests.helpers.waiting import until
from ui.exits import Exit

pytest_plugins = ["tests.helpers.team_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.needs("postgres")


# --- init ------------------------------------------------------------------------------------


def test_init_says_what_it_made_and_what_the_owner_must_do(unmade: TeamService, line: CommandLine) -> None:
    code, out, err = line.run("db", "init", *unmade.admin, stdin=unmade.password)
    assert (code, err) == (Exit.OK, "")
    for words in (
        unmade.name,
        "cannot log in",
        f"hostssl {unmade.name} all YOUR-NETWORK scram-sha-256",
        "TLS is OFF",
        "pg_dump",
        "docs/running/postgresql.md",
        "nightdesk db worker add",
    ):
        assert words in out
    assert unmade.password not in out
    assert unmade.sql("SELECT seq, invented FROM head") == [(0, False)]
    code, _, err = line.run("db", "init", *unmade.admin, stdin=unmade.password)
    assert code == Exit.USAGE
    assert "already a database" in err


def test_init_for_a_program(unmade: TeamService, line: CommandLine) -> None:
    said = line.json("db", "init", "--invented", *unmade.admin, stdin=unmade.password)
    assert said["database"] == unmade.url
    assert len(said["made"]) == 3
    assert len(said["next"]) >= 4
    assert unmade.sql("SELECT invented FROM head") == [(True,)]


def test_init_that_cannot_end_leaves_nothing(
    unmade: TeamService, line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreAway("the line was lost in the middle")

    # The server would have to be lost at one certain statement: no other side of a wire can be made to do that.
    monkeypatch.setattr("db.postgres.make.build", fails)
    code, _, err = line.run("db", "init", *unmade.admin, stdin=unmade.password)
    assert code == Exit.REFUSED
    assert "lost in the middle" in err
    with psycopg.connect(**unmade.cluster.keywords()) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [unmade.name]).fetchall() == []
        owner = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [unmade.service.owner]).fetchall()
        assert owner == []


@pytest.mark.parametrize(
    ("words", "stdin", "sentence"),
    [
        (["--admin", "postgres", "--password-stdin"], "wrong\n", "did not accept this log-in name and password"),
        (["--admin", "postgres", "--password-stdin"], "", "There is no password for this log-in"),
        (["--admin", "postgres"], "", "say --password-stdin"),
        ([], "", "say --admin NAME"),
        (["--admin", "postgres", "--plain"], "", "say --invented"),
    ],
    ids=["wrong", "empty", "none", "nobody", "plain"],
)
def test_nothing_is_made_without_the_right_password(
    unmade: TeamService, line: CommandLine, words: list[str], stdin: str, sentence: str
) -> None:
    code, out, err = line.run("db", "init", "--database", unmade.url, *words, stdin=stdin)
    assert code in (Exit.REFUSED, Exit.USAGE)
    assert sentence in err
    assert not out
    with psycopg.connect(**unmade.cluster.keywords()) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [unmade.name]).fetchall() == []


def test_an_administrator_need_not_be_a_superuser(unmade: TeamService, line: CommandLine) -> None:
    name, password = f"admin_of_{unmade.name}", "only for this test"
    other = unmade.cluster.keywords()
    with psycopg.connect(**other, autocommit=True) as connection:
        # Groups that another administrator made: the superuser lets this one hand them out.
        for group in GROUPS:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [group]).fetchall():
                connection.execute(f"CREATE ROLE {group} NOLOGIN".encode())
        connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'".encode())
        connection.execute(f"GRANT {', '.join(GROUPS)} TO {name} WITH ADMIN OPTION".encode())
    try:
        admin = ("--database", unmade.url, "--admin", name, "--password-stdin")
        line.json("db", "init", *admin, stdin=password)
        said = line.json("db", "worker", "add", "Priya Raman", "--role", "amhp", *admin, stdin=password)
        store = admit(unmade.way("Priya Raman", said["password"]), SystemClock())
        assert store.roles == (Role.AMHP,)
        store.store.close()
        line.json("db", "upgrade", *admin, stdin=password)
        line.json("db", "worker", "remove", "Priya Raman", *admin, stdin=password)
    finally:
        with psycopg.connect(**other, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {unmade.name} WITH (FORCE)".encode())
            for role in (f"{unmade.name}__priya_raman", unmade.service.owner):
                connection.execute(f"DROP ROLE IF EXISTS {role}".encode())
            connection.execute(f"DROP OWNED BY {name}".encode())
            connection.execute(f"DROP ROLE {name}".encode())


def test_somebody_who_is_no_administrator_is_told_so(service: TeamService, line: CommandLine) -> None:
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    login = f"{service.name}__priya_raman"
    admin = ("--database", service.url, "--admin", login, "--password-stdin")
    code, out, err = line.run("db", "worker", "add", "Tom Adeyemi", "--role", "amhp", *admin, stdin=OWN)
    assert (code, out) == (Exit.REFUSED, "")
    assert "may not make databases and log-ins" in err
    assert service.sql("SELECT worker FROM worker") == [("priya.raman",)]


# --- log-ins ---------------------------------------------------------------------------------


def test_a_worker_gets_a_log_in_whose_password_is_said_once(service: TeamService, line: CommandLine) -> None:
    words = ["db", "worker", "add", "Zoë Ann-Marie Lee", "--role", "amhp", "--role", "duty_manager", *service.admin]
    code, out, err = line.run(*words, stdin=service.password)
    assert (code, err) == (Exit.OK, "")
    login, password = (row.partition(": ")[2] for row in out.splitlines()[:2])
    assert login == f"{service.name}__zoe_annmarie_lee"
    assert "shown this once" in out
    assert f"nightdesk console --database {service.url}" in out
    assert service.sql("SELECT count(*) FROM pg_authid WHERE rolname = %s AND rolpassword LIKE 'SCRAM%%'", login) == [
        (1,)
    ]
    for typed in ("Zoë Ann-Marie Lee", "zoë.annmarie.lee", login):
        admitted = admit(service.way(typed, password), SystemClock())
        admitted.store.close()
        assert (admitted.worker, admitted.name) == ("zoë.annmarie.lee", "Zoë Ann-Marie Lee")
        assert admitted.roles == (Role.AMHP, Role.DUTY_MANAGER)


def test_another_worker_of_nearly_the_same_name_takes_nobodys_log_in(service: TeamService, line: CommandLine) -> None:
    add(line, service, "Zoë Lee", "--role", "amhp")
    code, _, err = line.run("db", "worker", "add", "Zoe Lee", "--role", "amhp", *service.admin, stdin=service.password)
    assert code == Exit.USAGE
    assert "belongs to a worker of another name" in err
    admitted = admit(service.way("Zoë Lee", OWN), SystemClock())
    admitted.store.close()
    assert admitted.name == "Zoë Lee", "her password still lets her in"


@pytest.mark.parametrize(
    ("words", "stdin", "sentence"),
    [
        (["Priya Raman"], "", "Say --role ROLE for a worker"),
        (["Priya Raman", "--role", "amhp", "--program", "verify"], "", "Say --role ROLE for a worker"),
        (["!!", "--role", "amhp"], "", "needs a name of letters"),
        (["Владимир", "--role", "amhp"], "", "use Latin letters"),
        (["Priya Raman", "--role", "amhp"], "short", "needs 12 characters"),
    ],
    ids=["no role", "both", "no letters", "no Latin letters", "short"],
)
def test_a_log_in_that_cannot_be_is_refused_in_words(
    service: TeamService, line: CommandLine, words: list[str], stdin: str, sentence: str
) -> None:
    code, _, err = line.run("db", "worker", "add", *words, *service.admin, stdin=f"{service.password}\n{stdin}\n")
    assert code == Exit.USAGE
    assert sentence in err
    assert service.sql("SELECT count(*) FROM worker") == [(0,)]


def is_let_in_no_more(store: PostgresStore) -> bool:
    try:
        store.heartbeat()
    except NightdeskError as refused:
        return "did not accept" in str(refused)
    return False


def test_a_removed_worker_is_let_in_no_more_and_an_open_line_is_cut(service: TeamService, line: CommandLine) -> None:
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    with entered(service) as (store, _):
        store.heartbeat()
        said = line.json("db", "worker", "remove", "priya.raman", *service.admin, stdin=service.password)
        assert said == {"login": f"{service.name}__priya_raman", "removed": True}
        # The server cuts the open line a moment after it was told to; that is the record away, and then no log-in.
        until(partial(is_let_in_no_more, store), 60, "the log-in has ended")
    code, _, err = line.run(
        *("people", "find", "Fenn", "--database", service.url, "--login", "Priya Raman", "--password-stdin"), stdin=OWN
    )
    assert code == Exit.REFUSED
    assert "the log-in has ended" in err
    code, _, err = line.run("db", "worker", "remove", "Nobody", *service.admin, stdin=service.password)
    assert code == Exit.USAGE
    assert "no log-in of Nobody" in err


def test_a_worker_without_a_role_here_any_more_is_told_so(service: TeamService, line: CommandLine) -> None:
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    service.sql("UPDATE worker SET gone_at = 1")
    code, _, err = line.run(
        *("people", "find", "Fenn", "--database", service.url, "--login", "Priya Raman", "--password-stdin"), stdin=OWN
    )
    assert code == Exit.REFUSED
    assert "never added here, has ended, or has no such role" in err


def test_passwords_are_kept_in_the_keyring_only_where_that_was_asked(
    service: TeamService, line: CommandLine, keyring: ShelfKeyring
) -> None:
    program = ("db", "worker", "add", "verify", "--program", "verify")
    code, out, _ = line.run(*program, "--keep-new", *service.admin, stdin=service.password)
    assert code == Exit.OK
    host, port = service.cluster.address
    name = f"database:{service.name}@{host}:{port}:{service.name}__verify"
    ((kept_as, kept),) = keyring.shelf.items()
    assert kept_as == ("nightdesk", name)
    assert kept not in out
    said = line.json("db", "verify", "--database", service.url)
    assert said["honest"] is True
    line.json("db", "upgrade", "--keep-password", *service.admin, stdin=service.password)
    admin = ("--database", service.url, "--admin", "postgres")
    line.json("db", "upgrade", *admin)
    line.json("db", "worker", "remove", "verify", *admin)
    keyring.shelf["nightdesk", f"database:{service.name}@{host}:{port}:postgres"] = "another"
    code, _, err = line.run("db", "upgrade", *admin)
    assert code == Exit.REFUSED
    assert "did not accept" in err


# --- what this version does only in a file ---------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["db", "backup", "copy.db"], "pg_dump"),
        (["db", "verify", "--key-file", "k"], "--key-file belongs to a record in a file"),
    ],
)
def test_what_a_file_can_and_a_server_cannot_is_said(line: CommandLine, words: list[str], sentence: str) -> None:
    code, _, err = line.run(*words, "--database", "postgresql://127.0.0.1:1/nowhere")
    assert code == Exit.USAGE
    assert sentence in err


def test_what_only_a_team_has_is_said_of_a_file(line: CommandLine) -> None:
    code, _, err = line.run("db", "worker", "add", "Priya Raman", "--role", "amhp", "--database", "night.db")
    assert code == Exit.USAGE
    assert "has no log-ins" in err
    code, _, err = line.run("db", "init", "--admin", "postgres", "--database", "night.db")
    assert code == Exit.USAGE
    assert "belong to a team's record" in err

"""``nightdesk db`` and ``people find`` on a team's record: a real PostgreSQL, and words for whoever looks after it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from console.domain.record import Identity, Role, decode_body
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.secrets import KeyringSecrets
from console.ports.store import StoreAway, Verdict
from db.postgres.cluster import Cluster
from db.postgres.make import DOORS, GROUPS
from db.postgres.store import PostgresStore
from db.schema import REVISIONS
from db.team import admit
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.postgres import NEWEST
from tests.helpers.record_parts import HandClock, Pen
from tests.helpers.team_office import put_people
from tests.helpers.team_service import CommandLine, TeamService, named_service
from ui.exits import Exit

pytest_plugins = ["tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.needs("postgres")

OWN = "a password of her own"


@pytest.fixture
def cluster(postgres_of_the_run: Callable[[str], Cluster]) -> Cluster:
    return postgres_of_the_run(NEWEST)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> ShelfKeyring:
    """A keyring on a shelf; patched in, because an account has one and a test must not write into it."""
    shelf = ShelfKeyring()
    monkeypatch.setattr("ui.bootstrap.team.keyring_of_commands", lambda: KeyringSecrets(backend=shelf))
    return shelf


@pytest.fixture
def unmade(cluster: Cluster) -> Iterator[TeamService]:
    with named_service(cluster) as named:
        yield named


@pytest.fixture
def service(unmade: TeamService, line: CommandLine) -> TeamService:
    """A service that the command made."""
    line.json("db", "init", "--invented", *unmade.admin, stdin=unmade.password)
    return unmade


@contextmanager
def entered(service: TeamService) -> Iterator[tuple[PostgresStore, Pen]]:
    """Give the record as Priya's log-in sees it, and a pen of hers."""
    admitted = admit(service.way("Priya Raman", OWN), SystemClock())
    who = Identity(admitted.worker, admitted.name, admitted.roles[0], "desk-1")
    try:
        yield admitted.store, Pen(who, HandClock(SystemClock().now()))
    finally:
        admitted.store.close()


def add(line: CommandLine, service: TeamService, name: str, *more: str, own: str = OWN) -> str:
    """Give somebody a log-in with a password of ours; return its name."""
    said = line.json("db", "worker", "add", name, *more, *service.admin, stdin=f"{service.password}\n{own}\n")
    assert said["password"] is None, "what was given is not printed again"
    return str(said["login"])


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
    monkeypatch.setattr("db.postgres.make.fill", fails)
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


def test_a_removed_worker_is_let_in_no_more_and_an_open_line_is_cut(service: TeamService, line: CommandLine) -> None:
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    with entered(service) as (store, _):
        store.heartbeat()
        said = line.json("db", "worker", "remove", "priya.raman", *service.admin, stdin=service.password)
        assert said == {"login": f"{service.name}__priya_raman", "removed": True}
        with pytest.raises(NightdeskError, match="did not accept"):
            store.heartbeat()
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


# --- verify ----------------------------------------------------------------------------------


@pytest.fixture
def written(service: TeamService, line: CommandLine) -> TeamService:
    """A service with three entries, and a log-in that proves."""
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    add(line, service, "verify", "--program", "verify")
    with entered(service) as (store, pen):
        ref, opened = pen.contact()
        receipts = store.append(pen.who, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
    assert {one.verdict for one in receipts} == {Verdict.STORED}
    return service


def proved(line: CommandLine, service: TeamService, *more: str) -> tuple[int, dict[str, object]]:
    code, out, err = line.run("db", "verify", "--json", "--password-stdin", "--database", service.url, *more, stdin=OWN)
    return code, json.loads(out) if out else {"err": err}


def test_verify_proves_a_record_and_a_noted_head(written: TeamService, line: CommandLine) -> None:
    code, said = proved(line, written)
    assert (code, said["honest"], said["entries"]) == (Exit.OK, True, 3)
    head = said["head"]
    assert isinstance(head, dict)
    noted = f"{head['seq']}:{head['digest']}"
    assert proved(line, written, "--seen", noted)[0] == Exit.OK
    code, said = proved(line, written, "--seen", f"2:{head['digest']}")
    assert code == Exit.NOT_HONEST
    assert said["first_bad"] == {"where": "entry", "seq": 2, "what": said["first_bad"]["what"]}  # type: ignore[index]
    assert proved(line, written, "--seen", f"9:{head['digest']}")[0] == Exit.NOT_HONEST


def test_verify_names_what_a_superuser_altered(written: TeamService, line: CommandLine) -> None:
    written.sql("ALTER TABLE entry_body DISABLE TRIGGER ALL")
    written.sql("UPDATE entry_body SET body = replace(body, 'a', 'o') WHERE id = (SELECT id FROM entry WHERE seq = 2)")
    code, said = proved(line, written)
    assert code == Exit.NOT_HONEST
    assert said["first_bad"]["seq"] == 2  # type: ignore[index]


def test_verify_is_not_for_a_worker(written: TeamService, line: CommandLine) -> None:
    code, said = proved(line, written, "--login", "Priya Raman")
    assert code == Exit.REFUSED
    assert "this log-in may not use it" in str(said["err"])


def test_a_record_that_is_being_written_is_proved_as_it_stood_at_one_moment(
    written: TeamService, line: CommandLine
) -> None:
    stopped = threading.Event()

    def write() -> None:
        with entered(written) as (store, pen):
            ref, opened = pen.contact()
            entries = [opened]
            while not stopped.is_set():
                store.append(pen.who, entries)
                entries = [pen.note(ref, f"{number}") for number in range(20)]

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answers = [proved(line, written) for _ in range(6)]
    finally:
        stopped.set()
        writer.join(20)
    assert [code for code, _ in answers] == [Exit.OK] * 6, answers
    counts = [int(str(said["entries"])) for _, said in answers]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "somebody wrote meanwhile"


# --- upgrade ---------------------------------------------------------------------------------


def test_upgrade_writes_doors_grants_and_rights_anew_while_a_console_works(
    written: TeamService, line: CommandLine
) -> None:
    with entered(written) as (store, pen):
        ref, opened = pen.contact()
        store.append(pen.who, [opened])
        spoilt_and_upgraded(written, line)
        (receipt,) = store.append(pen.who, [pen.note(ref, "after")])
        assert receipt.verdict is Verdict.STORED
        found = store.bodies(pen.who, [receipt.id])
        assert decode_body(found[receipt.id])["text"] == "after"
    assert granted(written) == {(group, door.partition("(")[0]) for group, doors in DOORS.items() for door in doors}
    paths = written.sql("SELECT DISTINCT proconfig::text FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace")
    assert paths == [('{"search_path=nightdesk, pg_temp"}',)]
    assert proved(line, written)[0] == Exit.OK


def spoilt_and_upgraded(written: TeamService, line: CommandLine) -> None:
    """Take away and alter what an upgrade puts right, and upgrade."""
    written.sql("DELETE FROM kind_right")
    written.sql("REVOKE EXECUTE ON FUNCTION bodies(text, uuid[]) FROM nd_worker")
    written.sql("GRANT EXECUTE ON FUNCTION verify_head() TO nd_worker")
    written.sql("CREATE OR REPLACE FUNCTION sha(words text) RETURNS text LANGUAGE sql AS $$ SELECT 'no digest' $$")
    said = line.json("db", "upgrade", *written.admin, stdin=written.password)
    assert (said["from"], said["to"]) == (REVISIONS[-1], REVISIONS[-1])
    assert (
        said["functions"]
        == len(written.sql("SELECT 1 FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace")) - 1
    )


def granted(service: TeamService) -> set[tuple[str, str]]:
    rows = service.sql(
        "SELECT a.grantee::regrole::text, p.proname FROM pg_proc p, aclexplode(p.proacl) a "
        "WHERE p.pronamespace = 'nightdesk'::regnamespace AND a.grantee <> p.proowner"
    )
    return {(str(role), str(name)) for role, name in rows}


def test_upgrade_waits_no_longer_than_a_second_and_then_changes_nothing(
    written: TeamService, line: CommandLine
) -> None:
    written.sql("DELETE FROM kind_right WHERE kind = 'contact.note'")
    with written.superuser() as holder, holder.transaction():
        holder.execute("LOCK TABLE kind_right IN ACCESS EXCLUSIVE MODE")
        code, out, err = line.run("db", "upgrade", *written.admin, stdin=written.password)
    assert (code, out) == (Exit.REFUSED, "")
    assert "longer than a second.  Nothing was changed" in err
    assert written.sql("SELECT count(*) FROM kind_right WHERE kind = 'contact.note'") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", "by a newer Nightdesk"),
        ("UPDATE alembic_version SET version_num = '0001_record'", "made by an older Nightdesk"),
        ("UPDATE head SET schema = 2", "by a newer Nightdesk"),
        ("DROP TABLE alembic_version", "holds no Nightdesk record"),
    ],
)
def test_another_version_is_said_in_words(
    written: TeamService, line: CommandLine, statement: str, sentence: str
) -> None:
    written.sql(statement)
    code, _, err = line.run("db", "upgrade", *written.admin, stdin=written.password)
    assert code == Exit.REFUSED
    assert sentence in err


@pytest.mark.parametrize(("schema", "sentence"), [(2, "a newer Nightdesk"), (0, "run `nightdesk db upgrade`")])
def test_nobody_is_let_into_a_record_of_another_version(
    written: TeamService, line: CommandLine, schema: int, sentence: str
) -> None:
    written.sql("UPDATE head SET schema = %s", schema)
    code, _, err = line.run(
        *("people", "find", "Fenn", "--database", written.url, "--login", "Priya Raman", "--password-stdin"), stdin=OWN
    )
    assert code == Exit.REFUSED
    assert sentence in err


# --- people find -----------------------------------------------------------------------------


def find(line: CommandLine, service: TeamService, *words: str) -> tuple[int, str, str]:
    """Search as Priya."""
    more = ("--database", service.url, "--login", "Priya Raman", "--password-stdin")
    return line.run("people", "find", *words, *more, stdin=OWN)


def test_people_are_found_by_ticket_as_the_worker_of_the_log_in(written: TeamService, line: CommandLine) -> None:
    with written.superuser() as connection, connection.transaction():
        put_people(connection)
    code, out, err = find(line, written, "--number", "07700 900412", "--json")
    assert code == Exit.OK, err
    assert {one["family"] for one in json.loads(out)} == {"Fenn"}
    code, out, _ = find(line, written, "Fen", "Marcus")
    assert code == Exit.OK
    assert "FENN, Marcus" in out
    looks = written.sql("SELECT worker, role, action, reason FROM access ORDER BY seq")
    assert set(looks) == {("priya.raman", "social_worker_adults", "listed", "command line")}
    assert len(looks) >= 2


def test_a_role_that_may_not_look_finds_nobody(written: TeamService, line: CommandLine) -> None:
    add(line, written, "Priya Raman", "--role", "auditor")
    code, out, err = find(line, written, "Fenn")
    assert (code, out) == (Exit.REFUSED, "")
    assert "does not look people up" in err
    assert written.sql("SELECT count(*) FROM access") == [(0,)]


def test_somebody_must_be_named_who_looks(line: CommandLine) -> None:
    code, _, err = line.run("people", "find", "Fenn", "--database", "postgresql://127.0.0.1:1/hants")
    assert code == Exit.USAGE
    assert "say --login NAME" in err


# --- what this version does only in a file ---------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["db", "backup", "copy.db"], "pg_dump"),
        (["people", "invent", "10"], "in a file only"),
        (["people", "import", "people", "missing.csv"], "in a file only"),
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

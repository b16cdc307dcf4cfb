"""Whatever is wrong with the way to a team's database: a sentence or two at the sign-in, in commands and in doctor."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

import console.machine.platform as machine
from console.domain.record import SCHEMA_VERSION, Role
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.secrets import SessionSecrets
from console.ports.store import Verdict
from db.postgres.certificates import Certificates, make_certificates
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.rows import entry_json
from db.postgres.target import Tls, read_target
from db.postgres.tls_front import TlsFront
from db.postgres.tools import Machine
from db.team import RecordAway, Way, add_program, add_worker, admit, make
from tests.helpers.postgres import OLDEST, bins_of, server_account, server_folder
from tests.helpers.team_service import OWN, CommandLine, TeamService, entered, named_service
from ui.bootstrap.doctor.checking import State
from ui.bootstrap.doctor.record import of_team
from ui.exits import Exit
from ui.settings import Settings

pytest_plugins = ["tests.helpers.team_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.needs("postgres")

HOST = "127.0.0.1"
WORKER = "Priya Raman"
LONGEST = 30.0
"""Seconds within which every surface has answered, on a busy computer; the deadlines themselves are 3 s."""


@dataclass(frozen=True)
class Wrong:
    """A way in with something wrong: where, how, and what is said at the sign-in and in commands, and by doctor."""

    url: str
    says: str
    doctor: str
    tls: Tls = Tls()
    password: str = OWN


@pytest.fixture
def service(team_cluster: Cluster) -> Iterator[TeamService]:
    """A service with a worker and a program that verifies."""
    with named_service(team_cluster) as made:
        admin = Way(made.target, Tls(), SUPERUSER, made.password)
        make(admin, invented=True)
        add_worker(admin, "priya.raman", WORKER, [Role.AMHP], OWN)
        add_program(admin, "verify", "verify", OWN)
        yield made


# --- what can be wrong -----------------------------------------------------------------------


Case = Callable[[TeamService, Path, ExitStack], Wrong]
_REFUSED = "did not accept this log-in name and password"
_AWAY = "cannot be reached"


def wrong_password(service: TeamService, _folder: Path, _ends: ExitStack) -> Wrong:
    return Wrong(service.url, _REFUSED, _REFUSED, password="not hers")


def expired_role(service: TeamService, _folder: Path, _ends: ExitStack) -> Wrong:
    for name in (WORKER, "verify"):
        service.sql(f"ALTER ROLE {service.service.login(name)} VALID UNTIL '2020-01-01'")
    return Wrong(service.url, "the log-in has ended or has a new password", "the log-in has ended")


def no_tls(service: TeamService, folder: Path, _ends: ExitStack) -> Wrong:
    ours = make_certificates(folder, [HOST], datetime.now(UTC))
    return Wrong(service.url, "does not offer TLS", "does not offer TLS", Tls(str(ours.authority)))


def behind(service: TeamService, certificates: Certificates, ends: ExitStack, host: str = HOST) -> str:
    """Put TLS in front of the service; return its address."""
    front = TlsFront(certificates, lambda: service.cluster.address, host=HOST)
    front.start()
    ends.callback(front.stop)
    return f"postgresql://{host}:{front.port}/{service.name}"


def other_authority(service: TeamService, folder: Path, ends: ExitStack) -> Wrong:
    for name in ("ours", "other"):
        (folder / name).mkdir()
    other = make_certificates(folder / "other", [HOST], datetime.now(UTC))
    url = behind(service, make_certificates(folder / "ours", [HOST], datetime.now(UTC)), ends)
    said = "did not prove who it is"
    return Wrong(url, said, "does not prove who it is", Tls(str(other.authority), direct=True))


def other_name(service: TeamService, folder: Path, ends: ExitStack) -> Wrong:
    ours = make_certificates(folder, [HOST], datetime.now(UTC))
    url = behind(service, ours, ends, host="localhost")
    said = "did not prove who it is"
    return Wrong(url, said, "does not prove who it is", Tls(str(ours.authority), direct=True))


def expired_certificate(service: TeamService, folder: Path, ends: ExitStack) -> Wrong:
    ours = make_certificates(folder, [HOST], datetime.now(UTC) - timedelta(days=20 * 365))
    url = behind(service, ours, ends)
    return Wrong(
        url,
        "did not prove who it is: its certificate is not for that name, has expired",
        "certificate has expired",
        Tls(str(ours.authority), direct=True),
    )


def too_old(service: TeamService, _folder: Path, ends: ExitStack) -> Wrong:
    ((found,),) = service.sql("SHOW server_version")
    old = b"14.9".ljust(len(found), b"0")
    assert len(found) == len(old), "a version of another length moves what follows it"
    port = ends.enter_context(rewriting(service.cluster.address, found.encode(), old))
    said = "PostgreSQL 14, and the shared record needs 15 or newer"
    return Wrong(f"postgresql://{HOST}:{port}/{service.name}", said, said)


def not_ours(service: TeamService, _folder: Path, ends: ExitStack) -> Wrong:
    name = f"{service.name}x"
    with closing(psycopg.connect(**service.cluster.keywords(), autocommit=True)) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        for role in (WORKER, "verify"):
            made = Way(service.target, Tls(), SUPERUSER, "").target.service.login(role).replace(service.name, name)
            line.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(made), sql.Literal(OWN)))
            ends.callback(_drop, service, f"DROP ROLE {made}")
    ends.callback(_drop, service, f"DROP DATABASE {name} WITH (FORCE)")
    host, port = service.cluster.address
    said = "version than this Nightdesk.  Nothing was written"
    return Wrong(f"postgresql://{host}:{port}/{name}", said, said)


def _drop(service: TeamService, statement: str) -> None:
    with closing(psycopg.connect(**service.cluster.keywords(), autocommit=True)) as line:
        line.execute(statement.encode())


def nobody_there(service: TeamService, _folder: Path, _ends: ExitStack) -> Wrong:
    return Wrong(f"postgresql://{HOST}:1/{service.name}", _AWAY, "nobody answers")


def black_hole(service: TeamService, _folder: Path, ends: ExitStack) -> Wrong:
    """Somebody who takes the connection and never says a word."""
    door = ends.enter_context(socket.create_server((HOST, 0)))
    return Wrong(f"postgresql://{HOST}:{door.getsockname()[1]}/{service.name}", _AWAY, "no PostgreSQL")


CASES: tuple[Case, ...] = (
    *(wrong_password, expired_role, no_tls, other_authority, other_name, expired_certificate),
    *(too_old, not_ours, nobody_there, black_hole),
)


@contextmanager
def rewriting(to: tuple[str, int], words: bytes, other: bytes) -> Iterator[int]:
    """Pass a connection on, with ``words`` of the server's answers replaced by others of the same length."""
    ended = threading.Event()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data.replace(b"server_version\0" + words, b"server_version\0" + other))
            target.shutdown(socket.SHUT_WR)

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(to) as server:
            back = threading.Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join(LONGEST)

    def welcome() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                client, _ = door.accept()
                threading.Thread(target=carry, args=(client,), daemon=True).start()

    with socket.create_server((HOST, 0)) as door:
        door.settimeout(0.1)
        welcoming = threading.Thread(target=welcome)
        welcoming.start()
        try:
            yield int(door.getsockname()[1])
        finally:
            ended.set()
            welcoming.join(LONGEST)


# --- where it is said ------------------------------------------------------------------------


def settings_of(wrong: Wrong) -> Settings:
    return replace(Settings(), database_ca=wrong.tls.authority, database_direct_tls=wrong.tls.direct)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_each_is_one_or_two_sentences_wherever_one_comes_in(
    service: TeamService, line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    with ExitStack() as ends:
        wrong = case(service, folder, ends)
        begun = time.monotonic()
        with pytest.raises(NightdeskError) as told:
            admit(way_of(wrong, WORKER), SystemClock())
        assert wrong.says in str(told.value)
        home = tmp_path / "home"
        home.mkdir()
        (home / "settings.toml").write_text(
            f"database_ca = '{wrong.tls.authority}'\ndatabase_direct_tls = {str(wrong.tls.direct).lower()}\n"
        )
        monkeypatch.setenv("NIGHTDESK_HOME", str(home))
        code, out, err = line.run("db", "verify", "--database", wrong.url, "--password-stdin", stdin=wrong.password)
        assert (code, out) == (Exit.REFUSED, "")
        assert wrong.says in err
        assert "Traceback" not in err
        asked = ("db", "upgrade", "--database", wrong.url, "--admin", SUPERUSER, "--password-stdin")
        code, out, upgrading = line.run(*asked, stdin="not the superuser's")
        assert (code, out) == (Exit.REFUSED, "")
        assert wrong.says in upgrading or _REFUSED in upgrading
        found = {
            one.key: one for one in of_team(wrong.url, settings_of(wrong), SessionSecrets(), WORKER, wrong.password)
        }
        assert found["database"].state is State.NOT_WELL
        assert wrong.doctor in found["database"].means
        assert time.monotonic() - begun < 3 * LONGEST
        for said in (str(told.value), err, found["database"].means):
            assert wrong.password not in said


def way_of(wrong: Wrong, name: str) -> Way:
    target = read_target(wrong.url)
    return Way(target, wrong.tls, target.service.login(name), wrong.password)


# --- a server in another language ------------------------------------------------------------


class German:
    """The operating system as a server finds it that was set up in German; all else is as it is."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the machine has
        """Lend what the machine lends."""
        return getattr(machine, name)

    def start_server(self, command: Sequence[str], *, environment: dict[str, str], **more: Any) -> Any:  # noqa: ANN401
        """Start it with that language."""
        return machine.start_server(command, environment={**environment, "LANGUAGE": "de"}, **more)


@pytest.fixture
def german(tmp_path: Path) -> Iterator[TeamService]:
    """A service on a server that speaks German."""
    with server_folder(Profile.TESTS_ONLY) as folder:
        cluster = Cluster(
            bins_of(OLDEST, folder),
            folder / "pg",
            cast("Machine", German()),
            password="only for tests",  # noqa: S106  a cluster that lives for one test
            run_as=server_account(),
            profile=Profile.TESTS_ONLY,
        )
        cluster.make()
        cluster.start()
        try:
            with closing(psycopg.connect(**cluster.keywords(), autocommit=True)) as line:
                line.execute("ALTER SYSTEM SET lc_messages = 'C.utf8'")
                line.execute("SELECT pg_reload_conf()")
            with named_service(cluster) as made:
                admin = Way(made.target, Tls(), SUPERUSER, made.password)
                make(admin, invented=True)
                add_worker(admin, "priya.raman", WORKER, [Role.AMHP], OWN)
                yield made
        finally:
            cluster.stop()


@pytest.mark.needs("linux", "postgres-system", "postgres-german")
def test_a_server_in_another_language_is_no_server_that_is_away(german: TeamService, line: CommandLine) -> None:
    with pytest.raises(psycopg.OperationalError, match="fehlgeschlagen"):
        psycopg.connect(**german.cluster.keywords(user="nobody", password="wrong"))
    wrong = Wrong(german.url, "refused the connection in words that Nightdesk does not know", "", password="not hers")
    with pytest.raises(NightdeskError, match=wrong.says) as told:
        admit(way_of(wrong, WORKER), SystemClock())
    assert not isinstance(told.value, RecordAway), "whoever is refused does not come in by this computer"
    code, _, err = line.run("db", "upgrade", *german.admin, stdin="wrong")
    assert code == Exit.REFUSED
    assert wrong.says in err
    # Once connected everything goes by code.
    german.sql("REVOKE CONNECT ON DATABASE " + german.name + " FROM " + german.service.login(WORKER))
    german.sql("GRANT CONNECT ON DATABASE " + german.name + " TO " + german.service.login(WORKER))
    german.sql("UPDATE worker SET gone_at = 1")
    with pytest.raises(NightdeskError, match="never added here, has ended, or has no such role"):
        admit(way_of(replace(wrong, password=OWN), WORKER), SystemClock())
    german.sql("UPDATE worker SET gone_at = NULL")
    with german.superuser() as holder, holder.transaction():
        holder.execute("LOCK TABLE kind_right IN ACCESS EXCLUSIVE MODE")
        code, _, err = line.run("db", "upgrade", *german.admin, stdin=german.password)
    assert "longer than a second.  Nothing was changed" in err


# --- what is too much ------------------------------------------------------------------------


def test_ten_megabytes_in_one_field_are_refused_here_and_by_the_server(service: TeamService) -> None:
    with entered(service) as (store, pen):
        ref, opened = pen.contact()
        # Our own pen would cut it: this is what a program at fault might keep in a journal.
        huge = replace(pen.field(ref, "summary", ""), body='{"value":"' + "x" * 10_000_000 + '"}')
        receipts = store.append(pen.who, [opened, huge, pen.note(ref, "after it")])
        assert [one.verdict for one in receipts] == [Verdict.STORED, Verdict.REFUSED, Verdict.STORED]
        assert "too long to be shared (10000" in receipts[1].reason
        assert "kept on this computer" in receipts[1].reason
        # Past our own edge, as somebody's own program would send it.
        values = [pen.who.role.value, SCHEMA_VERSION, Jsonb([entry_json(huge)])]
        login = service.service.login(WORKER)
        keywords = service.cluster.keywords(user=login, database=service.name, password=OWN)
        with closing(psycopg.connect(**keywords, autocommit=True)) as line:
            line.execute("SET search_path = nightdesk")
            ((answers,),) = line.execute("SELECT append(%s, %s, %s, '[]')", values).fetchall()
            assert [(one["verdict"], one["reason"]) for one in answers] == [("refused", "too_long")]
            noise = replace(huge, body='{"value":"' + secrets.token_hex(12_000_000) + '"}')
            with pytest.raises(psycopg.DatabaseError) as refusal:
                line.execute("SELECT append(%s, %s, %s, '[]')", [*values[:2], Jsonb([entry_json(noise)])])
            assert refusal.value.sqlstate == "ND002"
    assert service.sql("SELECT count(*), max(length(body)) < 1000 FROM entry_body") == [(2, True)]

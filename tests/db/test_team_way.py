"""How one comes in to a team's record: what an address may say, how a server is proven, and each refusal in words."""

from __future__ import annotations

import io
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from console.domain.record import Role
from console.domain.text import BadInput, NightdeskError
from console.machine.clock import SystemClock
from console.machine.secrets import SessionSecrets
from console.ports.secrets import SecretsUnavailable
from console.ports.store import StoreAway
from db.postgres.certificates import Certificates, make_certificates
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.lines import Address, NotLetIn
from db.postgres.refusals import sentence_for
from db.postgres.target import Service, Tls, read_target
from db.postgres.tls_front import TlsFront
from db.team import LogInNotTaken, RecordAway, Way, add_worker, admit, make
from tests.helpers.postgres import NEWEST
from tests.helpers.team_service import TeamService, named_service
from ui.bootstrap.team import Asked, NoPassword, _password, keep_password

pytest_plugins = ["tests.helpers.postgres_fixtures"]

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
OWN = "a password of her own"
LOGIN = "Priya Raman"


# --- the address -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://db.example/hants", ("db.example",), ("5432",)),
        ("postgresql://db.example:5433/hants", ("db.example",), ("5433",)),
        ("postgresql://a.example,b.example:5433/hants", ("a.example", "b.example"), ("5433", "5433")),
        ("postgresql://a.example:1,b.example:2/hants", ("a.example", "b.example"), ("1", "2")),
        ("postgresql://a.example:1,b.example/hants", ("a.example", "b.example"), ("1", "5432")),
        ("postgresql://[::1]:5433/hants", ("::1",), ("5433",)),
    ],
)
def test_an_address_names_hosts_and_a_service(url: str, hosts: tuple[str, ...], ports: tuple[str, ...]) -> None:
    target = read_target(url)
    assert (target.hosts, target.ports, target.service) == (hosts, ports, Service("hants"))
    assert read_target(target.words) == target


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://db.example", "lacks a host or a service"),
        ("postgresql:///hants", "lacks a host or a service"),
        ("postgresql://db.example/", "lacks a host or a service"),
        ("postgresql://priya@db.example/hants", "log-in name may not stand"),
        ("postgresql://db.example/hants?sslmode=disable", "Nothing may follow"),
        ("postgresql://db.example:70000/hants", "is no host"),
        ("postgresql://db.example:x/hants", "is no host"),
        ("postgresql://a.example,,b.example/hants", "is no host"),
        ("postgresql://db.example/Hants", "small letters"),
        ("postgresql://db.example/a__b", "small letters"),
        ("postgresql://db.example/hants/more", "small letters"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(url: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_target(url)


CA = Tls("/etc/council.pem")


@pytest.mark.parametrize(
    ("host", "tls", "mode", "authority", "binding"),
    [
        ("db.example", Tls(), "verify-full", "system", "require"),
        ("10.0.0.9", Tls(), "verify-full", "system", "require"),
        ("db.example", CA, "verify-full", "/etc/council.pem", "require"),
        ("127.0.0.1,db.example", Tls(), "verify-full", "system", "require"),
        ("localhost.example", Tls(), "verify-full", "system", "require"),
        ("db.example", Tls("/f", direct=True), "verify-full", "/f", None),
        ("localhost", CA, "verify-full", "/etc/council.pem", "require"),
        ("localhost", Tls(), "prefer", None, None),
        ("127.0.0.1", Tls(), "prefer", None, None),
        ("127.9.9.9", Tls(), "prefer", None, None),
        ("[::1]", Tls(), "prefer", None, None),
    ],
)
def test_a_server_away_from_this_computer_must_prove_who_it_is(
    host: str, tls: Tls, mode: str, authority: str | None, binding: str | None
) -> None:
    found = read_target(f"postgresql://{host}/hants").keywords("hants__priya_raman", tls)
    assert found["sslmode"] == mode
    assert found.get("sslrootcert") == authority
    assert found.get("channel_binding") == binding
    assert found.get("sslnegotiation") == ("direct" if tls.direct else None)
    assert found["require_auth"] == "scram-sha-256"
    assert "password" not in found


def test_the_keyrings_name_of_a_password_tells_services_servers_and_log_ins_apart() -> None:
    assert read_target("postgresql://db.example/hants").secret_name("x") == "database:hants@db.example:x"
    names = {
        read_target(url).secret_name(login)
        for url in ("postgresql://a.example/hants", "postgresql://b.example/hants", "postgresql://a.example:1/hants")
        for login in ("x", "y")
    }
    assert len(names) == 6


def test_a_password_is_in_no_words_of_a_way_and_a_login_may_be_named_in_three_ways() -> None:
    target = read_target("postgresql://db.example/hants")
    assert OWN not in repr(Way(target, Tls(), "x", OWN))
    assert OWN not in repr(Address({}, OWN))
    names = {target.service.login(typed) for typed in ("Priya Raman", "priya.raman", " hants__priya_raman ")}
    assert names == {"hants__priya_raman"}
    with pytest.raises(BadInput, match="shorter name"):
        target.service.login("owner")


# --- a real server ---------------------------------------------------------------------------


@pytest.fixture
def service(postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[TeamService]:
    """A service with one worker."""
    with named_service(postgres_of_the_run(NEWEST)) as made:
        admin = Way(made.target, Tls(), SUPERUSER, made.password)
        make(admin, invented=True)
        add_worker(admin, "priya.raman", "Priya Raman", [Role.AMHP], OWN)
        yield made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), [HOST], datetime.now(UTC))


@pytest.fixture
def front(service: TeamService, certificates: Certificates) -> Iterator[TlsFront]:
    made = TlsFront(certificates, lambda: service.cluster.address, host=HOST)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def refused(way: Way) -> NightdeskError:
    """Return the refusal of a way in."""
    with pytest.raises(NightdeskError) as refusal:
        admit(way, SystemClock())
    assert OWN not in str(refusal.value)
    return refusal.value


def through(front: TlsFront, service: TeamService, tls: Tls, host: str = HOST, password: str = OWN) -> Way:
    target = read_target(f"postgresql://{host}:{front.port}/{service.name}")
    return Way(target, tls, service.service.login(LOGIN), password)


@pytest.mark.needs("postgres")
def test_a_worker_comes_in_through_tls_to_a_proven_server(
    service: TeamService, front: TlsFront, certificates: Certificates
) -> None:
    admitted = admit(through(front, service, Tls(str(certificates.authority), direct=True)), SystemClock())
    assert (admitted.worker, admitted.name, admitted.roles) == ("priya.raman", "Priya Raman", (Role.AMHP,))
    admitted.store.close()


@pytest.mark.needs("postgres")
def test_of_two_hosts_the_one_that_is_there_is_taken(service: TeamService) -> None:
    host, port = service.cluster.address
    target = read_target(f"postgresql://{host}:1,{host}:{port}/{service.name}")
    admitted = admit(Way(target, Tls(), service.service.login(LOGIN), OWN), SystemClock())
    assert admitted.store.heartbeat().head.seq == 0
    admitted.store.close()


@pytest.mark.needs("postgres")
def test_a_certificate_of_another_authority_or_name_is_refused(
    service: TeamService, front: TlsFront, certificates: Certificates, tmp_path: Path
) -> None:
    stranger = make_certificates(tmp_path, [HOST], datetime.now(UTC))
    for way in (
        through(front, service, Tls(str(stranger.authority), direct=True)),
        through(front, service, Tls("", direct=True)),
        through(front, service, Tls(str(tmp_path / "no such file"), direct=True)),
        through(front, service, Tls(str(certificates.authority), direct=True), host="localhost"),
    ):
        sentence = str(refused(way))
        assert "did not prove who it is" in sentence
        assert "No password was sent" in sentence


@pytest.mark.needs("postgres")
def test_a_server_without_tls_is_sent_nothing(service: TeamService, certificates: Certificates) -> None:
    refusal = refused(service.way(LOGIN, OWN, Tls(str(certificates.authority))))
    assert isinstance(refusal, NotLetIn)
    assert "does not offer TLS" in str(refusal)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("login", [LOGIN, "Nobody Known"])
def test_a_wrong_password_is_one_sentence_whoever_it_was(service: TeamService, login: str) -> None:
    """The server does not tell which log-ins there are, and neither do we."""
    refusal = refused(service.way(login, "wrong"))
    assert isinstance(refusal, LogInNotTaken)
    assert "did not accept this log-in name and password" in str(refusal)


@pytest.mark.needs("postgres")
def test_a_password_that_has_expired_is_refused_in_words(service: TeamService) -> None:
    service.sql(f"ALTER ROLE {service.service.login(LOGIN)} VALID UNTIL '2020-01-01'")
    assert "the log-in has ended or has a new password" in str(refused(service.way(LOGIN, OWN)))


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(
    "spoil",
    ["ALTER ROLE {login} NOLOGIN", "REVOKE CONNECT ON DATABASE {name} FROM {login}"],
    ids=["no log-in", "no way"],
)
def test_a_log_in_that_may_not_is_told_who_can_help(service: TeamService, spoil: str) -> None:
    service.sql(spoil.format(login=service.service.login(LOGIN), name=service.name))
    assert "nightdesk db worker add" in str(refused(service.way(LOGIN, OWN)))


@pytest.mark.needs("postgres")
def test_a_service_that_is_not_there_is_said(service: TeamService) -> None:
    host, port = service.cluster.address
    target = read_target(f"postgresql://{host}:{port}/nowhere")
    refusal = refused(Way(target, Tls(), service.service.login(LOGIN), OWN))
    assert "no such service database" in str(refusal)


def test_a_server_that_is_away_says_that_nothing_is_lost() -> None:
    refusal = refused(Way(read_target(f"postgresql://{HOST}:1/hants"), Tls(), "hants__x", OWN))
    assert isinstance(refusal, RecordAway)
    assert "cannot be reached" in str(refusal)
    assert "Nothing is lost" in str(refusal)


def test_no_password_is_looked_for_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", OWN)
    with pytest.raises(NotLetIn, match="no password for this log-in"):
        Address(dict(read_target("postgresql://127.0.0.1:1/hants").keywords("hants__x", Tls()))).connect()


def test_a_line_that_breaks_in_tls_is_a_server_away_and_no_wrong_certificate() -> None:
    for words in (
        "SSL connection has been closed unexpectedly",
        "consuming input failed: SSL SYSCALL error: EOF detected",
        "consuming input failed: SSL error: unexpected eof while reading",
    ):
        assert isinstance(sentence_for(psycopg.OperationalError(words)), StoreAway), words


# --- a server of another version, played on the wire -----------------------------------------


@contextmanager
def server_of(version: str) -> Iterator[int]:
    """Play a PostgreSQL that lets everybody in and says its version; give its port."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", len(body) + 4) + body

    def serve() -> None:
        with suppress(OSError):
            link, _ = listening.accept()
            with link:
                link.settimeout(10)
                while True:
                    (size,) = struct.unpack("!I", link.recv(4))
                    asked = link.recv(size - 4)
                    if asked[:4] != struct.pack("!I", 80877103):
                        break
                    link.sendall(b"N")
                status = message(b"S", b"server_version\0" + version.encode() + b"\0")
                status += message(b"S", b"client_encoding\0UTF8\0") + message(
                    b"S", b"default_transaction_read_only\0off\0"
                )
                status += message(b"S", b"in_hot_standby\0off\0")
                link.sendall(message(b"R", struct.pack("!I", 0)) + status + message(b"Z", b"I"))
                link.recv(1000)

    with socket.create_server((HOST, 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.close()
            thread.join(20)


def test_a_server_that_is_too_old_is_said_by_its_version() -> None:
    with server_of("14.9") as port:
        keywords = {"host": HOST, "port": str(port), "user": "x", "dbname": "hants", "sslmode": "disable"}
        with pytest.raises(NotLetIn, match="PostgreSQL 14, and the shared record needs 15 or newer"):
            Address(keywords, OWN).connect()


def test_a_server_that_wants_no_password_is_not_believed() -> None:
    """Somebody who answers in its place would otherwise be told whatever is asked."""
    with server_of("18.1") as port:
        target = read_target(f"postgresql://{HOST}:{port}/hants")
        assert "did not prove who it is" in str(refused(Way(target, Tls(), "hants__x", OWN)))


# --- what is loaded --------------------------------------------------------------------------


def fresh(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines in a Python of their own."""
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


FIND = ("people", "find", "Fenn", "--database", "postgresql://127.0.0.1:1/hants", "--login", "x", "--password-stdin")


def test_without_psycopg_a_sentence_says_how_to_get_it() -> None:
    code = (
        "import sys, io; sys.modules['psycopg'] = None; sys.stdin = io.StringIO('p'); from ui.cli import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    done = fresh(code, *FIND)
    assert done.returncode == 5, done.stderr
    assert "extra [postgres] (psycopg not found).  Nothing was started" in done.stderr
    assert "[postgres]" in done.stderr


def test_headless_commands_load_no_qt_and_a_file_needs_no_psycopg(tmp_path: Path) -> None:
    code = (
        "import sys, io; sys.stdin = io.StringIO('p'); from ui.cli import main; main(sys.argv[1:]); "
        "print(sorted({'PySide6', 'psycopg'} & set(sys.modules)))"
    )
    assert fresh(code, *FIND).stdout == "['psycopg']\n"
    made = fresh(code, "db", "init", "--plain", "--database", str(tmp_path / "night.db"))
    assert made.stdout.splitlines()[-1] == "[]", made.stderr


# --- where a password comes from -------------------------------------------------------------


class Terminal(io.StringIO):
    """A stdin with a person behind it."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class NoKeyring(SessionSecrets):
    """A computer whose keyring does not answer."""

    def get(self, name: str) -> str | None:
        """Refuse."""
        raise SecretsUnavailable("The keyring is locked.")

    def put(self, name: str, secret: str) -> None:
        """Refuse."""
        raise SecretsUnavailable("The keyring is locked.")


def asked_of(secrets: SessionSecrets, stdin: io.StringIO, *, stdin_has_it: bool = False, typed: str = "") -> str:
    """Return the password that a command would use."""
    return _password(Asked("x", stdin_has_it), secrets, "name", stdin, lambda _: typed)


def test_a_password_is_stdins_then_the_keyrings_then_what_is_typed() -> None:
    kept, empty = SessionSecrets(), SessionSecrets()
    kept.put("name", "kept")
    assert asked_of(kept, io.StringIO("given \r\nmore\n"), stdin_has_it=True) == "given "
    assert asked_of(kept, Terminal(), typed="typed") == "kept"
    assert asked_of(empty, Terminal(), typed="typed") == "typed"
    assert asked_of(NoKeyring(), Terminal(), typed="typed") == "typed"


@pytest.mark.parametrize("stdin", [io.StringIO("not asked for"), Terminal()])
def test_without_any_password_a_sentence_says_where_one_could_come_from(stdin: io.StringIO) -> None:
    with pytest.raises(NoPassword, match="--password-stdin.*--keep-password") as refusal:
        asked_of(SessionSecrets(), stdin)
    assert "Nothing was opened" in str(refusal.value)
    with pytest.raises(NoPassword, match="Nothing was opened.  The keyring is locked"):
        asked_of(NoKeyring(), stdin)


def test_a_password_that_could_not_be_kept_says_that_the_rest_was_done() -> None:
    with pytest.raises(NoPassword, match="What was asked for was done.  The password was not kept"):
        keep_password("name", "secret", NoKeyring())

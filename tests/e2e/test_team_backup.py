"""The commands of docs/running/postgresql.md that copy a record and bring it back, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from console.domain.record import Identity, Role
from console.machine.clock import SystemClock
from console.ports.store import Verdict
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.target import Tls, read_target
from db.team import Way, admit
from tests.helpers.driven_console import nightdesk
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.record_parts import HandClock, Pen
from tests.helpers.team_office import VERIFY, TeamOffice, password_of, team_office

pytestmark = [
    pytest.mark.needs("postgres", "posix"),
    pytest.mark.timeout(120),
    pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are for a Unix shell"),
]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "running" / "postgresql.md"


def block(name: str) -> str:
    """Return the commands under one mark of the page."""
    found = re.search(rf"<!-- {name} -->\n```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def run(commands: str, cluster: Cluster, service: str, folder: Path) -> str:
    """Run commands of the page against one server, on its own port; return what they said."""
    host, port = cluster.address
    for named, real in (("db.example", host), ("new.example", host), ("hampshire", service)):
        commands = commands.replace(named, real)
    environment = os.environ | {
        "PATH": f"{cluster.bins}{os.pathsep}{os.environ['PATH']}",
        "PGPORT": str(port),
        "PGPASSWORD": str(cluster.keywords()["password"]),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def write(office: TeamOffice) -> str:
    """Write three entries as Priya, and look somebody up; return the head, as `db verify` prints it."""
    admitted = admit(office.service.way("Priya Raman", password_of("Priya Raman")), SystemClock())
    try:
        who = Identity(admitted.worker, admitted.name, Role.SERVICE_ADVISER, "desk-1")
        pen = Pen(who, HandClock(SystemClock().now()))
        ref, opened = pen.contact()
        receipts = admitted.store.append(who, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
        assert {one.verdict for one in receipts} == {Verdict.STORED}
    finally:
        admitted.store.close()
    words = ("people", "find", "Fenn", "--database", office.record, "--login", "Priya Raman", "--password-stdin")
    assert "FENN" in nightdesk(*words, stdin=password_of("Priya Raman")).stdout
    return office.verify().stdout.rpartition("head ")[2].strip()


def test_a_record_is_copied_and_brought_back_on_another_server_with_its_log_ins(tmp_path: Path) -> None:
    with (
        own_cluster(NEWEST, Profile.TESTS_ONLY) as old,
        own_cluster(NEWEST, Profile.TESTS_ONLY) as new,
        team_office(old, tmp_path) as office,
    ):
        head = write(office)
        run(block("backup"), old, office.service.name, tmp_path)
        run(block("restore"), new, office.service.name, tmp_path)
        host, port = new.address
        url = f"postgresql://{host}:{port}/{office.service.name}"
        proved = nightdesk("db", "verify", "--database", url, "--password-stdin", "--seen", head, stdin=VERIFY)
        assert proved.returncode == 0, proved.stdout + proved.stderr
        assert proved.stdout.startswith("honest: 3 entries, 1 looks"), proved.stdout
        target = read_target(url)
        admitted = admit(
            Way(target, Tls(), target.service.login("Priya Raman"), password_of("Priya Raman")), SystemClock()
        )
        try:
            who = Identity(admitted.worker, admitted.name, Role.SERVICE_ADVISER, "desk-1")
            pen = Pen(who, HandClock(SystemClock().now()))
            ref, opened = pen.contact()
            assert [one.verdict for one in admitted.store.append(who, [opened])] == [Verdict.STORED]
            assert admitted.store.heartbeat().head.seq == 4
        finally:
            admitted.store.close()
        assert still_closed(new, office.service.name)


def still_closed(cluster: Cluster, service: str) -> bool:
    """Say whether what nobody may do on the first server nobody may do here: the grants came over."""
    login, password = f"{service}__priya_raman", password_of("Priya Raman")
    with psycopg.connect(**cluster.keywords(login, service, password)) as line:
        for statement in (
            b"SELECT * FROM nightdesk.person",
            b"DELETE FROM nightdesk.entry",
            b"CREATE TABLE public.x ()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(statement)
            line.rollback()
    with psycopg.connect(**cluster.keywords(database=service)) as line:
        asked = "SELECT has_database_privilege('nd_import', %s, 'CONNECT'), has_database_privilege(%s, %s, 'TEMPORARY')"
        assert line.execute(asked, [service, login, service]).fetchone() == (False, False), "PUBLIC may nothing"
    return True

"""An import that is killed, stopped, or loses its server: the same words again go on; nobody is there twice or half.

The real command in a process of its own, a real file, a real PostgreSQL that is really killed.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from console.domain.invent import invent
from console.domain.people_csv import PERSON_COLUMNS
from console.domain.people_sheet import people_cells
from console.machine.clock import SystemClock
from db.engine import connect
from db.opening import create_store
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.target import Tls
from db.team import Way, add_program, make
from tests.helpers.parts import ROOT
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.team_service import OWN, named_service
from tests.helpers.waiting import until
from ui.exits import Exit

pytestmark = [pytest.mark.needs("posix"), pytest.mark.timeout(300)]

PEOPLE = 12_000
AS_OF = date(2025, 12, 1)
COUNTS = "SELECT count(*) FROM person"
HALF = (
    "SELECT count(*) FROM person p WHERE NOT EXISTS (SELECT 1 FROM imported i WHERE i.person = p.id) "
    "OR NOT EXISTS (SELECT 1 FROM person_name n WHERE n.person = p.id AND n.kind = 'current') "
    "OR NOT EXISTS (SELECT 1 FROM person_address a WHERE a.person = p.id)"
)
TWICE = "SELECT count(*) - count(DISTINCT reference) FROM person"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of so many people that their import takes some seconds."""
    path = tmp_path_factory.mktemp("council") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [name for name, _ in PERSON_COLUMNS])
        writer.writeheader()
        writer.writerows(people_cells(invent(PEOPLE, 5, AS_OF), AS_OF, once_theirs=True))
    return path


@dataclass
class Importing:
    """The command, and a way to look into the record from beside it."""

    words: list[str]
    home: Path
    password: str
    ask: Callable[[str], int]

    def run(self) -> dict[str, Any]:
        """Import to the end; return what the command prints for a program."""
        with self._begun() as process:
            out, err = process.communicate(timeout=200)
            assert process.returncode == Exit.OK, err
        found: dict[str, Any] = json.loads(out)
        return found

    def ended_by(self, end: Callable[[subprocess.Popen[str]], None]) -> tuple[int, str]:
        """Start it, and ``end`` it when some people are there and before all are; return its code and its words."""
        with self._begun() as process:
            until(lambda: process.poll() is not None or self.ask(COUNTS) > 0, 120, "somebody was imported")
            end(process)
            _, err = process.communicate(timeout=60)
        return process.returncode, err

    @contextmanager
    def _begun(self) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "ui", "people", "import", *self.words, "--json"]
        environment = os.environ | {"NIGHTDESK_HOME": str(self.home)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]  # three pipes
            try:
                assert process.stdin is not None
                process.stdin.write(f"{self.password}\n")
                process.stdin.flush()
                yield process
            finally:
                process.kill()

    def went_on(self) -> None:
        """Say it again, and look at every person."""
        there = self.ask(COUNTS)
        assert 0 < there < PEOPLE, "it was not ended in the middle"
        assert self.ask(HALF) == 0
        said = self.run()
        assert (said["before"], said["added"], said["changed"], said["missing"]) == (there, PEOPLE - there, 0, 0)
        assert (self.ask(COUNTS), self.ask(HALF), self.ask(TWICE)) == (PEOPLE, 0, 0)
        assert self.run()["before"] == PEOPLE


@pytest.fixture
def into_file(file: Path, tmp_path: Path) -> Importing:
    record = tmp_path / "people.db"
    create_store(str(record), key=None, clock=SystemClock(), invented=True).close()

    def ask(query: str) -> int:
        with closing(connect(record, None, mode="ro")) as driver:
            row = driver.execute(query).fetchone()
        return int(row[0]) if row else 0

    words = ["people", str(file), "--invented", "--database", str(record)]
    return Importing(words, tmp_path / "home", "", ask)


@pytest.fixture
def own_server() -> Iterator[Cluster]:
    with own_cluster(NEWEST, Profile.DURABLE) as cluster:
        yield cluster


@pytest.fixture
def into_team(file: Path, tmp_path: Path, own_server: Cluster) -> Iterator[Importing]:
    with named_service(own_server) as service:
        admin = Way(service.target, Tls(), "postgres", service.password)
        make(admin, invented=True)
        add_program(admin, "import", "import", OWN)

        def ask(query: str) -> int:
            return int(service.sql(query)[0][0])

        words = ["people", str(file), "--invented", "--database", service.url, "--password-stdin"]
        yield Importing(words, tmp_path / "home", OWN, ask)


def _killed(process: subprocess.Popen[str]) -> None:
    process.kill()


def _stopped(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


def test_killed_into_a_file(into_file: Importing) -> None:
    code, _ = into_file.ended_by(_killed)
    assert code == -signal.SIGKILL
    into_file.went_on()


def test_ctrl_c_into_a_file(into_file: Importing) -> None:
    code, said = into_file.ended_by(_stopped)
    assert code == Exit.STOPPED
    assert f"of its {PEOPLE:,} rows are in the record, each person whole.  Start it again in the same words" in said
    into_file.went_on()


@pytest.mark.needs("postgres")
def test_killed_into_a_teams_record(into_team: Importing) -> None:
    code, _ = into_team.ended_by(_killed)
    assert code == -signal.SIGKILL
    into_team.went_on()


@pytest.mark.needs("postgres")
def test_ctrl_c_into_a_teams_record(into_team: Importing) -> None:
    code, said = into_team.ended_by(_stopped)
    assert code == Exit.STOPPED
    assert "Start it again in the same words to go on." in said
    into_team.went_on()


@pytest.mark.needs("postgres")
def test_a_server_that_was_killed(into_team: Importing, own_server: Cluster) -> None:
    code, said = into_team.ended_by(lambda _: own_server.kill())
    assert code == Exit.REFUSED
    assert "The shared record cannot be reached." in said
    assert f"of its {PEOPLE:,} rows are in the record" in said
    own_server.start()
    into_team.went_on()


@pytest.mark.needs("postgres")
def test_a_second_import_at_the_same_time_is_refused(into_team: Importing) -> None:
    seen: list[str] = []

    def another(_: subprocess.Popen[str]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "ui", "people", "import", *into_team.words],
            cwd=ROOT,
            env=os.environ | {"NIGHTDESK_HOME": str(into_team.home)},
            input=f"{OWN}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        seen.append(f"{done.returncode} {done.stderr}")

    into_team.ended_by(another)
    assert seen[0].startswith(f"{Exit.USAGE:d} nightdesk: Another import into this service runs now.")

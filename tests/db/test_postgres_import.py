"""People come into a team's record by a log-in that may write people, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import psycopg
import pytest

from console.domain.invent import invent
from console.domain.people_rows import Batch
from console.domain.text import BadInput
from console.ports.store import Look
from db.people_desk import InventedRecord, PeopleImport, add_invented
from db.people_import import FileRun
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.postgres.lines import NotLetIn
from tests.helpers.importing_desk import person_of
from tests.helpers.people_room import TODAY
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import PRIYA, HandClock
from tests.helpers.team_record import TeamStore, team_store
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[TeamStore]:
    made = team_store(postgres_of_the_run(request.param), HandClock())
    yield made
    made.close()


@pytest.fixture
def desk(team: TeamStore) -> Iterator[PeopleDesk]:
    made = PeopleDesk(team.helper("import"))
    yield made
    made.close()


def test_an_invented_population_is_found_by_number(team: TeamStore, desk: PeopleDesk) -> None:
    assert add_invented(desk, invent(300, 7), lambda _: None) == 300
    with psycopg.connect(**team.inside.keywords, password=team.inside.password) as line:  # type: ignore[arg-type]  # libpq's words
        found = line.execute(
            "SELECT e164, count(*) FROM nightdesk.person_on_line WHERE until IS NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        ).fetchone()
    assert found is not None
    number, people = found
    look = Look("ringing", call=uuid4(), e164=number)
    candidates = team.look(PRIYA, team.ask_look(PRIYA, look))
    assert candidates.total == people
    assert {one.reason[:6] for one in candidates.people} <= {"Number", "A rest"}


def test_the_next_import_is_let_in_though_the_server_has_not_noticed_yet_that_this_one_went(
    team: TeamStore, desk: PeopleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[psycopg.Connection] = []
    desk.schema()
    # A patch, because a busy server's slow moment cannot be asked for: the line is left as it is when let go of.
    monkeypatch.setattr(desk._engine.dialect, "do_close", late.append)
    desk.close()
    assert [line.closed for line in late] == [False]
    following = PeopleDesk(team.helper("import"))
    try:
        assert following.schema() > 0
    finally:
        following.close()
        late[0].close()


def test_real_people_are_refused_by_a_record_for_invented_ones(desk: PeopleDesk) -> None:
    with pytest.raises(InventedRecord, match="invented people"):
        PeopleImport(desk, FileRun(uuid4(), date(2026, 12, 1))).begin()


def test_two_imports_at_once_do_not_mix(team: TeamStore, desk: PeopleDesk) -> None:
    other = PeopleDesk(team.helper("import"))
    with desk.writing(), pytest.raises(BadInput, match="Another import"), other.writing():
        raise AssertionError("it may not come so far")
    other.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM entry",
        "SELECT * FROM entry_body",
        "SELECT * FROM access",
        "SELECT digest FROM head",
        "UPDATE head SET invented = false",
        "SELECT * FROM worker",
        "SELECT append('duty_manager', 1, '[]', '[]')",
        "SELECT * FROM bodies('duty_manager', '{}')",
    ],
)
def test_whoever_imports_reads_no_word_of_the_record(team: TeamStore, statement: str) -> None:
    with (
        team.helper("import").connect() as line,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        line.execute(statement.encode())


def test_a_refused_import_leaves_nothing(team: TeamStore, desk: PeopleDesk) -> None:
    def fails() -> Iterator[Batch]:
        yield from invent(50, 7)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_invented(desk, fails(), lambda _: None)
    assert add_invented(desk, invent(50, 7), lambda _: None) == 50


def test_a_number_that_a_console_writes_at_the_same_moment_is_no_fault(team: TeamStore, desk: PeopleDesk) -> None:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    work = PeopleImport(desk, FileRun(uuid4(), TODAY), invented=True)
    work.begin()
    with team.inside.connect(limit=None) as writer, team.inside.connect(limit=None) as watching:
        # What a console's entry does inside the server, held open as a slow one would.
        writer.autocommit = False
        writer.execute("INSERT INTO line VALUES ('+447700900412', 'mobile', '', 'not asked', 0, NULL)")
        with ThreadPoolExecutor(1) as hands:
            writing = hands.submit(work.write, [person_of()], lambda _: None, lambda _: None)
            until(lambda: bool(watching.execute(waits, [team.name]).fetchall()[0][0]), 30, "the import waits")
            writer.commit()
            writing.result(30)
    assert work.counts.added == 1
    found = team.look(PRIYA, team.ask_look(PRIYA, Look("t", e164="+447700900412")))
    assert [one.family for one in found.people] == ["Fenn"]


def test_a_workers_own_log_in_may_not_import(team: TeamStore) -> None:
    other = PeopleDesk(team.address(PRIYA))
    with pytest.raises(NotLetIn, match="a worker's never may"):
        other.schema()
    other.close()

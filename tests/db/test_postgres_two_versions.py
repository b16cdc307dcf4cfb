"""Two versions of the console on one night: the older writes on under an upgrade, the newer waits in words."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import psycopg
import pytest

from console.domain.record import Identity
from console.machine.clock import SystemClock
from console.ports.store import StoreAway, Verdict, WrongSchema
from db.postgres.cluster import Cluster
from db.postgres.lines import Lines
from db.postgres.make import add_worker, make_service
from db.postgres.proof import verify_lines
from db.postgres.steps import STEPS, Step
from db.postgres.target import Tls, read_target
from db.postgres.upgrade import upgrade_service
from db.team import Way, admit
from tests.helpers.older_console import OlderConsole
from tests.helpers.older_record import BEFORE_STEPS, catalogue, make_older
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import MANAGER, PEOPLE, PRIYA
from tests.helpers.team_record import PASSWORD
from tests.helpers.team_rights import HELPERS, Team, a_person, pen_of, team_on
from tests.helpers.upgrade_driver import BATCH, ROWS, SLOW, later_on, started
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]

WRITERS = PEOPLE[-3:]
ALTERS = Step(91, "alters", text="ALTER TABLE entry ADD CONSTRAINT later_on CHECK (seq > 0) NOT VALID")
"""A step that must have a table that everybody works on to itself."""
PATIENCE = 60.0
"""Seconds for what takes one or two on a quiet computer."""


@pytest.fixture(params=KINDS)
def cluster(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Cluster:
    """The newest and the oldest PostgreSQL in turn."""
    return postgres_of_the_run(request.param)


@pytest.fixture
def old(cluster: Cluster) -> Iterator[Team]:
    """A service from before there were steps, with its workers and a person."""
    with team_on(cluster, people=()) as team:
        make_older(team.admin, team.service, BEFORE_STEPS)
        for who in (*WRITERS, PRIYA, MANAGER):
            add_worker(team.admin, team.service, who.worker, who.name, [who.role], PASSWORD)
        a_person(team, "Fenn", "Marcus", "+447700900412")
        yield team


def said_of(team: Team) -> dict[str, list[tuple[object, ...]]]:
    with team.superuser() as line:
        return catalogue(line, team.service.owner)


def way_of(team: Team, who: Identity) -> Way:
    host, port = team.cluster.address
    target = read_target(f"postgresql://{host}:{port}/{team.service.name}")
    return Way(target, Tls(), team.login(who), PASSWORD)


def written_by_a_newer_console(team: Team) -> list[Verdict]:
    """Sign in as a console of this version does, and write."""
    admitted = admit(way_of(team, PRIYA), SystemClock())
    try:
        pen = pen_of(PRIYA)
        ref, opened = pen.contact()
        return [one.verdict for one in admitted.store.append(PRIYA, [opened, pen.note(ref, "from the newer console")])]
    finally:
        admitted.store.close()


@contextmanager
def older_consoles(team: Team) -> Iterator[list[OlderConsole]]:
    """Let three consoles of the version before write and read all the time; each must come through without a fault."""
    with ExitStack() as ending:
        made = []
        for who in WRITERS:
            made.append(OlderConsole(who.worker, team.raw(who)))
            ending.callback(made[-1].end)
        yield made


def they_write_on(consoles: list[OlderConsole], more: int = 4) -> None:
    """Wait until each has written ``more`` lines than now."""
    wanted = [(one, one.written() + more) for one in consoles]
    until(
        lambda: any(one.fault for one in consoles) or all(one.written() >= many for one, many in wanted),
        PATIENCE,
        "every older console writes on",
    )


def is_proved(team: Team) -> bool:
    lines = Lines(team.address(HELPERS[0]), limit=None)
    try:
        return not verify_lines(lines).what
    finally:
        lines.close()


def filled(team: Team) -> int:
    with team.superuser() as line:
        ((count,),) = line.execute("SELECT count(*) FROM later_on").fetchall()
    return int(count)


# --- the older console -----------------------------------------------------------------------


def test_older_consoles_read_and_write_while_the_record_is_upgraded_and_afterwards(old: Team) -> None:
    with older_consoles(old) as consoles:
        they_write_on(consoles)
        done = upgrade_service(old.admin, old.service, (*STEPS, later_on()))
        assert done.taken[-1] == "later on"
        they_write_on(consoles)
        assert written_by_a_newer_console(old) == [Verdict.STORED] * 2
        they_write_on(consoles)
    with old.superuser() as line:
        rows = line.execute("SELECT seq, id::text, author FROM entry ORDER BY seq").fetchall()
        index = line.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_entry_later_on'::regclass")
        assert index.fetchall() == [(True,)]
    by_id = {identity: seq for seq, identity, _ in rows}
    told = [acknowledged for one in consoles for acknowledged in one.told]
    assert [by_id[identity] for _, identity in told] == [seq for seq, _ in told]
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
    theirs = {who.worker for who in WRITERS}
    assert sum(author in theirs for *_, author in rows) == len(told), "nothing is there that was not acknowledged"
    assert filled(old) == ROWS
    assert is_proved(old)


def test_an_older_program_does_not_bring_a_newer_record_back(old: Team) -> None:
    upgrade_service(old.admin, old.service)
    before = said_of(old)
    with pytest.raises(WrongSchema, match=r"by a newer Nightdesk than this one\.  Nothing was changed"):
        upgrade_service(old.admin, old.service, STEPS[:-1])
    # What the program from before there were steps knew; anything else was "newer" to it.
    assert before["mark"][0][0] not in ("0001_record", "0002_people", "0003_references")
    assert said_of(old) == before


# --- the newer console -----------------------------------------------------------------------


def test_a_newer_console_works_on_an_older_record_or_says_that_it_needs_a_step(old: Team) -> None:
    needs = [step for step in STEPS[1:] if step.needed]
    if needs:
        with pytest.raises(WrongSchema, match=r"older Nightdesk .* Nothing was opened and nothing written"):
            written_by_a_newer_console(old)
    # The store itself goes without every step: a console that needs none works on the older record.
    with old.store(PRIYA) as store:
        assert store.lacking() == tuple((step.name, False) for step in needs)
        pen = pen_of(PRIYA)
        ref, opened = pen.contact()
        first, second = pen.note(ref, "one"), pen.note(ref, "two")
        differs = replace(second, id=first.id)
        verdicts = [one.verdict for one in store.append(PRIYA, [opened, first, differs])]
        assert verdicts == [Verdict.STORED, Verdict.STORED, Verdict.DIFFERS]
        kinds = [stored.envelope.kind.value for stored in store.stream(PRIYA, ref)]
    assert kinds == ["contact.opened", "contact.note", "system.disputed"], "kept by the door of before"


def test_a_newer_console_reads_an_older_records_directory_as_it_was_imported_and_no_rota(old: Team) -> None:
    with old.superuser() as line:
        row = "(gen_random_uuid(), 'crisis', 'Crisis team', 'crisis_team', 'North', '101', NULL, '')"
        line.execute(f"INSERT INTO agency VALUES {row}".encode())
    with old.store(PRIYA) as store:
        assert [one.name for one in store.agencies(PRIYA)] == ["Crisis team"]
        now = SystemClock().now()
        with pytest.raises(WrongSchema):
            store.rota(now, now)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("DELETE FROM upgrade_step WHERE number = 1", r"older Nightdesk .* `nightdesk db upgrade`"),
        ("UPDATE upgrade_step SET done_at = NULL WHERE number = 1", r"being brought up to date .* Wait, and try again"),
    ],
)
def test_a_newer_console_says_that_it_must_wait_and_writes_nothing(old: Team, spoil: str, sentence: str) -> None:
    upgrade_service(old.admin, old.service)
    with old.superuser() as line:
        line.execute(spoil.encode())
    with pytest.raises(WrongSchema, match=sentence) as told:
        written_by_a_newer_console(old)
    assert "Nothing was opened and nothing written" in str(told.value)
    with old.superuser() as line:
        assert line.execute("SELECT count(*) FROM entry WHERE author = %s", [PRIYA.worker]).fetchall() == [(0,)]


# --- held up, killed, frozen -----------------------------------------------------------------


def test_an_upgrade_that_is_held_up_gives_up_and_has_changed_nothing_and_nobody_waits_behind_it(old: Team) -> None:
    before = said_of(old)
    with older_consoles(old) as consoles:
        they_write_on(consoles)
        with old.superuser() as holder, holder.transaction():
            # Somebody's report, left open over the coffee: it reads, and holds up whoever would alter the table.
            holder.execute("SELECT count(*) FROM entry").fetchall()
            with pytest.raises(StoreAway, match=r"longer than a second\.  Nothing was changed; try again"):
                upgrade_service(old.admin, old.service, (*STEPS, ALTERS))
            they_write_on(consoles)
        assert said_of(old) == before
        assert in_a_quieter_moment(old) == ALTERS.number
        they_write_on(consoles)


def in_a_quieter_moment(old: Team) -> int:
    """Upgrade as the sentence says: again, where the consoles at work held something for longer than a second."""
    for _ in range(20):
        with suppress(StoreAway):
            return upgrade_service(old.admin, old.service, (*STEPS, ALTERS)).now
    raise AssertionError("no moment was quiet enough")


def test_an_upgrade_that_alters_no_table_waits_for_nobody(old: Team) -> None:
    upgrade_service(old.admin, old.service)
    with old.superuser() as holder, holder.transaction():
        holder.execute("LOCK TABLE entry, head, worker, stream IN ROW EXCLUSIVE MODE")
        assert upgrade_service(old.admin, old.service).now == STEPS[-1].number


def test_what_is_filled_later_gives_up_too_and_goes_on_where_it_stopped(old: Team) -> None:
    upgrade_service(old.admin, old.service)
    steps = (*STEPS, later_on())
    with old.superuser() as holder, holder.transaction():
        # An index made beside live work waits for everybody who was writing before it.
        holder.execute("LOCK TABLE entry IN ROW EXCLUSIVE MODE")
        with pytest.raises(StoreAway, match=r"Run the same command again: it goes on where it stopped"):
            upgrade_service(old.admin, old.service, steps)
    assert said_of(old)["steps"][-1] == (90, "later on", False)
    assert written_by_a_newer_console(old) == [Verdict.STORED] * 2
    upgrade_service(old.admin, old.service, steps)
    assert said_of(old)["steps"][-1] == (90, "later on", True)
    assert filled(old) == ROWS
    with old.superuser() as line:
        half = line.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid").fetchall()
        assert half == []


@pytest.fixture
def ending() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are ended whatever happens."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for one in processes:
        one.kill()
        one.wait(PATIENCE)
        if one.stderr is not None:
            one.stderr.close()


@pytest.mark.needs("linux")
def test_an_upgrade_killed_in_the_middle_has_changed_nothing_and_runs_again(
    old: Team, ending: list[subprocess.Popen[str]]
) -> None:
    before = said_of(old)
    ending.append(started(old.admin, old.service.name, "in the transaction"))
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid()"
    with old.superuser() as line, older_consoles(old) as consoles:
        until(lambda: line.execute(sessions, [f"%{SLOW}%"]).fetchall() == [(1,)], PATIENCE, "it is in the middle")
        with pytest.raises(StoreAway, match=r"Another upgrade of the service .* is under way"):
            upgrade_service(old.admin, old.service)
        they_write_on(consoles)
        ending[0].send_signal(signal.SIGKILL)
        until(lambda: line.execute(sessions, [f"%{SLOW}%"]).fetchall() == [(0,)], PATIENCE, "the server lets go")
        assert said_of(old) == before
        assert upgrade_service(old.admin, old.service).now == STEPS[-1].number
        they_write_on(consoles)


@pytest.mark.needs("linux")
def test_an_upgrade_whose_computer_stands_still_holds_nobody_up_and_is_gone_on_with(
    old: Team, ending: list[subprocess.Popen[str]]
) -> None:
    with older_consoles(old) as consoles:
        _one_stands_still(old, ending)
        # It holds the table of entries; the server ends its session after 5 s, and the older consoles write on.
        they_write_on(consoles)
        assert filled(old) == 3 * BATCH
        upgrade_service(old.admin, old.service, (*STEPS, later_on()))
        they_write_on(consoles)
    assert filled(old) == ROWS
    assert is_proved(old)


def _one_stands_still(old: Team, ending: list[subprocess.Popen[str]]) -> None:
    """Start an upgrade, and again where it gave up because a console at work held something, as its sentence says."""
    for _ in range(20):
        process = started(old.admin, old.service.name, "in a batch")
        ending.append(process)
        until(lambda: _state(process) in "TZ", PATIENCE, "it stands still in the middle of a batch, or gives up")  # noqa: B023  called at once
        if process.poll() is None:
            return
        assert process.stderr is not None
        told = process.stderr.read()
        assert "StoreAway" in told, told
    raise AssertionError("no moment was quiet enough")


def _state(process: subprocess.Popen[str]) -> str:
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0]


def test_an_init_that_was_killed_can_be_run_again(cluster: Cluster) -> None:
    with team_on(cluster, people=()) as team:
        before = said_of(team)
        with psycopg.connect(**cluster.keywords(), autocommit=True) as line:
            # What a kill leaves, whenever it comes: the owner and an empty database of that owner.
            line.execute(f"DROP DATABASE {team.service.name}".encode())
            line.execute(f"CREATE DATABASE {team.service.name} OWNER {team.service.owner} TEMPLATE template0".encode())
        make_service(team.admin, team.service, invented=True)
        assert said_of(team) == before

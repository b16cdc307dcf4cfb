"""The bench on PostgreSQL fills every row, and leaves neither server nor folder behind; nothing here is timed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import console.machine.platform as machine
from console.domain.record import Role
from console.domain.text import BadInput
from db.postgres.cluster_settings import Profile
from db.postgres.lines import Lines
from tests.helpers.parts import ROOT
from tests.helpers.postgres import NEWEST, bins_of, server_account, server_folder
from tests.helpers.waiting import until
from ui.bench.postgres_ground import empty_postgres, peopled_postgres
from ui.bench.processes import BenchFault, Child
from ui.bench.run import measure
from ui.bench.settings import PARTS, Bench, Programs, Sizes, StoreKind
from ui.bench.table import Row
from ui.bench.trial import empty_trial, remove_left_over

pytestmark = pytest.mark.needs("postgres")
TINY = Sizes(
    people=300,
    rings=4,
    notes=2,
    starts=1,
    seconds=2.0,
    entries=20,
    verified=60,
    imported=50,
    present=5,
    whole=20,
    joins=1,
    consoles=3,
    writers=(1, 2),
    returning=6,
)
ROWS = {
    "ring": ("ring_bar", "ring_candidates", "first_ring"),
    "through": ("ring_through",),
    "typing": ("typing_painted",),
    "pair": (
        "signal_painted",
        "line_painted",
        "fact_painted",
        "request_painted",
        "present_painted",
        "join_painted",
    ),
    "note": ("note_painted",),
    "starting": ("first_paint", "idle_memory"),
    "flood": ("stall_flood", "stall_after"),
    "record": ("append", "append_rate", "journal_keep", "verify"),
    "writers": ("writers_1", "writers_2"),
    "reconnect": ("reconnect",),
    "importing": ("import", "import_again"),
    "searching": ("search",),
}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a run of the bench whose servers run as an account that is not root.

    They are told to keep everything as ever, in a folder in memory where there is one: nothing here is timed.
    """
    with server_folder(Profile.TESTS_ONLY) as folder:
        programs = Programs(bins_of(NEWEST, folder), server_account())
        yield Bench(TINY, tmp_path, folder / "bench", lambda _: None, StoreKind.POSTGRESQL, programs)


def _running(bench: Bench) -> list[str]:
    """Return the servers that still run, by their folders."""
    return [str(one) for one in bench.kept.glob("run-*")]


def test_every_part_has_its_rows_here() -> None:
    assert set(ROWS) == set(PARTS[StoreKind.POSTGRESQL])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", sorted(ROWS))
def test_every_row_stands_beside_its_limit(part: str, bench: Bench) -> None:
    said: list[str] = []
    rows = measure(TINY, (part,), said.append, store=StoreKind.POSTGRESQL, kept=bench.kept, programs=bench.programs)
    assert tuple(row.key for row in rows) == ROWS[part]
    assert [row.key for row in rows if not _sound(row)] == []
    assert said, "long work says how far it is"
    assert _running(bench) == []


def _sound(row: Row) -> bool:
    figures = (row.ours.p50, row.ours.p95, row.ours.p99, row.limit.p50, row.limit.p99, row.ratio)
    return bool(row.limit_is) and all(0 < one < float("inf") for one in figures)


@pytest.mark.timeout(300)
def test_the_server_with_people_is_made_once_and_each_use_is_a_copy(bench: Bench) -> None:
    said: list[str] = []
    bench = Bench(TINY, bench.folder, bench.kept, said.append, bench.store, bench.programs)
    with peopled_postgres(bench, "first") as ground:
        numbers = ground.numbers(10)
        with ground.record("Priya Raman", Role.SERVICE_ADVISER) as store:
            assert store.heartbeat().head.seq == 0
    assert len([words for words in said if words.startswith("inventing")]) == 1
    with peopled_postgres(bench, "second") as ground:
        assert ground.numbers(10) == numbers
        assert ground.audited() == 0
    assert len([words for words in said if words.startswith("inventing")]) == 1
    assert _running(bench) == []


@pytest.mark.timeout(300)
def test_what_is_measured_logs_in_as_no_superuser(bench: Bench) -> None:
    with empty_postgres(bench, "rights") as ground, ground.record("Priya Raman", Role.SERVICE_ADVISER) as store:
        worker = ground.trial.worker("Priya Raman", Role.SERVICE_ADVISER)
        ways = [getattr(store, "lines").address, ground.trial.bare(), ground.trial.program("import", "nd_import")]  # noqa: B009
        asked = "SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        found = []
        for way in ways:
            with way.connect() as line:
                found += line.execute(asked).fetchall()
    assert found == [(worker.login, False, False), ("bare", False, False), ("bench__import", False, False)]


@pytest.mark.timeout(300)
def test_what_a_killed_bench_left_is_stopped_and_removed_by_the_next(bench: Bench) -> None:
    with empty_trial(bench) as trial:
        lines = Lines(trial.admin)
        assert remove_left_over(bench) == 0, "it is in use: its bench holds the lock"
        assert lines.rows("pg_backend_pid"), "and it was left alone"
        # As a kill -9 of the bench does: nobody holds the lock, and the server runs on.
        (folder,) = bench.kept.glob("run-*")
        moved = folder.with_name("run-left")
        lines.close()
        folder.rename(moved)
        assert remove_left_over(bench) == 1
        assert not moved.exists()
        until(lambda: not trial.cluster.is_running, 30, "the server ends")


@pytest.mark.timeout(300)
def test_a_killed_child_ends_the_bench_in_words_and_the_server_goes(bench: Bench) -> None:
    trials = []

    def measured() -> None:
        with empty_postgres(bench, "killed") as ground:
            trials.append(ground.trial)
            with Child("follower", ground.wish("Priya Raman", Role.SERVICE_ADVISER)) as child:
                child.hear("following")
                os.kill(child.pid, signal.SIGTERM)
                child.hear("followed")

    with pytest.raises(BenchFault, match="ended before it was measured"):
        measured()
    assert not trials[0].cluster.is_running
    assert _running(bench) == []


_STOPPED = """
import sys
from pathlib import Path
from ui.bench.run import measure
from ui.bench.settings import Programs, Sizes, StoreKind
sizes = Sizes(people=300, entries=20, returning=6)
programs = Programs(Path(sys.argv[2]), sys.argv[3] or None)
try:
    measure(sizes, ("reconnect",), print, store=StoreKind.POSTGRESQL, kept=Path(sys.argv[1]), programs=programs)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.timeout(300)
@pytest.mark.needs("posix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_bench_takes_its_server_with_it(number: signal.Signals, bench: Bench) -> None:
    assert bench.programs is not None
    words = [str(bench.kept), str(bench.programs.bins), bench.programs.run_as or ""]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-P", "-c", _STOPPED, *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        try:
            until(lambda: any(bench.kept.glob("run-*/pg/data/postmaster.pid")), 60, "the server begins")
            (file,) = bench.kept.glob("run-*/pg/data/postmaster.pid")
            server = int(file.read_text(encoding="utf-8").splitlines()[0])
            run.send_signal(number)
            assert run.wait(60) == 130, run.stderr.read() if run.stderr else ""
        finally:
            run.kill()
    assert _running(bench) == []
    assert not machine._is_alive(server)


def test_a_part_that_a_file_does_not_have_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="On sqlite the bench has no reconnect"):
        measure(TINY, ("reconnect",), lambda _: None)


@pytest.mark.needs("root")
def test_no_server_is_started_as_root(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not run as root"):
        measure(TINY, ("record",), lambda _: None, store=StoreKind.POSTGRESQL, kept=tmp_path / "kept")
    assert list((tmp_path / "kept").glob("run-*")) == []

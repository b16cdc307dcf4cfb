"""``start.py test`` runs two pytests side by side and tells them as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.lanes import Lane, Outcome, closing_line, exit_code, lanes_of
from tests.helpers.waiting import until

ROOT = Path(__file__).resolve().parents[2]
BARE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Small suites need nothing of Qt or hypothesis, and begin in a third of the time."""
ALL = (
    "import sys, pathlib, tests.run_checks as checks; checks.CHECKS = (); checks.CORES = 2; "
    "checks.ROOT = pathlib.Path(sys.argv[1]); sys.exit(checks.run([]))"
)
MET_THE_OTHER = """
import time
from pathlib import Path

def test_it_runs_beside_the_other():
    mine = Path(__file__).with_suffix(".here")
    mine.touch()
    end = time.monotonic() + 40
    while len(list(Path(__file__).parents[1].rglob("*.here"))) < 2:
        assert time.monotonic() < end, "alone"
        time.sleep(0.01)
"""
BROKEN = "def test_broken():\n    assert 'left' == 'right'\n"
STEADY = "def test_steady():\n    pass\n"
GONE = "import os, time\n\ndef test_gone():\n    time.sleep(0.7)\n    os._exit(%d)\n"
"""Ends in the middle of a line, when the other lane has said its last."""


def outcome(code: int, closing: str) -> Outcome:
    return Outcome("some", code, closing)


def suite(folder: Path, **files: str) -> Path:
    """Make a house with one test file in each of these rooms."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for room, text in files.items():
        file = folder / "tests" / room / f"test_{room}.py"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return folder


def started(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ALL, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=BARE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ran(folder: Path) -> tuple[int, list[str]]:
    with started(folder) as running:
        out, _ = running.communicate(timeout=100)
    return running.returncode, out.splitlines()


# --- what is told of both -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "together"),
    [
        (("== 2 passed in 1.00s ==", "= 3 passed in 2.10s ="), " 5 passed in 3.50s "),
        (
            ("= 1 failed, 2 passed, 1 error in 61.00s (0:01:01) =", "= 2 failed, 3 passed, 4 deselected in 2.10s ="),
            " 3 failed, 5 passed, 4 deselected, 1 error in 3.50s ",
        ),
        (("= 1 passed, 1 warning in 1.00s =", "= 1 skipped, 2 warnings in 1.00s ="),
         " 1 passed, 1 skipped, 3 warnings in 3.50s "),
        (("= 1 xfailed, 1 xpassed in 1.00s =", "= no tests ran in 0.10s ="), " 1 xfailed, 1 xpassed in 3.50s "),
        (("= no tests ran in 0.10s =", "= no tests ran in 0.10s ="), " no tests ran in 3.50s "),
        (("= 7 passed in 1.00s =", "Segmentation fault: 3 passed"), " 7 passed, 1 error in 3.50s "),
        (("", "Fatal Python error"), " 2 errors in 3.50s "),
    ],
)  # fmt: skip
def test_two_closing_lines_are_summed(said: tuple[str, str], together: str) -> None:
    line = closing_line([outcome(0, one) for one in said], 3.5)
    assert line == together.center(80, "=")


def test_a_long_run_says_its_minutes_as_pytest_does() -> None:
    assert (
        closing_line([outcome(0, "= 1 passed in 1.00s =")], 3725.126).strip("=") == " 1 passed in 3725.13s (1:02:05) "
    )


HELD, LOST = "= 1 passed in 1.00s =", "= 1 failed in 1.00s ="


@pytest.mark.parametrize(
    ("lanes", "code"),
    [
        ([(0, HELD), (0, HELD)], 0),
        ([(0, HELD), (1, LOST)], 1),
        ([(1, LOST), (0, HELD)], 1),
        ([(1, LOST), (-11, "tests/ui/a.py ..")], -11),
        ([(2, "= 1 error in 1.00s ="), (1, LOST)], 2),
        ([(0, HELD), (5, "= no tests ran in 1.00s =")], 5),
        ([(0, HELD), (0, "tests/ui/a.py ..")], 1),
    ],
)
def test_all_is_well_only_where_both_lanes_came_well_to_their_end(lanes: list[tuple[int, str]], code: int) -> None:
    assert exit_code([outcome(*one) for one in lanes]) == code


# --- which lanes there are -----------------------------------------------------------------------


def test_no_test_is_in_both_lanes_or_in_none(tmp_path: Path) -> None:
    suite(tmp_path, ui=STEADY, db=STEADY, domain=STEADY, new_room=STEADY)
    first, second = lanes_of(tmp_path, 2)
    assert first.paths == ("tests/ui", "tests/db")
    assert second.paths == ("tests", "--ignore=tests/ui", "--ignore=tests/db"), "whatever the first leaves"


@pytest.mark.parametrize(("rooms", "cores"), [(("ui", "db"), 2), (("domain", "e2e"), 2), (("ui", "domain"), 1)])
def test_one_lane_is_enough_for_one_core_or_one_kind(tmp_path: Path, rooms: tuple[str, ...], cores: int) -> None:
    suite(tmp_path, **dict.fromkeys(rooms, STEADY))
    assert lanes_of(tmp_path, cores) == (Lane("all", ("tests",)),)


# --- real runs -----------------------------------------------------------------------------------


def test_lanes_run_side_by_side_and_are_told_as_one(tmp_path: Path) -> None:
    code, said = ran(suite(tmp_path, ui=MET_THE_OTHER, domain=MET_THE_OTHER))
    assert code == 0, said
    assert " 2 passed in " in said[-1]
    assert [line.split()[0] for line in sorted(said) if line.startswith("tests/")] == [
        "tests/domain/test_domain.py",
        "tests/ui/test_ui.py",
    ]


def test_failures_of_both_lanes_are_told_apart_and_counted_together(tmp_path: Path) -> None:
    code, said = ran(suite(tmp_path, ui=BROKEN + STEADY, domain=BROKEN))
    assert code == 1
    assert " 2 failed, 1 passed in " in said[-1]
    heads = [number for number, line in enumerate(said) if line.strip("=").strip() == "FAILURES"]
    ends = [number for number, line in enumerate(said) if " failed" in line and line.startswith("=")]
    assert heads[0] < ends[0] < heads[1] < ends[1], "one account after the other"


def test_a_slow_moment_in_one_lane_is_forgiven_and_named(tmp_path: Path) -> None:
    moment = (
        "from pathlib import Path\n\ndef test_moment():\n    been = Path(__file__).with_suffix('.been')\n"
        "    if not been.exists():\n        been.touch()\n        raise AssertionError('too slow')\n"
    )
    code, said = ran(suite(tmp_path, ui=moment, domain=STEADY))
    assert code == 0, said
    assert said[-4:-2] == ["unsteady, held when run again:", "  tests/ui/test_ui.py::test_moment"]
    assert "1 failed, 1 passed in" in said[-2]
    assert "1 passed in" in said[-1]


@pytest.mark.parametrize("number", [0, 3])
def test_a_lane_that_ends_in_a_test_is_never_green(tmp_path: Path, number: int) -> None:
    code, said = ran(suite(tmp_path, ui=GONE % number, domain=STEADY))
    assert code == (number or 1)
    assert f"the lane of windows and records ended without its closing line, with exit code {number}" in said
    assert " 1 passed, 1 error in " in said[-1]


@pytest.mark.needs("posix")
def test_ctrl_c_stops_both_lanes_and_hears_them_out(tmp_path: Path) -> None:
    # The second to come stands for the terminal, which gives the Ctrl-C to all three.
    slow = MET_THE_OTHER + (
        "    import os, signal\n"
        "    if 'domain' in __file__:\n"
        "        os.kill(os.getppid(), signal.SIGINT)\n"
        "        time.sleep(0.3)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"
    )
    with started(suite(tmp_path, ui=slow, domain=slow)) as running:
        out, told = running.communicate(timeout=100)
    assert (running.returncode, told) == (130, "start.py test: stopped\n")
    assert out.count("! KeyboardInterrupt !") == 2, "both pytests still say where they were"


@pytest.mark.needs("posix")
def test_a_ctrl_c_that_only_the_runner_heard_leaves_no_pytest_behind(tmp_path: Path) -> None:
    slow = MET_THE_OTHER + "    import os\n    mine.write_text(str(os.getpid()))\n    time.sleep(60)\n"
    folder = suite(tmp_path, ui=slow, domain=slow)
    with started(folder) as running:
        until(lambda: all(file.exists() and file.read_text() for file in _signs(folder)), 60, "both lanes run")
        while running.poll() is None:
            running.send_signal(signal.SIGINT)
            time.sleep(0.2)
        assert running.returncode == 130
    numbers = [int(file.read_text()) for file in _signs(folder)]
    until(lambda: not any(map(_is_alive, numbers)), 60, "both end")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _signs(folder: Path) -> list[Path]:
    return [folder / "tests" / room / f"test_{room}.here" for room in ("ui", "domain")]

"""``start.py test`` runs a failed test of real processes once more, and says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.second_try import MOST, worth_a_second_try

ROOT = Path(__file__).resolve().parents[2]
BARE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""A suite this small needs nothing of Qt or hypothesis."""
ALL = (
    "import sys, pathlib, tests.run_checks as checks; checks.CHECKS = (); "
    "checks.ROOT = pathlib.Path(sys.argv[1]); sys.exit(checks.run([]))"
)
SLOW_MOMENT = """
from pathlib import Path

def test_steady():
    pass

def test_met_a_slow_moment():
    been = Path(__file__).with_suffix(".been")
    if not been.exists():
        been.touch()
        raise AssertionError("too slow")
"""
BROKEN = "def test_steady():\n    pass\n\ndef test_broken():\n    assert False\n"


def _run(folder: Path, where: str, text: str) -> tuple[int, list[str]]:
    file = folder / where
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-c", ALL, str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=BARE, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.splitlines()


def test_a_slow_moment_is_named_and_forgiven(tmp_path: Path) -> None:
    code, said = _run(tmp_path, "tests/e2e/test_one.py", SLOW_MOMENT)
    assert code == 0
    assert said[-4:-2] == ["unsteady, held when run again:", "  tests/e2e/test_one.py::test_met_a_slow_moment"]
    assert (said[-2][:7], "1 failed, 1 passed" in said[-2]) == ("first: ", True)
    assert (said[-1][:7], "1 passed" in said[-1]) == ("again: ", True)


def test_what_is_broken_stays_broken(tmp_path: Path) -> None:
    code, said = _run(tmp_path, "tests/e2e/test_one.py", BROKEN)
    assert code == 1
    assert said[-4:-2] == ["failed, and failed again:", "  tests/e2e/test_one.py::test_broken"]


def test_pure_rules_get_no_second_try(tmp_path: Path) -> None:
    code, said = _run(tmp_path, "tests/domain/test_one.py", SLOW_MOMENT)
    assert code == 1
    assert "1 failed, 1 passed" in said[-1]


@pytest.mark.parametrize(
    ("code", "failed", "worth"),
    [
        (1, ("tests/e2e/a.py::x",), True),
        (1, ("tests/e2e/a.py::x", "tests/services/a.py::x"), False),
        (1, tuple(f"tests/ui/a.py::{number}" for number in range(MOST + 1)), False),
        (1, (), False),
        (0, (), False),
        (-11, ("tests/ui/a.py::x",), False),
        (2, ("tests/ui/a.py::x",), False),
    ],
)
def test_what_is_worth_a_second_try(code: int, failed: tuple[str, ...], worth: bool) -> None:
    assert worth_a_second_try(code, failed) is worth

"""An adapter as a stranger makes one: the example of docs/adapters.md, installed, found and held to the contract."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "nightdesk-brickphone"
BACKEND = '[build-system]\nrequires = []\nbuild-backend = "tests.helpers.wheel_maker"\n\n'
BROKEN = (
    (
        *("actions.py", "if action.act is not Act.ORIGINATE:", "if action.act:", "emergency_number or stop_is_quick"),
        "test_an_emergency_number_is_never_dialled[brickphone-originate]",
    ),
    ("mapping.py", 'number if shown else ""', "number", "withheld", "the number is there"),
    ("protocol.py", "self._rest = self._rest[:LONGEST]", "pass", "without_end", "bytes were kept of"),
    ("protocol.py", '.decode("utf-8", "replace")', ".decode()", "no_message", "UnicodeDecodeError"),
    ("connection.py", "            raise LineDead\n", "            pass\n", "silence", "the link lost (1) never came"),
    ("connection.py", "def goodbye(", "def farewell(", "connecting_says", "has no attribute 'goodbye'"),
)
"""File, what stands there, what is written instead, the cases that run, and what pytest says of it."""
pytestmark = pytest.mark.timeout(240)


def said(command: Sequence[str], folder: Path, path: Path) -> tuple[int, str]:
    """Run Python there, with only ``path`` before its libraries."""
    environment = {**os.environ, "PYTHONPATH": str(path), "NIGHTDESK_HOME": str(folder / "home"), "CI": ""}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example, copied; and a folder into which it and Nightdesk itself are installed from their projects."""
    folder = tmp_path_factory.mktemp("stranger")
    target, copy, own = folder / "site", folder / "brickphone", folder / "nightdesk"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    own.mkdir()
    for room in ("console", "ui", "telephony_adapters", "db"):
        (own / room).symlink_to(ROOT / room)
    shutil.copy(ROOT / "pyproject.toml", own)
    for project in (own, copy):
        file = project / "pyproject.toml"
        head, _, rest = file.read_text(encoding="utf-8").partition("[project]")
        assert "build-backend" in head
        file.write_text(f"{BACKEND}[project]{rest}", encoding="utf-8")
        words = ["install", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
        code, told = said(["-m", "pip", *words, "--target", str(target), str(project)], folder, ROOT)
        assert code == 0, told
    return copy, target


def test_the_example_passes_the_whole_contract(installed: tuple[Path, Path]) -> None:
    copy, target = installed
    code, told = said(["-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"], copy, target)
    assert code == 0, told
    assert "failed" not in told
    assert "skipped" not in told


@pytest.mark.parametrize(("file", "right", "wrong", "cases", "what"), BROKEN, ids=[one[-1] for one in BROKEN])
def test_a_broken_promise_is_a_failed_case(
    installed: tuple[Path, Path], file: str, right: str, wrong: str, cases: str, what: str
) -> None:
    copy, target = installed
    module = target / "nightdesk_brickphone" / file
    whole = module.read_text(encoding="utf-8")
    assert whole.count(right) == 1
    module.write_text(whole.replace(right, wrong), encoding="utf-8")
    try:
        words = ["-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", cases]
        code, told = said(words, copy, target)
    finally:
        module.write_text(whole, encoding="utf-8")
    assert code == 1, told
    assert len(re.findall(r"^(?:FAILED|ERROR) tests/", told, re.MULTILINE)) == 1, told
    assert what in told


def test_it_is_offered_and_named(installed: tuple[Path, Path]) -> None:
    copy, target = installed
    code, told = said(["-P", "-m", "ui", "watch", "--help"], copy, target)
    assert code == 0, told
    assert "brickphone" in told
    code, told = said(["-P", "-m", "ui", "doctor", "--json"], copy, target)
    (line,) = [one for one in json.loads(told)["checks"] if one["key"] == "plug-ins"]
    assert line["state"] == "well", told
    assert "nightdesk-brickphone 0.1.0 (licence MIT)" in line["means"]
    assert code in (0, 5)

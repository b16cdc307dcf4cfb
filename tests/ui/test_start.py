"""start.py: readable by old Pythons, quick the second time, and transparent for what it runs."""

from __future__ import annotations

import ast
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with start.py, the lock, and an environment that is ready (this test's own Python)."""
    place = tmp_path / "a place"
    scripts = place / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    scripts.mkdir(parents=True)
    for name in ("start.py", "requirements.lock"):
        shutil.copy(ROOT / name, place / name)
    (scripts / "python").symlink_to(sys.executable)
    start = _load(place)
    (place / ".venv" / "nightdesk-stamp").write_text(start.wanted_stamp(), encoding="utf-8")
    return place


def _load(place: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("start_under_test", place / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _start(place: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # The environment of the place is only a link to this Python, so it is told where things are.
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": paths, "NIGHTDESK_HOME": str(place / "home")}
    command = [sys.executable, str(place / "start.py"), *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_it_can_be_read_by_pythons_too_old_to_run_nightdesk() -> None:
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_gets_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = _load(place)
    # A patch, because no older Python can be asked for here.
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2))
    with pytest.raises(start.CannotStart, match=r"this is Python 3\.9.*needs Python 3\.11"):
        start.main(["demo"])


@pytest.mark.needs("posix")
def test_output_exit_code_and_folder_are_the_commands_own(place: Path, tmp_path: Path) -> None:
    # A folder called "ui" where the caller stands must not be taken for ours.
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "__main__.py").write_text("raise SystemExit(77)", encoding="utf-8")
    done = _start(place, tmp_path, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nightdesk ")
    assert _start(place, tmp_path, "no-such-command").returncode == 2


@pytest.mark.needs("posix")
def test_hints_name_the_command_that_was_typed(place: Path, tmp_path: Path) -> None:
    typed = f"{Path(sys.executable).name} {shlex.quote(str(place / 'start.py'))}"
    done = _start(place, tmp_path, "db", "verify", "--database", "none.db")
    assert f"`{typed} db init` makes one" in done.stderr
    assert _start(place, tmp_path, "rota", "sample", "--help").stdout.startswith(f"usage: {typed} rota sample")


@pytest.mark.needs("posix")
def test_the_second_start_makes_nothing(place: Path) -> None:
    start = _load(place)
    before = sorted(place.rglob("*"))
    start.make_environment()
    assert sorted(place.rglob("*")) == before


@pytest.mark.needs("posix")
def test_a_changed_lock_a_moved_folder_or_a_lost_python_is_noticed(place: Path) -> None:
    start = _load(place)
    assert start.stamp() == start.wanted_stamp()
    with (place / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("\n")
    assert start.stamp() != start.wanted_stamp()
    moved = place.with_name("moved")
    shutil.copytree(place, moved, symlinks=True)
    assert _load(moved).stamp() != _load(moved).wanted_stamp()
    start.env_python().unlink()
    assert start.stamp() == ""


def _refuses(start: ModuleType, monkeypatch: pytest.MonkeyPatch, *, apt: bool, root: bool) -> str:
    # Patches, because a test may neither install packages nor change who it is.
    monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/apt-get" if apt else None)
    monkeypatch.setattr(start.os, "geteuid", lambda: 0 if root else 1000, raising=False)
    with pytest.raises(start.CannotStart) as refusal:
        start.install_debian(["libegl1", "libgl1"], "the windows need system libraries that are not here")
    return str(refusal.value)


def test_who_is_not_root_gets_the_one_command(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _refuses(_load(place), monkeypatch, apt=True, root=False)
    assert said.splitlines()[-1] == "  sudo apt-get install -y --no-install-recommends libegl1 libgl1"


def test_another_system_gets_the_names(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "what Debian calls libegl1, libgl1" in _refuses(_load(place), monkeypatch, apt=False, root=True)


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["demo"], True),
        (["console"], True),
        (["telephones"], True),
        (["telephones", "--window"], True),
        (["telephones", "--kinds"], False),
        (["bench"], True),
        (["test"], True),
        (["watch", "--recording", "x"], False),
        (["db", "verify"], False),
        (["people", "find", "x"], False),
        (["rota", "sample"], False),
        (["demo", "--help"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_only_commands_with_windows_ask_for_qts_libraries(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], asked: bool
) -> None:
    start, installed = _load(place), list[list[str]]()
    monkeypatch.setattr(start, "is_absent", lambda library: library == "libEGL.so.1")
    monkeypatch.setattr(start, "install_debian", lambda packages, why: installed.append(packages))
    start.look_for_qt(words)
    assert installed == ([["libegl1"]] if asked else [])


@pytest.mark.needs("linux")
def test_a_display_asks_for_its_own_libraries(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = _load(place)
    monkeypatch.setattr(start, "is_absent", lambda library: True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    bare = set(start.missing_qt())
    monkeypatch.setenv("DISPLAY", ":9")
    with_x11 = set(start.missing_qt())
    assert "libxcb-cursor0" not in bare
    assert "libxcb-cursor0" in with_x11


@pytest.mark.needs("linux")
def test_the_loader_is_really_asked(place: Path) -> None:
    start = _load(place)
    assert not start.is_absent("libc.so.6")
    assert start.is_absent("libnightdesk-has-no-such.so.9")

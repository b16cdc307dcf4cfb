"""`nightdesk console` as a program: signing in by command line, one instance, an ordered end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar, shift_stream
from console.domain.record import Identity, Role
from console.machine.clock import SystemClock
from console.machine.keys import decode_key
from db.opening import open_store

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return home, record and key file; none of them made yet."""
    return tmp_path / "home", tmp_path / "record.db", tmp_path / "record.key"


def command(files: tuple[Path, Path, Path], *more: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment of one console."""
    home, record, key = files
    environment = os.environ | {"NIGHTDESK_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    words = ["console", "--database", str(record), "--key-file", str(key), *more]
    return [sys.executable, "-m", "ui", *words], environment


@contextmanager
def console(files: tuple[Path, Path, Path], *more: str) -> Iterator[subprocess.Popen[str]]:
    """Run a console and end it whatever happens."""
    words, environment = command(files, *more)
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def wait_until_remembered(home: Path, running: subprocess.Popen[str]) -> dict[str, object]:
    """Wait until somebody is signed in, and return what is remembered."""
    end = time.monotonic() + PATIENCE
    file = home / "remembered.json"
    while not file.is_file() and time.monotonic() < end and running.poll() is None:
        time.sleep(0.1)
    assert file.is_file(), running.communicate() if running.poll() is not None else "not signed in"
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_a_console_signs_in_makes_its_record_and_ends_in_order(files: tuple[Path, Path, Path]) -> None:
    home, record, key = files
    with console(files, "--name", "Priya Raman", "--as", "handler", "--extension", "1001") as running:
        remembered = wait_until_remembered(home, running)
        assert remembered == {"extension": "1001", "dark": None}
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert not record.read_bytes().startswith(b"SQLite format 3")
    store = open_store(str(record), key=decode_key(key.read_text().strip()), clock=SystemClock())
    stream = shift_stream(Calendar(england()).stretch(SystemClock().now()))
    who = Identity("a.test", "A Test", Role.DUTY_MANAGER, "test")
    kinds = [stored.envelope.kind.value for stored in store.stream(who, stream)]
    assert "shift.signed_in" in kinds
    assert store.verify().first_bad == 0
    store.close()


def test_one_console_runs_for_each_home(files: tuple[Path, Path, Path]) -> None:
    with console(files, "--name", "Priya Raman", "--extension", "1001") as running:
        wait_until_remembered(files[0], running)
        words, environment = command(files, "--name", "Tom Adeyemi")
        second = subprocess.run(
            words, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False
        )  # fmt: skip
    assert second.returncode == 5
    assert "already open" in second.stderr
    assert "Nothing was started" in second.stderr


def test_an_extension_in_use_is_refused_and_names_its_holder(files: tuple[Path, Path, Path]) -> None:
    home, record, key = files
    with console(files, "--name", "Priya Raman", "--extension", "1001") as running:
        wait_until_remembered(home, running)
        elsewhere = (home.with_name("other-home"), record, key)
        words, environment = command(elsewhere, "--name", "Tom Adeyemi", "--extension", "1001")
        second = subprocess.run(
            words, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False
        )  # fmt: skip
    assert second.returncode == 5
    assert "Priya Raman" in second.stderr
    assert not (elsewhere[0] / "remembered.json").exists()


def test_the_simulated_switchboard_is_barred_where_it_is_not_a_rehearsal(files: tuple[Path, Path, Path]) -> None:
    words, environment = command(files, "--name", "Priya Raman", "--switchboard", "simulator")
    done = subprocess.run(
        words, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False
    )  # fmt: skip
    assert done.returncode == 5
    assert "start it again with --rehearsal" in done.stderr
    assert not files[1].exists()


def test_without_a_screen_it_says_so(files: tuple[Path, Path, Path]) -> None:
    words, environment = command(files)
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    if sys.platform in ("win32", "darwin"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
        words += ["--set", "nonsense"]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False
    )  # fmt: skip
    assert done.returncode in (2, 5)
    assert "Nothing was started" in done.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is no DISPLAY")
def test_a_display_that_is_not_there_is_said_in_a_sentence(files: tuple[Path, Path, Path]) -> None:
    words, environment = command(files)
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    environment["DISPLAY"] = ":4711"
    done = subprocess.run(
        words, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE, check=False
    )  # fmt: skip
    assert done.returncode == 5
    assert done.stderr.startswith("nightdesk: The display :4711 does not answer")
    assert "plugin" not in done.stderr

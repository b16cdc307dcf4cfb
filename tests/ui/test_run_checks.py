"""``start.py test``: what it says while it works, and how it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import run_checks

ROOT = Path(__file__).resolve().parents[2]
TESTS = "import sys, tests.run_checks as checks; sys.exit(checks.run(sys.argv[1:]))"
SLOW = """
import sys, tests.run_checks as checks
checks.CHECKS = (checks.Check("slow", ("timeit", "-n", "1", "-r", "1", "-s", "import time", "time.sleep(30)")),)
sys.exit(checks.run([]))
"""


def _started(program: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_check_is_named_before_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_checks.held(run_checks.Check("a check", ("timeit", "-n", "1", "-r", "1", "pass")))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "...     a check"
    assert lines[1].startswith("ok      a check  (")


def test_ctrl_c_ends_without_a_traceback() -> None:
    with _started(SLOW) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"...     slow\n"
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=20)
    assert (running.returncode, told) == (130, b"start.py test: stopped\n")


def test_ctrl_c_in_the_tests_ends_without_a_traceback(tmp_path: Path) -> None:
    slow = tmp_path / "test_slow.py"
    # It stands for the terminal, which gives the Ctrl-C to both of them.
    slow.write_text(
        "import os, signal, time\n\ndef test_slow():\n    os.kill(os.getppid(), signal.SIGINT)\n"
        "    time.sleep(0.3)\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(30)\n",
        encoding="utf-8",
    )
    with _started(TESTS, str(slow), "-c", os.devnull, "--rootdir", str(tmp_path)) as running:
        out, told = running.communicate(timeout=60)
    assert (running.returncode, told) == (130, b"start.py test: stopped\n")
    assert b"KeyboardInterrupt" in out, "pytest still says where it was"


def test_a_closed_pipe_ends_without_a_traceback(tmp_path: Path) -> None:
    noisy = tmp_path / "test_noisy.py"
    noisy.write_text("def test_noise():\n    for _ in range(50_000):\n        print('x' * 80)\n", encoding="utf-8")
    with _started(TESTS, str(noisy), "-s", "-c", os.devnull, "--rootdir", str(tmp_path)) as running:
        assert running.stdout is not None
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr is not None
        told = running.stderr.read().decode()
        assert running.wait(timeout=60) == 141
    assert "Traceback" not in told
    assert "BrokenPipe" not in told

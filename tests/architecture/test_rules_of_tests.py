"""The rules every test lives under, proved by small suites of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.conftest"]\n', encoding="utf-8")
    return tmp_path


def _run(suite: Path, source: str, *words: str, ci: bool = False) -> tuple[int, str]:
    (suite / "test_small.py").write_text("import pytest\n" + source, encoding="utf-8")
    environment = {**os.environ, "CI": "true" if ci else "", "PYTHONPATH": str(ROOT), "NIGHTDESK_ASTERISK_ROOT": ""}
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(suite), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *settings, *words, str(suite)]
    done = subprocess.run(command, cwd=suite, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_log_record_nobody_expected_fails(suite: Path) -> None:
    source = "import logging\ndef test_it():\n    logging.getLogger('x').warning('lost %s', 'something')\n"
    code, said = _run(suite, source)
    assert code == 1
    assert "WARNING x: lost something" in said
    assert _run(suite, source.replace("def ", "@pytest.mark.expects_log\ndef "))[0] == 0


WAYS_OUT = """
import socket
@pytest.mark.parametrize("reach", [
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.socket().connect_ex(("192.0.2.1", 80)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    lambda: socket.getaddrinfo("pbx.example", 80),
])
def test_it(reach):
    with pytest.raises(Exception) as refusal:
        reach()
    assert type(refusal.value).__name__ == "NetworkRefused"
"""


def test_nothing_leaves_this_computer(suite: Path) -> None:
    code, said = _run(suite, WAYS_OUT, "-W", "ignore::ResourceWarning")
    assert code == 0, said
    assert "5 passed" in said


def test_the_loopback_is_open(suite: Path) -> None:
    source = (
        "import socket\n"
        "def test_it():\n"
        "    with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "        socket.create_connection(server.getsockname(), timeout=2).close()\n"
        "        server.accept()[0].close()\n"
    )
    code, said = _run(suite, source)
    assert code == 0, said


def test_a_warning_of_python_or_qt_fails(suite: Path) -> None:
    code, _ = _run(suite, "import warnings\ndef test_it():\n    warnings.warn('old')\n")
    assert code == 1
    code, said = _run(
        suite, "from PySide6.QtCore import qWarning\ndef test_it(qapp):\n    qWarning('QWidget: something is off')\n"
    )
    assert code == 1
    assert "something is off" in said


def test_a_test_without_its_part_is_named_and_fails_ci(suite: Path) -> None:
    source = "def test_here(): assert True\n@pytest.mark.needs('asterisk')\ndef test_calls(): assert False\n"
    code, said = _run(suite, source)
    assert code == 0, said
    assert "left out for lack of asterisk (run .ci/run" in said
    assert "test_small.py::test_calls" in said
    assert "1 passed, 1 deselected" in said.splitlines()[-1]
    assert _run(suite, source, ci=True)[0] == 1
    assert _run(suite, source.replace("asterisk", "posix").replace("False", "True"), ci=True)[0] == 0


@pytest.mark.parametrize("mark", ["needs('asterix')", "needs", "long"])
def test_a_mark_that_names_nothing_known_is_refused(suite: Path, mark: str) -> None:
    code, said = _run(suite, f"@pytest.mark.{mark}\ndef test_calls(): assert True\n")
    assert code == 4
    assert "wants" in said


def test_a_long_proof_runs_by_name_only(suite: Path) -> None:
    source = "def test_short(): assert True\n@pytest.mark.long('kill')\ndef test_kill(): assert True\n"
    code, said = _run(suite, source)
    assert code == 0
    assert "long proofs, run by name with --long: kill" in said
    code, said = _run(suite, source, "--long", "kill", "-v")
    assert code == 0
    assert "test_kill PASSED" in said
    assert "test_short" not in said
    code, said = _run(suite, source, "--long", "kil")
    assert code == 4
    assert "no long proof is called 'kil'; there are: kill" in said


def test_a_test_that_hangs_is_ended(suite: Path) -> None:
    code, said = _run(suite, "import time\ndef test_it():\n    time.sleep(30)\n", "--timeout", "0.5")
    assert code == 1
    assert "Timeout" in said


def test_each_test_has_a_home_of_its_own(suite: Path) -> None:
    source = (
        "import os\n"
        "@pytest.mark.parametrize('number', range(3))\n"
        "def test_it(number, tmp_path):\n"
        "    assert os.environ['NIGHTDESK_HOME'] == str(tmp_path / 'nightdesk-home')\n"
    )
    code, said = _run(suite, source)
    assert code == 0, said

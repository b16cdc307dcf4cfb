"""Ctrl+C before there is a window, in real processes: it always ends the program, with 130."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.ui.test_cli import ROOT
from ui.exits import Exit

LOADING = """
import os, signal
from ui.stopping import stopped_at_once
with stopped_at_once():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1000))
    except BaseException:
        pass  # as a library does that is loading just now
print("went on")
"""
MADE = """
import os, signal, sys
from ui.desktop.runtime.application import application
app = application(seen=False)
os.kill(os.getpid(), signal.SIGINT)
sys.exit(app.exec())
"""
AFTER = """
import signal
from ui.stopping import stopped_at_once
with stopped_at_once():
    pass
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def _run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.needs("posix")
def test_while_the_window_is_loaded_it_ends_at_once_in_a_sentence() -> None:
    ended = _run(LOADING)
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        Exit.STOPPED,
        "",
        "nightdesk: stopped from the keyboard\n",
    )


@pytest.mark.needs("posix")
def test_between_the_application_and_its_loop_it_is_not_forgotten() -> None:
    assert _run(MADE).returncode == Exit.STOPPED


@pytest.mark.needs("posix")
def test_afterwards_it_is_as_it_was() -> None:
    assert _run(AFTER).stdout == "True\n"

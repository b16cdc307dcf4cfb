"""What is imported after Qt is not read as text, and Qt works as before."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from tests.helpers.parts import ROOT
from ui.desktop.runtime import sources

_STARTED = """
import linecache, sys
from ui.desktop.runtime.sources import leave_sources_unread
leave_sources_unread()
import sqlalchemy
from ui.bootstrap.entrance import run_console
read = [name for name in linecache.cache if name.endswith(".py")]
assert len(read) < 10, read
known = sys.modules["shibokensupport.feature"].pyside_feature_dict
assert known["ui.bootstrap.entrance"] == 0, "switched as a module that uses PySide6 is"
assert known["sqlalchemy"] == -1, "left alone as one that does not"
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
assert QLabel("bell").text() == "bell"
"""


def test_a_console_reads_no_source_of_what_it_imports() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _STARTED], capture_output=True, text=True, timeout=100, check=False,
        env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_another_pyside_that_does_not_ask_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModuleType("shibokensupport.feature")
    monkeypatch.setitem(sys.modules, "shibokensupport.feature", other)
    sources.leave_sources_unread()
    assert not hasattr(other, "_mod_uses_pyside")
    monkeypatch.delitem(sys.modules, "shibokensupport.feature")
    sources.leave_sources_unread()

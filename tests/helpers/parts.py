"""The parts of a machine that some tests need, each with a probe and the way to get it.

A test says ``@pytest.mark.needs("asterisk")``.  Where the part is missing the test is left out
and named in pytest's closing lines; with ``CI=true`` that fails the run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from console.machine.platform import is_root, run_briefly
from db.postgres.programs import embedded_bins, system_bins

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = "nobody"
"""The account of servers where the tests run as root; every Unix has it."""
_GERMAN = Path("/usr/share/locale/de/LC_MESSAGES")
"""Where Debian keeps what programs say in German."""
OLDER_ASTERISK = "NIGHTDESK_ASTERISK16_ROOT"
"""The variable that names the chroot of an Asterisk 16, for the long proof of the scenarios."""
DEBIAN_PYTHON = "/usr/bin/python3"
"""Debian keeps pyatspi in its own Python."""


@dataclass(frozen=True, slots=True)
class Part:
    """``probe`` says whether it is here; ``get`` is one command or sentence for whoever wants it."""

    probe: Callable[[], bool]
    get: str


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) for name in names)


def _asterisk(name: str) -> bool:
    root = os.environ.get(name, "")
    here = bool(root) and any((Path(root) / place).exists() for place in ("usr/sbin/asterisk", "sbin/asterisk"))
    return here and hasattr(os, "geteuid") and os.geteuid() == 0


def _atspi() -> bool:
    if not (Path(DEBIAN_PYTHON).exists() and shutil.which("dbus-run-session")):
        return False
    done = subprocess.run([DEBIAN_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return done.returncode == 0


def _espeak() -> bool:
    return sys.platform == "linux" and shutil.which("espeak-ng") is not None


def _german() -> bool:
    """Say whether the system's PostgreSQL can speak German: slim images leave other languages out."""
    bins = system_bins()
    return bins is not None and (_GERMAN / f"postgres-{bins.parent.name}.mo").is_file()


def _other_account() -> bool:
    """Say whether programs of ours can run as an account that is not root: ourselves, or the one of test servers."""
    if not is_root():
        return True
    command = [sys.executable, "-P", "-c", "import ui.cli"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = run_briefly(command, folder=Path("/"), environment=environment, account=AS_ROOT, seconds=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


PARTS: dict[str, Part] = {
    "posix": Part(lambda: os.name == "posix", "run on Linux or macOS"),
    "linux": Part(lambda: sys.platform == "linux", "run on Linux"),
    "root": Part(lambda: hasattr(os, "geteuid") and os.geteuid() == 0, "run as root"),
    "screen": Part(
        _programs("Xvfb", "openbox", "xdotool", "import"), "apt-get install xvfb openbox xdotool imagemagick"
    ),
    "keyring": Part(_programs("dbus-run-session", "gnome-keyring-daemon"), "apt-get install dbus gnome-keyring"),
    "espeak": Part(_espeak, "apt-get install espeak-ng libespeak-ng1"),
    "atspi": Part(_atspi, "apt-get install at-spi2-core python3-pyatspi gir1.2-atspi-2.0 dbus"),
    "sipp": Part(_programs("sipp"), "apt-get install sip-tester"),
    "other-account": Part(_other_account, "check this out where every account may read it, such as below /srv"),
    "postgres": Part(lambda: embedded_bins() is not None, "make the environment again: start.py test does"),
    "postgres-system": Part(lambda: system_bins() is not None, "apt-get install postgresql"),
    "postgres-german": Part(_german, "run .ci/run: this image leaves out what PostgreSQL says in German"),
    "asterisk": Part(
        partial(_asterisk, "NIGHTDESK_ASTERISK_ROOT"),
        "run .ci/run, which makes a real Asterisk and names it in NIGHTDESK_ASTERISK_ROOT",
    ),
    "asterisk-16": Part(
        partial(_asterisk, OLDER_ASTERISK), f"run .ci/older-asterisk and name what it made in {OLDER_ASTERISK}"
    ),
}


@cache
def is_here(part: str) -> bool:
    """Say whether this machine has ``part``; asked once a run."""
    return PARTS[part].probe()

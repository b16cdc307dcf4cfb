"""A live ``nightdesk watch --calls`` in a process of its own, and what it printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.helpers.pbx.asterisk import Asterisk
from tests.helpers.pbx.phones import REPOSITORY

WITHIN = 40.0
LINGER = 0.5
"""Seconds that are listened on after the last call, for one that never was."""
Json = dict[str, Any]


@dataclass
class Watching:
    """The command while it runs."""

    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _read: int = 0

    def begin(self) -> None:
        """Leave aside what was printed before."""
        with self._news:
            self._read = len(self.printed)

    def calls(self, count: int, seconds: float = 6.0) -> list[Json]:
        """Return what was printed since :meth:`begin`, once it is ``count`` calls and nothing more came."""
        end = time.monotonic() + seconds
        with self._news:
            while len(self.printed) - self._read < count and time.monotonic() < end:
                self._news.wait(0.2)
        time.sleep(LINGER)
        with self._news:
            return [json.loads(line) for line in self.printed[self._read :]]

    def listen(self) -> None:
        """Keep every line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.printed.append(line)
                self._news.notify_all()


def _start(pbx: Asterisk, folder: Path, user: str, secret: str) -> subprocess.Popen[str]:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret"
    file.write_text(secret, encoding="utf-8")
    where = ["--host", "127.0.0.1", "--port", str(pbx.plan.ami_port), "--user", user, "--secret-file", str(file)]
    command = [sys.executable, "-m", "ui", "watch", "--adapter", "asterisk_ami", "--calls", *where]
    environment = {**os.environ, "NIGHTDESK_HOME": str(folder / "home"), "PYTHONPATH": str(REPOSITORY)}
    with (folder / "stderr").open("w") as errors:
        return subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )


def refused(pbx: Asterisk, folder: Path, user: str) -> tuple[int, str]:
    """Watch with a wrong password; return the exit code and what was printed."""
    process = _start(pbx, folder, user, "not the password")
    printed, _ = process.communicate(timeout=WITHIN)
    return process.returncode, printed


@contextmanager
def watching(pbx: Asterisk, folder: Path, user: str, secret: str) -> Iterator[Watching]:
    """Start it, wait until the switchboard knows it and it has asked for everything; always ends it."""
    process = _start(pbx, folder, user, secret)
    watch = Watching(process)
    ear = threading.Thread(target=watch.listen, name="watch", daemon=True)
    ear.start()
    try:
        _until_connected(pbx, process, user, folder)
        yield watch
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        ear.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _until_connected(pbx: Asterisk, process: subprocess.Popen[str], user: str, folder: Path) -> None:
    end = time.monotonic() + WITHIN
    while user not in pbx.cli("manager show connected"):
        said = (folder / "stderr").read_text()
        assert process.poll() is None, f"watch ended by itself: {said}"
        assert time.monotonic() < end, f"watch did not connect: {said}"
        time.sleep(0.2)
    # Its lists have been read a moment later; the next scenario's first act takes longer than that.
    time.sleep(0.5)

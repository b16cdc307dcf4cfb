"""A real Asterisk in a chroot: started for a test run, always ended, nothing of it left behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.helpers.pbx.configuration import PbxPlan, write_configuration

READY_WITHIN = 40.0
"""Seconds until the manager interface must answer; a loaded machine takes far longer than an idle one."""


class AsteriskFailed(Exception):
    """It did not start, or ended by itself; carries the end of its log."""


def asterisk_root() -> Path:
    """Return the chroot named by NIGHTDESK_ASTERISK_ROOT."""
    return Path(os.environ["NIGHTDESK_ASTERISK_ROOT"])


@dataclass
class Asterisk:
    """``with Asterisk() as pbx``: listening on ``plan``'s ports inside, gone outside."""

    root: Path = field(default_factory=asterisk_root)
    plan: PbxPlan = field(default_factory=PbxPlan)
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Asterisk:
        """Write the configuration and start."""
        write_configuration(self.root, self.inside, self.plan)
        self._keep_names_at_home()
        try:
            self.start()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it and take its folder away."""
        self._leave()

    @property
    def inside(self) -> str:
        """The run's folder as the chroot sees it."""
        return f"/run/nightdesk-pbx-{os.getpid()}-{self.plan.ami_port}"

    @property
    def outside(self) -> Path:
        """The same folder as we see it."""
        return self.root / self.inside.lstrip("/")

    def start(self) -> None:
        """Start and wait until the manager interface answers."""
        command = ["chroot", str(self.root), "asterisk", "-f", "-n", "-C", f"{self.inside}/etc/asterisk.conf"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_ready()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def wait_ready(self) -> None:
        """Return when it has started fully; raises :class:`AsteriskFailed` with its log."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if self._listens() and "fully booted" in self.cli("core waitfullybooted"):
                return
            time.sleep(0.1)
        raise AsteriskFailed(self.log()[-3000:])

    def restart(self) -> None:
        """Let it restart itself at once, calls and all."""
        before = self._starts()
        self.cli("core restart now")
        deadline = time.monotonic() + READY_WITHIN
        while self._starts() == before:
            if time.monotonic() > deadline:
                raise AsteriskFailed(self.log()[-3000:])
            time.sleep(0.1)
        self.wait_ready()

    def cli(self, command: str) -> str:
        """Return what its console prints; empty while it is not there."""
        full = ["chroot", str(self.root), "asterisk", "-C", f"{self.inside}/etc/asterisk.conf", "-rx", command]
        done = subprocess.run(full, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout

    def channels(self) -> int:
        """Return how many channels are up."""
        words = self.cli("core show channels count").split()
        return int(words[0]) if words and words[0].isdigit() else 0

    def log(self) -> str:
        """Return its log of notices, warnings and errors."""
        path = self.outside / "log" / "full"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else "(no log was written)"

    def _keep_names_at_home(self) -> None:
        # It looks up its own host and a root name server to learn its address; neither may leave.
        names = f"localhost {socket.gethostname()} A.ROOT-SERVERS.NET"
        (self.root / "etc" / "hosts").write_text(f"127.0.0.1 {names}\n", encoding="utf-8")

    def _starts(self) -> int:
        return self.log().count(" built by ")

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.plan.ami_port), 1.0) as link:
                return link.recv(64).startswith(b"Asterisk Call Manager")
        except OSError:
            return False

    def _leave(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait(10)
        shutil.rmtree(self.outside, ignore_errors=True)

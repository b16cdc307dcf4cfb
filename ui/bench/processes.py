"""Child processes of the bench: one line of JSON a message, both ways.

Moments travel between processes as ``time.perf_counter_ns``: on Linux, macOS and Windows it counts
the same for every process since the computer was started.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from console.domain.text import NightdeskError

Message = dict[str, Any]
PATIENCE = 60.0
"""Seconds to wait for a word of a child before the bench gives up."""
_ROOT = Path(__file__).resolve().parents[2]


class BenchFault(NightdeskError):
    """A part of the bench could not be measured; the record of the service was never touched."""

    exit_code = 1


def child_environment() -> dict[str, str]:
    """Return the environment of children: our packages are found, and windows need no screen."""
    found = dict(os.environ)
    # An installed program has its bytecode, as it has after any first start.
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    found["PYTHONPATH"] = os.pathsep.join(part for part in (str(_ROOT), found.get("PYTHONPATH", "")) if part)
    # The bench's own switchboards let anybody in; a console that knows no secret does not try.
    found["NIGHTDESK_SWITCHBOARD_SECRET"] = "of the bench"  # noqa: S105 - opens nothing
    if not has_screen():
        found.setdefault("QT_QPA_PLATFORM", "offscreen")
    return found


def has_screen() -> bool:
    """Say whether windows can be shown here."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Child:
    """``with Child("console", {...}) as child``: a process that is gone afterwards, whatever happened."""

    def __init__(self, name: str, wish: Message | None = None) -> None:
        self.name = name
        self.started = time.perf_counter_ns()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ui.bench.child", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            text=True,
            bufsize=1,
        )
        self._heard: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name=f"hears {name}", daemon=True).start()
        threading.Thread(target=self._pass_on, name=f"warnings of {name}", daemon=True).start()
        self.tell(wish or {})

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def tell(self, message: Message) -> None:
        """Send one message."""
        pipe: IO[str] | None = self._process.stdin
        if pipe is None:
            return
        try:
            pipe.write(json.dumps(message) + "\n")
            pipe.flush()
        except OSError as error:
            raise self._silent() from error

    def hear(self, *said: str, seconds: float = PATIENCE) -> Message:
        """Return the next message that says one of ``said``; others are passed over."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                message = self._heard.get(timeout=left)
            except queue.Empty:
                break
            if message is None:
                raise self._silent()
            if message.get("said") in said:
                return message
        raise BenchFault(f"The bench waited {seconds:.0f} s for {' or '.join(said)} of its {self.name}; it was ended.")

    def forget(self) -> None:
        """Pass over what was said and not heard so far."""
        while not self._heard.empty():
            if self._heard.get() is None:
                raise self._silent()

    def end(self) -> None:
        """Ask it to close; end it where it does not within some seconds."""
        if self._process.poll() is None:
            try:
                self.tell({"do": "close"})
                self._process.wait(15)
            except (BenchFault, subprocess.TimeoutExpired):
                self._process.kill()
                self._process.wait(5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                # What it was still to be told goes with it.
                with suppress(OSError):
                    pipe.close()

    def _pass_on(self) -> None:
        """Pass warnings on, but for the one that Qt says of every window it draws into memory."""
        pipe: IO[str] | None = self._process.stderr
        with suppress(ValueError):
            for line in pipe or ():
                if "propagateSizeHints" not in line:
                    sys.stderr.write(line)

    def _silent(self) -> BenchFault:
        return BenchFault(f"The {self.name} of the bench ended before it was measured; what it said stands above.")

    def _listen(self) -> None:
        pipe: IO[str] | None = self._process.stdout
        try:
            for line in pipe or ():
                self._heard.put(json.loads(line))
        except ValueError:
            # The pipe was closed at the end of the bench, or what came was not ours.
            self._heard.put(None)
            return
        self._heard.put(None)

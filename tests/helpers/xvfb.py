"""A real X server of the test's own, with a window manager, and keys typed by xdotool."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Display:
    """``name`` is the value of DISPLAY."""

    name: str

    def environment(self) -> dict[str, str]:
        """Return what a program needs to draw here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def xdotool(self, *words: str, seconds: float = 60.0) -> str:
        """Run xdotool and return what it printed."""
        done = subprocess.run(
            ["xdotool", *words], env={**os.environ, **self.environment()}, capture_output=True, text=True,
            timeout=seconds, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def typing(self, text: str, delay_ms: int) -> subprocess.Popen[bytes]:
        """Begin to type into whatever window has the focus."""
        words = ["xdotool", "type", "--delay", str(delay_ms), text]
        return subprocess.Popen(words, env={**os.environ, **self.environment()})

    def windows(self) -> list[str]:
        """Return the ids of the windows that a person could see."""
        return [one for one in self.xdotool("search", "--onlyvisible", "--name", ".").splitlines() if one]

    def focused(self) -> str:
        """Return the title of the window that has the keyboard."""
        return self.xdotool("getactivewindow", "getwindowname")


@contextmanager
def own_display(width: int = 1600, height: int = 900) -> Iterator[Display]:
    """Start Xvfb and openbox; end both."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    display = Display(f":{number}")
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"], env={**os.environ, "DISPLAY": display.name}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(0.3)
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)

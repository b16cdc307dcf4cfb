"""A screen and an accessibility bus of a test's own, and a screen reader on them."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from tests.helpers.parts import DEBIAN_PYTHON

SCRIPT = Path(__file__).with_name("screen_reader_script.py")
PATIENCE = 25.0
DEAF_AFTER = 8.0
"""Seconds without a word of any change, where a clock on the screen changes each second."""
READERS = 4


class NotHeard(AssertionError):
    """The screen reader did not answer, or answered with an error."""


def _ended(process: subprocess.Popen[str], *, told: bool) -> None:
    """End a helper: its stdin closes, and what does not go by that is told to."""
    if process.stdin is not None:
        process.stdin.close()
    if told:
        process.terminate()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(10)
    if process.stdout is not None:
        process.stdout.close()


def _started(stack: ExitStack, *words: str, env: dict[str, str], told: bool = False) -> subprocess.Popen[str]:
    """Start a helper; ``told``: it ends when told to, and not with its stdin."""
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env
    )
    stack.callback(_ended, process, told=told)
    return process


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def accessible_screen() -> Iterator[dict[str, str]]:
    """Yield what a program needs in its environment to be seen, and to be read aloud."""
    with ExitStack() as stack:
        base = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        xvfb = ("Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp")
        screen = _started(stack, *xvfb, env=base, told=True)
        base["DISPLAY"] = f":{_line(screen)}"
        _started(stack, "openbox", env=base, told=True)
        bus = _started(
            stack, "dbus-run-session", "--", "sh", "-c", "echo $DBUS_SESSION_BUS_ADDRESS; exec cat", env=base
        )
        ours = {
            "DISPLAY": base["DISPLAY"],
            "DBUS_SESSION_BUS_ADDRESS": _line(bus),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        assert ours["DBUS_SESSION_BUS_ADDRESS"]
        yield ours


class ScreenReader:
    """Debian's pyatspi in a process of its own."""

    def __init__(self, stack: ExitStack, program: str, environment: dict[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._process = _started(stack, DEBIAN_PYTHON, str(SCRIPT), program, env=self._environment)
        self._answers: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._answer("start")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)

    def _answer(self, what: str) -> Any:
        try:
            answer = json.loads(self._answers.get(timeout=PATIENCE))
        except Empty:
            raise NotHeard(f"the screen reader did not answer to {what}") from None
        if "error" in answer:
            raise NotHeard(f"{what}: {answer['error']}")
        return answer["ok"]

    def ask(self, do: str, **words: Any) -> Any:
        """Give a command and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self._process.stdin.flush()
        return self._answer(f"{do} {words}")

    def patiently(self, do: str, **words: Any) -> Any:
        """Do it once the window offers it."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(do, **words)
            except NotHeard:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def tree(self) -> list[dict[str, Any]]:
        """Return everything that is showing, from the top."""
        return list(self.patiently("tree"))

    def heard(self, event: str) -> list[str]:
        """Return what came of one kind of event, in order."""
        return [one["text"] for one in self.ask("heard") if one["event"] == event]

    def hears(self) -> bool:
        """Say whether it is told of changes on a screen that has a clock."""
        end = time.monotonic() + DEAF_AFTER
        while not self.ask("changes"):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def keys(self, *names: str) -> None:
        """Press keys of the keyboard, by the names X gives them."""
        subprocess.run(["xdotool", "key", "--delay", "40", *names], env=self._environment, check=True, timeout=20)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self._environment, check=True, timeout=30)


@contextmanager
def screen_reader(program: str, environment: dict[str, str]) -> Iterator[ScreenReader]:
    """Yield a screen reader that knows one program."""
    with ExitStack() as stack:
        yield ScreenReader(stack, program, environment)


@contextmanager
def hearing_reader(program: str, environment: dict[str, str]) -> Iterator[ScreenReader]:
    """Yield a screen reader that is told of what changes on a screen with a clock.

    On a busy computer Debian's pyatspi now and then starts deaf: it reads the tree and is told of no event, ever,
    while the program sends them.  Another one, started anew, hears.
    """
    for _ in range(READERS):
        with screen_reader(program, environment) as reader:
            reader.tree()
            if reader.hears():
                yield reader
                return
    raise NotHeard(f"{READERS} screen readers, one after another, were told of no change")

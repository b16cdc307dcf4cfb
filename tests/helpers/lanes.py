"""Two pytests side by side, told as one run (docs/decisions/0026-two-lanes.md).

A lane is one pytest process with arguments of its own.  Its lines are passed on whole, as they come; from its first
heading after the tests they are kept and told together when it ends, so that no two accounts of a failure run into
each other.
"""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

FIRST_LANE = ("tests/ui", "tests/db", "tests/contract")
"""Windows and records: they take as long as all else together, and no real switchboard is among them."""
PATIENCE = 10.0
"""Seconds that an interrupted pytest may take to say where it was."""

_KINDS = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning", "error")
_COUNT = re.compile(rf"\b(\d+) ({'|'.join(_KINDS)})")
_CLOSING = re.compile(r" in \d+\.\d\ds( \(.*\))?( =+)?$")
_COUNTED_ALIKE = ("warning", "error")
_OPENING = "test session starts"


@dataclass(frozen=True, slots=True)
class Lane:
    """One pytest: ``title`` for people, ``paths`` as pytest takes them."""

    title: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a lane ended: its exit code and the last line it wrote."""

    title: str
    code: int
    closing: str

    @property
    def is_counted(self) -> bool:
        """Say whether that line is pytest's own closing line."""
        return _CLOSING.search(self.closing) is not None


def lanes_of(root: Path, cores: int) -> tuple[Lane, ...]:
    """Return the lanes for the tests of ``root``: two where there are cores for them and tests for both.

    The second takes whatever the first leaves, so no folder can fall between them.
    """
    files = list((root / "tests").rglob("test_*.py"))
    first = tuple(room for room in FIRST_LANE if any(file.is_relative_to(root / room) for file in files))
    left = [file for file in files if not any(file.is_relative_to(root / room) for room in first)]
    if cores < 2 or not first or not left:
        return (Lane("all", ("tests",)),)
    return Lane("windows and records", first), Lane("the others", ("tests", *(f"--ignore={room}" for room in first)))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return one exit code for all: the first that is not about tests, else whether all held.

    A lane that ended well without its closing line has not: something in it ended the process.
    """
    codes = [one.code or int(not one.is_counted) for one in outcomes]
    about_tests = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    return next((code for code in codes if code not in about_tests), max(codes))


def closing_line(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return pytest's closing line for all lanes together; a lane that did not come to its own counts as an error."""
    counts: Counter[str] = Counter()
    for one in outcomes:
        counts.update(_counted(one))
    parts = [f"{counts[kind]} {_word(kind, counts[kind])}" for kind in _KINDS if counts[kind]]
    minutes = f" ({int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02})" if seconds >= 60 else ""
    words = f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s{minutes} "
    return words.center(80, "=")


def _counted(outcome: Outcome) -> dict[str, int]:
    if not outcome.is_counted:
        return {"error": 1}
    return {kind: int(number) for number, kind in _COUNT.findall(outcome.closing)}


def _word(kind: str, number: int) -> str:
    return f"{kind}s" if kind in _COUNTED_ALIKE and number != 1 else kind


# --- running them --------------------------------------------------------------------------------


class _Account:
    """Turns what one pytest writes into pieces that may be told one after another with another's."""

    def __init__(self) -> None:
        self._opened = False
        self._closing = False
        self._kept: list[str] = []
        self.last = ""

    def hear(self, line: str) -> str:
        """Take one line; return what may be told now."""
        if line.strip():
            self.last = line.strip()
        if line.startswith("==") and _OPENING not in line:
            self._closing = True
        self._kept.append(line)
        if not self._opened:
            self._opened = line.startswith("collected ")
            return self.rest() if self._opened else ""
        return "" if self._closing else self.rest()

    def rest(self) -> str:
        """Return what was kept."""
        kept, self._kept = "".join(self._kept), []
        return kept


class _Running:
    """One pytest, and a thread that listens to it."""

    def __init__(self, lane: Lane, more: Sequence[str], root: Path, told: _Told) -> None:
        self.lane, self.account = lane, _Account()
        command = [sys.executable, "-m", "pytest", *lane.paths, *more]
        self.process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
        self._listener = threading.Thread(target=self._listen, args=(told,), daemon=True)
        self._listener.start()

    def _listen(self, told: _Told) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as written:
            for raw in written:
                # What a pytest that was cut off wrote last is a line too, or another's words would follow on it.
                told.put((self, raw.decode(errors="replace").rstrip("\n") + "\n"))
        told.put((self, ""))

    def outcome(self) -> Outcome:
        """Return how it ended; it has said its last word."""
        return Outcome(self.lane.title, self.process.wait(), self.account.last)

    def give_time(self) -> None:
        """Wait for a pytest that had the Ctrl-C too; end one that had none."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        # Some program of a test may hold the pipe for longer; nobody waits for that.
        self._listener.join(1)

    def end(self) -> None:
        """End it, if it still runs; waits for nothing, so that no second Ctrl-C comes between."""
        if self.process.poll() is None:
            self.process.terminate()


_Told = queue.SimpleQueue[tuple[_Running, str]]


def run_lanes(lanes: Iterable[tuple[Lane, Sequence[str]]], root: Path, say: Callable[[str], None]) -> list[Outcome]:
    """Run all lanes at once, each with more arguments of its own, telling ``say`` whole pieces of what they write.

    A Ctrl-C has reached them too: they are heard out, and KeyboardInterrupt goes on.  No pytest is left running,
    whatever ``say`` raises.
    """
    told: _Told = queue.SimpleQueue()
    running: list[_Running] = []
    try:
        running += [_Running(lane, more, root, told) for lane, more in lanes]
        try:
            _pass_on(told, len(running), say)
        except KeyboardInterrupt:
            for one in running:
                one.give_time()
            _pass_on(told, 0, say)
            raise
        return [one.outcome() for one in running]
    finally:
        for one in running:
            one.end()


def _pass_on(told: _Told, lanes: int, say: Callable[[str], None]) -> None:
    """Tell until so many lanes have said their last, and whatever is there already."""
    while lanes > 0 or not told.empty():
        try:
            # With a limit, as Windows hears no Ctrl-C while it waits for ever.
            one, line = told.get(timeout=1)
        except queue.Empty:
            continue
        lanes -= not line
        piece = one.account.hear(line) if line else one.account.rest()
        if piece:
            say(piece)

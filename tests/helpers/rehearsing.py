"""A rehearsal as a program of its own, and trainees with real consoles in theirs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.helpers.driven_console import ROOT, DrivenConsole
from tests.helpers.driven_console_driver import Spec
from ui.started import VARIABLE

PATIENCE = 90.0


def rehearse(*arguments: str, home: Path, wait: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(home), text=True, capture_output=True, timeout=wait, check=False
    )  # fmt: skip


def command(*arguments: str) -> list[str]:
    """Return the program's own words."""
    return [sys.executable, "-m", "ui", "rehearse", *arguments]


def environment(home: Path) -> dict[str, str]:
    """Return an environment without a screen."""
    named = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    named.pop("QT_QPA_PLATFORM", None)
    here = {"NIGHTDESK_HOME": str(home), "PYTHONPATH": str(ROOT), VARIABLE: f"{shlex.quote(sys.executable)} -m ui"}
    return {**named, **here}


@dataclass
class Rehearsing:
    """One rehearsal that runs, and the consoles of those who train in it."""

    folder: Path
    process: subprocess.Popen[str]
    joining: dict[str, Any]
    consoles: list[DrivenConsole] = field(default_factory=list)

    def trainee(self, name: str, role: str, extension: str, screen: str) -> DrivenConsole:
        """Come in with a console of one's own."""
        spec = Spec(self.joining["database"], name, role, extension, screen, switchboard=self.joining["address"])
        number = len(self.consoles)
        made = DrivenConsole(spec, self.folder / f"driven-{number}", self.folder / f"home-{number}")
        self.consoles.append(made)
        made.sign_in()
        return made

    def review(self) -> dict[str, Any]:
        """Return the review that the program prints at its end, by measure; the script's own by their label."""
        assert self.process.stdout is not None
        last = json.loads(self.process.stdout.readline())
        assert self.process.wait(PATIENCE) == 0
        found = {one["label"] if one["measure"] == "other" else one["measure"]: one for one in last["findings"]}
        return {**last, **found}

    def end(self) -> None:
        """End everything that is still there."""
        for console in self.consoles:
            console.end()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def rehearsing(folder: Path, script: str, *more: str, speed: float = 25) -> Iterator[Rehearsing]:
    """Start a rehearsal without windows of its own; everything is ended."""
    home = folder / "nightdesk-home"
    with (folder / "rehearse-stderr.txt").open("wb") as errors:
        process = subprocess.Popen(
            command(script, "--headless", "--json", "--speed", str(speed), *more), cwd=ROOT, env=environment(home),
            text=True, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    assert process.stdout is not None
    made = Rehearsing(folder, process, json.loads(process.stdout.readline() or "{}"))
    try:
        yield made
        for console in made.consoles:
            if console.alive:
                seated = console.probe("seated")
                assert not seated["faults"], seated["faults"]
    finally:
        made.end()

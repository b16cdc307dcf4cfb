"""How long until the first window is painted, and what a console at rest holds in memory."""

from __future__ import annotations

import time
from pathlib import Path

from console.domain.record import Role
from ui.bench.ground import Ground, empty_ground
from ui.bench.memory import resident_mb
from ui.bench.processes import Child
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, Stat, figures, single

BARE = "a bare PySide6 window with one label, started in turn"
REST = 3.0
"""Seconds a console is left alone before its memory is read."""


def measure(bench: Bench) -> list[Row]:
    """Return the rows of starting and of idle memory."""
    with empty_ground(bench, "starting") as ground:
        folder = bench.folder / "starting"
        bench.say(f"starting a bare window and a console in turn, {bench.sizes.starts} times each")
        bare, ours = [], []
        # One of each first, so that both find their files in the computer's memory.
        for at in range(bench.sizes.starts + 1):
            place = {"home": str(folder / f"home {at}"), "record": ground.database}
            one, other = _first_paint("window", place), _first_paint("start", place)
            if at:
                bare.append(one)
                ours.append(other)
        memory = _memory(folder, ground)
    start = Row(
        "first_paint", "start to first painted window", "ms", figures(ours), BARE, figures(bare),
        Aim(1.6, Stat.MEDIAN, relative=True),
    )  # fmt: skip
    return [start, memory] if memory is not None else [start]


def _first_paint(part: str, place: dict[str, str]) -> float:
    with Child(part, place) as child:
        return float(child.hear("painted")["at"] - child.started) / 1e6


def _memory(folder: Path, ground: Ground) -> Row | None:
    wish = ground.wish("Priya Raman", Role.SERVICE_ADVISER)
    wish |= {"home": str(folder / "idle"), "screen": "handler", "extension": "1001"}
    with Child("window") as bare, Child("console", wish) as console:
        bare.hear("painted")
        console.hear("seated")
        time.sleep(REST)
        ours, limit = resident_mb(console.pid), resident_mb(bare.pid)
    if not ours:
        return None
    what = "idle memory of a console, record open"
    return Row("idle_memory", what, "MB", single(ours), "the bare window's", single(limit), Aim(150))

"""How long the window is ever held while a thousand calls come in a minute and the record is frozen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.domain.record import Role
from ui.bench.ground import Ground, empty_ground
from ui.bench.processes import BenchFault, Child, child_environment
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, single

LIMIT = "the same console's event loop with nothing happening"
_SCRIPT = """\
title "Flood"
night 01-Dec-2026
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs

22:14:{later:02} flood {calls} calls in {seconds} seconds to 01632 960001 queue oohs ringing 1001 1002 lasting 3 seconds
"""
_LEAD = 4
"""Seconds of quiet before the flood, in which the record is frozen."""
_AFTER = 10.0
"""Longest time in seconds watched after the record is given back."""


def measure(bench: Bench) -> list[Row]:
    """Return the longest stall under the flood, and while what waited is shared afterwards."""
    seconds = max(1, round(bench.sizes.seconds))
    calls = max(1, round(1000 * seconds / 60))
    with empty_ground(bench, "flood") as ground:
        folder = bench.folder / "flood"
        script = folder / "flood.txt"
        script.write_text(flood_script(calls, seconds), encoding="utf-8")
        bench.say(f"{calls} calls in {seconds} s, with the record frozen")
        with switchboard(script) as address:
            idle, flood, after = _stalls(folder, ground, address, seconds)
    what = f"longest GUI stall, {calls} calls in {seconds} s, record frozen"
    return [
        Row("stall_flood", what, "ms", single(flood), LIMIT, single(idle), Aim(50, never=100)),
        Row("stall_after", "longest GUI stall while what waited is shared", "ms", single(after), LIMIT, single(idle)),
    ]


def flood_script(calls: int, seconds: int) -> str:
    """Return a script in which so many calls come within so many seconds, after a short quiet."""
    return _SCRIPT.format(calls=calls, seconds=seconds, later=_LEAD)


def _stalls(folder: Path, ground: Ground, address: str, seconds: int) -> tuple[float, float, float]:
    idle = _idle(_wish(folder, ground, "idle", "1002"), max(2.0, seconds / 3))
    wish = _wish(folder, ground, "flood", "1001") | {"switchboard": "simulator", "table": {"address": address}}
    with Child("console", wish) as console:
        console.hear("connected")
        with ground.frozen():
            console.tell({"do": "meter"})
            time.sleep(_LEAD + seconds + 1)
            flood = _read(console)
            console.tell({"do": "meter"})
        time.sleep(min(_AFTER, seconds))
        return idle, flood, _read(console)


def _idle(wish: dict[str, Any], seconds: float) -> float:
    with Child("console", wish) as console:
        console.hear("seated")
        time.sleep(1.0)
        console.tell({"do": "meter"})
        time.sleep(seconds)
        return _read(console)


def _wish(folder: Path, ground: Ground, home: str, extension: str) -> dict[str, Any]:
    place = {"home": str(folder / home), "screen": "handler", "extension": extension}
    return ground.wish(f"Worker {home}", Role.SERVICE_ADVISER) | place


def _read(console: Child) -> float:
    console.tell({"do": "read meter"})
    return float(console.hear("stall", seconds=120)["ms"])


@contextmanager
def switchboard(script: Path) -> Iterator[str]:
    """Give the address of a simulated switchboard that plays ``script`` once somebody is there."""
    command = [sys.executable, "-m", "telephony_adapters.simulator", str(script), "--wait-for", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=child_environment(), text=True)
    try:
        address = (process.stdout.readline() if process.stdout else "").strip()
        if not address:
            raise BenchFault("The simulated switchboard did not start; what it said stands above.")
        yield address
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()

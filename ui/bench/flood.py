"""How long the window is ever held while a thousand calls come in a minute and the record is frozen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.engine import connect
from ui.bench.people import new_record
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
    folder = bench.place("flood")
    record = folder / "record.db"
    new_record(record).close()
    seconds = max(1, round(bench.sizes.seconds))
    calls = max(1, round(1000 * seconds / 60))
    script = folder / "flood.txt"
    script.write_text(_SCRIPT.format(calls=calls, seconds=seconds, later=_LEAD), encoding="utf-8")
    bench.say(f"{calls} calls in {seconds} s, with the record frozen")
    with _switchboard(script) as address:
        idle, flood, after = _stalls(folder, record, address, seconds)
    what = f"longest GUI stall, {calls} calls in {seconds} s, record frozen"
    return [
        Row("stall_flood", what, "ms", single(flood), LIMIT, single(idle), Aim(50, never=100)),
        Row("stall_after", "longest GUI stall while what waited is shared", "ms", single(after), LIMIT, single(idle)),
    ]


def _stalls(folder: Path, record: Path, address: str, seconds: int) -> tuple[float, float, float]:
    idle = _idle(folder, record, max(2.0, seconds / 3))
    wish = _wish(folder, record, "flood", "1001") | {"switchboard": "simulator", "table": {"address": address}}
    with Child("console", wish) as console:
        console.hear("connected")
        with _frozen(record):
            console.tell({"do": "meter"})
            time.sleep(_LEAD + seconds + 1)
            flood = _read(console)
            console.tell({"do": "meter"})
        time.sleep(min(_AFTER, seconds))
        return idle, flood, _read(console)


def _idle(folder: Path, record: Path, seconds: float) -> float:
    with Child("console", _wish(folder, record, "idle", "1002")) as console:
        console.hear("seated")
        time.sleep(1.0)
        console.tell({"do": "meter"})
        time.sleep(seconds)
        return _read(console)


def _wish(folder: Path, record: Path, home: str, extension: str) -> dict[str, Any]:
    place = {"home": str(folder / home), "record": str(record), "screen": "handler"}
    return place | {"name": f"Worker {home}", "role": "service_adviser", "extension": extension}


def _read(console: Child) -> float:
    console.tell({"do": "read meter"})
    return float(console.hear("stall", seconds=120)["ms"])


@contextmanager
def _frozen(record: Path) -> Iterator[None]:
    """Hold the record's lock, as another program does that was stopped in the middle of writing."""
    holder = connect(record, None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@contextmanager
def _switchboard(script: Path) -> Iterator[str]:
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

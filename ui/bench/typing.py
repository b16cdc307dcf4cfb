"""From the pause timer on the handler's desk to the line painted on the coordinator's window."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ui.bench.people import new_record
from ui.bench.processes import Child
from ui.bench.scratch import scratch
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures

LIMIT = "a bare commit here, heard by a bare connection that looks every 10 ms"
_WORDS = "she is by the bus stop"


def measure(bench: Bench) -> list[Row]:
    """Return the row of live typing between two processes on one SQLite file."""
    folder = bench.place("typing")
    record = folder / "record.db"
    new_record(record).close()
    bench.say(f"typing {bench.sizes.notes} lines on one console, read on another")
    heard = _bare(folder, bench.sizes.notes)
    painted = _typed(folder, record, bench.sizes.notes)
    what = "pause timer to line painted on the coordinator's window"
    return [Row("typing_painted", what, "ms", figures(painted), LIMIT, figures(heard), Aim(120))]


def _wish(folder: Path, record: Path, who: tuple[str, str, str, str]) -> dict[str, Any]:
    name, role, extension, screen = who
    place = {"home": str(folder / screen), "record": str(record), "screen": screen}
    return place | {"name": name, "role": role, "extension": extension}


def _typed(folder: Path, record: Path, count: int) -> list[float]:
    handler = _wish(folder, record, ("Priya Raman", "service_adviser", "1001", "handler"))
    coordinator = _wish(folder, record, ("Tom Adeyemi", "assistant_team_manager", "1002", "coordinator"))
    with Child("console", handler) as one, Child("console", coordinator) as two:
        one.hear("seated")
        two.hear("seated")
        one.tell({"do": "pair"})
        one.hear("asked")
        two.tell({"do": "join"})
        two.hear("joined")
        time.sleep(1.0)
        return [_one_line(one, two, at) for at in range(count)]


def _one_line(handler: Child, coordinator: Child, count: int) -> float:
    text = f"line {count} {_WORDS}"
    coordinator.tell({"do": "await note", "text": text})
    coordinator.hear("awaiting")
    handler.tell({"do": "type", "text": text})
    due = handler.hear("typed")["due"]
    painted = coordinator.hear("note")["at"]
    handler.tell({"do": "end line"})
    # Not in step with anything of ours that beats.
    time.sleep(0.05 + (count * 37 % 100) / 1000)
    return float(painted - due) / 1e6


def _bare(folder: Path, count: int) -> list[float]:
    file = folder / "bare.db"
    driver = scratch(file, "CREATE TABLE heard (id INTEGER PRIMARY KEY, at TEXT, what TEXT)")
    taken = []
    try:
        with Child("hearer", {"record": str(file)}) as hearer:
            hearer.hear("ready")
            for at in range(count):
                began = time.perf_counter_ns()
                driver.execute("INSERT INTO heard (at, what) VALUES (?, ?)", (str(began), _WORDS))
                taken.append((hearer.hear("heard")["at"] - began) / 1e6)
                time.sleep(0.03 + (at * 37 % 100) / 1000)
    finally:
        driver.close()
    return taken

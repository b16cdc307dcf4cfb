"""From the pause timer on the handler's desk to the line painted on the coordinator's window."""

from __future__ import annotations

import time
from pathlib import Path

from console.domain.record import Role
from ui.bench.ground import Ground, empty_ground
from ui.bench.processes import Child
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures

WORDS = "she is by the bus stop"


def measure(bench: Bench) -> list[Row]:
    """Return the row of live typing between two processes on one record."""
    count = bench.sizes.notes
    with empty_ground(bench, "typing") as ground:
        bench.say(f"typing {count} lines on one console, read on another")
        heard = ground.heard([WORDS] * count)
        painted = typed(bench.folder / "typing", ground, count)
    what = "pause timer to line painted on the coordinator's window"
    return [Row("typing_painted", what, "ms", figures(painted), ground.words.heard, figures(heard), Aim(120))]


def typed(folder: Path, ground: Ground, count: int) -> list[float]:
    """Type ``count`` lines on a real console; return how long until each was painted on a real partner's, in ms."""
    handler = ground.wish("Priya Raman", Role.SERVICE_ADVISER) | desk_of(folder, "handler", "1001")
    coordinator = ground.wish("Tom Adeyemi", Role.ASSISTANT_TEAM_MANAGER) | desk_of(folder, "coordinator", "1002")
    with Child("console", handler) as one, Child("console", coordinator) as two:
        one.hear("seated")
        two.hear("seated")
        one.tell({"do": "pair"})
        one.hear("asked")
        two.tell({"do": "join"})
        two.hear("joined")
        time.sleep(1.0)
        return [_one_line(one, two, at) for at in range(count)]


def desk_of(folder: Path, screen: str, extension: str) -> dict[str, str]:
    """Return where a console of the bench keeps its own, its screen and its telephone."""
    return {"home": str(folder / screen), "screen": screen, "extension": extension}


def _one_line(handler: Child, coordinator: Child, count: int) -> float:
    text = f"line {count} {WORDS}"
    coordinator.tell({"do": "await note", "text": text})
    coordinator.hear("awaiting")
    handler.tell({"do": "type", "text": text})
    due = handler.hear("typed")["due"]
    painted = coordinator.hear("note")["at"]
    handler.tell({"do": "end line"})
    # Not in step with anything of ours that beats.
    time.sleep(0.05 + (count * 37 % 100) / 1000)
    return float(painted - due) / 1e6

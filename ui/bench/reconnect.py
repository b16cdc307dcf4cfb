"""Many consoles come back at once after the server was restarted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack

from console.domain.record import Role
from ui.bench.postgres_ground import empty_postgres
from ui.bench.processes import Child
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, number, single

LIMIT = "as many bare psycopg connects at once with the same log-ins (both SCRAM on the loopback, no TLS)"
_PROCESSES = 4
_LONG = 120.0


def measure(bench: Bench) -> list[Row]:
    """Return the row of consoles that have the head again."""
    many = bench.sizes.returning
    processes = min(_PROCESSES, many)
    counts = [many // processes + (at < many % processes) for at in range(processes)]
    bench.say(f"{many} consoles come back after the server was restarted")
    with empty_postgres(bench, "reconnect") as ground, ExitStack() as stack:
        wishes = [
            {**ground.wish(f"Returning {at}", Role.SERVICE_ADVISER), "count": count} for at, count in enumerate(counts)
        ]
        children = [stack.enter_context(Child("returning", wish)) for wish in wishes]
        for child in children:
            child.hear("ready")
        bare = _taken(children, "connect", "connected")
        _taken(children, "follow", "back")
        ground.trial.cluster.stop()
        for child in children:
            child.hear("away")
        ground.trial.cluster.start()
        begun = time.perf_counter_ns()
        back = _since(begun, children, "back")
    row = Row(
        "reconnect", f"{many} consoles have the head again after a restart", "s", single(back[-1]), LIMIT,
        single(bare[-1]), Aim(5), note=f"half of ours after {number(back[len(back) // 2])} s",
    )  # fmt: skip
    return [row]


def _taken(children: Sequence[Child], act: str, said: str) -> list[float]:
    begun = time.perf_counter_ns()
    for child in children:
        child.tell({"do": act})
    return _since(begun, children, said)


def _since(begun: int, children: Sequence[Child], said: str) -> list[float]:
    """Return the seconds from ``begun`` to each of many moments, in order."""
    return sorted((at - begun) / 1e9 for child in children for at in child.hear(said, seconds=_LONG)["at"])

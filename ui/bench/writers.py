"""How many entries a second one service takes, from one writer and from several at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from console.domain.record import Role
from db.postgres.bare import plain
from ui.bench.postgres_ground import ENTRY, PostgresGround, bare_json, empty_postgres
from ui.bench.processes import Child
from ui.bench.settings import Bench
from ui.bench.table import Row, number, single

DOOR = "the door `append` called by bare psycopg, as many writers, no bell"
_ROUNDS = 3
"""Each way is measured so often, in turn; the middle one counts."""


def measure(bench: Bench) -> list[Row]:
    """Return a row for each number of writers; each writer is a process with a log-in of its own."""
    most = max(bench.sizes.writers)
    bench.say(f"writing with {', '.join(map(str, bench.sizes.writers))} writers at once")
    with empty_postgres(bench, "writers") as ground, ExitStack() as stack:
        with plain(ground.trial.bare()) as line:
            line.execute(ENTRY)
        children = [stack.enter_context(Child("writer", _wish(ground, at))) for at in range(most)]
        for child in children:
            child.hear("ready")
        return [_row(children[:count], bench.sizes.entries) for count in bench.sizes.writers]


def _wish(ground: PostgresGround, at: int) -> dict[str, object]:
    return {**ground.wish(f"Writer {at + 1}", Role.SERVICE_ADVISER), "bare": bare_json(ground.trial.bare())}


def _row(writers: Sequence[Child], entries: int) -> Row:
    rates: dict[str, list[float]] = {"insert": [], "door": [], "ours": []}
    for _ in range(_ROUNDS):
        for way, found in rates.items():
            found.append(_rate(writers, way, entries))
    count = len(writers)
    inserts = number(median(rates["insert"]))
    return Row(
        f"writers_{count}", f"entries appended, {count} writer{'s' if count > 1 else ''}, one service", "/s",
        single(median(rates["ours"])), DOOR, single(median(rates["door"])), more_is_better=True,
        note=f"plain inserts in the same server: {inserts}/s",
    )  # fmt: skip


def _rate(writers: Sequence[Child], way: str, entries: int) -> float:
    """Return entries a second, from the first to begin until the last has ended."""
    each = max(1, entries // len(writers))
    for child in writers:
        child.tell({"do": "prepare", "way": way, "count": each})
    for child in writers:
        child.hear("prepared")
    for child in writers:
        child.tell({"do": "go"})
    told = [child.hear("written") for child in writers]
    taken = max(one["ended"] for one in told) - min(one["began"] for one in told)
    return float(each * len(writers) * 1e9 / taken)

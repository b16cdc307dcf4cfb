"""The bench produces every row with its limit and ratio; nothing here is timed."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from ui.bench.people import big_record, some_numbers
from ui.bench.run import measure
from ui.bench.settings import Bench, Sizes
from ui.bench.table import Row
from ui.cli import main

TINY = Sizes(
    people=300,
    rings=4,
    notes=2,
    starts=1,
    seconds=2.0,
    entries=20,
    verified=60,
    imported=50,
    present=5,
    whole=20,
    joins=1,
    traffic=20,
    noise=200,
    day=20,
    live=10,
    returns=1,
)
SMALL_PAIR = {"present": 5, "whole": 20, "joins": 1}
ROWS = {
    "ring": ("ring_bar", "ring_candidates", "first_ring"),
    "through": ("ring_through",),
    "typing": ("typing_painted",),
    "pair": (
        "signal_painted",
        "line_painted",
        "fact_painted",
        "request_painted",
        "present_painted",
        "join_painted",
    ),
    "telephones": ("events", "ring_bar_busy", "calls_day", "phones_back"),
    "starting": ("first_paint", "idle_memory"),
    "flood": ("stall_flood", "stall_after"),
    "record": ("append", "append_rate", "journal_keep", "verify"),
    "importing": ("import", "import_again"),
    "searching": ("search",),
}


def _sound(row: Row) -> bool:
    figures = (row.ours.p50, row.ours.p95, row.ours.p99, row.limit.p50, row.limit.p99, row.ratio)
    return bool(row.limit_is) and all(math.isfinite(one) and one > 0 for one in figures)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("part", sorted(ROWS))
def test_every_row_stands_beside_its_limit(part: str) -> None:
    said: list[str] = []
    rows = measure(TINY, (part,), said.append)
    assert tuple(row.key for row in rows) == ROWS[part]
    assert [row.key for row in rows if not _sound(row)] == []
    assert said, "long work says how far it is"


def test_the_big_record_is_made_once_and_found_again(tmp_path: Path) -> None:
    said: list[str] = []
    bench = Bench(Sizes(people=50), tmp_path / "run", tmp_path / "kept", said.append)
    file = big_record(bench)
    made = file.stat().st_mtime_ns
    assert big_record(bench) == file
    assert file.stat().st_mtime_ns == made
    assert "already" in said[-1]
    assert not file.with_name(file.name + "-wal").exists()


def test_rings_come_from_numbers_that_somebody_has(tmp_path: Path) -> None:
    bench = Bench(Sizes(people=50), tmp_path / "run", tmp_path / "kept", lambda _: None)
    file = big_record(bench)
    numbers = some_numbers(file, 200)
    assert len(numbers) == 200
    assert all(number.startswith("+44") for number in numbers)
    assert numbers == some_numbers(file, 200)


def test_the_command_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["bench", "--only", "record", "--entries", "10", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["met"] is True
    assert [row["name"] for row in told["rows"]] == list(ROWS["record"])
    assert {"what", "p50", "p99"} <= set(told["rows"][0]["limit"])
    assert told["machine"]["cores"] >= 1

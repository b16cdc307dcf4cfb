"""Figures, ratios and aims of the bench's table."""

from __future__ import annotations

import argparse

import pytest

from ui.bench.settings import FULL, QUICK, StoreKind
from ui.bench.table import Aim, Figures, Row, Stat, as_json, figures, lines, missed, single
from ui.cli import build_parser
from ui.commands import bench
from ui.exits import Exit


def _row(ours: Figures, limit: Figures, aim: Aim | None = None, *, rate: bool = False) -> Row:
    return Row("some", "something", "ms", ours, "something bare", limit, aim, more_is_better=rate)


def test_percentiles_are_values_that_were_measured() -> None:
    found = figures([float(value) for value in range(1, 201)])
    assert (found.count, found.p50, found.p95, found.p99) == (200, 101, 191, 199)
    assert figures([7.0]) == single(7.0)
    with pytest.raises(ValueError, match="nothing was measured"):
        figures([])


@pytest.mark.parametrize(
    ("aim", "met", "ratio"),
    [
        (Aim(20), True, 9.5),
        (Aim(18), False, 9.5),
        (Aim(6, Stat.MEDIAN, relative=True), True, 5.0),
        (Aim(4, Stat.MEDIAN, relative=True), False, 5.0),
        (Aim(20, times=9.5), True, 9.5),
        (Aim(20, times=9), False, 9.5),
        (Aim(18, times=10), False, 9.5),
        (None, None, 5.0),
    ],
)
def test_an_aim_is_met_or_missed_by_its_own_figure(aim: Aim | None, met: bool | None, ratio: float) -> None:
    row = _row(Figures(100, 5.0, 12.0, 19.0), Figures(100, 1.0, 1.5, 2.0), aim)
    assert row.met is met
    assert row.ratio == ratio
    assert missed([row]) == ((row,) if met is False else ())


def test_a_rate_is_worse_when_it_is_less() -> None:
    assert _row(single(50.0), single(200.0), rate=True).ratio == 4.0


def test_the_table_says_limit_aim_and_what_was_missed() -> None:
    row = _row(Figures(100, 5.0, 12.0, 1234.0), single(2.0), Aim(50, never=100, times=3))
    text = "\n".join(lines([row, _row(single(1.0), single(0.5))]))
    assert "1,234" in text
    assert "p99 50 ms, never 100, 3 x the limit" in text
    assert "NO" in text
    assert text.count("beside something bare") == 2


def test_json_keeps_count_limit_and_aim() -> None:
    told = as_json(_row(Figures(100, 5.0, 12.0, 19.0), single(2.0), Aim(20)))
    assert told["count"] == 100
    assert told["limit"] == {"what": "something bare", "count": 1, "p50": 2.0, "p95": 2.0, "p99": 2.0}
    assert told["aim"] == {"most": 20, "of": "p99", "times_the_limit": False, "never": 0.0, "times": 0.0}
    assert told["met"] is True


def _parsed(*words: str) -> argparse.Namespace:
    return build_parser([bench]).parse_args(["bench", *words])


def test_sizes_follow_the_command_line() -> None:
    assert bench.sizes_of(_parsed()) == FULL
    assert bench.sizes_of(_parsed("--quick")) == QUICK
    chosen = bench.sizes_of(_parsed("--quick", "--people", "1,000,000", "--seconds", "5"))
    assert (chosen.people, chosen.seconds, chosen.rings) == (1_000_000, 5.0, QUICK.rings)


def test_a_file_is_measured_unless_postgresql_is_asked_for() -> None:
    assert _parsed().store is StoreKind.SQLITE
    assert _parsed("--store", "postgresql", "--only", "note").store is StoreKind.POSTGRESQL


@pytest.mark.parametrize("words", [("--people", "0"), ("--rings", "many"), ("--only", "nothing"), ("--store", "paper")])
def test_wrong_sizes_are_a_usage_error(words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        _parsed(*words)
    assert ended.value.code == Exit.USAGE
    assert capsys.readouterr().err

"""The table of bank holidays against the package it was made from."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest

from console.domain.bank_holidays import DAYS, england, england_by_package


@pytest.mark.parametrize("year", [2019, *sorted(DAYS), max(DAYS) + 1])
def test_every_day_of_the_year_is_as_the_package_says(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=at) for at in range(366)]
    ours, package = england(), england_by_package()
    assert [day for day in days if day in ours] == [day for day in days if day in package]


def test_the_table_reaches_some_years_on() -> None:
    assert {2025, 2026, 2027, 2030} <= set(DAYS)
    assert date(2026, 12, 28) in england()
    assert date(2026, 12, 1) not in england()
    assert "2026-12-28" not in england()


def test_the_package_is_not_loaded_for_a_year_of_the_table() -> None:
    code = (
        "import sys, datetime; from console.domain.bank_holidays import england; "
        "assert datetime.date(2026, 12, 25) in england(); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

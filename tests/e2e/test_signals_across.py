"""Two console processes on one file: how far a signal has come is true on both sides, also behind and frozen."""

from __future__ import annotations

import pytest

from tests.helpers.driven_console import Office
from tests.helpers.signals_across import play

pytest_plugins = ["tests.helpers.driven_console_fixtures"]


@pytest.mark.needs("linux")
@pytest.mark.timeout(120)
def test_signals_between_two_processes_on_one_file(office: Office) -> None:
    play(office)

"""``make_record``: a new, empty store of any kind.  ``pytest_plugins = [this, "tests.helpers.postgres_fixtures"]``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.postgres.cluster import Cluster
from tests.helpers.postgres import NEWEST, OLDEST
from tests.helpers.record_parts import HandClock, MakeRecord, Store, make_store
from tests.helpers.team_record import team_store


@pytest.fixture
def make_record(postgres_of_the_run: Callable[[str], Cluster]) -> MakeRecord:
    """Return what makes a store of one of ``record_parts.STORES``."""

    def make(name: str, folder: Path, clock: HandClock) -> Store:
        if name in (NEWEST, OLDEST):
            return team_store(postgres_of_the_run(name), clock)
        return make_store(name, folder, clock)

    return make

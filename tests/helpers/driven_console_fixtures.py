"""The fixtures of driven consoles; a test module names this one in ``pytest_plugins`` and imports nothing of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.driven_console import Office
from tests.helpers.invented_record import make_invented


@pytest.fixture(scope="session")
def invented_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a record with invented people, made once; copy it."""
    file = tmp_path_factory.mktemp("record") / "nightdesk.db"
    make_invented(file)
    return file


@pytest.fixture
def office(tmp_path: Path, invented_record: Path) -> Iterator[Office]:
    """A record, and whatever the test opens; everything is ended, and no console may have warned."""
    database = tmp_path / "nightdesk.db"
    shutil.copy(invented_record, database)
    made = Office(tmp_path, database)
    try:
        yield made
        made.check()
    finally:
        made.close()

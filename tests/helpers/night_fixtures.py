"""A night of three screens for a test; a module names this one in ``pytest_plugins`` and imports nothing of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.night_screens import Night


@pytest.fixture
def night() -> Iterator[Night]:
    """Return the handler's, the coordinator's and the board's screen, with nothing on them yet."""
    made = Night()
    yield made
    made.room.close()

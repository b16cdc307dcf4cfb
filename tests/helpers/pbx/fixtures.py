"""``live_asterisk``: a real Asterisk with real telephones and callers, for any test that asks for it.

In a test module: ``pytest_plugins = ["tests.helpers.pbx.fixtures"]`` and
``pytestmark = pytest.mark.needs("asterisk", "sipp")``; nothing else is imported from here, the types
are in ``live``.  One switchboard serves the whole run; between two tests every call is ended.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.pbx.live import LiveAsterisk, own_switchboard


@pytest.fixture(scope="session")
def asterisk_of_the_run() -> Iterator[LiveAsterisk]:
    """The switchboard, started once."""
    with own_switchboard() as live:
        yield live


@pytest.fixture
def live_asterisk(asterisk_of_the_run: LiveAsterisk) -> Iterator[LiveAsterisk]:
    """The switchboard, quiet before and after."""
    asterisk_of_the_run.quiet()
    yield asterisk_of_the_run
    asterisk_of_the_run.quiet()

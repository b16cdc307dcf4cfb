"""Every scenario on a real Asterisk 22 and 16, against what a live ``nightdesk watch --calls`` prints.

``start.py test --long scenarios`` plays all of them; each day a few are played that no other test has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.parts import OLDER_ASTERISK
from tests.helpers.pbx.asterisk import asterisk_root
from tests.helpers.pbx.scenarios import SCENARIOS, Theatre, theatre

pytestmark = [pytest.mark.needs("sipp"), pytest.mark.timeout(180)]
DAILY = ("outgoing", "xfer_attended", "pickup", "park", "q_answer_hangup_race")


@pytest.fixture(scope="module")
def newer() -> Iterator[Theatre]:
    """Asterisk 22."""
    with theatre(asterisk_root()) as opened:
        yield opened


@pytest.fixture(scope="module")
def older() -> Iterator[Theatre]:
    """Asterisk 16."""
    with theatre(Path(os.environ[OLDER_ASTERISK])) as opened:
        yield opened


def agrees(opened: Theatre, name: str) -> None:
    """Play a scenario; every field must be what the driver did."""
    checked = opened.play(name)
    wrong = [f"{one.field}: {one.wanted} is told as {one.found}" for one in checked if not one.right]
    assert not wrong
    assert checked


@pytest.mark.needs("asterisk")
@pytest.mark.parametrize("name", DAILY)
def test_a_scenario_is_told_as_it_was(newer: Theatre, name: str) -> None:
    agrees(newer, name)


@pytest.mark.long("scenarios")
@pytest.mark.needs("asterisk")
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_on_asterisk_22(newer: Theatre, name: str) -> None:
    agrees(newer, name)


@pytest.mark.long("scenarios")
@pytest.mark.needs("asterisk-16")
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_on_asterisk_16(older: Theatre, name: str) -> None:
    agrees(older, name)


def test_there_are_as_many_scenarios_as_were_drawn_up() -> None:
    assert len(SCENARIOS) == 51

"""Every act of a console on a real Asterisk, seen before and after (the scenes are in ``tests.helpers.pbx``)."""

from __future__ import annotations

import pytest

from console.ports.switchboard import Act
from telephony_adapters.asterisk_ami.rights import CAPABILITIES
from tests.helpers.pbx.acting import acting_on
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.pbx.live_actions import SCENES

pytest_plugins = ["tests.helpers.pbx.fixtures"]
pytestmark = pytest.mark.needs("asterisk", "sipp")


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_asked_is_seen_to_happen(live_asterisk: LiveAsterisk, scene: str) -> None:
    with acting_on(live_asterisk) as acting:
        SCENES[scene](acting)
        assert acting.console.oddities() == ()


def test_the_account_of_the_page_may_do_everything_and_nothing_more(live_asterisk: LiveAsterisk) -> None:
    with acting_on(live_asterisk) as acting:
        can = acting.switchboard.capabilities()
    assert can.acts == CAPABILITIES.acts
    assert can.acts | can.why_not.keys() == frozenset(Act)
    assert can.remarks == ()

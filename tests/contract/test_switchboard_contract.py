"""Every switchboard of ours on the contract that everybody's is held to (docs/adapters.md)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.domain.call_events import LinkState
from telephony_adapters.contract.cases import *  # noqa: F403  every case of the contract
from telephony_adapters.contract.heard import Heard
from telephony_adapters.registry import OURS, installed
from tests.helpers.other_sides import BENCHES


def test_every_switchboard_of_ours_is_on_the_bench() -> None:
    # Behind through_witness stands the record, and no wire: tests/services/test_through_witness.py.
    assert {*BENCHES, "through_witness"} == set(OURS)


@pytest.mark.expects_log
@pytest.mark.parametrize("key", ["asterisk_ami", "freeswitch_esl", "sip_dialog"])
def test_an_empty_secret_is_no_wrong_password(key: str, tmp_path: Path) -> None:
    heard = Heard()
    with BENCHES[key](tmp_path) as side:
        settings: Any = side.settings
        board = installed().bare(key).connect(replace(settings, secret=""))
        board.start(heard)
        refused = heard.wait_link(LinkState.REFUSED)[0]
        board.stop()
    assert refused.sentence.startswith("No secret is known here")

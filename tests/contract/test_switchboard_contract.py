"""Every switchboard of ours on the contract that everybody's is held to (docs/adapters.md)."""

from __future__ import annotations

from telephony_adapters.contract.cases import *  # noqa: F403  every case of the contract
from telephony_adapters.registry import OURS
from tests.helpers.other_sides import BENCHES


def test_every_switchboard_of_ours_is_on_the_bench() -> None:
    # Behind through_witness stands the record, and no wire: tests/services/test_through_witness.py.
    assert {*BENCHES, "through_witness"} == set(OURS)

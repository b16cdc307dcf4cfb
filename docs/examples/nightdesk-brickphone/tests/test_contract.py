"""A Brickphone on Nightdesk's own contract."""

from __future__ import annotations

from fake_brickphone import FakeBrickphone

from telephony_adapters.contract.cases import *  # noqa: F403  every case of the contract

BENCHES = {"brickphone": FakeBrickphone}

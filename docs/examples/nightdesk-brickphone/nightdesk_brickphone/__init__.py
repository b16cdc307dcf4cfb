"""Brickphone switchboards.  ``SPEC`` describes them to Nightdesk."""

from __future__ import annotations

from nightdesk_brickphone.actions import CAPABILITIES
from nightdesk_brickphone.connection import connect
from nightdesk_brickphone.settings import BrickphoneSettings

from console.ports.switchboard import AdapterSpec

SPEC = AdapterSpec(
    key="brickphone",
    title="Brickphone",
    settings=BrickphoneSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    version="0.1.0",
    tested_against="not tested against a real system: an example",
)

"""Telephones heard and asked through the shared record, where only a witness has a way to the switchboard.

No switchboard stands behind it, so it has no bytes to read: the work is done in
:mod:`console.services.through_witness`, and the console lends it the record of whoever signs in.
"""

from __future__ import annotations

from console.ports.switchboard import Act, AdapterSpec, Capabilities, Switchboard
from console.services.through_witness import Limits, ThroughWitness
from console.services.witness_acts import NOT_THROUGH, THROUGH_A_WITNESS
from telephony_adapters.through_witness.asking import ask_for
from telephony_adapters.through_witness.settings import ThroughWitnessSettings


def connect(settings: object) -> Switchboard:
    """Return the telephones; they say nothing before somebody has signed in to a record."""
    chosen = settings if isinstance(settings, ThroughWitnessSettings) else ThroughWitnessSettings()
    return ThroughWitness(Limits(max(chosen.silent_s, 1.0), max(chosen.answer_s, 1.0)))


SPEC = AdapterSpec(
    key="through_witness",
    title="Through a witness, over the shared record",
    settings=ThroughWitnessSettings,
    connect=connect,
    capabilities=Capabilities(THROUGH_A_WITNESS, {act: NOT_THROUGH for act in Act if act not in THROUGH_A_WITNESS}),
    tested_against="its own witness on Asterisk's recorded bytes, and on the simulator",
    ask_for=ask_for,
)

__all__ = ["SPEC", "ThroughWitnessSettings", "connect"]

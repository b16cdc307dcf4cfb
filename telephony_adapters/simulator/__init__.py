"""The rehearsal switchboard: plays readable script files, and reacts to what consoles ask."""

from __future__ import annotations

from console.ports.clock import Clock
from console.ports.switchboard import AdapterSpec, Switchboard
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.simulator.alone import LoneSwitchboard
from telephony_adapters.simulator.connection import SimulatedSwitchboard
from telephony_adapters.simulator.control import Playing, SimulatorControl
from telephony_adapters.simulator.mapping import CAPABILITIES
from telephony_adapters.simulator.production import FakeInProduction, refuse_in_production
from telephony_adapters.simulator.protocol import load, parse, shipped, shipped_names
from telephony_adapters.simulator.remote import RemoteSwitchboard
from telephony_adapters.simulator.replaying import replay
from telephony_adapters.simulator.server import SimulatorServer
from telephony_adapters.simulator.settings import SimulatorSettings, Times
from telephony_adapters.simulator.steps import Happening, Script
from telephony_adapters.simulator.timing import ScriptClock
from telephony_adapters.simulator.words import BadScript


def connect(settings: object, clock: Clock | None = None) -> Switchboard:
    """Return a switchboard for these :class:`SimulatorSettings`; raises ``BadScript`` or ``BadInput``."""
    chosen = settings if isinstance(settings, SimulatorSettings) else SimulatorSettings()
    if chosen.address:
        return RemoteSwitchboard(chosen.address, clock or ComputerClock())
    return LoneSwitchboard(load(chosen.script), chosen, clock or ComputerClock())


SPEC = AdapterSpec(
    key="simulator",
    title="Simulator (rehearsal)",
    settings=SimulatorSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    tested_against="its own scripts",
    replay=replay,
)

__all__ = [
    "SPEC",
    "BadScript",
    "ComputerClock",
    "FakeInProduction",
    "Happening",
    "Playing",
    "Script",
    "ScriptClock",
    "SimulatedSwitchboard",
    "SimulatorControl",
    "SimulatorServer",
    "SimulatorSettings",
    "Times",
    "connect",
    "load",
    "parse",
    "refuse_in_production",
    "replay",
    "shipped",
    "shipped_names",
]

"""A simulated switchboard for one console only: it begins with ``start`` and ends with ``stop``."""

from __future__ import annotations

from collections.abc import Callable

from console.ports.clock import Clock
from console.ports.switchboard import Action, ActionAnswer, Capabilities, Sink
from telephony_adapters.simulator.connection import SimulatedSwitchboard
from telephony_adapters.simulator.desk import STOPPED, Desk
from telephony_adapters.simulator.mapping import CAPABILITIES
from telephony_adapters.simulator.settings import SimulatorSettings
from telephony_adapters.simulator.steps import Script


class LoneSwitchboard:
    """A ``Switchboard``; each ``start`` plays the script from its beginning."""

    def __init__(self, script: Script, settings: SimulatorSettings, clock: Clock) -> None:
        """Prepare; nothing plays yet."""
        self._script = script
        self._settings = settings
        self._clock = clock
        self._shared: SimulatedSwitchboard | None = None
        self._desk: Desk | None = None

    def capabilities(self) -> Capabilities:
        """Return what can be done, and that this is a fake."""
        return CAPABILITIES

    def start(self, sink: Sink) -> None:
        """Begin the script."""
        if self._shared is not None:
            return
        chosen = self._settings
        self._shared = SimulatedSwitchboard(
            self._script, self._clock, speed=chosen.speed, times=chosen.times, earlier=chosen.earlier
        )
        self._desk = self._shared.attach()
        self._desk.start(sink)

    def stop(self) -> None:
        """End it; no event after this returns."""
        shared, desk, self._shared, self._desk = self._shared, self._desk, None, None
        if desk is not None:
            desk.stop()
        if shared is not None:
            shared.close()

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Ask; what comes of it arrives as facts."""
        if self._desk is None:
            then(STOPPED)
        else:
            self._desk.perform(action, then)

"""The handle that a control strip holds: pause, play, speed, next, take the telephones away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telephony_adapters.simulator.connection import Listener, SimulatedSwitchboard
from telephony_adapters.simulator.playhead import Playhead
from telephony_adapters.simulator.steps import Happening


@dataclass(frozen=True, slots=True)
class Playing:
    """What the strip shows: ``position`` is the script's time (UTC); ``coming`` is None at the end."""

    position: datetime
    speed: float
    running: bool
    phones_away: bool
    coming: Happening | None


class SimulatorControl:
    """Every method returns at once and may be called from any thread."""

    def __init__(self, switchboard: SimulatedSwitchboard) -> None:
        """Hold ``switchboard``."""
        self._switchboard = switchboard

    def play(self) -> None:
        """Start, or go on after a pause."""
        self._switchboard.start()
        self._switchboard.night.move(Playhead.play)

    def pause(self) -> None:
        """Let the script stand; consoles may still answer, hold and hang up."""
        self._switchboard.night.move(Playhead.pause)

    def speed(self, times: float) -> None:
        """Play ``times`` as fast as life.  Raises ``BadInput`` outside 0.05 to 10,000."""
        self._switchboard.night.move(lambda head, steady: head.at_speed(steady, times))

    def next(self) -> None:
        """Jump to the next happening that lies ahead of the script's time."""
        coming = self._switchboard.night.coming()
        if coming is not None:
            self.jump(coming.at)

    def jump(self, target: datetime) -> None:
        """Be at ``target`` (UTC) at once; everything before it is played on the way, in order."""
        self._switchboard.night.move(lambda head, steady: head.jump(steady, target))

    def take_phones_away(self) -> None:
        """Break the line to the switchboard; calls go on unseen."""
        self._switchboard.take_away(True)

    def bring_phones_back(self) -> None:
        """Connect again; every console gets a snapshot."""
        self._switchboard.take_away(False)

    def hold(self) -> None:
        """Let the script wait for whoever plays the desks; consoles' requests are still carried out.

        Called inside a listener, nothing at all is played before :meth:`release`.  Holds are
        counted, and play, pause and speed mean what happens after the last release.
        """
        self._switchboard.night.hold()

    def release(self) -> None:
        """Take back one :meth:`hold`."""
        self._switchboard.night.release()

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` (on the switchboard's thread) for each line just before it is played.

        Lines of desks are meant for it: post them to the window that plays that person.  Where the
        next line must find this one done, :meth:`hold` here and :meth:`release` when it is.
        """
        self._switchboard.listen(listener)

    def state(self) -> Playing:
        """Return what the strip shows."""
        head = self._switchboard.night.head()
        return Playing(
            self._switchboard.night.position(),
            head.speed,
            head.running,
            self._switchboard.lost,
            self._switchboard.night.coming(),
        )

"""Where in the night the script is: pure arithmetic on a steady count of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.text import BadInput

SLOWEST, FASTEST = 0.05, 10_000.0


@dataclass(frozen=True, slots=True)
class Playhead:
    """``position`` is the script's time at ``since`` (seconds of the steady count); ``speed`` 1 is real time."""

    position: datetime
    since: float
    speed: float = 1.0
    running: bool = False

    def at(self, steady: float) -> datetime:
        """Return the script's time now."""
        if not self.running:
            return self.position
        return self.position + timedelta(seconds=max(steady - self.since, 0.0) * self.speed)

    def play(self, steady: float) -> Playhead:
        """Go on from here."""
        return Playhead(self.at(steady), steady, self.speed, running=True)

    def pause(self, steady: float) -> Playhead:
        """Stop here."""
        return Playhead(self.at(steady), steady, self.speed, running=False)

    def at_speed(self, steady: float, speed: float) -> Playhead:
        """Go on at another speed from here."""
        if not SLOWEST <= speed <= FASTEST:
            raise BadInput(f"A speed must be between {SLOWEST} and {FASTEST:.0f}; the script plays on as it did.")
        return Playhead(self.at(steady), steady, speed, self.running)

    def jump(self, steady: float, target: datetime) -> Playhead:
        """Be at ``target`` where that lies ahead; time never runs backwards."""
        return Playhead(max(self.at(steady), target), steady, self.speed, self.running)

    def seconds_until(self, steady: float, target: datetime) -> float | None:
        """Return the wait for ``target`` in seconds of the steady count; None where a pause lies between."""
        ahead = (target - self.at(steady)).total_seconds()
        if ahead <= 0:
            return 0.0
        return ahead / self.speed if self.running else None

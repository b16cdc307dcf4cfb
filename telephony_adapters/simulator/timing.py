"""The clocks of a rehearsal: the computer's own, and the script's, which the demo gives its windows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


class ComputerClock:
    """The computer's time, for a simulator that nobody handed a clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        # A registered adapter is handed settings and no clock, so somebody must ask the system here.
        return datetime.fromtimestamp(time.time(), UTC)  # noqa: TID251 - see above

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()


class ScriptClock:
    """Time as the script has it: stands while it is paused, runs at its speed, jumps with it."""

    def __init__(self, position: Callable[[], datetime]) -> None:
        """Follow ``position``, the script's time now."""
        self._position = position

    def now(self) -> datetime:
        """Return the script's time in UTC."""
        return self._position()

    def monotonic(self) -> float:
        """Return the script's seconds; they never run backwards, because a script does not either."""
        return self._position().timestamp()

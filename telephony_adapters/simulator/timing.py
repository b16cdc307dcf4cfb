"""The clock of a rehearsal: the script's, which the demo gives its windows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


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

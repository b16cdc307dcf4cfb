"""The computer's own time, for an adapter that nobody handed a clock (a plug-in's ``connect``), and time as written."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def moment_of(seconds: str | bytes) -> datetime | None:
    """Return the time that a switchboard wrote in seconds since 1970, None where it wrote something else."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


class ComputerClock:
    """Implements ``console.ports.clock.Clock`` on the system's clocks."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.fromtimestamp(time.time(), UTC)  # noqa: TID251  rooms beside this one may not be asked

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()

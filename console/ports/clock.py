"""Port of time.  Services and folds never ask the system: they are given a clock or a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Timer(Protocol):
    """A call that will be made later unless cancelled."""

    def cancel(self) -> None:
        """Forget it; harmless when it has already run."""


class Clock(Protocol):
    """Wall time in aware UTC, and a steady count for ages."""

    def now(self) -> datetime:
        """Return the time in UTC, corrected by nothing."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""


class Alarm(Protocol):
    """Runs things later, on the services' own thread (the GUI thread in the console)."""

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` once, ``seconds`` from now."""

    def every(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` again and again until cancelled."""

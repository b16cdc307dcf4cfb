"""How far long work is, on stderr now and then: rows, rows a second, and about how long it still takes."""

from __future__ import annotations

import sys

from console.machine.clock import SystemClock
from console.ports.clock import Clock

EVERY = 5.0
"""Seconds between two words of progress."""


class Progress:
    """Told how much is done; says so every five seconds, and nothing where the work is shorter."""

    def __init__(self, verb: str, total: int = 0, unit: str = "rows", clock: Clock | None = None) -> None:
        """``verb`` is what was done ("imported"); ``total`` 0 is not known."""
        self._verb, self._total, self._unit = verb, total, unit
        self._clock = clock or SystemClock()
        self._began = self._last = self._clock.monotonic()
        self._from: int | None = None

    def __call__(self, done: int) -> None:
        """Take how many are done, those of an earlier start included."""
        if self._from is None:
            self._from = done
        now = self._clock.monotonic()
        if now - self._last >= EVERY:
            self._last = now
            print(self._words(done, now - self._began), file=sys.stderr, flush=True)

    def _words(self, done: int, seconds: float) -> str:
        rate = (done - (self._from or 0)) / seconds
        if not self._total:
            return f"{self._verb} {done:,} {self._unit}, {rate:,.0f} a second"
        left = max(0, self._total - done)
        remaining = f", about {_long(left / rate)} left" if rate else ""
        return f"{self._verb} {done:,} of {self._total:,} {self._unit}, {rate:,.0f} a second{remaining}"


def _long(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

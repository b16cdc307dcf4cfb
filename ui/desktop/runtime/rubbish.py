"""Python's search for dead cycles, taken in small pieces, so that it never holds the window.

Left to itself Python looks through every object there is whenever enough new ones were made: with a
night's entries in memory that held the window for 150 ms, in the middle of a flood of calls
(measured by ``nightdesk bench``).  Most of what we drop has no cycles and goes at once; the young
are looked through every second, in about a millisecond; the old ones after the worker has left.
"""

from __future__ import annotations

import gc

from console.ports.clock import Alarm, Timer

EVERY = 1.0
YOUNG = 1
"""Generations 0 and 1: what was made since the last look but one."""


class Rubbish:
    """Takes over the search for dead cycles until :meth:`stop`."""

    def __init__(self, alarm: Alarm) -> None:
        # What is here now (classes, modules, the window) stays to the end: never look through it again.
        gc.freeze()
        gc.disable()
        self._timer: Timer = alarm.every(EVERY, self._look)

    def _look(self) -> None:
        gc.collect(YOUNG)

    def stop(self) -> None:
        """Give the search back to Python."""
        self._timer.cancel()
        gc.unfreeze()
        gc.enable()

"""Whether the other side still lives: asked after a silence, believed dead after several (telephony.md 3.3)."""

from __future__ import annotations

from telephony_adapters.link.faults import LineDead

PING_S = 10.0
MISSES = 2
START_S = 15.0
"""A connection that did not tell what is going on within so long is given up."""


class Pulse:
    """What was heard last, and asked last; times are seconds that never run backwards."""

    def __init__(self, now: float) -> None:
        self._began = self._heard = self._asked = now
        self._misses = 0

    def beat(self, now: float) -> None:
        """Something was heard."""
        self._heard, self._misses = now, 0

    def is_late(self, now: float) -> bool:
        """Say whether the beginning took too long."""
        return now - self._began > START_S

    def is_due(self, now: float) -> bool:
        """Say whether the other side is to be asked now whether it is there.  Raises :class:`LineDead`."""
        if now - max(self._asked, self._heard) < PING_S:
            return False
        if self._misses >= MISSES:
            raise LineDead
        self._misses += 1
        self._asked = now
        return True

"""At which call a key is aimed: the one that stood on the call bar when the hand began to move."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

HAND = timedelta(seconds=1)
"""A hand cannot be stopped sooner: a key that comes so soon after the bar changed was meant for what stood there."""


class Aim:
    """Follows what the call bar shows; ``now`` is UTC."""

    def __init__(self) -> None:
        self._shown: UUID | None = None
        self._before: UUID | None = None
        self._since: datetime | None = None
        self._let_go: UUID | None = None

    def drawn(self, call: UUID | None, now: datetime) -> None:
        """Take note of the worker's call on the bar, or that there is none."""
        if call != self._shown:
            self._before, self._shown, self._since = self._shown, call, now

    def let_go(self) -> None:
        """The worker did something by which the call on the bar goes: whatever comes after it is no surprise."""
        self._let_go = self._shown

    def call(self, now: datetime) -> UUID | None:
        """Return the call that a key pressed now is meant for; None where none was in sight."""
        surprised = self._before is not None and self._before != self._let_go
        if surprised and self._since is not None and now - self._since < HAND:
            return self._before
        return self._shown

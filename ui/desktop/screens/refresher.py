"""Draws a screen again when something it shows has moved, at most once a turn, and once a second for its clocks."""

from __future__ import annotations

from collections.abc import Callable

from console.ports.clock import Alarm, Timer


class Refresher:
    """Calls ``draw`` once however many changes one turn brought."""

    def __init__(self, alarm: Alarm, draw: Callable[[], None], seconds: float = 1.0) -> None:
        self._alarm = alarm
        self._draw = draw
        self._waiting: Timer | None = None
        self._beat = alarm.every(seconds, self.now)

    def touch(self) -> None:
        """Draw in the next turn."""
        if self._waiting is None:
            self._waiting = self._alarm.after(0, self.now)

    def now(self) -> None:
        """Draw at once."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._draw()

    def stop(self) -> None:
        """Draw no more."""
        self._beat.cancel()
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

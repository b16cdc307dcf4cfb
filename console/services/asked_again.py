"""Something that is asked again after a pause, a bounded number of times, until it is given up."""

from __future__ import annotations

from collections.abc import Callable

from console.ports.clock import Alarm, Timer


class AskedAgain:
    """Counts the tries of one act, and holds the timer of the next one."""

    def __init__(self, alarm: Alarm, pause: float, tries: int) -> None:
        self._alarm = alarm
        self._pause = pause
        self._tries = tries
        self._left = tries
        self._timer: Timer | None = None

    def begin(self) -> None:
        """A new act: nothing of the one before is asked any more."""
        self.cancel()
        self._left = self._tries

    def again(self, ask: Callable[[], None]) -> bool:
        """Ask once more after the pause; False where it was asked often enough."""
        if self._left <= 0:
            return False
        self._left -= 1
        self._timer = self._alarm.after(self._pause, ask)
        return True

    def cancel(self) -> None:
        """Ask no more; whoever waits for an answer has gone."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

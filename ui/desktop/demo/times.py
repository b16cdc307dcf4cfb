"""The demo's time: windows live in the script's evening, timers run at its pace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from console.ports.clock import Clock, Timer
from ui.desktop.runtime.alarm import QtAlarm

SHORT = 10.0
"""Seconds up to which a wait belongs to the computer (a pause in typing); longer ones to the evening (wrap-up)."""
HASTE_UP_TO = 1.5
"""Only waits this short go faster with the evening; a longer one is patience with real threads and disks."""
FASTEST = 10.0
"""They are shortened to a tenth at most."""
_LOOK_EVERY = 0.05


class EveningClock:
    """The script's time of day; seconds that are counted steadily are this computer's own.

    Silence of the record is measured in life's seconds, however fast the evening passes.
    """

    def __init__(self, position: Callable[[], datetime], steady: Clock) -> None:
        self._position = position
        self._steady = steady

    def now(self) -> datetime:
        """Return the script's time in UTC."""
        return self._position()

    def monotonic(self) -> float:
        """Return this computer's steady seconds."""
        return self._steady.monotonic()


class _Due:
    """A wait of the evening: due when the script's time has come."""

    def __init__(self, at: datetime, act: Callable[[], None]) -> None:
        self.at = at
        self.act = act
        self.cancelled = False

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


class _Short:
    """A short wait, counted while it is pending."""

    def __init__(self, alarm: EveningAlarm, seconds: float, act: Callable[[], None]) -> None:
        self._pending = alarm.pending
        self._act = act
        self._pending.add(self)
        self._timer = alarm.real.after(seconds, self._ring)

    def cancel(self) -> None:
        """Forget it."""
        self._pending.discard(self)
        self._timer.cancel()

    def _ring(self) -> None:
        self._pending.discard(self)
        self._act()


class EveningAlarm(QObject):
    """Implements ``Alarm``: very short waits at ``pace`` times life, long ones by the script's clock."""

    def __init__(self, clock: Clock, pace: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._pace = pace
        self.real = QtAlarm()
        self.pending: set[_Short] = set()
        self._due: list[_Due] = []
        self._look = QTimer(self)
        self._look.setInterval(round(_LOOK_EVERY * 1000))
        self._look.timeout.connect(self._ring_due)

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` once, ``seconds`` from now."""
        if seconds < SHORT:
            haste = min(max(self._pace(), 1.0), FASTEST) if seconds <= HASTE_UP_TO else 1.0
            return _Short(self, seconds / haste, act)
        due = _Due(self._clock.now() + timedelta(seconds=seconds), act)
        self._due.append(due)
        self._look.start()
        return due

    def every(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` again and again until cancelled, in life's seconds."""
        return self.real.every(seconds, act)

    @property
    def quiet(self) -> bool:
        """Say whether no short wait is pending."""
        return not self.pending

    def stop(self) -> None:
        """Ring no more."""
        self._look.stop()
        self.real.stop()
        self.pending.clear()
        self._due.clear()

    def _ring_due(self) -> None:
        now = self._clock.now()
        ready = [one for one in self._due if one.cancelled or one.at <= now]
        self._due = [one for one in self._due if one not in ready]
        for one in ready:
            if not one.cancelled:
                one.act()
        if not self._due:
            self._look.stop()

"""Measures how long the GUI thread was held, for the bench, the demo's checks and the tests."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_SECONDS = 0.002


class StallMeter(QObject):
    """Longest time between two turns of the event loop beyond the beat, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to measure, from nothing."""
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer.start()

    def stop(self) -> float:
        """End and return the longest stall in seconds."""
        self._beat()
        self._timer.stop()
        return self._longest

    def longest(self) -> float:
        """Return the longest stall so far, in seconds."""
        return self._longest

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last - BEAT_SECONDS)
        self._last = now


def thread_names() -> tuple[str, ...]:
    """Return the names of all Python threads alive, sorted: what shutdown tests compare."""
    return tuple(sorted(thread.name for thread in threading.enumerate()))

"""The one bridge into the GUI thread (architecture.md 5)."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from console.domain.faults import place_of

TURN_SECONDS = 0.008
"""Longest time one turn may hold the GUI thread, in seconds."""

log = logging.getLogger(__name__)


class Inbox(QObject):
    """Runs what other threads post, on the GUI thread, in the order posted.

    One turn drains for at most 8 ms, then lets keys, paint and timers run before the next.
    A post that raises is logged by its type and never stops the others.
    """

    woken = Signal()
    """Emitted (from any thread) when the first post lands in an empty inbox."""

    def __init__(self, on_fault: Callable[[Exception], None] | None = None) -> None:
        super().__init__()
        self._posts: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._awake = False
        self._open = True
        self._on_fault = on_fault
        self.woken.connect(self._turn, Qt.ConnectionType.QueuedConnection)

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` soon on the GUI thread; callable from any thread, never waits."""
        with self._lock:
            if not self._open:
                return
            self._posts.append(act)
            wake = not self._awake
            self._awake = True
        if wake:
            self.woken.emit()

    def close(self) -> None:
        """Take no more posts, and drop those not yet run."""
        with self._lock:
            self._open = False
            self._posts.clear()

    def waiting(self) -> int:
        """Return how many posts have not run yet."""
        return len(self._posts)

    def _turn(self) -> None:
        until = time.perf_counter() + TURN_SECONDS
        while True:
            with self._lock:
                if not self._posts:
                    self._awake = False
                    return
                act = self._posts.popleft()
            self._run(act)
            if time.perf_counter() >= until:
                # A zero timer, not another queued signal: Qt delivers queued signals posted
                # meanwhile before it looks at the keyboard, and typing would wait.
                QTimer.singleShot(0, self._turn)
                return

    def _run(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as fault:
            # The exception's own words may quote what somebody typed: its type and place are enough.
            log.error("something posted to the inbox failed: %s at %s", type(fault).__name__, place_of(fault))
            if self._on_fault is not None:
                self._on_fault(fault)

"""The inbox and the timers of programs without Qt: one thread that runs what others post."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from console.machine.clock import SystemClock
from console.ports.clock import Clock


@dataclass(slots=True)
class LoopTimer:
    """One thing to be done later; implements :class:`console.ports.clock.Timer`."""

    act: Callable[[], None]
    every: float = 0.0
    cancelled: bool = field(default=False, init=False)

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


class Loop:
    """Implements the ports ``Inbox`` and ``Alarm`` for headless commands.

    :meth:`post` may be called from any thread; everything runs on the thread that calls
    :meth:`run`.  What an act raises comes out of :meth:`run`, so that a command can end with its
    sentence.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        """``clock`` is the system's unless a test brings its own."""
        self._clock = clock or SystemClock()
        self._acts: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._timers: list[tuple[float, int, LoopTimer]] = []
        self._order = itertools.count()
        self._stopping = False

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` soon on the loop's thread."""
        self._acts.put(act)

    def after(self, seconds: float, act: Callable[[], None]) -> LoopTimer:
        """Run ``act`` once, ``seconds`` from now.  Call it on the loop's thread."""
        return self._set(LoopTimer(act), seconds)

    def every(self, seconds: float, act: Callable[[], None]) -> LoopTimer:
        """Run ``act`` every ``seconds`` until cancelled.  Call it on the loop's thread."""
        return self._set(LoopTimer(act, every=seconds), seconds)

    def stop(self) -> None:
        """Let :meth:`run` return; callable from any thread."""
        self.post(self._stop)

    def run(self, seconds: float | None = None) -> None:
        """Run what is posted and what falls due until :meth:`stop`, or for ``seconds``."""
        self._stopping = False
        end = None if seconds is None else self._clock.monotonic() + seconds
        while not self._stopping:
            self._run_due()
            wait = self._until_next(end)
            if wait is not None and wait <= 0 and end is not None and self._clock.monotonic() >= end:
                return
            self._run_posted(wait)

    def _stop(self) -> None:
        self._stopping = True

    def _set(self, timer: LoopTimer, seconds: float) -> LoopTimer:
        heapq.heappush(self._timers, (self._clock.monotonic() + seconds, next(self._order), timer))
        return timer

    def _run_due(self) -> None:
        now = self._clock.monotonic()
        while self._timers and self._timers[0][0] <= now and not self._stopping:
            _, _, timer = heapq.heappop(self._timers)
            if timer.cancelled:
                continue
            if timer.every:
                self._set(timer, timer.every)
            timer.act()

    def _until_next(self, end: float | None) -> float | None:
        """Return the seconds to the next timer or the end, or None where nothing is due."""
        due = [at for at in (end, self._timers[0][0] if self._timers else None) if at is not None]
        return max(0.0, min(due) - self._clock.monotonic()) if due else None

    def _run_posted(self, wait: float | None) -> None:
        try:
            self._acts.get(timeout=wait)()
        except Empty:
            return

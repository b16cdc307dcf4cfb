"""Time and threads that stand still until told: for tests, rehearsals and the seeded simulator."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

T = TypeVar("T")

NIGHT = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
"""A Tuesday evening: where manual time starts unless told otherwise."""


class ManualClock:
    """A clock that moves only by :meth:`advance` (both times) or :meth:`set_wall` (wall time alone)."""

    def __init__(self, start: datetime = NIGHT) -> None:
        self._wall = start
        self._steady = 0.0

    def now(self) -> datetime:
        """Return the wall time, aware UTC."""
        return self._wall

    def monotonic(self) -> float:
        """Return seconds since this clock was made."""
        return self._steady

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._steady += seconds
        self._wall += timedelta(seconds=seconds)

    def set_wall(self, moment: datetime) -> None:
        """Jump the wall clock, as somebody setting a computer's time does."""
        self._wall = moment


class ManualTimer:
    """What :class:`ManualAlarm` hands out."""

    def __init__(self, act: Callable[[], None], every: float = 0.0) -> None:
        self.act = act
        self.every = every
        self.cancelled = False

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


class ManualAlarm:
    """Timers that run, in order of their times, while :meth:`advance` moves the clock along."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, ManualTimer]] = []
        self._order = count()

    def after(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` once, ``seconds`` from now."""
        return self._push(seconds, ManualTimer(act))

    def every(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` again and again until cancelled."""
        return self._push(seconds, ManualTimer(act, seconds))

    def _push(self, seconds: float, timer: ManualTimer) -> ManualTimer:
        heapq.heappush(self._due, (self._clock.monotonic() + seconds, next(self._order), timer))
        return timer

    def next_due(self) -> float | None:
        """Return the monotonic time of the next timer, or None."""
        while self._due and self._due[0][2].cancelled:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def advance(self, seconds: float) -> None:
        """Move the clock by ``seconds``, running each timer at its own moment."""
        until = self._clock.monotonic() + seconds
        while (due := self.next_due()) is not None and due <= until + 1e-9:
            self._clock.advance(max(0.0, due - self._clock.monotonic()))
            self.run_due()
        self._clock.advance(max(0.0, until - self._clock.monotonic()))

    def run_due(self) -> None:
        """Run what is due at the clock's present moment."""
        while (due := self.next_due()) is not None and due <= self._clock.monotonic() + 1e-9:
            timer = heapq.heappop(self._due)[2]
            if timer.every:
                self._push(timer.every, timer)
            timer.act()


class InlineInbox:
    """Runs what is posted at once, one after another; what is posted meanwhile runs after it."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._running = False

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` now, or right after the act that is running."""
        self._waiting.append(act)
        if self._running:
            return
        self._running = True
        try:
            while self._waiting:
                self._waiting.popleft()()
        finally:
            self._running = False


class InlineRunner:
    """Does slow work at once on the caller's thread; answers come before the outermost call returns.

    A failure that nobody handles is kept in ``unhandled``, where the console's notice bar would show it.
    """

    def __init__(self) -> None:
        self._inbox = InlineInbox()
        self.unhandled: list[Exception] = []

    def _run(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None
    ) -> None:
        self._inbox.post(lambda: self._do(work, then, failed))

    def _do(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None) -> None:
        try:
            result = work()
        except Exception as problem:  # whatever the work raises is the answer
            (failed or self.unhandled.append)(problem)
        else:
            then(result)

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` as a reader would."""
        self._run(work, then, failed)

    def write(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` as the writer would."""
        self._run(work, then, failed)

    def keep(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` as the journal's thread would."""
        self._run(work, then, failed)


class HeldRunner:
    """Holds slow work until the test lets each lane go on: ``run("write")``, ``run("keep")``, ``run("read")``."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Callable[[], None]]] = {"read": deque(), "write": deque(), "keep": deque()}
        self.unhandled: list[Exception] = []

    def waiting(self, lane: str) -> int:
        """Return how many pieces of work a lane holds."""
        return len(self._lanes[lane])

    def run(self, lane: str, most: int = 1_000) -> int:
        """Do at most ``most`` pieces of a lane's work, with what they add; return how many."""
        done = 0
        while self._lanes[lane] and done < most:
            self._lanes[lane].popleft()()
            done += 1
        return done

    def run_all(self) -> None:
        """Go round the lanes until nothing is held."""
        while any([self.run("keep"), self.run("write"), self.run("read")]):
            continue

    def _hold(
        self,
        lane: str,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        def act() -> None:
            try:
                result = work()
            except Exception as problem:  # whatever the work raises is the answer
                (failed or self.unhandled.append)(problem)
            else:
                then(result)

        self._lanes[lane].append(act)

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Hold ``work`` for a reader."""
        self._hold("read", work, then, failed)

    def write(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Hold ``work`` for the writer."""
        self._hold("write", work, then, failed)

    def keep(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Hold ``work`` for the journal's thread."""
        self._hold("keep", work, then, failed)

"""The night as it is played: the lines still ahead, and where we are.  Holds the lock and the wake-up."""

from __future__ import annotations

import threading
from bisect import insort
from collections import deque
from collections.abc import Callable
from datetime import datetime

from console.ports.clock import Clock
from telephony_adapters.simulator.playhead import Playhead
from telephony_adapters.simulator.steps import Happening

Work = Callable[[], None]


class Night:
    """Says what is due.  Every method may be called from any thread; :meth:`next_work` waits."""

    def __init__(self, lines: tuple[Happening, ...], opens: datetime, clock: Clock, speed: float) -> None:
        """Stand at ``opens``; nothing is due before the first :meth:`move`."""
        self._clock = clock
        self._wake = threading.Condition()
        self._ahead = deque(lines)
        self._requests: deque[Work] = deque()
        self._begun = False
        self._ended = False
        self._holds = 0
        self._goes_on = False
        steady = clock.monotonic()
        self._head = Playhead(opens, steady).at_speed(steady, speed)

    def move(self, change: Callable[[Playhead, float], Playhead]) -> None:
        """Change the playhead: pause, play, speed, jump.  The first change begins the night."""
        with self._wake:
            steady = self._clock.monotonic()
            head = change(self._meant(steady), steady)
            self._goes_on = head.running
            self._head = head.pause(steady) if self._holds else head
            self._begun = True
            self._wake.notify_all()

    def hold(self) -> None:
        """Let nothing be due until as many :meth:`release`; whoever plays the desks is still at it."""
        with self._wake:
            if not self._holds:
                self._head = self._head.pause(self._clock.monotonic())
            self._holds += 1

    def release(self) -> None:
        """Take back one :meth:`hold`; with the last one the night goes on where it was."""
        with self._wake:
            self._holds = max(self._holds - 1, 0)
            if not self._holds:
                self._head = self._meant(self._clock.monotonic())
            self._wake.notify_all()

    def request(self, work: Work) -> None:
        """Have ``work`` done before any line that is due."""
        with self._wake:
            self._requests.append(work)
            self._wake.notify_all()

    def insert(self, happening: Happening) -> None:
        """Add a line that the script does not have."""
        with self._wake:
            insort(self._ahead, happening, key=lambda line: line.at)
            self._wake.notify_all()

    def end(self) -> None:
        """Let :meth:`next_work` return at once, with nothing."""
        with self._wake:
            self._ended = True
            self._wake.notify_all()

    def next_work(self, play: Callable[[Happening], None]) -> Work | None:
        """Return the next request, or the playing of the next line; None after waiting or at the end."""
        with self._wake:
            if self._ended:
                return None
            if self._requests:
                return self._requests.popleft()
            wait = self._wait()
            if wait == 0.0:
                happening = self._ahead.popleft()
                return lambda: play(happening)
            self._wake.wait(wait)
            return None

    @property
    def begun(self) -> bool:
        """Say whether it has begun."""
        with self._wake:
            return self._begun

    @property
    def ended(self) -> bool:
        """Say whether it was ended."""
        with self._wake:
            return self._ended

    def idle(self) -> bool:
        """Say whether nothing is due now: it waits for time, for a control, or nothing is left."""
        with self._wake:
            return not self._requests and self._wait() != 0.0

    def head(self) -> Playhead:
        """Return the playhead as the controls left it, held or not."""
        with self._wake:
            return self._meant(self._clock.monotonic())

    def position(self) -> datetime:
        """Return the script's time now, UTC."""
        with self._wake:
            return self._head.at(self._clock.monotonic())

    def coming(self) -> Happening | None:
        """Return the next line, or None at the end."""
        with self._wake:
            return self._ahead[0] if self._ahead else None

    def _wait(self) -> float | None:
        """Return the seconds until the next line, None where only a control can bring it."""
        if self._holds or not (self._begun and self._ahead):
            return None
        return self._head.seconds_until(self._clock.monotonic(), self._ahead[0].at)

    def _meant(self, steady: float) -> Playhead:
        return Playhead(self._head.at(steady), steady, self._head.speed, self._goes_on)

"""Slow work on threads of its own: two readers, one writer, one journal (architecture.md 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from console.domain.text import NightdeskError
from console.ports.runner import Inbox

T = TypeVar("T")


class Closing(NightdeskError):
    """Work came after the program had begun to end; it was not started."""


class Lane:
    """Threads that work through one queue, in order where there is one thread.

    They are daemons: a database that never answers cannot keep the program from ending.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        """Start the threads, named ``name-0`` and so on."""
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._closed = False
        self._guard = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue ``job``, which must not raise; False when the lane is closed."""
        with self._guard:
            if not self._closed:
                self._jobs.put(job)
            return not self._closed

    def close(self, seconds: float) -> bool:
        """Finish what is queued, at most ``seconds``; say whether all of it was done."""
        with self._guard:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._jobs.put(None)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class LaneRunner:
    """Implements :class:`console.ports.runner.Runner`; serves any inbox, with or without Qt."""

    def __init__(self, inbox: Inbox, unhandled: Callable[[Exception], None], readers: int = 2) -> None:
        """``unhandled`` is told, through the inbox, of every failure nobody else takes."""
        self._inbox, self._unhandled = inbox, unhandled
        self._reader = Lane("reader", readers)
        self._writer = Lane("writer")
        self._journal = Lane("journal")

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on a reader."""
        self._start(self._reader, work, then, failed or self._unhandled)

    def write(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on the one writer, in order."""
        self._start(self._writer, work, then, failed or self._unhandled)

    def keep(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on the journal's own thread, in order."""
        self._start(self._journal, work, then, failed or self._unhandled)

    def close_journal(self, seconds: float = 5.0) -> bool:
        """Drain the journal; the second step of the shutdown order.  Say whether all was kept."""
        return self._journal.close(seconds)

    def close(self, seconds: float = 3.0) -> bool:
        """End all lanes, each within ``seconds``; say whether everything queued was done."""
        return all([lane.close(seconds) for lane in (self._journal, self._writer, self._reader)])

    def _start(
        self, lane: Lane, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        if not lane.submit(partial(self._carry_out, work, then, failed)):
            sentence = "Nightdesk is closing, so this was not done.  What was kept before stays kept."
            self._inbox.post(partial(failed, Closing(sentence)))

    def _carry_out(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        try:
            result = work()
        except Exception as error:
            self._inbox.post(partial(failed, error))
        else:
            self._inbox.post(partial(then, result))

"""Slow work leaves the GUI thread here and its answer comes back through the inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from console.ports.runner import Inbox

T = TypeVar("T")
log = logging.getLogger(__name__)


class Runner:
    """Three executors: two readers, one writer, one for the journal (architecture.md 5)."""

    def __init__(self, inbox: Inbox, on_fault: Callable[[Exception], None]) -> None:
        self._inbox = inbox
        self._on_fault = on_fault
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._journal = ThreadPoolExecutor(1, thread_name_prefix="journal")

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on a reader."""
        self._run(self._readers, work, then, failed)

    def write(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on the one writer, in order."""
        self._run(self._writer, work, then, failed)

    def keep(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on the journal's own thread, in order."""
        self._run(self._journal, work, then, failed)

    def drain_journal(self, seconds: float) -> bool:
        """Wait until everything handed to the journal is done; False when time ran out."""
        done: Future[None] = self._journal.submit(_nothing)
        try:
            done.result(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """End the executors; work not begun is dropped, the journal's is finished."""
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=False, cancel_futures=True)
        self._journal.shutdown(wait=True)

    def _run(
        self,
        executor: ThreadPoolExecutor,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        def job() -> None:
            try:
                answer = work()
            except Exception as fault:
                self._inbox.post(_bound(failed or self._on_fault, fault))
            else:
                self._inbox.post(_bound(then, answer))

        try:
            executor.submit(job)
        except RuntimeError:
            # Only after close(): the console is going down and the journal has what matters.
            log.info("work handed over after closing was dropped")


def _bound(act: Callable[[T], None], value: T) -> Callable[[], None]:
    def call() -> None:
        act(value)

    return call


def _nothing() -> None:
    return None

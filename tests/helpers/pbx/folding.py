"""A console without a screen: one switchboard's facts folded into calls, watched from a test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from console.domain.call_changes import CallChange, Oddity
from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.calls import Call
from console.ports.switchboard import Switchboard

SWITCHBOARD = UUID(int=0x5D)
WITHIN = 20.0


@dataclass
class Folding:
    """A sink that folds; ``facts`` and ``changes`` keep everything, in order."""

    book: CallBook = field(default_factory=lambda: CallBook(SWITCHBOARD))
    facts: list[CallEvent] = field(default_factory=list)
    changes: list[CallChange] = field(default_factory=list)
    link: LinkState | None = None
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: CallEvent) -> None:
        """Fold one fact."""
        with self._news:
            self.facts.append(event)
            self.changes += self.book.apply(event, datetime.now(UTC))
            if isinstance(event, LinkChanged):
                self.link = event.state
            self._news.notify_all()

    def calls(self) -> tuple[Call, ...]:
        """Return every call known."""
        with self._news:
            return self.book.calls()

    def oddities(self) -> tuple[Oddity, ...]:
        """Return what did not fit."""
        with self._news:
            return self.book.take_oddities()

    def wait_call(self, wanted: Callable[[Call], bool], what: str, seconds: float = WITHIN) -> Call:
        """Return the newest call that fits, now or soon, as it was then: it may change before anybody looks again."""
        fitting: list[Call] = []

        def fits() -> bool:
            fitting[:] = filter(wanted, self.book.calls())
            return bool(fitting)

        self.wait(fits, what, seconds)
        return fitting[-1]

    def wait_link(self, state: LinkState, seconds: float = WITHIN) -> None:
        """Return when the connection is in ``state``."""
        self.wait(lambda: self.link is state, f"the connection was never {state.value}", seconds)

    def wait(self, ready: Callable[[], bool], otherwise: str, seconds: float = WITHIN) -> None:
        """Return when ``ready()``; fails with what was seen."""
        with self._news:
            done = self._news.wait_for(ready, seconds)
            assert done, f"{otherwise}; there is {self.book.calls()}"


@contextmanager
def folding(switchboard: Switchboard) -> Iterator[Folding]:
    """Connect and fold; always disconnects."""
    fold = Folding()
    switchboard.start(fold)
    try:
        fold.wait_link(LinkState.CONNECTED)
        yield fold
    finally:
        switchboard.stop()

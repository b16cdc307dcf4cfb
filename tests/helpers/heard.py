"""A sink that keeps what an adapter reported, and waits for it."""

from __future__ import annotations

import threading
from typing import TypeVar

from console.domain.call_events import CallEvent, LinkChanged, LinkState

E = TypeVar("E", bound=CallEvent)


class Heard:
    """Callable from any thread; give it to ``Switchboard.start``."""

    def __init__(self) -> None:
        self.facts: list[CallEvent] = []
        self._changed = threading.Condition()

    def __call__(self, fact: CallEvent) -> None:
        with self._changed:
            self.facts.append(fact)
            self._changed.notify_all()

    def all(self, kind: type[E]) -> list[E]:
        """Return the facts of one kind."""
        return [fact for fact in list(self.facts) if isinstance(fact, kind)]

    def wait(self, kind: type[E], count: int = 1, seconds: float = 10.0) -> list[E]:
        """Return the facts of ``kind`` once there are ``count``."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.all(kind)) >= count, seconds)
        assert there, f"only {len(self.all(kind))} {kind.__name__} came"
        return self.all(kind)

    def wait_link(self, state: LinkState, count: int = 1, seconds: float = 10.0) -> list[LinkChanged]:
        """Return the changes of the link to ``state`` once there are ``count``."""

        def links() -> list[LinkChanged]:
            return [link for link in self.all(LinkChanged) if link.state is state]

        with self._changed:
            there = self._changed.wait_for(lambda: len(links()) >= count, seconds)
        assert there, f"the link was never {state} {count} times: {[link.state for link in self.all(LinkChanged)]}"
        return links()

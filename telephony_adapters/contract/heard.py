"""A sink that keeps what an adapter reported, and waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
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

    def links(self, state: LinkState) -> list[LinkChanged]:
        """Return the changes of the link to ``state``."""
        return [link for link in self.all(LinkChanged) if link.state is state]

    def until(self, there: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
        """Return once ``there``, which is asked after every fact."""
        with self._changed:
            assert self._changed.wait_for(there, seconds), f"{what} never came: {self._kinds()}"

    def wait(self, kind: type[E], count: int = 1, seconds: float = 10.0) -> list[E]:
        """Return the facts of ``kind`` once there are ``count``."""
        self.until(lambda: len(self.all(kind)) >= count, f"{kind.__name__} ({count})", seconds)
        return self.all(kind)

    def wait_link(self, state: LinkState, count: int = 1, seconds: float = 10.0) -> list[LinkChanged]:
        """Return the changes of the link to ``state`` once there are ``count``."""
        self.until(lambda: len(self.links(state)) >= count, f"the link {state} ({count})", seconds)
        return self.links(state)

    def _kinds(self) -> list[str]:
        return [fact.state.value if isinstance(fact, LinkChanged) else type(fact).__name__ for fact in self.facts][-40:]

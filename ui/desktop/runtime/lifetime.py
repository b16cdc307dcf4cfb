"""Shutting down in the one tested order (architecture.md 5)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of shutting down; a step that fails is logged and the next one still runs."""

    name: str
    act: Callable[[], None]


class Lifetime:
    """Runs the steps once, in the order given: adapters, journal, outbox, feed, executors, windows."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._closed = False
        self.done: tuple[str, ...] = ()

    def close(self) -> None:
        """Run every step; harmless when called again."""
        if self._closed:
            return
        self._closed = True
        for step in self._steps:
            try:
                step.act()
            except Exception:
                log.exception("a step of shutting down failed: %s", step.name)
            self.done = (*self.done, step.name)

"""Ports of the two ways work leaves the services' thread and comes back (architecture.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Inbox(Protocol):
    """The only bridge into the services' thread."""

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` soon on the services' thread; callable from any thread, never waits."""


class Runner(Protocol):
    """Runs slow work elsewhere; ``then`` and ``failed`` come back through the inbox.

    A failure with no ``failed`` reaches the notice bar.
    """

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on a reader."""

    def write(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on the one writer, in order."""

    def keep(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``work`` on the journal's own thread, in order; never waits for the network."""

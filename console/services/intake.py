"""Where the facts of a switchboard come in: only so many wait for the services' thread.

A switchboard that tells more than the console can follow would otherwise fill its memory, and show
calls ever later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

from console.domain.call_events import CallEvent, LinkChanged
from console.ports.runner import Inbox
from console.ports.switchboard import SinkFull

WAITING_AT_MOST = 10_000
"""Facts: what two thousand calls under way make in one snapshot."""


class Intake:
    """A switchboard's ``Sink``: hands each fact to ``hear`` on the services' thread, in order."""

    def __init__(self, inbox: Inbox, hear: Callable[[CallEvent], None], at_most: int = WAITING_AT_MOST) -> None:
        self._inbox = inbox
        self._hear = hear
        self._at_most = at_most
        self._guard = Lock()
        self._waiting = 0

    def __call__(self, event: CallEvent) -> None:
        """Take one fact, from any thread.  Raises :class:`SinkFull`, never for news of the link itself."""
        with self._guard:
            if self._waiting >= self._at_most and not isinstance(event, LinkChanged):
                raise SinkFull
            self._waiting += 1
        self._inbox.post(partial(self._take, event))

    def _take(self, event: CallEvent) -> None:
        with self._guard:
            self._waiting -= 1
        self._hear(event)

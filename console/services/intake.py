"""Where the facts of a switchboard come in: only so many wait for the services' thread.

A switchboard that tells more than the console can follow would otherwise fill its memory, and show
calls ever later.  And few of them stand in the inbox at a time: the answers of journal and record come
through the same inbox, and recording stood still while each of them waited behind a storm of calls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock

from console.domain.call_events import CallEvent, LinkChanged
from console.ports.runner import Inbox
from console.ports.switchboard import SinkFull

WAITING_AT_MOST = 10_000
"""Facts: what two thousand calls under way make in one snapshot."""
IN_INBOX = 20
"""Facts that stand in the inbox at a time: more than an ordinary evening ever has waiting, and heard in a tenth of a
second, which an answer of the record can wait."""


class Intake:
    """A switchboard's ``Sink``: hands each fact to ``hear`` on the services' thread, in order."""

    def __init__(self, inbox: Inbox, hear: Callable[[CallEvent], None], at_most: int = WAITING_AT_MOST) -> None:
        self._inbox = inbox
        self._hear = hear
        self._at_most = at_most
        self._guard = Lock()
        self._facts: deque[CallEvent] = deque()

    def __call__(self, event: CallEvent) -> None:
        """Take one fact, from any thread.  Raises :class:`SinkFull`, never for news of the link itself."""
        with self._guard:
            if len(self._facts) >= self._at_most and not isinstance(event, LinkChanged):
                raise SinkFull
            self._facts.append(event)
            room = len(self._facts) <= IN_INBOX
        if room:
            self._inbox.post(self._take)

    def _take(self) -> None:
        """Hear the oldest fact, after letting one that waited outside take its place in the inbox."""
        with self._guard:
            event = self._facts.popleft()
            outside = len(self._facts) >= IN_INBOX
        if outside:
            self._inbox.post(self._take)
        self._hear(event)

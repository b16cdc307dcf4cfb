"""One console's own line to the shared simulated switchboard: what the console calls its Switchboard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from console.domain.call_events import CallBegan, CallEvent, LinkChanged, LinkState, SnapshotTaken
from console.ports.switchboard import TOO_MUCH, Action, ActionAnswer, Answer, Capabilities, Sink, SinkFull
from telephony_adapters.simulator.mapping import CAPABILITIES

STOPPED = ActionAnswer(Answer.NO_ANSWER, "The telephones are not connected. Use your handset.")


class Shared(Protocol):
    """What a desk needs of the switchboard behind it."""

    def join(self, desk: Desk) -> None:
        """Count it in."""

    def leave(self, desk: Desk) -> None:
        """Count it out."""

    def greet(self, desk: Desk) -> None:
        """Tell it how things are."""

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Carry out its request."""


class Desk:
    """A ``Switchboard``.  ``known`` are the calls this console has heard of."""

    def __init__(self, shared: Shared) -> None:
        """Make an unconnected desk."""
        self._shared = shared
        # A sink may stop its own desk, so the same thread must be able to come in twice.
        self._guard = threading.RLock()
        self._sink: Sink | None = None
        self._missed = False
        self.known: frozenset[str] = frozenset()

    def capabilities(self) -> Capabilities:
        """Return what can be done, and that this is a fake."""
        return CAPABILITIES

    def start(self, sink: Sink) -> None:
        """Connect."""
        with self._guard:
            first = self._sink is None
            self._sink = sink
        if first:
            self._shared.join(self)

    def stop(self) -> None:
        """Disconnect; no event after it returns."""
        self._shared.leave(self)
        self.silence()

    def silence(self) -> None:
        """Report nothing from now on."""
        with self._guard:
            self._sink = None

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Ask; ``then`` is called on the switchboard's thread."""
        with self._guard:
            connected = self._sink is not None
        if connected:
            self._shared.perform(action, then)
        else:
            then(STOPPED)

    def tell(self, facts: Iterable[CallEvent]) -> None:
        """Report to the console, in order; nothing once it has been stopped."""
        with self._guard:
            told = list(facts)
            if self._missed and not any(isinstance(fact, LinkChanged) for fact in told):
                # The console could not follow: what comes next begins with how things are by now.
                self._shared.greet(self)
                return
            self._missed = False
            for fact in told:
                if self._sink is None:
                    return
                try:
                    self._sink(fact)
                except SinkFull:
                    self._missed = True
                    self._sink(LinkChanged(fact.at, LinkState.LOST, TOO_MUCH))
                    return
                self._remember(fact)

    def _remember(self, fact: CallEvent) -> None:
        if isinstance(fact, CallBegan):
            self.known |= {fact.call}
        elif isinstance(fact, SnapshotTaken):
            self.known &= fact.calls

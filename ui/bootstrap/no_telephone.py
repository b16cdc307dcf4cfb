"""The switchboard of a console that has none: everything else works, and calls are begun by hand."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.call_events import LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities, Sink

SENTENCE = "No switchboard is set up. Answer on the handset and begin the record by hand with Ctrl+Shift+N."


class NoTelephone:
    """Implements ``Switchboard``; refuses every act in one ``sentence``."""

    def __init__(self, clock: Clock, sentence: str = SENTENCE) -> None:
        self._clock = clock
        self._sentence = sentence

    def capabilities(self) -> Capabilities:
        """Return that it can do nothing, and why."""
        return Capabilities(frozenset(), dict.fromkeys(Act, self._sentence))

    def start(self, sink: Sink) -> None:
        """Say once that there are no telephones."""
        sink(LinkChanged(self._clock.now(), LinkState.LOST, self._sentence))

    def stop(self) -> None:
        """Nothing runs."""

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Refuse."""
        then(ActionAnswer(Answer.UNSUPPORTED, self._sentence))

"""What an adapter says: facts to the console's sink, and of its link one line in the log for each change."""

from __future__ import annotations

import logging
from datetime import datetime

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.ports.switchboard import Sink, SinkFull

log = logging.getLogger(__name__)

AGAIN = " Calls still ring on the telephones; Nightdesk tries again by itself."
"""Ends what is said of a loss; it holds for whoever stays, and for nobody who tried once."""


class Teller:
    """Between an adapter's thread and the console: nothing is told once it is closed."""

    def __init__(self) -> None:
        self._sink: Sink | None = None
        self._last_said = ""
        self.failures = 0
        """Facts whose handler raised; the first is logged by its kind and the next one still comes."""

    def open(self, sink: Sink) -> None:
        """Tell ``sink`` from now on."""
        self._sink = sink

    def close(self) -> None:
        """Tell nobody any more."""
        self._sink = None

    def tell(self, fact: CallEvent) -> None:
        """Report one fact.  Raises :class:`SinkFull`."""
        sink = self._sink
        if sink is None:
            return
        try:
            sink(fact)
        except SinkFull:
            raise
        except Exception as error:
            self.failures += 1
            if self.failures == 1:
                log.error("a handler of %s failed (%s)", type(fact).__name__, type(error).__name__)

    def lost(self, sentence: str, at: datetime) -> None:
        """Report that the link is lost, and log it once: what happened, what is safe, what comes next."""
        self.warn_once(sentence)
        self.tell(LinkChanged(at, LinkState.LOST, sentence + AGAIN))

    def warn_once(self, sentence: str) -> None:
        """Log why the link is not there, unless that was the last thing said."""
        if self._last_said != sentence:
            log.warning("%s", sentence)
        self._last_said = sentence

    def well_again(self) -> None:
        """Log that the link is back, where it was said to be lost."""
        if self._last_said:
            log.info("the switchboard is connected again")
            self._last_said = ""

"""What every reader of a switchboard's messages keeps, whatever their language."""

from __future__ import annotations

from datetime import datetime
from typing import Generic

from console.domain.call_events import CallEvent
from console.domain.calls import CallOutcome
from telephony_adapters.channels.board import C, V
from telephony_adapters.channels.desk import Desk


class Mapper(Generic[C, V]):
    """Messages to facts; it holds no socket and asks no clock.  An adapter's own one reads the messages."""

    def __init__(self, desk: Desk[C, V]) -> None:
        self.desk = desk
        self.board = desk.board

    def take(self) -> list[CallEvent]:
        """Return the facts not yet taken."""
        return self.desk.take()

    def finish(self, at: datetime) -> list[CallEvent]:
        """End what is still open, at the end of a recording: nobody knows how it went on."""
        self.desk.stamped = False
        for visit in self.board.visits():
            if visit.begun and not visit.ended:
                self.close(visit, CallOutcome.ANSWERED if visit.answered else CallOutcome.UNKNOWN, at)
        return self.take()

    def close(self, visit: V, how: CallOutcome, at: datetime) -> None:
        """Let out what is still untold of a visit, and end it; by whom it ended is unknown."""
        raise NotImplementedError

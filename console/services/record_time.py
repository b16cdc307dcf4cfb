"""The time that everything written and shown goes by: this computer's clock, put right by the shared record's.

Two computers may stand hours apart.  Each measures with every heartbeat how far the record's clock is ahead of its own
and reads its own that much later, so that entries carry one time and ages are reckoned in it (decision 0035).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from console.domain.call_events import REPEATABLE, CallEvent
from console.ports.clock import Clock
from console.ports.feed import Beat

STEP = 1.0
"""Seconds, beyond its own uncertainty, that a measure must differ from what holds before time is moved."""
SLOW = 5.0
"""Seconds: a trip that took longer, by this computer's clock, measures nothing (somebody may have set the clock)."""
ARRIVAL = 5.0
"""Seconds from this computer's clock within which a fact's time is taken for the time of its arrival here."""


class RecordTime:
    """Implements :class:`console.ports.clock.Clock`; without a heartbeat it is the clock it was given.

    While the record is away the last measure holds.
    """

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._ahead = timedelta()

    @property
    def ahead(self) -> timedelta:
        """Return how far the record's clock is held to be ahead of this computer's."""
        return self._ahead

    def now(self) -> datetime:
        """Return the time in UTC, put right."""
        return self._own.now() + self._ahead

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return self._own.monotonic()

    def heard(self, beat: Beat) -> None:
        """Take the measure of one heartbeat, where the feed told when it asked and was answered."""
        if beat.asked is None or beat.answered is None:
            return
        trip = beat.answered - beat.asked
        if not timedelta() <= trip <= timedelta(seconds=SLOW):
            return
        measured = beat.heartbeat.server_time - (beat.asked + trip / 2)
        if abs(measured - self._ahead) > timedelta(seconds=STEP) + trip / 2:
            self._ahead = measured

    def placed(self, event: CallEvent) -> CallEvent:
        """Return a fact of the telephone with the time of its arrival put right, where that is what it carries.

        A switchboard's own stamp stays as it is: it is part of which fact this is, and alike on every console.
        """
        if not self._ahead or (isinstance(event, REPEATABLE) and event.stamped):
            return event
        since = abs(event.at - self._own.now())
        if since > timedelta(seconds=ARRIVAL) or abs(event.at - self.now()) < since:
            return event
        return replace(event, at=event.at + self._ahead)

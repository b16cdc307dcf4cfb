"""Holding the queue and letting it go: a manager's act, exclusive, and said on every screen."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.queue_hold import SLOT, QueueHold
from console.domain.record import Expects, Kind, StreamRef
from console.domain.rights import kind_right
from console.domain.text import safe_line
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.seats import Then
from console.services.writing import Recording

REASON_CAP = 120


class QueueHolding:
    """Every console tells its own telephone what the record says (:class:`ShiftDesk`); this only writes it."""

    def __init__(self, recording: Recording, folds: Folds, stream: Callable[[], StreamRef]) -> None:
        self._recording = recording
        self._folds = folds
        self._stream = stream

    def now(self) -> QueueHold:
        """Return whether the queue is held."""
        return self._folds.shift(self._stream()).queue

    def turn(self, then: Then, reason: str = "") -> None:
        """Hold the queue, or let it go; of two who turn it at once one does, and the other hears who."""
        if not kind_right(Kind.SHIFT_QUEUE, self._recording.who.role):
            raise Refused("Only a manager holds the queue or lets it go.  Nothing was changed.")
        stream = self._stream()
        body = {"held": not self.now().held, "reason": safe_line(reason, REASON_CAP)}
        expects = Expects(self._folds.ledger.shared_head(stream, SLOT))
        entry = self._recording.entry(Kind.SHIFT_QUEUE, stream, body, slot=SLOT, expects=expects)
        self._recording.exclusive(entry, then)

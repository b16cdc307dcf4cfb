"""Holding the queue and letting it go: a manager's act while one is there, exclusive, and said on every screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from console.domain.queue_hold import SLOT, QueueHold
from console.domain.record import MANAGERS, Expects, Kind, StreamRef
from console.domain.rights import kind_right
from console.domain.shifts import ShiftState
from console.domain.text import safe_line
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.seats import Then
from console.services.writing import Recording

REASON_CAP = 120
NO_MANAGER = "no manager was signed in"


class QueueHolding:
    """Every console tells its own telephone what the record says (:class:`ShiftDesk`); this only writes it."""

    def __init__(self, recording: Recording, folds: Folds, stream: Callable[[], StreamRef]) -> None:
        self._recording = recording
        self._folds = folds
        self._stream = stream
        self._asked: datetime | None = None
        """Since when the queue was held that this worker was last asked about."""

    def now(self) -> QueueHold:
        """Return whether the queue is held."""
        return self._shift().queue

    def _shift(self) -> ShiftState:
        return self._folds.shift(self._stream())

    def managers(self) -> tuple[str, ...]:
        """Return the names of the managers who are signed in, but for this worker."""
        me = self._recording.who.worker
        return tuple(one.name for one in self._shift().workers if one.role in MANAGERS and one.worker != me)

    def must_ask(self) -> bool:
        """Say whether this worker is not to sign out unasked: they hold the queue, or are its last manager."""
        queue, me = self.now(), self._recording.who
        return queue.held and me.role in MANAGERS and (queue.by == me.worker or not self.managers())

    def turn(self, then: Then, reason: str = "") -> None:
        """Hold the queue, or let it go; of two who turn it at once one does, and the other hears who.

        Where no manager is signed in any more, whoever is there may let it go, asked once more: raises
        :class:`Refused` the first time, and to everybody else who is no manager.
        """
        held = self.now().held
        if kind_right(Kind.SHIFT_QUEUE, self._recording.who.role):
            self._write(Kind.SHIFT_QUEUE, {"held": not held, "reason": safe_line(reason, REASON_CAP)}, then)
            return
        self._may_free()
        self._write(Kind.SHIFT_QUEUE_FREED, {"reason": NO_MANAGER}, then)

    def _may_free(self) -> None:
        managers, queue = self.managers(), self.now()
        if not queue.held:
            raise Refused("Only a manager holds the queue or lets it go.  Nothing was changed.")
        if managers:
            who = " or ".join(managers)
            raise Refused(f"Only a manager lets the queue go: ask {who}.  Nothing was changed.")
        if self._asked != queue.since:
            self._asked = queue.since
            raise Refused(
                "No manager is signed in.  Nothing was changed; press once more to let the queue go, in your name."
            )
        self._asked = None

    def _write(self, kind: Kind, body: Mapping[str, object], then: Then) -> None:
        stream = self._stream()
        expects = Expects(self._folds.ledger.shared_head(stream, SLOT))
        entry = self._recording.entry(kind, stream, body, slot=SLOT, expects=expects)
        self._recording.exclusive(entry, then)

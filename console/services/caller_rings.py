"""Ringing back a caller around whom there is no incident: one worker at a time, by a claim on the call (0043).

Two may have the same missed call before them, and the caller would find the line engaged by the other.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.drops import Drop, RingOutcome
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.ring_back import RingingBack, ringing_back
from console.domain.ring_safety import NumberKnown
from console.ports.switchboard import ActionAnswer, Answer
from console.services.calls_out import CallsOut
from console.services.line_drops import DropParts, Then
from console.services.ring_claims import RingClaims


class CallerRings:
    """Acts for one signed-in worker."""

    def __init__(self, parts: DropParts, calls_out: CallsOut) -> None:
        self._parts = parts
        self._calls_out = calls_out
        self._claims = RingClaims(parts.recording, parts.folds, parts.calls, parts.plan, parts.claim_lasts)

    def armed(self, call: Drop, now: datetime, known: NumberKnown) -> RingingBack:
        """Return which number may be rung back, or why none may: by one worker at a time."""
        record = self._parts.folds.call(call.call)
        made = ringing_back(call, local(now).date(), known=known)
        return self._claims.checked(made, record.ring_claim if record is not None else None, now)

    def place(self, call: Drop, armed: RingingBack, then: Then, contact: UUID | None = None) -> None:
        """Claim the call in the record, and ring once that is this worker's.

        What is said goes into the record ``contact``; without one into a record of the call that is rung back.
        Only what was allowed: ``RingSafety.allow`` asks that.
        """
        why = self._parts.acts.why_not_ring()
        if why:
            then(ActionAnswer(Answer.REFUSED, why))
            return
        stream = StreamRef(StreamKind.CALL, call.call)
        ring = partial(self._ring, stream, armed.number, contact, then)
        self._claims.take(stream, call.call, ring, lambda why: then(ActionAnswer(Answer.REFUSED, why)))

    def _ring(self, stream: StreamRef, number: str, contact: UUID | None, then: Then) -> None:
        self._calls_out.rings(number, stream.id, contact)
        self._parts.acts.ring(number, partial(self._rung, stream, then))

    def _rung(self, stream: StreamRef, then: Then, answer: ActionAnswer) -> None:
        if answer.answer is not Answer.ACCEPTED:
            self._calls_out.not_rung()
            # Nobody rings: whoever else would need not wait until the claim ends by itself.
            body = {"outcome": RingOutcome.FAILED.value, "call": stream.id}
            self._parts.recording.record(self._parts.recording.entry(Kind.CALL_RING_BACK, stream, body))
        then(answer)

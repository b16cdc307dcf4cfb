"""Reviewing calls that reached nobody: one says what became of it, and it is off everybody's list."""

from __future__ import annotations

from uuid import UUID

from console.domain.lines import DialPlan
from console.domain.missed_calls import MissedCall, missed_calls
from console.domain.missed_reviews import NEEDS_WORDS, WORDS_CAP, Reviewed
from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.domain.text import safe_line
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.seats import Then
from console.services.writing import Recording

_SLOT = "review"
GONE = "Somebody has reviewed this call already.  Nothing was written."


class MissedCalls:
    """The missed calls of the record, for one worker."""

    def __init__(self, recording: Recording, folds: Folds, plan: DialPlan) -> None:
        self._recording = recording
        self._folds = folds
        self._plan = plan

    def now(self) -> tuple[MissedCall, ...]:
        """Return the calls that nobody answered and nobody reviewed, the oldest first."""
        return missed_calls(self._folds.call_log(), self._plan)

    def review(self, call: UUID, what: Reviewed, words: str, then: Then) -> None:
        """Say what became of one; of two who do at once one is first, and the other hears who.

        Raises :class:`Refused` where it is reviewed already, or where a reason is missing.
        """
        said = safe_line(words, WORDS_CAP)
        if what in NEEDS_WORDS and not said:
            raise Refused("Write why nobody is rung.  Nothing was written yet.")
        record = self._folds.call(call)
        if record is None or record.review is not None:
            raise Refused(GONE)
        stream = StreamRef(StreamKind.CALL, call)
        expects = Expects(self._folds.ledger.shared_head(stream, _SLOT))
        body = {"what": what.value, "words": said}
        entry = self._recording.entry(Kind.CALL_REVIEWED, stream, body, slot=_SLOT, expects=expects)
        self._recording.exclusive(entry, then)

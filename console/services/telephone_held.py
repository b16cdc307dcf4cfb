"""The telephone a worker signed in with: whether it is still theirs, and who hears when it is not.

It may turn out to be somebody else's twice over: where it was taken while the record was away and they had it first,
and where somebody sits down at it later, in whatever shift.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.record import StreamRef
from console.domain.shifts import ShiftState
from console.domain.words import weekday_clock
from console.services.folds import StreamFolds
from console.services.writing import Outcome

HELD = (
    "{name} was still signed in at {extension}, since {since}.  Calls there are yours now, and that console is told so."
)
TAKEN = "{name} sits at {extension} now; calls there are no longer yours."
HAD_FIRST = "Extension {extension} is in use by {name}, who had it first."
Then = Callable[[Outcome], None]


class TelephoneHeld:
    """One worker's claim of a telephone; ``extension`` is empty for none, and once it is somebody else's."""

    def __init__(self, folds: StreamFolds, worker: str) -> None:
        self._folds = folds
        self._worker = worker
        self._then: Then | None = None
        self._sign_in: tuple[StreamRef, UUID] | None = None
        self._claimed = True
        self.extension = ""

    def signed_in(self, extension: str, stream: StreamRef, entry: UUID, then: Then, *, claimed: bool = True) -> None:
        """Note a sign-in; ``then`` hears, not won, when it is lost.  Not ``claimed``: the record has not said yet."""
        self.extension = extension
        self._sign_in = stream, entry
        self._then = then
        self._claimed = claimed or not extension

    def leave(self) -> None:
        """Their worker goes, and is told nothing more."""
        self.extension, self._then = "", None

    def held_by(self, extension: str) -> str:
        """Return the sentence for whoever sits down where somebody else of another shift still sits; empty: nobody."""
        holder = self._folds.sits_at(extension)
        if holder is None or holder.worker == self._worker:
            return ""
        return HELD.format(name=holder.name, extension=extension, since=weekday_clock(holder.signed_in_at))

    def record_changed(self, shift: ShiftState) -> None:
        """Look whose it is by now; ``shift`` is the one this worker signed in to."""
        if not self.extension or self._sign_in is None:
            return
        if not self._claimed:
            self._claim(shift, *self._sign_in)
        if self._claimed and self.extension and self._folds.ledger.holds(self._sign_in[1]):
            last = self._folds.sittings().get(self.extension)
            if last is not None and last.worker != self._worker:
                self._lost(TAKEN, last.worker, last.name)

    def _claim(self, shift: ShiftState, stream: StreamRef, entry: UUID) -> None:
        """The record says who came first once everything before this sign-in has been read."""
        ledger = self._folds.ledger
        seq = next((item.seq for item in ledger.items(stream) if item.id == entry), 0)
        self._claimed = 0 < seq <= ledger.link.head.seq
        me = shift.worker(self._worker)
        if not self._claimed or me is None or me.extension == self.extension:
            return
        found = self._folds.sits_at(self.extension)
        by, name = (found.worker, found.name) if found is not None else ("", "somebody else")
        self._lost(HAD_FIRST, by, name)

    def _lost(self, words: str, by: str, name: str) -> None:
        extension, self.extension = self.extension, ""
        if self._then is not None:
            self._then(Outcome(won=False, sentence=words.format(name=name, extension=extension), by=by))

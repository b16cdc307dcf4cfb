"""Claims a ring back in the shared record before this worker's telephone is asked to ring.

The claim is of the incident whose line dropped, or of the call where no incident is around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from console.domain.calls import Direction
from console.domain.lines import DialPlan, to_e164
from console.domain.record import Expects, StreamRef
from console.domain.ring_back import RingingBack
from console.domain.ring_claims import CLAIMED, RING_KINDS, RING_SLOT, RingClaim
from console.domain.words import second_words
from console.services.call_desk import CallDesk
from console.services.folds import Folds
from console.services.link_state import Link
from console.services.writing import Outcome, Recording

ASKED = "The shared record is being asked whether anybody else rings them. Nothing more was rung."
ONCE_MORE = "Nothing was rung; ring back once more to ring all the same."
ON_A_CALL = "A telephone of ours is on a call to this number already."


@dataclass(frozen=True, slots=True)
class Ringing:
    """Who else rings them back now, or is on that line.

    ``refused`` is why nobody else may; ``rule`` is to be read before one rings all the same.  Both are sentences.
    """

    refused: str = ""
    rule: str = ""


class RingClaims:
    """One worker's claims; ``lasts`` is how long one stands of which nothing more is heard."""

    def __init__(self, recording: Recording, folds: Folds, calls: CallDesk, plan: DialPlan, lasts: timedelta) -> None:
        self._recording = recording
        self._folds = folds
        self._calls = calls
        self._plan = plan
        self._lasts = lasts
        self._asking: set[UUID] = set()
        self._not_told: set[UUID] = set()
        """Incidents and calls of which the record refused a claim without naming anybody who rings."""

    def checked(self, made: RingingBack, claim: RingClaim | None, now: datetime) -> RingingBack:
        """Return what may be rung once it is known who else rings them; ``claim`` is the newest of all."""
        if not made.armed:
            return made
        ringing = self._ringing(claim, made.number, now)
        if ringing.refused:
            return RingingBack("", made.which, ringing.refused.rstrip("."), f"{ringing.refused} Nothing was rung.")
        return replace(made, rule=f"{ringing.rule} {made.rule}".strip())

    def _ringing(self, claim: RingClaim | None, number: str, now: datetime) -> Ringing:
        out = [one for one in self._calls.calls() if one.direction is Direction.OUTBOUND]
        to_them = [one for one in out if to_e164(one.dialled, self._plan) == number]
        if claim is not None and claim.by != self._recording.who.worker and claim.stands(now, to_them, self._lasts):
            return Ringing(refused=self._words(claim.by, claim.at))
        own = self._calls.extension
        others = (one for one in to_them if one.live and not one.placed_by(own) and own not in one.talking)
        return Ringing(rule=ON_A_CALL if any(others) else "")

    def _words(self, worker: str, at: datetime) -> str:
        return f"{self._folds.ledger.name_of(worker)} is ringing back since {second_words(at)}."

    def take(self, stream: StreamRef, call: UUID, ring: Callable[[], None], refused: Callable[[str], None]) -> None:
        """Claim the ring back for this worker and ``ring``; ``refused`` hears who was first otherwise.

        While the record is away nobody can be asked: it is written here and rung, for a caller in danger must be.
        """
        kind, body = RING_KINDS[stream.kind], {"outcome": CLAIMED, "call": call}
        if self._folds.ledger.link.link is Link.AWAY:
            self._recording.record(self._recording.entry(kind, stream, body, slot=RING_SLOT))
            ring()
            return
        if stream.id in self._asking:
            refused(ASKED)
            return
        if stream.id in self._not_told:
            # It was said why nobody could be asked, and is rung all the same.
            self._not_told.discard(stream.id)
            ring()
            return
        self._asking.add(stream.id)
        expects = Expects(self._folds.ledger.shared_head(stream, RING_SLOT))
        entry = self._recording.entry(kind, stream, body, slot=RING_SLOT, expects=expects)
        self._recording.exclusive(entry, partial(self._answered, stream.id, ring, refused))

    def _answered(
        self, about: UUID, ring: Callable[[], None], refused: Callable[[str], None], outcome: Outcome
    ) -> None:
        self._asking.discard(about)
        if outcome.won:
            ring()
        elif outcome.by and outcome.at is not None:
            refused(f"{self._words(outcome.by, outcome.at)} Nothing was rung.")
        else:
            self._not_told.add(about)
            refused(f"{outcome.sentence} {ONCE_MORE}")

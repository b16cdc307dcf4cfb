"""Having a ringing call that software cannot answer: claimed, kept while this console is there, taken from somebody.

Exclusive in the record: of two who reach for one handset one has it, and the other hears who.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from console.domain.call_claims import REASON_CAP, Claim, ClaimRules, Taking, taking
from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.domain.text import safe_line
from console.domain.words import clock_words
from console.ports.clock import Alarm, Clock
from console.services.call_desk import CallDesk
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.refusing import Refused
from console.services.writing import Outcome, Recording

Then = Callable[[Outcome], None]
_SLOT = "claim"
UNHEARD_AT_MOST = timedelta(minutes=10)
"""So long a caller is taken to wait of whom the telephones, which are away, tell nothing."""


class NeedsReason(Refused):
    """Whoever has ``call``, by ``claim``, has it for too long to be overreached without a word."""

    def __init__(self, call: UUID, claim: UUID, sentence: str) -> None:
        super().__init__(sentence)
        self.call = call
        self.claim = claim


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """What claims are made of; ``tell`` puts a sentence where the worker reads it."""

    desk: CallDesk
    recording: Recording
    folds: Folds
    clock: Clock
    alarm: Alarm
    tell: Callable[[str], None]


class CallClaims:
    """One worker's claims; while one stands and the call still waits, this console says that it is there."""

    def __init__(self, parts: ClaimParts, rules: ClaimRules) -> None:
        self._desk = parts.desk
        self._recording = parts.recording
        self._folds = parts.folds
        self._clock = parts.clock
        self._alarm = parts.alarm
        self._tell = parts.tell
        self._rules = rules
        self._mine: set[UUID] = set()
        """Calls that this worker has, and has not been told that somebody took."""
        self._asked: UUID | None = None
        """The claim of somebody else about which this worker was last asked whether they mean it."""

    def of(self, call: UUID) -> Claim | None:
        """Return the claim that stands on a call."""
        record = self._folds.call(call)
        return record.claim if record is not None else None

    def claim(self, call: UUID, then: Then, reason: str = "", over: UUID | None = None) -> None:
        """Take a waiting call, from nobody or from whoever has it.

        ``reason`` is why it is taken from whoever has it by the claim ``over``, and from nobody else.  Raises
        :class:`Refused` the first time where somebody has it, and :class:`NeedsReason` where they have had it for
        longer than anybody may overreach.
        """
        said = safe_line(reason, REASON_CAP)
        stands = self.of(call)
        if stands is not None and stands.worker == self._recording.who.worker:
            then(Outcome(won=True))
            return
        if stands is not None and not (said and stands.id == over):
            self._mean_it(call, stands)
        stream = StreamRef(StreamKind.CALL, call)
        expects = Expects(self._folds.ledger.shared_head(stream, _SLOT))
        body = {"extension": self._desk.extension, "reason": said}
        entry = self._recording.entry(Kind.CALL_CLAIMED, stream, body, slot=_SLOT, expects=expects)
        self._recording.exclusive(entry, partial(self._answered, call, entry.id, then))

    def give_back(self, call: UUID, then: Then) -> None:
        """Have a call no more that this worker has, so that whoever lifts first takes it from nobody."""
        stands = self.of(call)
        if stands is None or stands.worker != self._recording.who.worker:
            then(Outcome(won=True))
            return
        stream = StreamRef(StreamKind.CALL, call)
        expects = Expects(self._folds.ledger.shared_head(stream, _SLOT))
        entry = self._recording.entry(Kind.CALL_UNCLAIMED, stream, {"of": str(stands.id)}, slot=_SLOT, expects=expects)
        self._recording.exclusive(entry, then)

    def _mean_it(self, call: UUID, stands: Claim) -> None:
        """Let nobody take from a colleague by a key that was on its way when they took it."""
        needs = taking(stands, self._clock.now(), self._rules)
        has = f"{self._folds.ledger.name_of(stands.worker)} has had this call since {clock_words(stands.at)}"
        if needs is Taking.WITH_REASON:
            raise NeedsReason(call, stands.id, f"{has}.  Nothing was taken: say why you take it.")
        if self._asked != stands.id:
            self._asked = stands.id
            gone = ", and their console is silent" if needs is Taking.STALE else ""
            raise Refused(f"{has}{gone}.  Nothing was taken; press once more to take it.")
        self._asked = None

    def _answered(self, call: UUID, claim: UUID, then: Then, outcome: Outcome) -> None:
        if outcome.won:
            self._mine.add(call)
            self._keep_later(call, claim)
        then(outcome)

    def record_changed(self, changes: ChangeSet) -> None:
        """Say it where somebody took a call from this worker; give :meth:`Ledger.subscribe` this."""
        for ref in changes.streams:
            stands = self.of(ref.id) if ref.kind is StreamKind.CALL and ref.id in self._mine else None
            if stands is not None and stands.worker != self._recording.who.worker:
                self._mine.discard(ref.id)
                why = f": {stands.reason}" if stands.reason else ""
                self._tell(f"{self._folds.ledger.name_of(stands.worker)} took the call that you had{why}.")

    def _keep_later(self, call: UUID, claim: UUID) -> None:
        self._alarm.after(self._rules.beat.total_seconds(), partial(self._keep, call, claim))

    def _keep(self, call: UUID, claim: UUID) -> None:
        """Say that this console is there, as long as the call waits and the claim is this one."""
        stands = self.of(call)
        if stands is None or stands.id != claim or not self._waits(call):
            self._mine.discard(call)
            return
        if self._may_wait_still():
            stream = StreamRef(StreamKind.CALL, call)
            self._recording.record(self._recording.entry(Kind.CALL_CLAIM_KEPT, stream, {"of": str(claim)}))
        self._keep_later(call, claim)

    def _waits(self, call: UUID) -> bool:
        """A console whose telephones are away takes from the others' record that a call is over."""
        told = self._folds.call(call)
        over = told is not None and (told.answered or told.ended_at is not None)
        known = self._desk.call(call)
        return not over and known is not None and known.waiting()

    def _may_wait_still(self) -> bool:
        """It is the console that is silent, not its telephones; but nobody rings on for ever unheard."""
        phones = self._desk.phones
        return not phones.away or phones.since is None or self._clock.now() - phones.since <= UNHEARD_AT_MOST

"""The line drops: which incident's call is gone, ringing back, and a call that comes from the same line.

The end of a call ends nothing: all of this is about an incident that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.call_log import CallRecord
from console.domain.calls import Call, Direction
from console.domain.drops import Drop, RingOutcome, line_dropped
from console.domain.fact_sheet import SAFE_NUMBER
from console.domain.incidents import IncidentState
from console.domain.lines import USUAL, DialPlan, to_e164
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.ring_back import RingingBack, number_to_ring, ringing_back
from console.domain.ring_claims import LASTS
from console.domain.ring_safety import NumberKnown
from console.domain.text import NOTE_CAP, safe_block
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_acts import CallActs
from console.services.call_desk import CallDesk
from console.services.contact_record import ContactRecord
from console.services.folds import Folds
from console.services.incident_record import IncidentRecord
from console.services.refusing import Refused
from console.services.ring_claims import RingClaims
from console.services.ring_safety import RingSafety
from console.services.writing import Recording

Then = Callable[[ActionAnswer], None]


@dataclass(frozen=True, slots=True)
class DropParts:
    """What the service works with."""

    recording: Recording
    folds: Folds
    calls: CallDesk
    acts: CallActs
    contacts: ContactRecord
    incidents: IncidentRecord
    safety: RingSafety
    plan: DialPlan = USUAL
    claim_lasts: timedelta = LASTS


class LineDrops:
    """Acts for one signed-in worker."""

    def __init__(self, parts: DropParts) -> None:
        self._parts = parts
        self._claims = RingClaims(parts.recording, parts.folds, parts.calls, parts.plan, parts.claim_lasts)

    def drop(self, incident: IncidentState) -> Drop | None:
        """Return the drop of the incident's newest call; None while one lasts, we ended it, or it is stood down."""
        calls = self._calls(incident)
        if not incident.live or any(live is not None and live.live for live, _ in calls):
            return None
        ended = [pair for pair in calls if _ended_at(*pair)]
        newest = max(ended, key=lambda pair: _ended_at(*pair), default=(None, None))
        return line_dropped(*newest, incident.ring_backs, plan=self._parts.plan)

    def _calls(self, incident: IncidentState) -> list[tuple[Call | None, CallRecord | None]]:
        return [(self._parts.calls.call(call), self._parts.folds.call(call)) for call in self._ids(incident)]

    def _ids(self, incident: IncidentState) -> tuple[UUID, ...]:
        contacts = (self._parts.folds.contact(one) for one in incident.contacts)
        of_contacts = (call for one in contacts if one is not None for call in one.calls)
        return tuple(dict.fromkeys((*incident.calls, *of_contacts)))

    def number(self, drop: Drop, incident: IncidentState) -> str:
        """Return the number that ringing back is about, E.164; empty where there is none, or two safe ones stand."""
        safe = incident.fact(SAFE_NUMBER)
        return "" if safe is not None and safe.clash else number_to_ring(drop, safe.text if safe else "")

    def armed(self, drop: Drop, incident: IncidentState, now: datetime, known: NumberKnown) -> RingingBack:
        """Return which number may be rung back, or why none may: by one worker at a time."""
        today = local(now).date()
        safe = incident.fact(SAFE_NUMBER)
        heads = safe.register.heads if safe is not None else ()
        if safe is not None and safe.clash:
            words = "Two safe numbers stand. Choose one on the fact sheet first; nothing was rung."
            return RingingBack("", ringing_back(drop, today).which, _both(head.value for head in heads), words)
        made = ringing_back(drop, today, safe_number=safe.text if safe else "", known=known)
        return self._claims.checked(made, incident.ring_claim, now)

    def ring(self, incident: UUID, drop: Drop, armed: RingingBack, then: Then) -> None:
        """Ring back from this worker's own telephone, and log the attempt.

        Raises :class:`Refused` where it may not be, and once where there is a rule to read.
        """
        why = self._parts.acts.why_not_ring() if armed.armed else ""
        if why:
            raise Refused(why)
        self._parts.safety.allow(drop.call, armed)
        self.place(incident, drop, armed, then)

    def place(self, incident: UUID, drop: Drop, armed: RingingBack, then: Then) -> None:
        """Claim the ring back in the record, ring once that is this worker's, and log the attempt.

        Only what was allowed: :meth:`ring` and ``RingSafety.allow`` ask that.
        """
        ring = partial(self._parts.acts.ring, armed.number, partial(self._rung, incident, drop, armed, then))
        stream = StreamRef(StreamKind.INCIDENT, incident)
        self._claims.take(stream, drop.call, ring, lambda why: then(ActionAnswer(Answer.REFUSED, why)))

    def _rung(self, incident: UUID, drop: Drop, armed: RingingBack, then: Then, answer: ActionAnswer) -> None:
        accepted = answer.answer is Answer.ACCEPTED
        outcome = RingOutcome.RUNG if accepted else RingOutcome.FAILED
        self._write(incident, drop.call, outcome, "" if accepted else answer.sentence, armed)
        then(answer)

    def log(self, incident: UUID, drop: Drop, outcome: RingOutcome, words: str = "") -> None:
        """Write what came of ringing back; the call on which they were reached is the incident's from now on."""
        self._write(incident, drop.call, outcome, words, None)
        state = self._parts.folds.incident(incident)
        if outcome is RingOutcome.REACHED and state is not None:
            self._take_in(state, drop)

    def _take_in(self, incident: IncidentState, drop: Drop) -> None:
        """They are on the line again: whoever is not there sees it, and this line can drop too."""
        safe, mine = incident.fact(SAFE_NUMBER), incident.contact
        numbers = {drop.e164, number_to_ring(drop, safe.text) if safe is not None else ""}
        for call in self._parts.calls.live():
            reached = call.direction is Direction.OUTBOUND and call.answered_by
            if reached and to_e164(call.dialled, self._parts.plan) in numbers - {""} and mine is not None:
                self._parts.contacts.add_call(mine, call.id)
                self._parts.incidents.link_call(incident.id, call.id)

    def _write(self, incident: UUID, call: UUID, outcome: RingOutcome, words: str, armed: RingingBack | None) -> None:
        body = {
            "outcome": outcome.value,
            "number": armed.which.value if armed is not None else "",
            "words": safe_block(words, NOTE_CAP).strip(),
            "call": call,
        }
        stream = StreamRef(StreamKind.INCIDENT, incident)
        self._parts.recording.record(self._parts.recording.entry(Kind.INCIDENT_RING_BACK, stream, body))

    # --- a call from the same line ----------------------------------------------------------------

    def offered(self, call: Call | None) -> IncidentState | None:
        """Return the incident of this worker whose line dropped and whose caller's number rings now."""
        if call is None or not call.live or not call.caller.e164:
            return None
        mine = self._parts.folds.incidents_of_worker(self._parts.recording.who.worker)
        if any(call.id in self._ids(one) for one in mine):
            return None  # it is in already
        return next((one for one in mine if self._same_line(one, call)), None)

    def _same_line(self, incident: IncidentState, call: Call) -> bool:
        drop = self.drop(incident)
        return drop is not None and drop.e164 == call.caller.e164

    def join(self, incident: IncidentState, call: Call) -> UUID | None:
        """Take a call into the incident whose line it comes from; return the record that goes on.

        The incident's own record goes on with it.  A record the call had begun already stays, and belongs to the
        incident from now on.
        """
        contact = incident.contact
        if contact is None:
            return None
        begun = self._parts.calls.contact_of(call.id)
        self._parts.contacts.add_call(contact, call.id)
        self._parts.incidents.link_call(incident.id, call.id)
        if begun is not None and begun != contact and begun not in incident.contacts:
            self._parts.incidents.link_contact(incident.id, begun)
        self._parts.calls.opened(call.id, contact)
        return contact


def _ended_at(live: Call | None, record: CallRecord | None) -> str:
    """Return when a call ended, to be compared; empty while it lasts or nobody knows."""
    ended = live.ended_at if live is not None else record.ended_at if record is not None else None
    return ended.isoformat() if ended is not None else ""


def _both(values: Iterable[str]) -> str:
    return f"two safe numbers stand: {' or '.join(dict.fromkeys(values))}"

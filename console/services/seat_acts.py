"""Handing a seat over, taking one over, and naming a second worker: one act each, decided on what stood before.

Whoever had the seat stays in the incident, in the seat that the other left or watching: no live incident is left
without a lead by any of these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.capacity import Assigning, NightRules
from console.domain.incidents import PAIR, IncidentRole
from console.domain.loads import Load, may_come
from console.domain.people import Rank
from console.domain.record import MANAGERS, Kind, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.shifts import ShiftState
from console.domain.signals import Summons
from console.domain.work_cards import WorkCard
from console.ports.clock import Clock
from console.services.folds import Folds, incident_id
from console.services.incident_record import IncidentRecord
from console.services.ledger_pages import ChangeSet
from console.services.refusing import Refused
from console.services.seats import Seats, Then, joining_body
from console.services.sending import REFUSED_WHILE_AWAY
from console.services.writing import Outcome, Recording

SEAT_WORDS = {IncidentRole.LEAD: "lead", IncidentRole.COORDINATOR: "second worker"}
_NO_SWAP = (
    "Your role does not change places with the second worker; they can, or the duty manager (Ctrl+F7).  "
    "Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class LiveWork:
    """A live call or incident as the board lists it: what an act on it is about.

    ``incident`` and ``contact`` are the cards that every role may read; one of them may be missing.
    """

    incident: WorkCard | None = None
    contact: WorkCard | None = None

    @property
    def lead(self) -> str:
        """Return who leads it, by key; empty for nobody."""
        card = self.incident or self.contact
        return card.owner if card is not None else ""


class SeatActs:
    """One worker's acts on the seats of incidents, their own and (a manager's) others'."""

    def __init__(
        self,
        recording: Recording,
        folds: Folds,
        incidents: IncidentRecord,
        clock: Clock,
        shift: Callable[[], ShiftState],
        talks: Callable[[], bool],
        rules: NightRules,
    ) -> None:
        """``talks`` says whether this worker is on a call."""
        self._recording = recording
        self._folds = folds
        self._incidents = incidents
        self._clock = clock
        self._shift = shift
        self._talks = talks
        self._rules = rules
        self._seats = Seats(recording, folds)

    def record_changed(self, _: ChangeSet) -> None:
        """Ask for seats of incidents that the shared record has opened by now; for ``Ledger.subscribe``."""
        self._seats.record_changed()

    def summons_for_me(self) -> tuple[Summons, ...]:
        """Return the calls for a second worker that go to this one, oldest first.

        Not to who asked, or cannot come (:func:`console.domain.loads.may_come`); one with a name on it to whoever is
        named, and to everybody who can when they have not come for the set time.
        """
        now, who = self._clock.now(), self._recording.who.worker
        me = self._shift().worker(who)
        committed = self._talks() or any(one.holds_seat(who) for one in self._folds.incidents_of_worker(who))
        # Whom the shift does not know (yet) may be somebody who comes: shown once too often harms nobody.
        if committed or (me is not None and not may_come(me, now, committed=committed)):
            return ()
        return tuple(one for one in self._folds.summons() if self._goes_to(one, who, now))

    def _goes_to(self, summons: Summons, worker: str, now: datetime) -> bool:
        if not summons.open or summons.asked_by == worker:
            return False
        return summons.wanted in ("", worker) or summons.unanswered(now, self._rules.summons)

    def hand_over(self, incident: UUID, role: IncidentRole, to: str, then: Then) -> None:
        """Give the seat ``role`` to somebody present: one's own, or (a manager) anybody's."""
        who = self._recording.who
        state = self._folds.incident(incident)
        holder = state.holder(role) if state is not None else None
        if state is None or holder is None:
            raise Refused(f"Nobody has the seat of the {SEAT_WORDS[role]} now.  Nothing was changed.")
        if holder.worker != who.worker and who.role not in MANAGERS:
            raise Refused(f"{holder.name} or a manager hands this over.  Nothing was changed.")
        taker = state.member(to)
        if taker is None or taker.worker == holder.worker:
            raise Refused("Choose somebody else who is in this incident.  Nothing was changed.")
        if self._shift().worker(to) is None:
            raise Refused(f"{taker.name} is not signed in any more.  Nothing was changed.")
        if taker.role in PAIR and not kind_right(Kind.INCIDENT_SWAPPED, who.role):
            raise Refused(_NO_SWAP)
        body = {**joining_body(role, taker.worker, taker.name), "stays": True}
        self._seats.change(Kind.INCIDENT_JOINED, incident, body, then)

    def take_over(self, work: LiveWork, role: IncidentRole, then: Then) -> None:
        """Take a seat from whoever has it: a manager's act.  The incident is opened where there is none."""
        who = self._recording.who
        if who.role not in MANAGERS:
            raise Refused("Only a manager takes over from somebody else.  Nothing was changed.")
        incident = self._incident_of(work)
        state = self._folds.incident(incident)
        mine = state.member(who.worker) if state is not None else None
        if mine is not None and mine.role is role:
            raise Refused(f"You are the {SEAT_WORDS[role]} already.  Nothing was written.")
        body = {**joining_body(role, who.worker, who.name), "stays": True}
        self._seats.change(Kind.INCIDENT_JOINED, incident, body, then)

    def assign(self, work: LiveWork, load: Load, then: Then) -> None:
        """Name the second worker: they are asked before all others, or are in at once where the council says so."""
        self._refuse_assigning(work, load, self._clock.now())
        if self._rules.assigning is Assigning.AT_ONCE:
            incident = self._incident_of(work)
            body = {**joining_body(IncidentRole.COORDINATOR, load.worker.worker, load.worker.name), "stays": True}
            self._seats.change(Kind.INCIDENT_JOINED, incident, body, then)
        else:
            self._ask(work, load, then)

    def _refuse_assigning(self, work: LiveWork, load: Load, now: datetime) -> None:
        name = load.worker.name
        if self._recording.who.role not in MANAGERS:
            raise Refused("Only a manager names the second worker; F7 asks everybody who is free.")
        if load.worker.recovering(now) and not load.worker.can_come:
            raise Refused(f"{name} is in recovery and has not said they can come.  Nothing was changed.")
        if not load.can_come(now):
            raise Refused(f"{name} is not free now.  Nothing was changed.")
        if load.worker.worker == work.lead:
            raise Refused(f"{name} has the caller already.  Nothing was changed.")
        if work.incident is not None and work.incident.coordinator:
            second = self._folds.ledger.name_of(work.incident.coordinator)
            raise Refused(f"{second} is the second worker already.  Nothing was changed.")

    def _ask(self, work: LiveWork, load: Load, then: Then) -> None:
        """Send a call for a second worker with a name on it, in the place of one that is open."""
        who, contact = self._recording.who, self._contact_of(work)
        stream = StreamRef(StreamKind.SIGNALS, contact)
        card = work.contact or work.incident
        lead = work.lead
        body = {
            "contact": contact,
            "call": (card.call if card is not None else None) or "",
            "line": card.line if card is not None and card.line else "Line not known",
            "type": card.type if card is not None else "",
            "rank": card.rank.value if card is not None else Rank.NOW.value,
            "asked_by": lead,
            "name": self._folds.ledger.name_of(lead),
            "for": load.worker.worker,
            "for_name": load.worker.name,
            "by": who.worker,
            "by_name": who.name,
        }
        entries = [self._recording.entry(Kind.SUMMONS_SENT, stream, body)]
        before = self._folds.signals(contact).open_summons
        if before is not None:
            taken_back = {"of": before.entry, "text": "withdrawn"}
            entries.insert(0, self._recording.entry(Kind.SIGNAL_ANSWERED, stream, taken_back))
        self._recording.record(*entries)
        then(Outcome(won=True))

    def _contact_of(self, work: LiveWork) -> UUID:
        if work.contact is not None:
            return work.contact.id
        known = self._folds.incident(work.incident.id) if work.incident is not None else None
        if known is None or known.contact is None:
            raise Refused("There is no record around this call that you can read yet.  Join it first, then name one.")
        return known.contact

    def _incident_of(self, work: LiveWork) -> UUID:
        """Return the incident; opened, led by whoever has the record, where there is only a contact."""
        if work.incident is not None:
            return work.incident.id
        if work.contact is None:
            raise Refused("There is no record around this call yet.  It opens when somebody answers.")
        contact = work.contact
        incident = incident_id(self._folds, contact.id)
        known = self._folds.incident(incident)
        if known is None or known.opened_at is None:
            if self._folds.ledger.link.is_away:
                # Before the opening: it would be kept, and stand for an act that was refused.
                raise Refused(REFUSED_WHILE_AWAY)
            opening = self._incidents.opening(
                incident, contact.id, self._folds.contact(contact.id), lead=contact.owner,
                lead_name=self._folds.ledger.name_of(contact.owner), rank=contact.rank, call=contact.call,
            )  # fmt: skip
            self._recording.record(*opening)
        return incident

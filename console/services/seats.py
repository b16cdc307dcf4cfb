"""The two seats of an incident, lead and second worker: each change is decided on the one before it.

Both seats have one slot (:data:`console.domain.incidents.ROLES`), so that of two workers who
change a seat at the same moment the record refuses the second, who is told who was first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from console.domain.incidents import PAIR, ROLES, IncidentRole, IncidentState
from console.domain.record import Entry, Expects, Kind, StreamKind, StreamRef
from console.services.folds import Folds
from console.services.link_state import Delivery
from console.services.writing import Outcome, Recording

Then = Callable[[Outcome], None]
NOT_OPENED = (
    "The shared record went away before it had the incident around this call.  The seat is not yours; the incident "
    "opens, with whoever has the caller as its lead, when the record is back.  Try again then."
)
OVER = "The incident has been stood down; there is no seat in it any more.  Nothing was changed."
OPENING_REFUSED = "The shared record did not take the incident around this call.  The seat is not yours."


class Seats:
    """Asks the shared record for changes of the two seats."""

    def __init__(self, recording: Recording, folds: Folds) -> None:
        self._recording = recording
        self._folds = folds
        self._waiting: list[Callable[[], bool]] = []
        """Tries of what waits for the record; each says whether it is over."""

    def change(self, kind: Kind, incident: UUID, body: Mapping[str, object], then: Then) -> None:
        """Ask for one change; refused, and ``then`` hears who was first, where a seat has changed meanwhile.

        An incident that this console is just opening is shared first: a seat that came before its opening would
        leave out whoever the opening names as the lead.
        """
        entry = self._recording.entry(kind, _stream(incident), body, slot=ROLES, expects=Expects(self._head(incident)))
        self._when_ready(partial(self._send, incident, entry, then))

    def _send(self, incident: UUID, entry: Entry, then: Then) -> bool:
        opening = self._opening(incident)
        if opening is None:
            self._recording.exclusive(entry, then)
        elif opening is Delivery.SET_ASIDE:
            then(Outcome(won=False, sentence=OPENING_REFUSED))
        elif self._folds.ledger.link.is_away:
            then(Outcome(won=False, sentence=NOT_OPENED))
        else:
            return False
        return True

    def _when_ready(self, attempt: Callable[[], bool]) -> None:
        if not attempt():
            self._waiting.append(attempt)

    def give(self, incident: IncidentState, worker: str, name: str, then: Then) -> None:
        """Give one's own seat to a colleague, and leave; who leads already keeps the lead."""
        me = self._recording.who.worker
        member = incident.member(me)
        if member is None:
            then(Outcome(won=True))
            return
        theirs = incident.member(worker)
        if theirs is not None and theirs.role is IncidentRole.LEAD:
            self.change(Kind.INCIDENT_LEFT, incident.id, {"worker": me}, then)
            return

        def answered(outcome: Outcome) -> None:
            if outcome.won:
                # The seat is the colleague's: this empties none.
                left = self._recording.entry(Kind.INCIDENT_LEFT, _stream(incident.id), {"worker": me})
                self._recording.record(left)
            then(outcome)

        self.change(Kind.INCIDENT_JOINED, incident.id, joining_body(member.role, worker, name), answered)

    def stop_watching(self, incident: UUID, then: Then) -> None:
        """Leave from where one watches; who is given a seat at that moment stays in it, and ``then`` hears so.

        By the slot of the seats too: nobody can hand one to whoever has left already.
        """
        me, head = self._recording.who.worker, self._head(incident)

        def again() -> bool:
            if self._head(incident) == head:
                return False
            state = self._folds.incident(incident)
            member = state.member(me) if state is not None else None
            if member is not None and member.role in PAIR:
                then(Outcome(won=False, sentence=self._given(incident)))
            else:
                self.stop_watching(incident, then)
            return True

        def answered(outcome: Outcome) -> None:
            if outcome.won or not outcome.by:
                then(outcome)
            else:
                self._when_ready(again)

        self.change(Kind.INCIDENT_LEFT, incident, {"worker": me}, answered)

    def _given(self, incident: UUID) -> str:
        items = self._folds.ledger.items(_stream(incident))
        author = next((one.author for one in reversed(items) if one.slot == ROLES), "")
        return f"{self._folds.ledger.name_of(author)} has given you a seat just now.  You have it, and have not left."

    def take_second(self, incident: UUID, then: Then) -> None:
        """Take the second seat where it is free; ``then`` hears who has it otherwise.

        Where something else about the seats has changed meanwhile (another lead), it is asked again.
        """
        who, state = self._recording.who, self._folds.incident(incident)
        member = state.member(who.worker) if state is not None else None
        second = state.coordinator if state is not None else None
        if state is not None and state.stood_down_at is not None:
            then(Outcome(won=False, sentence=OVER))
        elif member is not None and member.role in PAIR:
            then(Outcome(won=True, by=who.worker))
        elif second is not None:
            # By the shift: who is not in the incident may not read what it says, names included.
            sentence = f"{self._folds.ledger.name_of(second.worker)} is the second worker already."
            then(Outcome(won=False, sentence=sentence, by=second.worker))
        elif self._opening(incident) is not None:
            self._second_when(lambda: self._opening(incident) is None, incident, then)
        else:
            body = joining_body(IncidentRole.COORDINATOR, who.worker, who.name)
            head = self._head(incident)
            self.change(Kind.INCIDENT_JOINED, incident, body, partial(self._answered, incident, head, then))

    def _answered(self, incident: UUID, head: UUID | None, then: Then, outcome: Outcome) -> None:
        if outcome.won or not outcome.by:
            then(outcome)
        else:
            self._second_when(lambda: self._head(incident) != head, incident, then)

    def _second_when(self, ready: Callable[[], bool], incident: UUID, then: Then) -> None:
        """Ask for the second seat once what was missing has been read."""

        def attempt() -> bool:
            if ready():
                self.take_second(incident, then)
                return True
            return False

        self._when_ready(attempt)

    def record_changed(self) -> None:
        """Ask for what waited, where what was missing has been read by now."""
        waiting, self._waiting = self._waiting, []
        left = [attempt for attempt in waiting if not attempt()]
        self._waiting = [*left, *self._waiting]  # an attempt may have brought others

    def _head(self, incident: UUID) -> UUID | None:
        return self._folds.ledger.shared_head(_stream(incident), ROLES)

    def _opening(self, incident: UUID) -> Delivery | None:
        """Return how far this console's own opening of an incident has come; None once anybody's is shared.

        Its last entry is the lead's joining, the only joining that has no slot.
        """
        items = self._folds.ledger.items(_stream(incident))
        leads = [one for one in items if one.kind is Kind.INCIDENT_JOINED and not one.slot]
        if not leads or any(one.seq for one in leads):
            return None
        return self._folds.ledger.progress(leads[-1].id).delivery


def joining_body(role: IncidentRole, worker: str, name: str) -> Mapping[str, object]:
    """Return the body of an entry by which a worker takes a role."""
    return {"worker": worker, "name": name or worker, "role": role.value}


def _stream(incident: UUID) -> StreamRef:
    return StreamRef(StreamKind.INCIDENT, incident)

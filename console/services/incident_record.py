"""What is known in an incident: where, facts, hazards, risk; and its end, which only people say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.contacts import ContactState
from console.domain.fact_sheet import WHERE
from console.domain.ids import new_id, short_reference
from console.domain.incidents import RISK_SLOT, ROLES, IncidentRole, IncidentState
from console.domain.locations import NEVER_CURRENT, LocationSource
from console.domain.people import Rank
from console.domain.places import NOT_THERE
from console.domain.record import Entry, Expects, Kind, StreamKind, StreamRef
from console.domain.registers import Register
from console.ports.clock import Clock
from console.services.folds import Folds, incident_id
from console.services.help_follow_up import signed_closing
from console.services.refusing import Refused
from console.services.seats import Then, joining_body
from console.services.writing import Outcome, Recording

UNSEEN = (
    "Not stood down: the shared record is away, and what others have asked for since is not known here.  "
    "Nothing was written; stand it down when the record is back."
)


def _unasked(_: Outcome) -> None:
    """Nobody waits for the answer."""


class IncidentRecord:
    """Acts on incidents, by their id."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock

    @property
    def worker(self) -> str:
        """Return who writes."""
        return self._recording.who.worker

    def ensure(self, contact: UUID) -> UUID:
        """Return the live incident of a contact; open one, led by the contact's owner, where there is none."""
        live = self._folds.incident_of(contact)
        if live is not None and live.live:
            return live.id
        state = self._folds.contact(contact)
        made = incident_id(self._folds, contact)
        owner = state.owner if state is not None and state.owner else self._recording.who.worker
        name = self._recording.who.name if owner == self._recording.who.worker else ""
        self._recording.record(*self.opening(made, contact, state, lead=owner, lead_name=name))
        return made

    def opening(
        self,
        incident: UUID,
        contact: UUID,
        state: ContactState | None,
        *,
        lead: str,
        lead_name: str = "",
        rank: Rank = Rank.NOW,
        call: UUID | None = None,
    ) -> list[Entry]:
        """Return the entries that open an incident around a contact, with its lead.

        ``rank`` and ``call`` stand where the contact's own words cannot be read (yet) by who opens it.
        """
        stream = StreamRef(StreamKind.INCIDENT, incident)
        risk = (state.value("priority") if state is not None else "") or rank.value
        about = state.calls[-1] if state is not None and state.calls else call or ""
        body = {"ref": short_reference(incident), "contact": contact, "call": about, "risk": risk}
        return [
            self._recording.entry(Kind.INCIDENT_OPENED, stream, body),
            # Without a slot: it begins the incident, and takes the seat from nobody who leads by now.
            self._recording.entry(Kind.INCIDENT_JOINED, stream, joining_body(IncidentRole.LEAD, lead, lead_name)),
        ]

    def watching(self, incident: UUID, role: IncidentRole) -> Entry:
        """Return the entry by which this worker comes in as an observer or manager, who has no seat."""
        who = self._recording.who
        body = joining_body(role, who.worker, who.name)
        stream = StreamRef(StreamKind.INCIDENT, incident)
        return self._recording.entry(Kind.INCIDENT_JOINED, stream, body, slot=f"role:{role.value}")

    def place(
        self,
        incident: UUID,
        text: str,
        source: LocationSource,
        at: datetime | None = None,
        over: Collection[str] | None = None,
        settles: Collection[UUID] = (),
    ) -> None:
        """Record where the person is, or may be, with its source; ``at`` is when it was said.

        ``over`` are the entries whose place the worker saw: one that came since stands beside this.
        ``settles`` are places of which this is the one that holds.
        """
        if not text.strip():
            raise Refused("Write where it is first.  Nothing was written.")
        body: dict[str, object] = {"text": text.strip(), "source": source.value, "at": at or self._clock.now()}
        state = self._folds.incident(incident)
        if source in NEVER_CURRENT or _said_before(state, at) and not settles:
            # It says where somebody was, or may be found: what is known of now stands.
            self._write(incident, Kind.INCIDENT_LOCATION, body)
            return
        stands = state.where_said if state is not None else None
        if settles:
            body["settles"] = [str(one) for one in settles]
        head = self._beneath(stands, over)
        if stands is not None and not stands.value:
            # Over what was taken back, and not over that: an older console, which shows it still, sees it typed over.
            head = next((one.entry for one in reversed(stands.history) if one.value), head)
        self._write(incident, Kind.INCIDENT_LOCATION, body, slot=WHERE, replaces=head)

    def not_there(self, incident: UUID, place: UUID, why: str) -> None:
        """Take a place back, for a reason of ``NOT_THERE``: it stays in the history, and who was told of it is told."""
        if not any(one.entry == place for one in self._state(incident).where_stands):
            raise Refused("This place does not stand any more.  Nothing was written; look at what stands now.")
        if why not in NOT_THERE:
            raise Refused("Choose why they are not there.  Nothing was written.")
        body = {"text": "", "source": "", "reason": NOT_THERE[why], "at": self._clock.now()}
        self._write(incident, Kind.INCIDENT_LOCATION, body, slot=WHERE, replaces=place, corrects=place)

    def fact(
        self, incident: UUID, key: str, text: str, source: str, label: str = "", over: Collection[str] | None = None
    ) -> None:
        """Record one thing known, over the value now shown; where two people differ, both stand.

        ``over`` are the entries whose value the worker saw: what came since stands beside this.
        """
        known = self._state(incident).fact(key)
        if known is not None and known.text == text and not known.clash:
            return
        body = {"key": key, "text": text, "source": source} | ({"label": label} if label else {})
        head = self._beneath(self._state(incident).register(key), over)
        self._write(incident, Kind.INCIDENT_FACT, body, slot=f"fact:{key}", replaces=head)

    def choose_fact(self, incident: UUID, key: str, text: str, source: str) -> None:
        """Choose one of two values that differ."""
        known = self._state(incident).fact(key)
        if known is None:
            return
        settles = [str(head) for head in known.register.settles]
        body = {"key": key, "text": text, "source": source, "settles": settles}
        self._write(incident, Kind.INCIDENT_FACT, body, slot=f"fact:{key}", replaces=known.register.head)

    def hazard(self, incident: UUID, text: str, source: str) -> None:
        """Record something that can hurt whoever goes there."""
        if not text.strip():
            raise Refused("Write what the hazard is first.  Nothing was written.")
        self._write(incident, Kind.INCIDENT_HAZARD, {"text": text.strip(), "source": source})

    def take_back(self, incident: UUID, hazard: UUID) -> None:
        """Record that a hazard is no longer so; it stays in the history, and who was told of it is told this too."""
        if not any(one.entry == hazard for one in self._state(incident).hazards):
            raise Refused("This hazard does not stand any more.  Nothing was written; look at what stands now.")
        self._write(incident, Kind.INCIDENT_HAZARD, {"text": "", "source": ""}, corrects=hazard)

    def risk(self, incident: UUID, rank: Rank, words: str) -> None:
        """Say how great the risk is now, and in a few words what it is."""
        head = self._state(incident).risk_head
        self._write(incident, Kind.INCIDENT_RISK, {"rank": rank.value, "words": words}, slot=RISK_SLOT, replaces=head)

    def link_contact(self, incident: UUID, contact: UUID) -> None:
        """Bring a further contact (another child, another caller) into the incident."""
        self._write(incident, Kind.INCIDENT_LINKED, {"stream": f"contact:{contact}"})

    def link_call(self, incident: UUID, call: UUID) -> None:
        """Bring a further call into the incident."""
        self._write(incident, Kind.INCIDENT_LINKED, {"stream": f"call:{call}"})

    def stand_down(
        self, incident: UUID, reason: str, signed: Mapping[UUID, str] | None = None, then: Then = _unasked
    ) -> None:
        """Close the incident; refused while a request in it is still open or a risk unanswered.

        Exclusive, in the slot of the seats: ``then`` hears whether it was closed, or who changed what first.
        ``signed`` says of an open request, by its id, why it can close without the person being reached; once the
        incident is closed this worker's name stands under each.
        """
        state, reasons = self._state(incident), signed or {}
        if self._folds.ledger.link.is_away or not state.upto:
            raise Refused(UNSEEN)
        open_ones = [one for one in self._folds.helps_of(incident, *state.contacts) if one.open]
        still = [one.label for one in open_ones if not reasons.get(one.id, "").strip()]
        if still:
            raise Refused(
                f"Not stood down: still open: {', '.join(still)}.  Nothing was written.  "
                "Log what became of each, or cancel it, or sign here why it can close, first."
            )
        if not reason.strip():
            raise Refused("Say why it can be stood down.  Nothing was written.")
        closed = [signed_closing(self._recording, one, reasons[one.id]) for one in open_ones]
        stream = StreamRef(StreamKind.INCIDENT, incident)
        ended = self._recording.entry(
            Kind.INCIDENT_STOOD_DOWN, stream, {"reason": reason.strip()}, slot=ROLES,
            expects=Expects(self._folds.ledger.shared_head(stream, ROLES)),
        )  # fmt: skip

        def answered(outcome: Outcome) -> None:
            if outcome.won:
                self._recording.record(*closed)
                then(outcome)
            else:
                then(replace(outcome, sentence=f"Not stood down: {outcome.sentence}"))

        self._recording.exclusive(ended, answered)

    def debrief(self, incident: UUID, worker: str, accepted: bool) -> None:
        """Note that a debrief was offered, and whether it was accepted; no content is kept."""
        body = {"worker": worker, "offered": True, "accepted": accepted}
        self._write(incident, Kind.INCIDENT_DEBRIEF, body)

    def note(self, incident: UUID, text: str) -> None:
        """Write one line on the shared timeline."""
        if text.strip():
            body = {"line": new_id(self._clock.now()), "text": text.strip(), "begun": self._clock.now()}
            self._write(incident, Kind.INCIDENT_NOTE, body)

    def _beneath(self, stands: Register | None, over: Collection[str] | None) -> UUID | None:
        """Return what a value is typed over: what the worker saw, where somebody wrote another since."""
        if stands is None:
            return None
        unseen = over is not None and stands.unseen(over, self.worker)
        return stands.beneath(over or (), self.worker) if unseen else stands.head

    def _state(self, incident: UUID) -> IncidentState:
        state = self._folds.incident(incident)
        if state is None:
            raise Refused("This incident is not on this computer yet.  Nothing was written; try again in a moment.")
        return state

    def _write(
        self,
        incident: UUID,
        kind: Kind,
        body: Mapping[str, object],
        *,
        slot: str = "",
        replaces: UUID | None = None,
        corrects: UUID | None = None,
    ) -> None:
        stream = StreamRef(StreamKind.INCIDENT, incident)
        entry = self._recording.entry(kind, stream, body, slot=slot, replaces=replaces, corrects=corrects)
        self._recording.record(entry)


def _said_before(state: IncidentState | None, at: datetime | None) -> bool:
    """Say whether a place was said before the one that stands."""
    return at is not None and state is not None and state.where is not None and at < state.where.at

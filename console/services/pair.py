"""Two workers on one caller: the call for a second, joining, roles, silent signals and single lines.

The acceptance is exclusive: "yours" is said only after the shared record has answered, and the
loser is told who was first (architecture.md 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.contacts import ContactState
from console.domain.ids import new_id
from console.domain.incidents import PAIR, IncidentRole, IncidentState
from console.domain.people import Rank
from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.signal_set import SHIPPED, Reach, SignalKind, SignalSet, SignalSpec
from console.domain.signals import Summons
from console.ports.clock import Clock
from console.services.folds import Folds, incident_id
from console.services.incident_record import IncidentRecord
from console.services.ledger_pages import ChangeSet
from console.services.link_state import Link
from console.services.on_shift import OnShift
from console.services.refusing import Refused
from console.services.seats import Seats, Then
from console.services.writing import Outcome, Recording


class Pair:
    """What the two (and an observing manager) do with each other."""

    def __init__(
        self,
        recording: Recording,
        folds: Folds,
        incidents: IncidentRecord,
        clock: Clock,
        cover: Cover,
        others: OnShift,
        signals: SignalSet = SHIPPED,
    ) -> None:
        """``others`` are those on shift; ``signals`` is what this service signals with."""
        self.signals = signals
        self._others_on_shift = others
        self._recording = recording
        self._folds = folds
        self._incidents = incidents
        self._clock = clock
        self._cover = cover
        self._seats = Seats(recording, folds)
        self._coming: set[UUID] = set()
        """Incidents whose second seat is being asked for because a summons was accepted."""

    # --- coming together ----------------------------------------------------------------------

    def need_second(self, contact: UUID) -> UUID:
        """Call for a second worker, once; return the summons."""
        waiting = self.summons_of(contact)
        if waiting is not None:
            return waiting.entry
        state = self._contact(contact)
        who = self._recording.who
        body = {
            "contact": contact,
            "call": state.calls[-1] if state.calls else "",
            "line": self._line(state),
            "type": state.type,
            "rank": state.value("priority") or Rank.NOW.value,
            "asked_by": who.worker,
            "name": who.name,
        }
        entry = self._recording.entry(Kind.SUMMONS_SENT, StreamRef(StreamKind.SIGNALS, contact), body)
        self._recording.record(entry)
        return entry.id

    def _line(self, state: ContactState) -> str:
        authority, service = state.value("authority"), state.value("service")
        return f"{self._cover.name(authority)} {service}".strip() if authority else "Line not known"

    def summons_of(self, contact: UUID) -> Summons | None:
        """Return the contact's call for a second worker that nobody has taken."""
        return self._folds.signals(contact).open_summons

    def waiting_summons(self) -> tuple[Summons, ...]:
        """Return every call for a second worker that nobody has taken, oldest first."""
        return tuple(one for one in self._folds.summons() if one.open)

    def streams_of(self, asked: Iterable[Summons]) -> tuple[StreamRef, ...]:
        """Return where the askers signal: what stands there is read beside their calls for a second worker."""
        signalled = self._folds.signalled(asked)
        return tuple({one.stream for found in signalled.values() for one in found if one.stream is not None})

    def accept(self, summons: Summons, then: Then) -> None:
        """Take a call for a second worker; ``then`` hears whether it is yours."""
        who = self._recording.who
        now = next((one for one in self._folds.summons() if one.entry == summons.entry), summons)
        contact = now.contact
        if contact is None or not now.open:
            sentence = f"{now.accepter_name} has already joined." if now.accepted_by else "It was withdrawn."
            then(Outcome(won=False, sentence=sentence, by=now.accepted_by))
            return
        if summons.asked_by == who.worker:
            then(Outcome(won=False, sentence="You asked for a second worker yourself; somebody else must come."))
            return
        incident = incident_id(self._folds, contact)
        stream, slot = StreamRef(StreamKind.SIGNALS, contact), f"summons:{summons.entry}"
        expects = Expects(self._folds.ledger.shared_head(stream, slot))
        body = {"worker": who.worker, "name": who.name, "incident": incident}
        entry = self._recording.entry(Kind.SUMMONS_ACCEPTED, stream, body, slot=slot, expects=expects)
        self._recording.exclusive(entry, lambda outcome: self._accepted(summons, contact, incident, outcome, then))

    def _accepted(self, summons: Summons, contact: UUID, incident: UUID, outcome: Outcome, then: Then) -> None:
        if outcome.won:
            self._join(contact, incident, summons, then)
        else:
            then(outcome)

    def _join(self, contact: UUID, incident: UUID, summons: Summons, then: Then) -> None:
        """Take the second seat that the summons is for; the incident is opened where there is none."""
        known = self._folds.incident(incident)
        if known is None or known.opened_at is None:
            state = self._folds.contact(contact)
            opening = self._incidents.opening(
                incident, contact, state, lead=summons.asked_by, lead_name=summons.asker_name,
                rank=summons.rank, call=summons.call,
            )  # fmt: skip
            self._recording.record(*opening)
        self._coming.add(incident)
        self._seats.take_second(incident, partial(self._seated, incident, then))

    def _seated(self, incident: UUID, then: Then, outcome: Outcome) -> None:
        """Who accepted and found the seat taken came to help: they stay, to watch, and are told who sits there."""
        self._coming.discard(incident)
        if not outcome.won and outcome.by:
            state = self._folds.incident(incident)
            member = state.member(self._recording.who.worker) if state is not None else None
            role = member.role if member is not None else IncidentRole.OBSERVER
            self._recording.record(self._incidents.watching(incident, role))
            outcome = replace(outcome, sentence=f"{outcome.sentence}  You are in this incident as an observer.")
        then(outcome)

    def record_changed(self, changes: ChangeSet) -> None:
        """Join where this console stopped between being told "yours" and writing so; for ``Ledger.subscribe``."""
        self._seats.record_changed()
        link = self._folds.ledger.link
        if link.link is not Link.TOGETHER or link.behind:
            return  # what is not read yet may say that it was done
        if not changes.link_changed and not any(ref.kind is StreamKind.SIGNALS for ref in changes.streams):
            return
        mine = (one for one in self._folds.summons() if one.accepted_by == self._recording.who.worker)
        for one in mine:
            if one.contact is None or one.incident is None or one.incident in self._coming:
                continue
            if not self._came(one, one.incident):
                self._join(one.contact, one.incident, one, lambda _: None)

    def _came(self, summons: Summons, incident: UUID) -> bool:
        known = self._folds.incident(incident)
        since = summons.accepted_at
        return known is not None and any(
            member.worker == summons.accepted_by and (since is None or member.since >= since)
            for member in known.members
        )

    def withdraw(self, summons: Summons) -> None:
        """Take the call for a second worker back."""
        self.answer(StreamRef(StreamKind.SIGNALS, summons.contact or summons.entry), summons.entry, "withdrawn")

    def observe(self, incident: UUID, role: IncidentRole = IncidentRole.OBSERVER) -> None:
        """Join to watch and help: a manager, or anybody who is not one of the pair."""
        who = self._recording.who
        state = self._incident(incident)
        member = state.member(who.worker)
        if member is not None and member.role in PAIR:
            raise Refused("You are one of the two already.  Nothing was written.")
        self._recording.record(self._incidents.watching(incident, role))

    def join_as_coordinator(self, incident: UUID, then: Then) -> None:
        """Take the second seat of an incident where it is free; exclusive: the loser hears who was first."""
        who, state = self._recording.who, self._folds.incident(incident)
        member = state.member(who.worker) if state is not None else None
        if member is not None and member.role in PAIR:
            raise Refused("You are one of the two already.  Nothing was written.")
        self._seats.take_second(incident, then)

    def swap(self, incident: UUID, then: Then) -> None:
        """Let lead and coordinator change places, in one act; raises :class:`Refused` by role."""
        who = self._recording.who
        if not kind_right(Kind.INCIDENT_SWAPPED, who.role):
            raise Refused("Your role does not swap lead and second worker; the duty manager does.  Nothing changed.")
        state = self._incident(incident)
        lead, second = state.lead, state.coordinator
        if lead is None or second is None:
            raise Refused("There are not two of you in this incident yet.  Nothing was written.")
        body = {"lead": second.worker, "coordinator": lead.worker}
        self._seats.change(Kind.INCIDENT_SWAPPED, incident, body, then)

    def leave(self, incident: UUID, then: Then) -> None:
        """Leave the incident; the lead of a live one hands over first, or stands it down.

        Leaving is exclusive: who was made the lead at the same moment hears so, and stays.
        """
        who = self._recording.who
        state = self._incident(incident)
        member = state.member(who.worker)
        if member is not None and member.role is IncidentRole.LEAD and state.live:
            raise Refused("You lead this incident.  Swap roles, hand it over, or stand it down first.")
        if member is None:
            then(Outcome(won=True, by=who.worker))
        elif member.role in PAIR:
            self._seats.change(Kind.INCIDENT_LEFT, incident, {"worker": who.worker}, then)
        else:
            self._seats.stop_watching(incident, then)

    # --- signals and lines --------------------------------------------------------------------

    def signal(self, about: UUID, key: str) -> UUID:
        """Send a silent signal of the set about an incident or a contact; return its entry.

        Of somebody with nobody beside them, what wants somebody calls for a second worker too: that is shown to
        everybody free, who read it there.
        """
        spec = self.signals.find(key)
        if spec is None:
            raise Refused("No signal of your service has this key.  Nothing was sent.")
        stream = StreamRef(StreamKind.SIGNALS, self._where(about))
        body = {
            "signal": spec.key,
            "to": self._partner(about),
            "words": spec.words,
            "reach": spec.to.value,
            "lasts": spec.lasts.value,
        }
        entry = self._recording.entry(Kind.SIGNAL_SENT, stream, body)
        self._recording.record(entry)
        if self._wants_somebody(spec) and not self._others(about):
            incident = self._incident_about(about)
            contact = incident.contact if incident is not None else about
            if contact is not None and self._folds.contact(contact) is not None:
                self.need_second(contact)
        return entry.id

    def _wants_somebody(self, spec: SignalSpec) -> bool:
        """Say whether a signal of somebody alone is one for the room, and not for the managers who are at work."""
        if spec.to is not Reach.MANAGERS or spec.key == SignalKind.I_AM_AT_RISK:
            return spec.standing
        return spec.standing and not self._others_on_shift.has_manager()

    def answer(self, stream: StreamRef, signal: UUID, text: str) -> None:
        """Answer a signal, in a few words."""
        self._recording.record(self._recording.entry(Kind.SIGNAL_ANSWERED, stream, {"of": signal, "text": text}))

    def say(self, about: UUID, text: str, line: UUID | None = None) -> UUID:
        """Write one line to the partner; the same ``line`` again corrects it.  Silent: never spoken."""
        stream = StreamRef(StreamKind.SIGNALS, self._where(about))
        made = line if line is not None else new_id(self._clock.now())
        if text.strip():
            body = {"line": made, "text": text.strip(), "to": self._partner(about)}
            self._recording.record(self._recording.entry(Kind.MESSAGE_SENT, stream, body))
        return made

    def _where(self, about: UUID) -> UUID:
        incident = self._incident_about(about)
        return incident.id if incident is not None else about

    def _incident_about(self, about: UUID) -> IncidentState | None:
        return self._folds.incident(about) or self._folds.incident_of(about)

    def _partner(self, about: UUID) -> str:
        incident, others = self._incident_about(about), self._others(about)
        if incident is None or incident.guessed:
            return ""
        # An observer speaks to both; one of the pair to the other.
        return others[0] if len(others) == 1 else ""

    def _others(self, about: UUID) -> tuple[str, ...]:
        """Return who else has a seat in the incident now, by key."""
        incident, me = self._incident_about(about), self._recording.who.worker
        return incident.beside(me) if incident is not None else ()

    def _contact(self, contact: UUID) -> ContactState:
        state = self._folds.contact(contact)
        if state is None:
            raise Refused("This contact is not on this computer yet.  Nothing was written; try again in a moment.")
        return state

    def _incident(self, incident: UUID) -> IncidentState:
        state = self._folds.incident(incident)
        if state is None:
            raise Refused("This incident is not on this computer yet.  Nothing was written; try again in a moment.")
        return state

"""Who a contact is about: chosen from candidates, confirmed, new, attached later, found to be wrong.

Chosen is not confirmed, and a number never determines a person (architecture.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from console.domain.contacts import ContactState, How
from console.domain.help_kinds import HelpState
from console.domain.ids import new_id, short_reference
from console.domain.people import Candidate, NewPerson, PersonRecord, display_name
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Recording

_RESTRICTED = (
    "This is a restricted record and cannot be chosen here.  Nothing was written.  Ask the duty manager; "
    "your note goes on without a name."
)
_WRONG = "Wrong person: this contact was moved off the record it showed. Check what you passed on."
_TELL_THEM = "The person first named was wrong. Tell them."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person as shown on screen when chosen; only ``person`` is an identity."""

    person: UUID
    name: str
    born: date | None = None
    gender: str = ""
    reference: str = ""


def chosen_candidate(candidate: Candidate) -> Chosen:
    """Return what is kept of a candidate; raises :class:`Refused` for a restricted record."""
    if candidate.restricted:
        raise Refused(_RESTRICTED)
    name = display_name(candidate.family, candidate.given)
    return Chosen(candidate.person, name, candidate.born, candidate.gender, candidate.reference)


def chosen_record(record: PersonRecord) -> Chosen:
    """Return what is kept of an opened record."""
    return Chosen(record.person, record.display_name(), record.born, record.gender, record.reference)


class ContactPeople:
    """Acts on the subjects of contacts."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock

    def choose(self, contact: UUID, person: Chosen, how: How = How.NUMBER) -> None:
        """Make a person a subject of the contact, also long after the call; confirmed is another act."""
        state = self._state(contact)
        if any(one.person == person.person for one in state.present):
            return
        self._recording.record(self._added(contact, person, how))

    def _added(self, contact: UUID, person: Chosen, how: How) -> Entry:
        body = {
            "person": person.person,
            "how": how.value,
            "name": person.name,
            "born": person.born.isoformat() if person.born is not None else "",
            "gender": person.gender,
            "reference": person.reference,
        }
        return self._recording.entry(Kind.CONTACT_SUBJECT_ADDED, _stream(contact), body)

    def confirm(self, contact: UUID, person: UUID, confirmed_by: str, e164: str = "") -> None:
        """Confirm who it is, and with what (``name``, ``born and postcode``).

        With ``e164`` the line is noted as theirs as of now.
        """
        if not any(one.person == person for one in self._state(contact).present):
            raise Refused("Choose the person first; then confirm who it is.  Nothing was written.")
        body = {"person": person, "confirmed_by": confirmed_by}
        entries = [self._recording.entry(Kind.CONTACT_IDENTITY, _stream(contact), body)]
        if e164:
            entries.append(self._line(person, e164))
        self._recording.record(*entries)

    def _line(self, person: UUID, e164: str) -> Entry:
        stream = StreamRef(StreamKind.PERSON, person)
        return self._recording.entry(Kind.PERSON_LINE, stream, {"e164": e164, "confirmed": True})

    def create(self, contact: UUID | None, person: NewPerson) -> UUID:
        """Make a new person, and a subject of the contact where one is given; return the person's id."""
        if not (person.family.strip() or person.given.strip()):
            raise Refused("A new person needs at least one name.  Nothing was written.")
        made = new_id(self._clock.now())
        reference = short_reference(made)
        body = {
            "family": person.family,
            "given": person.given,
            "born": person.born.isoformat() if person.born is not None else "",
            "claimed_age": person.claimed_age,
            "gender": person.gender,
            "address": person.address,
            "authority": person.authority,
            "e164": person.e164,
            "known_as": list(person.known_as),
            "ref": reference,
        }
        entries = [self._recording.entry(Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, made), body)]
        if contact is not None:
            shown = Chosen(made, display_name(person.family, person.given), person.born, person.gender, reference)
            entries.append(self._added(contact, shown, How.NEW))
        self._recording.record(*entries)
        return made

    def wrong(self, contact: UUID, person: UUID, reason: str) -> tuple[str, ...]:
        """Say that a subject was the wrong person; return the workers who relied on it.

        The contact stays, moved off that person.  Everybody who wrote in it or in its incident is
        told by a line, and every request already sent carries the news that it must be corrected.
        """
        state = self._state(contact)
        told = self._relied(state)
        body = {"person": person, "reason": reason, "told": list(told)}
        entries = [self._recording.entry(Kind.CONTACT_WRONG_PERSON, _stream(contact), body)]
        entries += [self._tell(state, worker) for worker in told]
        entries += self._corrections(state)
        self._recording.record(*entries)
        return told

    def _relied(self, state: ContactState) -> tuple[str, ...]:
        around = self._folds.around(state)
        workers = {item.author for item in self._folds.ledger.items(_stream(state.id))} | {state.owner}
        if around.incident is not None:
            workers |= {member.worker for member in around.incident.members}
        workers |= {one.owner for one in around.helps} | {one.drafted_by for one in around.helps}
        return tuple(sorted(workers - {self._recording.who.worker, ""}))

    def _tell(self, state: ContactState, worker: str) -> Entry:
        incident = self._folds.incident_of(state.id)
        stream = StreamRef(StreamKind.SIGNALS, incident.id if incident is not None else state.id)
        body = {"line": new_id(self._clock.now()), "text": _WRONG, "to": worker}
        return self._recording.entry(Kind.MESSAGE_SENT, stream, body)

    def _corrections(self, state: ContactState) -> list[Entry]:
        sent = [one for one in self._folds.around(state).helps if one.state is not HelpState.DRAFTED and one.open]
        return [
            self._recording.entry(Kind.HELP_UPDATED, StreamRef(StreamKind.HELP, one.id), {"text": _TELL_THEM})
            for one in sent
        ]

    def _state(self, contact: UUID) -> ContactState:
        state = self._folds.contact(contact)
        if state is None:
            raise Refused("This contact is not on this computer yet.  Nothing was written; try again in a moment.")
        return state


def _stream(contact: UUID) -> StreamRef:
    return StreamRef(StreamKind.CONTACT, contact)

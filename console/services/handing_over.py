"""What a worker has in hand, and the entries that give all of it to a colleague."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.contacts import ContactState
from console.domain.help_requests import HelpRequest
from console.domain.incidents import PAIR, IncidentState
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerOnShift
from console.services.folds import Folds
from console.services.writing import Recording


@dataclass(frozen=True, slots=True)
class Holding:
    """What a worker would leave behind by signing out."""

    incidents: tuple[IncidentState, ...] = ()
    contacts: tuple[ContactState, ...] = ()
    helps: tuple[HelpRequest, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.incidents or self.contacts or self.helps)

    @property
    def words(self) -> str:
        """Return it in words: ``1 live incident, 2 unfinished contacts``."""
        counts = (
            (len(self.incidents), "live incident"),
            (len(self.contacts), "unfinished contact"),
            (len(self.helps), "open request"),
        )
        return ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count)


def holding_of(folds: Folds, worker: str) -> Holding:
    """Return a worker's live incidents (as one of the two), unfinished contacts and open requests."""
    incidents = tuple(one for one in folds.incidents_of_worker(worker) if _is_pair(one, worker))
    contacts = tuple(one for one in folds.contacts() if one.unfinished and one.owner == worker)
    helps = tuple(one for one in folds.helps() if one.open and one.owner == worker)
    return Holding(incidents, contacts, helps)


def _is_pair(incident: IncidentState, worker: str) -> bool:
    member = incident.member(worker)
    return member is not None and member.role in PAIR


def hand_over(recording: Recording, held: Holding, taker: WorkerOnShift) -> tuple[Entry, ...]:
    """Return the entries that give everything held to ``taker``; nothing is written yet."""
    contacts = [_give_contact(recording, one, taker) for one in held.contacts]
    helps = [_give_help(recording, one, taker) for one in held.helps]
    roles = [entry for one in held.incidents for entry in _give_role(recording, one, taker)]
    return (*contacts, *helps, *roles)


def _give_contact(recording: Recording, contact: ContactState, taker: WorkerOnShift) -> Entry:
    stream = StreamRef(StreamKind.CONTACT, contact.id)
    body = {"worker": taker.worker, "from": contact.owner}
    return recording.entry(Kind.CONTACT_TAKEN, stream, body, slot="owner", replaces=contact.owner_head)


def _give_help(recording: Recording, request: HelpRequest, taker: WorkerOnShift) -> Entry:
    stream = StreamRef(StreamKind.HELP, request.id)
    body = {"worker": taker.worker, "name": taker.name}
    return recording.entry(Kind.HELP_TAKEN, stream, body, slot="owner", replaces=request.owner_head)


def _give_role(recording: Recording, incident: IncidentState, taker: WorkerOnShift) -> tuple[Entry, ...]:
    worker = recording.who.worker
    member = incident.member(worker)
    if member is None:
        return ()
    stream = StreamRef(StreamKind.INCIDENT, incident.id)
    slot = f"role:{member.role.value}"
    body = {"worker": taker.worker, "name": taker.name, "role": member.role.value}
    return (
        recording.entry(Kind.INCIDENT_JOINED, stream, body, slot=slot, replaces=member.head),
        recording.entry(Kind.INCIDENT_LEFT, stream, {"worker": worker}),
    )

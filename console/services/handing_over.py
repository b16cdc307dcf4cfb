"""What a worker has in hand, and how all of it is given to a colleague."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.contacts import ContactState
from console.domain.help_requests import HelpRequest
from console.domain.incidents import PAIR, IncidentState
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerOnShift
from console.services.folds import Folds
from console.services.seats import Seats, Then
from console.services.writing import Outcome, Recording


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
    """Return the entries that give contacts and requests to ``taker``; nothing is written yet."""
    contacts = [_give_contact(recording, one, taker) for one in held.contacts]
    helps = [_give_help(recording, one, taker) for one in held.helps]
    return (*contacts, *helps)


def give_seats(seats: Seats, incidents: tuple[IncidentState, ...], taker: WorkerOnShift, then: Then) -> None:
    """Give one seat after another; ``then`` hears of the last one, or of the first that could not be given."""
    if not incidents:
        then(Outcome(won=True))
        return

    def given(outcome: Outcome) -> None:
        if outcome.won:
            give_seats(seats, incidents[1:], taker, then)
        else:
            then(outcome)

    seats.give(incidents[0], taker.worker, taker.name, given)


def _give_contact(recording: Recording, contact: ContactState, taker: WorkerOnShift) -> Entry:
    stream = StreamRef(StreamKind.CONTACT, contact.id)
    body = {"worker": taker.worker, "from": contact.owner}
    return recording.entry(Kind.CONTACT_TAKEN, stream, body, slot="owner", replaces=contact.owner_head)


def _give_help(recording: Recording, request: HelpRequest, taker: WorkerOnShift) -> Entry:
    stream = StreamRef(StreamKind.HELP, request.id)
    body = {"worker": taker.worker, "name": taker.name}
    return recording.entry(Kind.HELP_TAKEN, stream, body, slot="owner", replaces=request.owner_head)

"""Read models of the ledger's streams, folded once for each change.

A fold is kept beside the very tuple of items it was made from; the ledger hands out the same
tuple until the stream moves, so looking again costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Protocol, TypeVar, cast
from uuid import UUID, uuid5

from console.domain.call_log import CallRecord, fold_call
from console.domain.contacts import ContactState, fold_contact
from console.domain.derived import Around
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.ids import FACTS
from console.domain.incidents import IncidentState, fold_incident
from console.domain.items import Item
from console.domain.record import StreamKind, StreamRef
from console.domain.shifts import ShiftState, Sitting, WorkerOnShift, fold_shift
from console.domain.signals import Signal, SignalsState, Summons, fold_signals
from console.domain.telephones import newest_sittings, with_own_telephones
from console.services.link_state import LinkState, Progress

State = TypeVar("State")
_Items = tuple[Item, ...]


class Replica(Protocol):
    """What folds need of :class:`console.services.ledger.Ledger`."""

    @property
    def link(self) -> LinkState:
        """Return the state of the way to the shared record."""

    def items(self, stream: StreamRef) -> tuple[Item, ...]:
        """Return a stream's items in order."""

    def streams(self, kind: StreamKind) -> tuple[StreamRef, ...]:
        """Return the streams of a kind."""

    def moved(self, kind: StreamKind, since: int) -> tuple[int, tuple[StreamRef, ...] | None]:
        """Return the present moment, and which streams of a kind moved since an earlier one; None where any may."""

    def shared_head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest shared entry of a slot."""

    def head(self, stream: StreamRef, slot: str) -> UUID | None:
        """Return the newest entry of a slot, kept ones included."""

    def holds(self, identity: UUID) -> bool:
        """Say whether an entry is known here, kept or shared."""

    def progress(self, identity: UUID) -> Progress:
        """Return how far an entry has come."""

    def name_of(self, worker: str) -> str:
        """Return the name a worker signed in with, or the key where no sign-in is known."""

    def seen_by(self, stream: StreamRef, seq: int, author: str = "") -> tuple[str, ...]:
        """Return the workers, other than ``author``, whose cursor has passed ``seq``."""


@dataclass(slots=True)
class _Listing:
    """What the streams of one kind made at a moment of the ledger's."""

    moment: int = 0
    states: dict[StreamRef, object] = field(default_factory=dict)
    listed: tuple[object, ...] = ()


class StreamFolds:
    """One contact, incident, request, shift or call, as the ledger has it now."""

    def __init__(self, ledger: Replica) -> None:
        self._ledger = ledger
        self._made: dict[StreamRef, tuple[_Items, object]] = {}
        self._lists: dict[StreamKind, _Listing] = {}
        self._joined: dict[tuple[UUID, ...], tuple[tuple[_Items, ...], SignalsState]] = {}
        self._sittings: tuple[tuple[ShiftState, ...], Mapping[str, Sitting]] = (), {}
        self._own: dict[StreamRef, tuple[ShiftState, Mapping[str, Sitting], ShiftState]] = {}

    @property
    def ledger(self) -> Replica:
        """Return what is folded."""
        return self._ledger

    def folded(self, ref: StreamRef, fold: Callable[[_Items], State]) -> State:
        """Return a stream's fold, made anew only when the stream has moved."""
        items = self._ledger.items(ref)
        made = self._made.get(ref)
        if made is not None and made[0] is items:
            return cast(State, made[1])
        state = fold(items)
        self._made[ref] = (items, state)
        return state

    def listed(self, kind: StreamKind, fold: Callable[[_Items], State | None]) -> tuple[State, ...]:
        """Return what the streams of a kind make, without those that make nothing.

        The same tuple until one of them moves; then only those that moved are looked at, beside a day's calls.
        """
        known = self._lists.setdefault(kind, _Listing())
        known.moment, moved = self._ledger.moved(kind, known.moment)
        if moved is None:
            known.states.clear()
            moved = self._ledger.streams(kind)
        if not moved and known.states:
            return cast(tuple[State, ...], known.listed)
        others = False
        for ref in moved:
            state = self.folded(ref, fold)
            others = others or (ref in known.states) is (state is None)
            if state is None:
                known.states.pop(ref, None)
            else:
                known.states[ref] = state
        if others:
            # As they were first met, whenever they were first listed here: on every desk the oldest is the oldest.
            streams = self._ledger.streams(kind)
            known.states = {ref: known.states[ref] for ref in streams if ref in known.states}
        known.listed = tuple(known.states.values())
        return cast(tuple[State, ...], known.listed)

    def contact(self, identity: UUID) -> ContactState | None:
        """Return one contact."""
        return self.folded(StreamRef(StreamKind.CONTACT, identity), fold_contact)

    def incident(self, identity: UUID) -> IncidentState | None:
        """Return one incident."""
        return self.folded(StreamRef(StreamKind.INCIDENT, identity), fold_incident)

    def help(self, identity: UUID) -> HelpRequest | None:
        """Return one request for help."""
        return self.folded(StreamRef(StreamKind.HELP, identity), fold_help)

    def signals(self, *about: UUID) -> SignalsState:
        """Return the signals of one incident together with those of its contacts."""
        key = tuple(dict.fromkeys(about))
        parts = tuple(self._ledger.items(StreamRef(StreamKind.SIGNALS, identity)) for identity in key)
        made = self._joined.get(key)
        if made is not None and all(one is other for one, other in zip(made[0], parts, strict=True)):
            return made[1]
        state = fold_signals(item for part in parts for item in part)
        self._joined[key] = (parts, state)
        return state

    def shift(self, ref: StreamRef) -> ShiftState:
        """Return a shift; who sat down at a telephone later, in whatever shift, has it, and nobody else."""
        told, newest = self.folded(ref, fold_shift), self.sittings()
        made = self._own.get(ref)
        if made is None or made[0] is not told or made[1] is not newest:
            made = self._own[ref] = told, newest, with_own_telephones(told, newest)
        return made[2]

    def sittings(self) -> Mapping[str, Sitting]:
        """Return who sat down last at each telephone, by extension, whether or not they are still there."""
        shifts = tuple(self.folded(ref, fold_shift) for ref in self._ledger.streams(StreamKind.SHIFT))
        before = self._sittings[0]
        if len(shifts) != len(before) or any(one is not other for one, other in zip(shifts, before, strict=True)):
            self._sittings = shifts, newest_sittings(shifts)
        return self._sittings[1]

    def sits_at(self, extension: str) -> WorkerOnShift | None:
        """Return who is signed in at a telephone, in whatever shift."""
        shifts = (self.shift(ref) for ref in self._ledger.streams(StreamKind.SHIFT))
        found = (one for shift in shifts if (one := shift.holder(extension)) is not None)
        return max(found, key=lambda one: one.signed_in_at, default=None)

    def call(self, identity: UUID) -> CallRecord | None:
        """Return one call as the record tells it."""
        return self.folded(StreamRef(StreamKind.CALL, identity), fold_call)


class Folds(StreamFolds):
    """Lists of contacts, incidents, requests, calls for a second worker, and calls."""

    def contacts(self) -> tuple[ContactState, ...]:
        """Return every contact held here."""
        return self.listed(StreamKind.CONTACT, fold_contact)

    def contacts_of_call(self, call: UUID) -> tuple[ContactState, ...]:
        """Return the contacts recorded from one call, oldest first."""
        return tuple(one for one in self.contacts() if call in one.calls)

    def incidents(self) -> tuple[IncidentState, ...]:
        """Return every incident held here, in the record's order."""
        found = (self.incident(ref.id) for ref in self._in_order(StreamKind.INCIDENT))
        return tuple(one for one in found if one is not None)

    def incident_of(self, contact: UUID) -> IncidentState | None:
        """Return the live incident a contact belongs to, else the newest one it belonged to."""
        found = [one for one in self.incidents() if contact in one.contacts]
        live = [one for one in found if one.live]
        return next(iter(live or reversed(found)), None)

    def incidents_of_worker(self, worker: str) -> tuple[IncidentState, ...]:
        """Return the live incidents a worker is in."""
        return tuple(one for one in self.incidents() if one.live and one.member(worker) is not None)

    def helps(self) -> tuple[HelpRequest, ...]:
        """Return every request held here, in the record's order."""
        found = (self.help(ref.id) for ref in self._in_order(StreamKind.HELP))
        return tuple(one for one in found if one is not None and one.drafted_at is not None)

    def helps_of(self, *about: UUID | None) -> tuple[HelpRequest, ...]:
        """Return the requests of incidents or contacts, in the record's order: it is the same on every console."""
        wanted = {one for one in about if one is not None}
        return tuple(one for one in self.helps() if one.incident in wanted or one.contact in wanted)

    def _in_order(self, kind: StreamKind) -> list[StreamRef]:
        """Return streams by their first shared entry; those that are only kept here come last, as they were met."""
        return sorted(self._ledger.streams(kind), key=self._begun)

    def _begun(self, ref: StreamRef) -> float:
        items = self._ledger.items(ref)
        return items[0].seq if items and items[0].seq else inf

    def signals_of_incident(self, incident: IncidentState) -> SignalsState:
        """Return everything signalled in an incident, from before it was opened too."""
        return self.signals(incident.id, *incident.contacts)

    def summons(self) -> tuple[Summons, ...]:
        """Return every call for a second worker held here, oldest first."""
        found: list[Summons] = []
        for ref in self._ledger.streams(StreamKind.SIGNALS):
            found.extend(self.folded(ref, fold_signals).summons)
        return tuple(sorted(found, key=lambda one: one.asked_at))

    def waiting_signals(self) -> tuple[Signal, ...]:
        """Return the signals that wait for an answer, wherever they were sent."""
        found: list[Signal] = []
        for ref in self._ledger.streams(StreamKind.SIGNALS):
            found.extend(one for one in self.folded(ref, fold_signals).signals if one.waits)
        return tuple(found)

    def signalled(self, asked: Iterable[Summons]) -> Mapping[UUID, tuple[Signal, ...]]:
        """Return what each asker of a second worker has signalled and nobody answered, by the call's entry."""
        found = ((one.entry, self._signalled_by(one)) for one in asked)
        return {entry: signals for entry, signals in found if signals}

    def _signalled_by(self, summons: Summons) -> tuple[Signal, ...]:
        if summons.contact is None:
            return ()
        incident = self.incident_of(summons.contact)
        said = self.signals_of_incident(incident) if incident is not None else self.signals(summons.contact)
        return tuple(one for one in said.signals if one.waits and one.by == summons.asked_by)

    def call_log(self) -> tuple[CallRecord, ...]:
        """Return every call of the record held here."""
        return self.listed(StreamKind.CALL, fold_call)

    def around(self, contact: ContactState) -> Around:
        """Return a contact with its incident and the requests for help of both."""
        incident = self.incident_of(contact.id)
        return Around(contact, incident, self.helps_of(contact.id, incident.id if incident is not None else None))


def streams_around(incident: IncidentState) -> tuple[StreamRef, ...]:
    """Return what whoever works an incident reads: itself, its contacts, and the signals of each."""
    about = ((StreamKind.INCIDENT, incident.id), *((StreamKind.CONTACT, one) for one in incident.contacts))
    return tuple(StreamRef(kind, one) for named, one in about for kind in (named, StreamKind.SIGNALS))


def seated_in(folds: Folds, worker: str) -> UUID | None:
    """Return the live incident in which a worker has one of the two seats, the newest of several."""
    return next((one.id for one in reversed(folds.incidents_of_worker(worker)) if one.holds_seat(worker)), None)


def incident_id(folds: Folds, contact: UUID) -> UUID:
    """Return the id of the incident that stands, or would stand, around a contact.

    Made from the contact, so that two workers who open one at the same moment open the same; an
    incident that was stood down is followed by a new one.
    """
    count = 0
    while True:
        made = uuid5(FACTS, f"incident\n{contact}\n{count}")
        known = folds.incident(made)
        if known is None or known.stood_down_at is None:
            return made
        count += 1

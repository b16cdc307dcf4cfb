"""Which words had reached a worker's console by a moment: what was shared, what its doors would give, and its own.

The doors give a case's words to its members, to members of an incident that links it, and to whoever opened the record
of somebody in it; what they once gave stays on the screen.  The same rule as in the stores, over the entries alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from console.domain.reading import text
from console.domain.record import SHIFT_ROLES, Envelope, Kind, Role, Stored, StreamClass, StreamRef, decode_body
from console.domain.replay_material import LOOKED_BEFORE, Looked, Material
from console.domain.streams import Step, StreamState, advance, begin, is_structural

OPENINGS = frozenset({"opened", "opened_offline"})


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who was there: key, the name they signed in with, and the role (None where no entry tells)."""

    key: str
    name: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class Reached:
    """What one console had: the ids of entries with their words, and of those it knew to be there without."""

    read: frozenset[UUID]
    unread: frozenset[UUID]


@dataclass(slots=True)
class _Console:
    who: str
    on_shift: bool
    looks: tuple[Looked, ...]
    states: dict[StreamRef, StreamState] = field(default_factory=dict)
    entries: dict[StreamRef, list[UUID]] = field(default_factory=dict)
    read: set[UUID] = field(default_factory=set)

    def take(self, one: Stored) -> None:
        """Take one more entry as it is shared, and read what the doors give from then on."""
        at = one.envelope
        before = self.states.get(at.stream) or begin(at.stream, at.seq)
        self.states[at.stream] = advance(before, _step(one))
        self.entries.setdefault(at.stream, []).append(at.id)
        if self.who in (at.author, at.on_behalf_of):
            self.read.add(at.id)
        self.reread(at.stored_at)

    def reread(self, now: datetime) -> None:
        """Read every stream that the doors give at ``now``."""
        opened = {one.person for one in self.looks if one.action in OPENINGS and now - LOOKED_BEFORE < one.at <= now}
        for ref, state in self.states.items():
            if self._may_read(state, opened):
                self.read.update(self.entries[ref])

    def _may_read(self, state: StreamState, opened: set[UUID | None]) -> bool:
        if not self.on_shift or state.klass is StreamClass.RESTRICTED:
            return False
        linked = any(state.ref in one.links and self.who in one.members for one in self.states.values())
        return (
            state.klass is StreamClass.SHIFT
            or self.who in state.members
            or linked
            or not opened.isdisjoint(state.subjects)
        )


def reached(material: Material, worker: Worker, moment: datetime) -> Reached:
    """Return what had been shared by ``moment``, and whether this worker's console could have its words."""
    looks = tuple(one for one in material.looks if one.worker == worker.key)
    console = _Console(worker.key, worker.role is None or worker.role in SHIFT_ROLES, looks)
    shared = [one for one in material.entries if one.envelope.stored_at <= moment]
    for one in shared:
        console.take(one)
    console.reread(moment)
    read = frozenset(console.read)
    return Reached(read, frozenset(one.envelope.id for one in shared) - read)


def workers_of(entries: Iterable[Stored]) -> tuple[Worker, ...]:
    """Return who wrote something of the incident, or joined it, in the order they first appear."""
    listed = tuple(entries)
    names, roles = _signed_in(listed)
    found: dict[str, Role | None] = {}
    for one in listed:
        at = one.envelope
        if at.kind in SIGN_INS:
            continue
        found.setdefault(at.writer, at.role if not at.on_behalf_of else None)
        joined = text(one.content(), "worker") if at.kind is Kind.INCIDENT_JOINED else ""
        if joined:
            found.setdefault(joined, None)
    people = ((key, roles.get(key, role)) for key, role in found.items() if role is not Role.WITNESS)
    return tuple(Worker(key, names.get(key, key), role) for key, role in people)


def names_of(entries: Iterable[Stored]) -> Mapping[str, str]:
    """Return what workers are called, by key: whoever signed in, also who only looked on."""
    return _signed_in(entries)[0]


SIGN_INS = frozenset({Kind.SHIFT_SIGNED_IN, Kind.SHIFT_SIGNED_OUT})


def _signed_in(entries: Iterable[Stored]) -> tuple[Mapping[str, str], Mapping[str, Role]]:
    names: dict[str, str] = {}
    roles: dict[str, Role] = {}
    for one in entries:
        if one.envelope.kind is not Kind.SHIFT_SIGNED_IN:
            continue
        key = text(one.content(), "worker") or one.envelope.author
        names[key] = text(one.content(), "name") or key
        roles[key] = one.envelope.role
    return names, roles


def was_signed_in(entries: Iterable[Stored], worker: str, moment: datetime) -> bool | None:
    """Say whether a worker was signed in at ``moment``; None where no sign-in of theirs is among the entries."""
    last: bool | None = None
    for one in entries:
        at = one.envelope
        if at.kind not in SIGN_INS or (text(one.content(), "worker") or at.writer) != worker:
            continue
        if min(at.made_at, at.stored_at) <= moment:
            last = at.kind is Kind.SHIFT_SIGNED_IN
        elif last is None:
            # Signed in only afterwards: nothing stood before them yet.
            last = False
    return last


def _step(one: Stored) -> Step:
    at: Envelope = one.envelope
    content = decode_body(one.body) if one.body is not None and is_structural(at.kind) else {}
    return Step(at.kind, at.writer, at.made_at, at.seq, content)

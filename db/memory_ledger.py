"""The record in lists and dictionaries: what :class:`db.memory.MemoryStore` reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from console.domain.record import (
    SHIFT_ROLES,
    START,
    Cursor,
    Entry,
    Envelope,
    Identity,
    Kind,
    Role,
    Stored,
    StreamClass,
    StreamKind,
    StreamRef,
)
from console.domain.streams import StreamState
from db.access import FIRST_ACCESS, OPENED, OPENED_OFFLINE, OPENED_READS_FOR, AccessRow, Asked, chained
from db.reach import SlotHead


class MemoryLedger:
    """One record in memory; its owner holds a lock around every call."""

    def __init__(self, learn: Callable[[Entry], bool]) -> None:
        self._learn = learn
        self._head = START
        self._by_id: dict[UUID, Envelope] = {}
        self._slots: dict[tuple[StreamRef, str], SlotHead] = {}
        self.envelopes: list[Envelope] = []
        self.bodies: dict[UUID, str] = {}
        self.states: dict[StreamRef, StreamState] = {}
        self.looks: list[AccessRow] = []

    def head(self) -> Cursor:
        """Return the newest seq and digest."""
        return self._head

    def move_head(self, moved: Cursor) -> None:
        """Write the newest seq and digest."""
        self._head = moved

    def find(self, ids: Iterable[UUID]) -> Mapping[UUID, Envelope]:
        """Return the envelopes stored under ``ids``."""
        return {identity: self._by_id[identity] for identity in ids if identity in self._by_id}

    def slot_head(self, ref: StreamRef, name: str) -> SlotHead | None:
        """Return the newest entry of a slot."""
        return self._slots.get((ref, name))

    def slots_of(self, ref: StreamRef, author: str) -> tuple[str, ...]:
        """Return the slots of a stream whose newest entry is this author's."""
        return tuple(name for (of, name), head in self._slots.items() if of == ref and head.author == author)

    def later_heads(self, ref: StreamRef, name: str) -> tuple[UUID, ...]:
        """Return the newest entries of the slot of this name in streams of the kind begun after this one."""
        begun = self.states[ref].begun
        heads = ((of, head.head) for (of, slot), head in self._slots.items() if slot == name and of.kind is ref.kind)
        return tuple(head for of, head in heads if self.states[of].begun > begun)

    def body_of(self, identity: UUID) -> str:
        """Return the words of an entry."""
        return self.bodies.get(identity, "{}")

    def insert(self, envelope: Envelope, body: str) -> None:
        """Store an envelope and its body, and make it its slot's head."""
        self.envelopes.append(envelope)
        self._by_id[envelope.id] = envelope
        self.bodies[envelope.id] = body
        if envelope.slot:
            new = SlotHead(envelope.id, envelope.author, envelope.stored_at)
            self._slots[envelope.stream, envelope.slot] = new

    def state(self, ref: StreamRef, *, whole: bool) -> StreamState | None:
        """Return what a stream is; always whole here."""
        return self.states.get(ref)

    def put_state(self, before: StreamState | None, after: StreamState) -> None:
        """Write what a stream has become."""
        self.states[after.ref] = after

    def learn(self, entry: Entry) -> bool:
        """Bring an entry into the tables of people."""
        return self._learn(entry)

    def write_access(self, asked: Asked, at: datetime) -> None:
        """Put a row on the access log."""
        previous = self.looks[-1].digest if self.looks else FIRST_ACCESS
        self.looks.append(chained(previous, len(self.looks) + 1, asked, at))

    def is_restricted(self, person: UUID) -> bool:
        """Say whether a manager restricted a person's record."""
        state = self.states.get(StreamRef(StreamKind.PERSON, person))
        return state is not None and state.klass is StreamClass.RESTRICTED

    def stored(self, who: Identity, envelope: Envelope, now: datetime) -> Stored:
        """Return an envelope with its body where ``who`` may read it."""
        return Stored(envelope, self.bodies.get(envelope.id) if self._may_read(who, envelope, now) else None)

    def _may_read(self, who: Identity, envelope: Envelope, now: datetime) -> bool:
        if self.states[envelope.stream].klass is StreamClass.RESTRICTED:
            return False
        if who.role is Role.WITNESS and envelope.kind is Kind.SHIFT_ASKED:
            return True
        return who.worker in (envelope.author, envelope.on_behalf_of) or self.may_read_stream(who, envelope.stream, now)

    def may_read_stream(self, who: Identity, ref: StreamRef, now: datetime) -> bool:
        """Say whether ``who`` reads all of a stream (the rule of :func:`db.reading.may_read_stream`)."""
        state = self.states.get(ref)
        if state is None or state.klass is StreamClass.RESTRICTED or who.role not in SHIFT_ROLES:
            return False
        if state.klass is StreamClass.SHIFT or who.worker in state.members or self._is_linked(who, ref):
            return True
        return any(self._has_opened(who, person, now) for person in state.subjects)

    def _is_linked(self, who: Identity, ref: StreamRef) -> bool:
        return any(ref in state.links and who.worker in state.members for state in self.states.values())

    def _has_opened(self, who: Identity, person: UUID, now: datetime) -> bool:
        return not self.is_restricted(person) and any(
            look.person == person
            and look.worker == who.worker
            and look.action in (OPENED, OPENED_OFFLINE)
            and look.at > now - OPENED_READS_FOR
            for look in self.looks
        )

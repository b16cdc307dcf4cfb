"""Who may open case words to somebody by an entry: whoever reads them already, was called to them, or is a manager.

Members, subjects and links decide who reads (:mod:`console.domain.streams`), and every shift role may write the kinds
that make them.  So the door asks who writes them, whatever a console would have offered (decision 0014).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from console.domain.reading import text
from console.domain.record import (
    MANAGERS,
    SHIFT_CLASS_KINDS,
    Entry,
    Envelope,
    Identity,
    Kind,
    StreamKind,
    StreamRef,
    decode_body,
)
from console.domain.shifts import extension_slot
from console.domain.streams import StreamState, named_by

SUMMONS = "summons:"
"""Slots of acceptances; behind it stands the entry of the call for a second worker."""
OWNER = "owner"
"""The slot of who must finish a contact."""
_OPENS = frozenset(
    {
        Kind.CONTACT_OPENED,
        Kind.CONTACT_TAKEN,
        Kind.CONTACT_SUBJECT_ADDED,
        Kind.PERSON_CREATED,
    }
)
"""Kinds by which a stream's words are opened to somebody.  Not joining an incident: any worker of the shift comes in to
help, and everybody in it is shown that they are there."""
_TIES = frozenset({Kind.INCIDENT_OPENED, Kind.INCIDENT_LINKED})
"""Kinds by which the words of other streams are opened to an incident's members."""


@dataclass(frozen=True, slots=True)
class SlotHead:
    """The newest entry of a slot."""

    head: UUID
    author: str
    stored_at: datetime


class Reach(Protocol):
    """What is asked of a store, inside the write transaction, to know who reads what."""

    def find(self, ids: Iterable[UUID]) -> Mapping[UUID, Envelope]:
        """Return the envelopes already stored under these ids."""

    def slot_head(self, stream: StreamRef, slot: str) -> SlotHead | None:
        """Return the newest entry of a slot."""

    def slots_of(self, stream: StreamRef, author: str) -> tuple[str, ...]:
        """Return the names of the slots of a stream whose newest entry is this author's."""

    def later_heads(self, stream: StreamRef, slot: str) -> tuple[UUID, ...]:
        """Return the newest entries of the slot of this name in streams of the kind begun after this one."""

    def body_of(self, identity: UUID) -> str:
        """Return the words of an entry; an empty object where there are none."""

    def state(self, stream: StreamRef, *, whole: bool) -> StreamState | None:
        """Return what a stream is; without ``whole`` its sets may be left empty."""

    def may_read_stream(self, who: Identity, stream: StreamRef, now: datetime) -> bool:
        """Say whether ``who`` reads all of a stream."""


def opens_what_is_not_read(reach: Reach, entry: Entry, now: datetime) -> bool:
    """Say whether an entry would open a stream's words, its own or another's, by somebody who does not read them.

    What nobody has begun may be begun by anybody, and a contact that was put down be taken by anybody.
    """
    gate = _Gate(reach, entry, now)
    if entry.kind in _OPENS and reach.state(entry.stream, whole=False) is not None and not gate.inside(entry.stream):
        return not (entry.kind is Kind.CONTACT_TAKEN and gate.takes_what_nobody_has(entry))
    return entry.kind in _TIES and any(gate.bars(ref) for ref in named_by(entry.kind, entry.content()))


def sits_there(reach: Reach, entry: Entry) -> bool:
    """Say whether who asks something of a telephone is signed in with it, in the shift that the entry is about.

    Not where somebody else sat down at it in a shift since, whether or not they are still there.
    """
    writer, extension = entry.on_behalf_of or entry.author, text(entry.content(), "extension")
    slot = extension_slot(extension, writer)
    head = reach.slot_head(entry.stream, slot)
    if head is None or head.author != writer or not extension:
        return False
    known = reach.find([head.head]).get(head.head)
    if known is None or known.kind is not Kind.SHIFT_SIGNED_IN:
        return False
    since = reach.find(reach.later_heads(entry.stream, slot)).values()
    return not any(one.author != writer and one.made_at > known.made_at for one in since)


class _Gate:
    """What the writer of an entry may open; also where a colleague delivered it."""

    def __init__(self, reach: Reach, of: Entry | Envelope, now: datetime) -> None:
        self._reach = reach
        self._who = Identity(of.on_behalf_of or of.author, "", of.role, of.station)
        self._now = now

    def inside(self, ref: StreamRef) -> bool:
        """Say whether the writer reads a stream, or comes in as a manager, who answers for the night."""
        return self._who.role in MANAGERS or self._reach.may_read_stream(self._who, ref, self._now)

    def bars(self, ref: StreamRef) -> bool:
        """Say whether the writer may open a stream to nobody."""
        if ref.kind in SHIFT_CLASS_KINDS or self.inside(ref):
            return False
        if ref.kind is not StreamKind.CONTACT:
            return True
        # Not known yet: of a record that went back, whose writers offer their entries again in any order.
        return self._reach.state(ref, whole=False) is not None and not self._was_called(ref)

    def _was_called(self, contact: StreamRef) -> bool:
        """Say whether the writer accepted a call for a second worker by somebody who reads the contact."""
        signals = StreamRef(StreamKind.SIGNALS, contact.id)
        slots = self._reach.slots_of(signals, self._who.worker)
        calls = [made for slot in slots if slot.startswith(SUMMONS) and (made := _id_of(slot)) is not None]
        return any(self._calls(one, signals, contact) for one in self._reach.find(calls).values())

    def _calls(self, summons: Envelope, signals: StreamRef, contact: StreamRef) -> bool:
        asks = summons.kind is Kind.SUMMONS_SENT and summons.stream == signals
        return asks and _Gate(self._reach, summons, self._now).inside(contact)

    def takes_what_nobody_has(self, taking: Entry) -> bool:
        """Say whether somebody who reads the contact put it down for anybody, and this act was decided on that."""
        before = taking.expects.head if taking.expects is not None and taking.slot == OWNER else None
        found = self._reach.find([before]).get(before) if before is not None else None
        if found is None or found.kind is not Kind.CONTACT_TAKEN or found.stream != taking.stream:
            return False
        has = text(decode_body(self._reach.body_of(found.id)), "worker")
        return not has and _Gate(self._reach, found, self._now).inside(found.stream)


def _id_of(slot: str) -> UUID | None:
    written = slot.removeprefix(SUMMONS)
    try:
        found = UUID(written)
    except ValueError:
        return None
    return found if str(found) == written else None

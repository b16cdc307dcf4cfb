"""What a stream is, derived from a few structural kinds: class, subjects, members, open or closed.

Every store derives the same; this pure function is the reference (architecture.md 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from console.domain.reading import identity, text
from console.domain.record import SHIFT_CLASS_KINDS, Kind, StreamClass, StreamKind, StreamRef

HELP_ENDS = frozenset({"completed", "cancelled"})
"""States in which a request for help is over.  Declined and failed are not among them: somebody is without help.

Whether an alternative was found is for the fold to say (:attr:`console.domain.help_requests.HelpRequest.open`).
"""


@dataclass(frozen=True, slots=True)
class StreamState:
    """A stream as derived from its entries so far.

    ``begun`` and ``version`` are the seq of its first and newest entry; ``links`` are the
    contacts and calls that an incident holds together: its members read those too.
    """

    ref: StreamRef
    klass: StreamClass
    begun: int
    version: int
    subjects: frozenset[UUID] = frozenset()
    members: frozenset[str] = frozenset()
    links: frozenset[StreamRef] = frozenset()
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What of one entry matters here; ``writer`` is whose words it holds, not who delivered them."""

    kind: Kind
    writer: str
    made_at: datetime
    seq: int
    content: Mapping[str, Any]


def begin(ref: StreamRef, seq: int) -> StreamState:
    """Return the state of a stream of which nothing is known but that ``seq`` is its first entry."""
    klass = StreamClass.SHIFT if ref.kind in SHIFT_CLASS_KINDS else StreamClass.CASE
    subjects = frozenset({ref.id}) if ref.kind is StreamKind.PERSON else frozenset[UUID]()
    return StreamState(ref, klass, seq, seq, subjects)


def advance(state: StreamState, step: Step) -> StreamState:
    """Return the state after one more entry."""
    state = replace(state, version=step.seq)
    rule = _RULES.get(step.kind)
    return state if rule is None else rule(state, step)


def is_structural(kind: Kind) -> bool:
    """Say whether entries of ``kind`` can change more than a stream's version."""
    return kind in _RULES


def named_by(kind: Kind, content: Mapping[str, Any]) -> frozenset[StreamRef]:
    """Return the streams that an entry ties to its own."""
    if kind is Kind.INCIDENT_OPENED:
        found = ((other, identity(content, other.value)) for other in (StreamKind.CONTACT, StreamKind.CALL))
        return frozenset(StreamRef(other, found_id) for other, found_id in found if found_id is not None)
    if kind is Kind.INCIDENT_LINKED:
        try:
            return frozenset({StreamRef.parse(text(content, "stream"))})
        except ValueError:
            return frozenset()
    return frozenset()


def _opened(state: StreamState, step: Step) -> StreamState:
    members = state.members | {step.writer}
    return _linked(replace(state, opened_at=state.opened_at or step.made_at, members=members), step)


def _begun_without_members(state: StreamState, step: Step) -> StreamState:
    return replace(state, opened_at=state.opened_at or step.made_at)


def _closed(state: StreamState, step: Step) -> StreamState:
    return replace(state, closed_at=state.closed_at or step.made_at)


def _subject_added(state: StreamState, step: Step) -> StreamState:
    person = identity(step.content, "person")
    return state if person is None else replace(state, subjects=state.subjects | {person})


def _wrong_person(state: StreamState, step: Step) -> StreamState:
    person = identity(step.content, "person")
    return state if person is None else replace(state, subjects=state.subjects - {person})


def _worker_in(state: StreamState, step: Step) -> StreamState:
    worker = text(step.content, "worker")
    return replace(state, members=state.members | {worker}) if worker else state


def _worker_out(state: StreamState, step: Step) -> StreamState:
    return replace(state, members=state.members - {text(step.content, "worker")})


def _linked(state: StreamState, step: Step) -> StreamState:
    return replace(state, links=state.links | named_by(step.kind, step.content))


def _help_changed(state: StreamState, step: Step) -> StreamState:
    over = text(step.content, "state") in HELP_ENDS
    return replace(state, closed_at=(state.closed_at or step.made_at) if over else None)


def _restricted(state: StreamState, step: Step) -> StreamState:
    return replace(state, klass=StreamClass.RESTRICTED)


_RULES: dict[Kind, Callable[[StreamState, Step], StreamState]] = {
    Kind.CALL_SEEN: _begun_without_members,
    Kind.CALL_ENDED: _closed,
    Kind.CONTACT_OPENED: _opened,
    Kind.CONTACT_SUBJECT_ADDED: _subject_added,
    Kind.CONTACT_WRONG_PERSON: _wrong_person,
    Kind.CONTACT_TAKEN: _worker_in,
    Kind.CONTACT_COMPLETED: _closed,
    Kind.INCIDENT_OPENED: _opened,
    Kind.INCIDENT_LINKED: _linked,
    Kind.INCIDENT_JOINED: _worker_in,
    Kind.INCIDENT_LEFT: _worker_out,
    Kind.INCIDENT_STOOD_DOWN: _closed,
    Kind.HELP_DRAFTED: _begun_without_members,
    Kind.HELP_CHANGED: _help_changed,
    Kind.PERSON_CREATED: _opened,
    Kind.PERSON_RESTRICTED: _restricted,
}

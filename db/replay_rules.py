"""What an incident's replay holds and leaves out: the rules that every store keeps.

PostgreSQL keeps them in its doors (``sql/12_replay.sql``); one contract suite runs over both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.record import Envelope, Identity, Kind, Stored, StreamClass, StreamKind, StreamRef
from console.domain.replay_material import LOOKED_AFTER, LOOKED_BEFORE, SIGNED_IN_BEFORE, Looked
from console.domain.streams import StreamState
from db.access import LISTED, OPENED, OPENED_OFFLINE, REFUSED, AccessRow

SIGN_INS = frozenset({Kind.SHIFT_SIGNED_IN, Kind.SHIFT_SIGNED_OUT})
LOOKS = frozenset({LISTED, OPENED, OPENED_OFFLINE, REFUSED})


@dataclass(frozen=True, slots=True)
class Span:
    """When the first and the last entry of an incident were shared."""

    first: datetime
    last: datetime

    def holds_sign_in(self, at: datetime) -> bool:
        """Say whether a sign-in at ``at`` may still hold while it lasted."""
        return self.first - SIGNED_IN_BEFORE <= at <= self.last

    def holds_look(self, at: datetime) -> bool:
        """Say whether a look at ``at`` belongs to it."""
        return self.first - LOOKED_BEFORE <= at <= self.last + LOOKED_AFTER


def span_of(envelopes: Iterable[Envelope]) -> Span | None:
    """Return when the entries were shared, None for none."""
    times = [envelope.stored_at for envelope in envelopes]
    return Span(min(times), max(times)) if times else None


def named_around(incident: StreamState) -> tuple[StreamRef, ...]:
    """Return the streams that an incident names: itself, what it links, and the signals beside them."""
    near = (incident.ref.id, *(ref.id for ref in sorted(incident.links) if ref.kind is StreamKind.CONTACT))
    signals = (StreamRef(StreamKind.SIGNALS, one) for one in near)
    return tuple(dict.fromkeys((incident.ref, *sorted(incident.links), *signals)))


def asks_for(body: str, incident: StreamState) -> bool:
    """Say whether the words of a drafted request name this incident, or a contact in it."""
    near = {incident.ref.id} | {ref.id for ref in incident.links if ref.kind is StreamKind.CONTACT}
    return any(str(one) in body for one in near)


def is_hidden(states: Collection[StreamState], is_restricted: Callable[[UUID], bool]) -> bool:
    """Say whether somebody in it has a restricted record: then only own words of its cases are given."""
    subjects = frozenset[UUID]().union(*(state.subjects for state in states))
    return any(state.klass is StreamClass.RESTRICTED for state in states) or any(map(is_restricted, subjects))


def given(who: Identity, envelope: Envelope, body: str | None, klass: StreamClass, *, hidden: bool) -> Stored:
    """Return an entry with its words, or without them where they are not for a replay."""
    own = who.worker in (envelope.author, envelope.on_behalf_of)
    opens = klass is not StreamClass.RESTRICTED and (klass is not StreamClass.CASE or not hidden or own)
    return Stored(envelope, body if opens and not envelope.is_unknown else None)


def is_look(row: AccessRow, span: Span, calls: Collection[UUID], chosen: Collection[str]) -> bool:
    """Say whether a row of the access log belongs to it; ``chosen`` are the words of whom the contacts were about."""
    if row.action not in LOOKS or not span.holds_look(row.at):
        return False
    return row.call in calls or (row.person is not None and any(str(row.person) in words for words in chosen))


def looked(row: AccessRow) -> Looked:
    """Return what of a look is told: no reason, no question."""
    return Looked(row.at, row.worker, row.action, row.person, row.call)

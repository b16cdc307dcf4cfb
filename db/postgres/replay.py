"""An incident's replay through the doors of PostgreSQL (``sql/12_replay.sql``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from console.domain.record import Identity, SeenMark, StreamKind, StreamRef, from_micros
from console.domain.replay_material import Looked, Material
from console.ports.store import Ticket
from db.postgres.lines import Lines
from db.postgres.rows import stored_of_row


def material_of_team(
    lines: Lines,
    who: Identity,
    ticket: Ticket,
    seen: Callable[[Iterable[StreamRef]], tuple[SeenMark, ...]],
) -> Material:
    """Return everything of an incident for a ticket."""
    entries = tuple(map(stored_of_row, lines.rows("replay", who.role.value, ticket.id)))
    looks = tuple(
        Looked(from_micros(at), worker, action, person, call)
        for at, worker, action, person, call in lines.rows("replay_looks", who.role.value, ticket.id)
    )
    incident = next(one.envelope.stream.id for one in entries if one.envelope.stream.kind is StreamKind.INCIDENT)
    return Material(incident, entries, looks, seen({one.envelope.stream for one in entries}))

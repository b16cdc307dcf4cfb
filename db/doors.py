"""The doors ``look`` and ``open`` in SQL: a ticket is taken in a later transaction than it was given in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from console.domain.record import Identity, StreamClass, StreamKind, micros
from console.ports.store import Ticket
from db.access import AccessRow, check_ticket, listed_with
from db.mapping import access_of_row
from db.people_link import is_restricted_by_import
from db.schema import access, stream, ticket_used


def take_ticket(connection: Connection, who: Identity, ticket: Ticket, action: str, now: datetime) -> AccessRow:
    """Use a ticket up and return what it was given for; raises :class:`NoTicket`."""
    row = connection.execute(select(*access.c).where(access.c.id == ticket.id)).one_or_none()
    used = connection.scalar(select(ticket_used.c.id).where(ticket_used.c.id == ticket.id)) is not None
    good = check_ticket(access_of_row(row) if row is not None else None, who, action, now, used=used)
    connection.execute(insert(ticket_used), {"id": ticket.id, "at": micros(now)})
    return good


def listed_relatives(connection: Connection, ticket: Ticket) -> set[UUID]:
    """Return whose numbers the access log says are shown with the record that ``ticket`` opens."""
    log = access.c
    opening = select(log.seq).where(log.id == ticket.id).scalar_subquery()
    beside = select(log.person).where(log.seq > opening, log.question == listed_with(ticket.id))
    return {person for person in connection.scalars(beside) if person is not None}


def is_restricted(connection: Connection, person: UUID) -> bool:
    """Say whether a person's record is restricted, by import or by a manager tonight."""
    tonight = connection.scalar(
        select(stream.c.klass).where(stream.c.stream_kind == StreamKind.PERSON.value, stream.c.stream_id == person)
    )
    return is_restricted_by_import(connection, person) or tonight == StreamClass.RESTRICTED.value

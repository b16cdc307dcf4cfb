"""People in the shared record: the module that the stores use.

``find_candidates`` and ``read_person`` are called behind the ticketed doors only (``look`` and
``open``); ``learn_person`` inside the transaction of ``append``; ``list_agencies`` by anybody.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.engine import Connection

from console.domain.people import (
    Agency,
    DobCertainty,
    Line,
    PastContact,
    PersonRecord,
    PlanStatus,
    Professional,
    Relation,
)
from console.domain.text import NightdeskError
from db.people_cards import RESTRICTED, addresses_of, line_of, markers_of, masked, restricted_among
from db.people_find import find_candidates
from db.people_learn import learn_person
from db.people_schema import agency, past_contact, person, person_helper, person_name, person_on_line, relationship

__all__ = ["RestrictedRecord", "UnknownPerson", "find_candidates", "learn_person", "list_agencies", "read_person"]

HISTORY = 200
"""How many earlier contacts a record brings."""


class UnknownPerson(NightdeskError):
    """There is no such person in this record."""


class RestrictedRecord(NightdeskError):
    """The record is restricted; nothing of it was read."""


def read_person(connection: Connection, identity: UUID, today: date) -> PersonRecord:
    """Return one person's record.

    ``history`` is of the time before this record, newest first; contacts of this record and
    ``open_work`` are added by whoever has their cards.  A merged or restricted person raises.
    """
    row = connection.execute(select(*person.c).where(person.c.id == identity)).one_or_none()
    if row is None:
        message = "There is no such person in this record.  Nothing was opened; search again by name or number."
        raise UnknownPerson(message)
    if row.restricted or restricted_among(connection, [identity]):
        message = f"{RESTRICTED}.  Nothing was opened."
        raise RestrictedRecord(message)
    return _record(connection, row, today)


def _record(connection: Connection, row: Row[Any], today: date) -> PersonRecord:
    signs = markers_of(connection, [row.id])[row.id]
    homes = addresses_of(connection, [row.id], today)[row.id]
    return PersonRecord(
        row.id,
        row.family,
        row.given,
        row.born,
        DobCertainty(row.dob_certainty),
        row.claimed_age,
        row.gender,
        row.reference,
        row.authority,
        row.language,
        PlanStatus(row.plan),
        row.plan_as_at,
        tuple(masked(home, signs) for home in homes),
        _lines(connection, row.id, today),
        tuple(signs),
        _relations(connection, row.id),
        _history(connection, row.id),
        (),
        row.source,
        _known_as(connection, row.id),
        _professionals(connection, row.id),
        row.interpreter,
        row.communication,
        row.plan_source,
        row.deceased_on,
    )


def _lines(connection: Connection, identity: UUID, today: date) -> tuple[Line, ...]:
    on = person_on_line.c
    rows = connection.execute(
        select(on.e164, on.until).where(on.person == identity).order_by(on.confirmed_on.desc(), on.e164)
    )
    numbers = [row.e164 for row in rows if row.until is None or row.until > today]
    found = (line_of(connection, number, _people_on(connection, number, today)) for number in numbers)
    return tuple(one for one in found if one is not None)


def _people_on(connection: Connection, e164: str, today: date) -> int:
    rows = connection.scalars(select(person_on_line.c.until).where(person_on_line.c.e164 == e164))
    return sum(until is None or until > today for until in rows)


def _relations(connection: Connection, identity: UUID) -> tuple[Relation, ...]:
    tie, who = relationship.c, person.c
    query: Select[Any] = (
        select(*relationship.c, who.family, who.given, who.born, who.restricted)
        .join(person, who.id == tie.other)
        .where(tie.person == identity)
        .order_by(tie.next_of_kin.desc(), who.sort_name, tie.other)
    )
    rows = connection.execute(query).all()
    closed = restricted_among(connection, [row.other for row in rows])
    return tuple(_relation(row, restricted=row.restricted or row.other in closed) for row in rows)


def _relation(row: Row[Any], *, restricted: bool) -> Relation:
    if restricted:
        return Relation(row.other, RESTRICTED, "", None)
    name = f"{row.given} {row.family}".strip()
    return Relation(row.other, name, row.kind, row.born, row.parental_responsibility, row.contact_rule, row.next_of_kin)


def _history(connection: Connection, identity: UUID) -> tuple[PastContact, ...]:
    past = past_contact.c
    rows = connection.execute(
        select(*past).where(past.person == identity).order_by(past.on.desc(), past.id.desc()).limit(HISTORY)
    )
    return tuple(PastContact(row.id, row.on, row.text, row.authority) for row in rows)


def _known_as(connection: Connection, identity: UUID) -> tuple[str, ...]:
    name = person_name.c
    return tuple(connection.scalars(select(name.shown).where(name.person == identity, name.kind == "known_as")))


def _professionals(connection: Connection, identity: UUID) -> tuple[Professional, ...]:
    rows = connection.execute(select(*person_helper.c).where(person_helper.c.person == identity))
    return tuple(Professional(row.role, row.name, row.number) for row in rows)


def list_agencies(connection: Connection) -> tuple[Agency, ...]:
    """Return the directory of agencies, by name."""
    rows = connection.execute(select(*agency.c).order_by(agency.c.key))
    return tuple(
        Agency(row.id, row.name, row.kind, row.area, row.number, row.verified_on, row.verified_by) for row in rows
    )

"""People in the shared record: the module that the stores use.

``find_candidates`` and ``read_person`` are called behind the ticketed doors only (``look`` and
``open``); ``learn_person`` inside the transaction of ``append``; ``list_agencies`` by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Connection

from console.domain.agency_checks import SLOT, check_of, with_check
from console.domain.people import (
    Agency,
    Candidates,
    DobCertainty,
    Line,
    PastContact,
    PersonRecord,
    PlanStatus,
    Professional,
    Relation,
)
from console.domain.record import Kind, StreamKind, decode_body, from_micros
from console.domain.rota import Duty
from console.domain.text import NightdeskError
from console.ports.store import Look
from db.people_cards import RESTRICTED, addresses_of, line_of, markers_of, masked
from db.people_find import answer
from db.people_learn import learn_person
from db.people_rows import PeopleRows
from db.people_schema import agency
from db.people_sql import SqlPeople
from db.rota import read_rota
from db.schema import entry, entry_body, slot

__all__ = [
    "RestrictedRecord",
    "UnknownPerson",
    "find_candidates",
    "learn_person",
    "list_agencies",
    "list_duties",
    "numbered_relatives",
    "read_person",
    "record_of",
]


class UnknownPerson(NightdeskError):
    """There is no such person in this record."""


class RestrictedRecord(NightdeskError):
    """The record is restricted; nothing of it was read."""


def read_person(connection: Connection, identity: UUID, today: date) -> PersonRecord:
    """Return one person's record; see :func:`record_of`."""
    return record_of(SqlPeople(connection), identity, today)


def numbered_relatives(connection: Connection, identity: UUID, today: date) -> tuple[UUID, ...]:
    """Return those whose numbers a record shows beside its own, by id: they stand on the access log too."""
    ties = _relations(SqlPeople(connection), identity, today)
    return tuple(sorted({tie.person for tie in ties if tie.lines}))


def find_candidates(connection: Connection, question: Look, today: date) -> Candidates:
    """Answer a look; see :func:`db.people_find.answer`."""
    return answer(SqlPeople(connection), question, today)


def record_of(rows: PeopleRows, identity: UUID, today: date) -> PersonRecord:
    """Return one person's record.

    ``history`` is of the time before this record, newest first; contacts of this record and
    ``open_work`` are added by whoever has their cards.  A merged or restricted person raises.
    """
    row = next(iter(rows.people([identity])), None)
    if row is None:
        message = "There is no such person in this record.  Nothing was opened; search again by name or number."
        raise UnknownPerson(message)
    if row.restricted or rows.closed([identity]):
        message = f"{RESTRICTED}.  Nothing was opened."
        raise RestrictedRecord(message)
    return _record(rows, row, today)


def _record(rows: PeopleRows, row: Any, today: date) -> PersonRecord:  # noqa: ANN401  a row
    signs = markers_of(rows, [row.id])[row.id]
    homes = addresses_of(rows, [row.id], today)[row.id]
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
        _lines(rows, row.id, today),
        tuple(signs),
        _relations(rows, row.id, today),
        _history(rows, row.id),
        (),
        row.source,
        tuple(rows.known_as(row.id)),
        _professionals(rows, row.id),
        row.interpreter,
        row.communication,
        row.plan_source,
        row.deceased_on,
    )


def _lines(rows: PeopleRows, identity: UUID, today: date) -> tuple[Line, ...]:
    found = (line_of(rows, number, _people_on(rows, number, today)) for number in rows.numbers(identity, today))
    return tuple(one for one in found if one is not None)


def _people_on(rows: PeopleRows, e164: str, today: date) -> int:
    return sum(until is None or until > today for until in rows.untils(e164))


def _relations(rows: PeopleRows, identity: UUID, today: date) -> tuple[Relation, ...]:
    ties = list(rows.relations(identity))
    others = [tie.other for tie in ties]
    closed = rows.closed(others)
    silent = rows.not_to_ring(others, today)
    return tuple(
        _closed_relation(tie.other)
        if tie.restricted or tie.other in closed
        else _relation(tie, _lines(rows, tie.other, today), do_not_ring=tie.other in silent)
        for tie in ties
    )


def _closed_relation(other: UUID) -> Relation:
    return Relation(other, RESTRICTED, "", None, restricted=True)


def _relation(row: Any, lines: tuple[Line, ...], *, do_not_ring: bool) -> Relation:  # noqa: ANN401  a row
    return Relation(
        row.other,
        f"{row.given} {row.family}".strip(),
        row.kind,
        row.born,
        row.parental_responsibility,
        row.contact_rule,
        row.next_of_kin,
        row.order_ref,
        lines=lines,
        do_not_ring=do_not_ring,
        deceased_on=row.deceased_on,
        until=row.until,
    )


def _history(rows: PeopleRows, identity: UUID) -> tuple[PastContact, ...]:
    return tuple(PastContact(row.id, row.on, row.text, row.authority) for row in rows.history(identity))


def _professionals(rows: PeopleRows, identity: UUID) -> tuple[Professional, ...]:
    return tuple(Professional(row.role, row.name, row.number) for row in rows.helpers(identity))


def list_agencies(connection: Connection, *, checks: bool) -> tuple[Agency, ...]:
    """Return the directory of agencies, by name; with ``checks`` each with the newest word on its number."""
    rows = connection.execute(select(*agency.c).order_by(agency.c.key))
    if not checks:
        return agencies_of(rows, ())
    newest = connection.execute(
        select(slot.c.stream_id, entry.c.author, entry.c.made_at, entry_body.c.body)
        .join(entry, entry.c.id == slot.c.head)
        .join(entry_body, entry_body.c.id == slot.c.head)
        .where(slot.c.stream_kind == StreamKind.AGENCY.value, slot.c.slot == SLOT)
        .where(entry.c.kind == Kind.AGENCY_CHECKED.value)
    )
    return agencies_of(rows, newest)


def agencies_of(rows: Iterable[Any], newest: Iterable[Sequence[Any]]) -> tuple[Agency, ...]:
    """Return the directory of its rows; ``newest`` are (agency, author, microseconds, body) of the newest checks."""
    checks = {
        identity: check_of(identity, decode_body(body), author, from_micros(at))
        for identity, author, at, body in newest
    }
    return tuple(with_check(_agency(row), checks.get(row.id)) for row in rows)


def _agency(row: Any) -> Agency:  # noqa: ANN401  a row
    return Agency(row.id, row.name, row.kind, row.area, row.number, row.verified_on, row.verified_by)


def list_duties(connection: Connection, since: datetime, until: datetime) -> tuple[Duty, ...]:
    """Return who is on the rota between the two; see :func:`db.rota.read_rota`."""
    return read_rota(connection, since, until)

"""What is shown of people who were found: candidates, lines, addresses and markers, read in few steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, func, select
from sqlalchemy.engine import Connection

from console.domain.calendar import local
from console.domain.people import Address, Candidate, DobCertainty, Line, Marker, MatchKind, Rank
from console.domain.record import StreamClass, StreamKind, from_micros
from db.people_schema import address, line, line_call, marker, past_contact, person, person_address
from db.schema import stream, stream_subject

RESTRICTED = "A restricted record: call the duty manager"
HIDDEN = "Address must not be disclosed"
_RANKS = {rank: place for place, rank in enumerate(Rank)}

# Built once: a ring asks all of these, and building them would take as long as running them.
_THESE: BindParameter[Any] = bindparam("people", expanding=True)
_PEOPLE = select(*person.c).where(person.c.id.in_(_THESE))
_CLOSED = select(stream.c.stream_id).where(
    stream.c.stream_kind == StreamKind.PERSON.value,
    stream.c.klass == StreamClass.RESTRICTED.value,
    stream.c.stream_id.in_(_THESE),
)
_HOMES = (
    select(
        person_address.c.person,
        person_address.c.kind,
        person_address.c.as_at,
        person_address.c.until,
        person_address.c.do_not_disclose,
        *address.c,
    )
    .join(address, address.c.id == person_address.c.address)
    .where(person_address.c.person.in_(_THESE))
)
_MARKERS = select(*marker.c).where(marker.c.subject_id.in_(_THESE))
_BEFORE = (
    select(past_contact.c.person, func.max(past_contact.c.on))
    .where(past_contact.c.person.in_(_THESE))
    .group_by(past_contact.c.person)
)
_TONIGHT = (
    select(stream_subject.c.person, func.max(stream.c.opened_at))
    .join(
        stream,
        (stream.c.stream_kind == stream_subject.c.stream_kind) & (stream.c.stream_id == stream_subject.c.stream_id),
    )
    .where(
        stream_subject.c.person.in_(_THESE),
        stream_subject.c.stream_kind == StreamKind.CONTACT.value,
        stream.c.opened_at.is_not(None),
    )
    .group_by(stream_subject.c.person)
)
_LINE = select(*line.c).where(line.c.e164 == bindparam("number"))
_CALLS = select(func.count(), func.max(line_call.c.at)).where(
    line_call.c.e164 == bindparam("number"), line_call.c.call != bindparam("but_call")
)
_NO_CALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Found:
    """One person found, and why."""

    person: UUID
    match: MatchKind
    reason: str
    confirmed_on: date | None = None


def candidates_of(connection: Connection, found: Sequence[Found], today: date) -> tuple[Candidate, ...]:
    """Return candidates in the order found; restricted ones say nothing personal."""
    people = [one.person for one in found]
    rows = {row.id: row for row in connection.execute(_PEOPLE, {"people": people})}
    closed = restricted_among(connection, people)
    open_people = {identity for identity in people if not rows[identity].restricted and identity not in closed}
    homes = addresses_of(connection, open_people, today)
    signs = markers_of(connection, open_people)
    last = last_contacts(connection, open_people)
    return tuple(
        _candidate(one, rows[one.person], homes[one.person], signs[one.person], last.get(one.person))
        if one.person in open_people
        else _closed(one)
        for one in found
    )


def _candidate(
    one: Found, row: Row[Any], homes: Sequence[Address], signs: Sequence[Marker], last: date | None
) -> Candidate:
    return Candidate(
        row.id,
        row.family,
        row.given,
        row.born,
        DobCertainty(row.dob_certainty),
        row.gender,
        row.reference,
        one.match,
        one.reason,
        one.confirmed_on,
        last,
        masked(homes[0], signs) if homes else None,
        tuple(signs),
        deceased_on=row.deceased_on,
    )


def _closed(one: Found) -> Candidate:
    return Candidate(
        one.person, "", "", None, DobCertainty.UNKNOWN, "", "", one.match, RESTRICTED, None, None, None, restricted=True
    )


def restricted_among(connection: Connection, people: Collection[UUID]) -> set[UUID]:
    """Return those whose record was restricted tonight, by an entry."""
    return set(connection.scalars(_CLOSED, {"people": list(people)}))


def addresses_of(connection: Connection, people: Collection[UUID], today: date) -> Mapping[UUID, list[Address]]:
    """Return addresses by person: present ones first, the latest known first."""
    rows = connection.execute(_HOMES, {"people": list(people)})
    homes: dict[UUID, list[Address]] = defaultdict(list)
    for row in rows:
        lines = tuple(row.lines.split("\n"))
        home = Address(row.id, lines, row.postcode, row.kind, row.as_at, row.until, row.do_not_disclose, row.access)
        homes[row.person].append(home)
    for known in homes.values():
        known.sort(key=lambda home: (_past(home, today), -(home.as_at or date.min).toordinal(), home.id))
    return homes


def _past(home: Address, today: date) -> bool:
    return home.until is not None and home.until <= today


def masked(home: Address, signs: Iterable[Marker]) -> Address:
    """Return an address that must not be disclosed without its words."""
    if not home.do_not_disclose and all(sign.kind != "do_not_disclose_address" for sign in signs):
        return home
    return Address(home.id, (HIDDEN,), "", home.kind, home.as_at, home.until, do_not_disclose=True)


def markers_of(connection: Connection, people: Collection[UUID]) -> Mapping[UUID, list[Marker]]:
    """Return markers by person, the most urgent first; those out of date stay."""
    rows = connection.execute(_MARKERS, {"people": list(people)})
    signs: dict[UUID, list[Marker]] = defaultdict(list)
    for row in rows:
        signs[row.subject_id].append(marker_of(row))
    for known in signs.values():
        known.sort(key=lambda sign: (_RANKS[sign.rank], -sign.set_on.toordinal(), sign.id))
    return signs


def marker_of(row: Row[Any]) -> Marker:
    """Return one marker of its row."""
    return Marker(
        row.id,
        row.kind,
        Rank(row.rank),
        row.text,
        row.source,
        row.set_on,
        row.set_by,
        row.authorised_by,
        row.review_on,
        row.ends_on,
        row.subject,
    )


def last_contacts(connection: Connection, people: Collection[UUID]) -> dict[UUID, date]:
    """Return the day of the last contact of each, before this record or in it."""
    these = {"people": list(people)}
    last: dict[UUID, date] = {row[0]: row[1] for row in connection.execute(_BEFORE, these)}
    for identity, opened in connection.execute(_TONIGHT, these):
        last[identity] = max(last.get(identity, date.min), local(from_micros(opened)).date())
    return last


def line_of(connection: Connection, e164: str, people: int, but_call: UUID | None = None) -> Line | None:
    """Return what is known of a number, not counting the call ``but_call``; None where it is new."""
    asked = {"number": e164, "but_call": but_call or _NO_CALL}
    row = connection.execute(_LINE, asked).one_or_none()
    count, last = connection.execute(_CALLS, asked).one()
    if row is None:
        return Line(e164, calls_before=count, last_call=from_micros(last)) if count else None
    moment = max(row.last_call_at or 0, last or 0)
    return Line(
        e164,
        row.kind,
        row.place,
        row.safe_to_call,
        people,
        row.calls_before + count,
        from_micros(moment) if moment else None,
    )

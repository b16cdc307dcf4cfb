"""What is shown of people who were found: candidates, lines, addresses and markers, read in few steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from console.domain.calendar import local
from console.domain.people import Address, Candidate, DobCertainty, Line, Marker, MatchKind, Rank
from console.domain.record import StreamKind, from_micros
from db.people_schema import address, line, line_call, marker, past_contact, person, person_address
from db.schema import stream, stream_subject

RESTRICTED = "A restricted record: call the duty manager"
HIDDEN = "Address must not be disclosed"
_RANKS = {rank: place for place, rank in enumerate(Rank)}


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
    rows = {row.id: row for row in connection.execute(select(*person.c).where(person.c.id.in_(people)))}
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
    )


def _closed(one: Found) -> Candidate:
    return Candidate(
        one.person, "", "", None, DobCertainty.UNKNOWN, "", "", one.match, RESTRICTED, None, None, None, restricted=True
    )


def restricted_among(connection: Connection, people: Collection[UUID]) -> set[UUID]:
    """Return those whose record was restricted tonight, by an entry."""
    query = select(stream.c.stream_id).where(
        stream.c.stream_kind == StreamKind.PERSON.value, stream.c.klass == "restricted", stream.c.stream_id.in_(people)
    )
    return set(connection.scalars(query))


def addresses_of(connection: Connection, people: Collection[UUID], today: date) -> Mapping[UUID, list[Address]]:
    """Return addresses by person: present ones first, the latest known first."""
    lives = person_address.c
    rows = connection.execute(
        select(lives.person, lives.kind, lives.as_at, lives.until, lives.do_not_disclose, *address.c)
        .join(address, address.c.id == lives.address)
        .where(lives.person.in_(people))
    )
    homes: dict[UUID, list[Address]] = defaultdict(list)
    for row in rows:
        lines = tuple(row.lines.split("\n"))
        home = Address(row.id, lines, row.postcode, row.kind, row.as_at, row.until, row.do_not_disclose)
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
    rows = connection.execute(select(*marker.c).where(marker.c.subject_id.in_(people)))
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
    past = past_contact.c
    before = select(past.person, func.max(past.on)).where(past.person.in_(people)).group_by(past.person)
    last: dict[UUID, date] = {row[0]: row[1] for row in connection.execute(before)}
    of, on = stream_subject.c, stream.c
    tonight = (
        select(of.person, func.max(on.opened_at))
        .join(stream, (on.stream_kind == of.stream_kind) & (on.stream_id == of.stream_id))
        .where(of.person.in_(people), of.stream_kind == StreamKind.CONTACT.value, on.opened_at.is_not(None))
        .group_by(of.person)
    )
    for identity, opened in connection.execute(tonight):
        last[identity] = max(last.get(identity, date.min), local(from_micros(opened)).date())
    return last


def line_of(connection: Connection, e164: str, people: int, but_call: UUID | None = None) -> Line | None:
    """Return what is known of a number, not counting the call ``but_call``; None where it is new."""
    row = connection.execute(select(*line.c).where(line.c.e164 == e164)).one_or_none()
    calls = select(func.count(), func.max(line_call.c.at)).where(line_call.c.e164 == e164)
    if but_call is not None:
        calls = calls.where(line_call.c.call != but_call)
    count, last = connection.execute(calls).one()
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

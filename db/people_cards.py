"""What is shown of people who were found: candidates, lines, addresses and markers, read in few steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from console.domain.calendar import local
from console.domain.people import Address, Candidate, DobCertainty, Line, Marker, MatchKind, PlanStatus, Rank
from console.domain.record import from_micros
from db.people_rows import PeopleRows

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


def candidates_of(rows: PeopleRows, found: Sequence[Found], today: date) -> tuple[Candidate, ...]:
    """Return candidates in the order found; restricted ones say nothing personal."""
    people = [one.person for one in found]
    known = {row.id: row for row in rows.people(people)}
    closed = rows.closed(people)
    open_people = {identity for identity in people if not known[identity].restricted and identity not in closed}
    homes = addresses_of(rows, open_people, today)
    signs = markers_of(rows, open_people)
    last = last_contacts(rows, open_people)
    return tuple(
        _candidate(one, known[one.person], homes[one.person], signs[one.person], last.get(one.person))
        if one.person in open_people
        else _closed(one)
        for one in found
    )


def _candidate(
    one: Found,
    row: Any,  # noqa: ANN401  a row of any store
    homes: Sequence[Address],
    signs: Sequence[Marker],
    last: date | None,
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
        plan=PlanStatus(row.plan),
        plan_as_at=row.plan_as_at,
        plan_source=row.plan_source,
    )


def _closed(one: Found) -> Candidate:
    return Candidate(
        one.person, "", "", None, DobCertainty.UNKNOWN, "", "", one.match, RESTRICTED, None, None, None, restricted=True
    )


def addresses_of(rows: PeopleRows, people: Collection[UUID], today: date) -> Mapping[UUID, list[Address]]:
    """Return addresses by person: present ones first, the latest known first."""
    homes: dict[UUID, list[Address]] = defaultdict(list)
    for row in rows.homes(people):
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


def markers_of(rows: PeopleRows, people: Collection[UUID]) -> Mapping[UUID, list[Marker]]:
    """Return markers by person, the most urgent first; those out of date stay."""
    signs: dict[UUID, list[Marker]] = defaultdict(list)
    for row in rows.markers(people):
        signs[row.subject_id].append(marker_of(row))
    for known in signs.values():
        known.sort(key=lambda sign: (_RANKS[sign.rank], -sign.set_on.toordinal(), sign.id))
    return signs


def marker_of(row: Any) -> Marker:  # noqa: ANN401  a row
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


def last_contacts(rows: PeopleRows, people: Collection[UUID]) -> dict[UUID, date]:
    """Return the day of the last contact of each, before this record or in it."""
    last: dict[UUID, date] = {identity: day for identity, day in rows.before(people)}
    for identity, opened in rows.tonight(people):
        last[identity] = max(last.get(identity, date.min), local(from_micros(opened)).date())
    return last


def line_of(rows: PeopleRows, e164: str, people: int, but_call: UUID | None = None) -> Line | None:
    """Return what is known of a number, not counting the call ``but_call``; None where it is new."""
    row = rows.line(e164)
    count, last = rows.calls(e164, but_call)
    recent = tuple(from_micros(at) for at in rows.recent_calls(e164, but_call))
    if row is None:
        return Line(e164, calls_before=count, last_call=from_micros(last), recent=recent) if count else None
    moment = max(row.last_call_at or 0, last or 0)
    return Line(
        e164,
        row.kind,
        row.place,
        row.safe_to_call,
        people,
        row.calls_before + count,
        from_micros(moment) if moment else None,
        recent,
    )

"""The rows that candidates and records are made of, read from the tables of a record in a file or in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.engine import Connection

from console.domain.find_plan import Plan
from console.domain.people import MOST_RECENT
from console.domain.record import StreamClass, StreamKind
from db.people_rows import DO_NOT_RING, HISTORY, SHOWN_AT_MOST, Hit, Hits
from db.people_schema import (
    address,
    line,
    line_call,
    marker,
    past_contact,
    person,
    person_address,
    person_helper,
    person_name,
    person_on_line,
    relationship,
)
from db.people_seek import hits_of, seek
from db.schema import stream, stream_subject

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
_NOT_TO_RING = select(marker.c.subject_id).where(
    marker.c.subject_id.in_(_THESE),
    marker.c.kind == DO_NOT_RING,
    or_(marker.c.ends_on.is_(None), marker.c.ends_on >= bindparam("today")),
)
_LINE = select(*line.c).where(line.c.e164 == bindparam("number"))
_CALLS = select(func.count(), func.max(line_call.c.at)).where(
    line_call.c.e164 == bindparam("number"), line_call.c.call != bindparam("but_call")
)
_RECENT = (
    select(line_call.c.at)
    .where(line_call.c.e164 == bindparam("number"), line_call.c.call != bindparam("but_call"))
    .order_by(line_call.c.at.desc())
    .limit(MOST_RECENT)
)
_NO_CALL = UUID(int=0)
_ON_LINE = (
    select(person_on_line.c.person, person_on_line.c.confirmed_on)
    .join(person, person.c.id == person_on_line.c.person)
    .where(
        person_on_line.c.e164 == bindparam("number"),
        or_(person_on_line.c.until.is_(None), person_on_line.c.until > bindparam("today")),
    )
    .order_by(person.c.restricted, person.c.sort_name, person_on_line.c.person)
)


class SqlPeople:
    """Implements ``db.people_rows.PeopleRows`` over one connection inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- of several people --------------------------------------------------------------------

    def people(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``person``."""
        return self._connection.execute(_PEOPLE, {"people": list(ids)})

    def closed(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those whose record was restricted tonight, by an entry."""
        return set(self._connection.scalars(_CLOSED, {"people": list(ids)}))

    def homes(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows of who lives where, with the columns of ``address``."""
        return self._connection.execute(_HOMES, {"people": list(ids)})

    def markers(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``marker``."""
        return self._connection.execute(_MARKERS, {"people": list(ids)})

    def before(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, day of the last contact) of the time before this record."""
        return self._connection.execute(_BEFORE, {"people": list(ids)})

    def tonight(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, microseconds of the newest contact) of this record."""
        return self._connection.execute(_TONIGHT, {"people": list(ids)})

    # --- of a number --------------------------------------------------------------------------

    def on_line(self, e164: str, today: date) -> Sequence[Sequence[Any]]:
        """Return (person, confirmed_on) of everybody on a number now, restricted ones last, then by name."""
        return self._connection.execute(_ON_LINE, {"number": e164, "today": today}).all()

    def on_line_count(self, e164: str, today: date) -> int:
        """Return how many are on a number now."""
        return len(self.on_line(e164, today))

    def line(self, e164: str) -> Any | None:  # noqa: ANN401  a row
        """Return the row of a number, None where it is new."""
        return self._connection.execute(_LINE, {"number": e164}).one_or_none()

    def calls(self, e164: str, but_call: UUID | None) -> Sequence[Any]:
        """Return how many calls of this record came from a number, not counting one, and when the last."""
        return self._connection.execute(_CALLS, {"number": e164, "but_call": but_call or _NO_CALL}).one()

    def recent_calls(self, e164: str, but_call: UUID | None) -> Iterable[int]:
        """Return when the newest calls came from a number, not counting one, newest first: microseconds."""
        return self._connection.scalars(_RECENT, {"number": e164, "but_call": but_call or _NO_CALL})

    def untils(self, e164: str) -> Iterable[date | None]:
        """Return until when each person was on a number."""
        return self._connection.scalars(select(person_on_line.c.until).where(person_on_line.c.e164 == e164))

    # --- of one person ------------------------------------------------------------------------

    def numbers(self, identity: UUID, today: date) -> Iterable[str]:
        """Return a person's numbers now, the latest confirmed first."""
        on = person_on_line.c
        rows = self._connection.execute(
            select(on.e164, on.until).where(on.person == identity).order_by(on.confirmed_on.desc(), on.e164)
        )
        return [row.e164 for row in rows if row.until is None or row.until > today]

    def relations(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``relationship`` with family, given, born, deceased_on and restricted of the other."""
        tie, who = relationship.c, person.c
        return self._connection.execute(
            select(*relationship.c, who.family, who.given, who.born, who.deceased_on, who.restricted)
            .join(person, who.id == tie.other)
            .where(tie.person == identity)
            .order_by(tie.next_of_kin.desc(), who.sort_name, tie.other)
        ).all()

    def not_to_ring(self, ids: Collection[UUID], today: date) -> set[UUID]:
        """Return those of whom a marker that is not over says that they must not be rung back."""
        return set(self._connection.scalars(_NOT_TO_RING, {"people": list(ids), "today": today}))

    def history(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``past_contact``, newest first."""
        past = past_contact.c
        return self._connection.execute(
            select(*past).where(past.person == identity).order_by(past.on.desc(), past.id.desc()).limit(HISTORY)
        )

    def known_as(self, identity: UUID) -> Iterable[str]:
        """Return other names."""
        name = person_name.c
        return self._connection.scalars(select(name.shown).where(name.person == identity, name.kind == "known_as"))

    def helpers(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``person_helper``."""
        return self._connection.execute(select(*person_helper.c).where(person_helper.c.person == identity))

    # --- finding ------------------------------------------------------------------------------

    def references(self, keys: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Return (person, reference) of everybody with one of some folded references."""
        found = self._connection.execute(
            select(person.c.id, person.c.reference, person.c.reference_key, person.c.restricted)
            .where(person.c.reference_key.in_(keys), person.c.reference_key != "")
            .order_by(person.c.id)
        ).all()
        closed = self.closed([row.id for row in found])
        # A restricted person only by the whole of it: the first.
        told = [row for row in found if row.reference_key == keys[0] or not (row.restricted or row.id in closed)]
        return [(row.id, row.reference) for row in told[:SHOWN_AT_MOST]]

    def seek(self, asked: Plan, enough: int) -> Hits:
        """Go through the searches of a plan until ``enough`` people are found."""
        return seek(self._connection, asked, enough)

    def hits_of(self, people: Sequence[UUID]) -> Sequence[Hit]:
        """Return people by id, with their words."""
        return hits_of(self._connection, people) if people else ()

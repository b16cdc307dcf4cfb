"""Write the council's file of people: what is new is added, what changed is changed, nothing is lost.

A person is known by the case number, every sign of it.  The same row twice changes nothing.  What a later file no
longer has is ended (``until``, ``ends_on``), never deleted: a number or an address somebody had is
a fact of that time, and a marker never vanishes silently (domain.md 5).  Everything happens in the
transaction of the connection given; whoever calls decides whether it is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from console.domain.agencies_csv import FileAgency
from console.domain.file_phones import FileLines, FilePhone, Noted
from console.domain.people_csv import FilePerson, Refused, exact_reference
from console.domain.people_rows import AgencyRow, Batch, name_rows
from db.people_file_rows import SOURCE, batch_of, line_row, person_row
from db.people_fill import write_batch
from db.people_keys import make_keys
from db.people_schema import (
    address,
    agency,
    imported,
    line,
    marker,
    past_contact,
    person,
    person_address,
    person_name,
    person_on_line,
)

CHUNK = 500
"""Rows looked up and written together."""
_PEOPLE = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/case-numbers")
_AGENCIES = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/agencies")

Refuse = Callable[[Refused], None]
Say = Callable[[Noted], None]


@dataclass(slots=True)
class Counts:
    """What an import did; ``rows`` is what it was given, refused rows not counted."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """A person the record has: their id, and the row of the last file that brought them."""

    person: UUID
    sha256: str | None
    run: UUID | None
    line: int


_Taken = tuple[FilePerson, UUID, _Known | None]
"""A row, whose it is, and what the record has of them."""


def import_people(
    connection: Connection,
    rows: Iterable[FilePerson],
    today: date,
    run: UUID,
    refuse: Refuse,
    progress: Callable[[int], None] = lambda _: None,
    say: Say = lambda _: None,
) -> Counts:
    """Write rows in order; a person who stands in the file twice is refused the second time.

    ``run`` is a new id for this import; ``today`` ends what the file no longer has; ``say`` is told
    where rows that share a number differ about it.
    """
    counts = Counts()
    lines = FileLines(say)
    for chunk in _chunks(rows):
        _Chunk(connection, today, run, refuse, counts, lines).write(chunk)
        progress(counts.rows)
    return counts


def _chunks(rows: Iterable[FilePerson]) -> Iterator[list[FilePerson]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


_MARK_AGAIN = (
    update(imported)
    .where(imported.c.person == bindparam("_person"))
    .values(sha256=bindparam("_sha256"), run=bindparam("_run"), line=bindparam("_line"))
)


class _Chunk:
    """Some rows of the file, looked up together."""

    def __init__(
        self, connection: Connection, today: date, run: UUID, refuse: Refuse, counts: Counts, lines: FileLines
    ) -> None:
        self._connection = connection
        self._today = today
        self._run = run
        self._refuse = refuse
        self._counts = counts
        self._lines = lines
        self._new = Batch()
        self._marks: list[dict[str, object]] = []
        self._again: list[dict[str, object]] = []

    def write(self, rows: Sequence[FilePerson]) -> None:
        """Write these rows."""
        known = self._look_up(rows)
        taken: list[_Taken] = []
        for row in rows:
            was = known.get(row.identity)
            if was is not None and was.run == self._run:
                self._refuse(row.again(was.line))
                continue
            identity = was.person if was is not None else uuid.uuid5(_PEOPLE, row.identity)
            taken.append((row, identity, was))
            known[row.identity] = _Known(identity, row.sha256, self._run, row.line)
        self._counts.rows += len(taken)
        self._put_lines(taken)
        for one in taken:
            self._one(*one)
        self._flush()

    def _put_lines(self, taken: Iterable[_Taken]) -> None:
        phones: list[FilePhone] = []
        for row, _, was in taken:
            news = was is None or was.sha256 != row.sha256
            phones += self._lines.add(row.line, row.phones, news=news)
        put_lines(self._connection, phones)

    def _one(self, row: FilePerson, identity: UUID, was: _Known | None) -> None:
        if was is None:
            self._counts.added += 1
            batch_of(row, identity, into=self._new)
        elif was.sha256 == row.sha256:
            self._counts.unchanged += 1
        else:
            self._counts.changed += 1
            change_person(self._connection, row, identity, self._today)
        mark = {"person": identity, "sha256": row.sha256, "run": self._run, "line": row.line}
        if was is None:
            self._marks.append(mark)
        elif was.run is None:
            put(self._connection, imported, {"person": identity}, mark)
        else:
            self._again.append({f"_{name}": value for name, value in mark.items()})

    def _look_up(self, rows: Sequence[FilePerson]) -> dict[str, _Known]:
        query = (
            select(person.c.reference, person.c.id, imported.c.sha256, imported.c.run, imported.c.line)
            .outerjoin(imported, imported.c.person == person.c.id)
            .where(person.c.reference_key.in_([row.key for row in rows]))
        )
        return {
            exact_reference(found.reference): _Known(found.id, found.sha256, found.run, found.line or 0)
            for found in self._connection.execute(query)
        }

    def _flush(self) -> None:
        new = self._new
        write_batch(self._connection, new)
        if self._marks:
            self._connection.execute(insert(imported), self._marks)
        if self._again:
            self._connection.execute(_MARK_AGAIN, self._again)


def put(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Change the row with this key, or add it."""
    same: list[ColumnElement[bool]] = [table.c[name] == value for name, value in key.items()]
    changed = connection.execute(update(table).where(*same).values(**values))
    if changed.rowcount == 0:
        connection.execute(insert(table), {**key, **values})


def put_lines(connection: Connection, phones: Iterable[FilePhone]) -> None:
    """Add lines that are new; say of known ones what the file says.  The last word on a number is the file's."""
    numbers = {phone.e164: phone for phone in phones}
    known = set(connection.scalars(select(line.c.e164).where(line.c.e164.in_(list(numbers)))))
    write_batch(connection, Batch(lines=[line_row(phone) for number, phone in numbers.items() if number not in known]))
    for number in known:
        said = {"place": numbers[number].place, "safe_to_call": numbers[number].safe_to_call}
        if values := {name: text for name, text in said.items() if text}:
            connection.execute(update(line).where(line.c.e164 == number).values(**values))


def change_person(connection: Connection, row: FilePerson, identity: UUID, today: date) -> None:
    """Bring a known person to what the file says now; their lines are there already."""
    values = person_row(row, identity)._asdict()
    connection.execute(update(person).where(person.c.id == identity).values(**values))
    connection.execute(person_name.delete().where(person_name.c.person == identity))
    names = name_rows(identity, row.family, row.given, row.known_as)
    connection.execute(insert(person_name), [name._asdict() for name in names])
    now = batch_of(row, identity, into=Batch())
    _change_homes(connection, identity, now, today)
    _change_numbers(connection, identity, now, today)
    _change_markers(connection, identity, now, today)
    for past in now.past:
        put(connection, past_contact, {"id": past.id}, past._asdict())
    make_keys(connection, [identity])


def _change_homes(connection: Connection, identity: UUID, now: Batch, today: date) -> None:
    for place in now.addresses:
        put(connection, address, {"id": place.id}, place._asdict())
    for home in now.lives:
        key = {"person": identity, "address": home.address, "kind": home.kind}
        put(connection, person_address, key, home._asdict())
    mine = person_address.c
    gone = mine.address.not_in([home.address for home in now.lives])
    left = update(person_address).where(mine.person == identity, mine.source == SOURCE, mine.until.is_(None), gone)
    connection.execute(left.values(until=today))


def _change_numbers(connection: Connection, identity: UUID, now: Batch, today: date) -> None:
    mine = person_on_line.c
    for on in now.on_lines:
        key = {"e164": on.e164, "person": identity}
        known = connection.scalar(select(mine.confirmed_on).where(mine.e164 == on.e164, mine.person == identity))
        latest = max(filter(None, (known, on.confirmed_on)), default=None)
        put(connection, person_on_line, key, {**on._asdict(), "confirmed_on": latest})
    gone = mine.e164.not_in([on.e164 for on in now.on_lines])
    left = update(person_on_line).where(mine.person == identity, mine.source == SOURCE, mine.until.is_(None), gone)
    connection.execute(left.values(until=today))


def _change_markers(connection: Connection, identity: UUID, now: Batch, today: date) -> None:
    for sign in now.markers:
        put(connection, marker, {"id": sign.id}, sign._asdict())
    mine = marker.c
    gone = mine.id.not_in([sign.id for sign in now.markers])
    ended = update(marker).where(mine.subject_id == identity, mine.origin == SOURCE, mine.ends_on.is_(None), gone)
    connection.execute(ended.values(ends_on=today))


def import_agencies(connection: Connection, rows: Iterable[FileAgency], refuse: Refuse) -> Counts:
    """Write agencies; one is known by its name, kind and area.  Those the file lacks stay."""
    counts = Counts()
    seen: dict[str, int] = {}
    for row in rows:
        if row.key in seen:
            refuse(row.again(seen[row.key]))
            continue
        seen[row.key] = row.line
        counts.rows += 1
        _one_agency(connection, row, counts)
    return counts


def _one_agency(connection: Connection, row: FileAgency, counts: Counts) -> None:
    known = connection.execute(select(*agency.c).where(agency.c.key == row.key)).one_or_none()
    identity = known.id if known is not None else uuid.uuid5(_AGENCIES, row.key)
    new = AgencyRow(identity, row.key, row.name, row.kind, row.area, row.number, row.verified_on, row.verified_by)
    if known is None:
        counts.added += 1
        connection.execute(insert(agency), new._asdict())
    elif tuple(known) == tuple(new):
        counts.unchanged += 1
    else:
        counts.changed += 1
        connection.execute(update(agency).where(agency.c.id == identity).values(**new._asdict()))

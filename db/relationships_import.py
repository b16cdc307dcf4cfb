"""Write the council's file of relationships: each is stored from both sides; nobody unknown is tied to anybody.

A relationship is known by the two people and what the other is.  One that the file no longer has stays as it is;
``ended_on`` ends one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from console.domain.people_csv import Refused, exact_reference
from console.domain.people_rows import TieRow
from console.domain.relationships_csv import FileRelationship
from db.people_import import Counts, Refuse
from db.people_schema import person, relationship

CHUNK = 500
"""Rows looked up together."""
_COLUMNS = tuple(relationship.c)


def import_relationships(
    connection: Connection,
    rows: Iterable[FileRelationship],
    refuse: Refuse,
    progress: Callable[[int], None] = lambda _: None,
) -> Counts:
    """Write relationships in order; a row that names somebody who is not in the record is refused."""
    counts = Counts()
    seen: dict[tuple[str, str, str], int] = {}
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        known = _people(connection, chunk)
        for row in _first_ones(chunk, seen, refuse):
            two = known.get(exact_reference(row.person)), known.get(exact_reference(row.other))
            if two[0] is None or two[1] is None:
                refuse(_unknown(row, two))
                continue
            counts.rows += 1
            _write(connection, row, two[0], two[1], counts)
        progress(counts.rows)
    return counts


def _first_ones(
    rows: Iterable[FileRelationship], seen: dict[tuple[str, str, str], int], refuse: Refuse
) -> Iterator[FileRelationship]:
    for row in rows:
        first = seen.setdefault(row.key, row.line)
        if first != row.line:
            refuse(row.again(first))
        else:
            yield row


def _people(connection: Connection, rows: Sequence[FileRelationship]) -> Mapping[str, UUID]:
    wanted = {key for row in rows for key in row.looked_for if key}
    query = select(person.c.reference, person.c.id).where(person.c.reference_key.in_(wanted))
    return {exact_reference(found.reference): found.id for found in connection.execute(query)}


def _unknown(row: FileRelationship, two: tuple[UUID | None, UUID | None]) -> Refused:
    named = zip(("case_system_id", "other_case_system_id"), (row.person, row.other), two, strict=True)
    nobody = [f"{column} {reference}" for column, reference, found in named if found is None]
    return Refused(row.line, f"nobody in the record has {' or '.join(nobody)}; import people first")


def _write(connection: Connection, row: FileRelationship, person_id: UUID, other: UUID, counts: Counts) -> None:
    tie = TieRow(
        person_id, other, row.kind, row.parental_responsibility, row.contact_rule, row.order_ref, row.next_of_kin,
        row.until,
    )  # fmt: skip
    was = _stored(connection, tie)
    back = _back(connection, row, tie)
    if was == tie and back is None:
        counts.unchanged += 1
        return
    counts.added += was is None
    counts.changed += was is not None
    for one in filter(None, (tie, back)):
        _put(connection, one)


def _back(connection: Connection, row: FileRelationship, tie: TieRow) -> TieRow | None:
    """Return the other side as it is to be, or None where it is so already.

    What only the other side's own row can say (responsibility, next of kin) is left as it stands there.
    """
    here = _stored(connection, TieRow(tie.other, tie.person, row.back, None, "", "", False))
    wanted = TieRow(
        tie.other, tie.person, row.back, here.parental_responsibility if here else None, tie.contact_rule,
        tie.order_ref, bool(here and here.next_of_kin), tie.until,
    )  # fmt: skip
    return wanted if wanted != here else None


def _stored(connection: Connection, tie: TieRow) -> TieRow | None:
    mine = relationship.c
    query = select(*_COLUMNS).where(mine.person == tie.person, mine.other == tie.other, mine.kind == tie.kind)
    found = connection.execute(query).one_or_none()
    return TieRow(*found) if found is not None else None


def _put(connection: Connection, tie: TieRow) -> None:
    mine = relationship.c
    same = (mine.person == tie.person, mine.other == tie.other, mine.kind == tie.kind)
    changed = connection.execute(update(relationship).where(*same).values(**tie._asdict()))
    if changed.rowcount == 0:
        connection.execute(insert(relationship), tie._asdict())

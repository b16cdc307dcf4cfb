"""Write the council's file of relationships: each is stored from both sides; nobody unknown is tied to anybody.

A relationship is known by the two people and what the other is.  One that the file no longer has stays as it is;
``ended_on`` ends one.  The file is checked whole, then written in lots (docs/decisions/0018-imports-in-lots.md): its
rows were put together before (:mod:`console.domain.file_ties`), so that no lot says for a while that contact is allowed
where a later row says that it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Connection

from console.domain.file_ties import may_answer, stricter
from console.domain.people_csv import Refused, exact_reference
from console.domain.people_rows import TieRow
from console.domain.relationships import RELATIONSHIPS
from console.domain.relationships_csv import FileRelationship
from db.people_change import update_rows
from db.people_desk import PeopleDatabase, refuse_mixing
from db.people_fill import Progress, among, write_rows
from db.people_import import Counts, Refuse
from db.people_schema import person, relationship

CHUNK = 500
"""Rows looked up and written together, in one transaction."""
_COLUMNS = [relationship.c[name] for name in TieRow._fields]
_KEY = ("person", "other", "kind")
Key = tuple[UUID, UUID, str]


class RelationshipImport:
    """One file of relationships on its way into a record; started again, it finds what is there unchanged."""

    def __init__(self, database: PeopleDatabase, *, invented: bool = False) -> None:
        """``invented``: the people in the file are invented, and so must be those of the record."""
        self._database = database
        self._invented = invented

    def check(self, rows: Sequence[FileRelationship], refuse: Refuse) -> list[FileRelationship]:
        """Return the rows to write, of rows put together (``joined``); one that names nobody of the record is refused.

        Raises :class:`db.people_desk.InventedRecord` or ``RealRecord`` where they may not go into this record.
        """
        with self._database.writing(limitless=True) as connection:
            refuse_mixing(connection, invented=self._invented)
        good: list[FileRelationship] = []
        for lot in _lots(rows):
            with self._database.writing(limitless=True) as connection:
                known = _people(connection, lot)
            for row in lot:
                if all(reference in known for reference in row.key[:2]):
                    good.append(row)
                else:
                    refuse(_unknown(row, known))
        return good

    def write(self, rows: Sequence[FileRelationship], progress: Progress = lambda _: None) -> Counts:
        """Write rows that were checked, in lots; ``progress`` is told how many are done."""
        counts = Counts()
        for lot in _lots(rows):
            with self._database.writing(limitless=True) as connection:
                done = _Lot(connection, lot).write()
            counts.rows += done.rows
            counts.added += done.added
            counts.changed += done.changed
            counts.unchanged += done.unchanged
            progress(counts.rows)
        return counts


def _lots(rows: Sequence[FileRelationship]) -> Iterator[Sequence[FileRelationship]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _people(connection: Connection, rows: Sequence[FileRelationship]) -> Mapping[str, UUID]:
    wanted = {key for row in rows for key in row.looked_for if key}
    query = select(person.c.reference, person.c.id).where(among(connection, person.c.reference_key, list(wanted)))
    return {exact_reference(found.reference): found.id for found in connection.execute(query)}


def _unknown(row: FileRelationship, known: Mapping[str, UUID]) -> Refused:
    named = (("case_system_id", row.person), ("other_case_system_id", row.other))
    nobody = [f"{column} {reference}" for column, reference in named if exact_reference(reference) not in known]
    return Refused(row.line, f"nobody in the record has {' or '.join(nobody)}; import people first")


class _Lot:
    """Some rows of the file, looked up and written in the transaction of a connection."""

    def __init__(self, connection: Connection, rows: Sequence[FileRelationship]) -> None:
        self._connection = connection
        self._rows = rows
        self._people = _people(connection, rows)
        self._had = self._stored()
        self._now = dict(self._had)

    def _stored(self) -> dict[Key, TieRow]:
        query = select(*_COLUMNS).where(among(self._connection, relationship.c.person, list(self._people.values())))
        return {tie[:3]: tie for tie in (TieRow(*found) for found in self._connection.execute(query))}

    def write(self) -> Counts:
        """Write what differs; return what was done with the rows."""
        counts = Counts()
        for row in self._rows:
            mine, back = self._both(row)
            new, differs = mine[:3] not in self._now, self._differs(mine) or self._differs(back)
            counts.rows += 1
            counts.added += new
            counts.changed += differs and not new
            counts.unchanged += not differs
            self._now |= {mine[:3]: mine, back[:3]: back}
        write_rows(self._connection, relationship, [tie for key, tie in self._now.items() if key not in self._had])
        changed = [tie for key, tie in self._now.items() if key in self._had and tie != self._had[key]]
        update_rows(self._connection, relationship, _KEY, changed)
        return counts

    def _differs(self, tie: TieRow) -> bool:
        return self._now.get(tie[:3]) != tie

    def _both(self, row: FileRelationship) -> tuple[TieRow, TieRow]:
        """Return the two sides as they are to be: what the row leaves empty stays as the record has it.

        What only the other side's own row can say (responsibility, next of kin) is left as it stands there.
        """
        me, other = (self._people[reference] for reference in row.key[:2])
        was = self._now.get((me, other, row.kind))
        kind = self._back(row, me, other)
        back = self._now.get((other, me, kind))
        rule, order, until = _kept(row, [tie for tie in (was, back) if tie is not None])
        responsible = row.parental_responsibility
        if responsible is None and was is not None:
            responsible = was.parental_responsibility
        theirs = back or TieRow(other, me, kind, None, "", "", next_of_kin=False)
        return (
            TieRow(me, other, row.kind, responsible, rule, order, row.next_of_kin, until),
            theirs._replace(contact_rule=rule, order_ref=order, until=until),
        )

    def _back(self, row: FileRelationship, me: UUID, other: UUID) -> str:
        """Return what the person is to the other: as the row or the record says, else by the table."""
        if not row.guessed or (other, me, row.back) in self._now:
            return row.back
        known = (kind for kind in RELATIONSHIPS if (other, me, kind) in self._now)
        return next((kind for kind in known if may_answer(row.kind, kind)), row.back)


def _kept(row: FileRelationship, stored: Sequence[TieRow]) -> tuple[str, str, date | None]:
    """Return contact rule, order and end: the file's where it says them, else what the record has of either side."""
    rule, order, until = row.contact_rule, row.order_ref, row.until
    if not rule:
        for tie in stored:
            rule = stricter(rule, tie.contact_rule)
    return (
        rule,
        order or next((tie.order_ref for tie in stored if tie.order_ref), ""),
        until or max((tie.until for tie in stored if tie.until is not None), default=None),
    )

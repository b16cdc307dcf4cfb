"""How a file of the rota replaces the time it covers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, insert, select, update
from sqlalchemy.engine import Connection

from console.domain.record import micros
from console.domain.rota import Lane
from console.domain.rota_csv import FileDuty
from db.people_desk import PeopleDatabase, only_what_it_is_for
from db.rota_schema import rota


class _Time(NamedTuple):
    """What makes two rows the same: everything but where they lie in the table."""

    name: str
    number: str
    safe: str
    begins: int
    ends: int
    source: str
    as_at: Any


@dataclass(slots=True)
class RotaCounts:
    """What an import did: ``replaced`` rows were withdrawn, ``shortened`` ones keep what lies outside its time."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    shortened: int = 0
    lanes: dict[Lane, tuple[datetime, datetime]] = field(default_factory=dict)
    """The time that the file covers, by lane."""


def add_rota(database: PeopleDatabase, rows: Iterable[FileDuty], at: datetime, *, invented: bool = False) -> RotaCounts:
    """Import a rota in one transaction; ``invented``: nobody on it is real.

    Raises :class:`db.people_desk.InventedRecord` or ``RealRecord`` where it may not go into this record: *Call out*
    rings whom it names.
    """
    with database.writing(limitless=True) as connection:
        only_what_it_is_for(connection, invented=invented)
        return import_rota(connection, rows, at)


def import_rota(connection: Connection, rows: Iterable[FileDuty], at: datetime) -> RotaCounts:
    """Write a rota: on each lane the file names, from its first beginning to its last end, the file is what holds."""
    counts = RotaCounts()
    lanes: dict[Lane, list[FileDuty]] = defaultdict(list)
    for row in rows:
        lanes[row.lane].append(row)
        counts.rows += 1
    for lane, duties in lanes.items():
        start, end = min(one.begins for one in duties), max(one.ends for one in duties)
        counts.lanes[lane] = (start, end)
        _LaneFile(connection, lane, micros(start), micros(end), micros(at), counts).replace(duties)
    return counts


class _LaneFile:
    """One lane of the file, and the time it covers there; microseconds."""

    def __init__(self, connection: Connection, lane: Lane, start: int, end: int, at: int, counts: RotaCounts) -> None:
        self._connection = connection
        self._lane = lane
        self._start, self._end, self._at = start, end, at
        self._counts = counts

    def replace(self, duties: Sequence[FileDuty]) -> None:
        """Bring the lane to what the file says."""
        wanted = {_time_of_file(one): one for one in duties}
        here = self._here()
        kept = {_time_of_row(row) for row in here} & set(wanted)
        gone = [row for row in here if _time_of_row(row) not in kept]
        for row in gone:
            self._withdraw(row)
        self._add([one for one in wanted if one not in kept])
        self._counts.unchanged += len(kept)
        self._counts.added += len(wanted) - len(kept)

    def _here(self) -> Sequence[Any]:
        row, lane = rota.c, self._lane
        of_lane = and_(row.kind == lane.kind.value, row.authority == lane.authority, row.service == lane.service)
        in_time = and_(row.withdrawn_at.is_(None), row.ends > self._start, row.begins < self._end)
        return self._connection.execute(select(*row).where(of_lane, in_time).order_by(row.begins, row.id)).all()

    def _withdraw(self, row: Any) -> None:  # noqa: ANN401  a row
        self._connection.execute(update(rota).where(rota.c.id == row.id).values(withdrawn_at=self._at))
        left = ((row.begins, self._start), (self._end, row.ends))
        rest = [_time_of_row(row)._replace(begins=begins, ends=ends) for begins, ends in left if begins < ends]
        self._add(rest)
        if rest:
            self._counts.shortened += 1
        else:
            self._counts.replaced += 1

    def _add(self, times: Sequence[_Time]) -> None:
        lane = {"kind": self._lane.kind.value, "authority": self._lane.authority, "service": self._lane.service}
        rows = [
            {"id": uuid.uuid4(), **lane, **time._asdict(), "brought_at": self._at, "withdrawn_at": None}
            for time in times
        ]
        if rows:
            self._connection.execute(insert(rota), rows)


def _time_of_file(one: FileDuty) -> _Time:
    begins, ends = micros(one.begins), micros(one.ends)
    return _Time(one.name, one.number, one.safe, begins, ends, one.source, one.as_at)


def _time_of_row(row: Any) -> _Time:  # noqa: ANN401  a row
    return _Time(row.name, row.number, row.safe, row.begins, row.ends, row.source, row.as_at)

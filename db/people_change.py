"""Bring known people to what the council's newer file says of them; what was learned at night stays.

Many at a time: what the tables have is read in a few statements, and only what differs is written.  A number, an
address or a marker that the file no longer has is ended and never deleted, where the file had brought it; what a
worker confirmed or learned carries another ``source`` and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, Table, bindparam, delete, select, update
from sqlalchemy.engine import Connection

from console.domain.people_csv import FilePerson
from console.domain.people_rows import Batch, LivesRow, MarkerRow, NameRow, OnLineRow, PersonRow
from db.people_file_rows import SOURCE, batch_of
from db.people_fill import among, write_batch
from db.people_keys import make_keys
from db.people_learn import SOURCE as LEARNED
from db.people_schema import address, marker, past_contact, person, person_address, person_name, person_on_line

R = TypeVar("R", bound=Any)
"""A row of ``console.domain.people_rows``: its fields are the table's columns, in their order."""
_KEPT_OF_NIGHT: Mapping[str, object] = {
    "given": "",
    "born": None,
    "claimed_age": None,
    "gender": "",
    "language": "",
    "authority": "unknown",
}
"""Facts of somebody who was made at night, and how each looks where the file leaves it empty."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody known, and their row in the newer file."""

    row: FilePerson
    person: UUID


def change_people(
    connection: Connection, changed: Sequence[Changed], today: date, later: set[str] | None = None
) -> None:
    """Bring these people to what the file says; their lines are there already.

    ``later`` as :func:`db.people_keys.make_keys` has it.
    """
    if not changed:
        return
    now, new = Batch(), Batch()
    for one in changed:
        batch_of(one.row, one.person, into=now)
    ids = [one.person for one in changed]
    _change_persons(connection, now.people, ids)
    new.names = _renamed(connection, now.names, ids)
    new.addresses = _changed(connection, address, ("id",), now.addresses, address.c.id, [a.id for a in now.addresses])
    new.lives = _change_homes(connection, now.lives, ids, today)
    new.on_lines = _change_numbers(connection, now.on_lines, ids, today)
    new.markers = _change_markers(connection, now.markers, ids, today)
    new.past = _changed(connection, past_contact, ("id",), now.past, past_contact.c.person, ids)
    write_batch(connection, new)
    make_keys(connection, ids, later)


def _change_persons(connection: Connection, people: Sequence[PersonRow], ids: Sequence[UUID]) -> None:
    night = {row.id: row for row in _had(connection, person, person.c.id, ids, PersonRow) if row.source == LEARNED}
    rows = [_beside(row, night[row.id]) if row.id in night else row for row in people]
    update_rows(connection, person, ("id",), rows)


def _beside(row: PersonRow, made: PersonRow) -> PersonRow:
    """Return the file's row of somebody made at night: an empty cell takes nothing away that was learned then."""
    kept = {name: getattr(made, name) for name, empty in _KEPT_OF_NIGHT.items() if getattr(row, name) == empty}
    if row.born is not None or row.claimed_age is not None:
        kept = {name: value for name, value in kept.items() if name not in ("born", "claimed_age")}
    else:
        kept["dob_certainty"] = made.dob_certainty
    return row._replace(**kept, source=LEARNED)


def _renamed(connection: Connection, names: Sequence[NameRow], ids: Sequence[UUID]) -> list[NameRow]:
    """Take the names away and return all that are to stand: other names of before stay, people are found by them."""
    now = {(name.person, name.kind, name.shown): name for name in names}
    for had in _had(connection, person_name, person_name.c.person, ids, NameRow):
        if had.kind == "known_as":
            now.setdefault((had.person, had.kind, had.shown), had)
    connection.execute(delete(person_name).where(among(connection, person_name.c.person, ids)))
    return list(now.values())


def _change_homes(
    connection: Connection, lives: Sequence[LivesRow], ids: Sequence[UUID], today: date
) -> list[LivesRow]:
    key = ("person", "address", "kind")
    had = _had(connection, person_address, person_address.c.person, ids, LivesRow)
    here = {(home.person, home.address, home.kind) for home in lives}
    over = [
        home._replace(until=today)
        for home in had
        if home.source == SOURCE and home.until is None and (home.person, home.address, home.kind) not in here
    ]
    return _merged(connection, person_address, key, chain(lives, over), had)


def _change_numbers(
    connection: Connection, numbers: Sequence[OnLineRow], ids: Sequence[UUID], today: date
) -> list[OnLineRow]:
    had = _had(connection, person_on_line, person_on_line.c.person, ids, OnLineRow)
    known = {(on.e164, on.person): on for on in had}
    now = [_latest(on, known.get((on.e164, on.person))) for on in numbers]
    here = {(on.e164, on.person) for on in now}
    over = [
        on._replace(until=today)
        for key, on in known.items()
        if on.source == SOURCE and on.until is None and key not in here
    ]
    return _merged(connection, person_on_line, ("e164", "person"), chain(now, over), had)


def _latest(on: OnLineRow, known: OnLineRow | None) -> OnLineRow:
    """Return what stands of a number: the later day of confirming, and that a worker confirmed it."""
    if known is None:
        return on
    confirmed = max(filter(None, (known.confirmed_on, on.confirmed_on)), default=None)
    return on._replace(confirmed_on=confirmed, source=LEARNED if known.source == LEARNED else on.source)


def _change_markers(
    connection: Connection, markers: Sequence[MarkerRow], ids: Sequence[UUID], today: date
) -> list[MarkerRow]:
    had = _had(connection, marker, marker.c.subject_id, ids, MarkerRow)
    here = {sign.id for sign in markers}
    over = [
        sign._replace(ends_on=today)
        for sign in had
        if sign.origin == SOURCE and sign.ends_on is None and sign.id not in here
    ]
    return _merged(connection, marker, ("id",), chain(markers, over), had)


def _had(connection: Connection, table: Table, column: Column[Any], ids: Sequence[UUID], kind: type[R]) -> list[R]:
    """Return the rows of a table that are about ``ids``, as the tuples the file makes."""
    columns = [table.c[name] for name in kind._fields]
    return [kind(*found) for found in connection.execute(select(*columns).where(among(connection, column, ids)))]


def _changed(
    connection: Connection, table: Table, key: Sequence[str], now: Sequence[R], column: Column[Any], ids: Sequence[UUID]
) -> list[R]:
    """As :func:`_merged`, beside the rows of ``table`` that are about ``ids``."""
    return _merged(connection, table, key, now, _had(connection, table, column, ids, type(now[0]))) if now else []


def _merged(connection: Connection, table: Table, key: Sequence[str], now: Iterable[R], had: Iterable[R]) -> list[R]:
    """Change what differs from ``had``; return what is not there yet."""
    place = [table.c.keys().index(name) for name in key]
    known = {tuple(row[at] for at in place): row for row in had}
    new: dict[tuple[Any, ...], R] = {}
    differing = []
    for row in now:
        which = tuple(row[at] for at in place)
        if which not in known:
            new.setdefault(which, row)
        elif known[which] != row:
            differing.append(row)
    update_rows(connection, table, key, differing)
    return list(new.values())


def update_rows(connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Any]) -> None:
    """Change rows, given as tuples of their table's columns, by their ``key``."""
    if not rows:
        return
    same = [table.c[name] == bindparam(f"_{name}") for name in key]
    others = [name for name in rows[0]._fields if name not in key]
    connection.execute(
        update(table).where(*same).values({name: bindparam(f"new_{name}") for name in others}),
        [
            {f"_{name}": getattr(row, name) for name in key} | {f"new_{name}": getattr(row, name) for name in others}
            for row in rows
        ],
    )

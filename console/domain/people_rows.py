"""Facts about people as an import or the invented population brings them: one tuple a row.

Named tuples, not dataclasses, because a population of a million makes some ten million of them.
The field names are the columns of the tables in ``db.people_schema``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from console.domain.names import fold


class PersonRow(NamedTuple):
    """One person.  ``reference`` is the number in the council's case system; empty when none."""

    id: UUID
    family: str
    given: str
    sort_name: str
    born: date | None
    dob_certainty: str
    claimed_age: int | None
    gender: str
    reference: str
    reference_key: str
    authority: str
    language: str
    interpreter: bool
    communication: str
    plan: str
    plan_as_at: date | None
    plan_source: str
    deceased_on: date | None
    restricted: bool
    source: str


class NameRow(NamedTuple):
    """A way to find a person by name; ``kind`` is current, known_as or part (of a double name)."""

    person: UUID
    kind: str
    shown: str
    family: str
    given: str


class AddressRow(NamedTuple):
    """A place; ``lines`` are joined by line feeds."""

    id: UUID
    lines: str
    postcode: str
    postcode_key: str
    authority: str
    access: str


class LivesRow(NamedTuple):
    """A person at an address, since when that is known, until when, and whether it may be told."""

    person: UUID
    address: UUID
    kind: str
    as_at: date | None
    until: date | None
    do_not_disclose: bool
    source: str


class LineRow(NamedTuple):
    """A telephone number as a thing.  ``last_call_at`` is microseconds since 1970 UTC."""

    e164: str
    kind: str
    place: str
    safe_to_call: str
    calls_before: int
    last_call_at: int | None


class OnLineRow(NamedTuple):
    """A person on a line; ``until`` is the day it stopped being theirs."""

    e164: str
    person: UUID
    confirmed_on: date | None
    until: date | None
    source: str


class TieRow(NamedTuple):
    """``other`` is the ``kind`` (wife, mother) of ``person``; each tie is stored in both directions."""

    person: UUID
    other: UUID
    kind: str
    parental_responsibility: bool | None
    contact_rule: str
    order_ref: str
    next_of_kin: bool
    until: date | None = None


class MarkerRow(NamedTuple):
    """A risk marker (domain.md 5); ``subject`` is person or address, ``subject_id`` which one."""

    id: UUID
    subject: str
    subject_id: UUID
    kind: str
    rank: str
    text: str
    source: str
    set_on: date
    set_by: str
    authorised_by: str
    review_on: date
    ends_on: date | None
    origin: str


class PastRow(NamedTuple):
    """One contact of the time before this record, from the case system."""

    id: UUID
    person: UUID
    on: date
    text: str
    authority: str
    source: str


class HelperRow(NamedTuple):
    """Somebody who works with a person: their GP, their team."""

    person: UUID
    role: str
    name: str
    number: str


class AgencyRow(NamedTuple):
    """An agency; ``key`` is its folded name, kind and area, by which a second import knows it."""

    id: UUID
    key: str
    name: str
    kind: str
    area: str
    number: str
    verified_on: date | None
    verified_by: str


@dataclass(slots=True)
class Batch:
    """Rows that belong together, to be written in the order of the fields; filled, then handed on."""

    people: list[PersonRow] = field(default_factory=list)
    names: list[NameRow] = field(default_factory=list)
    addresses: list[AddressRow] = field(default_factory=list)
    lives: list[LivesRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    on_lines: list[OnLineRow] = field(default_factory=list)
    ties: list[TieRow] = field(default_factory=list)
    markers: list[MarkerRow] = field(default_factory=list)
    past: list[PastRow] = field(default_factory=list)
    helpers: list[HelperRow] = field(default_factory=list)
    agencies: list[AgencyRow] = field(default_factory=list)


_NAME, _SHOWN, _SORTED, _KEY = 120, 80, 200, 300
"""Longest copies the tables hold, in characters: folding makes some names longer (an sz is two letters)."""


def name_rows(person: UUID, family: str, given: str, known_as: Iterable[str] = ()) -> list[NameRow]:
    """Return every way to find a person by name: as written, the parts of double names, other names.

    No two rows have the same ``kind`` and ``shown``.
    """
    folded_family, folded_given = _folded(family), _folded(given)
    rows = [NameRow(person, "current", "", folded_family, folded_given)]
    if " " in folded_family or " " in folded_given:
        rows += _parts(person, folded_family, folded_given)
    rows += [_other_name(person, other, folded_family) for other in dict.fromkeys(known_as) if fold(other)]
    return rows


def _folded(name: str) -> str:
    return fold(name)[:_NAME].rstrip()


def _parts(person: UUID, family: str, given: str) -> Iterable[NameRow]:
    parts = {part[:_SHOWN]: NameRow(person, "part", part[:_SHOWN], part, given) for part in family.split()[1:]}
    for part in given.split()[1:]:
        shown = part[:_SHOWN]
        # Hassan Ali, Mohamed Ali: one row is found by either name.
        family_too = parts[shown].family if shown in parts else family
        parts[shown] = NameRow(person, "part", shown, family_too, part)
    return parts.values()


def _other_name(person: UUID, other: str, family: str) -> NameRow:
    # "Bob" is a given name; "Smith, Bob" and "Bob Smith" bring their own family name.
    last, comma, first = (part.strip() for part in other.partition(","))
    if not comma:
        first, _, last = last.rpartition(" ") if " " in last else (last, "", "")
    return NameRow(person, "known_as", other, _folded(last) or family, _folded(first))


def sort_name(family: str, given: str) -> str:
    """Return what a list is put in order by."""
    return f"{fold(family)} {fold(given)}"[:_SORTED].strip()


def agency_key(name: str, kind: str, area: str) -> str:
    """Return what makes an agency the same one in a later file: its name, kind and area, folded."""
    return "\n".join(fold(part) for part in (name, kind, area))[:_KEY]

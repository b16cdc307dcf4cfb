"""Invented people as the rows of the council's file: a sample to import, and what the bench imports.

The other way round from ``console.domain.people_csv``: facts go in, cells come out.  Each group of cells is made by
one function of :data:`_CELLS`; whoever adds columns to the file adds one there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from console.domain.people_csv import GROUPS
from console.domain.people_rows import AddressRow, AgencyRow, Batch, LineRow, LivesRow, PersonRow, TieRow
from console.domain.search import shown_number

Cells = dict[str, str]
"""Column and what stands in it; a column that is not there is empty."""


@dataclass(slots=True)
class _Facts:
    """The facts of one batch, by the person they are about."""

    lives: dict[UUID, LivesRow] = field(default_factory=dict)
    places: dict[UUID, AddressRow] = field(default_factory=dict)
    other_names: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[UUID, dict[str, list[Cells]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    as_of: date = date.max

    def day(self, day: date | None) -> str:
        """Return a day as the file writes it; the scripts' own days may lie ahead, and then it is the file's day."""
        return _day(min(day, self.as_of) if day is not None else None)


def people_cells(batches: Iterable[Batch], as_of: date, *, once_theirs: bool = False) -> Iterator[Cells]:
    """Yield the cells of each person of ``batches``, in their order; every one has a ``case_system_id``.

    Nothing in them is later than ``as_of`` but the days on which markers are to be reviewed.

    The file has no column for what is over, so earlier addresses are left out, and earlier numbers too, unless
    ``once_theirs``: then every number stands as theirs, which gives the bench as many as a council has.
    """
    lines: dict[str, LineRow] = {}
    for batch, numbers in _numbered(batches):
        lines.update((row.e164, row) for row in batch.lines)
        facts = _facts(batch, lines, as_of, once_theirs=once_theirs)
        for person in batch.people:
            cells: Cells = {"case_system_id": numbers[person.id]}
            for part in _CELLS:
                cells |= part(person, facts)
            yield {name: text for name, text in cells.items() if text}


def _numbered(batches: Iterable[Batch]) -> Iterator[tuple[Batch, dict[UUID, str]]]:
    """Yield each batch with the case numbers of its people, also of those who were invented without one."""
    count = 0
    for batch in batches:
        numbers = {}
        for person in batch.people:
            count += 1
            numbers[person.id] = person.reference or f"INV{count:07}"
        yield batch, numbers


def relationship_cells(batches: Iterable[Batch], _as_of: date) -> Iterator[Cells]:
    """Yield the cells of the relationships of ``batches``; the other side stands only where it says more."""
    for batch, numbers in _numbered(batches):
        kinds = {(tie.person, tie.other): _kind(tie) for tie in batch.ties}
        told: set[tuple[UUID, UUID]] = set()
        for tie in batch.ties:
            says_more = tie.parental_responsibility is not None or tie.next_of_kin
            if (tie.other, tie.person) in told and not says_more:
                continue
            told.add((tie.person, tie.other))
            yield _relationship(tie, numbers, kinds)


def _relationship(tie: TieRow, numbers: Mapping[UUID, str], kinds: Mapping[tuple[UUID, UUID], str]) -> Cells:
    responsible = {True: "yes", False: "no", None: ""}[tie.parental_responsibility]
    cells = {
        "case_system_id": numbers[tie.person],
        "other_case_system_id": numbers[tie.other],
        "other_is": _kind(tie),
        "person_is": kinds.get((tie.other, tie.person), ""),
        "parental_responsibility": responsible,
        "contact_rule": tie.contact_rule,
        "order_ref": tie.order_ref,
        "next_of_kin": _yes(tie.next_of_kin),
    }
    return {name: text for name, text in cells.items() if text}


def _kind(tie: TieRow) -> str:
    return _KINDS.get(tie.kind, tie.kind)


_KINDS: Mapping[str, str] = {
    "daughter": "child",
    "son": "child",
    "grandmother": "grandparent",
    "grandfather": "grandparent",
    "granddaughter": "grandchild",
    "grandson": "grandchild",
}
"""Words of the invented families, and what the file has for them."""


def agency_cells(batches: Iterable[Batch], as_of: date) -> Iterator[Cells]:
    """Yield the cells of each agency of ``batches``, none checked later than ``as_of``."""
    for batch in batches:
        for row in batch.agencies:
            yield _agency(row, _Facts(as_of=as_of).day(row.verified_on))


def _agency(row: AgencyRow, verified_on: str) -> Cells:
    verified = {"verified_on": verified_on, "verified_by": row.verified_by}
    return {"name": row.name, "kind": row.kind, "area": row.area, "number": _written(row.number), **verified}


def _written(number: str) -> str:
    """Return a number with its spaces, so that no spreadsheet takes it for a figure; 101 is as it is."""
    return shown_number(number) if number.startswith("+") else number


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day is not None else ""


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _facts(batch: Batch, lines: dict[str, LineRow], as_of: date, *, once_theirs: bool) -> _Facts:
    facts = _Facts(places={row.id: row for row in batch.addresses}, as_of=as_of)
    facts.lives.update((row.person, row) for row in batch.lives if row.until is None)
    for name in batch.names:
        if name.kind == "known_as":
            facts.other_names[name.person].append(name.shown)
    for on in batch.on_lines:
        if on.until is None or once_theirs:
            facts.groups[on.person]["phone"].append(_phone(on.e164, facts.day(on.confirmed_on), lines[on.e164]))
    for sign in batch.markers:
        facts.groups[sign.subject_id]["marker"].append(
            {
                "": sign.kind,
                "_text": sign.text,
                "_source": sign.source,
                "_set_on": facts.day(sign.set_on),
                "_set_by": sign.set_by,
                "_authorised_by": sign.authorised_by,
                "_review_on": _day(sign.review_on),
            }
        )
    for past in sorted(batch.past, key=lambda row: row.on, reverse=True):
        facts.groups[past.person]["contact"].append({"_on": facts.day(past.on), "_text": past.text})
    return facts


def _phone(e164: str, confirmed: str, line: LineRow) -> Cells:
    said = "" if line.safe_to_call == "not asked" else line.safe_to_call
    kind = line.kind if line.place else ""
    return {
        "": _written(e164),
        "_kind": kind,
        "_place": line.place,
        "_safe_to_call": said,
        "_confirmed_on": confirmed,
    }


def _themselves(person: PersonRow, facts: _Facts) -> Cells:
    return {
        "family": person.family,
        "given": person.given,
        "known_as": "; ".join(facts.other_names.get(person.id, ())),
        "born": facts.day(person.born),
        "claimed_age": "" if person.claimed_age is None else str(person.claimed_age),
        "gender": person.gender,
        "authority": person.authority,
        "language": person.language,
        "interpreter": _yes(person.interpreter),
        "communication": person.communication,
        "deceased_on": facts.day(person.deceased_on),
        "restricted": _yes(person.restricted),
    }


def _plan(person: PersonRow, facts: _Facts) -> Cells:
    if person.plan_as_at is None:
        return {}
    return {"plan_status": person.plan, "plan_as_at": facts.day(person.plan_as_at), "plan_source": person.plan_source}


def _where(person: PersonRow, facts: _Facts) -> Cells:
    lives = facts.lives.get(person.id)
    if lives is None or lives.address not in facts.places:
        return {}
    place = facts.places[lives.address]
    lines = {f"address_line_{n}": line for n, line in enumerate(place.lines.split("\n")[:3], start=1)}
    return lines | {
        "postcode": place.postcode,
        "address_kind": lives.kind,
        "address_as_at": facts.day(lives.as_at),
        "address_do_not_disclose": _yes(lives.do_not_disclose),
        "address_access": place.access,
    }


def _groups(person: PersonRow, facts: _Facts) -> Cells:
    found: Cells = {}
    for group, rows in facts.groups.get(person.id, {}).items():
        for n, cells in enumerate(rows[:GROUPS], start=1):
            found |= {f"{group}_{n}{end}": text for end, text in cells.items()}
    return found


_CELLS: tuple[Callable[[PersonRow, _Facts], Cells], ...] = (_themselves, _plan, _where, _groups)

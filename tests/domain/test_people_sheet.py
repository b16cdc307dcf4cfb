"""Invented people as the council's file, and back: what goes out as cells comes in as the same facts."""

from __future__ import annotations

import random
from datetime import date
from string import digits

import phonenumbers
import pytest

from console.domain.agencies_csv import read_agency_row
from console.domain.drama import is_drama
from console.domain.invent import invent
from console.domain.invent_lines import FREEPHONE, LANDLINES, MOBILES, UK_WIDE
from console.domain.lines import to_e164
from console.domain.people_csv import PERSON_COLUMNS, read_person_row
from console.domain.people_sheet import agency_cells, people_cells, relationship_cells
from console.domain.relationships_csv import read_relationship_row
from console.domain.search import as_e164, shown_number

AS_OF = date(2026, 11, 28)


def test_every_invented_person_can_be_read_from_the_file_that_day() -> None:
    batches = list(invent(1500, 3, AS_OF))
    cells = list(people_cells(batches, AS_OF, once_theirs=True))
    people = [read_person_row(row, line, AS_OF) for line, row in enumerate(cells, start=2)]
    rows = [person for batch in batches for person in batch.people]
    assert len({one.identity for one in people}) == 1500
    assert {name for row in cells for name in row} <= {name for name, _ in PERSON_COLUMNS}
    for one, row in zip(people, rows, strict=True):
        assert (one.family, one.given, one.born, one.claimed_age) == (row.family, row.given, row.born, row.claimed_age)
        assert (one.plan, one.language, one.interpreter) == (row.plan, row.language, row.interpreter)
        assert (one.restricted, one.authority) == (row.restricted, row.authority)
        assert all(is_drama(phone.e164) for phone in one.phones)
    assert sum(len(one.phones) for one in people) > 1500
    assert any(one.markers for one in people)
    assert any(one.contacts for one in people)
    assert all(one.home is not None for one in people)


def test_what_people_are_to_one_another_can_be_read() -> None:
    batches = list(invent(1500, 3, AS_OF))
    rows = list(relationship_cells(batches, AS_OF))
    read = [read_relationship_row(row, line, AS_OF) for line, row in enumerate(rows, start=2)]
    assert len({one.key for one in read}) == len(read)
    people = {row["case_system_id"] for row in people_cells(batches, AS_OF)}
    assert {one.person for one in read} | {one.other for one in read} <= people
    assert {one.kind for one in read} >= {"mother", "father", "child", "wife"}
    mother = next(one for one in read if one.kind == "mother" and one.parental_responsibility)
    assert mother.back == "child"


def test_the_agencies_can_be_read_too() -> None:
    read = [read_agency_row(row, line, AS_OF) for line, row in enumerate(agency_cells(invent(0, 1, AS_OF), AS_OF), 2)]
    assert {one.kind for one in read} >= {"police", "ambulance", "crisis_team"}


@pytest.mark.parametrize("numbers", [MOBILES, LANDLINES, UK_WIDE, FREEPHONE])
def test_a_number_is_written_so_that_it_is_read_again(numbers: tuple[str, ...]) -> None:
    for number in numbers:
        assert is_drama(number)
        assert " " in shown_number(number)
        assert as_e164(shown_number(number)) == number


# Put together here: no file of ours holds a number that somebody may have.
@pytest.mark.parametrize("rest", [7_700_800_412, 1_632_961_000, 77_009_004_123, 770_090_041, 2_380_496_000])
def test_other_numbers_are_somebodys(rest: int) -> None:
    assert not is_drama(f"+44{rest}")
    assert not is_drama("")


def _library(text: str) -> str:
    """Return what the library itself makes of a number as it is dialled in Britain."""
    parsed = phonenumbers.parse(text, "GB")
    assert phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def test_the_short_way_to_read_a_number_is_the_librarys() -> None:
    chance = random.Random(7)
    heads = [f"{head:04}" for head in range(1000, 10_000)]
    for head in heads:
        rest = head + "".join(chance.choices(digits, k=6))
        for text in (f"0{rest}", f"+44{rest}", f"0{rest[:4]} {rest[4:]}", f"+44 {rest[:4]}-{rest[4:]}"):
            assert as_e164(text) == f"+44{rest}" == _library(text) == to_e164(text)

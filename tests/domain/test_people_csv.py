"""One row of a file: what is taken, and the sentence for every reason to refuse it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.agencies_csv import read_agency_row
from console.domain.markers import months_after
from console.domain.people import PlanStatus
from console.domain.people_csv import PERSON_COLUMNS, RowRefused, read_person_row

TODAY = date(2026, 12, 1)
ROW = {"case_system_id": "PCC 104 882", "family": "Fenn"}


def _refusal(**cells: str) -> str:
    with pytest.raises(RowRefused) as refused:
        read_person_row({**ROW, **cells}, 7, TODAY)
    return str(refused.value)


def test_a_full_row() -> None:
    cells = {
        **ROW,
        "given": "Marcus",
        "known_as": "Marc; Fenny",
        "born": "19/02/1992",
        "plan_status": "adult_plan",
        "interpreter": "Yes",
        "address_line_1": "9 Larch Court",
        "address_line_2": "Netherbourne",
        "address_as_at": "2025-10-01",
        "phone_1": "'+447700900412",
        "phone_1_confirmed_on": "3-Oct-2025",
        "phone_2": "07700 900412",
        "marker_1": "suicide_self_harm",
        "marker_1_source": "case record",
        "marker_1_set_on": "3/10/2025",
        "marker_1_set_by": "R Osei",
        "marker_1_authorised_by": "Duty manager",
        "contact_1_on": "2/10/2025",
        "contact_1_text": "Welfare visit: seen",
    }
    person = read_person_row(cells, 7, TODAY)
    assert (person.key, person.born, person.known_as) == ("PCC104882", date(1992, 2, 19), ("Marc", "Fenny"))
    assert (person.plan, person.interpreter, person.claimed_age) == (PlanStatus.ADULT_PLAN, True, None)
    assert [(phone.e164, phone.confirmed_on) for phone in person.phones] == [("+447700900412", date(2025, 10, 3))]
    assert person.markers[0].review_on == date(2026, 10, 3)
    assert person.markers[0].text == "Suicide or self-harm"
    assert person.contacts == ((date(2025, 10, 2), "Welfare visit: seen"),)
    assert person.home is not None
    assert person.home.lines == ("9 Larch Court", "Netherbourne")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"known_as": "Marc; " + "x" * 81}, "known_as: one of its names is 81 characters long, at most 80 fit"),
        ({"case_system_id": " "}, "case_system_id is empty"),
        ({"case_system_id": "--"}, "no letter or digit"),
        ({"case_system_id": "12\0/3"}, "a sign that is not seen (U+0000)"),
        ({"case_system_id": "12\x1f"}, "a sign that is not seen (U+001F)"),
        ({"case_system_id": "12\u200b3"}, "a sign that is not seen (U+200B)"),
        ({"family": ""}, "family is empty"),
        ({"family": "x" * 10_000_000}, "family is 10,000,000 characters long, at most 80 fit"),
        ({"born": "31/02/1990"}, "31/2/1990 is not a day in the calendar"),
        ({"born": "soon"}, "'soon' is not a date"),
        ({"born": "19/2/92"}, "born: its year has two digits"),
        ({"born": "19th of February 92"}, "born: its year has two digits"),
        ({"deceased_on": "1.12.25"}, "deceased_on: its year has two digits"),
        ({"born": "1/1/2030"}, "still to come"),
        ({"born": "1/1/2000", "deceased_on": "1/1/1999"}, "deceased_on is before born"),
        ({"claimed_age": "about 9"}, "not a whole number"),
        ({"interpreter": "perhaps"}, "neither yes nor no"),
        ({"plan_status": "watched"}, "not one of none, cin"),
        ({"phone_1": "4.477E+11"}, "turned into a figure by the spreadsheet"),
        ({"phone_2": "ring mum"}, "phone_2: 'ring mum' is no number"),
        ({"phone_1": "999"}, "is no number"),
        ({"marker_1": "nasty"}, "not one of violence_to_staff"),
        ({"marker_1": "weapons"}, "marker_1_source is empty"),
        ({"marker_1_text": "words"}, "stands without a kind"),
        ({"contact_1_on": "1/1/2020"}, "belong together"),
    ],
)
def test_reasons_to_refuse(cells: dict[str, str], said: str) -> None:
    assert said in _refusal(**cells)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1-23", "12-3", False),
        ("448 210", "448210", False),
        ("pcc/1", " PCC/1 ", True),
        ("caf\u00e9 1", "CAFE\u0301 1", True),
    ],
)
def test_people_are_told_apart_by_every_sign(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a table
    first, second = (read_person_row({**ROW, "case_system_id": number}, 2, TODAY) for number in (one, other))
    assert (first.identity == second.identity) is same
    assert first.key == second.key


def _marker(n: int, **cells: str) -> dict[str, str]:
    full = {"": "weapons", "_set_on": "1/2/2026", "_source": "police", "_set_by": "R Osei", "_authorised_by": "D Ode"}
    return {
        f"marker_{n}{name}": text for name, text in (full | {f"_{key}": cell for key, cell in cells.items()}).items()
    }


def test_no_marker_of_a_row_vanishes_silently() -> None:
    first, second = _marker(1, text="Knife by the door"), _marker(2, text="Air rifle")
    read = read_person_row({**ROW, **first, **second}, 7, TODAY)
    assert [sign.text for sign in read.markers] == ["Knife by the door", "Air rifle"]
    assert len(read_person_row({**ROW, **_marker(1), **_marker(2)}, 7, TODAY).markers) == 1
    assert "stands twice" in _refusal(**_marker(1), **_marker(2, source="neighbour"))


def test_a_number_twice_in_a_row_loses_nothing_that_is_said_of_it() -> None:
    cells = {"phone_1": "07700 900412", "phone_1_confirmed_on": "3/10/2025", "phone_2": "+447700900412"}
    said = {"phone_1_safe_to_call": "yes", "phone_2_safe_to_call": "No, he listens", "phone_2_place": "Refuge"}
    (phone,) = read_person_row({**ROW, **cells, **said}, 7, TODAY).phones
    assert (phone.safe_to_call, phone.place, phone.confirmed_on) == ("No, he listens", "Refuge", date(2025, 10, 3))


def test_every_reason_is_given_at_once() -> None:
    assert _refusal(born="x", phone_1="y").count(";") == 1


@given(st.dictionaries(st.sampled_from([name for name, _ in PERSON_COLUMNS]), st.text(max_size=50)))
def test_no_row_can_break_it(cells: dict[str, str]) -> None:
    said = ""
    try:
        person = read_person_row(cells, 1, TODAY)
        said = person.family and person.key
    except RowRefused as refused:
        said = str(refused)
    assert said


def test_an_agency() -> None:
    cells = {"name": "Crisis team", "kind": "crisis_team", "area": "North", "number": "01632 960162"}
    agency = read_agency_row(cells, 2, TODAY)
    assert (agency.number, agency.key) == ("+441632960162", "crisis team\ncrisis team\nnorth")
    assert read_agency_row({**cells, "number": "101"}, 2, TODAY).number == "101"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"number": "999"}, "rung by hand"),
        ({"number": ""}, "number is empty"),
        ({"kind": "wizard"}, "not one of police"),
        ({"kind": ""}, "kind is empty"),
        ({"name": ""}, "name is empty"),
    ],
)
def test_reasons_to_refuse_an_agency(cells: dict[str, str], said: str) -> None:
    with pytest.raises(RowRefused, match=said):
        read_agency_row({"name": "A", "kind": "police", "number": "101", **cells}, 2, TODAY)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 10, 3), 12, date(2026, 10, 3)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
        (date(2025, 9, 1), 3, date(2025, 12, 1)),
    ],
)
def test_months_after(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then

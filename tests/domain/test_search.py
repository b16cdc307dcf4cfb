"""How what was typed into "find a person" is read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import short_reference
from console.domain.names import fold, same_as
from console.domain.search import Question, as_e164, read_day, shown_number, understand

TODAY = date(2026, 12, 1)
BORN = date(1992, 2, 19)


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900412",
        "07700900412",
        "+447700900412",
        "+44 7700 900 412",
        "+44 (0)7700 900412",
        "0044 7700 900412",
        "447700900412",
        "7700900412",
        "'+447700900412",
        "tel:+44-7700-900412",
        " 07700.900.412 ",
    ],
)
def test_a_number_in_every_way_it_is_written(typed: str) -> None:
    assert understand(typed, TODAY) == Question(e164="+447700900412")


@pytest.mark.parametrize(
    "raw", ["", "+", "anonymous", "999", "101", "1001", "4.477E+11", "448 210", "07700", "x" * 5000]
)
def test_what_is_no_outside_number(raw: str) -> None:
    assert as_e164(raw) is None


def test_a_number_is_shown_as_it_is_said_here() -> None:
    assert shown_number("+447700900412") == "07700 900412"
    assert shown_number("+33123456789").startswith("+33 ")
    assert shown_number("nonsense") == "nonsense"


@pytest.mark.parametrize(
    "typed",
    [
        "19/02/1992",
        "19/2/92",
        "19.2.1992",
        "19-02-1992",
        "19 / 2 / 1992",
        "19 Feb 1992",
        "19-Feb-1992",
        "19feb92",
        "19th February 1992",
        "19th of february 92",
        "1992-02-19",
        "1992/2/19",
        "19021992",
        "dob 19/02/1992",
        "Born: 19 feb 1992",
    ],
)
def test_a_date_of_birth_in_every_way_it_is_typed(typed: str) -> None:
    assert understand(typed, TODAY) == Question(born=BORN)


def test_a_year_of_two_digits_is_the_latest_possible() -> None:
    assert read_day("3/4/26", TODAY) == date(2026, 4, 3)
    assert read_day("3/4/27", TODAY) == date(1927, 4, 3)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/1990", "not a day in the calendar"),
        ("29 Feb 2023", "not a day in the calendar"),
        ("02/19/1992", "day before month"),
        ("1/1/2027", "still to come"),
        ("1/1/1850", "too long ago"),
        ("", "Type a name"),
        ("?!", "Type a name"),
        ("f", "One letter"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(typed: str, said: str) -> None:
    question = understand(typed, TODAY)
    assert said in question.hint
    assert question.empty


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("448 210", "448210"),
        ("448210", "448210"),
        ("ref 448 210", "448210"),
        ("Ref. PCC 104 882", "PCC104882"),
        ("pcc104882", "PCC104882"),
        ("case number 448210", "448210"),
    ],
)
def test_a_reference(typed: str, reference: str) -> None:
    assert understand(typed, TODAY) == Question(reference=reference)


def test_a_short_reference_of_our_own() -> None:
    own = short_reference(UUID(int=7))
    assert understand(own.lower(), TODAY).reference == own.replace("-", "")


@pytest.mark.parametrize(
    ("typed", "words", "born"),
    [
        ("Fenn", "fenn", None),
        ("FENN, Marcus", "fenn marcus", None),
        ("marcus fenn 19/2/92", "marcus fenn", BORN),
        ("19 Feb 1992 fenn", "fenn", BORN),
        ("O\u2019Brien-N\u00fa\u00f1ez", "obrien nunez", None),
        ("Zo\u00eb", "zoe", None),
        ("Si\u00f4n \u0141ukasz", "sion lukasz", None),
        ("May 92", "may 92", None),
    ],
)
def test_names_with_and_without_a_date(typed: str, words: str, born: date | None) -> None:
    assert understand(typed, TODAY) == Question(words=words, born=born)


def test_short_forms_stand_for_one_another() -> None:
    assert "robert" in same_as("bob")
    assert "bob" in same_as("robert")
    assert {"marc", "mark"} <= same_as("marcus")
    assert same_as("xyz") == frozenset()


@given(st.text(max_size=300))
def test_nothing_typed_can_break_it(typed: str) -> None:
    question = understand(typed, TODAY)
    assert question.empty == bool(question.hint)
    assert len(question.words) <= 1000


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)

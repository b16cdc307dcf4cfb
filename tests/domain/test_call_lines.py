"""Numbers: what one is, and the traps of telephony.md 4."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.calls import Presentation
from console.domain.dialling import NotDialled, allow_all, dial_string
from console.domain.lines import (
    EMERGENCY,
    DialPlan,
    Number,
    NumberKind,
    emergency_number,
    presentation_word,
    read_number,
    to_e164,
)
from console.domain.text import NUMBER_CAP

PLAIN = DialPlan(outside_prefix="")
LOCAL = DialPlan(area="01632")
ZERO = DialPlan(outside_prefix="0")


@pytest.mark.parametrize(
    ("sent", "e164"),
    [
        ("01632960001", "+441632960001"),
        ("907700900123", "+447700900123"),
        ("07700 900 123", "+447700900123"),
        ("+442079460150", "+442079460150"),
        ("00442079460150", "+442079460150"),
        ("00 44 20 7946 0150", "+442079460150"),
        ("+44 (0)20 7946 0150", "+442079460150"),
        ("2079460150", "+442079460150"),
        ("020 7946 0150 x 45", "+442079460150"),
        ("tel:+44-20-7946-0150", "+442079460150"),
        ("sip:02079460150@127.0.0.2", "+442079460150"),
        ("14107700900123", "+447700900123"),
        ("914107700900123", "+447700900123"),
        ("147007700900123", "+447700900123"),
    ],
)
def test_outside_numbers_have_one_form(sent: str, e164: str) -> None:
    assert to_e164(sent) == e164


@pytest.mark.parametrize("sent", ["01632960000", "01632960999", "07700900000", "07700900999", "08081570123"])
def test_numbers_kept_for_drama_work_though_libraries_call_them_invalid(sent: str) -> None:
    assert read_number(sent).kind is NumberKind.E164


def test_an_extension_is_told_before_parsing_makes_it_a_number() -> None:
    assert read_number("1001") == Number(NumberKind.EXTENSION, "1001", "1001")
    assert read_number("101", DialPlan(internal_length=3)).kind is NumberKind.SPECIAL
    assert read_number("999", DialPlan(internal_length=3)).kind is NumberKind.EMERGENCY


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("999", "999"),
        ("9 999", "999"),
        ("9999", "999"),
        ("9112", "112"),
        ("112", "112"),
        ("18000", "18000"),
        ("918000", "18000"),
        ("+44999", "999"),
        ("00 44 999", "999"),
        ("+44 (0) 999", "999"),
        ("141999", "999"),
        ("9141 999", "999"),
        ("tel:999", "999"),
    ],
)
@pytest.mark.parametrize("plan", [DialPlan(), PLAIN, LOCAL, ZERO], ids=["nine", "plain", "local", "zero"])
def test_emergency_numbers_are_seen_through_every_prefix(sent: str, number: str, plan: DialPlan) -> None:
    assert emergency_number(sent, plan) == number


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("99999", "999"),
        ("99 112", "112"),
        ("9 9 999", "999"),
        ("9918000", "18000"),
        ("999999", "999"),
        ("99999999", "999"),
    ],
)
@pytest.mark.parametrize("length", [4, 5, 6, 7])
def test_no_extension_is_an_emergency_number_with_the_outside_prefix_dialled_twice(
    sent: str, number: str, length: int
) -> None:
    assert emergency_number(sent, DialPlan(internal_length=length)) == number


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        *(("0 999", "999"), ("0999", "999"), ("0 112", "112"), ("018000", "18000"), ("00999", "999")),
        *(("0141 999", "999"), (" 0.1470 18000", "18000"), ("0 +44 999", "999"), ("0900112", "112"), ("0999#", "999")),
    ],
)
@pytest.mark.parametrize("plan", [DialPlan(), PLAIN, LOCAL, ZERO], ids=["nine", "plain", "local", "zero"])
def test_an_emergency_number_behind_0_is_one_on_every_site(sent: str, number: str, plan: DialPlan) -> None:
    """The prefix that was set may not be the switchboard's own: 0 is the other that telephones here are given."""
    assert emergency_number(sent, plan) == number
    for length in (4, 5, 6):
        assert isinstance(dial_string(sent, replace(plan, internal_length=length), allow_all), NotDialled)


@pytest.mark.parametrize("own", ["", "9", "0"])
@pytest.mark.parametrize("set_here", ["", "9", "0"])
def test_nothing_is_dialled_that_a_switchboard_with_another_prefix_reads_as_an_emergency(
    set_here: str, own: str
) -> None:
    prefixes = ("", "9", "0", "141", "1470", "+44", "0044")
    for one in sorted({"".join(two) + number for two in product(prefixes, repeat=2) for number in EMERGENCY}):
        digits = dial_string(one, DialPlan(outside_prefix=set_here, internal_length=len(one)), allow_all)
        if isinstance(digits, str):
            assert emergency_number(digits, DialPlan(outside_prefix=own)) == "", one


@pytest.mark.parametrize("sent", ["0101", "0119", "0998", "0113"])
def test_other_extensions_that_begin_with_0_stay_extensions(sent: str) -> None:
    assert read_number(sent).kind is NumberKind.EXTENSION


@pytest.mark.parametrize("number", ["999", "112", "18000"])
def test_no_extension_is_an_emergency_number_behind_prefixes_in_any_order(number: str) -> None:
    """A switchboard is given an extension as it stands: 1419999 could be 141, 9 for outside, and 999."""
    prefixes = {"", "9", "99", "141", "1470", "0044", "18001", "18002"}
    for outside in ("", "9", "0", "8"):
        dialled = {"".join(three) + number for three in product(prefixes | {outside}, repeat=3)}
        for one in sorted(dialled):
            plan = DialPlan(outside_prefix=outside, internal_length=len(one))
            assert isinstance(dial_string(one, plan, allow_all), NotDialled), (one, outside)


@pytest.mark.parametrize("sent", ["1419998", "18001998", "14701000", "00449998"])
def test_other_long_extensions_stay_extensions(sent: str) -> None:
    assert read_number(sent, DialPlan(internal_length=len(sent))).kind is NumberKind.EXTENSION


@pytest.mark.parametrize("sent", ["12999", "91234", "99101", "99123", "10112"])
def test_other_extensions_of_five_digits_stay_extensions(sent: str) -> None:
    assert read_number(sent, DialPlan(internal_length=5)).kind is NumberKind.EXTENSION


@pytest.mark.parametrize(
    "sent",
    [
        "\uff19\uff19\uff19",
        "\u0669\u0669\u0669",
        "999 (police)",
        "Police 999",
        "999#",
        "999,",
        "9,999",
        "999 ext 1",
        "*31#999",
        "9\u200b99",
    ],
)
def test_an_emergency_number_among_words_and_signs_is_one(sent: str) -> None:
    assert emergency_number(sent) == "999"


@pytest.mark.parametrize("sent", ["01632 960162 ext 999", "01632 960162 x112", "(0800) 999 0162 (office)"])
def test_a_number_that_is_no_emergency_stays_what_it_is_among_words(sent: str) -> None:
    assert emergency_number(sent) == ""


@pytest.mark.parametrize("sent", ["101", "111", "105", "119", "116123", "116 000", "1471", "9101", "01632960999"])
def test_what_is_no_emergency_is_not_stopped_as_one(sent: str) -> None:
    assert emergency_number(sent) == ""


@pytest.mark.parametrize("sent", ["9990", "99901632960001", "1129", "180001"])
def test_an_emergency_number_is_matched_exactly_never_by_prefix(sent: str) -> None:
    assert emergency_number(sent) == ""


def test_a_prefix_is_taken_off_only_when_a_possible_number_is_left() -> None:
    assert to_e164("907700900123", PLAIN) == ""
    assert to_e164("001632960001", ZERO) == "+441632960001"
    assert to_e164("960001", LOCAL) == "+441632960001"
    assert to_e164("9960001", LOCAL) == "+441632960001"


@pytest.mark.parametrize("word", ["anonymous", "Anonymous", "RESTRICTED", "Private", "withheld", " <anonymous> "])
def test_words_for_withheld(word: str) -> None:
    assert presentation_word(word) is Presentation.WITHHELD
    assert read_number(word).kind is NumberKind.NONE


@pytest.mark.parametrize("word", ["", "<unknown>", "unknown", "Unavailable", "Payphone", "0000000", "00"])
def test_words_for_no_number(word: str) -> None:
    assert presentation_word(word) is Presentation.UNAVAILABLE
    assert to_e164(word) == ""


def test_a_number_is_no_word() -> None:
    assert presentation_word("02079460123") is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(sent: str) -> None:
    number = read_number(sent)
    assert len(number.sent) <= NUMBER_CAP
    assert number.e164 == "" or number.e164.removeprefix("+").isdigit()


def test_five_megabytes_cost_nothing() -> None:
    assert read_number("9" * 5_000_000).kind is NumberKind.IMPOSSIBLE

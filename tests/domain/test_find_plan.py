"""What typed words may mean, how well somebody fits them, and the reasons; and the words people are found by."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.find_plan import Step, fitting, plan
from console.domain.find_reasons import reason
from console.domain.find_words import HomeWords, NameWords, is_near, keys_near, spelled_words, words_of
from console.domain.names import fold, same_as, spelled_as
from console.domain.search import Question, understand

TODAY = date(2026, 12, 1)
BORN = date(1961, 5, 3)
BEV = words_of(
    BORN,
    [NameWords("current", "harker", "beverley"), NameWords("known_as", "harker", "bunny")],
    [
        HomeWords("Flat 2\n12a Quay Lane\nWinchester", "SO239AB", left=False),
        HomeWords("7 Elm Row", "SO18ZZ", left=True),
    ],
)  # fmt: skip


def why(typed: str, born: date | None = None, words: str = BEV) -> str:
    return reason(fitting(plan(typed, born, TODAY), words).fits, BORN)


def test_the_words_of_a_person() -> None:
    assert BEV.split() == [
        *("b19610503", "fharker", "gbeverley", "h12ah", "h12ahlane", "h12ahquay", "h2h", "i7h", "i7helm", "i7hrow"),
        *("kbunny", "pso23", "pso239", "pso239ab", "qso1", "qso18", "qso18zz"),
        *("sflat", "slane", "squay", "swinchester", "telm", "trow", "y1961"),
    ]
    assert spelled_words(BEV) == {"harker", "beverley", "bunny", "flat", "lane", "quay", "winchester", "elm", "row"}


def test_an_address_written_as_one_text_has_its_postcode_too() -> None:
    words = words_of(None, [], [HomeWords("12 Quay Lane\nWinchester\nSO23 9AB", "", left=False)]).split()
    assert {"pso23", "pso239", "pso239ab"} <= set(words)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("harker beverley", "Name as typed"),
        ("bev harker 12a quay", "Harker as typed, Bev may be Beverley, address"),
        ("harker 12a lane", "Name as typed, address"),
        ("bunny winchester", "Known as Bunny, address"),
        ("so23 9ab", "Postcode"),
        ("so23 9 harker", "Name as typed, postcode"),
        ("elm row harker", "Name as typed, earlier address"),
        ("7 elm harker", "Name as typed, earlier address"),
        ("so1 harker", "Name as typed, earlier postcode"),
        ("hark bev", "Name begins Hark, Bev may be Beverley"),
        ("hraker", "Name near: Harker"),
        ("harker wincester", "Name as typed, address near: Winchester"),
        ("harker winch", "Name as typed, address begins Winch"),
        ("harker 1961", "Name as typed, born 1961"),
        ("harker 1962", "Name as typed, but not 1962"),
        ("mrs harker", "Name as typed"),
        ("harker ln", "Name as typed, address"),
    ],
)
def test_the_reasons_in_words(typed: str, said: str) -> None:
    assert why(typed) == said


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (BORN, "Born 03-May-1961"),
        (date(1961, 3, 5), "Born near it: 03-May-1961"),
        (date(1967, 5, 3), "Born near it: 03-May-1961"),
        (date(1967, 6, 3), "But not 03-Jun-1967"),
    ],
)
def test_a_day_of_birth_and_slips_of_it(born: date, said: str) -> None:
    assert why("", born) == said


def test_a_year_of_two_digits_may_be_of_the_century_before() -> None:
    old = words_of(date(1925, 5, 3), [NameWords("current", "harker", "ada")], [])
    assert fitting(plan("harker", date(2025, 5, 3), TODAY), old).cost < fitting(plan("harker", BORN, TODAY), old).cost


def test_what_is_nearer_comes_first() -> None:
    typed = plan("bev harker", None, TODAY)
    names = (("harker", "bev"), ("harker", "beverley"), ("harker", "beven"), ("harper", "bev"), ("fenn", "bev"))
    order = [fitting(typed, words_of(None, [NameWords("current", *name)], [])).order for name in names]
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_all_that_fits_but_one_part_must_still_tell_people_apart() -> None:
    def outs(words: str, born: date | None = None) -> list[int]:
        return [search.out for search in plan(words, born, TODAY).searches() if search.out is not None]

    assert outs("harker") == []
    assert outs("harker 1961") == []
    assert outs("harker 1961 quay") == [0, 1, 2]
    assert outs("harker", BORN) == [0]
    assert all(Step.NEAR not in one.steps for one in plan("a b c", None, TODAY).searches() if one.out is not None)


@given(st.text(alphabet="abcdz", max_size=6), st.text(alphabet="abcdz", max_size=6))
def test_two_words_one_slip_apart_have_a_key_in_common_and_are_said_to_be(one: str, other: str) -> None:
    slips = {one[:at] + letter + one[at:] for at in range(len(one) + 1) for letter in "abcdz"}
    slips |= {one[:at] + one[at + 1 :] for at in range(len(one))}
    slips |= {one[:at] + letter + one[at + 1 :] for at in range(len(one)) for letter in "abcdz"}
    slips |= {one[:at] + one[at : at + 2][::-1] + one[at + 2 :] for at in range(len(one) - 1)}
    assert is_near(one, other) == (other in slips - {one})
    for slip in slips:
        assert keys_near(one) & keys_near(slip)


@given(st.text(max_size=120), st.none() | st.dates(date(1900, 1, 1), TODAY))
def test_nothing_typed_can_break_it(typed: str, born: date | None) -> None:
    read = understand(typed, TODAY)
    made = plan(read.words, read.born or born, TODAY)
    assert len(made.parts) <= 9
    assert fitting(made, BEV).cost >= 0
    assert all(part.means for part in made.parts)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("bev harker 12 quay", Question(words="bev harker 12 quay")),
        ("kath 3/5/61 winchester", Question(words="kath winchester", born=BORN)),
        ("SO23 9", Question(words="so23 9", reference="SO239")),
        ("1948", Question(words="1948", reference="1948")),
        ("smyth 1948", Question(words="smyth 1948", reference="")),
        ("P-104233", Question(reference="P104233")),
        ("harker P-104233", Question(words="harker", reference="P104233")),
        ("harker ref 448 210", Question(words="harker", reference="448210")),
        ("448 210 harker", Question(words="harker", reference="448210")),
        ("muhammad 01632 960123", Question(e164="+441632960123", words="muhammad")),
        ("01632960123 khan", Question(e164="+441632960123", words="khan")),
        ("12 01632 960123", Question(e164="+441632960123", words="12")),
        ("+44 1632 960123 khan", Question(e164="+441632960123", words="khan")),
        ("12 quay lane", Question(words="12 quay lane")),
    ],
)
def test_several_kinds_in_one_box(typed: str, read: Question) -> None:
    assert understand(typed, TODAY) == read


def test_names_that_belong_together_are_a_file_of_folded_words() -> None:
    assert {"beverley", "beverly"} <= same_as("bev")
    assert {"katherine", "kathleen", "catherine"} <= same_as("kath")
    assert "william" in same_as("bill")
    assert "smith" in spelled_as("smyth")
    assert spelled_as("mcdonald") >= {"macdonald"}
    assert spelled_as("macleod") >= {"mcleod"}
    assert spelled_as("fenn") == frozenset()
    from console.domain.names import _table  # noqa: PLC0415  its whole content

    assert all(fold(name) == name and " " not in name for part in _table().values() for name in part)


def test_a_question_as_long_as_a_box_takes_fits_the_access_log() -> None:
    from console.ports.store import Look  # noqa: PLC0415
    from db.postgres.people import question_json  # noqa: PLC0415  needs no server

    for letter in ("k", "\u6c49"):
        words = " ".join([letter * 24] * 8)
        assert len(question_json(Look("x", words=words, born=BORN), TODAY)) < 30_000

"""What was said of a number stands over the directory's row where it is the newer word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from console.domain.agency_checks import AgencyCheck, check_body, check_of, with_check
from console.domain.people import Agency

ROW = Agency(UUID(int=1), "Crisis team", "crisis_team", "North", "+441632960162", date(2026, 6, 1), "R Calder")
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # after midnight in London
WRONG = AgencyCheck(ROW.id, ROW.number, good=False, words="rings out", by="Tom Adeyemi", at=LATE)


def test_the_day_is_londons() -> None:
    assert with_check(ROW, WRONG).wrong_on == date(2026, 7, 2)


def test_a_right_number_is_verified_that_day_and_no_longer_wrong() -> None:
    wrong = with_check(ROW, WRONG)
    right = with_check(wrong, replace(WRONG, good=True, words=""))
    assert (right.verified_on, right.verified_by, right.wrong_on, right.note) == (date(2026, 7, 2), WRONG.by, None, "")


def test_a_word_on_another_number_or_of_before_the_rows_own_day_says_nothing() -> None:
    assert with_check(ROW, None) is ROW
    assert with_check(replace(ROW, number="101"), WRONG).wrong_on is None
    assert with_check(replace(ROW, verified_on=date(2026, 7, 3)), WRONG).wrong_on is None
    assert with_check(replace(ROW, verified_on=date(2026, 7, 2)), WRONG).wrong_on == date(2026, 7, 2)
    assert with_check(replace(ROW, verified_on=None), WRONG).wrong_on == date(2026, 7, 2)


def test_a_body_of_another_version_is_read_without_trust() -> None:
    assert check_of(ROW.id, {"good": "yes", "number": 5, "words": ["x"]}, "tom", LATE) == AgencyCheck(
        ROW.id, "5", good=False, words="", by="tom", at=LATE
    )
    body = check_body(ROW.number, "x" * 900 + "\x00", "Tom", good=True)
    assert len(str(body["words"])) == 200

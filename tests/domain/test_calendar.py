"""Out-of-hours stretches, working days and the clock change, against the traps of domain.md 3."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from console.domain.bank_holidays import england
from console.domain.board_fold import hour_counts
from console.domain.calendar import LONDON, Calendar, local, shift_stream
from console.domain.words import day_words, full_words, since_words, span_words, weekday_clock

CALENDAR = Calendar(england())


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a London time as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def test_the_longest_stretch_is_over_christmas_2027() -> None:
    stretch = CALENDAR.stretch(london(2027, 12, 26, 3))
    assert (stretch.start, stretch.end) == (london(2027, 12, 24, 17), london(2027, 12, 29, 8, 30))
    assert stretch.end - stretch.start == timedelta(hours=111.5)


def test_a_handover_after_boxing_day_is_due_on_tuesday() -> None:
    assert CALENDAR.opening_after(london(2026, 12, 27, 6, 35)) == london(2026, 12, 29, 8, 30)


def test_fifteen_working_days_from_good_friday_is_the_nineteenth_of_april() -> None:
    assert CALENDAR.add_working_days(date(2027, 3, 26), 15) == date(2027, 4, 19)


@pytest.mark.parametrize("day", [date(2027, 3, 29), date(2026, 8, 31), date(2028, 1, 3), date(2027, 12, 28)])
def test_easter_monday_august_and_substitute_days_are_holidays(day: date) -> None:
    assert not CALENDAR.working_day(day)


def test_a_day_that_a_manager_added_is_a_holiday() -> None:
    assert not Calendar(england(), extra=[date(2026, 12, 2)]).working_day(date(2026, 12, 2))


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        (london(2026, 12, 1, 16, 59), False),
        (london(2026, 12, 1, 17), True),
        (london(2026, 12, 2, 8, 29), True),
        (london(2026, 12, 2, 8, 30), False),
        (london(2026, 12, 5, 12), True),
    ],
)
def test_the_office_shuts_at_five_and_opens_at_half_past_eight(moment: datetime, out: bool) -> None:
    assert CALENDAR.out_of_hours(moment) is out


def test_who_stays_on_in_the_morning_stays_in_the_nights_shift_and_noon_begins_the_next() -> None:
    night = CALENDAR.stretch(london(2026, 12, 2, 3))
    assert CALENDAR.stretch(london(2026, 12, 2, 11, 59)) == night
    assert CALENDAR.stretch(london(2026, 12, 2, 12)).start == london(2026, 12, 2, 17)
    assert shift_stream(night) == shift_stream(CALENDAR.stretch(london(2026, 12, 1, 17)))
    assert shift_stream(night) != shift_stream(CALENDAR.stretch(london(2026, 12, 2, 12)))


def test_every_moment_of_a_year_lies_in_or_beside_its_stretch() -> None:
    moment = london(2026, 11, 20, 0)
    while moment < london(2027, 1, 10):
        stretch = CALENDAR.stretch(moment)
        assert stretch.holds(moment) == CALENDAR.out_of_hours(moment)
        assert stretch.start < stretch.end
        moment += timedelta(minutes=30)


@pytest.mark.parametrize(
    ("evening", "hours"), [((2026, 12, 1), 16), ((2027, 3, 27), 15), ((2027, 10, 30), 17)], ids=["plain", "on", "back"]
)
def test_a_night_has_as_many_hours_as_it_has(evening: tuple[int, int, int], hours: int) -> None:
    start = london(*evening, 17)
    counts = hour_counts([start + timedelta(minutes=61)], start + timedelta(hours=3, minutes=5))
    assert len(counts) == hours
    assert [one.calls for one in counts][:3] == [0, 1, 0]
    assert [one.hour for one in counts if one.running] == [20]
    assert sum(one.ahead for one in counts) == hours - 4
    assert counts[-1].hour == 8


def test_a_weekend_day_shows_its_own_hours() -> None:
    counts = hour_counts([], london(2026, 12, 5, 12))
    assert [one.hour for one in counts] == list(range(8, 17))


def test_words_of_times_are_the_same_everywhere() -> None:
    moment = london(2026, 12, 1, 22, 14)
    assert full_words(moment) == "Tue 01-Dec-2026 22:14"
    assert full_words(london(2027, 3, 28, 23, 40)) == "Sun 28-Mar-2027 23:40"
    assert weekday_clock(moment) == "Tue 22:14"
    assert day_words(date(1992, 2, 19)) == "19-Feb-1992"
    assert local(datetime(2027, 7, 1, 12, tzinfo=UTC)).hour == 13


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "00:00"), (219, "03:39"), (3599, "59:59"), (3600, "1:00:00"), (-5, "00:00")]
)
def test_spans(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 10, 1), "14 months ago"),
        (date(2025, 9, 29), "14 months ago"),
        (date(2026, 12, 1), "today"),
        (date(2026, 11, 30), "1 day ago"),
        (date(2026, 10, 31), "31 days ago"),
        (date(2020, 1, 1), "6 years ago"),
    ],
)
def test_how_long_ago(day: date, words: str) -> None:
    assert since_words(day, date(2026, 12, 1)) == words

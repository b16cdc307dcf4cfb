"""The rota: who is on, who comes next, where nobody is; and every reason why a row of it is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.bank_holidays import england
from console.domain.calendar import LONDON, Calendar
from console.domain.people_csv import RowRefused
from console.domain.rota import Duty, DutyKind, Gap, Lane, doubles, gaps, lanes_at, needed, on_call_manager
from console.domain.rota_csv import FileDuty, read_moment, read_rota_row
from console.domain.rota_sample import COLUMNS, sample_duties
from console.domain.rota_words import gap_words, lane_words, next_words, until_words

CALENDAR = Calendar(england())
MANAGERS = Lane(DutyKind.ON_CALL_MANAGER)
AMHP = Lane(DutyKind.AMHP, "hampshire", "amhp")
TODAY = date(2026, 12, 1)


def at(text: str) -> datetime:
    """Return a time in London."""
    found = read_moment(text, TODAY)
    assert found is not None
    return found


def duty(lane: Lane, name: str, begins: str, ends: str) -> Duty:
    return Duty(UUID(int=len(name)), lane, name, "+447700900841", at(begins), at(ends))


NIGHT = [
    duty(MANAGERS, "Dilip Shah", "1/12/2026 17:00", "2/12/2026 08:30"),
    duty(MANAGERS, "Helen Marsh", "2/12/2026 17:00", "3/12/2026 08:30"),
    duty(AMHP, "Ines Roche", "1/12/2026 08:30", "2/12/2026 04:00"),
]


def test_who_is_on_now_and_next_and_where_nobody_is() -> None:
    now = at("1/12/2026 22:14")
    manager, amhp = lanes_at(NIGHT, now, CALENDAR)
    assert [one.name for one in manager.now] == ["Dilip Shah"]
    assert manager.next is not None
    assert (manager.next.name, manager.gap) == ("Helen Marsh", None), "by day the office is open"
    assert until_words(manager.now[0], now) == "until Wed 08:30"
    assert next_words(manager, now) == "then Helen Marsh from Wed 17:00"
    assert amhp.gap == Gap(at("2/12/2026 04:00"), None)
    assert lane_words(amhp.lane, str.capitalize) == "AMHP, Hampshire"
    said = "nobody is on call as AMHP, Hampshire, from Wed 04:00; the rota names nobody after"
    assert gap_words(amhp, now, str.capitalize) == said
    later = at("2/12/2026 05:00")
    assert gap_words(lanes_at(NIGHT, later, CALENDAR)[1], later).startswith("nobody is on call as AMHP, hampshire, now")


def test_the_on_call_manager_of_all_authorities_comes_first() -> None:
    theirs = duty(Lane(DutyKind.ON_CALL_MANAGER, "portsmouth"), "Ann", "1/12/2026 17:00", "2/12/2026 08:30")
    found = on_call_manager([theirs, *NIGHT], at("1/12/2026 23:00"))
    assert found is not None
    assert found.name == "Dilip Shah"
    assert on_call_manager(NIGHT, at("2/12/2026 12:00")) is None


def test_a_weekend_and_a_bank_holiday_are_needed_whole_and_office_hours_not() -> None:
    friday, wednesday = at("24/12/2027 12:00"), at("29/12/2027 12:00")
    found = needed(DutyKind.EDT_WORKER, friday, wednesday, CALENDAR)
    assert found == ((at("24/12/2027 17:00"), at("29/12/2027 08:30")),), "111.5 h"
    assert needed(DutyKind.AMHP, friday, wednesday, CALENDAR) == ((friday, wednesday),)
    assert needed(DutyKind.AMHP, wednesday, friday, CALENDAR) == ()


def test_the_clock_change_makes_no_gap_and_hides_none() -> None:
    before, after = at("27/3/2027 17:00"), at("28/3/2027 08:30")
    assert after - before == timedelta(hours=14.5), "an hour less"
    whole = duty(MANAGERS, "Dilip Shah", "27/3/2027 17:00", "28/3/2027 08:30")
    assert gaps(MANAGERS, [whole], before, after, CALENDAR) == ()
    half = duty(MANAGERS, "Dilip Shah", "30/10/2027 17:00", "31/10/2027 01:30 BST")
    rest = duty(MANAGERS, "Helen Marsh", "31/10/2027 01:30 GMT", "31/10/2027 08:30")
    (gap,) = gaps(MANAGERS, [half, rest], half.begins, rest.ends, CALENDAR)
    assert gap.ends is not None
    assert gap.ends - gap.begins == timedelta(hours=1)


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=8))
def test_every_minute_is_either_covered_or_in_a_gap(times: list[tuple[int, int]]) -> None:
    start = at("5/12/2026 00:00")  # a Saturday: out of hours until Monday morning
    duties = [
        Duty(UUID(int=n), MANAGERS, f"W{n}", "", start + timedelta(hours=b / 2), start + timedelta(hours=(b + d) / 2))
        for n, (b, d) in enumerate(times)
    ]
    end = start + timedelta(hours=40)
    found = gaps(MANAGERS, duties, start, end, CALENDAR)
    for step in range(80):
        moment = start + timedelta(minutes=30 * step + 1)
        covered = any(one.on_at(moment) for one in duties)
        assert covered != any(gap.begins <= moment < (gap.ends or end) for gap in found)


def test_two_managers_at_once_are_said_and_two_workers_are_not() -> None:
    other = duty(MANAGERS, "Helen Marsh", "1/12/2026 20:00", "2/12/2026 02:00")
    assert [(one.name, two.name) for one, two in doubles([*NIGHT, other])] == [("Dilip Shah", "Helen Marsh")]
    team = Lane(DutyKind.EDT_WORKER)
    grace = duty(team, "Grace", "1/12/2026 17:00", "2/12/2026 08:30")
    owen = duty(team, "Owen", "1/12/2026 17:00", "2/12/2026 08:30")
    again = duty(team, "grace", "1/12/2026 22:00", "2/12/2026 08:30")
    assert list(doubles([grace, owen])) == []
    assert [(one.name, two.name) for one, two in doubles([grace, owen, again])] == [("Grace", "grace")]


def test_a_short_double_hides_no_later_one() -> None:
    ann = duty(MANAGERS, "Ann", "1/12/2026 17:00", "2/12/2026 09:00")
    cat = duty(MANAGERS, "Cat", "1/12/2026 18:00", "1/12/2026 19:00")
    bob = duty(MANAGERS, "Bob", "1/12/2026 20:00", "2/12/2026 05:00")
    dee = duty(MANAGERS, "Dee", "2/12/2026 09:00", "2/12/2026 10:00")
    found = [(one.name, two.name) for one, two in doubles([bob, dee, cat, ann])]
    assert found == [("Ann", "Cat"), ("Ann", "Bob")]


@given(
    st.sampled_from([DutyKind.ON_CALL_MANAGER, DutyKind.EDT_WORKER]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from(["Ann", "ann", "Bob"])), max_size=9),
)
def test_every_pair_that_overlaps_is_said_once(kind: DutyKind, times: list[tuple[int, int, str]]) -> None:
    start = at("5/12/2026 00:00")
    duties = [
        Duty(UUID(int=n), Lane(kind), name, "", start + timedelta(hours=b), start + timedelta(hours=b + d))
        for n, (b, d, name) in enumerate(times)
    ]
    meant = {
        frozenset((one.id, other.id))
        for at_, one in enumerate(duties)
        for other in duties[at_ + 1 :]
        if one.begins < other.ends
        and other.begins < one.ends
        and (kind is DutyKind.ON_CALL_MANAGER or one.name.casefold() == other.name.casefold())
    }
    found = [frozenset((one.id, other.id)) for one, other in doubles(duties)]
    assert (len(found), set(found)) == (len(meant), meant)


# --- the file ---------------------------------------------------------------------------------

ROW = {
    "duty": "on_call_manager", "name": "Dilip Shah", "number": "07700 900841", "from": "01/12/2026 17:00",
    "to": "02/12/2026 08:30",
}  # fmt: skip


def refusal(**cells: str) -> str:
    with pytest.raises(RowRefused) as refused:
        read_rota_row({**ROW, **cells}, 7, TODAY)
    return str(refused.value)


def test_a_full_row() -> None:
    more = {"authority": "portsmouth", "service": "Children", "safe_to_call": "any hour", "as_at": "27/11/2026"}
    found = read_rota_row({**ROW, **more, "source": "Night rota"}, 7, TODAY)
    assert found == FileDuty(
        7, Lane(DutyKind.ON_CALL_MANAGER, "portsmouth", "children"), "Dilip Shah", "+447700900841",
        datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 12, 2, 8, 30, tzinfo=UTC), "any hour", "Night rota",
        date(2026, 11, 27),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"duty": "porter"}, "duty: 'porter' is not one of on_call_manager"),
        ({"duty": ""}, "duty is empty"),
        ({"name": " "}, "name is empty"),
        ({"number": ""}, "number is empty"),
        ({"number": "999"}, "emergency numbers are rung by hand"),
        ({"number": "12"}, "number: '12' is no number"),
        ({"number": "4.477E+11"}, "turned into a figure"),
        ({"from": "tomorrow"}, "from: 'tomorrow' is not a day and a time"),
        ({"from": "31/02/2026 17:00"}, "31/2/2026 is not a day in the calendar"),
        ({"from": "01/12/2026 24:30"}, "is not a day and a time"),
        ({"from": "28/03/2027 01:30", "to": "28/03/2027 08:30"}, "does not exist: the clocks go forward"),
        ({"from": "31/10/2027 01:30", "to": "31/10/2027 08:30"}, "comes twice: the clocks go back"),
        ({"to": "01/12/2026 17:00"}, "to is not after from"),
        ({"to": "01/12/2027 17:00"}, "365 days apart; at most 31"),
        ({"from": "02/12/2036 17:00", "to": "03/12/2036 08:30"}, "to: 03-Dec-2036 is more than three years ahead"),
        ({"to": "02/12/9999 08:30"}, "to: 02-Dec-9999 is more than three years ahead"),
        ({"from": "01/01/1900 00:00"}, "from: 01-Jan-1900 is more than a year back; look at the year"),
        ({"from": "29/11/2025 17:00"}, "from: 29-Nov-2025 is more than a year back"),
        ({"from": "01/12/36 17:00"}, "from: 01-Dec-1936 is more than a year back"),
        ({"service": "both ways"}, "service: 'both ways' is not one of"),
        ({"name": "x" * 121}, "name is 121 characters long, at most 120 fit"),
        ({"as_at": "01/12/2030"}, "still to come"),
    ],
)
def test_a_row_is_refused_with_its_reason(cells: dict[str, str], said: str) -> None:
    assert said in refusal(**cells)


@pytest.mark.parametrize("begins", ["30/11/2025 17:00", "01/12/25 17:00", "30/11/2029 17:00"])
def test_a_year_back_and_three_years_ahead_can_be_imported(begins: str) -> None:
    ends = f"{begins[:-5]}23:00"
    assert read_rota_row({**ROW, "from": begins, "to": ends}, 7, TODAY).name == "Dilip Shah"


def test_every_reason_is_said_at_once() -> None:
    said = refusal(duty="porter", number="x", **{"from": "soon", "to": "late"})
    assert said.count(";") >= 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tue 1 Dec 2026 17:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2026-12-01T17:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("1/6/2027 01:30", datetime(2027, 6, 1, 0, 30, tzinfo=UTC)),
        ("31/10/2027 01:30 BST", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("31/10/2027 01:30 GMT", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_are_londons(typed: str, meant: datetime) -> None:
    assert read_moment(typed, TODAY) == meant


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_whatever_london_reads_on_its_clocks_is_read_back(minutes: int) -> None:
    there = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(LONDON)
    assert read_moment(f"{there:%d/%m/%Y %H:%M} {there.tzname()}", TODAY) == there.astimezone(UTC)


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=200)))
def test_a_row_of_anything_without_a_duty_is_refused_in_words(cells: dict[str, str]) -> None:
    with pytest.raises(RowRefused, match="."):
        read_rota_row({**cells, "duty": ""}, 2, TODAY)


def test_the_sample_can_be_imported_and_says_one_gap_on_its_last_night() -> None:
    rows = sample_duties(date(2026, 11, 27), 7, CALENDAR)
    duties = [Duty(UUID(int=r.line), r.lane, r.name, r.number, r.begins, r.ends, r.safe) for r in rows]
    assert list(doubles(duties)) == []
    last = at("03/12/2026 23:00")
    assert [one.lane.kind for one in lanes_at(duties, last, CALENDAR) if one.gap] == [DutyKind.AMHP]
    first = at("27/11/2026 23:00")
    assert [one.lane.kind for one in lanes_at(duties, first, CALENDAR) if one.gap] == []
    assert all(one.number.startswith(("+447700900", "+4480815700")) for one in duties), "kept for drama"

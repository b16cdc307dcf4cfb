"""The invented population: the same everywhere, whole, and made of drama numbers only."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from functools import cache

import pytest

from console.domain.invent import AS_OF, SHARED_LINES, invent
from console.domain.invent_lines import MOST, MOST_SHARED, kind_of
from console.domain.markers import MARKER_KINDS
from console.domain.people import PlanStatus, Rank, age_on
from console.domain.people_rows import Batch

DRAMA = re.compile(
    r"\+44(?:11[3-8]4960|1[2-6]14960|207946 ?0|1914980|2920180|1632960|7700900|8081570|3069990)\d{3}".replace(" ?", "")
)
SAME_EVERYWHERE = "25dccc3a0d5c9e6050da9716437c7133080d0c1925e63a0731a8b04e620b771e"
"""Digest of 500 people of seed 7: if this moves, every demo and bench has other people."""


@cache
def _all(count: int, seed: int = 7) -> Batch:
    whole = Batch()
    for batch in invent(count, seed):
        for name in Batch.__slots__:
            getattr(whole, name).extend(getattr(batch, name))
    return whole


def _digest(count: int, seed: int) -> str:
    told = hashlib.sha256()
    for batch in invent(count, seed):
        for name in Batch.__slots__:
            for row in getattr(batch, name):
                told.update(repr(tuple(row)).encode())
    return told.hexdigest()


def test_the_same_on_every_machine() -> None:
    assert _digest(500, 7) == SAME_EVERYWHERE


def test_another_seed_gives_other_people() -> None:
    assert _digest(500, 8) != SAME_EVERYWHERE


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100, 2001])
def test_exactly_as_many_as_asked_for(count: int) -> None:
    assert len(_all(count).people) == count


def test_fewer_people_are_the_first_of_more() -> None:
    assert [row.id for row in _all(300).people] == [row.id for row in _all(3000).people[:300]]


def test_only_numbers_kept_for_drama() -> None:
    rows = _all(3000)
    numbers = {row.e164 for row in rows.lines} | {row.e164 for row in rows.on_lines}
    numbers |= {row.number for row in rows.agencies}
    assert [number for number in numbers if not DRAMA.fullmatch(number)] == []
    assert len(numbers) > 1000


def test_no_number_holds_more_people_than_it_may() -> None:
    rows = _all(40_000)
    now = Counter(row.e164 for row in rows.on_lines if row.until is None)
    shared = {number for number, _ in SHARED_LINES}
    assert max(count for number, count in now.items() if number not in shared) <= 25
    ordinary = {row.e164 for row in rows.lines if row.kind in ("mobile", "landline", "freephone", "UK-wide")}
    assert max(now[number] for number in ordinary) <= MOST
    assert max(now[number] for number in shared) <= MOST_SHARED
    assert len(rows.on_lines) > 1.1 * len(rows.people)


def test_the_fenns_are_as_the_pictures_show_them() -> None:
    rows = _all(200)
    marcus, lena = rows.people[:2]
    assert (marcus.family, marcus.given, marcus.born, marcus.gender) == ("Fenn", "Marcus", date(1992, 2, 19), "Male")
    assert (lena.given, lena.born, lena.reference) == ("Lena", date(1993, 8, 7), "448 211")
    on = {row.person: row for row in rows.on_lines if row.e164 == "+447700900412"}
    assert {on[marcus.id].confirmed_on, on[lena.id].confirmed_on} == {date(2025, 10, 3), date(2025, 9, 29)}
    assert len(on) == 2
    sign = next(row for row in rows.markers if row.subject_id == marcus.id)
    assert (sign.kind, sign.set_on, sign.review_on) == ("suicide_self_harm", date(2025, 10, 3), date(2026, 10, 3))
    assert [row.text for row in rows.past if row.person == marcus.id] == [
        "Lena Fenn rang, worried",
        "Welfare visit: seen",
        "Crisis team informed",
    ]
    assert {row.number for row in rows.agencies} >= {"+441632960162", "+441632960140", "+441632960155", "+441632960171"}


def test_everything_named_is_there() -> None:
    rows = _all(3000)
    people, places = {row.id for row in rows.people}, {row.id for row in rows.addresses}
    lines = {row.e164 for row in rows.lines}
    assert len(people) == 3000
    assert {row.person for row in rows.names} == people
    assert {row.person for row in rows.lives} <= people
    assert {row.address for row in rows.lives} == places
    assert {row.e164 for row in rows.on_lines} <= lines
    assert len(lines) == len(rows.lines)
    assert {row.subject_id for row in rows.markers} <= people
    assert len({(row.e164, row.person) for row in rows.on_lines}) == len(rows.on_lines)
    assert len({(row.person, row.kind, row.shown) for row in rows.names}) == len(rows.names)
    references = [row.reference_key for row in rows.people if row.reference_key]
    assert len(set(references)) == len(references)


def test_ties_are_told_from_both_sides() -> None:
    pairs = {(row.person, row.other) for row in _all(1000).ties}
    assert pairs
    assert {(other, person) for person, other in pairs} == pairs


def test_children_and_adults_old_and_new_markers_plans_and_shared_places() -> None:
    rows = _all(6000)
    ages = [age_on(row.born, AS_OF) for row in rows.people if row.born]
    children = sum(age < 18 for age in ages)
    assert 0.15 < children / len(ages) < 0.4
    assert max(ages) > 85
    assert min(ages) >= 0
    late = [row.review_on < AS_OF for row in rows.markers]
    assert 0.2 < sum(late) / len(late) < 0.8
    assert {Rank(row.rank) for row in rows.markers} >= {Rank.NOW, Rank.HOUR, Rank.SHIFT}
    assert {row.kind for row in rows.markers} <= MARKER_KINDS.keys()
    assert {PlanStatus(row.plan) for row in rows.people} >= {PlanStatus.NONE, PlanStatus.CIN, PlanStatus.LAC_S31}
    assert any(row.place == "Residential home: 6 young people" for row in rows.lines)
    assert any(row.claimed_age is not None and row.born is None for row in rows.people)
    assert any(row.do_not_disclose for row in rows.lives)
    assert any(row.restricted for row in rows.people)


def test_the_day_they_stand_as_moves_what_is_known_of_them() -> None:
    early = [row for batch in invent(300, 7, date(2020, 1, 1)) for row in batch.lives][1:]
    assert max(row.as_at for row in early if row.as_at and row.as_at.year != 2025) <= date(2020, 1, 1)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+447700900001", "mobile"),
        ("+441632960300", "landline"),
        ("+448081570100", "freephone"),
        ("+443069990100", "UK-wide"),
    ],
)
def test_the_kind_of_a_number(number: str, kind: str) -> None:
    assert kind_of(number) == kind

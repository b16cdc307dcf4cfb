"""A service's own target stands beside our clocks, and is never called a promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain.help_kinds import HelpKind, HelpState
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.help_targets import PoliceGrade, ambulance_category, grade_words, police_grade, since_graded
from console.domain.record import Kind, StreamKind
from tests.helpers.items import Stream


def graded(kind: HelpKind, *grades: str) -> tuple[HelpRequest, Stream]:
    """Return a request that was given these grades, ten minutes apart."""
    stream = Stream(StreamKind.HELP)
    stream.write(Kind.HELP_DRAFTED, {"kind": kind.value})
    stream.write(Kind.HELP_CHANGED, {"state": "sent"}, slot="state")
    for grade in grades:
        stream.write(Kind.HELP_CHANGED, {"state": "accepted", "grade": grade}, slot="state", seconds=600)
    found = fold_help(stream.items)
    assert found is not None
    return found, stream


@pytest.mark.parametrize(
    ("said", "category"),
    [("2", "2"), ("C1", "1"), ("cat 3", "3"), ("Category 4", "4"), ("5", ""), ("12", ""), ("category", ""), ("", "")],
)
def test_a_category_is_read_as_it_is_said(said: str, category: str) -> None:
    assert ambulance_category(said) == category


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("1", "Category 1: target 7 min, not a promise"),
        ("category 2", "Category 2: target 18 min, not a promise"),
        ("C3", "Category 3: target 120 min for 9 in 10, not a promise"),
        ("4", "Category 4: target 180 min for 9 in 10, not a promise"),
        ("HCP", "HCP"),
    ],
)
def test_a_target_stands_beside_the_category_and_is_no_promise(said: str, words: str) -> None:
    assert grade_words(graded(HelpKind.AMBULANCE, said)[0]) == words


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("Immediate", PoliceGrade.EMERGENCY),
        ("grade 1 emergency", PoliceGrade.EMERGENCY),
        ("Prompt", PoliceGrade.PRIORITY),
        ("Scheduled response", PoliceGrade.SCHEDULED),
        ("Emergency line, no deployment", PoliceGrade.NO_ATTENDANCE),
        ("resolution without deployment", PoliceGrade.NO_ATTENDANCE),
        ("2", PoliceGrade.UNKNOWN),
        ("", PoliceGrade.UNKNOWN),
    ],
)
def test_a_police_grade_is_read_only_where_its_words_leave_no_doubt(said: str, meaning: PoliceGrade) -> None:
    assert police_grade(said) is meaning


def test_police_have_no_target_and_their_words_are_kept() -> None:
    assert grade_words(graded(HelpKind.POLICE_ATTEND, "Prompt")[0]) == "Grade Prompt (priority)"
    assert grade_words(graded(HelpKind.POLICE_ATTEND, "2")[0]) == "Grade 2"


def test_the_services_clock_begins_again_with_another_category_and_ends_on_scene() -> None:
    request, stream = graded(HelpKind.AMBULANCE, "2", "2")
    assert since_graded(request, stream.at) == timedelta(minutes=10)
    request, stream = graded(HelpKind.AMBULANCE, "2", "1")
    assert since_graded(request, stream.at) == timedelta()
    stream.write(Kind.HELP_CHANGED, {"state": HelpState.ON_SCENE.value}, slot="state")
    there = fold_help(stream.items)
    assert there is not None
    assert since_graded(there, stream.at) is None

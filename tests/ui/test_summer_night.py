"""After midnight in summer, when the clock in London is an hour ahead of UTC: the day is London's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.helpers.night_screens import Night
from ui.desktop.screens.handler.rows import CandidatesRow, IdentityRow

AFTER_MIDNIGHT = datetime(2027, 6, 1, 23, 30, tzinfo=UTC)
"""Wed 02-Jun-2027 00:30 in London."""
BORN = date(2011, 6, 2)
"""Sixteen since half an hour ago."""


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night(AFTER_MIDNIGHT)
    yield made
    made.room.close()


def test_ages_are_those_of_the_day_in_london_on_both_screens(night: Night) -> None:
    night.knows("Jordan", BORN)
    night.answered()
    who = night.h.who
    assert isinstance(who, CandidatesRow)
    assert who.cards[0].age == "(16y)"
    night.handler.choose_candidate(1)
    night.paired()

    chosen = night.h.who
    assert isinstance(chosen, IdentityRow)
    assert chosen.age == "(16y)"
    assert night.c.head is not None
    assert "(16y)" in night.c.head.words


def test_somebody_born_today_is_no_error_of_the_form(night: Night) -> None:
    night.answered()
    assert night.record()
    night.handler.form_opened("new_person")
    night.handler.form_sent("new_person", {"family": "Orme", "given": "Baby", "born": "02-Jun-2027"})

    assert isinstance(night.h.who, IdentityRow)
    assert night.h.who.age == "(0y)"


def test_what_was_found_has_the_age_of_the_day_in_london(night: Night) -> None:
    night.knows("Jordan", BORN)
    night.answered()
    assert night.record()
    night.handler.find("Fenn")

    assert "(16y)" in night.h.find.rows[0].spoken

"""What a card says of ringing back, written and read: no words of anybody, and nothing foreign raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.board_drops import read_rung, rung_mark
from console.domain.drops import RingBack, RingOutcome
from console.domain.incidents import IncidentState
from tests.helpers.items import TEN_PAST

CALL = uuid4()


def tried(outcome: RingOutcome, minutes: int = 0) -> RingBack:
    """Return one attempt after the newest call."""
    return RingBack(outcome, TEN_PAST + timedelta(minutes=minutes), "tom.adeyemi", "he sobbed", uuid4(), 1, CALL)


def incident(*attempts: RingBack) -> IncidentState:
    """Return an incident with one call and these attempts."""
    return IncidentState(uuid4(), calls=(CALL,), ring_backs=attempts)


@pytest.mark.parametrize("outcome", list(RingOutcome))
def test_what_is_written_is_read_back_without_the_words(outcome: RingOutcome) -> None:
    mark = rung_mark(incident(tried(outcome)))
    found = read_rung(mark)
    assert found is not None
    assert (found.outcome, found.at, found.by) == (outcome, TEN_PAST, "tom.adeyemi")
    assert "sobbed" not in mark


def test_the_newest_stands_but_reached_is_never_undone_by_what_comes_late() -> None:
    found = read_rung(rung_mark(incident(tried(RingOutcome.ENGAGED), tried(RingOutcome.NO_ANSWER, 1))))
    assert found is not None
    assert found.outcome is RingOutcome.NO_ANSWER
    found = read_rung(rung_mark(incident(tried(RingOutcome.REACHED), tried(RingOutcome.NO_ANSWER, 1))))
    assert found is not None
    assert found.outcome is RingOutcome.REACHED


def test_an_attempt_after_another_call_says_nothing_of_this_one() -> None:
    assert rung_mark(incident(replace(tried(RingOutcome.REACHED), call=uuid4()))) == ""
    assert rung_mark(replace(incident(tried(RingOutcome.REACHED)), calls=())) == ""


def test_it_rings_for_a_moment_and_then_nobody_knows() -> None:
    found = read_rung(rung_mark(incident(tried(RingOutcome.RUNG))))
    assert found is not None
    assert found.rings(TEN_PAST + timedelta(seconds=10))
    assert not found.rings(TEN_PAST + timedelta(minutes=1))


@given(st.text() | st.builds("{} {} {}".format, st.sampled_from(list(RingOutcome)), st.text(), st.text()))
def test_a_cards_state_of_any_other_version_is_no_attempt_and_raises_nothing(written: str) -> None:
    assert read_rung(written) is None or written.split(" ")[0] in list(RingOutcome)


def test_the_plain_states_are_no_attempts() -> None:
    assert [read_rung(one) for one in ("live", "stood down", "")] == [None, None, None]

"""Every recording of a real Asterisk and a real FreeSWITCH against what really happened, field by field."""

from __future__ import annotations

import pytest

from console.domain.calls import CallState
from tests.helpers import esl_streams
from tests.helpers.recordings import Recording, book_of, compare, recordings, reports_of

every = pytest.mark.parametrize("recording", [*recordings(), *esl_streams.STREAMS], ids=str)


@every
def test_report_agrees_with_the_truth(recording: Recording) -> None:
    for checked in compare(recording, reports_of(recording)):
        assert checked.right, f"{checked.field}: {checked.wanted} is told as {checked.found}"


@every
def test_every_call_ends_once_and_nothing_odd_happens(recording: Recording) -> None:
    book = book_of(recording.facts())
    assert [odd.what for odd in book.take_oddities()] == []
    for call in book.calls():
        assert call.state is CallState.ENDED
        assert call.outcome is not None
        assert call.ended_at is not None
        assert not call.alerting
        assert not call.talking


@every
def test_told_twice_is_told_once(recording: Recording) -> None:
    facts = recording.facts()
    once, twice = book_of(facts), book_of([*facts, *facts])
    assert twice.calls() == once.calls()

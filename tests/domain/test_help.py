"""The request's state machine: every possible and impossible move, its bars and its clocks."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.calendar import local
from console.domain.help_ages import Alarm, Thresholds, ages, alarm, by_urgency
from console.domain.help_kinds import ENDED, MOVES, STEPS, HelpKind, HelpState
from console.domain.help_requests import HelpRequest, cannot, fold_help
from console.domain.record import Kind, StreamKind
from tests.helpers.items import Stream


def drafted(kind: HelpKind = HelpKind.POLICE_ATTEND) -> Stream:
    """Return a request that is written down."""
    stream = Stream(StreamKind.HELP)
    stream.write(Kind.HELP_DRAFTED, {"incident": uuid4(), "kind": kind.value, "rank": "p1_life_now"})
    return stream


def moves(stream: Stream, *states: HelpState, **body: object) -> HelpRequest:
    """Write moves and return the request."""
    for state in states:
        stream.write(Kind.HELP_CHANGED, {"state": state.value, **body}, slot="state")
    return fold(stream)


def fold(stream: Stream) -> HelpRequest:
    """Return the request."""
    found = fold_help(stream.items)
    assert found is not None
    return found


@given(st.lists(st.sampled_from(HelpState), max_size=12))
def test_every_sequence_ends_in_a_state_reached_only_by_possible_moves(wanted: list[HelpState]) -> None:
    stream = drafted()
    request = moves(stream, *wanted)
    at = HelpState.DRAFTED
    for news in request.news:
        assert news.state is not None
        if not news.refused:
            assert news.state is at or news.state in MOVES[at]
            at = news.state
    assert request.state is at
    assert len(request.news) == len(wanted), "nothing heard is ever dropped"


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["20261201990001", "-5", "1e9", 10**18, -(10**18), 10**300])
    | st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-12:00"])
)  # fmt: skip
SAID = st.fixed_dictionaries({"minutes": ANYTHING, "at": ANYTHING, "rank": ANYTHING, "reference": ANYTHING})


@given(st.lists(st.tuples(st.sampled_from(HelpState), SAID), max_size=6), SAID)
def test_whatever_stands_in_the_record_its_clocks_can_be_told(
    told: list[tuple[HelpState, dict[str, object]]], first: dict[str, object]
) -> None:
    stream = Stream(StreamKind.HELP)
    stream.write(Kind.HELP_DRAFTED, {"kind": "ambulance"} | first)
    for state, said in told:
        stream.write(Kind.HELP_CHANGED, said | {"state": state.value}, slot="state")
        request = fold(stream)
        for now in (stream.at, stream.at + timedelta(days=400)):
            found = ages(request, now)
            assert found.alarm is alarm(request, now, Thresholds())
            assert by_urgency([request]) == (request,)
        for at in (request.state_at, request.sent_at, request.promised_at):
            assert at is None or local(at) == at


@pytest.mark.parametrize("ended", sorted(ENDED - {HelpState.COMPLETED}))
def test_what_is_over_is_over(ended: HelpState) -> None:
    stream = drafted()
    moves(stream, HelpState.SENT, ended)
    request = moves(stream, HelpState.ON_SCENE)
    assert request.state is ended
    assert len(request.flagged) == 1


def test_the_six_bars_fill_as_far_as_help_has_come() -> None:
    stream = drafted()
    for count, state in enumerate(STEPS, 1):
        assert moves(stream, state).steps_done == count


def test_a_request_that_goes_straight_to_on_scene_fills_five_bars() -> None:
    assert moves(drafted(), HelpState.SENT, HelpState.ON_SCENE).steps_done == 5


def test_completed_without_reached_does_not_claim_the_sixth() -> None:
    assert moves(drafted(), HelpState.SENT, HelpState.ON_SCENE, HelpState.COMPLETED).steps_done == 5


def test_an_interpreter_needs_no_reaching_an_ambulance_does() -> None:
    assert cannot(moves(drafted(HelpKind.INTERPRETER), HelpState.SENT), HelpState.COMPLETED) == ""
    assert cannot(moves(drafted(HelpKind.AMBULANCE), HelpState.SENT), HelpState.COMPLETED) != ""


def test_an_agency_that_withdraws_is_an_open_risk_again() -> None:
    stream = drafted()
    request = moves(stream, HelpState.SENT, HelpState.ACCEPTED, HelpState.DECLINED, text="diverted")
    assert request.open_risk
    assert request.declined_reason == "diverted"


def test_help_that_comes_after_all_ends_the_risk() -> None:
    stream = drafted()
    assert moves(stream, HelpState.SENT, HelpState.DECLINED).open_risk
    assert not moves(stream, HelpState.ESCALATED, HelpState.ACCEPTED).open_risk


@pytest.mark.parametrize(("alternative", "told", "risk"), [(0, 0, True), (1, 0, True), (0, 1, True), (1, 1, False)])
def test_the_risk_ends_only_with_both_alternative_and_caller_told(alternative: int, told: int, risk: bool) -> None:
    stream = drafted()
    moves(stream, HelpState.SENT, HelpState.DECLINED)
    if alternative:
        stream.write(Kind.HELP_UPDATED, {"text": "visit", "alternative": "visit"})
    if told:
        stream.write(Kind.HELP_TOLD, {})
    assert fold(stream).open_risk is risk
    assert fold(stream).open is risk


def test_a_failed_request_is_a_risk_too() -> None:
    request = moves(drafted(), HelpState.SENT, HelpState.FAILED)
    assert request.open_risk
    assert request.state_at is not None
    assert alarm(request, request.state_at, Thresholds()) is Alarm.OPEN_RISK


def test_clocks_count_from_the_sending_and_promises_from_when_they_were_made() -> None:
    stream = drafted()
    moves(stream, HelpState.SENT)
    request = moves(stream, HelpState.EN_ROUTE, minutes=6)
    now = stream.at + timedelta(seconds=9)
    clocks = ages(request, now)
    assert clocks.since == timedelta(seconds=10)
    assert clocks.since_news == timedelta(seconds=9)
    assert clocks.promised_left == timedelta(minutes=5, seconds=51)
    assert clocks.until_rings is None
    assert clocks.alarm is Alarm.NONE


def test_arrival_stops_the_promise() -> None:
    stream = drafted()
    moves(stream, HelpState.SENT)
    moves(stream, HelpState.EN_ROUTE, minutes=6)
    request = moves(stream, HelpState.ON_SCENE)
    assert ages(request, stream.at + timedelta(minutes=10)).promised_left is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, Alarm.NONE), (60, Alarm.RINGS), (6000, Alarm.RINGS)],
)
def test_a_draft_rings_from_sixty_seconds_on(seconds: int, expected: Alarm) -> None:
    stream = drafted()
    assert alarm(fold(stream), stream.at + timedelta(seconds=seconds), Thresholds()) is expected


def test_thresholds_are_data() -> None:
    stream = drafted()
    quick = Thresholds(not_sent=timedelta(seconds=5))
    assert alarm(fold(stream), stream.at + timedelta(seconds=5), quick) is Alarm.RINGS


def test_an_unknown_state_is_kept_and_flagged() -> None:
    stream = drafted()
    stream.write(Kind.HELP_CHANGED, {"state": "teleported", "reference": "77"}, slot="state")
    request = fold(stream)
    assert request.state is HelpState.DRAFTED
    assert len(request.flagged) == 1

"""The request's state machine: every possible and impossible move, its bars and its clocks."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.calendar import local
from console.domain.help_ages import Alarm, Thresholds, ages, alarm, by_urgency
from console.domain.help_kinds import ENDED, MOVES, STEPS, HelpKind, HelpState, RcrpGround
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
    moves(stream, HelpState.SENT, ended, text="Not needed any more")
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
    stream = drafted()
    moves(stream, HelpState.SENT, HelpState.ON_SCENE)
    assert moves(stream, HelpState.COMPLETED, signed="Spoke through the door").steps_done == 5


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


def test_a_refusal_that_was_turned_into_help_does_not_open_again_when_it_is_completed() -> None:
    stream = drafted()
    moves(stream, HelpState.SENT, HelpState.DECLINED, HelpState.ESCALATED, HelpState.ACCEPTED)
    request = moves(stream, HelpState.ON_SCENE, HelpState.REACHED, HelpState.COMPLETED)
    assert not request.open
    assert request.state_at is not None
    assert alarm(request, request.state_at, Thresholds()) is not Alarm.OPEN_RISK
    assert request.still_needed == ()


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


# --- closing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [HelpKind.AMBULANCE, HelpKind.VISIT, HelpKind.SOCIAL_WORKER, HelpKind.WELFARE_CHECK])
def test_what_was_sent_to_a_person_closes_when_they_are_reached_or_somebody_signs(kind: HelpKind) -> None:
    stream = drafted(kind)
    unsigned = moves(stream, HelpState.SENT, HelpState.ON_SCENE, HelpState.COMPLETED)
    assert (unsigned.state, unsigned.open, len(unsigned.flagged)) == (HelpState.ON_SCENE, True, 1)
    signed = moves(
        stream,
        HelpState.COMPLETED,
        signed="His brother saw him",
        signed_name="Priya Raman",
        signed_role="Support worker",
    )
    assert signed.state is HelpState.COMPLETED
    assert signed.signed is not None
    assert signed.signed.words == "Nobody reached: His brother saw him. Signed Priya Raman, Support worker"
    assert signed.news[-1].text == signed.signed.words


@pytest.mark.parametrize(
    ("author", "behalf", "signs"),
    [
        ("priya.raman", "", "priya.raman, Support worker"),
        ("tom.adeyemi", "", "Tom Adeyemi, Support worker"),
        ("priya.raman", "tom.adeyemi", "Tom Adeyemi, Duty manager"),
    ],
)
def test_under_a_closing_stands_who_wrote_it_whatever_its_words_say(author: str, behalf: str, signs: str) -> None:
    stream = drafted(HelpKind.AMBULANCE)
    moves(stream, HelpState.SENT, HelpState.ON_SCENE)
    body = {"state": "completed", "signed": "Safe", "signed_name": "Tom Adeyemi", "signed_role": "Duty manager"}
    stream.write(Kind.HELP_CHANGED, body, slot="state", author=author, behalf=behalf)
    signed = fold(stream).signed
    assert signed is not None
    assert signed.words == f"Nobody reached: Safe. Signed {signs}"


def test_a_cancelled_request_has_a_reason_with_a_name_or_stays_open() -> None:
    stream = drafted()
    assert moves(stream, HelpState.SENT, HelpState.CANCELLED).open
    cancelled = moves(stream, HelpState.CANCELLED, text="He rang back, safe")
    assert not cancelled.open
    assert cancelled.signed is not None
    assert (cancelled.signed.by, cancelled.signed.role) == ("priya.raman", "Support worker")


def test_where_somebody_was_reached_nobody_signs() -> None:
    stream = drafted()
    done = moves(stream, HelpState.SENT, HelpState.REACHED, HelpState.COMPLETED)
    assert (done.state, done.signed) == (HelpState.COMPLETED, None)


def test_a_draft_that_is_not_wanted_any_more_reached_nobody_and_needs_nobodys_name() -> None:
    assert moves(drafted(), HelpState.CANCELLED).state is HelpState.CANCELLED


# --- refusals ------------------------------------------------------------------------------------


def test_what_a_refusal_still_needs_is_said_until_it_is_done() -> None:
    stream = drafted()
    assert moves(stream, HelpState.SENT, HelpState.DECLINED).still_needed == (
        "record what is done instead",
        "tell the caller that nobody is coming",
    )
    stream.write(Kind.HELP_UPDATED, {"text": "visit", "alternative": "visit"})
    assert fold(stream).still_needed == ("tell the caller that nobody is coming",)
    stream.write(Kind.HELP_TOLD, {})
    assert fold(stream).still_needed == ()


def test_an_escalation_carries_whom_what_is_new_and_the_ground() -> None:
    stream = drafted()
    moves(stream, HelpState.SENT, HelpState.DECLINED, text="No immediate risk", rcrp_ground="none_stated")
    asked = moves(
        stream, HelpState.ESCALATED, text="Force incident manager", words="Neighbour saw a knife", rcrp_ground="crime"
    )
    assert (asked.escalated_to, asked.ground) == ("Force incident manager", RcrpGround.CRIME)
    assert asked.news[-1].text == "Force incident manager. Neighbour saw a knife"


# --- times and chases ----------------------------------------------------------------------------


def test_every_state_keeps_its_time_and_the_last_of_two_stands() -> None:
    stream = drafted()
    request = moves(stream, HelpState.SENT, HelpState.DECLINED, HelpState.ESCALATED, HelpState.DECLINED)
    assert [state for state, _ in request.times] == [
        HelpState.SENT,
        HelpState.DECLINED,
        HelpState.ESCALATED,
        HelpState.DECLINED,
    ]
    assert request.times[1][1] < request.times[3][1] == request.state_at


def test_a_chase_is_no_news_and_hushes_the_chase_until_the_next_is_due() -> None:
    stream = drafted()
    moves(stream, HelpState.SENT)
    heard, sent = fold(stream).last_news_at, stream.at
    assert alarm(fold(stream), sent + timedelta(minutes=5), Thresholds()) is Alarm.CHASE
    stream.write(Kind.HELP_CHASED, {"name": "Control", "text": "Chased"}, seconds=300)
    request = fold(stream)
    assert (request.last_news_at, request.chases[-1].name) == (heard, "Control")
    assert alarm(request, sent + timedelta(minutes=9, seconds=59), Thresholds()) is Alarm.NONE
    assert alarm(request, sent + timedelta(minutes=10), Thresholds()) is Alarm.CHASE
    assert alarm(request, sent + timedelta(minutes=15), Thresholds()) is Alarm.MANAGER, "nothing was heard all the same"


@pytest.mark.parametrize(
    ("kind", "minutes"), [(HelpKind.POLICE_ATTEND, 10), (HelpKind.AMHP, 60), (HelpKind.PLACEMENT, 30)]
)
def test_every_kind_has_its_own_pace(kind: HelpKind, minutes: int) -> None:
    stream = drafted(kind)
    moves(stream, HelpState.SENT)
    request = moves(stream, HelpState.ACCEPTED, reference="R1")
    assert ages(request, stream.at).chase_left == timedelta(minutes=minutes)
    assert alarm(request, stream.at + timedelta(minutes=minutes), Thresholds()) is Alarm.CHASE_DUE


def test_a_time_that_somebody_wrote_goes_before_the_pace_and_a_promise_is_waited_for() -> None:
    stream = drafted(HelpKind.AMHP)
    moves(stream, HelpState.SENT)
    stream.write(Kind.HELP_CHASED, {"chase_at": stream.at + timedelta(minutes=20)})
    left = ages(fold(stream), stream.at).chase_left
    assert left == timedelta(minutes=20, seconds=-1)
    promised = moves(stream, HelpState.ACCEPTED, reference="A1", minutes=90)
    assert ages(promised, stream.at).chase_left == timedelta(minutes=90)

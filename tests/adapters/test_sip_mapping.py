"""From what lamps tell to calls: ring, answer, end, several telephones, two callers of one number, loss and return."""

from __future__ import annotations

import pytest

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    EmergencyDialled,
    HoldChanged,
    LegEnded,
    NumberLearned,
    SnapshotTaken,
)
from console.domain.calls import CallOutcome, CallState, Certainty, Direction, Hold, Presentation, Unmarked
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.mapping import SAME_FOR
from telephony_adapters.sip_dialog.parts import PATIENCE
from telephony_adapters.sip_dialog.visits import APART, BETWEEN
from tests.helpers.dialog_bodies import CALLER, WITHHELD, confirmed, dialog, early, terminated
from tests.helpers.watched_telephones import Telephones

OTHER = "sip:07700900412@pbx.example"
UUID_OF_A_LEG = "c79a730a-fe65-4616-b923-584955cb2108"


@pytest.fixture
def lamps() -> Telephones:
    """Three telephones on their hooks."""
    return Telephones()


def test_ring_answer_and_end_with_the_caller_kept_from_the_ring(lamps: Telephones) -> None:
    lamps.say("1001", early(name="A Caller"))
    call = lamps.call()
    assert (call.state, call.alerting, call.direction) == (CallState.ALERTING, frozenset({"1001"}), Direction.INBOUND)
    lamps.wait(1)
    lamps.say("1001", confirmed())
    assert lamps.call().talking == {"1001"}
    lamps.wait(60)
    lamps.say("1001", terminated())
    call = lamps.call()
    assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.ANSWERED, "unknown", ("1001",))
    assert (call.caller.number, call.caller.name, call.certainty) == ("02079460123", "A Caller", Certainty.ASSUMED)
    assert lamps.oddities() == []


def test_the_same_news_twice_is_once(lamps: Telephones) -> None:
    lamps.say("1001", early())
    assert lamps.say("1001", early()) == []
    lamps.say("1001", confirmed())
    assert lamps.say("1001", confirmed()) == []
    lamps.say("1001", terminated())
    assert lamps.say("1001", terminated()) == []
    assert lamps.say("1001") == []


def test_a_dialog_that_a_full_state_leaves_out_is_over(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    lamps.say("1001")
    assert lamps.call().outcome is CallOutcome.ANSWERED


def test_a_partial_state_changes_only_what_it_names(lamps: Telephones) -> None:
    lamps.say("1001", dialog("leg-number-one-of-two", "early", "recipient", CALLER))
    lamps.say("1001", dialog("leg-number-two-of-two", "early", "recipient", OTHER), state="partial")
    lamps.say("1001", dialog("leg-number-one-of-two", "terminated"), state="partial")
    lamps.wait(PATIENCE.total_seconds() + 1)
    assert [(call.caller.number, call.live) for call in lamps.calls()] == [
        ("02079460123", False),
        ("07700900412", True),
    ]


@pytest.mark.parametrize(
    ("remote", "name"),
    [(WITHHELD, ""), (CALLER, "Anonymous"), ("sip:anonymous@pbx.example", ""), (CALLER, "Withheld")],
)
def test_a_withheld_number_never_leaves(lamps: Telephones, remote: str, name: str) -> None:
    lamps.say("1001", early(remote, name=name))
    lamps.say("1001", dialog("1001", "confirmed", "recipient", remote, name=name))
    assert lamps.call().caller.presentation is Presentation.WITHHELD
    assert "2079460123" not in repr(lamps.facts)


@pytest.mark.parametrize("remote", ["sip:pbx.example", "sip:invalid@pbx.example", "sip:unavailable@pbx.example"])
def test_a_number_that_was_not_sent_is_unavailable(lamps: Telephones, remote: str) -> None:
    lamps.say("1001", early(remote))
    assert (lamps.call().caller.presentation, lamps.call().caller.number) == (Presentation.UNAVAILABLE, "")


def test_numbers_have_no_mark_and_may_be_hidden_for_that() -> None:
    lamps = Telephones(Reading(unmarked=Unmarked.HIDE))
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension, name="A Caller"))
    assert (lamps.call().caller.presentation, lamps.call().caller.settled) == (Presentation.UNKNOWN, True)
    assert "2079460123" not in repr(lamps.facts)
    assert "A Caller" not in repr(lamps.facts)


def test_who_rings_may_be_told_a_moment_later_and_at_last_not_at_all(lamps: Telephones) -> None:
    lamps.say("1001", dialog("1001", "early", "recipient"))
    assert not lamps.call().caller.settled
    lamps.say("1001", early())
    assert lamps.call().caller.number == "02079460123"
    lamps.say("1002", dialog("1002", "early", "recipient"))
    lamps.say("1002", confirmed("1002"))
    assert [call.caller.settled for call in lamps.calls()] == [True, True]


# --- several telephones -----------------------------------------------------------------------


def test_telephones_that_ring_together_for_one_caller_are_one_call(lamps: Telephones) -> None:
    for extension in ("1001", "1002", "1003"):
        lamps.say(extension, early(owner=extension))
    assert lamps.call().alerting == {"1001", "1002", "1003"}
    lamps.say("1002", confirmed("1002"))
    lamps.say("1001", terminated())
    lamps.say("1003", terminated("1003"))
    lamps.wait(APART.total_seconds() + 1)
    call = lamps.call()
    assert (call.talking, call.last_withdrawal) == (frozenset({"1002"}), "answered elsewhere")


def test_a_caller_who_rings_on_at_another_telephone_is_still_one(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.wait(15)
    lamps.say("1001", terminated())
    assert lamps.call().state is CallState.QUEUED
    lamps.wait(PATIENCE.total_seconds() - 1)
    lamps.say("1002", early(owner="1002"))
    lamps.say("1002", confirmed("1002"))
    assert (lamps.call().rang, lamps.call().answered_by) == (("1001", "1002"), ("1002",))


def test_a_caller_who_rings_nowhere_any_more_is_over_and_nobody_knows_how(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.wait(15)
    lamps.say("1001", terminated())
    gone = lamps.at
    (ended,) = [fact for fact in lamps.wait(PATIENCE.total_seconds() + 1) if isinstance(fact, CallEnded)]
    assert (ended.outcome, ended.ended_by, ended.at) == (CallOutcome.UNKNOWN, "unknown", gone)


def test_two_callers_of_one_number_part_when_one_of_them_is_answered(lamps: Telephones) -> None:
    """A hospital rings twice at once: the second must not vanish behind the first."""
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension))
    began = lamps.at
    lamps.wait(5)
    lamps.say("1001", confirmed())
    lamps.wait(APART.total_seconds() + 1)
    answered, waiting = lamps.calls()
    assert (answered.talking, answered.alerting) == (frozenset({"1001"}), frozenset())
    assert (waiting.alerting, waiting.offered_at) == (frozenset({"1002"}), began)
    assert waiting.caller.number == answered.caller.number
    lamps.say("1002", confirmed("1002"))
    assert [call.talking for call in lamps.calls()] == [{"1001"}, {"1002"}]
    assert lamps.oddities() == []


def test_two_callers_of_one_number_who_are_answered_at_once_are_two(lamps: Telephones) -> None:
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension))
    for extension in ("1001", "1002"):
        lamps.say(extension, confirmed(extension))
    assert [call.answered_by for call in lamps.calls()] == [("1001",), ("1002",)]


def test_the_first_hangs_up_before_the_second_had_time_to_part(lamps: Telephones) -> None:
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension))
    lamps.say("1001", confirmed())
    lamps.say("1001", terminated())
    first, second = lamps.calls()
    assert (first.live, second.alerting) == (False, frozenset({"1002"}))


def test_who_begins_to_ring_later_is_another_caller(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.wait(5)
    lamps.say("1002", early(owner="1002"))
    assert len(lamps.calls()) == 2


def test_different_callers_are_never_one(lamps: Telephones) -> None:
    lamps.say("1001", early(CALLER))
    lamps.say("1002", early(OTHER, owner="1002"))
    lamps.say("1003", early(WITHHELD, owner="1003"))
    assert len(lamps.calls()) == 3


def test_the_calls_own_id_says_which_telephones_are_one_call_whatever_the_time(lamps: Telephones) -> None:
    lamps.say("1001", early(call_id="a84b4c76e66710"))
    lamps.wait(30)
    lamps.say("1002", early(owner="1002", call_id="a84b4c76e66710"))
    lamps.say("1003", early(owner="1003", call_id="another"))
    assert [call.rang for call in lamps.calls()] == [("1001", "1002"), ("1003",)]


def test_whoever_comes_into_a_call_that_is_known_by_its_id_joins_it(lamps: Telephones) -> None:
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension, call_id="one"))
        lamps.say(extension, dialog(extension, "confirmed", "recipient", CALLER, call_id="one"))
    assert (lamps.call().joined, lamps.call().state) == (("1002",), CallState.CONFERENCE)
    lamps.say("1001", terminated())
    assert lamps.call().live
    lamps.say("1002", terminated("1002"))
    assert lamps.call().outcome is CallOutcome.ANSWERED


def test_a_storm_of_callers_who_ring_off_takes_no_memory(lamps: Telephones) -> None:
    for number in range(BETWEEN * 3):
        lamps.say("1001", early(f"sip:01632960{number:03}@pbx.example"))
        lamps.say("1001", terminated())
    assert len([call for call in lamps.calls() if call.live]) == BETWEEN
    assert lamps.oddities() == []


# --- what a telephone rings itself ------------------------------------------------------------


def test_a_telephone_in_use_that_never_rang_rings_out(lamps: Telephones) -> None:
    assert lamps.say("1001", confirmed()) == []
    lamps.wait(3)
    call = lamps.call()
    assert (call.direction, call.talking, call.dialled) == (Direction.OUTBOUND, frozenset({"1001", "outside"}), "")
    lamps.say("1001", terminated())
    assert lamps.call().outcome is CallOutcome.ANSWERED


def test_a_telephone_that_is_lifted_for_a_moment_makes_no_call(lamps: Telephones) -> None:
    lamps.say("1001", confirmed())
    lamps.wait(1)
    lamps.say("1001", terminated())
    lamps.wait(5)
    assert lamps.calls() == ()


def test_whom_a_telephone_rings_is_told_where_it_says_so(lamps: Telephones) -> None:
    lamps.say("1001", dialog("1001", "trying", "initiator", "sip:901632960123@pbx.example"))
    call = lamps.call()
    assert (call.direction, call.dialled, call.state) == (Direction.OUTBOUND, "901632960123", CallState.ALERTING)
    lamps.say("1001", dialog("1001", "confirmed", "initiator", "sip:901632960123@pbx.example"))
    assert lamps.call().answered_by == ("outside",)
    lamps.say("1001", dialog("1001", "terminated", how="local-bye"))
    assert (lamps.call().outcome, lamps.call().ended_by) == (CallOutcome.ANSWERED, "1001")


@pytest.mark.parametrize(("number", "shown"), [("999", "999"), ("9999", "999"), ("112", "112"), ("918000", "18000")])
def test_an_emergency_number_that_a_telephone_dials_is_told(lamps: Telephones, number: str, shown: str) -> None:
    lamps.say("1001", dialog("1001", "early", "initiator", f"sip:{number}@pbx.example"))
    (dialled,) = [fact for fact in lamps.facts if isinstance(fact, EmergencyDialled)]
    assert (dialled.number, dialled.extension) == (shown, "1001")


@pytest.mark.parametrize("order", ["the ringing first", "the caller first"])
def test_a_call_among_our_own_telephones_is_one(lamps: Telephones, order: str) -> None:
    rings = ("1001", early("sip:1003@pbx.example"))
    for extension, told in [rings, ("1003", confirmed("1003"))][:: 1 if order == "the ringing first" else -1]:
        lamps.say(extension, told)
    call = lamps.call()
    assert (call.direction, call.alerting, call.dialled) == (Direction.INTERNAL, frozenset({"1001"}), "1001")
    lamps.say("1001", confirmed())
    lamps.wait(5)
    assert lamps.call().talking == {"1001", "1003"}
    lamps.say("1003", terminated("1003"))
    assert lamps.call().live
    lamps.say("1001", terminated())
    assert not lamps.call().live


def test_a_colleague_who_rings_because_of_a_telephone_in_use_ends_with_it(lamps: Telephones) -> None:
    """The telephone was taken for one that rings out, before it showed whom it rings."""
    lamps.say("1003", confirmed("1003"))
    lamps.wait(5)
    lamps.say("1001", early("sip:1003@pbx.example"))
    lamps.wait(10)
    assert lamps.call().alerting == {"1001"}
    lamps.say("1001", terminated())
    lamps.say("1003", terminated("1003"))
    assert not lamps.call().live


def test_an_outside_caller_who_sends_the_number_of_one_of_ours_still_waits(lamps: Telephones) -> None:
    """A number is no proof: the telephone that it names is on its hook."""
    lamps.say("1001", early("sip:1003@pbx.example"))
    lamps.wait(2)
    assert lamps.call().waiting()


def test_a_telephone_that_says_whom_it_rings_and_the_one_that_rings_are_one_call(lamps: Telephones) -> None:
    lamps.say("1003", dialog("x", "early", "initiator", "sip:1001@pbx.example"))
    lamps.say("1001", early("sip:1003@pbx.example"))
    assert (lamps.call().direction, lamps.call().alerting) == (Direction.INTERNAL, frozenset({"1001"}))
    lamps.say("1003", dialog("x", "confirmed", "initiator", "sip:1001@pbx.example"))
    lamps.say("1001", confirmed())
    assert lamps.call().answered_by == ("1001",)


# --- a telephone with two calls, holds, ends --------------------------------------------------


def test_a_second_caller_at_a_busy_telephone_is_a_second_call(lamps: Telephones) -> None:
    """Asterisk tells both under the one id."""
    lamps.say("1001", early(CALLER))
    lamps.say("1001", confirmed())
    lamps.wait(10)
    lamps.say("1001", early(OTHER))
    talking, ringing = lamps.calls()
    assert (talking.talking, ringing.alerting, ringing.caller.number) == (
        frozenset({"1001"}),
        frozenset({"1001"}),
        "07700900412",
    )
    lamps.say("1001", confirmed())
    lamps.wait(PATIENCE.total_seconds() + 1)
    talking, gone = lamps.calls()
    assert (talking.live, gone.live, gone.outcome) == (True, False, CallOutcome.UNKNOWN)
    lamps.say("1001", terminated())
    assert [call.live for call in lamps.calls()] == [False, False]


def test_another_caller_under_the_same_id_is_another_call(lamps: Telephones) -> None:
    lamps.say("1001", early(CALLER))
    lamps.say("1001", early(OTHER))
    lamps.wait(PATIENCE.total_seconds() + 1)
    assert [(call.caller.number, call.live) for call in lamps.calls()] == [
        ("02079460123", False),
        ("07700900412", True),
    ]


def test_the_next_call_of_a_telephone_has_an_id_of_its_own(lamps: Telephones) -> None:
    for _ in range(3):
        lamps.say("1001", early())
        lamps.say("1001", confirmed())
        lamps.say("1001", terminated())
    assert [call.outcome for call in lamps.calls()] == [CallOutcome.ANSWERED] * 3
    assert lamps.oddities() == []


def test_a_long_id_names_a_leg_for_every_console_and_a_short_one_does_not(lamps: Telephones) -> None:
    lamps.say("1001", dialog(UUID_OF_A_LEG, "early", "recipient", CALLER))
    lamps.say("1002", dialog("7", "early", "recipient", OTHER))
    legs = [fact.leg for fact in lamps.facts if isinstance(fact, Alerting)]
    assert legs[0] == f"1001/{UUID_OF_A_LEG}"
    assert legs[1].startswith("1002/7~")


def test_a_hold_is_told_where_the_telephone_says_it_renders_nothing(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    lamps.say("1001", confirmed(rendering="no"))
    assert (lamps.call().state, lamps.call().hold) == (CallState.HELD, Hold.YES)
    lamps.say("1001", confirmed(rendering="yes"))
    assert (lamps.call().hold, lamps.call().holds) == (Hold.NO, 1)
    assert not any(fact.stamped for fact in lamps.facts if isinstance(fact, HoldChanged))


@pytest.mark.parametrize(
    ("how", "code", "outcome", "by"),
    [
        ("rejected", "603", CallOutcome.REJECTED, "1001"),
        ("rejected", "486", CallOutcome.BUSY, "1001"),
        ("timeout", "", CallOutcome.NO_ANSWER, "unknown"),
        ("error", "", CallOutcome.FAILED, "unknown"),
        ("cancelled", "", CallOutcome.UNKNOWN, "unknown"),
        ("", "", CallOutcome.UNKNOWN, "unknown"),
    ],
)
def test_how_a_ringing_ended_is_told_where_it_is_said(
    lamps: Telephones, how: str, code: str, outcome: CallOutcome, by: str
) -> None:
    lamps.say("1001", early())
    lamps.say("1001", terminated(how=how, code=code))
    lamps.wait(PATIENCE.total_seconds() + 1)
    assert (lamps.call().outcome, lamps.call().ended_by) == (outcome, by)


def test_who_refused_a_call_that_rang_on_elsewhere_has_not_ended_it(lamps: Telephones) -> None:
    for extension in ("1001", "1002"):
        lamps.say(extension, early(owner=extension))
    lamps.say("1001", terminated(how="rejected", code="603"))
    lamps.say("1002", terminated("1002"))
    lamps.wait(PATIENCE.total_seconds() + 1)
    assert (lamps.call().outcome, lamps.call().ended_by) == (CallOutcome.UNKNOWN, "unknown")


@pytest.mark.parametrize(
    ("how", "code", "outcome", "by"),
    [
        ("rejected", "486", CallOutcome.BUSY, "unknown"),
        ("cancelled", "", CallOutcome.UNKNOWN, "1001"),
        ("", "", CallOutcome.UNKNOWN, "unknown"),
    ],
)
def test_how_a_call_out_ended_is_told_where_it_is_said(
    lamps: Telephones, how: str, code: str, outcome: CallOutcome, by: str
) -> None:
    lamps.say("1001", dialog("1001", "early", "initiator", "sip:901632960123@pbx.example"))
    lamps.say("1001", dialog("1001", "terminated", "initiator", how=how, code=code))
    assert (lamps.call().outcome, lamps.call().ended_by) == (outcome, by)


@pytest.mark.parametrize(("how", "by"), [("local-bye", "1001"), ("remote-bye", "caller"), ("", "unknown")])
def test_who_ended_a_call_is_told_where_it_is_said(lamps: Telephones, how: str, by: str) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    lamps.say("1001", terminated(how=how))
    assert (lamps.call().outcome, lamps.call().ended_by) == (CallOutcome.ANSWERED, by)


# --- loss and return --------------------------------------------------------------------------


def test_a_call_that_is_as_it_was_after_a_short_silence_is_the_same(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    lamps.wait(5)
    lamps.lose()
    assert lamps.call().certainty is Certainty.STALE
    snapshot = lamps.connect({"1001": (confirmed(),)})[0]
    assert isinstance(snapshot, SnapshotTaken)
    assert (len(snapshot.calls), snapshot.joined_late) == (1, frozenset())
    call = lamps.call()
    assert (call.certainty, call.hold, call.caller.number) == (Certainty.ASSUMED, Hold.UNKNOWN, "02079460123")
    lamps.say("1001", terminated())
    assert lamps.call().outcome is CallOutcome.ANSWERED


def test_a_call_that_is_no_more_ended_unseen(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.lose()
    lamps.connect()
    call = lamps.call()
    assert (call.live, call.outcome) == (False, CallOutcome.UNKNOWN)
    assert not [fact for fact in lamps.facts if isinstance(fact, CallEnded | LegEnded)]


def test_after_a_long_silence_nobody_says_it_is_the_same_caller(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    lamps.wait(1)
    lamps.lose()
    lamps.at += SAME_FOR * 2
    lamps.connect({"1001": (confirmed(),)})
    old, new = lamps.calls()
    assert (old.live, old.outcome) == (False, CallOutcome.UNKNOWN)
    assert (new.talking, new.caller.number, new.dialled) == (frozenset({"1001", "outside"}), "1001", "")


def test_another_caller_after_the_silence_is_another_call(lamps: Telephones) -> None:
    lamps.say("1001", early(CALLER))
    lamps.lose()
    snapshot = lamps.connect({"1001": (early(OTHER),)})[0]
    assert isinstance(snapshot, SnapshotTaken)
    assert snapshot.joined_late == snapshot.calls
    assert [(call.caller.number, call.live) for call in lamps.calls()] == [
        ("02079460123", False),
        ("07700900412", True),
    ]


def test_a_ring_that_was_answered_meanwhile_is_answered(lamps: Telephones) -> None:
    lamps.say("1001", early())
    lamps.lose()
    lamps.connect({"1001": (confirmed(),)})
    assert (lamps.call().answered_by, lamps.call().caller.number) == (("1001",), "02079460123")


def test_a_console_that_lost_everything_is_told_everything_with_the_callers_that_only_the_ring_named(
    lamps: Telephones,
) -> None:
    lamps.say("1001", early())
    lamps.say("1001", confirmed())
    told = [fact for fact in lamps.facts if isinstance(fact, CallBegan | NumberLearned | Alerting | Answered)]
    lamps.mapper.tell_again()
    again = lamps.connect({"1001": (confirmed(),)})
    assert again[1:] == told
    assert lamps.connect({"1001": (confirmed(),)})[1:] == []


def test_what_begins_before_we_look_is_joined_late(lamps: Telephones) -> None:
    fresh = Telephones()
    snapshot, *facts = fresh.connect({"1001": (early(),), "1002": (confirmed("1002"),), "1003": (early(WITHHELD),)})
    assert isinstance(snapshot, SnapshotTaken)
    assert snapshot.joined_late == snapshot.calls
    assert len(snapshot.calls) == 3
    assert {fact.call for fact in facts if isinstance(fact, CallBegan)} == snapshot.calls

"""What may leave for the switchboard, and what never does."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.lines import Number, NumberKind, emergency_number
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import EMERGENCY_SENTENCE, Request, allow_all, plan
from telephony_adapters.asterisk_ami.board import Board
from telephony_adapters.asterisk_ami.rights import CAPABILITIES, NEEDS
from telephony_adapters.asterisk_ami.settings import AmiSettings

SETTINGS = AmiSettings()
DIALS = [Act.ORIGINATE, Act.BLIND_TRANSFER, Act.START_ATTENDED, Act.REDIRECT]
EMERGENCIES = ["999", "112", "18000", "9999", "9 999", "9112", "918000", "+44999", "00 44 999", "141999", "tel:999"]


def planned(action: Action, settings: AmiSettings = SETTINGS) -> list[Request] | ActionAnswer:
    """Plan on an empty board."""
    return plan(action, Board(settings.staff_endpoints), settings, allow_all)


def dialled(target: str, settings: AmiSettings = SETTINGS) -> str:
    """Return what the dial plan would be given."""
    requests = planned(Action(Act.ORIGINATE, "1001", target=target), settings)
    assert isinstance(requests, list)
    return dict(requests[0].fields)["Exten"]


@pytest.mark.parametrize("target", EMERGENCIES)
@pytest.mark.parametrize("act", DIALS)
@pytest.mark.parametrize("prefix", ["9", "", "0"])
def test_an_emergency_number_never_leaves(act: Act, target: str, prefix: str) -> None:
    answer = planned(Action(act, "1001", target=target), AmiSettings(outside_prefix=prefix))
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


@pytest.mark.parametrize("target", ["99999", "99112", "99 112", "9 9 999", "999 (police)", "999#"])
@pytest.mark.parametrize("act", DIALS)
def test_no_extension_of_five_digits_leaves_that_a_switchboard_reads_as_an_emergency(act: Act, target: str) -> None:
    answer = planned(Action(act, "1001", target=target), AmiSettings(internal_digits=5))
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


@given(st.text(alphabet=string.digits + "+* ()-x", max_size=14), st.sampled_from(["9", "", "0"]))
def test_no_dial_string_ever_reaches_an_emergency_number(target: str, prefix: str) -> None:
    settings = AmiSettings(outside_prefix=prefix)
    requests = planned(Action(Act.ORIGINATE, "1001", target=target), settings)
    if isinstance(requests, list):
        assert emergency_number(dict(requests[0].fields)["Exten"], settings.plan()) == ""


@given(st.text(max_size=60))
def test_only_digits_reach_the_dial_plan(target: str) -> None:
    requests = planned(Action(Act.ORIGINATE, "1001", target=target))
    if isinstance(requests, list):
        exten = dict(requests[0].fields)["Exten"]
        assert exten.isascii()
        assert exten.isdigit()


@pytest.mark.parametrize(
    ("target", "string"),
    [
        ("1003", "1003"),
        ("101", "9101"),
        ("01632 960123", "901632960123"),
        ("+44 1632 960123", "901632960123"),
        ("901632960123", "901632960123"),
    ],
)
def test_numbers_are_dialled_as_the_site_dials(target: str, string: str) -> None:
    assert dialled(target) == string


def test_a_site_without_a_prefix_dials_without_one() -> None:
    assert dialled("01632960123", AmiSettings(outside_prefix="")) == "01632960123"


@pytest.mark.parametrize("target", ["", "Local/1001@x", "1001&PJSIP/1002", "1003\r\nAction: Command", "*8", "sip:x@y"])
def test_what_is_no_number_is_refused(target: str) -> None:
    answer = planned(Action(Act.ORIGINATE, "1001", target=target))
    assert isinstance(answer, ActionAnswer)
    assert answer.answer is Answer.REFUSED


def test_a_rehearsal_may_allow_fewer_numbers() -> None:
    def inside_only(number: Number) -> bool:
        return number.kind is NumberKind.EXTENSION

    outside = Action(Act.ORIGINATE, "1001", target="01632960123")
    answer = plan(outside, Board(SETTINGS.staff_endpoints), SETTINGS, inside_only)
    assert answer == ActionAnswer(Answer.REFUSED, "This number may not be dialled here; nothing was dialled.")


@pytest.mark.parametrize("extension", ["trunk", "1001&1002", "", "1001\n"])
def test_only_an_extension_of_ours_can_be_rung(extension: str) -> None:
    answer = planned(Action(Act.ORIGINATE, extension, target="1003"))
    assert isinstance(answer, ActionAnswer)


def test_every_act_is_possible_or_explained() -> None:
    for act in Act:
        assert (act in CAPABILITIES.acts) != (act in CAPABILITIES.why_not), act
    assert frozenset(NEEDS) == CAPABILITIES.acts


def test_a_leg_that_is_not_there_is_refused_and_never_guessed() -> None:
    for act in (Act.HANG_UP, Act.REJECT, Act.DTMF, Act.PARK, Act.CANCEL_ATTENDED):
        answer = planned(Action(act, "1001", provider_call="1.1", target="5"))
        assert isinstance(answer, ActionAnswer)
        assert answer.answer is Answer.REFUSED

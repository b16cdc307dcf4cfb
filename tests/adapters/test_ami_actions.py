"""What may leave for the switchboard, and what never does."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.lines import Number, NumberKind, emergency_number
from console.domain.text import BadInput
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import EMERGENCY_SENTENCE, Request, allow_all, plan
from telephony_adapters.asterisk_ami.board import ASIDE, Board
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.rights import CAPABILITIES, NEEDS
from telephony_adapters.asterisk_ami.settings import AmiSettings, checked
from tests.helpers.ami_streams import NOW, messages_of
from tests.helpers.recordings import Recording

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


def board_of(name: str, event: str, nth: int = 1, recording: str = "asterisk-22") -> Board:
    """Return the board right after the n-th event of that name of a recording."""
    mapper, seen = Mapper(Reading()), 0
    for message in messages_of(Recording(recording, name)):
        mapper.feed(message, NOW)
        seen += message.event == event
        if seen == nth:
            break
    return mapper.board


def sent(action: Action, board: Board, settings: AmiSettings = SETTINGS) -> list[Request]:
    """Return the requests of an action that is carried out."""
    requests = plan(action, board, settings, allow_all)
    assert isinstance(requests, list), requests
    return requests


def refused(action: Action, board: Board, settings: AmiSettings = SETTINGS) -> Answer:
    """Return the answer to an action of which nothing is sent."""
    answer = plan(action, board, settings, allow_all)
    assert isinstance(answer, ActionAnswer), answer
    assert answer.sentence
    return answer.answer


TALKING = board_of("q_answered", "BridgeEnter", 2)
CALL = next(visit.key for visit in TALKING.visits() if visit.begun)
TAKER = next(one for one in TALKING.channels.values() if one.extension and one.bridge)


@pytest.mark.parametrize(("act", "options"), [(Act.LISTEN, "qES"), (Act.WHISPER, "qwES"), (Act.BARGE, "qBES")])
def test_a_supervisors_own_telephone_is_rung_into_the_call(act: Act, options: str) -> None:
    (request,) = sent(Action(act, "1009", provider_call=CALL, target=TAKER.extension), TALKING)
    fields = dict(request.fields)
    assert (request.name, fields["Channel"], fields["Application"]) == ("Originate", "PJSIP/1009", "ChanSpy")
    assert fields["Data"] == f"{TAKER.name},{options}"
    assert fields["ChannelId"].startswith(ASIDE)
    other = sent(Action(act, "1009", provider_call=CALL), TALKING)
    assert dict(other[0].fields)["ChannelId"] != fields["ChannelId"], "no two channels have one id"


@pytest.mark.parametrize(
    ("extension", "call", "target"),
    [(TAKER.extension, CALL, ""), ("1009", "no such call", ""), ("1009", CALL, "1008"), ("trunk", CALL, "")],
)
def test_what_cannot_be_heard_is_refused(extension: str, call: str, target: str) -> None:
    assert refused(Action(Act.LISTEN, extension, provider_call=call, target=target), TALKING) is Answer.REFUSED


def test_a_channel_whose_name_would_add_options_is_not_heard() -> None:
    board = board_of("q_answered", "BridgeEnter", 2)
    taker = next(one for one in board.channels.values() if one.extension and one.bridge)
    taker.name = f"{taker.name},B"
    assert refused(Action(Act.LISTEN, "1009", provider_call=CALL), board) is Answer.REFUSED


def test_a_caller_is_redirected_by_whoever_they_ring_at() -> None:
    board = board_of("q_answered", "DialState", 2)
    call = next(visit.key for visit in board.visits() if visit.begun)
    (request,) = sent(Action(Act.REDIRECT, "1001", provider_call=call, target="1004"), board)
    fields = dict(request.fields)
    assert (request.name, fields["Exten"], fields["Context"]) == ("Redirect", "1004", "from-internal")
    assert fields["Channel"].startswith("PJSIP/trunk-")
    assert refused(Action(Act.REDIRECT, "1003", provider_call=call, target="1004"), board) is Answer.REFUSED


def test_a_parked_caller_is_fetched_by_a_telephone_that_rings_first() -> None:
    board = board_of("park", "ParkedCall", 1, "asterisk-22-rig-channelvars")
    call = next(visit.key for visit in board.visits() if visit.begun)
    (request,) = sent(Action(Act.RETRIEVE, "1004", provider_call=call), board)
    fields = dict(request.fields)
    assert (fields["Channel"], fields["Application"], fields["Data"]) == ("PJSIP/1004", "ParkedCall", "default,701")
    assert fields["ChannelId"].startswith(ASIDE)
    assert refused(Action(Act.RETRIEVE, "1004", provider_call=CALL), TALKING) is Answer.REFUSED


def test_a_parking_place_that_is_dialled_as_an_emergency_number_is_not() -> None:
    board = board_of("park", "ParkedCall", 1, "asterisk-22-rig-channelvars")
    visit = next(visit for visit in board.visits() if visit.begun)
    visit.parked_at = "999"
    answer = plan(Action(Act.RETRIEVE, "1004", provider_call=visit.key), board, SETTINGS, allow_all)
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


@pytest.mark.parametrize("act", list(Act))
def test_an_emergency_number_is_nobodys_telephone(act: Act) -> None:
    answer = plan(Action(act, "999", provider_call=CALL, target="1003"), TALKING, SETTINGS, allow_all)
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


def test_three_come_together_only_once_a_colleague_has_answered() -> None:
    recording = "asterisk-22-rig-channelvars"
    rings = board_of("xfer_atxfer_ami", "DialState", 3, recording)
    call = next(visit.key for visit in rings.visits() if visit.begun)
    ask = Action(Act.CONFERENCE, "1001", provider_call=call)
    assert refused(ask, TALKING) is Answer.REFUSED
    asked = board_of("xfer_atxfer_ami", "BridgeEnter", 6, recording)
    keys = [dict(request.fields) for request in sent(ask, asked)]
    assert [(one["Digit"], one["Receive"]) for one in keys] == [("*", "true"), ("3", "true")]
    assert all(one["Channel"].startswith("PJSIP/1001-") for one in keys)


@pytest.mark.parametrize(("name", "enters", "here"), [("xfer_atxfer_ami", 6, True), ("consult_then_back", 4, False)])
def test_a_caller_is_given_over_only_where_the_asking_began_here(name: str, enters: int, here: bool) -> None:
    """Where a telephone asks on a line of its own, the end of its other leg would be the end of the caller."""
    board = board_of(name, "BridgeEnter", enters, "asterisk-22-rig-channelvars")
    call = next(visit.key for visit in board.visits() if visit.begun)
    ask = Action(Act.COMPLETE_ATTENDED, "1001", provider_call=call)
    if here:
        assert [request.name for request in sent(ask, board)] == ["Hangup"]
    else:
        assert refused(ask, board) is Answer.REFUSED


def test_digits_are_played_to_the_other_side() -> None:
    requests = sent(Action(Act.DTMF, TAKER.extension, provider_call=CALL, target="1#"), TALKING)
    assert [dict(one.fields)["Digit"] for one in requests] == ["1", "#"]
    assert all(dict(one.fields)["Channel"].startswith("PJSIP/trunk-") for one in requests)


@pytest.mark.parametrize("code", ["", "x", "*3\r\nAction: Command", "*" * 9])
def test_a_code_that_is_none_is_refused_before_anything_is_sent(code: str) -> None:
    with pytest.raises(BadInput, match="three_together_code"):
        checked(replace(SETTINGS, three_together_code=code))

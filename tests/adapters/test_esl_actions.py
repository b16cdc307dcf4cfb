"""What may leave for a FreeSWITCH, and what never does."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.dialling import EMERGENCY_SENTENCE, allow_all
from console.domain.lines import Number, NumberKind, emergency_number
from console.domain.text import BadInput
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.freeswitch_esl.actions import Planned, capabilities, plan
from telephony_adapters.freeswitch_esl.board import Board, Leg
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.freeswitch_esl.mapping import Mapper
from telephony_adapters.freeswitch_esl.settings import EslSettings, checked
from tests.helpers.esl_streams import NOW, recorded, subscribed

SETTINGS = EslSettings(domain="pbx.example", park_number="5900")
EMERGENCIES = ["999", "112", "18000", "9999", "9 999", "9112", "918000", "+44999", "00 44 999", "141999", "tel:999"]
DIALS = [Act.ORIGINATE, Act.BLIND_TRANSFER, Act.START_ATTENDED, Act.REDIRECT]


def board_after(name: str, event: str, nth: int = 1) -> Board:
    """Return the board right after the n-th event of that name of a recording."""
    mapper, seen = Mapper(Reading()), 0
    for message in subscribed(recorded(name)):
        mapper.feed(message, NOW)
        seen += message.event == event
        if seen == nth:
            break
    return mapper.board


def planned(action: Action, board: Board | None = None, settings: EslSettings = SETTINGS) -> Planned:
    """Plan on a board, or on an empty one."""
    return plan(action, board or Board(settings.staff_endpoints, settings.outside_profiles), settings, allow_all)


def line(action: Action, board: Board | None = None) -> str:
    """Return the one command that carries out ``action``."""
    commands = planned(action, board)
    assert isinstance(commands, list), commands
    (command,) = commands
    return " ".join(command.words)


TALKING = board_after("direct", "CHANNEL_BRIDGE")
CALLER, OWN = (leg.uid for leg in sorted(TALKING.channels.values(), key=lambda leg: not leg.calls_in))


@pytest.mark.parametrize("target", EMERGENCIES)
@pytest.mark.parametrize("act", DIALS)
@pytest.mark.parametrize("prefix", ["9", "", "0"])
def test_an_emergency_number_never_leaves(act: Act, target: str, prefix: str) -> None:
    action = Action(act, "1001", target=target)
    answer = planned(action, TALKING, replace(SETTINGS, outside_prefix=prefix))
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


@given(st.text(alphabet=string.digits + "+* ()-x", max_size=14), st.sampled_from(["9", "", "0"]))
def test_no_dial_string_ever_reaches_an_emergency_number(target: str, prefix: str) -> None:
    settings = replace(SETTINGS, outside_prefix=prefix)
    commands = planned(Action(Act.ORIGINATE, "1001", target=target), settings=settings)
    if isinstance(commands, list):
        assert emergency_number(commands[0].words[2], settings.plan()) == ""


@given(st.text(max_size=60), st.sampled_from(list(Act)), st.sampled_from(["1001", "1001\nexit", "1001 x", "", "{a=b}"]))
def test_nothing_but_digits_and_our_own_words_is_ever_written(target: str, act: Act, extension: str) -> None:
    commands = planned(Action(act, extension, target=target, reason=target), TALKING)
    for command in commands if isinstance(commands, list) else ():
        for word in command.words:
            assert set(word) <= set(string.ascii_letters + string.digits + "_-{}=,/@.:&()#*' "), word


def test_a_rehearsal_dials_only_what_its_guard_lets_through() -> None:
    def only_inside(number: Number) -> bool:
        return number.kind is NumberKind.EXTENSION

    board = Board(SETTINGS.staff_endpoints)
    for target, answer in (("1002", list), ("01632 960123", ActionAnswer)):
        assert isinstance(plan(Action(Act.ORIGINATE, "1001", target=target), board, SETTINGS, only_inside), answer)


@pytest.mark.parametrize(
    ("act", "target", "wanted"),
    [
        (Act.HANG_UP, "", f"uuid_kill {OWN} NORMAL_CLEARING"),
        (Act.HOLD, "", f"uuid_phone_event {OWN} hold"),
        (Act.RESUME, "", f"uuid_phone_event {OWN} talk"),
        (Act.BLIND_TRANSFER, "01632 960123", f"uuid_transfer {CALLER} 901632960123 XML default"),
        (Act.START_ATTENDED, "1003", f"uuid_broadcast {OWN} att_xfer::user/1003@pbx.example aleg"),
        (Act.START_ATTENDED, "01632960123", f"uuid_broadcast {OWN} att_xfer::loopback/901632960123/default/XML aleg"),
        (Act.COMPLETE_ATTENDED, "", f"uuid_kill {OWN} NORMAL_CLEARING"),
        (Act.DTMF, "1*A", f"uuid_send_dtmf {CALLER} 1*A"),
        (Act.PARK, "", f"uuid_transfer {CALLER} 5900 XML default"),
        (Act.REDIRECT, "1003", f"uuid_transfer {CALLER} 1003 XML default"),
    ],
)
def test_what_is_asked_of_a_call_is_asked_of_the_right_leg(act: Act, target: str, wanted: str) -> None:
    assert line(Action(act, "1001", provider_call=CALLER, target=target), TALKING) == wanted
    refused = planned(Action(act, "1002", provider_call=CALLER, target=target), TALKING)
    assert isinstance(refused, ActionAnswer)
    assert refused.answer is Answer.REFUSED


def test_a_colleague_who_was_asked_from_the_telephone_is_given_the_caller() -> None:
    asking = board_after("xfer_attended", "CHANNEL_BRIDGE", 2)
    legs = {(leg.label, leg.consulted): leg.uid for leg in asking.channels.values()}
    call = legs["outside", False]
    give = line(Action(Act.COMPLETE_ATTENDED, "1001", provider_call=call), asking)
    assert give == f"uuid_bridge {call} {legs['1003', False]}"
    back = line(Action(Act.CANCEL_ATTENDED, "1001", provider_call=call), asking)
    assert back == f"uuid_kill {legs['1001', True]} NORMAL_CLEARING"


def test_listening_rings_the_supervisor_and_is_no_call() -> None:
    commands = planned(Action(Act.LISTEN, "1003", provider_call=CALLER), TALKING)
    assert isinstance(commands, list)
    assert commands[0].background
    assert f"nightdesk_listens_to={OWN}," in commands[0].words[1]
    assert commands[0].words[2] == f"&eavesdrop({OWN})"
    own_call = planned(Action(Act.LISTEN, "1001", provider_call=CALLER), TALKING)
    assert isinstance(own_call, ActionAnswer)


@pytest.mark.parametrize(
    ("act", "heard_by"),
    [
        (Act.LISTEN, ""),
        # What is written to the colleague's leg, the colleague hears; what is read from it, the caller hears.
        (Act.WHISPER, "eavesdrop_whisper_bleg=true,"),
        (Act.BARGE, "eavesdrop_whisper_aleg=true,eavesdrop_whisper_bleg=true,"),
    ],
)
def test_who_hears_a_supervisor_is_said_in_the_request_and_no_key_changes_it(act: Act, heard_by: str) -> None:
    commands = planned(Action(act, "1003", provider_call=CALLER, target="1001"), TALKING)
    assert isinstance(commands, list)
    assert f"={OWN},{heard_by}eavesdrop_enable_dtmf=false," in commands[0].words[1]
    assert isinstance(planned(Action(act, "1003", provider_call=CALLER, target="1004"), TALKING), ActionAnswer)


def test_all_three_are_kept_once_a_colleague_has_answered() -> None:
    asking = board_after("direct", "CHANNEL_BRIDGE")
    ask = Action(Act.CONFERENCE, "1001", provider_call=CALLER)
    assert isinstance(planned(ask, asking), ActionAnswer)
    colleague = asking.channels["C"] = Leg("C", "sofia/internal/1003@x", NOW, "1003", source=OWN, ringing=True)
    assert isinstance(planned(ask, asking), ActionAnswer), "a telephone that rings is nobody yet"
    colleague.up = True
    assert line(ask, asking) == f"uuid_recv_dtmf {OWN} 0"


def test_a_parked_caller_rings_at_the_telephone_of_whoever_fetches_them() -> None:
    parked = board_after("direct", "CHANNEL_BRIDGE")
    fetch = Action(Act.RETRIEVE, "1003", provider_call=CALLER)
    assert isinstance(planned(fetch, parked), ActionAnswer), "nobody is parked"
    next(iter(parked.visits())).parker = "1001"
    assert line(fetch, parked) == f"uuid_transfer {CALLER} 1003 XML default"
    answer = planned(fetch, parked, EslSettings())
    assert isinstance(answer, ActionAnswer)
    assert answer.answer is Answer.UNSUPPORTED


@pytest.mark.parametrize("act", list(Act))
def test_nobody_is_led_to_an_emergency_number_as_if_it_were_a_telephone(act: Act) -> None:
    parked = board_after("direct", "CHANNEL_BRIDGE")
    next(iter(parked.visits())).parker = "1001"
    answer = planned(Action(act, "999", provider_call=CALLER, target="1003"), parked)
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


def test_no_caller_is_parked_at_an_emergency_number() -> None:
    with pytest.raises(BadInput, match="park_number"):
        checked(replace(SETTINGS, park_number="9112"))
    answer = planned(Action(Act.PARK, "1001"), TALKING, replace(SETTINGS, park_number="999"))
    assert answer == ActionAnswer(Answer.REFUSED, EMERGENCY_SENTENCE)


def test_parking_is_offered_only_where_a_number_that_parks_is_set() -> None:
    assert Act.PARK in capabilities(SETTINGS).acts
    without = capabilities(EslSettings())
    assert Act.PARK not in without.acts
    assert "park_number" in without.why_not[Act.PARK]
    answer = planned(Action(Act.PARK, "1001"), TALKING, EslSettings())
    assert isinstance(answer, ActionAnswer)
    assert answer.answer is Answer.UNSUPPORTED


def test_who_is_no_agent_cannot_be_paused() -> None:
    answer = planned(Action(Act.PAUSE, "1001"))
    assert isinstance(answer, ActionAnswer)
    assert answer.answer is Answer.REFUSED


@pytest.mark.parametrize("name", ["1001@default'; exit", "1001@a b", "1001@x\ny"])
def test_an_agent_with_a_hostile_name_is_not_written(name: str) -> None:
    board = Board(SETTINGS.staff_endpoints)
    board.learn_agent(name)
    assert isinstance(planned(Action(Act.PAUSE, "1001"), board), ActionAnswer)

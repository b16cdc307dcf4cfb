"""A telephone asked by the events talk and hold: what is sent, and what is learned from one that lost a call by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.domain.text import BadInput
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import LOST_BY_ASKING, Planned, Request, allow_all, plan
from telephony_adapters.asterisk_ami.board import Channel
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.settings import AmiSettings, checked
from tests.helpers.ami_streams import NOW, messages_of
from tests.helpers.pbx.heeding import Manner, answer_to
from tests.helpers.recordings import Recording

ASKING = AmiSettings(phone_events=True)
Taking = tuple[Mapper, Channel]


@pytest.fixture
def taking() -> Taking:
    """An adviser who has just taken a caller, as recorded, and the adviser's channel."""
    mapper = Mapper(Reading())
    for message in messages_of(Recording("asterisk-22", "q_answered")):
        mapper.feed(message, NOW)
        taker = next((one for one in mapper.board.channels.values() if one.extension and one.bridge), None)
        if taker is not None and mapper.board.reach(taker):
            return mapper, taker
    raise AssertionError("nobody takes the caller in this recording")


def asked(taking: Taking, act: Act, settings: AmiSettings = ASKING) -> Planned:
    """Ask the adviser's telephone."""
    mapper, taker = taking
    return plan(Action(act, taker.extension), mapper.board, settings, allow_all)


def told(taking: Taking, event: str, cause: str = "") -> None:
    """Let the switchboard tell of the adviser's channel."""
    mapper, taker = taking
    own = (("Channel", taker.name), ("Uniqueid", taker.uid), ("Linkedid", taker.link), ("ChannelStateDesc", "Up"))
    mapper.feed(Message((("Event", event), *own, *((("Cause", cause),) if cause else ()))), NOW)


@pytest.mark.parametrize(("act", "event"), [(Act.HOLD, "hold"), (Act.RESUME, "talk")])
def test_the_telephone_in_the_call_is_asked_and_nobody_else(taking: Taking, act: Act, event: str) -> None:
    sent = (("Channel", taking[1].name), ("Variable", f"Event={event}"))
    assert asked(taking, act) == [Request("PJSIPNotify", sent)]
    unasked = asked(taking, act, AmiSettings())
    assert isinstance(unasked, ActionAnswer)
    assert (unasked.answer, bool(unasked.sentence)) == (Answer.UNSUPPORTED, True)


@pytest.mark.parametrize(
    ("happens", "lost"),
    [
        ([("HangupRequest", "127")], True),
        ([("HangupRequest", "16")], False),
        ([("Hold", ""), ("HangupRequest", "127")], False),
    ],
)
def test_a_telephone_that_lost_a_call_by_being_asked_is_not_asked_again(
    taking: Taking, happens: list[tuple[str, str]], *, lost: bool
) -> None:
    assert isinstance(asked(taking, Act.HOLD), list)
    for event, cause in happens:
        told(taking, event, cause)
    assert (asked(taking, Act.HOLD) == ActionAnswer(Answer.REFUSED, LOST_BY_ASKING)) is lost


def test_a_call_lost_by_a_telephone_that_was_asked_for_nothing_is_not_held_against_it(taking: Taking) -> None:
    told(taking, "HangupRequest", "127")
    assert isinstance(asked(taking, Act.HOLD), list)


def test_only_telephones_of_pjsip_can_be_asked() -> None:
    with pytest.raises(BadInput, match="technology is SIP"):
        checked(replace(ASKING, technology="SIP"))


NOTIFY = (
    b"NOTIFY sip:1005@127.0.0.1:5061 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
    b"From: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: one\r\nCSeq: 7 NOTIFY\r\n"
    b"Subscription-State: terminated\r\nEvent: hold\r\n\r\n"
)


@pytest.mark.parametrize(
    ("message", "manner", "answer"),
    [
        (NOTIFY, Manner.HEEDS, b"SIP/2.0 200 "),
        (NOTIFY, Manner.PASSES_OVER, b"SIP/2.0 489 "),
        (NOTIFY.replace(b"one", b"other"), Manner.HEEDS, b"SIP/2.0 481 "),
        (NOTIFY.replace(b"Subscription-State: terminated\r\n", b""), Manner.HEEDS, b"SIP/2.0 400 "),
        (NOTIFY.replace(b"hold", b"refer"), Manner.HEEDS, None),
        (NOTIFY.replace(b"NOTIFY sip", b"INVITE sip"), Manner.HEEDS, None),
    ],
)
def test_the_rigs_telephone_answers_as_one_on_a_desk(message: bytes, manner: Manner, answer: bytes | None) -> None:
    heeded: list[tuple[str, str]] = []

    def heed(call: str, event: str) -> bool:
        heeded.append((call, event))
        return call == "one"

    said = answer_to(message, manner, heed)
    assert (said is None) if answer is None else (said is not None and said.startswith(answer))
    assert (("one", "hold") in heeded) is (answer == b"SIP/2.0 200 ")

"""What a switchboard, or a hand in its settings, may do wrong without taking the console's telephone away."""

from __future__ import annotations

import _socket
import socket
from collections.abc import Callable

import pytest

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LinkState, NumberLearned, QueueJoined
from console.domain.call_reducer import CallBook
from console.domain.calls import CallState, Direction
from console.domain.text import BadInput
from telephony_adapters.asterisk_ami.connection import AmiConnection, connect
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.session import memory_of
from telephony_adapters.asterisk_ami.settings import AmiSettings
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from telephony_adapters.channels.held import HELD_CAP, Held, TooMuch
from telephony_adapters.contract.heard import Heard
from tests.helpers.ami_streams import NOW
from tests.helpers.recordings import SWITCHBOARD

OUTSIDE = "PJSIP/trunk-00000001"
OURS = "PJSIP/1001-00000002"


@pytest.mark.expects_log
@pytest.mark.parametrize("host", ["..", "a" * 300], ids=["dots", "long"])
def test_an_address_that_is_none_is_said_in_a_sentence(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The real look-up refuses each of these before any network is asked; the suite's guard would come first.
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)
    heard = Heard()
    connection = AmiConnection(AmiSettings(host=host))
    connection.start(heard)
    try:
        sentence = heard.wait_link(LinkState.REFUSED)[0].sentence
    finally:
        connection.stop()
    assert "Calls still ring on the telephones" in sentence
    assert "Correct the settings host and port" in sentence


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (AmiSettings(host=""), "host is empty"),
        (AmiSettings(host="  "), "host is empty"),
        (AmiSettings(port=0), "port is 0"),
        (AmiSettings(port=-1), "port is -1"),
        (AmiSettings(port=65_536), "port is 65536"),
        (AmiSettings(staff_endpoints="("), "staff_endpoints is no pattern"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_sent(change: AmiSettings, named: str) -> None:
    with pytest.raises(BadInput, match=named) as refusal:
        connect(change)
    assert "Nothing was started" in str(refusal.value)


@pytest.mark.parametrize("port", [1, 65_535])
def test_the_outermost_ports_are_taken(port: int) -> None:
    connect(AmiSettings(port=port)).stop()


def event(name: str, channel: str = OUTSIDE, uid: str = "17.1", **fields: str) -> Message:
    """Return one event about a channel."""
    return Message((("Event", name), ("Channel", channel), ("Uniqueid", uid), ("Linkedid", uid), *fields.items()))


def joined(channel: str = OUTSIDE, exten: str = "01632960001", state: str = "Down") -> list[Message]:
    """Return a call that reaches the queue with every word of its state lost."""
    fields = {"ChannelStateDesc": state, "Exten": exten, "CallerIDNum": "02079460210"}
    return [event("Newchannel", channel, **fields), event("QueueCallerJoin", channel, Queue="oohs", **fields)]


def told(messages: list[Message]) -> list[CallEvent]:
    """Return the facts of a live stream."""
    mapper = Mapper(Reading())
    return [fact for message in messages for fact in mapper.feed(message, NOW)]


def states(facts: list[CallEvent]) -> list[CallState]:
    """Return the states of the calls that ``facts`` make."""
    book = CallBook(SWITCHBOARD)
    for fact in facts:
        book.apply(fact, NOW)
    return [call.state for call in book.calls()]


def test_a_caller_whose_state_was_lost_waits_and_leaves() -> None:
    waits = told(joined())
    assert [type(fact) for fact in waits] == [CallBegan, QueueJoined, NumberLearned]
    assert isinstance(waits[0], CallBegan)
    assert (waits[0].direction, waits[0].dialled) == (Direction.INBOUND, "01632960001")
    assert states(waits) == [CallState.QUEUED]
    ends = told([*joined(), event("QueueCallerAbandon"), event("Hangup", Cause="16")])
    assert states(ends) == [CallState.ENDED]
    assert len([fact for fact in ends if isinstance(fact, CallEnded)]) == 1


def test_the_line_dialled_is_read_as_for_every_other_call() -> None:
    mark = ("ChanVariable", "LINE=01632960009")
    messages = [Message((*message.headers, mark)) for message in joined()]
    mapper = Mapper(Reading(line_variable="LINE"))
    facts = [fact for message in messages for fact in mapper.feed(message, NOW)]
    assert [fact.dialled for fact in facts if isinstance(fact, CallBegan)] == ["01632960009"]


def test_a_telephone_of_ours_that_waits_in_a_queue_leaves_it() -> None:
    """Nobody of the queue rings, so nothing but the queue says that there is a call."""
    waits = told(joined(OURS, "8000", "Up"))
    assert [fact.direction for fact in waits if isinstance(fact, CallBegan)] == [Direction.INTERNAL]
    assert states(told([*joined(OURS, "8000", "Up"), event("Hangup", OURS, Cause="16")])) == [CallState.ENDED]


MOVES: dict[str, Callable[[], Message]] = {
    "blind": lambda: Message(
        (
            ("Event", "BlindTransfer"),
            ("Result", "Success"),
            ("TransfereeChannel", OUTSIDE),
            ("TransfereeUniqueid", "17.1"),
            ("TransfereeLinkedid", "17.1"),
            ("Extension", "1003"),
        )
    ),
    "parked": lambda: Message(
        (
            ("Event", "ParkedCall"),
            ("ParkeeChannel", OUTSIDE),
            ("ParkeeUniqueid", "17.1"),
            ("ParkeeLinkedid", "17.1"),
            ("ParkerDialString", "PJSIP/1001"),
        )
    ),
    "spied on": lambda: Message(
        (
            ("Event", "ChanSpyStart"),
            ("SpyerChannel", OURS),
            ("SpyerUniqueid", "18.1"),
            ("SpyerLinkedid", "18.1"),
            ("SpyeeChannel", OUTSIDE),
            ("SpyeeUniqueid", "17.1"),
            ("SpyeeLinkedid", "17.1"),
        )
    ),
    "gave up": lambda: event("QueueCallerAbandon"),
}


@pytest.mark.parametrize("move", MOVES)
def test_no_call_stays_whose_beginning_was_lost(move: str) -> None:
    facts = told([event("Newchannel"), MOVES[move](), event("Newexten"), event("Hangup", Cause="16")])
    assert set(states(facts)) <= {CallState.ENDED}


@pytest.mark.parametrize("channel", [OUTSIDE, OURS])
def test_a_call_found_waiting_in_a_queue_leaves_it(channel: str) -> None:
    mapper = Mapper(Reading())
    listed = [
        event("CoreShowChannel", channel, ChannelStateDesc="Up", Exten="8000"),
        event("QueueEntry", channel, Queue="oohs", Position="1"),
    ]
    facts = take_snapshot(mapper, listed, NOW)
    assert [fact.queue for fact in facts if isinstance(fact, QueueJoined)] == ["oohs"]
    assert states(facts) in ([CallState.QUEUED], [CallState.ALERTING])
    facts += mapper.feed(event("Hangup", channel, Cause="16"), NOW)
    assert states(facts) == [CallState.ENDED]


def _fill(held: Held[Message], message: Message) -> None:
    for _ in range(HELD_CAP):
        held.listed(message)
        held.event(message)


def test_what_waits_for_the_snapshot_is_held_up_to_a_number_of_bytes() -> None:
    held, small = Held(memory_of), Message((("A", "b"),))
    with pytest.raises(TooMuch):
        _fill(held, small)
    # Each takes far more memory than the two bytes that were sent.
    assert len(held.events) + len(held.list) < HELD_CAP / 100
    held.clear()
    held.event(small)
    assert (held.events, held.list) == ([small], [])


def test_a_thousand_calls_fit_into_what_is_held() -> None:
    held: Held[Message] = Held(memory_of)
    usual = Message(tuple((f"Header{n}", "x" * 20) for n in range(30)))
    for _ in range(3_000):
        held.listed(usual)
    assert len(held.list) == 3_000

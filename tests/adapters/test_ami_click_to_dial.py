"""A call that a console has dialled: the number is told as it was dialled, whatever the dial plan makes of it."""

from __future__ import annotations

import pytest

from console.domain.call_events import CallBegan
from console.domain.calls import Direction
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from tests.helpers.ami_streams import NOW, STREAMS, messages_of
from tests.helpers.recordings import Recording

DIALLED, LED_TO = "907700900124", "07700900124"
RESPONSE, DIAL = "OriginateResponse", "DialBegin"
CALLS = [one for one in STREAMS if one.name == "click_to_dial"]


def rewritten(messages: tuple[Message, ...], number: str = LED_TO) -> list[Message]:
    """Return a stream whose dial plan takes the 9 off before it rings the other side, as a ``Goto`` does."""
    return [
        one
        if one.event == RESPONSE
        else Message(tuple((name, number if value == DIALLED else value) for name, value in one.headers))
        for one in messages
    ]


def after(messages: list[Message], event: str) -> list[Message]:
    """Return the stream with the switchboard's answer behind the last ``event``: another thread of it tells that."""
    (response,) = (one for one in messages if one.event == RESPONSE)
    left = [one for one in messages if one is not response]
    last = max(number for number, one in enumerate(left) if one.event == event)
    return [*left[: last + 1], response, *left[last + 1 :]]


def begun(messages: list[Message]) -> list[tuple[str, Direction]]:
    """Return what is told of the call's beginning, each thing once, without what was not known yet."""
    mapper = Mapper(Reading())
    told = [fact for one in messages for fact in mapper.feed(one, NOW)] + mapper.finish(NOW)
    return list(
        dict.fromkeys((one.dialled, one.direction) for one in told if isinstance(one, CallBegan) and one.dialled)
    )


@pytest.mark.parametrize("recording", CALLS, ids=str)
def test_the_number_is_one_whether_the_answer_or_the_dialling_is_told_first(recording: Recording) -> None:
    stream = rewritten(messages_of(recording))
    assert begun(stream) == [(DIALLED, Direction.OUTBOUND)]
    assert begun(after(stream, DIAL)) == [(DIALLED, Direction.OUTBOUND)]


@pytest.mark.parametrize("recording", CALLS, ids=str)
def test_one_that_nobody_is_answered_for_is_told_by_what_the_dial_plan_rang_once_that_is_answered(
    recording: Recording,
) -> None:
    unasked = [one for one in rewritten(messages_of(recording)) if one.event != RESPONSE]
    assert begun(unasked) == [(LED_TO, Direction.OUTBOUND)]
    rings = unasked[: max(number for number, one in enumerate(unasked) if one.event == DIAL) + 1]
    assert begun(rings) == [(LED_TO, Direction.OUTBOUND)], "at its end, where nobody answers"


@pytest.mark.parametrize("recording", CALLS, ids=str)
def test_a_colleague_who_is_dialled_is_a_call_inside_in_either_order(recording: Recording) -> None:
    messages = messages_of(recording)
    stream = [Message(tuple((name, value.replace(DIALLED, "1003")) for name, value in one.headers)) for one in messages]
    assert begun(stream) == begun(after(stream, DIAL)) == [("1003", Direction.INTERNAL)]

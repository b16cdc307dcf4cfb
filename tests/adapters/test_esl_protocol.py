"""Bytes of an event socket, cut anywhere, and bytes that none would send."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony_adapters.freeswitch_esl.protocol import (
    AUTH,
    BODY_CAP,
    EVENT,
    EVENT_HEADER_CAP,
    HEADER_CAP,
    LINE_CAP,
    REPLY,
    RESPONSE,
    VALUE_CAP,
    Message,
    Parser,
    event_headers,
    write_command,
)
from telephony_adapters.link.faults import NotUnderstood, Unsafe
from tests.helpers.esl_streams import messages_of, recorded

GREETING = b"Content-Type: auth/request\n\n"
STREAM = recorded("agent_states").bytes()


def event(body: bytes) -> bytes:
    """Return an event with this body, as it is sent."""
    return b"Content-Length: " + str(len(body)).encode() + b"\nContent-Type: text/event-plain\n\n" + body


def read(data: bytes) -> list[Message]:
    """Return the messages of one connection after its greeting."""
    return Parser().feed(GREETING + data)[1:]


def plain(messages: list[Message]) -> list[tuple[str, dict[str, str], str]]:
    """Return messages as values."""
    return [(message.kind, dict(message.headers), message.body) for message in messages]


def test_an_event_is_read_with_its_values_decoded() -> None:
    (message,) = read(event(b"Event-Name: CUSTOM\nname: A%20Caller%20%C3%A9\nempty:\nurl: a: b\n\n"))
    assert (message.kind, message.event) == (EVENT, "CUSTOM")
    assert dict(message.headers) == {"Event-Name": "CUSTOM", "name": "A Caller é", "empty": "", "url": "a: b"}


def test_what_a_message_keeps_is_counted_as_it_was_sent() -> None:
    """A value is decoded when it is asked for; until then three signs stand for one."""
    (message,) = read(event(b"name: " + b"%41" * 100 + b"\nname: B\nfaulty: %zz%\n\n"))
    assert (message.get("name"), message.get("faulty"), message.get("none", "no")) == ("A" * 100, "%zz%", "no")
    assert ("name" in message.headers, "none" in message.headers) == (True, False)
    assert message.characters == len("name" + "faulty" + "%zz%") + 300
    assert Message(REPLY, {"name": "AB"}).characters == 6


def test_answers_are_told_from_events() -> None:
    told = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
    told += (
        b"Content-Type: api/response\nContent-Length: 10\n\n-ERR no\n\nxContent-Type: log/data\nContent-Length: 2\n\nhi"
    )
    accepted, refused, log = read(told)
    assert (accepted.kind, accepted.reply, accepted.refused) == (REPLY, "+OK accepted", False)
    assert (refused.kind, refused.reply, refused.refused) == (RESPONSE, "-ERR no\n\nx", True)
    assert (log.event, log.body) == ("", "hi")


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_where_the_bytes_are_cut_changes_nothing(size: int) -> None:
    parser = Parser()
    pieces = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    assert plain([m for piece in pieces for m in parser.feed(piece)]) == plain(Parser().feed(STREAM))
    assert parser.faults == 0


def test_the_whole_of_a_recording_is_read_without_a_fault() -> None:
    parser = Parser()
    kinds = {message.kind for message in parser.feed(recorded("xfer_attended").bytes())}
    assert {AUTH, REPLY, EVENT, "text/disconnect-notice"} <= kinds
    assert parser.faults == 0


@pytest.mark.parametrize(
    "other", [b"Asterisk Call Manager/11\r\n", b"HTTP/1.1 200 OK\r\n", b"\x00" * 8, b"220 mail\r\n\r\n"]
)
def test_another_language_is_not_understood(other: bytes) -> None:
    with pytest.raises(NotUnderstood, match="not a FreeSWITCH event socket"):
        Parser().feed(other)
    with pytest.raises(NotUnderstood):
        Parser(greeting_needed=False).feed(other)


def test_only_a_recording_may_begin_in_the_middle() -> None:
    middle = event(b"Event-Name: HEARTBEAT\n\n")
    assert [m.event for m in Parser(greeting_needed=False).feed(middle)] == ["HEARTBEAT"]
    with pytest.raises(NotUnderstood):
        Parser().feed(middle)


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"9" * 400, str(BODY_CAP + 1).encode(), "٣".encode()])
def test_a_length_that_cannot_be_is_not_believed_and_the_rest_is_read(length: bytes) -> None:
    parser = Parser()
    odd = b"Content-Length: " + length + b"\nContent-Type: text/event-plain\n\n"
    messages = parser.feed(GREETING + odd + event(b"Event-Name: HEARTBEAT\n\n"))
    assert [m.event for m in messages if m.event] == ["HEARTBEAT"]
    assert parser.faults == 1


def test_everything_has_a_cap_and_every_cut_is_counted() -> None:
    parser = Parser()
    long = b"Content-Type: x\nlong: " + b"x" * (LINE_CAP * 3) + b"\nno colon\n\n"
    many = b"Content-Type: y\n" + b"".join(b"k%d: v\n" % n for n in range(HEADER_CAP * 2)) + b"\n"
    first, second = parser.feed(GREETING + long + many)[1:]
    assert len(first.get("long")) <= LINE_CAP
    assert len(second.headers) == HEADER_CAP
    assert parser.faults == 2 + HEADER_CAP + 1
    headers, cut = event_headers("big: " + "x" * (VALUE_CAP + 1) + "\n" + "\n".join(f"k{n}: v" for n in range(2_000)))
    assert len(headers) == EVENT_HEADER_CAP
    assert len(headers["big"]) == VALUE_CAP
    assert cut == 1 + 2_000 - (EVENT_HEADER_CAP - 1)


def test_a_line_without_end_is_not_kept() -> None:
    parser = Parser()
    parser.feed(GREETING)
    for _ in range(200):
        assert parser.feed(b"x" * 65_536) == []
    assert parser.faults == 1
    assert [m.event for m in parser.feed(b"\n\n" + event(b"Event-Name: API\n\n"))] == ["API"]


@settings(max_examples=100)
@given(st.binary(max_size=400), st.integers(0, len(STREAM)))
def test_no_bytes_bring_the_parser_down(rubbish: bytes, place: int) -> None:
    parser = Parser()
    parser.feed(STREAM[:place] if place > 20 else GREETING)
    for message in parser.feed(rubbish + STREAM[place:]):
        assert repr(message).startswith("<Message")


def test_what_is_shown_of_a_message_holds_no_number() -> None:
    assert "2079460140" not in repr(messages_of(recorded("withheld_pai")))


def test_a_command_is_one_line() -> None:
    assert write_command("api", "uuid_kill", "", "abc") == b"api uuid_kill abc\n\n"
    for text in ("a\nb", "a\r", "a\0b", "\x7f"):
        with pytest.raises(Unsafe):
            write_command("api", text)

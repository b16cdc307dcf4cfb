"""AMI bytes: cut anywhere, malformed, hostile, of another language; and what we write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import (
    HEADER_CAP,
    LINE_CAP,
    MESSAGE_CAP,
    Message,
    NotUnderstood,
    Parser,
    UnsafeAction,
    unescaped,
    write_action,
)
from tests.helpers.ami_streams import NOW
from tests.helpers.recordings import recordings

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
ANSWERED = next(r for r in recordings() if r.name == "q_answered").bytes()


def parsed(data: bytes) -> list[Message]:
    """Return the messages of a stream that begins rightly."""
    return Parser().feed(BANNER + data)


def test_headers_split_at_the_first_colon_and_space_only() -> None:
    (message,) = parsed(b"Event: Newchannel\r\nCallerIDName: A: B:C\r\nAccountCode: \r\nEmpty:\r\n\r\n")
    assert message.event == "Newchannel"
    assert message.get("CallerIDName") == "A: B:C"
    assert message.get("AccountCode", "no") == ""
    assert message.get("Empty", "no") == ""


def test_repeated_headers_are_all_kept() -> None:
    (message,) = parsed(b"Event: TestEvent\r\nState: one\r\nState: two\r\n\r\n")
    assert message.all("State") == ("one", "two")
    assert message.get("State") == "one"


@given(st.lists(st.integers(0, len(ANSWERED)), max_size=30))
@settings(max_examples=50)
def test_a_stream_may_be_cut_anywhere(cuts: list[int]) -> None:
    parser = Parser()
    places = [0, *sorted(cuts), len(ANSWERED)]
    pieces = [ANSWERED[a:b] for a, b in zip(places, places[1:], strict=False)]
    found = [message for piece in pieces for message in parser.feed(piece)]
    assert found == Parser().feed(ANSWERED)
    assert parser.faults == 0


def test_malformed_lines_are_counted_and_passed_over() -> None:
    parser = Parser()
    (message,) = parser.feed(BANNER + b"Event: Hangup\r\nno colon here\r\nUniqueid: 1.1\r\n\r\n")
    assert message.get("Uniqueid") == "1.1"
    assert parser.faults == 1


def test_a_name_of_five_megabytes_is_cut_and_the_rest_goes_on() -> None:
    parser = Parser()
    long = b"Event: Newchannel\r\nCallerIDName: " + b"x" * 5_000_000 + b"\r\nUniqueid: 1.1\r\n\r\n"
    first, second = parser.feed(BANNER + long + b"Event: Next\r\n\r\n")
    assert len(first.get("CallerIDName")) < LINE_CAP
    assert first.get("Uniqueid") == "1.1"
    assert second.event == "Next"
    assert parser.faults == 1


def test_headers_and_size_of_a_message_are_capped() -> None:
    (many,) = parsed(b"Event: E\r\n" + b"A: b\r\n" * 100_000 + b"\r\n")
    assert len(many.headers) == HEADER_CAP
    (big,) = parsed(b"Event: E\r\n" + (b"A: " + b"x" * 8000 + b"\r\n") * 1000 + b"\r\n")
    assert sum(len(value) for _, value in big.headers) <= MESSAGE_CAP


def test_a_line_without_end_takes_no_memory() -> None:
    parser = Parser()
    parser.feed(BANNER)
    for _ in range(200):
        parser.feed(b"y" * 65_536)
    assert len(parser._tail) <= LINE_CAP


@pytest.mark.parametrize(
    "first",
    [
        b"Content-Type: auth/request\n\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\x16\x03\x01" * 5,
        b"\r\n",
    ],
)
@pytest.mark.parametrize("needed", [True, False])
def test_another_language_is_refused(first: bytes, needed: bool) -> None:
    with pytest.raises(NotUnderstood, match="not an Asterisk manager interface"):
        Parser(banner_needed=needed).feed(first)


@pytest.mark.parametrize("version", ["1.1", "1.4", "0", "20.0.0", "99.1", "x", "", "\u0661\u0661.0"])
def test_another_version_is_refused(version: str) -> None:
    with pytest.raises(NotUnderstood, match="versions 2 to 19 are understood") as refused:
        Parser().feed(f"Asterisk Call Manager/{version}\r\n".encode())
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("version", ["2.10.0", "5.0.4", "11.0.0"])
def test_versions_since_asterisk_12_are_understood(version: str) -> None:
    parser = Parser()
    parser.feed(f"Asterisk Call Manager/{version}\r\n".encode())
    assert parser.understood


def test_a_recording_may_begin_in_the_middle() -> None:
    assert Parser(banner_needed=False).feed(b"Event: Hangup\r\n\r\n")[0].event == "Hangup"
    with pytest.raises(NotUnderstood):
        Parser().feed(b"Event: Hangup\r\n\r\n")


@given(st.binary(max_size=3000))
@settings(max_examples=300)
def test_any_bytes_are_survived(noise: bytes) -> None:
    mapper = Mapper(Reading())
    for message in Parser().feed(BANNER + noise + b"\r\n\r\n"):
        mapper.feed(message, NOW)
    mapper.finish(NOW)


_NAMES = ["Event", "Uniqueid", "Linkedid", "Channel", "DestUniqueid", "DestChannel", "BridgeUniqueid", "Timestamp"]
_EVENTS = [
    "Newchannel",
    "DialBegin",
    "DialEnd",
    "BridgeEnter",
    "BridgeLeave",
    "Hangup",
    "QueueCallerJoin",
    "ParkedCall",
]
_values = st.one_of(
    st.sampled_from(
        ["1.1", "2.2", "PJSIP/1001-01", "PJSIP/trunk-02", "Local/1@m-1;1", "<unknown>", "nan", "1e999", *_EVENTS]
    ),
    st.text(max_size=20),
)


@given(st.lists(st.lists(st.tuples(st.sampled_from(_NAMES), _values), max_size=8), max_size=12))
@settings(max_examples=300)
def test_any_messages_are_survived(headers: list[list[tuple[str, str]]]) -> None:
    mapper = Mapper(Reading())
    for one in headers:
        mapper.feed(Message(tuple(one)), NOW)
    mapper.finish(NOW)


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b", "a\ud800", "1001\r\nAction: Originate"])
def test_a_line_break_is_refused_never_stripped(bad: str) -> None:
    with pytest.raises(UnsafeAction):
        write_action("Hangup", "1", [("Channel", bad)])
    with pytest.raises(UnsafeAction):
        write_action("Hangup", "1", [(bad, "x")])
    with pytest.raises(UnsafeAction):
        write_action(bad, "1")


@given(st.text(max_size=100), st.text(max_size=100))
def test_what_is_written_reads_back_as_one_message(name: str, value: str) -> None:
    try:
        written = write_action("QueuePause", "7", [(name, value)])
    except UnsafeAction:
        return
    except UnicodeEncodeError:
        pytest.fail("a lone surrogate must be refused in words")
    assert written.count(b"\r\n\r\n") == 1
    (message,) = parsed(written)
    assert [key for key, _ in message.headers][:2] == ["Action", "ActionID"]


def test_a_message_never_shows_its_values() -> None:
    (message,) = parsed(b"Event: Newchannel\r\nCallerIDNum: 02079460140\r\n\r\n")
    assert repr(message) == "<Message Newchannel of 2 headers>"


def test_names_lose_their_backslashes() -> None:
    assert unescaped(r"O\'Brien: \\\"Zed\\\"") == r"O'Brien: \"Zed\""
    assert unescaped("plain") == "plain"
    assert unescaped("ends\\") == "ends\\"

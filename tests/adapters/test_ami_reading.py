"""The bytes of a manager interface are read by the same rules, whole or in pieces, in order or damaged.

A message that is in order is read at one go and any other line by line (``protocol``): nobody may see which it was.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony_adapters.asterisk_ami.protocol import HEADER_CAP, LINE_CAP, MESSAGE_CAP, Parser
from tests.helpers.recordings import Recording, recordings

Headers = tuple[tuple[str, str], ...]
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
EVENT = b"Event: Hangup\r\nUniqueid: 1.1\r\n"
READ = (("Event", "Hangup"), ("Uniqueid", "1.1"))
ANSWERED = next(recording for recording in recordings() if recording.name == "q_answered").bytes()


def plainly(stream: bytes) -> tuple[list[Headers], int]:
    """Return what a stream after its banner says, and its faults, by the rules and nothing else."""
    messages: list[Headers] = []
    headers: list[tuple[str, str]] = []
    size = faults = 0
    for whole in stream.split(b"\n")[:-1]:
        faults += len(whole) > LINE_CAP
        line = whole[:LINE_CAP].removesuffix(b"\r")
        size += len(line)
        key, colon, value = (line + b" " if line.endswith(b":") and b": " not in line else line).partition(b": ")
        if colon and len(headers) < HEADER_CAP and size <= MESSAGE_CAP:
            headers.append((key.decode(errors="replace"), value.decode(errors="replace")))
        elif line:
            faults += 1
        elif headers:
            messages.append(tuple(headers))
        if not line:
            headers, size = [], 0
    return messages, faults


def read(stream: bytes, places: list[int]) -> tuple[list[Headers], int]:
    """Return what the parser makes of a stream after its banner, cut at ``places``, and its faults."""
    parser = Parser()
    parser.feed(BANNER)
    cuts = [0, *sorted(place for place in places if place < len(stream)), len(stream)]
    found = [message.headers for a, b in pairwise(cuts) for message in parser.feed(stream[a:b])]
    return found, parser.faults


@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_every_recording_is_read_by_the_rules(recording: Recording) -> None:
    stream = recording.bytes().partition(b"\n")[2]
    assert read(stream, []) == plainly(stream)


def test_a_stream_may_be_cut_at_every_byte() -> None:
    stream = ANSWERED.partition(b"\n")[2][:4000]
    stream = stream[: stream.rindex(b"\r\n\r\n") + 4]
    said = plainly(stream)
    assert len(said[0]) > 5
    assert read(stream, list(range(len(stream)))) == said
    for place in range(len(stream)):
        assert read(stream, [place]) == said


@pytest.mark.parametrize(
    ("stream", "said", "faults"),
    [
        (EVENT + b"\r\n", [READ], 0),
        (EVENT.replace(b"\r\n", b"\n") + b"\n", [READ], 0),
        (EVENT.replace(b"\r\n", b"\n") + b"\r\n", [READ], 0),
        (EVENT + b"\n", [READ], 0),
        (EVENT.replace(b"\r\n", b"\n", 1) + b"\r\n" + EVENT + b"\r\n", [READ, READ], 0),
        (b"\r\n\r\n\n" + EVENT + b"\r\n\r\n\n" + EVENT + b"\r\n", [READ, READ], 0),
        (EVENT + b"State: a\rb\r\r\n\r\n", [(*READ, ("State", "a\rb\r"))], 0),
        (EVENT + b"Empty:\r\nBare: \r\n\r\n", [(*READ, ("Empty", ""), ("Bare", ""))], 0),
        (EVENT + b": none\r\nA: b: c\r\nA:b: c\r\n\r\n", [(*READ, ("", "none"), ("A", "b: c"), ("A:b", "c"))], 0),
        (b"no word\r\n" + EVENT + b"A:b\r\n \r\n\r\n" + EVENT + b"\r\n", [READ, READ], 3),
        (b"no word\r\n\r\n" + EVENT + b"\r\n", [READ], 1),
        (EVENT + b"N\xff: \xe2\x82\r\nM: \xf0\x9f\r\n\r\n", [(*READ, ("N\ufffd", "\ufffd"), ("M", "\ufffd"))], 0),
        (EVENT + "Line: a\u2028b\x85c\x0bd\r\n\r\n".encode(), [(*READ, ("Line", "a\u2028b\x85c\x0bd"))], 0),
        (EVENT + b"A: b\r\n" * 397 + b"\r\n", [(*READ, *[("A", "b")] * 397)], 0),
        (EVENT + b"A: b\r\n" * 400 + b"\r\n", [(*READ, *[("A", "b")] * 398)], 2),
        (EVENT + b"A: " + b"x" * 8_188 + b"\r\n\r\n", [(*READ, ("A", "x" * 8_188))], 0),
        (EVENT + b"A: " + b"x" * 8_190 + b"\r\n\r\n", [(*READ, ("A", "x" * 8_189))], 1),
        (EVENT + b"y" * 20_000 + b"\r\n\r\n" + EVENT + b"\r\n", [READ, READ], 2),
    ],
)
def test_lines_that_are_not_as_they_should_be(stream: bytes, said: list[Headers], faults: int) -> None:
    middle = len(stream) // 2
    for places in ([], [middle], [len(stream) - 3, len(stream) - 2, len(stream) - 1], list(range(0, len(stream), 7))):
        assert read(stream, places) == (said, faults)


def test_a_message_is_told_as_soon_as_its_blank_line_came() -> None:
    for end in (b"\r\n", b"\n"):
        parser = Parser()
        parser.feed(BANNER + EVENT.replace(b"\r\n", end) + end[:-1])
        assert [message.headers for message in parser.feed(b"\n")] == [READ]


_BITS = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"\n\r\n",
    b": ",
    b":",
    b" ",
    b"\0",
    b"\x85",
    b"\xff",
    b"\xe2\x82",
]
_LONG = [
    b"x" * 9_000,
    b"A: " + b"y" * 8_000 + b"\r\n",
    b"A: b\r\n" * 450,
    b"\n" * 500,
    (b"A: " + b"z" * 8_000 + b"\r\n") * 20,
]
_damage = st.tuples(st.integers(0, 6_000), st.integers(0, 200), st.sampled_from([b"", *_BITS, *_LONG]))
"""A place, how many bytes are lost there, and what comes instead."""


@given(
    st.integers(0, len(ANSWERED) - 6_000), st.lists(_damage, max_size=8), st.lists(st.integers(0, 9_000), max_size=20)
)
@settings(max_examples=200)
def test_a_damaged_stream_is_read_by_the_rules(
    begin: int, damage: list[tuple[int, int, bytes]], cuts: list[int]
) -> None:
    stream = ANSWERED[begin : begin + 6_000]
    for place, lost, instead in damage:
        stream = stream[:place] + instead + stream[place + lost :]
    stream += b"\r\n\r\n"
    assert read(stream, cuts) == plainly(stream)


@pytest.mark.parametrize("endless", [b"y", b"A: b\r\n", b"A: b\n", b"\r\n", b"\n", b"\r", b"no word\r\n"])
@pytest.mark.parametrize("piece", [1_000, 65_536])
def test_what_never_ends_takes_no_memory(endless: bytes, piece: int) -> None:
    parser = Parser()
    parser.feed(BANNER)
    for _ in range(10):
        assert parser.feed(endless * (piece // len(endless))) == []
    kept = len(parser._tail) + len(parser._waiting) + sum(len(key) + len(value) for key, value in parser._headers)
    assert kept <= 2 * LINE_CAP

"""What an adapter makes of a wire on which something else, nothing, or no end comes; taken in by ``cases``."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from console.domain.call_events import CallBegan, LinkState, SnapshotTaken
from telephony_adapters.contract.bench import SOON, Bench, Moment
from telephony_adapters.link.clock import ComputerClock

GARBAGE = (
    *(b"\xff\xfe\x80", bytes(range(128, 256)), b"\x00" * 50, b" ", b":", b"{", b"nan", b"-1e999", b"9" * 400),
    *(b"\xd9\xa9" * 20, b"a" * 2_000, b"\t \t", b"0 0 0 0 0 0 0 0 0"),
)
"""What no switchboard sends and whatever else answers there may: no text, no number, nothing, and far too much."""
ENDLESS, KEPT = 8 << 20, 4 << 20
"""Bytes of a line that does not end, and how many of them all that is remembered may come to."""
HURRY = 100.0
"""How many times as fast the computer's clock goes for an adapter that waits for a sign of life."""


@pytest.mark.expects_log
def test_what_is_no_message_harms_no_call(switchboard_bench: Bench) -> None:
    """A connection may be given up over it, and is then made again; nothing is raised (the fixture looks)."""
    side = switchboard_bench.side
    words = [message.split(maxsplit=1)[0] for message in side.messages(Moment.RINGS)[:20]]
    switchboard_bench.up()
    for piece in (*GARBAGE, *words):
        side.send(side.broken(piece))
    _still_told(switchboard_bench)


@pytest.mark.expects_log
def test_of_a_line_without_end_only_a_part_is_kept(switchboard_bench: Bench) -> None:
    line = switchboard_bench.side.broken(b"x" * ENDLESS)
    switchboard_bench.up()
    tracemalloc.start()
    try:
        switchboard_bench.side.send(line)
        _still_told(switchboard_bench)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < KEPT, f"{most} bytes were kept of {ENDLESS}"


@pytest.mark.expects_log
def test_a_silence_is_noticed(switchboard_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A switchboard that says nothing any more must not look like a quiet night."""
    switchboard_bench.up()
    switchboard_bench.side.fall_silent()
    began = time.monotonic()
    # A patch, because no suite can wait as long as a switchboard may be silent, and ``connect`` takes no clock.
    monkeypatch.setattr(ComputerClock, "monotonic", lambda _: began + HURRY * (time.monotonic() - began))
    assert switchboard_bench.heard.wait_link(LinkState.LOST, seconds=SOON)[0].sentence


def _still_told(bench: Bench) -> None:
    """Let the call ring; where the connection was given up instead, once more on the next.  It must be told."""
    bench.play(Moment.RINGS)
    heard = bench.heard
    heard.until(lambda: bool(heard.all(CallBegan) or heard.links(LinkState.LOST)), "the call, or a loss", SOON)
    if not heard.all(CallBegan):
        heard.wait_link(LinkState.CONNECTED, 2, seconds=SOON)
        heard.wait(SnapshotTaken, 2, seconds=SOON)
        bench.play(Moment.RINGS)
    bench.seen(Moment.RINGS)

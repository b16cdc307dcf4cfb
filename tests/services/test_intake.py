"""What a switchboard tells waits for the services' thread in a queue with an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from console.domain.call_events import CallBegan, CallEvent, LinkChanged, LinkState, NumberLearned
from console.domain.call_reducer import CallBook
from console.domain.calls import Certainty, Direction
from console.machine.loop import Loop
from console.ports.switchboard import SinkFull
from console.services.intake import IN_INBOX, WAITING_AT_MOST, Intake
from telephony_adapters.asterisk_ami.connection import AmiConnection
from telephony_adapters.asterisk_ami.settings import AmiSettings
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.recordings import SWITCHBOARD

START = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
CALLS = 30
LISTED = """\
Event: CoreShowChannel
Channel: PJSIP/trunk-{n:08x}
ChannelStateDesc: Up
CallerIDNum: <unknown>
Exten: 01632960001
Uniqueid: 17.{n}
Linkedid: 17.{n}"""


def began(n: int) -> CallBegan:
    """Return the beginning of the call number ``n``."""
    return CallBegan(f"17.{n}", START + timedelta(seconds=n), Direction.INBOUND, "01632960001")


def test_facts_are_heard_in_order_on_the_services_thread() -> None:
    loop, heard = Loop(), list[CallEvent]()
    intake = Intake(loop, heard.append)
    facts = [began(n) for n in range(100)]
    for fact in facts:
        intake(fact)
    assert heard == []
    for _ in facts:
        loop.run(seconds=0)
        loop.stop()
        loop.run()
    assert heard == facts


def test_an_answer_of_the_record_does_not_wait_behind_a_storm_of_facts() -> None:
    """Each batch of entries goes out after the answer to the one before: behind the storm, recording stood still."""
    loop, heard, answered_after = Loop(), list[CallEvent](), list[int]()
    intake = Intake(loop, heard.append)
    for n in range(1000):
        intake(began(n))
    for _ in range(3):
        loop.post(lambda: answered_after.append(len(heard)))
        loop.post(loop.stop)
        loop.run()
    assert len(answered_after) == 3
    assert answered_after[0] <= IN_INBOX
    assert answered_after[2] < 1000, "the facts go on in between, but before none of the answers all of them"
    assert answered_after == sorted(set(answered_after)), "and the answers do not hold up the facts either"


def test_on_an_ordinary_evening_what_was_told_first_is_heard_first() -> None:
    loop, heard, answered_after = Loop(), list[CallEvent](), list[int]()
    intake = Intake(loop, heard.append)
    for n in range(IN_INBOX):
        intake(began(n))
    loop.post(lambda: answered_after.append(len(heard)))
    loop.stop()
    loop.run()
    assert answered_after == [IN_INBOX]


def test_only_so_many_wait_and_there_is_room_again_once_they_were_heard() -> None:
    loop, heard = Loop(), list[CallEvent]()
    intake = Intake(loop, heard.append, at_most=3)
    for n in range(3):
        intake(began(n))
    with pytest.raises(SinkFull):
        intake(began(3))
    loop.stop()
    loop.run()
    intake(began(4))
    loop.stop()
    loop.run()
    assert heard == [began(0), began(1), began(2), began(4)]


def test_news_of_the_link_is_always_taken() -> None:
    loop, heard = Loop(), list[CallEvent]()
    intake = Intake(loop, heard.append, at_most=1)
    intake(began(0))
    lost = LinkChanged(START, LinkState.LOST)
    intake(lost)
    loop.stop()
    loop.run()
    assert heard == [began(0), lost]


def test_a_busy_service_has_room_for_all_its_calls_at_once() -> None:
    intake = Intake(Loop(), lambda _: None)
    for n in range(WAITING_AT_MOST):
        intake(began(n))


@contextmanager
def flooded(pbx: FakeAsterisk, loop: Loop, book: CallBook, at_most: int) -> Iterator[list[CallEvent]]:
    """Yield what was heard of a switchboard by a console that has room for ``at_most`` facts."""
    heard: list[CallEvent] = []

    def hear(fact: CallEvent) -> None:
        heard.append(fact)
        book.apply(fact, fact.at)

    line = AmiConnection(AmiSettings(port=pbx.port, user=USER, secret=SECRET))
    line.start(Intake(loop, hear, at_most))
    try:
        yield heard
    finally:
        line.stop()


@pytest.mark.expects_log
def test_what_a_stalled_console_missed_is_there_after_it_has_caught_up() -> None:
    """Real connection: the flood ends the link, and the next snapshot tells what was not taken."""
    loop, book = Loop(), CallBook(SWITCHBOARD)
    with FakeAsterisk() as pbx, flooded(pbx, loop, book, 6 * CALLS) as heard:
        pbx.wait_for("QueueStatus")
        pbx.manner.channels = [LISTED.format(n=n) for n in range(CALLS)]
        passing = [LISTED.format(n=n).replace("17.", "18.") for n in range(6 * CALLS)]
        begun = [one.replace("CoreShowChannel", "Newstate") for one in [*passing, *pbx.manner.channels]]
        gone = [one.replace("CoreShowChannel", "Hangup") for one in passing]
        pbx.play("".join(f"{one}\n\n" for one in [*begun, *gone]).replace("\n", "\r\n").encode())
        pbx.wait_connection(2)  # nobody has read anything: the queue was full, and the link was dropped
        lost = [fact for fact in _until_listed(loop, book, heard) if isinstance(fact, LinkChanged)]
        assert any(fact.state is LinkState.LOST and "than this console can follow" in fact.sentence for fact in lost)
        assert {call.certainty for call in book.calls() if call.live} == {Certainty.LIVE}


def _until_listed(loop: Loop, book: CallBook, heard: list[CallEvent]) -> list[CallEvent]:
    for _ in range(100):
        loop.run(seconds=0.1)
        if len([call for call in book.calls() if call.live]) == CALLS and isinstance(heard[-1], NumberLearned):
            return heard
    raise AssertionError(f"only {len(book.calls())} calls are known")


def test_a_fake_with_calls_under_way_fits_into_an_ordinary_queue() -> None:
    loop, book = Loop(), CallBook(SWITCHBOARD)
    manner = Manner(channels=[LISTED.format(n=n) for n in range(CALLS)])
    with FakeAsterisk(manner) as pbx, flooded(pbx, loop, book, WAITING_AT_MOST) as heard:
        _until_listed(loop, book, heard)
        assert pbx.connections == 1

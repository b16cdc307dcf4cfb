"""What every switchboard keeps, whatever its make: run over each registered adapter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import UUID

import pytest

from console.domain.call_events import Answered, CallBegan, CallEnded, CallEvent, LinkState, SnapshotTaken
from console.domain.call_reducer import CallBook
from console.domain.calls import CallOutcome, CallState
from console.ports.switchboard import (
    TOO_MUCH,
    Act,
    Action,
    ActionAnswer,
    AdapterSpec,
    Answer,
    SinkFull,
    Switchboard,
)
from telephony_adapters.registry import installed
from tests.helpers.heard import Heard
from tests.helpers.other_sides import OTHER_SIDES, OtherSide

EMERGENCIES = ("999", "112", "18000", "9999", "9112", "+44999", "00 44 999")


@dataclass(frozen=True, slots=True)
class Bench:
    """One adapter on the bench."""

    spec: AdapterSpec
    side: OtherSide
    switchboard: Switchboard
    heard: Heard

    def up(self) -> None:
        """Start it and wait until its snapshot has come."""
        self.switchboard.start(self.heard)
        self.heard.wait_link(LinkState.CONNECTED)
        self.heard.wait(SnapshotTaken)


@pytest.fixture(params=installed().keys())
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each registered adapter in turn, with its other side."""
    spec = installed().find(request.param)
    assert spec.key in OTHER_SIDES, "a new adapter needs an other side to be tested against"
    with OTHER_SIDES[spec.key](tmp_path) as side:
        switchboard = spec.connect(side.settings)
        yield Bench(spec, side, switchboard, Heard())
        switchboard.stop()


def answers_of(bench: Bench, action: Action) -> list[ActionAnswer]:
    """Return every answer that comes within a moment; there must be one."""
    answers: SimpleQueue[ActionAnswer] = SimpleQueue()
    bench.switchboard.perform(action, answers.put)
    found = [answers.get(timeout=10)]
    with suppress(Empty):
        found.append(answers.get(timeout=0.1))
    return found


def test_connecting_says_so_before_anything_else(bench: Bench) -> None:
    bench.up()
    bench.side.play()
    bench.heard.wait(CallBegan)
    kinds = [type(fact).__name__ for fact in bench.heard.facts]
    assert kinds[0] == "LinkChanged"
    assert kinds.index("SnapshotTaken") < kinds.index("CallBegan")


def test_an_answered_call_is_told_from_beginning_to_end(bench: Bench) -> None:
    bench.up()
    bench.side.play()
    ended = bench.heard.wait(CallEnded, seconds=20)[0]
    assert (ended.outcome, ended.ended_by) == (CallOutcome.ANSWERED, "caller")
    assert [fact.extension for fact in bench.heard.all(Answered)] == ["1001"]
    for fact in bench.heard.facts:
        assert fact.at.utcoffset() == timedelta(0)
        assert hash(fact) == hash(fact)


@pytest.mark.expects_log
def test_a_console_that_cannot_follow_loses_the_link_and_is_told_everything_anew(bench: Bench) -> None:
    full = [True]

    def sink(fact: CallEvent) -> None:
        if isinstance(fact, CallBegan) and full:
            full.clear()
            raise SinkFull
        bench.heard(fact)

    bench.switchboard.start(sink)
    bench.heard.wait(SnapshotTaken)
    bench.side.play()
    lost = bench.heard.wait_link(LinkState.LOST, seconds=20)[0]
    assert TOO_MUCH in lost.sentence
    bench.heard.wait_link(LinkState.CONNECTED, 2, seconds=20)
    bench.heard.wait(SnapshotTaken, 2)


def test_its_facts_fold_without_an_oddity_and_twice_is_once(bench: Bench) -> None:
    bench.up()
    bench.side.play()
    bench.heard.wait(CallEnded, seconds=20)
    book = CallBook(UUID(int=1))
    for fact in [*bench.heard.facts]:
        book.apply(fact, fact.at)
        book.apply(fact, fact.at)
    (call,) = book.calls()
    assert [odd.what for odd in book.take_oddities()] == []
    assert call.state is CallState.ENDED
    assert call.caller.e164 == "+442079460123"
    assert set(call.rang) == {"1001", "1002"}
    assert (call.dialled, call.queue) == ("01632960001", bench.side.queue)


@pytest.mark.parametrize("act", [Act.ORIGINATE, Act.BLIND_TRANSFER, Act.START_ATTENDED, Act.REDIRECT])
def test_an_emergency_number_is_never_dialled(bench: Bench, act: Act) -> None:
    bench.up()
    for number in EMERGENCIES:
        (answer,) = answers_of(bench, Action(act, "1001", target=number))
        assert answer.answer in (Answer.REFUSED, Answer.UNSUPPORTED), number
        assert answer.sentence


@pytest.mark.parametrize("act", list(Act))
def test_every_request_is_answered_once(bench: Bench, act: Act) -> None:
    bench.up()
    (answer,) = answers_of(bench, Action(act, "1001", provider_call="no such call", target="1003"))
    capabilities = bench.switchboard.capabilities()
    if act not in capabilities.acts:
        assert answer.answer is Answer.UNSUPPORTED
        assert capabilities.why_not[act]
    assert (answer.answer is Answer.ACCEPTED) == (not answer.sentence)


def test_nothing_is_accepted_before_start_or_after_stop(bench: Bench) -> None:
    pause = Action(Act.PAUSE, "1001")
    assert answers_of(bench, pause)[0].answer is not Answer.ACCEPTED
    bench.up()
    bench.switchboard.stop()
    assert answers_of(bench, pause)[0].answer is not Answer.ACCEPTED


def test_stop_is_quick_and_nothing_comes_after_it(bench: Bench) -> None:
    bench.up()
    began = time.monotonic()
    bench.switchboard.stop()
    assert time.monotonic() - began < 20
    count = len(bench.heard.facts)
    bench.side.play()
    time.sleep(0.1)
    assert len(bench.heard.facts) == count

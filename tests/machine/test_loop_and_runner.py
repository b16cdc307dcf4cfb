"""The headless loop and the lanes: order, threads, failures, and an end that comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from console.domain.text import NightdeskError
from console.machine.loop import Loop
from console.machine.runner import Closing, Lane, LaneRunner


def test_what_others_post_runs_here_and_in_order() -> None:
    loop, seen = Loop(), list[tuple[int, bool]]()
    here = threading.get_ident()

    def note(number: int) -> None:
        seen.append((number, threading.get_ident() == here))

    def post_all() -> None:
        for number in range(100):
            loop.post(partial(note, number))
        loop.stop()

    thread = threading.Thread(target=post_all)
    thread.start()
    loop.run(5)
    thread.join()
    assert seen == [(n, True) for n in range(100)]


def test_timers_run_when_due_and_not_after_cancel() -> None:
    loop, seen = Loop(), list[str]()
    loop.after(0.03, lambda: seen.append("late"))
    loop.after(0.01, lambda: seen.append("early"))
    loop.after(0.02, lambda: seen.append("never")).cancel()
    loop.run(0.1)
    assert seen == ["early", "late"]


def test_every_runs_again_until_cancelled_from_within() -> None:
    loop, seen = Loop(), list[int]()

    def tick() -> None:
        seen.append(len(seen))
        if len(seen) == 3:
            timer.cancel()
            loop.stop()

    timer = loop.every(0.005, tick)
    loop.run(5)
    assert seen == [0, 1, 2]


def test_run_ends_on_time_with_nothing_to_do() -> None:
    before = time.monotonic()
    Loop().run(0.05)
    assert 0.04 <= time.monotonic() - before < 20


def test_a_busy_loop_still_ends_on_time() -> None:
    loop, count = Loop(), [0]

    def again() -> None:
        count[0] += 1
        loop.post(again)

    loop.post(again)
    loop.run(0.05)
    assert count[0] > 1


def test_an_error_comes_out_of_run() -> None:
    loop = Loop()

    def fail() -> None:
        raise NightdeskError("the recording is not of this switchboard")

    loop.post(fail)
    with pytest.raises(NightdeskError, match="recording"):
        loop.run(5)


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def faults() -> list[Exception]:
    return []


@pytest.fixture
def runner(loop: Loop, faults: list[Exception]) -> Iterator[LaneRunner]:
    runner = LaneRunner(loop, faults.append)
    yield runner
    runner.close()


def test_work_runs_elsewhere_and_its_answer_here(loop: Loop, runner: LaneRunner) -> None:
    answers: list[tuple[str, str]] = []

    def where() -> str:
        return threading.current_thread().name

    def note(name: str) -> None:
        answers.append((name, threading.current_thread().name))
        if len(answers) == 3:
            loop.stop()

    for lane in (runner.read, runner.write, runner.keep):
        lane(where, note)
    loop.run(5)
    here = threading.current_thread().name
    assert {name.split("-")[0] for name, _ in answers} == {"reader", "writer", "journal"}
    assert {after for _, after in answers} == {here}


def test_a_slow_writer_holds_no_journal(loop: Loop, runner: LaneRunner) -> None:
    freeze, seen = threading.Event(), list[str]()
    runner.write(lambda: freeze.wait(10), lambda _: seen.append("written"))
    for number in range(3):
        runner.keep(partial("kept {}".format, number), seen.append)
    runner.keep(lambda: None, lambda _: loop.stop())
    loop.run(5)
    assert seen == ["kept 0", "kept 1", "kept 2"]
    freeze.set()


def test_writes_keep_their_order(loop: Loop, runner: LaneRunner) -> None:
    done: list[int] = []
    for number in range(50):
        runner.write(partial(done.append, number), lambda _: None)
    runner.write(lambda: None, lambda _: loop.stop())
    loop.run(5)
    assert done == list(range(50))


def test_a_failure_goes_to_its_asker_or_to_the_notice_bar(
    loop: Loop, runner: LaneRunner, faults: list[Exception]
) -> None:
    taken: list[Exception] = []

    def fail() -> None:
        raise NightdeskError("away")

    runner.write(fail, lambda _: None, taken.append)
    runner.write(fail, lambda _: None)
    runner.write(lambda: None, lambda _: loop.stop())
    loop.run(5)
    assert [str(error) for error in taken] == ["away"]
    assert [str(error) for error in faults] == ["away"]


def test_closing_finishes_what_was_queued_and_refuses_the_rest(
    loop: Loop, runner: LaneRunner, faults: list[Exception]
) -> None:
    done: list[int] = []
    for number in range(20):
        runner.keep(partial(done.append, number), lambda _: None)
    assert runner.close_journal()
    assert done == list(range(20))
    runner.keep(lambda: done.append(99), lambda _: None)
    loop.run(0.05)
    assert 99 not in done
    assert [type(fault) for fault in faults] == [Closing]


def test_a_frozen_database_cannot_keep_the_program_from_ending() -> None:
    lane, freeze = Lane("frozen"), threading.Event()
    lane.submit(lambda: print(freeze.wait(60)))
    before = time.monotonic()
    assert not lane.close(0.1)
    assert time.monotonic() - before < 30
    freeze.set()
    assert lane.close(5)

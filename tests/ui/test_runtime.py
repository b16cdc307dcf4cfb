"""The inbox, the runner, the alarm and the order of shutting down, with a real event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from console.machine.runner import LaneRunner
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.runtime.lifetime import Lifetime, Step
from ui.desktop.runtime.stalls import StallMeter


@pytest.fixture
def inbox(qtbot: QtBot) -> Iterator[Inbox]:
    box = Inbox()
    yield box
    box.close()


def test_posts_from_many_threads_all_run_on_the_gui_thread_in_each_threads_order(inbox: Inbox, qtbot: QtBot) -> None:
    ran: list[tuple[int, int, bool]] = []
    home = QThread.currentThread()

    def post_many(who: int) -> None:
        for number in range(200):
            inbox.post(lambda n=number: ran.append((who, n, QThread.currentThread() is home)))  # type: ignore[misc]  # mypy cannot type a default in a lambda

    threads = [threading.Thread(target=post_many, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(ran) == 800)
    for thread in threads:
        thread.join()
    assert all(on_gui for _, _, on_gui in ran)
    for who in range(4):
        assert [number for mine, number, _ in ran if mine == who] == list(range(200))


def test_a_flood_lets_timers_run_between_turns(inbox: Inbox, qtbot: QtBot) -> None:
    done: list[int] = []
    ticks: list[float] = []

    def work() -> None:
        time.sleep(0.002)
        done.append(1)

    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(1)
    for _ in range(1_000):
        inbox.post(work)
    qtbot.waitUntil(lambda: len(done) == 1_000, timeout=60_000)
    timer.stop()
    gaps = [later - earlier for earlier, later in zip(ticks, ticks[1:], strict=False)]
    # Two seconds of work in turns of 8 ms: without turns there would be one gap of two seconds.
    assert max(gaps) < 1
    assert len(ticks) >= 5


@pytest.mark.expects_log
def test_a_post_that_raises_is_told_and_the_next_one_runs(qtbot: QtBot) -> None:
    faults: list[Exception] = []
    box = Inbox(faults.append)
    ran: list[str] = []
    box.post(lambda: ran.append(str(1 // 0)))
    box.post(lambda: ran.append("next"))
    qtbot.waitUntil(lambda: ran == ["next"])
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    box.close()


def test_a_closed_inbox_takes_nothing(inbox: Inbox, qtbot: QtBot) -> None:
    ran: list[str] = []
    inbox.close()
    inbox.post(lambda: ran.append("late"))
    qtbot.wait(30)
    assert ran == []


def test_the_runner_brings_answers_and_failures_back(inbox: Inbox, qtbot: QtBot) -> None:
    unhandled: list[Exception] = []
    runner = LaneRunner(inbox, unhandled.append)
    answers: list[object] = []
    home = threading.current_thread().name
    runner.read(lambda: threading.current_thread().name, answers.append)
    runner.write(lambda: int("no number"), answers.append, answers.append)
    runner.keep(lambda: int("nor this"), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2 and len(unhandled) == 1)
    assert any(isinstance(a, str) and a != home for a in answers)
    assert any(isinstance(a, ValueError) for a in answers)
    runner.close(1.0)


def test_the_alarm_rings_once_repeats_and_forgets(qtbot: QtBot) -> None:
    alarm = QtAlarm()
    rung: list[str] = []
    alarm.after(0.01, lambda: rung.append("once"))
    alarm.after(0.01, lambda: rung.append("never")).cancel()
    again = alarm.every(0.005, lambda: rung.append("again"))
    qtbot.waitUntil(lambda: rung.count("again") >= 3)
    again.cancel()
    count = len(rung)
    qtbot.wait(30)
    assert len(rung) == count
    assert rung.count("once") == 1
    assert "never" not in rung
    alarm.stop()


def test_the_stall_meter_sees_a_held_thread(qtbot: QtBot) -> None:
    meter = StallMeter()
    meter.start()
    qtbot.wait(20)
    time.sleep(0.15)
    qtbot.wait(20)
    assert 0.1 < meter.stop() < 10


@pytest.mark.expects_log
def test_shutting_down_runs_every_step_in_order_once_even_when_one_fails() -> None:
    ran: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    life = Lifetime(
        (Step("adapters", lambda: ran.append("a")), Step("journal", fail), Step("feed", lambda: ran.append("f")))
    )
    life.close()
    life.close()
    assert ran == ["a", "f"]
    assert life.done == ("adapters", "journal", "feed")

"""Time and threads held by hand: what every other test of a service stands on."""

from __future__ import annotations

from datetime import timedelta

from console.ports.manual import NIGHT, HeldRunner, InlineInbox, InlineRunner, ManualAlarm, ManualClock


def test_timers_run_in_the_order_of_their_times_and_see_their_own_time() -> None:
    clock = ManualClock()
    alarm = ManualAlarm(clock)
    seen: list[tuple[str, float]] = []
    alarm.after(2.0, lambda: seen.append(("two", clock.monotonic())))

    def nest() -> None:
        alarm.after(0.5, lambda: seen.append(("nested", clock.monotonic())))

    alarm.after(1.0, nest)
    gone = alarm.after(1.2, lambda: seen.append(("cancelled", 0.0)))
    gone.cancel()
    alarm.advance(3.0)
    assert seen == [("nested", 1.5), ("two", 2.0)]
    assert clock.now() == NIGHT + timedelta(seconds=3)


def test_a_repeating_timer_runs_until_cancelled() -> None:
    clock = ManualClock()
    alarm = ManualAlarm(clock)
    times: list[float] = []
    timer = alarm.every(0.5, lambda: times.append(clock.monotonic()))
    alarm.advance(2.0)
    timer.cancel()
    alarm.advance(2.0)
    assert times == [0.5, 1.0, 1.5, 2.0]
    assert alarm.next_due() is None


def test_the_wall_clock_can_jump_while_ages_do_not() -> None:
    clock = ManualClock()
    clock.set_wall(NIGHT + timedelta(hours=2))
    assert clock.monotonic() == 0.0
    clock.advance(1.0)
    assert clock.now() == NIGHT + timedelta(hours=2, seconds=1)


def test_the_inline_runner_answers_before_it_returns_and_keeps_what_nobody_handled() -> None:
    runner = InlineRunner()
    got: list[object] = []
    runner.read(lambda: 1, got.append)
    runner.write(lambda: 1 // 0, got.append, got.append)
    runner.keep(lambda: 1 // 0, got.append)
    assert got[0] == 1
    assert isinstance(got[1], ZeroDivisionError)
    assert [type(problem) for problem in runner.unhandled] == [ZeroDivisionError]


def test_an_act_that_posts_another_is_finished_first() -> None:
    inbox = InlineInbox()
    order: list[str] = []

    def first() -> None:
        inbox.post(lambda: order.append("second"))
        order.append("first")

    inbox.post(first)
    assert order == ["first", "second"]


def test_held_work_waits_for_its_lane() -> None:
    runner = HeldRunner()
    got: list[str] = []
    runner.write(lambda: "w", got.append)
    runner.keep(lambda: "k", lambda text: runner.read(lambda: text + "r", got.append))
    assert runner.run("read") == 0
    assert (runner.waiting("write"), runner.waiting("keep")) == (1, 1)
    assert runner.run("keep") == 1
    runner.run_all()
    assert got == ["w", "kr"]

"""Dead cycles are found in small pieces, and Python gets the search back at the end."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from console.ports.manual import ManualAlarm, ManualClock
from ui.desktop.runtime.rubbish import EVERY, Rubbish


class _Knot:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def alarm() -> Iterator[ManualAlarm]:
    yield ManualAlarm(ManualClock())
    gc.unfreeze()
    gc.enable()


def test_a_dead_cycle_is_gone_within_a_second_and_the_search_is_ours(alarm: ManualAlarm) -> None:
    rubbish = Rubbish(alarm)
    assert not gc.isenabled()
    gone = weakref.ref(_Knot())
    assert gone() is not None
    alarm.advance(EVERY)
    assert gone() is None
    rubbish.stop()


def test_the_old_are_never_looked_through_while_the_worker_works(alarm: ManualAlarm) -> None:
    looked: list[int] = []

    def heard(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            looked.append(info["generation"])

    rubbish = Rubbish(alarm)
    gc.callbacks.append(heard)
    try:
        knots = [_Knot() for _ in range(20_000)]
        alarm.advance(EVERY * 5)
    finally:
        gc.callbacks.remove(heard)
        rubbish.stop()
    assert len(knots) == 20_000
    assert set(looked) == {1}


def test_python_gets_the_search_back(alarm: ManualAlarm) -> None:
    Rubbish(alarm).stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    alarm.advance(EVERY * 3)

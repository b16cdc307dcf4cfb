"""A held queue never outlives its only manager: who signs out is asked, and whoever is left may let it go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.record import Identity, Role
from console.services.refusing import Refused
from console.services.writing import Outcome
from tests.helpers.night_screens import Night
from ui.desktop.screens.signing_out import SIGN_OUT
from ui.desktop.shortcuts import Act

_OUT: list[Outcome] = []
ASHA = Identity("asha.bell", "Asha Bell", Role.ASSISTANT_TEAM_MANAGER, "desk-5")


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def held(night: Night) -> bool:
    """Say whether the queue is held, by the lead's console."""
    night.room.advance(2)
    return night.priya.night.queue.now().held


def hold(night: Night) -> None:
    """Let Helen hold the queue."""
    night.board.do(Act.HOLD_QUEUE)
    assert held(night)


def sign_out(night: Night, **values: str) -> str:
    """Let Helen send the form; return what it says is missing."""
    night.board.form_opened(SIGN_OUT, "")
    night.board.form_sent(SIGN_OUT, values)
    night.room.advance(2)
    return next((one.error for one in night.b.forms if one.key == SIGN_OUT), "")


def here(night: Night) -> bool:
    """Say whether Helen is signed in."""
    return any(one.worker == "helen.marsh" for one in night.priya.shift.shift().workers)


def test_whoever_holds_the_queue_is_asked_before_they_sign_out(night: Night) -> None:
    hold(night)
    assert sign_out(night) == "The queue is held: choose whether you let it go first. You are still signed in."
    assert (held(night), here(night)) == (True, True)
    assert "nobody else here is a manager" in night.b.forms[0].intro
    sign_out(night, queue="free")
    assert (held(night), here(night)) == (False, False)


def test_it_stays_held_where_they_say_so(night: Night) -> None:
    hold(night)
    sign_out(night, queue="held")
    assert (held(night), here(night)) == (True, False)


def test_with_another_manager_here_only_whoever_held_it_is_asked(night: Night) -> None:
    asha = night.room.console(ASHA, "1009")
    asha.night.queue.turn(lambda _: None)
    assert held(night)
    assert sign_out(night) == ""
    assert not here(night)


def test_where_no_manager_is_left_a_worker_lets_it_go_by_a_second_press(night: Night) -> None:
    hold(night)
    worker = night.tom.night.queue
    with pytest.raises(Refused, match="Helen Marsh"):
        worker.turn(_OUT.append)
    night.helen.shift.sign_out()
    night.room.advance(2)
    with pytest.raises(Refused, match="once more"):
        worker.turn(_OUT.append)
    assert held(night)
    worker.turn(_OUT.append)
    assert not held(night)
    state = night.priya.night.queue.now()
    assert (state.by, state.reason) == ("tom.adeyemi", "no manager was signed in")
    with pytest.raises(Refused, match="Only a manager holds"):
        worker.turn(_OUT.append)
    assert not held(night)


def test_the_second_press_is_about_the_same_hold(night: Night) -> None:
    hold(night)
    night.helen.shift.sign_out()
    night.room.advance(2)
    worker = night.tom.night.queue
    with pytest.raises(Refused, match="once more"):
        worker.turn(_OUT.append)
    asha = night.room.console(ASHA, "1009")
    for _ in range(2):  # let go, and held again
        asha.night.queue.turn(lambda _: None)
        night.room.advance(2)
    asha.shift.sign_out()
    night.room.advance(2)
    with pytest.raises(Refused, match="once more"):
        worker.turn(_OUT.append)
    assert held(night)

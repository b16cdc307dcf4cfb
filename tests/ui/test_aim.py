"""At which call a key is aimed: pure, by what was drawn when."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from ui.desktop.screens.handler.aim import HAND, Aim

NOW = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def drawn(*calls: UUID | None) -> Aim:
    """Return an aim before which these stood on the bar, the last since NOW."""
    aim = Aim()
    for call in calls:
        aim.drawn(call, NOW)
    return aim


def test_a_key_is_meant_for_what_stands_on_the_bar() -> None:
    assert drawn().call(NOW) is None
    assert drawn(None, ONE).call(NOW) == ONE
    assert drawn(ONE, ONE).call(NOW) == ONE


def test_a_key_that_comes_as_the_bar_changes_was_meant_for_what_stood_there() -> None:
    assert drawn(ONE, OTHER).call(NOW + HAND / 2) == ONE
    assert drawn(ONE, None).call(NOW + HAND / 2) == ONE
    assert drawn(ONE, OTHER).call(NOW + HAND) == OTHER


def test_drawing_the_same_again_begins_nothing_anew() -> None:
    aim = drawn(ONE, OTHER)
    aim.drawn(OTHER, NOW + HAND / 2)
    assert aim.call(NOW + HAND) == OTHER


def test_what_the_worker_let_go_is_no_surprise() -> None:
    aim = drawn(ONE)
    aim.let_go()
    aim.drawn(OTHER, NOW)
    assert aim.call(NOW) == OTHER

"""Handed over at sign-out: the taker is told what it is, and the board says whose it is now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.record import Kind
from tests.helpers.night_room import PRIYA
from tests.helpers.night_screens import Night
from ui.desktop.screens.board.rows import LiveCallRow
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def hand_over(night: Night) -> None:
    """Let the caller ring off and Priya go home, Tom taking all of it."""
    night.room.ends("c1")
    night.handler.form_opened("sign_out")
    night.handler.form_sent("sign_out", {"taker": "tom.adeyemi"})
    night.room.advance(2)


def card(night: Night) -> LiveCallRow:
    """Return the board's one live row."""
    (row,) = night.b.calls
    return row


def test_the_kind_chosen_after_the_second_worker_came_is_on_the_boards_incident(night: Night) -> None:
    night.fill("type", "suicidal_caller")
    night.room.ends("c1")
    night.room.advance(2)

    assert (card(night).clock_words, card(night).what) == ("call ended", "Suicidal caller")


def test_whoever_took_an_incident_over_leads_it_on_the_board(night: Night) -> None:
    hand_over(night)

    assert card(night).who == "Tom Adeyemi"
    night.room.console(PRIYA, "1001")
    assert card(night).who == "Tom Adeyemi"


def test_swapped_roles_are_on_the_board_with_the_answer(night: Night) -> None:
    night.coordinator.do(Act.SWAP)
    night.room.ends("c1")
    night.room.advance(2)

    assert card(night).who == "Tom Adeyemi with Priya Raman"


def test_a_worker_who_has_gone_is_named_on_the_board_not_shown_by_key(night: Night) -> None:
    night.room.ends("c1")
    gone = night.priya.recorder.entry(
        Kind.SHIFT_SIGNED_OUT, night.priya.shift.stream, {"worker": night.priya.who.worker}
    )
    night.priya.recorder.record(gone)
    night.room.advance(2)

    assert card(night).who == "Priya Raman with Tom Adeyemi"


def test_the_taker_is_told_by_whom_and_what(night: Night) -> None:
    night.fill("type", "suicidal_caller")
    ref = next(one.ref for one in night.priya.folds.contacts())
    assert night.tom.told == []
    hand_over(night)

    assert night.tom.told == [
        "Priya Raman has signed out and handed you 1 live incident, 1 unfinished contact: "
        f"Suicidal caller {ref}.  Ctrl+U opens your records."
    ]
    assert night.helen.told == []


def test_what_was_handed_over_before_a_console_began_is_not_told_again(night: Night) -> None:
    hand_over(night)
    again = night.room.console(night.tom.who, "1002")
    night.room.advance(2)

    assert again.told == []

"""The handler's screen where the telephone is worked by hand, and a program only tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from console.domain.call_log import CallRecord
from console.domain.calls import CallOutcome
from console.domain.missed_calls import MissedCall
from tests.helpers.night_room import START
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.screens.handler.rows import ActButton
from ui.desktop.screens.ring_acts import missed_form
from ui.desktop.shortcuts import Act

NO_MORE = "The end of a call was not heard: Hampshire adults."


@pytest.fixture
def night() -> Iterator[Night]:
    """Return a night in which Priya's telephone is not connected to her console."""
    made = Night()
    made.priya.switchboard.by_word = True
    yield made
    made.room.close()


def words(buttons: tuple[ActButton, ...]) -> dict[Act, str]:
    """Return what stands on each button."""
    return {one.act: one.face.text for one in buttons}


def test_a_key_says_what_was_done_and_no_button_promises_to_do_it(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    assert words(night.h.call.buttons)[Act.ANSWER] == "I have answered"
    assert "Answer on your telephone; F9 only says that you did" in night.h.call.detail
    night.room.answers("c1", "1001")
    assert night.h.call.state == "ON CALL, AS TOLD"
    assert (words(night.h.call.buttons)[Act.HOLD], words(night.h.call.buttons)[Act.END]) == (
        "On hold now", "It has ended"
    )  # fmt: skip
    assert "telephone system" not in night.h.call.detail
    night.room.rings("c2", "01632960123", LINE, "1001")
    assert words(night.h.slot.buttons)[Act.ANSWER] == "I have answered this"


def test_a_call_of_which_no_more_was_told_is_not_said_to_have_rung_off(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.ends("c1", CallOutcome.UNKNOWN)
    assert night.h.call.detail == f"{NO_MORE} Shift+F9 rings 07700 900412."


def test_of_an_answered_call_that_was_never_ended_its_worker_is_told(night: Night) -> None:
    night.answered()
    night.room.ends("c1", CallOutcome.UNKNOWN)
    assert night.h.call.detail == f"{NO_MORE} Shift+F9 rings 07700 900412."
    assert night.tom.desk.state().rang_off is None


def test_among_the_calls_that_reached_nobody_it_is_said_to_be_one_of_which_no_more_was_heard() -> None:
    silent = CallRecord(uuid4(), seen_at=START, ended_at=START, assumed=True, outcome=CallOutcome.UNKNOWN)
    gone = CallRecord(uuid4(), seen_at=START, ended_at=START, assumed=True, outcome=CallOutcome.ABANDONED)
    form = missed_form((MissedCall(silent), MissedCall(gone)), lambda _: "Hampshire adults", START)
    first, second = form.fields()[0].choices
    assert first.label.endswith("; no more was heard of it")
    assert "no more was heard" not in second.label


def test_of_a_call_that_nobody_was_there_for_no_wait_is_said_and_that_it_ended_unseen() -> None:
    gone = START + timedelta(hours=3)
    call = CallRecord(uuid4(), seen_at=START, ended_at=gone, ended_unseen=True, outcome=CallOutcome.UNKNOWN)
    (one,) = missed_form((MissedCall(call),), lambda _: "Hampshire adults", gone).fields()[0].choices
    assert one.label.endswith("Hampshire adults, number not known; ended unseen by 01:14")
    (two,) = missed_form((MissedCall(call, rung_at=gone),), lambda _: "Hampshire adults", gone).fields()[0].choices
    assert two.label.endswith("; ended unseen by 01:14; rung 01:14")


def test_a_connected_telephone_has_the_words_it_always_had(night: Night) -> None:
    night.priya.switchboard.by_word = False
    night.answered()
    assert night.h.call.state == "ON CALL"
    assert words(night.h.call.buttons)[Act.END] == "End call"

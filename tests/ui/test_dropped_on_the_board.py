"""The board of a line that dropped: since when, who is to ring back, who rings now, and what is true after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.domain.call_events import CallEnded
from console.domain.calls import CallOutcome
from console.domain.drops import RingOutcome
from tests.helpers.night_screens import Night
from ui.desktop.screens.board.announcing import announcements
from ui.desktop.screens.board.lists import call_row
from ui.desktop.screens.board.rows import LiveCallRow
from ui.desktop.screens.board.wall import without_names
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.rows import Ground


@pytest.fixture
def night() -> Iterator[Night]:
    """A pair whose caller's line dropped three seconds ago."""
    made = Night()
    made.answered()
    made.paired()
    made.priya.contacts.set_field(made.priya.contact, "type", "suicidal_caller")
    made.room.advance(20)
    made.room.ends("c1", by="caller")
    made.room.advance(3)
    yield made
    made.room.close()


def row(night: Night) -> LiveCallRow:
    """Return the one row of the live calls, as the board has it a second later."""
    (found,) = night.b.calls
    return found


def said(night: Night, outcome: RingOutcome) -> None:
    """Let Tom log what came of ringing back."""
    incident = night.tom.folds.incidents()[0]
    drops = night.coordinator_desk.known.drops
    drop = drops.drop(incident)
    assert drop is not None
    drops.log(incident.id, drop, outcome)
    night.room.settle()


def test_a_drop_stands_on_its_row_with_its_age_and_who_holds_it(night: Night) -> None:
    dropped = row(night)
    assert (dropped.clock, dropped.clock_words) == ("00:04", "LINE DROPPED")
    assert (dropped.what, dropped.who) == ("Suicidal caller", "Priya Raman with Tom Adeyemi")
    assert dropped.who_words == "Ring back by Priya or Tom: not rung yet"
    assert call_row(dropped).ground is Ground.NOTICE
    assert "LINE DROPPED" in call_row(dropped).spoken


def test_a_withheld_number_is_said_instead_of_ringing_back() -> None:
    night = Night()
    night.room.rings("c1", "", "01632960001", "1001")
    night.room.answers("c1", "1001")
    night.paired()
    night.room.ends("c1", by="caller")
    night.room.advance(3)
    assert row(night).who_words == "No number came with the call"
    night.room.close()


def test_who_rings_back_is_said_and_then_what_came_of_it(night: Night) -> None:
    night.coordinator.do(Act.RING_BACK)
    assert row(night).who_words == "Being rung back by Tom since 22:14:54"
    night.room.advance(50)
    assert row(night).who_words == "Rung back by Tom 22:14:54: no word yet"
    said(night, RingOutcome.NO_ANSWER)
    dropped = row(night)
    assert dropped.who_words.startswith("Rung back by Tom 22:15:")
    assert dropped.who_words.endswith(": no answer")
    assert dropped.clock_words == "LINE DROPPED"


def test_after_they_were_reached_the_row_says_what_is_true_now(night: Night) -> None:
    night.coordinator.do(Act.RING_BACK)
    night.rings_out("1002")
    assert row(night).clock_words == "LINE DROPPED", "somebody picked up; that it is them nobody has said"
    said(night, RingOutcome.REACHED)
    again = row(night)
    assert (again.clock_words, again.dropped) == ("reached again", False)
    assert again.who_words.startswith("Pair since ")
    assert again.where == "Hampshire adults", "the line they rang, and not the number that was rung"
    night.room.advance(10)
    assert row(night).clock > again.clock
    # Over by our own hand: no more than that.
    night.room.hears(CallEnded("back", night.room.clock.now(), CallOutcome.ANSWERED, "1002"))
    night.room.advance(2)
    assert (row(night).clock_words, row(night).dropped) == ("call ended", False)


def test_the_line_on_which_they_were_reached_may_drop_as_well(night: Night) -> None:
    night.coordinator.do(Act.RING_BACK)
    night.rings_out("1002")
    said(night, RingOutcome.REACHED)
    night.room.hears(CallEnded("back", night.room.clock.now(), CallOutcome.ANSWERED, "outside"))
    dropped = row(night)
    assert (dropped.clock_words, dropped.who_words) == ("LINE DROPPED", "Ring back by Priya or Tom: not rung yet")


def test_reached_by_a_telephone_that_is_not_ours_is_said_as_well(night: Night) -> None:
    said(night, RingOutcome.REACHED)
    assert (row(night).clock_words, row(night).dropped) == ("reached again", False)


def test_a_call_that_one_of_ours_ended_has_not_dropped_and_its_clock_begins_at_the_end() -> None:
    night = Night()
    night.answered()
    night.paired()
    night.room.advance(60)
    night.room.ends("c1", by="1001")
    night.room.advance(3)
    assert (row(night).clock_words, row(night).clock) == ("call ended", "00:05")
    night.room.close()


def test_the_wall_names_nobody_of_it_and_a_screen_reader_is_told_once(night: Night) -> None:
    board = night.b
    (walled,) = without_names(board).calls
    assert (walled.who, walled.who_words, walled.clock_words) == ("Two workers", "Not reached again", "LINE DROPPED")
    assert not any(name in str(walled) for name in ("Priya", "Tom"))
    before = replace(board, calls=(replace(board.calls[0], dropped=False),))
    (told,) = announcements(before, board)
    assert told.startswith(
        "Line dropped: Suicidal caller, Hampshire adults. Priya Raman with Tom Adeyemi. Ring back by"
    )
    assert announcements(board, board) == ()

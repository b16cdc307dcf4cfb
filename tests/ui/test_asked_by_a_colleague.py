"""Whoever is asked about a caller sees who asks, about which line, and since when the caller waits; nothing opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEvent,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    Transferred,
)
from console.domain.calls import Direction, TransferKind
from console.domain.ids import short_reference
from console.services.call_looks import LookState
from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.night_windows import Windows, focused
from tests.helpers.seated import seat
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.handler.rows import Tone
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act

OTHER = "01632960741"


@pytest.fixture
def night() -> Iterator[Night]:
    """Tom at 1002 has the caller since 22:14:05, Priya at 1001 the screen of a handler."""
    made = Night()
    made.room.rings("c1", NUMBER, LINE, "1002")
    made.room.answers("c1", "1002")
    made.room.advance(20)
    yield made
    made.room.close()


def hears(night: Night | Windows, *events: CallEvent) -> None:
    """Let everybody hear these facts."""
    night.room.hears(*events)


def asks(night: Night, whom: str = "1001") -> None:
    """Let Tom hold the caller and ring a colleague."""
    now = night.room.clock.now()
    hears(night, HoldChanged("c1", now, "1002", True), Alerting("c1", now, f"asked-{whom}", whom))
    night.room.advance(12)


def lifts(night: Night, whom: str = "1001", reason: LegEnd = LegEnd.HUNG_UP) -> None:
    """Let the colleague's telephone ring no more: lifted, if nothing else is said."""
    hears(night, LegEnded("c1", night.room.clock.now(), f"asked-{whom}", whom, reason))


def bar(night: Night) -> tuple[str, str, str, str, str]:
    """Return what the call bar of the colleague says."""
    row = night.h.call
    return row.state, row.line, row.clock, row.number, row.detail


def test_while_it_rings_the_bar_says_who_asks_about_which_line_and_since_when_one_waits(
    night: Night,
) -> None:
    night.tom.contacts.set_field(night.tom.contact, "type", "suicidal_caller")
    asks(night)
    record = short_reference(night.tom.contact)
    assert bar(night) == (
        "COLLEAGUE RINGS", "Hampshire adults", "00:12", "Tom Adeyemi asks you",
        f"Their caller waits since 22:14. Lift the handset to speak to them. Record {record}, suicidal caller.",
    )  # fmt: skip
    row = night.h.call
    assert (row.tone, row.buttons) == (Tone.ALARM, ())
    assert night.h.notes.record == "", "nothing opens"


def test_while_the_two_speak_it_says_that_the_caller_stays_with_whoever_asks(night: Night) -> None:
    asks(night)
    lifts(night)
    night.room.advance(3)
    state, _, clock, number, detail = bar(night)
    assert (state, clock, number) == ("COLLEAGUE ASKS", "00:15", "Tom Adeyemi asks you")
    assert "The caller stays theirs until given over." in detail


def test_nobody_is_looked_up_for_whoever_is_only_asked(night: Night) -> None:
    asks(night)
    asked = night.priya.desk.state().asks
    assert asked is not None
    assert asked.looked.state is LookState.NOT_ASKED
    assert NUMBER[-6:] not in repr(night.h.call), "the number is not theirs to see yet"


@pytest.mark.parametrize("reason", [LegEnd.NO_ANSWER, LegEnd.REJECTED])
def test_whoever_does_not_lift_has_their_bar_back(night: Night, reason: LegEnd) -> None:
    before = bar(night)[0]
    asks(night)
    lifts(night, reason=reason)
    assert bar(night)[0] == before != "COLLEAGUE RINGS"


def test_taken_back_the_bar_is_as_before(night: Night) -> None:
    before = bar(night)[0]
    asks(night)
    lifts(night)
    hears(night, HoldChanged("c1", night.room.clock.now(), "1002", False))
    assert bar(night)[0] == before


def test_given_over_the_caller_has_the_bar_as_any_call(night: Night) -> None:
    asks(night)
    lifts(night)
    now = night.room.clock.now()
    hears(
        night,
        Answered("c1", now, "given", "1001"),
        Transferred("c1", now, TransferKind.ATTENDED, "1002", "1001"),
        LegEnded("c1", now, "c1-1002", "1002", LegEnd.HUNG_UP),
    )
    state, line, _, number, _ = bar(night)
    assert (state, line, number) == ("ON CALL", "Hampshire adults", "07700 900412")
    current = night.priya.desk.state().current
    assert current is not None
    assert current.looked.state is not LookState.NOT_ASKED, "now it is theirs to know who it may be"


def test_with_a_call_of_their_own_it_stands_in_the_slot(night: Night) -> None:
    night.room.rings("c2", OTHER, LINE, "1001")
    night.room.answers("c2", "1001")
    asks(night)
    row = night.h.slot
    assert row.chip is not None
    assert (row.chip.text, row.title) == ("COLLEAGUE RINGS 00:12", "Tom Adeyemi asks you")
    assert row.detail.startswith("Hampshire adults. Their caller waits since 22:14. ")
    assert row.buttons == ()
    night.room.rings("c3", OTHER, LINE)
    row = night.h.slot
    assert row.chip is not None
    assert row.chip.text == "WAITING 00:00", "who waits to be answered goes before"
    assert row.detail.startswith("Hampshire adults. Tom Adeyemi asks you.")


def test_after_a_lost_link_it_says_as_of_when(night: Night) -> None:
    asks(night)
    hears(night, LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    row = night.h.call
    assert (row.tone, row.detail) == (Tone.OLD, "As last heard 22:14:25; the telephones do not answer.")


def test_about_somebody_whom_we_rang_no_number_is_shown(night: Night) -> None:
    now = night.room.clock.now()
    hears(
        night,
        CallBegan("out", now, Direction.OUTBOUND, f"9{OTHER}", placed_by="1002"),
        Answered("out", now, "out-far", "outside"),
        HoldChanged("out", now, "1002", True),
        Alerting("out", now, "asked", "1001"),
    )
    state, line, _, number, detail = bar(night)
    assert (state, line, number) == ("COLLEAGUE RINGS", "Call out", "Tom Adeyemi asks you")
    assert detail == "Whom they rang waits since 22:14. Lift the handset to speak to them."


def test_the_second_workers_screen_says_it_in_its_top_row() -> None:
    night = Night()
    night.answered()
    now = night.room.clock.now()
    hears(night, HoldChanged("c1", now, "1001", True), Alerting("c1", now, "asked", "1002"))
    night.room.advance(12)
    words = "Priya Raman asks you: Hampshire adults, caller waits 00:12"
    assert words in [item.text for item in night.c.status.health]
    hears(night, LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    assert "Priya Raman asks you: Hampshire adults, as of 22:14" in [item.text for item in night.c.status.health]
    hears(night, HoldChanged("c1", night.room.clock.now(), "1001", False))
    assert not [item.text for item in night.c.status.health if "asks you" in item.text]
    night.room.close()


def test_a_caller_given_over_without_asking_rings_with_who_gave_them_and_no_record_opens_yet(night: Night) -> None:
    now = night.room.clock.now()
    hears(
        night,
        Transferred("c1", now, TransferKind.BLIND, "1002", "1001"),
        LegEnded("c1", now, "c1-1002", "1002", LegEnd.HUNG_UP),
        Alerting("c1", now, "given", "1001"),
    )
    row = night.h.call
    assert (row.state, row.detail.partition(". ")[0]) == ("RINGING", "Given over at 22:14 by Tom Adeyemi, 1002")
    assert night.priya.contacts.unfinished() == ()
    hears(night, Answered("c1", night.room.clock.now(), "given", "1001"))
    assert len(night.priya.contacts.unfinished()) == 1


def test_the_board_and_every_count_know_that_whoever_answers_a_colleague_is_not_free(night: Night) -> None:
    asks(night)

    def staff() -> tuple[str, str]:
        (row,) = (one for one in night.b.staff if one.name == "Priya Raman")
        return row.state, row.since

    assert staff() == ("Asked by Tom", "00:13")
    assert night.b.capacity.free == 1, "a telephone that only rings can be lifted"
    lifts(night)
    assert (night.b.capacity.free, night.helen.board.now().night.guard.free) == (0, 0)
    night.board.do(Act.WALL)
    assert [one.state for one in night.b.staff if "Asked" in one.state] == ["Asked"], "a wall names nobody"


def test_a_manager_at_the_board_reads_it_in_the_top_row_and_a_wall_does_not() -> None:
    night = Night()
    manager = night.room.console(GRACE, "1004")
    desk, _ = seat(night.room, manager)
    acts, drawn = BoardDesk(desk), list[BoardRows]()
    acts.show_on(drawn.append)
    night.answered()
    now = night.room.clock.now()
    hears(night, HoldChanged("c1", now, "1001", True), Alerting("c1", now, "asked", "1004"))
    night.room.advance(12)
    words = "Priya Raman asks you: Hampshire adults, caller waits 00:12"
    assert words in [item.text for item in drawn[-1].status.health]
    acts.do(Act.WALL)
    night.room.advance(1)
    assert not [item.text for item in drawn[-1].status.health if "Priya" in item.text]
    night.room.close()


@pytest.mark.usefixtures("qtbot")
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_at_a_real_window_nothing_moves_and_no_button_can_take_the_focus() -> None:
    windows = Windows()
    priya = windows.priya
    priya.window.activateWindow()
    view = priya.view
    assert isinstance(view, HandlerView)
    windows.room.rings("c1", NUMBER, LINE, "1002")
    windows.room.answers("c1", "1002")
    priya.settle()
    places = [(one.pos(), one.size()) for one in (view.call, view.slot, view.who, view.notes)]
    had = focused()
    now = windows.room.clock.now()
    hears(windows, HoldChanged("c1", now, "1002", True), Alerting("c1", now, "asked", "1001"))
    priya.settle()
    QApplication.processEvents()
    assert "Tom Adeyemi asks you" in [view.call._number.text()]  # noqa: SLF001  what is drawn
    assert [(one.pos(), one.size()) for one in (view.call, view.slot, view.who, view.notes)] == places
    assert focused() is had
    assert not view.panels.any_open
    assert all(one.focusPolicy() is Qt.FocusPolicy.NoFocus for one in view.call.buttons._buttons)  # noqa: SLF001
    windows.end()

"""Handed over at sign-out: the taker is told what it is, and the board says whose it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.record import Kind
from console.domain.shifts import WorkerState
from console.ports.switchboard import Act as PhoneAct
from tests.helpers.night_room import PRIYA
from tests.helpers.night_screens import Night
from tests.helpers.seated import seat
from ui.desktop.screens.board.rows import LiveCallRow
from ui.desktop.screens.coordinator.rows import HEAD_ACTS
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.faces import StatusRow
from ui.desktop.window import ConsoleWindow


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


def test_the_takers_panes_offer_only_what_one_person_can_do(night: Night) -> None:
    hand_over(night)
    rows = night.c
    assert rows.head is not None
    assert rows.head.acts == {Act.GO_TO_CALL, Act.MANAGER, Act.STAND_DOWN}
    assert (rows.head.partner, rows.head.own, rows.note_title) == ("", True, "The note")
    assert rows.head.below.startswith("Nobody is with you. The call ended ")
    assert rows.signals_words == "nobody is with you"

    assert not night.coordinator.message("Police 6 min")
    assert "Nobody is with you" in night.c.notice
    night.coordinator.do(Act.ASK_LOCATION)
    night.coordinator.do(Act.LISTEN)
    assert night.c.notice == "There is no call to listen to."
    assert PhoneAct.LISTEN not in [one.act for one in night.tom.switchboard.asked]
    incident = night.coordinator.screen.incident()
    assert incident is not None
    assert all(one.by != "tom.adeyemi" for one in night.tom.folds.signals_of_incident(incident).signals)


def test_with_somebody_there_and_a_call_everything_is_offered_and_no_listening_after_it(night: Night) -> None:
    head = night.c.head
    assert head is not None
    assert (head.acts, head.own) == (HEAD_ACTS, False)
    night.room.ends("c1")
    head = night.c.head
    assert head is not None
    assert head.acts == HEAD_ACTS - {Act.LISTEN}


def test_the_taker_comes_to_the_record_with_the_key_to_the_call_and_to_the_list(night: Night) -> None:
    night.coordinator.do(Act.GO_TO_CALL)
    hand_over(night)
    record = str(night.tom.folds.contacts()[0].id)
    night.coordinator.do(Act.GO_TO_CALL)
    night.coordinator.do(Act.UNFINISHED)
    assert night.beside.asked == [("go_to", "handler"), ("open_record", record), ("open_unfinished",)]

    night.board.do(Act.UNFINISHED)
    night.handler.do(Act.GO_TO_CALL)
    assert night.window.asked[-1] == ("leave_call",)


def test_by_keys_from_the_panes_to_ones_own_records_and_back(night: Night, qtbot: QtBot, qapp: QApplication) -> None:
    hand_over(night)
    desk, _ = seat(night.room, night.tom)
    theme = choose(dark=False, high_contrast=False)
    apply(qapp, theme)
    window = ConsoleWindow(theme)
    qtbot.addWidget(window)
    window.seat(replace(desk, window=window), Screen.COORDINATOR)
    window.show()
    panes, record = window.view(Screen.COORDINATOR), window.view(Screen.HANDLER)
    assert isinstance(panes, CoordinatorView)
    assert isinstance(record, HandlerView)
    assert panes.pair.line.isReadOnly()

    press(panes, Act.UNFINISHED)
    assert (window.screen_shown.value, record.panels.any_open) == ("handler", True)
    press(record, Act.GO_TO_CALL)
    assert window.screen_shown.value == "coordinator"
    press(panes, Act.GO_TO_CALL)
    night.room.settle()
    qapp.processEvents()
    assert window.screen_shown.value == "handler"
    acts = window.acts(Screen.HANDLER)
    assert isinstance(acts, HandlerDesk)
    assert acts.screen.contact_id == night.tom.folds.contacts()[0].id
    assert not record.panels.any_open
    window.end()


def press(view: CoordinatorView | HandlerView, act: Act) -> None:
    """Fire the shortcut of ``act``."""
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


def card(night: Night) -> LiveCallRow:
    """Return the board's one live row."""
    (row,) = night.b.calls
    return row


def test_the_kind_chosen_after_the_second_worker_came_is_on_the_boards_incident(night: Night) -> None:
    night.fill("type", "suicidal_caller")
    night.room.ends("c1")
    night.room.advance(2)

    assert (card(night).clock_words, card(night).what) == ("LINE DROPPED", "Suicidal caller")


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


def test_swapped_roles_are_said_in_the_headers_of_both(night: Night) -> None:
    night.coordinator.do(Act.SWAP)
    night.room.advance(2)

    assert words(night.c.status) == "Tom Adeyemi, leading with Priya Raman"
    assert words(night.h.status).startswith("Priya Raman, second worker with Tom Adeyemi, leading since 22:")
    assert "Leads, paired" in str(night.b.staff)
    assert "1 colleague free" not in str(night.h.slot)


def test_a_lead_whose_own_call_has_ended_is_no_more_free_than_before(night: Night) -> None:
    night.room.ends("c1", by="caller")
    night.room.advance(130)
    me = night.priya.shift.me()
    assert me is not None
    assert me.state is WorkerState.AVAILABLE, "wrap-up is over by itself"
    night.room.rings("c2", "01632960741", "01632960004", "1001")
    board = night.b
    state = night.helen.board.last
    assert state is not None
    assert (state.capacity.free, state.capacity.paired, state.night.guard.free) == (0, 2, 0)
    assert state.night.guard.nobody_for_next
    assert [row.state for row in board.staff if row.name == "Priya Raman"] == ["Leads, paired"]
    assert "nobody free" in str(night.c.status)
    assert night.priya.night.seats.summons_for_me() == ()


def test_somebody_alone_in_an_incident_after_their_call_says_so_in_their_header(night: Night) -> None:
    night.coordinator.do(Act.HAND_BACK)
    night.room.ends("c1", by="caller")
    night.room.advance(130)
    bar = night.h.call
    assert (bar.state, bar.detail) == (
        "IN AN INCIDENT",
        "Calls ring here; while your incident stands you do not count as free.",
    )
    assert words(night.h.status) == "Priya Raman, in an incident, no call"
    assert [row.state for row in night.b.staff if row.name == "Priya Raman"] == ["Leads, alone"]
    assert "1 colleague free" in str(night.h.slot)
    assert "1 free" in night.b.capacity.title, "Tom, who has gone back to his desk"


def words(status: StatusRow) -> str:
    """Return who sits there, as the header says it."""
    return "".join(" " * (span.gap > 0) + span.text for span in status.who).strip()

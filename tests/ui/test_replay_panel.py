"""The replay on the duty manager's board, over real services and a real window, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.call_events import CallBegan, HoldChanged
from console.domain.calls import Direction
from console.domain.drops import RingOutcome
from console.domain.hooks import HookEnd, HookSort
from console.services.hooks import HookDraft
from tests.helpers.night_screens import Night
from ui.desktop.dialogs.replay_panel import MARK, ReplayPanel
from ui.desktop.screens.board.replay_presenter import FIRST_WHY, NOT_YOURS, ReplayPresenter
from ui.desktop.screens.board.replay_rows import ReplayRow
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.board.wall import without_names
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.rows import Row


@pytest.fixture
def night() -> Iterator[Night]:
    """A note before the second worker came, a signal, and a note afterwards."""
    made = Night()
    made.knows("Marcus", date(1992, 3, 4))
    made.answered()
    made.write(uuid4(), "in the car by the reservoir")
    made.room.advance(20)
    made.paired()
    made.handler.do(Act.GET_AMBULANCE)
    made.room.advance(90)
    made.write(uuid4(), "slurred now")
    made.room.advance(5)
    incident = made.coordinator_desk.folds.incidents()[0].id
    promise = HookDraft(HookSort.PROMISE, "Nobody tells his wife tonight", "Marcus")
    made.coordinator_desk.known.hooks.add(incident, promise)
    made.coordinator.message("Police 6 min")
    made.room.advance(5)
    (kept,) = made.coordinator_desk.folds.incidents()[0].hooks
    made.coordinator_desk.known.hooks.end(incident, kept, HookEnd.KEPT)
    made.room.advance(5)
    yield made
    made.room.close()


@pytest.fixture
def board(qtbot: QtBot, qapp: QApplication, night: Night) -> BoardView:
    made = BoardView(apply(qapp, choose(dark=False, high_contrast=False)), night.board)
    night.board.show_on(made.show_rows)
    qtbot.addWidget(made)
    made.resize(1280, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def press(keys: str, *, times: int = 1) -> None:
    """Press keys where the focus is."""
    for _ in range(times):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keySequence(focused, keys)


def panel(board: BoardView) -> ReplayPanel:
    return board.panels.replay


def spoken(rows: tuple[Row, ...]) -> str:
    return "\n".join(row.spoken for row in rows)


def looks(night: Night) -> list[str]:
    return [one.action for one in night.room.store._ledger.looks]


def open_it(board: BoardView) -> ReplayPanel:
    """Open the newest incident as a manager does."""
    press(key_of(Act.REPLAY))
    focused = QApplication.focusWidget()
    assert focused is panel(board).why
    QTest.keyClicks(focused, "debrief")
    press("Down")
    press("Return")
    assert panel(board).scrubber.hasFocus()
    return panel(board)


def test_a_manager_opens_scrubs_and_changes_the_worker_by_keys(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    assert looks(night)[-1] == "replayed"
    assert MARK in shown.mark.text()
    first = board._rows
    assert first is not None
    began = first.replay.when
    assert "in the car" not in spoken(shown.told.rows)
    press("End")
    assert "slurred now" in spoken(shown.told.rows)
    assert "Get ambulance" in spoken(shown.asked_list.rows)
    press("PgUp")
    assert "slurred now" not in spoken(shown.told.rows)
    assert "in the car by the reservoir" in spoken(shown.told.rows)
    press("Home")
    rows = board._rows
    assert rows is not None
    assert rows.replay.when == began
    press("Right")
    press("Left")
    assert board._rows is not None
    assert board._rows.replay.when == began
    press("End")
    press("Down")
    assert "as Tom Adeyemi could see it" in shown.title.text()
    assert "slurred now" in spoken(shown.told.rows)
    press("Up")
    assert "as Priya Raman could see it" in shown.title.text()


def test_the_call_is_among_the_moments_and_each_says_what_was_shared(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    happened = []
    for _ in range(30):
        assert board._rows is not None
        happened.append(board._rows.replay.happened)
        press("Right")
    steps = list(dict.fromkeys(happened))
    assert any("Call began" in words for words in steps)
    wanted = ("Call rings", "Call answered", "Second worker asked for")
    places = [next(at for at, words in enumerate(steps) if one in words) for one in wanted]
    assert places == sorted(places), steps
    press("Home")
    assert "Call: answered" not in spoken(shown.told.rows)
    press("End")
    assert "Call: comes in on 01632 960001" in spoken(shown.told.rows)
    assert "Call: answered by Priya Raman (1001)" in spoken(shown.told.rows)
    assert "the telephones" in spoken(shown.told.rows)


def test_a_hold_a_drop_and_the_call_by_which_they_were_reached_again_are_all_on_the_timeline(
    board: BoardView, night: Night
) -> None:
    tom, clock = night.coordinator_desk, night.room.clock
    for held in (True, False):
        night.room.hears(HoldChanged("c1", clock.now(), "1001", held))
        night.room.advance(3)
    night.room.ends("c1")
    night.room.advance(4)
    incident = tom.folds.incidents()[0]
    drop = tom.known.drops.drop(incident)
    assert drop is not None
    night.room.hears(CallBegan("out", clock.now(), Direction.OUTBOUND, "907700900412", placed_by="1001"))
    night.room.answers("out", "outside")
    night.room.advance(1)
    tom.known.drops.log(incident.id, drop, RingOutcome.REACHED)
    night.room.advance(5)
    night.room.ends("out", by="1001")
    night.room.advance(5)
    shown = open_it(board)
    press("End")
    told = spoken(shown.told.rows)
    lines = (
        "Call: put on hold by Priya Raman (1001)",
        "Call: taken back by Priya Raman (1001)",
        "Call: THE LINE DROPPED: nobody of ours ended the call",
        "Call: we ring 07700 900412",
        "Call: answered by whom we rang",
        "Ring back: reached",
        "Call: ended by Priya Raman (1001)",
    )
    assert [line for line in lines if line not in told] == []
    assert [told.index(line) for line in lines] == sorted(told.index(line) for line in lines)


def test_what_was_promised_and_said_between_the_two_stands_as_it_stood(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    press("End")
    assert "Promised to Marcus: Nobody tells his wife tonight" in spoken(shown.known.rows)
    assert "Kept, or done" in spoken(shown.known.rows)
    assert "Police 6 min" in spoken(shown.asked_list.rows)
    press("Left")
    assert "Kept, or done" not in spoken(shown.known.rows)
    press("Home")
    assert "Nobody tells" not in spoken(shown.known.rows)


def test_before_the_second_worker_joined_the_words_had_not_reached_them(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    press("Down")
    without = 0
    while "in the car" not in spoken(shown.told.rows):
        without += "without their words reaching this worker" in spoken(shown.told.rows)
        before = shown.scrubber.accessibleDescription()
        press("Right")
        assert shown.scrubber.accessibleDescription() != before, "never reached"
    assert without > 0


def test_without_a_reason_nothing_is_opened(board: BoardView, night: Night) -> None:
    press(key_of(Act.REPLAY))
    press("Down")
    press("Return")
    assert panel(board).note.text() == FIRST_WHY
    assert "replayed" not in looks(night)


def test_closing_forgets_what_was_read(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    press("End")
    press("Esc")
    assert not shown.isVisible()
    assert board._rows is not None
    assert board._rows.replay == ReplayRow()
    assert shown.told.rows == ()
    press(key_of(Act.REPLAY))
    assert not shown.is_seeing
    assert shown.why.clean() == ""


def test_the_wall_shows_nothing_of_a_replay(board: BoardView, night: Night) -> None:
    open_it(board)
    press("End")
    assert board._rows is not None
    assert board._rows.replay.open
    assert without_names(board._rows).replay == ReplayRow()


def test_who_may_not_is_told_so_and_reads_no_list(night: Night) -> None:
    presenter = ReplayPresenter(night.handler_desk, lambda: None)
    presenter.act("", "list")
    assert presenter.row == ReplayRow(note=NOT_YOURS)


def test_with_the_record_away_it_is_said_and_nothing_opens(board: BoardView, night: Night) -> None:
    with night.room.record_away():
        press(key_of(Act.REPLAY))
        night.room.settle()
        assert "taken away" in panel(board).note.text()
        assert panel(board).incidents.rows == ()


def test_every_list_has_a_name_and_the_board_stays_small_enough(board: BoardView, night: Night) -> None:
    shown = open_it(board)
    for view in (shown.workers, shown.known, shown.told, shown.asked_list):
        assert view.accessibleName()
    smallest = board.minimumSizeHint()
    assert smallest.width() <= 1280
    assert smallest.height() <= 640

"""Half-filled panels on the screens: said, kept, found again, discarded only on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.night_room import GRACE, START
from tests.helpers.night_screens import Night
from ui.desktop.dialogs.form_panel import TWICE_MS, FormPanel
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.kept_half import KeptHalf
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import apply, choose

View = HandlerView | CoordinatorView


@pytest.fixture
def night(request: pytest.FixtureRequest) -> Iterator[Night]:
    """Begin at the usual time, or at the one a test names."""
    made = Night(getattr(request, "param", START))
    yield made
    made.room.close()


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[View], None]:
    def show(view: View) -> None:
        qtbot.addWidget(view)
        view.resize(1366, 690)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is view)

    return show


@pytest.fixture
def handler(qapp: QApplication, night: Night, shown: Callable[[View], None]) -> HandlerView:
    half = KeptHalf(night.handler_desk.half_filled, Screen.HANDLER)
    made = HandlerView(apply(qapp, choose(dark=False, high_contrast=False)), night.handler, half)

    def show(rows: HandlerRows) -> None:
        night._h.append(rows)
        made.show_rows(rows)

    night.handler.show_on(show)
    shown(made)
    return made


@pytest.fixture
def coordinator(qapp: QApplication, night: Night, shown: Callable[[View], None]) -> CoordinatorView:
    half = KeptHalf(night.coordinator_desk.half_filled, Screen.COORDINATOR)
    made = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), night.coordinator, half)

    def show(rows: CoordinatorRows) -> None:
        night._c.append(rows)
        made.show_rows(rows)

    night.coordinator.show_on(show)
    shown(made)
    return made


def settle(night: Night) -> None:
    """Let everything come back, and draw."""
    night.room.advance(2)
    night.handler.draw()
    night.coordinator.draw()


def panel(view: View) -> FormPanel:
    """Return the form that is open; it can be seen."""
    return next(one for one in view.findChildren(FormPanel) if one.isVisible())


def box(view: View, key: str) -> FieldBox:
    return next(one for one in panel(view).findChildren(FieldBox) if one.row.key == key and one.isVisible())


def type_in(view: View, key: str, text: str) -> None:
    control = box(view, key).control
    control.setFocus()
    QTest.keyClicks(control, text)


def press(view: View, act: Act) -> None:
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


def escape() -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, Qt.Key.Key_Escape)


def asks(night: Night, view: HandlerView, words: str) -> None:
    """Let the handler half fill the panel that asks for help, and leave it."""
    view.panels.open_form("ask_help", "Ask for help")
    type_in(view, "words", words)
    escape()
    settle(night)


def row(night: Night, words: str) -> str:
    """Return the key of the row of the unfinished list that says ``words``."""
    return next(one.key for one in night.h.unfinished.rows if words in one.spoken)


def test_a_panel_says_how_far_it_is_kept_from_the_first_key(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    handler.panels.open_form("ask_help", "Ask for help")
    assert panel(handler).state == ""
    type_in(handler, "words", "he fell")
    night.handler.draw()
    assert panel(handler).state == "Half-filled, not kept yet"
    settle(night)
    assert panel(handler).state == "Half-filled, kept on this computer, 22:14"
    QTest.keyClick(box(handler, "words").control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box(handler, "words").control, Qt.Key.Key_Delete)
    settle(night)
    assert panel(handler).state == ""
    assert night.handler_desk.half_filled.all() == ()


@pytest.mark.parametrize("night", [datetime(2026, 12, 1, 23, 58, 30, tzinfo=UTC)], indirect=True)
def test_it_is_said_of_another_day_with_its_weekday(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    asks(night, handler, "he fell")
    night.room.advance(90)
    handler.panels.open_form("ask_help", "Ask for help")
    assert panel(handler).state == "Half-filled, kept on this computer, Tue 23:58"


def test_one_press_discards_nothing_and_two_discard_it(qtbot: QtBot, night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    asks(night, handler, "he fell")
    handler.panels.open_form("ask_help", "Ask for help")
    discard = panel(handler)._discard
    discard.setFocus()
    QTest.keyClick(discard, Qt.Key.Key_Space)
    assert discard.face.text == "Again to discard"
    qtbot.waitUntil(lambda: discard.face.text == "Discard", timeout=TWICE_MS * 5)
    assert len(night.handler_desk.half_filled.all()) == 1
    for _ in range(2):
        QTest.keyClick(discard, Qt.Key.Key_Space)
    settle(night)
    assert night.handler_desk.half_filled.all() == ()
    handler.panels.open_form("ask_help", "Ask for help")
    assert box(handler, "words").value() == ""


def test_the_list_leads_to_the_record_and_the_panel(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    asks(night, handler, "he fell, head wound")
    record = night.priya.contact
    night.handler.screen.show(night.priya.contacts.open(channel="other"))
    settle(night)
    night.handler.open_unfinished(row(night, "Half-filled: Ask for help"))
    assert night.handler.screen.contact_id == record
    assert night.window.asked[-1] == ("open_panel", "handler", "ask_help", "Ask for help", "")


def test_what_was_half_filled_about_work_that_is_over_can_be_read_and_discarded(
    night: Night, handler: HandlerView
) -> None:
    night.answered()
    night.paired()
    settle(night)
    handler.panels.open_form("risk_now", "Risk now")
    type_in(handler, "words", "knife in the kitchen")
    escape()
    incident = night.priya.folds.incidents()[-1].id
    night.tom.incidents.stand_down(incident, "it is over")
    settle(night)
    night.handler.open_unfinished(row(night, "Half-filled: Risk now"))
    assert night.window.asked[-1] == ("open_panel", "handler", "left_over", "Half filled", "")
    handler.panels.open_form("left_over", "Half filled")
    said = [one.row.value for one in panel(handler).findChildren(FieldBox)]
    assert "knife in the kitchen" in said
    escape()
    assert len(night.handler_desk.half_filled.all()) == 1
    handler.panels.open_form("left_over", "Half filled")
    panel(handler).send()
    settle(night)
    assert night.handler_desk.half_filled.all() == ()


def test_the_second_workers_panel_waits_for_its_own_incident(night: Night, coordinator: CoordinatorView) -> None:
    night.answered()
    night.paired()
    settle(night)
    coordinator.panels.open_form("fact", "State a fact", "means")
    type_in(coordinator, "text", "rope")
    escape()
    settle(night)
    (words,) = night.coordinator_desk.half_filled.all()
    assert (words.panel, words.screen) == ("fact", "coordinator")
    assert UUID(words.subject.split(" ")[0]) == night.tom.folds.incidents()[-1].id


@pytest.mark.parametrize("act", [Act.NOTE, Act.MESSAGE, Act.PANE_2])
def test_going_elsewhere_on_the_second_workers_screen_throws_nothing_away(
    night: Night, coordinator: CoordinatorView, act: Act
) -> None:
    night.answered()
    night.paired()
    settle(night)
    coordinator.panels.open_form("ask_help", "Ask for help")
    type_in(coordinator, "words", "two hurt, not one")
    press(coordinator, act)
    settle(night)
    coordinator.panels.open_form("ask_help", "Ask for help")
    assert box(coordinator, "words").value() == "two hurt, not one"


def test_a_panel_of_the_second_worker_is_seen_without_a_pair_and_stays_when_one_comes_and_goes(
    night: Night, coordinator: CoordinatorView
) -> None:
    settle(night)
    press(coordinator, Act.ASK_HELP)
    type_in(coordinator, "words", "a man at the ")
    night.answered()
    night.paired()
    settle(night)
    assert box(coordinator, "words").control.hasFocus()
    QTest.keyClicks(box(coordinator, "words").control, "weir")
    night.tom.pair.leave(night.tom.folds.incidents()[-1].id, lambda _: None)
    settle(night)
    assert box(coordinator, "words").control.hasFocus()
    assert box(coordinator, "words").value() == "a man at the weir"
    escape()
    settle(night)
    assert not any(one.isVisible() for one in coordinator.findChildren(FormPanel))
    assert all(one.isVisible() for one in coordinator.desk.views)


def test_a_line_begun_says_so_and_goes_when_it_is_sent(night: Night, handler: HandlerView) -> None:
    night.answered()
    night.paired()
    settle(night)
    line = handler.help.message
    line.setFocus()
    QTest.keyClicks(line, "which flat?")
    settle(night)
    assert night.h.help.message_kept == "Not sent, kept here 22:14"
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle(night)
    assert (night.h.help.message_kept, line.text()) == ("", "")
    assert night.handler_desk.half_filled.all() == ()


def test_signing_out_says_what_stays_half_filled_and_a_refusal_keeps_who_was_chosen(
    night: Night, handler: HandlerView
) -> None:
    night.room.console(GRACE, "1004")
    night.answered()
    settle(night)
    asks(night, handler, "he fell")
    handler.panels.open_form("sign_out", "Sign out")
    settle(night)
    assert "1 half-filled panel stays on this computer for you." in panel(handler).form.intro
    night.handler.form_sent("sign_out", {"taker": "nobody.here"})
    settle(night)
    assert night.priya.shift.me() is not None
    assert [one.panel for one in night.handler_desk.half_filled.all()] == ["ask_help"]

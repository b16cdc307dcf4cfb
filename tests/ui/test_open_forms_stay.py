"""What a worker chose or typed in an open form stays until they change it, and is never sent for something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.contacts import How
from console.domain.help_kinds import HelpState
from console.domain.people import Rank
from console.domain.text import NOTE_CAP
from console.services.contact_people import chosen_candidate
from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import Night
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.fields import PAUSE_MS, STEADY_MS, FieldBox
from ui.desktop.forms.kept_half import KeptHalf
from ui.desktop.forms.long_fields import LongField
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.fields import LineField

View = HandlerView | CoordinatorView


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Callable[[View], None]:
    def show(view: View) -> None:
        qtbot.addWidget(view)
        view.resize(1366, 690)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is view)

    return show


def look(qapp: QApplication) -> Look:
    return apply(qapp, choose(dark=False, high_contrast=False))


@pytest.fixture
def handler(qapp: QApplication, night: Night, shown: Callable[[View], None]) -> HandlerView:
    made = HandlerView(look(qapp), night.handler, KeptHalf(night.handler_desk.half_filled, Screen.HANDLER))

    def show(rows: HandlerRows) -> None:
        night._h.append(rows)
        made.show_rows(rows)

    night.handler.show_on(show)
    shown(made)
    return made


@pytest.fixture
def coordinator(qapp: QApplication, night: Night, shown: Callable[[View], None]) -> CoordinatorView:
    half = KeptHalf(night.coordinator_desk.half_filled, Screen.COORDINATOR)
    made = CoordinatorView(look(qapp), night.coordinator, half)

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
    """Return the form that is open."""
    return next(one for one in view.findChildren(FormPanel) if one.isVisible())


def box(view: View, key: str) -> FieldBox:
    """Return the field ``key`` of the form that is open."""
    return next(one for one in panel(view).findChildren(FieldBox) if one.row.key == key and one.isVisible())


def pick(view: View, key: str, value: str) -> None:
    """Choose ``value`` as a click in the list does."""
    control = box(view, key).control
    assert isinstance(control, ChoiceBox)
    at = [one.key for one in box(view, key).row.choices].index(value)
    control.setFocus()
    control.setCurrentIndex(at)
    control.activated.emit(at)


def type_in(view: View, key: str, text: str) -> None:
    """Type into the field ``key``."""
    control = box(view, key).control
    control.setFocus()
    QTest.keyClicks(control, text)


def escape() -> None:
    """Press Esc where the focus is."""
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, Qt.Key.Key_Escape)


def value(view: View, key: str) -> str:
    """Return what is written in ``key``."""
    return box(view, key).value()


def asked(night: Night, *kinds: str) -> list[UUID]:
    """Let the handler draft one request of each kind."""
    for kind in kinds:
        night.handler.form_opened("ask_help")
        night.handler.form_sent("ask_help", {"kind": kind, "words": kind})
        settle(night)
    return [one.id for one in night.priya.folds.helps()]


# --- what is chosen stays ------------------------------------------------------------------------


def test_news_goes_to_the_request_that_was_chosen_whatever_a_colleague_does(night: Night, handler: HandlerView) -> None:
    night.answered()
    night.paired()
    ambulance, fire = asked(night, "ambulance", "fire")
    handler.panels.open_form("log_news", "Log news")
    assert value(handler, "request") == ""
    pick(handler, "request", str(fire))
    pick(handler, "state", "cancelled")
    type_in(handler, "text", "the neighbour put it out")
    night.tom.helps.send(fire)
    settle(night)
    assert (value(handler, "request"), value(handler, "state")) == (str(fire), "cancelled")
    panel(handler).send()
    settle(night)

    states = {one.id: one.state for one in night.priya.folds.helps()}
    assert states == {ambulance: HelpState.DRAFTED, fire: HelpState.CANCELLED}


def test_a_risk_that_was_chosen_stays_beside_the_words_typed_for_it(night: Night, handler: HandlerView) -> None:
    night.answered()
    night.paired()
    incident = night.priya.folds.incidents()[-1]
    handler.panels.open_form("risk_now", "Risk now")
    # As it stands already: chosen all the same.
    pick(handler, "rank", Rank.NOW.value)
    night.tom.incidents.risk(incident.id, Rank.SHIFT, "calm now")
    settle(night)
    assert value(handler, "rank") == Rank.NOW.value
    type_in(handler, "words", "knife")
    night.tom.incidents.risk(incident.id, Rank.HOUR, "calm")
    settle(night)
    panel(handler).send()
    settle(night)

    now = night.priya.folds.incident(incident.id)
    assert now is not None
    assert now.risk is Rank.NOW
    assert now.risk_words.endswith("knife")


def test_the_taker_of_my_work_stays_chosen_when_others_come_and_says_so_when_gone(
    night: Night, handler: HandlerView
) -> None:
    night.answered()
    settle(night)
    handler.panels.open_form("sign_out", "Sign out")
    pick(handler, "taker", "tom.adeyemi")
    night.room.console(GRACE, "1004")
    settle(night)
    assert value(handler, "taker") == "tom.adeyemi"

    night.tom.shift.sign_out()
    settle(night)
    assert value(handler, "taker") == ""
    assert "no longer there" in box(handler, "taker").row.error
    panel(handler).send()
    settle(night)
    assert night.priya.shift.me() is not None


def test_a_reason_stays_when_the_form_asks_of_fewer_people(night: Night, handler: HandlerView) -> None:
    night.answered()
    night.paired()
    incident = night.priya.folds.incidents()[-1]
    handler.panels.open_form("stand_down", "Stand down")
    type_in(handler, "reason", "He is home and his mother agrees")
    before = [one.key for one in panel(handler).form.fields()]
    night.tom.pair.leave(incident.id, lambda _: None)
    settle(night)

    assert [one.key for one in panel(handler).form.fields()] != before
    assert value(handler, "reason") == "He is home and his mother agrees"
    assert box(handler, "reason").control.hasFocus()


# --- people --------------------------------------------------------------------------------------


def two_known(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    night.answered()
    settle(night)


def tick(view: View, *keys: str) -> None:
    for key in keys:
        QTest.mouseClick(box(view, key).control, Qt.MouseButton.LeftButton)


def test_ticks_made_for_one_person_are_gone_for_the_next(night: Night, handler: HandlerView) -> None:
    two_known(night)
    night.handler.choose_candidate(2)
    settle(night)
    handler.panels.open_form("confirm", "Confirm identity")
    tick(handler, "name", "born")
    escape()
    handler.panels.open_form("wrong_person", "Wrong person")
    type_in(handler, "reason", "it is his sister")
    panel(handler).send()
    settle(night)
    night.handler.choose_candidate(1)
    settle(night)
    handler.panels.open_form("confirm", "Confirm identity")

    assert "Lena" in panel(handler).form.title
    assert (value(handler, "name"), value(handler, "born")) == ("", "")


def test_an_open_form_about_a_person_refuses_when_another_is_on_the_record(night: Night, handler: HandlerView) -> None:
    two_known(night)
    night.paired()
    night.handler.choose_candidate(2)
    settle(night)
    contact = night.priya.contact
    drawn = night.handler.screen.drawn
    assert drawn is not None
    lena = next(one for one in drawn.people if one.given == "Lena")
    marcus = next(one for one in drawn.people if one.given == "Marcus")
    handler.panels.open_form("confirm", "Confirm identity")
    tick(handler, "name", "born")
    night.tom.people.wrong(contact, marcus.person, "it is his sister")
    night.tom.people.choose(contact, chosen_candidate(lena), How.NUMBER)
    settle(night)
    # As pressed before the screen was drawn again, and then on what it shows.
    night.handler.form_sent("confirm", {"name": "yes", "born": "yes"})
    settle(night)
    assert "Marcus" in box(handler, "said").value()
    panel(handler).send()
    settle(night)

    state = night.priya.folds.contact(contact)
    assert state is not None
    assert state.subject is not None
    assert (state.subject.person, state.subject.confirmed_by) == (lena.person, "")
    assert night.window.asked[-1] == ("close_panel",)


# --- a colleague's value is never written over unseen --------------------------------------------


def test_a_fact_corrected_on_an_old_form_stands_beside_the_newer_one(
    night: Night, coordinator: CoordinatorView
) -> None:
    night.answered()
    night.paired()
    incident = night.tom.folds.incidents()[-1].id
    night.tom.incidents.fact(incident, "means", "rope", "caller stated", "Means")
    settle(night)
    coordinator.panels.open_form("fact", "State a fact", "means")
    settle(night)
    night.priya.incidents.fact(incident, "means", "tablets, 30 taken", "heard on the line", "Means")
    settle(night)
    type_in(coordinator, "text", " in the garage")
    pick(coordinator, "source", "caller_stated")
    panel(coordinator).send()
    settle(night)

    state = night.tom.folds.incident(incident)
    assert state is not None
    fact = state.fact("means")
    assert fact is not None
    assert fact.clash
    assert "tablets, 30 taken" in [head.value for head in fact.register.heads]


@pytest.mark.parametrize("goes_on", [False, True], ids=["stops", "types on"])
@pytest.mark.parametrize("field", ["means", "call_back", "summary"])
def test_a_value_that_came_while_i_typed_stands_beside_mine(
    night: Night, handler: HandlerView, field: str, goes_on: bool
) -> None:
    mine, theirs = ("07700900111", "07700900222") if field == "call_back" else ("blue rope", "tablets")
    night.answered()
    night.paired()
    contact = night.priya.contact
    night.fill("type", "suicidal_caller")
    settle(night)
    handler.panels.open_form("record", "Record")
    parts = panel(handler).form.sections
    at = next(at for at, part in enumerate(parts) if any(one.key == field for one in part.fields))
    panel(handler).box.show_section(at)
    type_in(handler, field, mine)
    night.tom.contacts.set_field(contact, field, theirs)
    settle(night)
    if goes_on:
        box(handler, field).tell()
        settle(night)
        QTest.keyClicks(box(handler, field).control, "1")
    box(handler, field).tell()
    settle(night)

    for console in (night.priya, night.tom):
        state = console.folds.contact(contact)
        assert state is not None
        assert {head.value for head in state.fields[field].heads} == {theirs, f"{mine}1" if goes_on else mine}
    assert box(handler, field).row.clash.startswith("Two values stand: ")
    assert theirs in box(handler, field).row.clash


def test_typing_on_over_my_own_words_makes_no_clash(night: Night, handler: HandlerView) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    settle(night)
    handler.panels.open_form("record", "Record")
    parts = panel(handler).form.sections
    panel(handler).box.show_section(
        next(at for at, part in enumerate(parts) if any(one.key == "summary" for one in part.fields))
    )
    for words in ("He is", " at the", " bridge"):
        type_in(handler, "summary", words)
        box(handler, "summary").tell()
    settle(night)

    state = night.priya.folds.contact(night.priya.contact)
    assert state is not None
    assert [head.value for head in state.fields["summary"].heads] == ["He is at the bridge"]


# --- nothing typed is lost -----------------------------------------------------------------------


FORMS = [("ask_help", "words"), ("stand_down", "reason"), ("log_news", "text"), ("fact", "text")]


@pytest.mark.parametrize(("form", "field"), FORMS)
def test_esc_keeps_what_was_typed_on_the_coordinators_screen(
    night: Night, coordinator: CoordinatorView, form: str, field: str
) -> None:
    night.answered()
    night.paired()
    settle(night)
    coordinator.panels.open_form(form, "Form")
    type_in(coordinator, field, "words of a minute")
    escape()
    coordinator.panels.open_form("risk_now", "Risk now")
    escape()
    coordinator.panels.open_form(form, "Form")
    assert value(coordinator, field) == "words of a minute"


def test_a_form_that_was_sent_begins_empty(night: Night, coordinator: CoordinatorView) -> None:
    night.answered()
    night.paired()
    settle(night)
    coordinator.panels.open_form("fact", "State a fact", "means")
    type_in(coordinator, "text", "rope")
    coordinator.panels.close()
    coordinator.panels.open_form("fact", "State a fact", "means")
    assert value(coordinator, "text") == ""


def test_a_half_filled_panel_waits_with_its_record(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    first = night.priya.contact
    handler.panels.open_form("ask_help", "Ask for help")
    type_in(handler, "words", "he fell, head wound")
    escape()
    night.handler.screen.show(night.priya.contacts.open(channel="other"))
    settle(night)
    handler.panels.open_form("ask_help", "Ask for help")
    assert value(handler, "words") == ""
    escape()
    night.handler.screen.show(first)
    settle(night)
    handler.panels.open_form("ask_help", "Ask for help")
    assert value(handler, "words") == "he fell, head wound"


def test_steady_typing_is_told_though_no_pause_comes(qtbot: QtBot, night: Night, handler: HandlerView) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    settle(night)
    handler.panels.open_form("record", "Record")
    panel(handler).box.show_section(len(panel(handler).form.sections) - 1)
    control = box(handler, "decision:what").control
    control.setFocus()
    for _ in range((STEADY_MS + PAUSE_MS) // 200):
        QTest.keyClick(control, Qt.Key.Key_X)
        qtbot.wait(200)
    state = night.priya.folds.contact(night.priya.contact)
    assert state is not None
    assert state.value("decision:what").lower().startswith("xxxxx")


# --- what does not fit is refused in words -------------------------------------------------------


@pytest.mark.parametrize("where", ["handler", "coordinator"])
def test_a_paste_that_a_line_cannot_hold_is_refused_whole(
    night: Night, request: pytest.FixtureRequest, where: str
) -> None:
    night.answered()
    night.paired()
    view = request.getfixturevalue(where)
    settle(night)
    line: LineField = view.help.message if where == "handler" else view.pair.line
    line.setFocus()
    QTest.keyClicks(line, "police: ")
    QApplication.clipboard().setText("nine minutes, back door; " * 40)
    line.paste()
    settle(night)

    assert line.text() == "police: "
    assert "1,008 characters" in (night.h.notice if where == "handler" else night.c.notice)


def test_a_field_of_a_form_refuses_beside_itself(night: Night, handler: HandlerView) -> None:
    night.answered()
    settle(night)
    handler.panels.open_form("new_person", "New person")
    type_in(handler, "family", "Fenn")
    line = box(handler, "family").control
    assert isinstance(line, LineField)
    QApplication.clipboard().setText("x" * 500)
    line.paste()
    assert line.text() == "Fenn"
    settle(night)
    box(handler, "family").tell()
    settle(night)
    assert "504 characters" in line.accessibleDescription()
    line.clear()
    line.paste()
    assert line.text() == ""


def test_typing_ends_where_a_long_field_is_full(qtbot: QtBot, qapp: QApplication) -> None:
    field = LongField(apply(qapp, choose(dark=False, high_contrast=False)), "Summary")
    qtbot.addWidget(field)
    refused: list[str] = []
    field.refused.connect(refused.append)
    field.setPlainText("a" * (NOTE_CAP - 1))
    field.moveCursor(field.textCursor().MoveOperation.End)
    QTest.keyClicks(field, "bcd")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "a" * (NOTE_CAP - 1) + "b"
    assert len(refused) == 3

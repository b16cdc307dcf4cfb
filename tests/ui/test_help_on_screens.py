"""Help that was asked for, on the three screens and over real services: what is shown, ticked, signed and refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.help_ages import Alarm
from console.domain.help_kinds import HelpKind, HelpState, RcrpGround
from console.domain.help_requests import HelpRequest
from console.domain.people import Agency, Rank
from console.machine.speech import SilentSpeaker
from console.services.link_state import Link, LinkState
from tests.helpers.handler_rows import STATES
from tests.helpers.night_room import START
from tests.helpers.night_screens import Night
from tests.helpers.show_handler import make_view
from ui.bootstrap.speaking import Speaking
from ui.desktop.forms.rows import FormRow, Kind
from ui.desktop.screens.board.presenter import help_news
from ui.desktop.screens.board.wall import without_names
from ui.desktop.screens.coordinator.lists import help_row
from ui.desktop.screens.coordinator.rows import CoordinatorRows, HelpRow
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.lists import request_row as request_rows_row
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.screens.health import help_health
from ui.desktop.screens.help_forms import ask_help_form, draft_from
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.faces import StatusRow
from ui.desktop.widgets.ticks import TickBox

DOG = "A dog in the car"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def request_row(night: Night, request: str) -> HelpRow:
    """Return one request as the coordinator's screen has it."""
    return next(row for row in night.c.requests if str(row.key) == request)


def request(night: Night, key: str) -> HelpRequest:
    """Return one request."""
    night.room.settle()
    found = night.priya.folds.help(UUID(key))
    assert found is not None
    return found


def test_the_handler_who_is_alone_sends_what_was_drafted_and_is_told_where_the_ground_is_chosen(night: Night) -> None:
    night.answered()
    assert night.h.notes.record
    for kind in ("ambulance", "police_attend"):
        night.handler.form_opened("ask_help")
        night.handler.form_sent("ask_help", {"kind": kind, "words": "Overdose"})
        night.room.settle()
    keys = {one.kind: str(one.id) for one in night.priya.folds.helps()}
    drawn = {row.key: row for row in night.h.help.rows}
    assert all(drawn[key].told_acts() == (("send", "Send now"),) for key in keys.values())
    for key in keys.values():
        night.handler.send_request(key)

    assert request(night, keys[HelpKind.AMBULANCE]).state is HelpState.SENT
    assert not {row.key: row for row in night.h.help.rows}[keys[HelpKind.AMBULANCE]].acts
    assert request(night, keys[HelpKind.POLICE_ATTEND]).state is HelpState.DRAFTED
    assert "choose the ground in Log news (Ctrl+L)" in night.h.notice


def test_enter_and_the_button_of_a_drafted_request_send_it_from_the_handlers_window(
    qtbot: QtBot, qapp: QApplication
) -> None:
    rows = STATES["handler"]
    draft = request_rows_row("r1", Rank.NOW, "Ambulance", "Not sent", "00:10", 0, "drafted by you", send=True)
    view, acts = make_view(qapp, replace(rows, help=replace(rows.help, rows=(draft,))))
    qtbot.addWidget(view)
    view.resize(1280, 640)
    view.show()
    view.help.list.setFocus()
    view.help.list.choose("r1")
    QTest.keyClick(view.help.list, Qt.Key.Key_Return)
    assert acts.seen[-1] == ("send_request", "r1")


def log(night: Night, request: str, state: str, **values: str) -> None:
    """Let Tom log news by the form."""
    night.coordinator.form_opened("log_news", request)
    night.coordinator.form_sent("log_news", {"request": request, "state": state, **values})


def hazard(night: Night, text: str = DOG) -> None:
    """Let Tom state a hazard."""
    night.coordinator.form_opened("fact", "")
    night.coordinator.form_sent("fact", {"key": "hazard", "text": text, "source": "caller_stated"})


def labels(form: FormRow) -> list[str]:
    """Return the labels of a form."""
    return [field.label for field in form.fields()]


# --- tell them -----------------------------------------------------------------------------------


def test_a_change_after_sending_is_on_every_screen_until_enter_ticks_it(night: Night) -> None:
    ambulance = night.on_the_way()
    assert request_row(night, ambulance).tell == ""
    hazard(night)
    row = request_row(night, ambulance)
    assert row.tell == f"Tell them: {DOG} (22:14)"
    assert help_row(row).acts[0] == "tell"
    assert "Tell them" in help_row(row).spoken
    mine = night.h.help.rows[0].spoken
    assert "Tell them" in mine
    assert f"not told: {DOG}" in mine
    for health in (night.h.status.health, night.c.status.health, night.b.status.health):
        assert "1 request to tell of a change" in [one.text for one in health]
    tile = night.b.requests.rows
    assert [one.words for one in tile] == ["Ambulance: tell them 1 change"]
    assert [one.words for one in without_names(night.b).requests.rows] == ["Ambulance: tell them 1 change"]

    night.coordinator.row("requests", ambulance, "tell")
    assert night.c.notice == f"Ticked as told: {DOG}."
    assert request_row(night, ambulance).tell == ""
    assert "Tell them" not in night.h.help.rows[0].spoken
    assert night.b.requests.rows == ()
    told = request(night, ambulance).passed[-1]
    assert (told.by, len(told.entries)) == ("tom.adeyemi", 1)


def test_what_came_in_while_it_was_read_out_is_not_ticked(night: Night) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    assert request_row(night, ambulance).untold
    incident = night.priya.folds.incidents()[0].id
    night.priya.incidents.hazard(incident, "A knife", "caller stated")
    night.room.settle()
    night.coordinator.row("requests", ambulance, "tell")

    assert request_row(night, ambulance).tell.startswith("Tell them: A knife")


def test_log_news_ticks_what_was_told_and_to_whom_beside_any_news(night: Night) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    hazard(night, "A knife")
    night.coordinator.form_opened("log_news", ambulance)
    form = next(one for one in night.c.forms if one.key == "log_news")
    ticks = [field for field in form.fields() if field.kind is Kind.TICK]
    assert [one.label for one in ticks] == [f"Told them: {DOG} (22:14)", "Told them: A knife (22:14)"]
    assert form.intro.startswith("Asked 22:14, answered 22:14, accepted 22:14")
    filled = {"request": ambulance, "state": "en_route", "name": "J Okafor", ticks[1].key: "yes", ticks[0].key: ""}
    night.coordinator.form_sent("log_news", filled)

    found = request(night, ambulance)
    assert (found.state, found.passed[-1].to) == (HelpState.EN_ROUTE, "J Okafor")
    assert request_row(night, ambulance).tell == f"Tell them: {DOG} (22:14)"


def test_nothing_is_told_without_a_tick(night: Night) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    log(night, ambulance, "passed")

    assert night.c.notice.startswith("Tick what they were told")
    assert request(night, ambulance).passed == ()


def test_a_tick_for_what_a_colleague_told_meanwhile_logs_nothing_twice(night: Night) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    entry = request_row(night, ambulance).untold[0]
    night.priya.follow_up.passed(UUID(ambulance), [entry])
    night.room.settle()
    before = len(request(night, ambulance).news)
    log(night, ambulance, "en_route", **{f"told {entry}": "yes"})

    assert "They know all that is ticked already" in night.c.notice
    assert len(request(night, ambulance).news) == before


def test_an_escalation_tells_what_is_ticked_beside_it(night: Night) -> None:
    asked = police(night)
    log(night, asked, "declined", text="No immediate risk")
    hazard(night)
    entry = request_row(night, asked).untold[0]
    log(night, asked, "escalated", name="Duty inspector", **{f"told {entry}": "yes"})

    assert request(night, asked).state is HelpState.ESCALATED
    assert request_row(night, asked).tell == ""


# --- chasing and targets -------------------------------------------------------------------------


def test_a_chase_is_logged_with_the_next_and_the_row_says_when(night: Night) -> None:
    ambulance = night.on_the_way()
    assert "Chase 22:24" in request_row(night, ambulance).words
    log(night, ambulance, "chased", name="Control", again="20")
    found = request(night, ambulance)
    assert [(one.by, one.name) for one in found.chases] == [("tom.adeyemi", "Control")]
    assert "Chase 22:34" in request_row(night, ambulance).words
    log(night, ambulance, "chased", again="soon")
    assert "whole number" in night.c.notice
    assert len(request(night, ambulance).chases) == 1


def test_a_category_shows_its_target_beside_our_clock_and_calls_it_no_promise(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose"})
    ambulance = str(night.c.requests[0].key)
    night.coordinator.row("requests", ambulance, "send")
    log(night, ambulance, "accepted", grade="2", reference="SC-7731")
    night.room.advance(61)
    row = request_row(night, ambulance)
    assert "Category 2: target 18 min, not a promise" in row.words
    assert [(one.figure, one.words, one.due) for one in row.clocks] == [
        ("01:01", "since asked", False),
        ("01:01", "of target 18", False),
    ]


# --- refusals, and police ------------------------------------------------------------------------


def police(night: Night) -> str:
    """Let Tom ask the police with a ground that they decline."""
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    filled = {"kind": "police_attend", "words": "No reply", "ground": "none_stated", "evidence": "No reply since 18:00"}
    night.coordinator.form_sent("ask_help", filled | {"tried": "Rang twice", "no_other": "Carers have no key"})
    asked = str(night.c.requests[0].key)
    night.coordinator.row("requests", asked, "send")
    return asked


def test_the_police_form_asks_for_ground_evidence_what_was_tried_and_why_nobody_else(night: Night) -> None:
    asked = request(night, police(night))
    assert (asked.ground, asked.evidence, asked.tried, asked.no_other) == (
        RcrpGround.NONE_STATED,
        "No reply since 18:00",
        "Rang twice",
        "Carers have no key",
    )


def test_a_police_draft_without_a_ground_is_sent_with_one_by_the_form(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "police_attend", "words": "No reply"})
    asked = str(night.c.requests[0].key)
    night.coordinator.row("requests", asked, "send")
    assert "ground" in night.c.notice
    log(night, asked, "sent", ground="serious_harm_now")
    assert (request(night, asked).state, request(night, asked).ground) == (
        HelpState.SENT,
        RcrpGround.SERIOUS_HARM_NOW,
    )


def test_a_refusal_says_what_is_still_to_do_and_one_form_escalates_it(night: Night) -> None:
    asked = police(night)
    log(night, asked, "declined", text="No immediate risk", name="Sgt Bell")
    row = request_row(night, asked)
    assert row.chip == "declined"
    assert row.state == "", "the chip stands over the place of the state's words"
    assert "Refused: No immediate risk" in row.words
    assert row.needs == "Still to do: record what is done instead; tell the caller that nobody is coming"
    assert row.needs in help_row(row).spoken
    night.coordinator.form_opened("log_news", asked)
    assert "Police: the ground now, if another" in labels(next(one for one in night.c.forms))
    night.coordinator.form_sent(
        "log_news",
        {"request": asked, "state": "escalated", "name": "Force incident manager", "text": "A knife was seen",
         "ground": "crime"},
    )  # fmt: skip
    found = request(night, asked)
    assert (found.state, found.escalated_to, found.ground) == (
        HelpState.ESCALATED,
        "Force incident manager",
        RcrpGround.CRIME,
    )
    assert request_row(night, asked).chip == "declined", "a risk until somebody accepts"
    log(night, asked, "accepted", reference="Log 645")
    assert request_row(night, asked).chip == ""


# --- closing -------------------------------------------------------------------------------------


def test_what_reached_nobody_is_closed_only_over_somebodys_name(night: Night) -> None:
    ambulance = night.on_the_way()
    log(night, ambulance, "on_scene")
    log(night, ambulance, "completed", text="Done")
    assert night.c.notice.startswith("Not closed.  Nobody has reached the person")
    log(night, ambulance, "sign")
    assert "write why it can close" in night.c.notice
    log(night, ambulance, "sign", text="His brother has him at home")
    signed = "Nobody reached: His brother has him at home. Signed Tom Adeyemi, Support worker"
    assert signed in request_row(night, ambulance).words
    assert "nobody reached: His brother has him at home" in night.h.help.rows[0].spoken
    assert not request(night, ambulance).open


def test_the_stand_down_lists_what_is_open_and_takes_a_signature_for_each(night: Night) -> None:
    ambulance = night.on_the_way()
    night.coordinator.form_opened("stand_down", "")
    form = next(one for one in night.c.forms if one.key == "stand_down")
    field = form.fields()[1]
    assert field.label == "Ambulance, accepted: why it can close"
    assert field.help.startswith("Nobody was reached.")
    night.coordinator.form_sent("stand_down", {"reason": "Over", field.key: ""})
    assert night.c.notice.startswith("Not stood down: still open: Ambulance.")
    night.coordinator.form_sent("stand_down", {"reason": "Over", field.key: "He walked into the hospital"})
    assert night.c.head is None
    signed = request(night, ambulance).signed
    assert signed is not None
    assert (signed.name, signed.why) == ("Tom Adeyemi", "He walked into the hospital")


def test_a_refusal_is_not_signed_away_in_a_stand_down(night: Night) -> None:
    asked = police(night)
    log(night, asked, "declined", text="No immediate risk")
    night.handler.form_opened("stand_down")
    field = night.h.forms[0].fields()[1]
    assert (field.kind, field.label) == (Kind.SAID, "Police, declined")
    assert "record what is done instead" in field.value
    night.handler.form_sent("stand_down", {"reason": "Over", f"sign {asked}": "It can close"})
    assert "Police: first record what is done instead" in night.h.forms[0].error
    assert night.priya.folds.incidents()[0].live


# --- whom, by the directory ----------------------------------------------------------------------


def test_an_agency_of_the_directory_fills_name_and_number() -> None:
    crisis = Agency(UUID(int=7), "Crisis team", "crisis_team", "North", "+441632960162")
    form = ask_help_form(agencies=(crisis,))
    field = next(one for one in form.fields() if one.key == "directory")
    assert [one.label for one in field.choices] == ["Crisis team, North"]
    filled = {"kind": "other", "directory": str(crisis.id)}
    found = draft_from(
        filled, incident=None, contact=None, line="", agency_of=lambda key: crisis if key == str(crisis.id) else None
    )
    assert not isinstance(found, str)
    assert (found.agency, found.number) == ("Crisis team", "+441632960162")
    written = draft_from(filled | {"agency": "Harbour hostel"}, incident=None, contact=None, line="",
                         agency_of=lambda _: crisis)  # fmt: skip
    assert not isinstance(written, str)
    assert (written.agency, written.number) == ("Harbour hostel", ""), "another agency has not this number"


def test_what_is_decided_and_not_sent_is_said_on_every_screen_after_the_set_time(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "crisis_team", "words": "Review"})
    said = "1 request for help not sent"
    assert all(said not in str(rows.status.health) for rows in (night.h, night.c, night.b))
    night.room.advance(61)
    for rows in (night.h, night.c, night.b, without_names(night.b)):
        assert said in [one.text for one in rows.status.health]
    assert [one.words for one in night.b.requests.rows] == ["Crisis team: not sent"]
    assert night.c.requests[0].chip == "not sent"
    assert "Not sent" in night.h.help.rows[0].spoken


def test_while_the_record_is_away_what_is_not_sent_says_how_old_it_was_and_as_of_when(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "crisis_team", "words": "Review"})
    night.room.advance(62)
    with night.room.record_away():
        night.room.advance(90)
        said = [text for rows in (night.h, night.c, night.b) for text in not_sent(rows.status)]
    assert len(said) == 3
    assert len(set(said)) == 1, "each says what it was when the record went, and no clock pretends"
    assert re.fullmatch(r"1 request not sent 01:0\d as of 22:15", said[0])
    assert not_sent(night.h.status) == ["1 request for help not sent"]


def test_what_was_drafted_here_while_the_record_is_away_is_as_old_as_it_is(night: Night) -> None:
    night.answered()
    night.paired()
    with night.room.record_away():
        night.room.advance(5)
        night.coordinator.form_opened("ask_help", "")
        night.coordinator.form_sent("ask_help", {"kind": "crisis_team", "words": "Review"})
        night.room.advance(63)
        assert not_sent(night.c.status) == ["1 request not sent 01:03"]


def test_while_the_record_is_away_all_that_waits_stands_in_one_place() -> None:
    at = START
    alarms = [
        (HelpRequest(UUID(int=number), drafted_at=at, declined_at=at + timedelta(seconds=number)), what)
        for number, what in enumerate((Alarm.RINGS, Alarm.OPEN_RISK, Alarm.OPEN_RISK))
    ]
    now, gone = at + timedelta(minutes=9), at + timedelta(seconds=90)
    (one,) = help_health(alarms, 2, LinkState(Link.AWAY, gone), now)
    assert one.text == "1 request not sent 01:30, 2 declined, nothing instead 01:29, 2 to tell of a change as of 22:15"
    assert help_health((), 0, LinkState(Link.AWAY, gone), now) == ()
    assert [row.text for row in help_health(alarms, 2, LinkState(Link.TOGETHER, gone), now)] == [
        "1 request for help not sent", "2 requests declined, nothing instead", "2 requests to tell of a change",
    ]  # fmt: skip


def not_sent(status: StatusRow) -> list[str]:
    """Return what a status row says of help that nobody sends."""
    return [one.text for one in status.health if "not sent" in one.text]


@pytest.mark.parametrize(("nobody", "kind", "times"), [("yes", "ambulance", 2), ("", "ambulance", 0), ("yes", "aa", 0)])
def test_only_urgent_help_that_nobody_has_is_said_aloud_and_no_more_than_twice(
    night: Night, nobody: str, kind: str, times: int
) -> None:
    night.answered()
    night.paired()
    heard = SilentSpeaker()
    speaking = Speaking(night.coordinator_desk, heard)
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": kind, "words": "Overdose", "nobody": nobody})
    night.room.advance(59)
    assert heard.said == []
    night.room.advance(120)
    speaking.stop()

    assert heard.said == ["Help without an owner, Hampshire adults"] * times


# --- in the windows, by keyboard alone -----------------------------------------------------------


@pytest.fixture
def coordinator(qtbot: QtBot, qapp: QApplication, night: Night) -> CoordinatorView:
    made = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), night.coordinator)
    qtbot.addWidget(made)
    drawn = night._c

    def show(rows: CoordinatorRows) -> None:
        drawn.append(rows)
        made.show_rows(rows)

    night.coordinator.show_on(show)
    made.resize(1280, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(view: CoordinatorView | HandlerView, act: Act) -> None:
    """Fire the shortcut of ``act``."""
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


def test_the_coordinator_tells_them_by_the_keyboard(coordinator: CoordinatorView, night: Night) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    night.coordinator.draw()
    press(coordinator, Act.PANE_3)
    requests = coordinator.pair.requests
    assert requests.hasFocus()
    requests.choose(ambulance)
    QTest.keyClick(requests, Qt.Key.Key_Return)
    night.room.settle()

    assert [one.to for one in request(night, ambulance).passed] == [""]
    night.coordinator.draw()
    assert coordinator.notice.isVisible()
    assert requests.hasFocus(), "nothing took the focus"
    press(coordinator, Act.LOG_NEWS)
    assert coordinator.panels.current_form == "log_news"


@pytest.fixture
def handler(qtbot: QtBot, qapp: QApplication, night: Night) -> HandlerView:
    made = HandlerView(apply(qapp, choose(dark=False, high_contrast=False)), night.handler)
    qtbot.addWidget(made)
    drawn = night._h

    def show(rows: HandlerRows) -> None:
        drawn.append(rows)
        made.show_rows(rows)

    night.handler.show_on(show)
    made.resize(1280, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_handler_sees_what_they_were_not_told_and_ticks_it_by_the_keyboard(
    handler: HandlerView, night: Night
) -> None:
    ambulance = night.on_the_way()
    hazard(night)
    assert "Tell them" in night.h.help.rows[0].spoken
    press(handler, Act.LOG_NEWS)
    night.handler.draw()
    ticks: list[TickBox] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(focus, TickBox):
            ticks.append(focus)
            break
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert ticks, "the tick is on the way of Tab"
    QTest.keyClick(ticks[0], Qt.Key.Key_Space)
    press(handler, Act.FINISH)

    assert [one.by for one in request(night, ambulance).passed] == ["priya.raman"]
    assert "Tell them" not in night.h.help.rows[0].spoken


def test_the_board_says_by_how_much_a_promise_is_late_and_not_that_nothing_is_left() -> None:
    at = datetime(2026, 12, 1, 22, 17, 30, tzinfo=UTC)
    police = HelpRequest(
        uuid4(), HelpKind.POLICE_ATTEND, state=HelpState.EN_ROUTE, sent_at=at, state_at=at, last_news_at=at,
        minutes=6, promised_at=at,
    )  # fmt: skip
    assert help_news(police, at + timedelta(minutes=2)) == "Police on the way, 04:00 of 6 min"
    assert help_news(police, at + timedelta(minutes=6, seconds=36)) == "Police on the way, 00:36 late"

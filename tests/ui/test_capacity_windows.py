"""The night's capacity at real windows, by keys alone: call out, name a second, hand over, hold the queue, rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from console.domain.board import BoardLimits
from console.domain.call_outs import CallOutState
from console.domain.capacity import CallOutRule, NightRules
from console.domain.incidents import IncidentRole
from console.domain.locations import LocationSource
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rota import DutyKind
from console.domain.shifts import WorkerState
from console.ports.switchboard import Act as PhoneAct
from db.rota_import import import_rota
from tests.helpers.night_windows import Sitting, Windows
from tests.ui.test_whom_to_ring import FIVE, brought, duty
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SCRIPT = "Please hold: we ring you back, the most urgent first."


@pytest.fixture
def night(qapp: QApplication) -> Iterator[Windows]:
    made = Windows(BoardLimits(night=NightRules(script=SCRIPT)))
    yield made
    made.end()


def board(night: Windows) -> BoardView:
    """Return Helen's board."""
    assert isinstance(night.helen.view, BoardView)
    return night.helen.view


def chips(one: Sitting) -> str:
    """Return what the status row says is right and wrong."""
    one.settle()
    row = one.view.status._row  # noqa: SLF001 - what was drawn last
    assert row is not None
    return ". ".join(item.text for item in row.health)


def second_call(night: Windows) -> None:
    """Let a caller ring with everybody committed."""
    night.grace.shift.say(WorkerState.VISIT)
    night.room.rings("c2", "01632960741", "01632960004")
    night.room.advance(3)


def test_from_the_board_a_second_is_named_by_keys(night: Windows) -> None:
    night.answered()
    calls = board(night).calls.view
    night.helen.settle()
    night.helen.enter(calls, calls.rows[0].key)
    night.helen.choose("Name", "Grace")
    night.helen.press(Act.FINISH)
    assert night.helen.notice == "Grace Whitlock is asked to come as second worker."
    (asked,) = night.grace.night.seats.summons_for_me()
    assert asked.named_by == "Helen Marsh"
    assert night.tom.console.night.seats.summons_for_me() == ()


def test_from_the_board_a_call_is_taken_over_by_keys_and_the_lead_is_told(night: Windows) -> None:
    night.paired()
    night.helen.settle()
    calls = board(night).calls.view
    night.helen.enter(calls, calls.rows[0].key)
    night.helen.choose("Take it over as l")
    night.helen.press(Act.FINISH)
    assert night.roles() == {"helen.marsh": "lead", "tom.adeyemi": "coordinator", "priya.raman": "observer"}
    assert any("Helen Marsh has your seat now" in one for one in night.priya.heard)
    assert isinstance(night.helen.view, CoordinatorView), "the whole picture is before her"


def test_the_queue_is_held_and_let_go_by_one_key_and_every_screen_says_so(night: Windows) -> None:
    night.answered()
    night.helen.press(Act.HOLD_QUEUE)
    night.room.advance(1)
    for one in (night.priya, night.tom, night.helen):
        assert "Queue held since 22:14" in chips(one)
    night.helen.press(Act.HOLD_QUEUE)
    night.room.advance(1)
    assert "Queue held" not in chips(night.priya)
    assert night.helen.notice == ""


@pytest.mark.parametrize("where", ["tom", "helen"])
def test_the_on_call_manager_is_rung_and_the_answer_said_by_one_key_each(night: Windows, where: str) -> None:
    brought(night)  # type: ignore[arg-type]  # it needs the room only
    night.paired()
    second_call(night)
    one: Sitting = getattr(night, where)
    for screen in (night.priya, night.tom, night.helen):
        assert "0 free, 1 waiting" in chips(screen)
        assert "call out Ctrl+O" in chips(screen)
    one.press(Act.CALL_OUT)
    night.room.advance(1)
    rung = one.console.switchboard.asked[-1]
    assert (rung.act, rung.target) == (PhoneAct.ORIGINATE, "+447700900841")
    assert "Dilip rung 22:" in chips(night.priya)
    one.press(Act.CALL_OUT)
    one.choose("Answered: c")
    one.press(Act.FINISH)
    night.room.advance(1)
    made = night.priya.console.night.call_outs.newest()
    assert made is not None
    assert (made.state, made.rings) == (CallOutState.COMING, 1)
    assert "Dilip is coming" in chips(night.priya)


@pytest.mark.parametrize(
    ("number", "safe", "says", "rings"),
    [
        ("999", "any hour", "Ring 999 on your handset", False),
        ("+447700900841", "never before a text", "Dilip Shah: never before a text.  Nothing was dialled", True),
    ],
)
def test_a_manager_whose_number_has_a_rule_is_rung_when_asked_again_and_an_emergency_number_never(
    night: Windows, number: str, safe: str, says: str, rings: bool
) -> None:
    on_call = replace(duty(DutyKind.ON_CALL_MANAGER, "Dilip Shah", number, 15.5), safe=safe)
    with night.room.store.people_room().use() as connection:
        import_rota(connection, [on_call], FIVE)
    night.room.advance(601)
    night.tom.press(Act.CALL_OUT)
    night.room.advance(1)
    assert says in night.tom.notice
    newest = night.tom.console.night.call_outs.newest
    assert newest() is None, "nobody is told that somebody was rung"
    night.tom.press(Act.CALL_OUT)
    night.room.advance(1)
    asked = [one.target for one in night.tom.console.switchboard.asked if one.act is PhoneAct.ORIGINATE]
    assert asked == ([number] if rings else [])
    assert (newest() is not None) is rings


def test_whoever_has_the_caller_asks_every_other_screen_to_ring(night: Windows) -> None:
    brought(night)  # type: ignore[arg-type]  # it needs the room only
    night.paired()
    night.priya.press(Act.CALL_OUT)
    night.room.advance(1)
    assert "every other screen now asks" in night.priya.notice
    assert not any(one.act is PhoneAct.ORIGINATE for one in night.priya.console.switchboard.asked)
    assert "Asked for by hand: call out Ctrl+O" in chips(night.tom)
    night.tom.press(Act.CALL_OUT)
    assert night.tom.console.switchboard.asked[-1].act is PhoneAct.ORIGINATE


def test_a_summons_that_nobody_takes_is_one_key_from_the_call_out_on_the_askers_screen(night: Windows) -> None:
    brought(night)  # type: ignore[arg-type]  # it needs the room only
    night.answered()
    night.priya.press(Act.NEED_SECOND)
    night.room.advance(2)
    night.priya.settle()
    assert isinstance(night.priya.view, HandlerView)
    assert "Shown to Grace, Helen, Tom." in partner_words(night)
    night.room.advance(30)
    assert "No second worker came: call out Ctrl+O" in chips(night.priya)
    assert "Nobody came. Ctrl+O calls out Dilip Shah." in partner_words(night)
    assert "No second worker came: call out Ctrl+O" in chips(night.tom)


def partner_words(night: Windows) -> str:
    """Return the quiet line of the handler's partner card as it was last drawn."""
    rows = night.priya.view._rows  # noqa: SLF001 - what was drawn last
    assert isinstance(rows, HandlerRows)
    return rows.partner.second


def test_where_the_setting_says_so_a_managers_telephone_rings_by_itself_once(qapp: QApplication) -> None:
    night = Windows(BoardLimits(night=NightRules(call_out=CallOutRule.DIAL)))
    brought(night)  # type: ignore[arg-type]  # it needs the room only
    night.paired()
    second_call(night)
    night.room.advance(5)
    rung = [one for one in night.helen.console.switchboard.asked if one.act is PhoneAct.ORIGINATE]
    assert [one.target for one in rung] == ["+447700900841"]
    assert not any(one.act is PhoneAct.ORIGINATE for one in night.tom.console.switchboard.asked)
    night.end()


def test_a_seat_is_handed_over_by_keys_to_somebody_present(night: Windows) -> None:
    incident = night.paired()
    night.grace.pair.observe(incident.id)
    night.room.advance(1)
    night.tom.press(Act.HAND_OVER)
    night.tom.choose("Grace")
    night.tom.press(Act.FINISH)
    assert night.roles() == {"priya.raman": "lead", "grace.whitlock": "coordinator", "tom.adeyemi": "observer"}


def test_the_lead_hands_over_from_the_handlers_screen(night: Windows) -> None:
    incident = night.paired()
    night.grace.pair.observe(incident.id)
    night.room.advance(1)
    night.priya.settle()
    night.priya.press(Act.HAND_OVER)
    night.priya.choose("Tom")
    night.priya.press(Act.FINISH)
    assert night.roles()["priya.raman"] == "lead", "her role does not swap: refused on the form"
    night.priya.press(Act.HAND_OVER)
    night.priya.choose("", "Grace")
    night.priya.press(Act.FINISH)
    assert night.roles() == {"grace.whitlock": "lead", "tom.adeyemi": "coordinator", "priya.raman": "observer"}


def over(night: Windows) -> None:
    """End the red call and its incident."""
    incident = night.paired()
    night.room.ends("c1")
    night.tom.console.incidents.stand_down(incident.id, "He is with the ambulance")
    night.room.advance(2)


def test_after_a_red_call_five_minutes_are_taken_and_ended_by_keys(night: Windows) -> None:
    over(night)
    night.priya.settle()
    night.priya.press(Act.TAKE_FIVE)
    night.priya.choose("Take five, and", "10")
    night.priya.press(Act.FINISH)
    night.room.advance(1)
    me = night.helen.console.shift.shift().worker("priya.raman")
    assert me is not None
    assert (me.state, me.can_come) == (WorkerState.TAKE_FIVE, False)
    assert me.until is not None
    assert 590 < (me.until - night.room.clock.now()).total_seconds() <= 600
    night.helen.settle()
    staff = board(night).staff.view.rows
    assert any("Priya Raman" in row.spoken and "Take five 09:" in row.spoken and "left" in row.spoken for row in staff)
    night.priya.press(Act.TAKE_FIVE)
    night.room.advance(1)
    staff = board(night).staff.view.rows
    assert any("Priya Raman" in row.spoken and "Can come" in row.spoken for row in staff)
    night.priya.press(Act.READY)
    night.room.advance(1)
    me = night.helen.console.shift.shift().worker("priya.raman")
    assert me is not None
    assert me.state is WorkerState.AVAILABLE


def test_the_list_behind_the_staff_says_every_load_and_who_would_like_a_debrief(night: Windows) -> None:
    over(night)
    night.tom.console.night.recovery.only_debrief()
    night.room.advance(60)
    night.helen.settle()
    night.helen.enter(board(night).staff.view, "tom.adeyemi")
    said = {row.key: row.spoken for row in board(night).panels.current_rows()}
    assert "red call over 1 min ago" in said["tom.adeyemi"]
    assert "would like a debrief" in said["tom.adeyemi"]
    assert "nothing in hand" in said["grace.whitlock"]


def test_a_summons_says_who_else_is_asked_and_who_has_just_had_a_red_call(night: Windows) -> None:
    over(night)
    contact = night.grace.contacts.open(dialled="01632960001")
    night.grace.pair.need_second(contact)
    night.room.advance(2)
    night.tom.settle()
    assert isinstance(night.tom.view, CoordinatorView)
    (row, *_) = night.tom.view.desk.views[0].rows
    assert "You: red call just over." in row.spoken
    assert "Also asked:" in row.spoken
    assert "Priya (red call just over)" in row.spoken
    assert "Grace" not in row.spoken.partition("Also asked:")[2], "who asks is not asked"


def test_the_script_stands_where_the_call_is_offered_and_goes_with_it(night: Windows) -> None:
    night.paired()
    second_call(night)
    for one in (night.priya, night.tom):
        one.settle()
    assert isinstance(night.priya.view, HandlerView)
    assert isinstance(night.tom.view, CoordinatorView)
    lists = (night.priya.view.history.list, night.tom.view.pair.work)
    assert all(any(SCRIPT in row.spoken for row in view.rows) for view in lists)
    night.room.ends("c2")
    night.room.advance(1)
    for one in (night.priya, night.tom):
        one.settle()
    assert not any(SCRIPT in row.spoken for view in lists for row in view.rows)


def test_who_joins_has_the_whole_picture_within_a_second(night: Windows) -> None:
    night.answered()
    contact = night.priya.console.contact
    night.priya.console.note(contact, "overdose 2145, 40 tabs")
    incident = night.priya.console.incidents.ensure(contact)
    night.priya.console.incidents.fact(incident, "taken", "40 tablets", "caller stated")
    night.priya.console.incidents.place(incident, "By the reservoir", LocationSource.CALLER_STATED)
    night.priya.console.incidents.hazard(incident, "Dog in the car", "caller stated")
    night.priya.press(Act.NEED_SECOND)
    night.room.advance(1)
    night.tom.settle()
    night.tom.press(Act.TAKE)
    night.room.advance(1)
    night.tom.settle()
    view = night.tom.view
    assert isinstance(view, CoordinatorView)
    facts = " ".join(row.spoken for row in view.pair.facts.rows)
    assert any("overdose 2145" in row.spoken for row in view.pair.note.rows)
    assert all(words in facts for words in ("40 tablets", "By the reservoir", "Dog in the car"))
    assert any("Nothing asked for yet" in row.spoken for row in view.pair.requests.rows)
    assert "Priya on the line" in said_of(view)


def said_of(view: CoordinatorView) -> str:
    """Return the head's second line as it was last drawn."""
    rows = view._rows  # noqa: SLF001 - what was drawn last
    return rows.head.below if rows is not None and rows.head is not None else ""


def test_forty_present_fold_draw_and_can_be_handed_to(night: Windows) -> None:
    incident = night.paired()
    stream, pen = StreamRef(StreamKind.INCIDENT, incident.id), night.tom.console.recorder
    for number in range(38):
        body = {"worker": f"watcher.{number:02d}", "name": f"Watcher {number:02d}", "role": "observer"}
        pen.record(pen.entry(Kind.INCIDENT_JOINED, stream, body, slot="role:observer"))
    night.room.advance(1)
    assert len(night.incident.present) == 40
    night.tom.settle()
    night.priya.settle()
    assert isinstance(night.tom.view, CoordinatorView)
    assert "Also 38 watch" in said_of(night.tom.view)
    night.tom.press(Act.HAND_OVER)
    form = night.tom.view.panels._form.form  # noqa: SLF001 - the form that is open
    (people,) = (field for field in form.fields() if field.key == "to")
    assert len(people.choices) == 40
    assert people.choices[0].label == "Priya Raman, lead"
    night.tom.choose("Priya")
    night.tom.press(Act.FINISH)
    assert night.roles()["tom.adeyemi"] == IncidentRole.LEAD.value, "handed to the lead, the two change places"


def test_the_wall_names_nobody_who_was_called_out(night: Windows) -> None:
    brought(night)  # type: ignore[arg-type]  # it needs the room only
    night.paired()
    second_call(night)
    night.tom.press(Act.CALL_OUT)
    night.room.advance(1)
    assert "Dilip" in chips(night.helen)
    night.helen.press(Act.WALL)
    assert "Dilip" not in chips(night.helen)
    assert "On-call manager rung" in chips(night.helen)


def test_who_signs_out_sees_which_colleague_is_in_recovery(night: Windows) -> None:
    night.paired()
    night.grace.night.recovery.take(debrief=False)
    night.room.advance(1)
    night.tom.settle()
    night.tom.press(Act.SIGN_OUT)
    assert isinstance(night.tom.view, CoordinatorView)
    form = night.tom.view.panels._form.form  # noqa: SLF001 - the form that is open
    (takers,) = (field for field in form.fields() if field.key == "taker")
    assert [one.label for one in takers.choices] == ["Helen Marsh", "Priya Raman", "Grace Whitlock, in recovery"]

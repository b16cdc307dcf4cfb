"""Facts once, promises and the line that drops on both screens, over real services; the last of it in real windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.hooks import HookEnd, HookSort
from console.ports.switchboard import Act as PhoneAct
from console.services.hooks import HookDraft
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.rows import SEEN, FieldRow, FormRow
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.screens.known_forms import GONE
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def sheets(night: Night) -> tuple[FormRow, FormRow]:
    """Open the sheet on both screens and return both."""
    night.handler.form_opened("fact_sheet")
    night.coordinator.form_opened("fact_sheet", "")
    first, second = (next(one for one in rows.forms if one.key == "fact_sheet") for rows in (night.h, night.c))
    return first, second


def both_write(night: Night, key: str, one: str, other: str) -> None:
    """Let both write the same field over what they see there."""
    (first, _), subject = sheets(night), ""
    subject = first.subject
    night.handler.field_changed(subject, f"fact:{key}", one, "")
    night.coordinator.field_changed(subject, f"fact:{key}", other, "")
    night.room.settle()


def test_both_values_stand_on_both_screens_with_author_and_time_and_enter_lets_one_hold(night: Night) -> None:
    both_write(night, "state", "Drowsy", "Awake")
    waiting = [row for row in night.c.facts if row.act == "settle"]
    assert {row.text for row in waiting} == {
        "“Drowsy”, caller stated, Priya 22:14",
        "“Awake”, caller stated, you 22:14",
    }
    assert "“Drowsy”, caller stated, you 22:14" in night.h.glance.text
    assert "“Awake”, caller stated, Tom 22:14" in night.h.glance.text
    night.coordinator.row("facts", next(row.key for row in waiting if "Drowsy" in row.text), "settle")
    assert [row.text for row in night.c.facts if row.key == "state"] == ["Drowsy"]
    assert not night.h.glance.chip


def test_the_handler_settles_two_values_from_the_sheet(night: Night) -> None:
    both_write(night, "where", "In the car", "On the bridge")
    sheet = next(one for one in night.h.forms if one.key == "fact_sheet")
    choice = next(one for one in sheet.fields() if one.key == "chosen:where")
    car = next(one.key for one in choice.choices if "In the car" in one.label)
    night.handler.field_changed(sheet.subject, "chosen:where", car)
    lead = next(row for row in night.c.facts if row.lead)
    assert lead.text == "In the car"


def test_a_field_says_its_source_its_age_and_what_stood_there_before(night: Night) -> None:
    subject = sheets(night)[0].subject
    night.handler.field_changed(subject, "fact:weapons", "A knife", "")
    night.handler.field_changed(subject, "fact:source", "handler_heard")
    night.handler.field_changed(subject, "fact:weapons", "A knife, put away", None)
    for rows in (night.h, night.c):
        field = next(one for form in rows.forms for one in form.fields() if one.key == "fact:weapons")
        assert field.value == "A knife, put away"
        assert field.help.startswith("Heard on the line,")
        assert "Before: “A knife”, caller stated" in field.help


def test_what_the_note_proposes_is_accepted_with_enter(night: Night) -> None:
    night.priya.note(night.priya.contact, "where: in the car")
    night.room.advance(4)
    proposed = next(row for row in night.c.facts if row.act == "accept")
    assert proposed.text == "in the car (Priya noted 22:14)"
    night.coordinator.row("facts", proposed.key, "accept")
    assert next(row for row in night.c.facts if row.lead).text == "in the car"


def test_two_places_stand_on_every_surface_and_a_record_address_on_none_of_them(night: Night) -> None:
    both_write(night, "where", "In the car", "On the bridge")
    night.coordinator.form_opened("fact", "")
    filled = {"key": "where", "text": "9 Larch Court", "source": "case_record"}
    night.coordinator.form_sent("fact", filled)
    night.room.ends("c1", by="caller")
    drop = night.c.drop
    assert drop is not None
    relay = next(row.text for row in night.c.relay if row.name == "Exact place")
    said = (relay, " ".join(drop.lines), " ".join(row.text for row in night.c.facts if row.act == "settle"))
    for words in said:
        assert "In the car" in words
        assert "On the bridge" in words
        assert "Larch" not in words


def test_a_place_that_came_while_the_form_for_one_was_open_stands_beside_what_it_says(night: Night) -> None:
    (opened,) = sheets(night)[:1]
    night.handler.field_changed(opened.subject, "fact:where", "By the reservoir", "")
    night.coordinator.form_opened("fact", "where")
    form = next(one for one in night.c.forms if one.key == "fact")
    night.handler.field_changed(opened.subject, "fact:where", "Bridge on the A31")
    night.room.settle()
    filled = {"key": "where", "text": "At the weir", "source": "third_party", SEEN: form.seen}
    night.coordinator.form_sent("fact", filled)

    (incident,) = night.tom.folds.incidents()
    assert {place.text for place in incident.where_stands} == {"Bridge on the A31", "At the weir"}
    night.coordinator.form_opened("fact", "where")
    form = next(one for one in night.c.forms if one.key == "fact")
    night.coordinator.form_sent("fact", filled | {"text": "On the bridge", SEEN: form.seen})
    night.room.settle()
    (incident,) = night.priya.folds.incidents()
    assert [place.text for place in incident.where_stands] == ["On the bridge"], "who saw both settles them"


def not_there_field(form: FormRow) -> FieldRow:
    """Return the one field by which a place is taken back."""
    (found,) = [one for part in form.sections for one in part.fields if one.key.startswith(GONE)]
    return found


def test_a_wrong_place_is_taken_back_by_one_choice_and_whoever_was_told_is_to_be_told(night: Night) -> None:
    (opened,) = sheets(night)[:1]
    night.handler.field_changed(opened.subject, "fact:where", "By the reservoir", "")
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose", "rank": "p1_life_now"})
    night.coordinator.row("requests", str(night.c.requests[0].key), "send")
    sheet = sheets(night)[0]
    field = not_there_field(sheet)
    assert (field.label, [one.key for one in field.choices]) == (
        "They are not there", ["moved", "looked", "misheard", "untrue"],
    )  # fmt: skip

    night.handler.field_changed(sheet.subject, field.key, "misheard")
    night.room.ends("c1", by="caller")
    (row,) = night.c.requests
    assert row.tell.startswith("Tell them: No longer at: By the reservoir, heard or written wrongly (22:1")
    assert next(one for one in night.c.relay if one.name == "Exact place").missing
    for drop in (night.c.drop, night.h.drop):
        assert drop is not None
        assert "reservoir" not in " ".join(drop.lines)
    where = next(one for one in night.c.facts if one.key == "where")
    assert (where.text, where.below) == (
        "Not known. Ask.", "Not at By the reservoir: heard or written wrongly (Priya 22:14).",
    )  # fmt: skip
    again = next(one for part in sheets(night)[0].sections for one in part.fields if one.key == "fact:where")
    assert again.value == ""
    assert again.help.startswith("Not there: heard or written wrongly, ")
    assert "Before: “By the reservoir”" in again.help
    assert not [one for part in sheets(night)[0].sections for one in part.fields if one.key.startswith(GONE)]

    night.coordinator.row("requests", str(row.key), "tell")
    assert night.c.requests[0].tell == ""


def test_the_form_of_one_fact_takes_a_place_back_or_states_another_and_not_both(night: Night) -> None:
    (opened,) = sheets(night)[:1]
    night.handler.field_changed(opened.subject, "fact:where", "By the reservoir", "")
    night.room.settle()
    night.coordinator.form_opened("fact", "where")
    form = next(one for one in night.c.forms if one.key == "fact")
    field = not_there_field(form)
    both = {"key": "where", "text": "On the bridge", "source": "third_party", field.key: "moved"}
    night.coordinator.form_sent("fact", both)
    assert "do one of the two" in night.c.notice
    (incident,) = night.tom.folds.incidents()
    assert incident.where_words == "By the reservoir"
    night.coordinator.form_sent("fact", {"key": "where", field.key: "moved"})
    (incident,) = night.tom.folds.incidents()
    assert (incident.where_words, incident.places[0].why) == ("", "they have moved on")
    night.room.settle()
    night.handler.field_changed(opened.subject, field.key, "looked")
    assert "This place does not stand any more" in night.h.notice


def test_a_promise_ages_on_both_screens_and_is_ended_from_its_row(night: Night) -> None:
    night.coordinator.form_opened("hook", "")
    values = {"sort": "promise", "text": "Ring his brother", "to": "Marcus", "due": "2"}
    night.coordinator.form_sent("hook", values)
    assert night.c.notice == ""
    (row,) = night.c.hooks
    assert (row.text, row.pressing) == ("Marcus: Ring his brother", True)
    night.room.advance(180)
    assert night.c.hooks[0].due.startswith("late")
    assert night.h.glance.chip.startswith("late")
    night.coordinator.form_opened("hook", row.key)
    night.coordinator.form_sent("hook", values | {"due": "22:17", "done": "kept"})
    assert night.c.hooks == ()
    assert not night.h.glance.chip


def test_a_promise_that_the_partner_changed_while_the_form_was_open_keeps_what_they_did(night: Night) -> None:
    values = {"sort": "promise", "text": "Ring his brother", "to": "Marcus", "due": "22:40"}
    night.coordinator.form_opened("hook", "")
    night.coordinator.form_sent("hook", values)
    night.room.settle()
    (row,) = night.c.hooks
    night.coordinator.form_opened("hook", row.key)
    incident = night.priya.folds.incidents()[-1]
    night.handler_desk.known.hooks.end(incident.id, incident.hooks[0], HookEnd.BROKEN)
    night.room.settle()
    night.coordinator.form_sent("hook", values | {"text": "Ring his sister"})
    night.room.settle()
    assert night.c.hooks == (), "it was not kept, and stays so"
    incident = night.tom.folds.incidents()[-1]
    assert [(one.done, one.others) for one in incident.hooks] == [(HookEnd.BROKEN, ("Ring his brother",))]


def test_a_time_that_is_none_is_refused_in_words(night: Night) -> None:
    night.coordinator.form_opened("hook", "")
    night.coordinator.form_sent("hook", {"sort": "promise", "text": "Ring", "due": "soon"})
    assert "That is no time" in night.c.notice
    assert night.c.hooks == ()


def test_a_place_that_nobody_has_accepted_is_named_as_such_when_the_line_drops(night: Night) -> None:
    contact = night.priya.contact
    night.priya.note(contact, "where: second car park")
    night.room.advance(7)
    night.room.ends("c1", by="caller")
    for drop in (night.h.drop, night.c.drop):
        assert drop is not None
        assert "Where: second car park (in the note, 00:07 ago, not accepted)." in drop.lines
    (accept,) = [row for row in night.c.facts if row.act == "accept"]
    night.coordinator.row("facts", accept.key, "accept")
    night.priya.note(contact, "where: by the water")
    night.room.advance(5)
    for drop in (night.h.drop, night.c.drop):
        assert drop is not None
        words = " ".join(drop.lines)
        assert "Where: second car park (caller stated" in words
        assert "or by the water (in the note, 00:05 ago, not accepted)" in words


def test_the_line_that_drops_is_said_on_both_screens_and_rung_back_and_logged(night: Night) -> None:
    night.priya.note(night.priya.contact, "it is cold")
    night.room.ends("c1", by="caller")
    for drop in (night.h.drop, night.c.drop):
        assert drop is not None
        words = " ".join(drop.lines)
        assert "it is cold" in words
        assert "Where: not known" in words
        assert "07700 900412. Safe to ring: not asked" in words
        assert "Not rung back yet" in words
    night.coordinator.do(Act.RING_BACK)
    assert night.tom.switchboard.asked[-1].act is PhoneAct.ORIGINATE
    night.handler.form_opened("ring_back")
    night.handler.form_sent("ring_back", {"outcome": "no_answer", "words": ""})
    drop = night.c.drop
    assert drop is not None
    assert "Rung back once, no answer" in " ".join(drop.lines)
    night.handler.form_opened("ring_back")
    night.handler.form_sent("ring_back", {"outcome": "reached", "words": ""})
    assert night.c.drop is None
    assert night.c.head is not None, "the incident stands"


def test_ringing_back_a_withheld_number_is_refused_with_the_reason() -> None:
    night = Night()
    night.room.rings("c1", "", LINE, "1001")
    night.room.answers("c1", "1001")
    night.paired()
    night.room.ends("c1", by="caller")
    for acts, rows in ((night.handler, lambda: night.h), (night.coordinator, lambda: night.c)):
        acts.do(Act.RING_BACK)
        shown = rows()
        assert "withheld" in shown.notice
        assert shown.drop is not None
        assert "withheld" in shown.drop.why_not
    asked = (*night.priya.switchboard.asked, *night.tom.switchboard.asked)
    assert all(one.act is not PhoneAct.ORIGINATE for one in asked)
    night.room.close()


def test_a_call_from_the_same_line_is_taken_into_the_incident_by_one_key(night: Night) -> None:
    record = night.record()
    night.room.ends("c1", by="caller")
    night.room.rings("c2", NUMBER, LINE, "1001")
    assert "The line that dropped" in night.h.call.detail
    night.room.answers("c2", "1001")
    night.handler.do(Act.TAKE)
    assert night.h.notes.record == record
    assert night.c.drop is None


# --- real windows --------------------------------------------------------------------------------


def test_a_field_of_the_sheet_is_typed_and_seen_by_the_other_and_no_focus_moves(
    night: Night, qtbot: QtBot, qapp: QApplication
) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    handler, coordinator = HandlerView(look, night.handler), CoordinatorView(look, night.coordinator)
    for view in (handler, coordinator):
        qtbot.addWidget(view)
        view.resize(1280, 640)
    night.handler.show_on(handler.show_rows)
    night.coordinator.show_on(coordinator.show_rows)
    coordinator.show()
    handler.show()
    handler.activateWindow()
    qtbot.waitUntil(handler.notes.editor.hasFocus)
    next(one for one in handler.shortcuts if one.objectName() == Act.FACT_SHEET.value).activated.emit()
    typed = next(box for box in handler.findChildren(FieldBox) if box.row.key == "fact:where")
    assert typed.control.hasFocus()
    QTest.keyClicks(typed.control, "In the car")
    typed.tell()
    night.room.settle()
    night.coordinator.draw()
    assert any("In the car" in row.spoken for row in coordinator.pair.facts.rows)

    night.coordinator_desk.known.hooks.add(
        night.priya.folds.incidents()[0].id,
        HookDraft(HookSort.PROMISE, "Ring his brother", due=night.room.clock.now() + timedelta(minutes=1)),
    )
    night.room.ends("c1", by="caller")
    night.room.settle()
    night.handler.draw()
    night.coordinator.draw()
    qapp.processEvents()
    assert typed.control.hasFocus(), "what arrives moves no focus"
    assert handler.drop.isVisible()
    assert coordinator.drop.isVisible()
    assert "Ring his brother" in handler.glance.text
    assert not handler.drop.ring.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(typed.control, Qt.Key.Key_Escape)
    assert handler.notes.editor.hasFocus()
    qapp.processEvents()
    bottom = handler.glance.mapTo(handler, QPoint(0, handler.glance.height())).y()
    assert bottom <= 640
    assert handler.minimumSizeHint().height() <= 640

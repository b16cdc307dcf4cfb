"""Never a word in the wrong record: what is written goes to the record it was written under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.contacts import ContactState
from tests.helpers.handler_rows import paired
from tests.helpers.night_screens import LINE, Night
from tests.helpers.seated import seat
from tests.helpers.show_handler import SeenActs, make_view
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.forms.view import FormBox
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows, IdentityRow, NotesRow
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose

OTHER = "07700900413"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def second_call(night: Night) -> None:
    """Let Priya hold the first caller and take a second one on the handset."""
    night.room.rings("c2", OTHER, LINE, "1001")
    night.room.ends("c1")
    night.room.answers("c2", "1001")


def contact(night: Night, record: str) -> ContactState:
    """Return a record as Priya's console holds it."""
    found = night.priya.folds.contact(UUID(record))
    assert found is not None
    return found


def test_a_key_typed_after_a_handset_answer_goes_to_the_note_it_was_typed_in(night: Night) -> None:
    night.answered()
    first = night.record()
    second_call(night)
    line = night.handler.new_line_id()
    night.handler.note_changed(first, line, "wife is Lena")
    night.room.advance(2)

    assert [one.text for one in contact(night, first).notes] == ["wife is Lena"]
    assert night.record() != first
    assert night.h.notes.lines == ()


def test_an_act_before_the_next_drawing_is_about_the_record_still_shown(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    first = night.record()
    second_call(night)
    night.handler.prompt_toggled(first, "alone", True)
    night.handler.do(Act.KEEP)

    assert contact(night, first).prompts["alone"].asked
    assert night.h.unfinished.rows[0].key == first


def test_half_a_decision_stays_with_its_record(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    first = night.record()
    night.fill("decision:kind", "share_information")
    night.fill("decision:what", "Call for help without consent")
    second_call(night)
    night.fill("type", "suicidal_caller")
    second = night.record()
    night.fill("decision:why", "Alone with a child")
    assert second != first
    assert contact(night, second).decisions == ()

    night.handler.field_changed(first, "decision:why", "Immediate risk to life")
    assert [(one.decision, one.rationale) for one in contact(night, first).decisions] == [
        ("Call for help without consent", "Immediate risk to life")
    ]
    assert contact(night, second).decisions == ()


def test_half_a_decision_is_still_in_the_form_when_its_record_comes_back(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    first = night.record()
    night.fill("decision:what", "Call for help without consent")
    second_call(night)
    night.fill("type", "suicidal_caller")
    assert decision(night.h) == ""
    night.room.ends("c2")
    night.handler.open_unfinished(first)

    assert night.record() == first
    assert decision(night.h) == "Call for help without consent"


def test_half_a_decision_outlives_a_kill_while_the_record_is_away_and_is_finished_after_it(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    first = night.record()
    with night.room.record_away():
        night.fill("decision:kind", "share_information")
        night.fill("decision:what", "Call for help without consent")
        # Killed: nothing is drained, and all that is left is what the journal holds.
        night.priya.recorder.stop()
        night.room.consoles.remove(night.priya)
    again = night.room.console(night.priya.who, "1001")
    handler, drawn = HandlerDesk(seat(night.room, again)[0]), list[HandlerRows]()
    handler.show_on(drawn.append)
    handler.open_unfinished(first)
    handler.draw()
    assert decision(drawn[-1]) == "Call for help without consent"
    handler.field_changed(first, "decision:why", "Immediate risk to life")

    found = again.folds.contact(UUID(first))
    assert found is not None
    assert [(one.kind, one.decision, one.rationale) for one in found.decisions] == [
        ("share_information", "Call for help without consent", "Immediate risk to life")
    ]
    assert found.half_decision == {}


def test_a_decision_is_superseded_by_what_is_typed_over_it_and_by_nothing_else(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    record = night.record()
    night.fill("decision:kind", "share_information")
    night.fill("decision:what", "Call for help without consent")
    night.fill("decision:why", "Immediate risk to life")
    night.fill("source", "third_party")
    assert len(contact(night, record).decisions) == 1
    night.fill("decision:what", "Call for help; he agreed at 22:30")

    made = contact(night, record).decisions
    assert [(one.decision, one.rationale) for one in made] == [
        ("Call for help without consent", "Immediate risk to life"),
        ("Call for help; he agreed at 22:30", "Immediate risk to life"),
    ]
    assert decision(night.h) == "Call for help; he agreed at 22:30"


def test_two_who_typed_different_decisions_are_both_shown_and_one_is_chosen(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    first = night.record()
    night.paired()
    night.fill("decision:kind", "share_information")
    night.fill("decision:why", "Immediate risk to life")
    with night.room.record_away():
        night.tom.contacts.set_field(UUID(first), "decision:what", "Wait for the crisis team")
        night.handler.field_changed(first, "decision:what", "Call for help without consent")
    found = night.h.record
    assert found is not None
    choose = next(one for one in found.fields() if one.key == "choose:decision:what")
    assert choose.label == "What was decided"
    assert {one.key for one in choose.choices} == {"Wait for the crisis team", "Call for help without consent"}
    night.handler.field_changed(first, "choose:decision:what", "Wait for the crisis team")

    assert contact(night, first).clashes == ()
    assert contact(night, first).decisions[-1].decision == "Wait for the crisis team"


def decision(rows: HandlerRows) -> str:
    """Return what the record form shows as decided."""
    assert rows.record is not None
    return next(field.value for field in rows.record.fields() if field.key == "decision:what")


def test_a_form_opened_for_one_person_is_never_sent_for_another(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    first = night.record()
    night.handler.form_opened("confirm")
    assert night.h.forms[0].subject.split()[0] == first
    second_call(night)
    assert night.record() != first
    night.handler.form_sent("confirm", {"name": "yes"})

    subject = contact(night, first).subject
    assert subject is not None
    assert subject.confirmed_by == "name"
    assert not isinstance(night.h.who, IdentityRow)


# The view: each change says the record it was drawn for.


def form(subject: str, said: str = "") -> FormRow:
    """Return a record form with a line and a long field."""
    fields = (FieldRow("line", "Where", value=said), FieldRow("long", "What was said", Kind.LONG, said))
    return FormRow("record", "Record", (SectionRow("The call", fields), SectionRow("Decision", ())), subject=subject)


@pytest.mark.parametrize("at", [0, 1], ids=["line", "long"])
def test_a_field_being_typed_in_is_told_to_its_record_and_empty_for_the_next(
    qtbot: QtBot, qapp: QApplication, at: int
) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    box = FormBox(look)
    qtbot.addWidget(box)
    box.resize(900, 400)
    told: list[tuple[str, str, str]] = []
    box.changed.connect(lambda subject, key, value: told.append((subject, key, value)))
    box.show_form(form("a"))
    box.show()
    box.activateWindow()
    fields = [one for one in box.findChildren(FieldBox) if one.isVisible()]
    fields[at].control.setFocus()
    qtbot.waitUntil(fields[at].control.hasFocus)
    QTest.keyClicks(fields[at].control, "took 40 tablets")
    box.show_form(form("b", "of B"))
    focus = QApplication.focusWidget()
    if focus is not None:
        QTest.keyClicks(focus, "more")

    assert told == [("a", ("line", "long")[at], "took 40 tablets")]
    assert dict(box.values()) == {"line": "of B", "long": "of B"}


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> tuple[HandlerView, SeenActs]:
    """Return a shown view with the paired rows, and what it asks for."""
    view, acts = make_view(qapp, paired())
    qtbot.addWidget(view)
    view.resize(1366, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.notes.editor.hasFocus)
    return view, acts


def test_every_change_of_the_view_names_the_record_on_screen(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(replace(paired(), notes=NotesRow("b")))
    QTest.keyClicks(view.notes.editor, "a")
    view.wrap_up._morning.click()

    assert [one[1] for one in acts.named("note_changed")] == ["b"]
    assert [one[1] for one in acts.named("field_changed")] == ["b"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_list_opened_for_one_record_closes_when_another_comes(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    box = view.notes.fields._boxes[1]
    box.showPopup()
    assert box.view().isVisible()
    view.show_rows(replace(paired(), notes=NotesRow("b")))

    assert not box.view().isVisible()
    assert acts.named("field_changed") == []


def test_half_a_line_to_the_partner_waits_for_its_record(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    first = paired().notes.record
    view.help.message.setFocus()
    QTest.keyClicks(view.help.message, "he has a kni")
    view.show_rows(replace(paired(), notes=NotesRow("b")))
    assert view.help.message.text() == ""
    QTest.keyClick(view.help.message, Qt.Key.Key_Return)
    view.show_rows(replace(paired(), notes=NotesRow(first)))

    assert view.help.message.text() == "he has a kni"
    assert acts.named("message") == []


# --- the search ----------------------------------------------------------------------------------


def test_who_was_found_for_one_caller_is_not_shown_to_the_next(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    assert night.record()
    night.handler.find("Fenn")
    assert len(night.h.find.rows) == 1
    second_call(night)

    assert night.record()
    assert not night.h.find.rows
    assert night.h.find.state == ""


def test_words_being_typed_are_searched_for_at_the_services_pause(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.find_typed("Fe")
    night.room.advance(0.3)
    night.handler.find_typed("Fenn")
    night.room.advance(0.3)
    assert not night.h.find.rows
    night.room.advance(0.3)

    assert len(night.h.find.rows) == 1


def test_a_search_that_is_put_away_is_over_whatever_answers_late(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.panels.opens(Act.FIND)
    field = view.panels._find.field
    QTest.keyClicks(field, "Fe")
    QTest.keyClick(field, Qt.Key.Key_Return)
    view.panels.opens(Act.RISKS)

    assert acts.named("find_typed") == [("find_typed", "F"), ("find_typed", "Fe")]
    assert acts.named("find") == [("find", "Fe")]
    assert acts.named("find_closed") == [("find_closed",)]
    assert field.text() == ""


def test_a_line_that_was_not_taken_stays_in_the_box(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    acts.takes = False
    QTest.keyClicks(view.help.message, "he has a knife")
    QTest.keyClick(view.help.message, Qt.Key.Key_Return)
    assert view.help.message.text() == "he has a knife"
    acts.takes = True
    QTest.keyClick(view.help.message, Qt.Key.Key_Return)

    assert view.help.message.text() == ""

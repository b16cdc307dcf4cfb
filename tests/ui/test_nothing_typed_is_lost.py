"""What is typed with no record on screen begins one, or waits for the call that rings; a choice can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.contacts import Progress
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, night: Night) -> HandlerView:
    """Return Priya's screen, shown, with the note in focus and no record."""
    made = HandlerView(apply(qapp, choose(dark=False, high_contrast=False)), night.handler)
    night.handler.show_on(made.show_rows)
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.notes.editor.hasFocus)
    return made


def settle(night: Night) -> None:
    """Let everything come back, and draw."""
    night.room.advance(2)
    night.handler.draw()


def notes(night: Night) -> list[list[str]]:
    """Return the lines of each of Priya's records."""
    return [[one.text for one in found.notes if one.text] for found in night.priya.contacts.unfinished()]


def test_typing_without_a_record_begins_one_with_every_letter(night: Night, view: HandlerView) -> None:
    QTest.keyClicks(view.notes.editor, "alone by ")
    night.handler.draw()
    QTest.keyClicks(view.notes.editor, "the water")
    settle(night)

    assert notes(night) == [["alone by the water"]]
    assert view.notes.editor.toPlainText().strip() == "alone by the water"
    assert "has begun with what you typed" in view.notice.text


def test_words_typed_while_it_rings_go_into_the_record_of_the_call(night: Night, view: HandlerView) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.handler.draw()
    QTest.keyClicks(view.notes.editor, "alone by ")
    night.room.answers("c1", "1001")
    settle(night)
    QTest.keyClicks(view.notes.editor, "the water")
    settle(night)

    assert notes(night) == [["alone by the water"]]
    assert night.priya.contacts.unfinished()[0].calls


def test_words_typed_for_a_call_that_rang_off_begin_a_record(night: Night, view: HandlerView) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.handler.draw()
    QTest.keyClicks(view.notes.editor, "alone by the water")
    night.room.ends("c1")
    settle(night)
    settle(night)

    assert notes(night) == [["alone by the water"]]
    assert not night.priya.contacts.unfinished()[0].calls


def test_starting_a_record_leads_to_its_note(night: Night, view: HandlerView) -> None:
    view.help.list.setFocus()
    next(one for one in view.shortcuts if one.objectName() == Act.NO_CALL.value).activated.emit()
    settle(night)

    assert view.notes.editor.hasFocus()
    assert view.notes.editor.record


# The decision.


def record_form(night: Night) -> FormRow:
    """Return the record's form."""
    night.handler.draw()
    found = night.h.record
    assert found is not None
    return found


def complete_but_for_the_decision(night: Night) -> UUID:
    """Return a record of a kind that asks for no decision, with everything filled in."""
    night.handler.do(Act.NO_CALL)
    night.fill("type", "information")
    record = UUID(night.record())
    given = {"priority": "p5_information", "source_code": "1C", "authority": "hampshire", "service": "adults"}
    given |= {"summary": "Opening hours", "outcome": "advice_given"}
    for name, value in given.items():
        night.fill(name, value)
    for one in night.priya.contacts.missing(record):
        night.fill(one.key, "Opening hours")
    assert night.priya.contacts.missing(record) == ()
    return record


def test_a_kind_of_decision_alone_is_not_complete_and_can_be_taken_back(night: Night) -> None:
    record = complete_but_for_the_decision(night)
    night.fill("decision:kind", "threshold")
    assert [one.key for one in night.priya.contacts.missing(record)] == ["decision:what", "decision:why"]
    night.handler.do(Act.FINISH)
    found = night.priya.folds.contact(record)
    assert found is not None
    assert found.progress is not Progress.COMPLETE
    asked = [one.key for one in record_form(night).fields() if one.missing]
    assert asked == ["decision:what", "decision:why"]

    kind = next(one for one in record_form(night).fields() if one.key == "decision:kind")
    assert (kind.choices[-1].key, kind.choices[-1].label) == ("", "Nothing chosen")
    night.fill("decision:kind", "")
    assert night.priya.contacts.missing(record) == ()
    kind = next(one for one in record_form(night).fields() if one.key == "decision:kind")
    assert "" not in {one.key for one in kind.choices}


def test_what_and_why_alone_are_no_decision_until_somebody_says_its_kind(night: Night) -> None:
    record = complete_but_for_the_decision(night)
    night.fill("decision:what", "Call for help without consent")
    night.fill("decision:why", "Immediate risk to life")
    found = night.priya.folds.contact(record)
    assert found is not None
    assert found.decisions == (), "nobody chose its kind"
    assert [one.key for one in night.priya.contacts.missing(record)] == ["decision:kind"]
    night.handler.do(Act.FINISH)
    assert [one.key for one in record_form(night).fields() if one.missing] == ["decision:kind"]

    night.fill("decision:kind", "share_information")
    found = night.priya.folds.contact(record)
    assert found is not None
    assert [one.kind for one in found.decisions] == ["share_information"]
    assert night.priya.contacts.missing(record) == ()


def test_a_finished_record_takes_its_sheet_away(night: Night) -> None:
    complete_but_for_the_decision(night)
    night.handler.do(Act.FINISH)

    assert ("close_panel",) in night.window.asked
    assert not night.record()


def test_a_choice_in_the_note_is_taken_back(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    night.fill("priority", "p1_life_now")
    urgent = next(one for one in night.h.fields if one.field == "priority")
    assert urgent.choices[-1].key == ""
    night.fill("priority", "")

    urgent = next(one for one in night.h.fields if one.field == "priority")
    assert urgent.current is None
    assert "" not in {one.key for one in urgent.choices}

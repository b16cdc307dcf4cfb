"""What the panel of the search says: the people with the reasons, nobody, too many, and restricted ones as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from console.domain.invent_script import MARCUS
from console.domain.search import understand
from console.ports.store import Look
from console.services.people_search import SearchState, say_of
from db.people_keys import make_keys
from db.people_schema import person
from db.sqlite import SqliteStore
from tests.helpers.handler_rows import STATES
from tests.helpers.people_room import TODAY, peopled_store
from tests.helpers.record_parts import PRIYA
from tests.helpers.show_handler import make_view
from ui.desktop.screens.handler.panel_rows import find
from ui.desktop.screens.handler.rows import FindRow
from ui.desktop.shortcuts import Act


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = peopled_store(tmp_path, 4_000)
    yield made
    made.close()


def shown(store: SqliteStore, typed: str) -> FindRow:
    read = understand(typed, TODAY)
    look = Look("to see", None, read.e164, read.words, read.born, read.reference)
    found = store.look(PRIYA, store.ask_look(PRIYA, look))
    given: Any = SimpleNamespace(search=SearchState(typed, read, found=found, say=say_of(found)), today=TODAY)
    return find(given)


def spoken(row: FindRow) -> list[str]:
    return [one.spoken for one in row.rows]


def test_each_person_stands_with_the_reasons_and_where_they_live(store: SqliteStore) -> None:
    row = shown(store, "marcus larch 1992")
    assert row.state == "1 person. Down to go to them, Enter to choose."
    assert spoken(row) == [
        "FENN, Marcus. Born 19-Feb-1992 (34y). 448 210. Name as typed, born 1992, address. 9 Larch Court, Netherbourne"
    ]


def test_more_than_are_shown_are_counted(store: SqliteStore) -> None:
    row = shown(store, "alder")
    assert len(row.rows) == 12
    assert row.state.endswith("people, the likeliest 12 shown. Down to go to them, Enter to choose.")


def test_a_restricted_one_is_text_that_says_whom_to_call(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == MARCUS).values(restricted=True))
        make_keys(connection, [MARCUS])
    row = shown(store, "marcus fenn")
    assert [one for one in spoken(row) if one.startswith("Restricted record")] == [
        "Restricted record. Born . . Call the duty manager. "
    ]
    assert not any("FENN, Marcus" in one or "Larch" in one for one in spoken(row))
    assert not any(one.startswith("Restricted") for one in spoken(shown(store, "marcus larch 1992")))


def test_nobody_and_too_many_have_sentences(store: SqliteStore) -> None:
    assert shown(store, "zzzzzz") == FindRow((), "Nobody found. New person Ctrl+N.")
    many = SearchState(found=None, say="More than 1,000 people fit. Add a name.")
    given: Any = SimpleNamespace(search=many, today=TODAY)
    assert find(given) == FindRow((), many.say)


def test_a_person_is_found_and_chosen_by_keyboard_alone(qtbot: QtBot, qapp: QApplication, store: SqliteStore) -> None:
    answers = shown(store, "fenn larch")
    assert len(answers.rows) == 2
    view, acts = make_view(qapp, STATES["handler"])
    qtbot.addWidget(view)
    view.resize(1280, 640)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.notes.editor.hasFocus)
    view.panels.opens(Act.FIND)
    QTest.keyClicks(focused(), "fenn larch")
    assert acts.named("find_typed")[-1] == ("find_typed", "fenn larch")
    view.show_rows(replace(STATES["handler"], find=answers))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(focused(), key)
    assert [name for (_, name) in acts.named("choose_found")] == [answers.rows[-1].key]


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found

"""F3 with somebody already on the record: nobody is ever put beside them unseen and unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.night_screens import Night
from ui.desktop.dialogs.find_person import FindPerson
from ui.desktop.forms.kept_half import KeptHalf
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen, key_of
from ui.desktop.theme.apply import apply, choose


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


@pytest.fixture
def handler(qtbot: QtBot, qapp: QApplication, night: Night) -> HandlerView:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    made = HandlerView(look, night.handler, KeptHalf(night.handler_desk.half_filled, Screen.HANDLER))

    def show(rows: HandlerRows) -> None:
        night._h.append(rows)
        made.show_rows(rows)

    night.handler.show_on(show)
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def press(keys: str) -> None:
    """Press keys where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keySequence(focused, keys)


def settle(night: Night) -> None:
    """Let everything come back, and draw."""
    night.room.advance(2)
    night.handler.draw()


def find(night: Night, view: HandlerView, words: str) -> FindPerson:
    """Look for somebody with F3, and press Enter on the first."""
    press(key_of(Act.FIND))
    (sheet,) = view.findChildren(FindPerson)
    press("Ctrl+A")
    QTest.keyClicks(sheet.field, words)
    press("Return")
    settle(night)
    assert [row.key for row in sheet.list.rows if row.acts], sheet.state.text()
    press("Down")
    press("Return")
    settle(night)
    return sheet


def test_another_found_while_somebody_is_chosen_says_so_and_stays_open(night: Night, handler: HandlerView) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    joan = night.knows("Joan", date(1950, 3, 2))
    night.answered()
    settle(night)
    sheet = find(night, handler, "marcus fenn")
    assert not sheet.isVisible()
    (contact,) = night.priya.folds.contacts()
    assert [one.person for one in contact.present] == [marcus]

    sheet = find(night, handler, "joan fenn")
    assert sheet.isVisible()
    (contact,) = night.priya.folds.contacts()
    assert [one.person for one in contact.present] == [marcus], "nobody beside him whom the screen does not show"
    assert "Marcus" in night.h.notice
    assert key_of(Act.WRONG_PERSON) in night.h.notice
    assert handler.notice.isVisible()

    night.handler_desk.people.wrong(contact.id, marcus, "it is his neighbour who rings")
    settle(night)
    press("Return")
    settle(night)
    assert not sheet.isVisible()
    (contact,) = night.priya.folds.contacts()
    assert [one.person for one in contact.present] == [joan]


def test_the_same_person_again_only_closes_the_sheet(night: Night, handler: HandlerView) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    settle(night)
    find(night, handler, "marcus fenn")
    sheet = find(night, handler, "marcus fenn")
    assert not sheet.isVisible()
    assert "chosen on this record" not in night.h.notice

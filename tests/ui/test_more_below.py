"""A list of the board that holds more than it has room for says how much more, and the keys lead there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.desktop.screens.board.lists import ListCard
from ui.desktop.screens.board.rows import Age, ListRow, ListTile
from ui.desktop.theme.apply import apply, choose


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> ListCard:
    """A card with room for some four rows."""
    made = ListCard(apply(qapp, choose(dark=False, high_contrast=False)), "On call by the rota")
    qtbot.addWidget(made)
    made.resize(420, 140)
    made.show()
    return made


def on_call(count: int) -> ListTile:
    rows = (ListRow(str(at), f"Ines Roche {at}", ", AMHP", "until Wed 08:30") for at in range(count))
    return ListTile("On call by the rota", tuple(rows), Age("read 22:13"))


def below(card: ListCard, qapp: QApplication) -> int:
    qapp.processEvents()
    shown = card.more.text() if card.more.isVisible() else "0"
    return int(shown.split()[0])


def test_what_lies_below_is_counted_and_reached_by_keys(card: ListCard, qapp: QApplication) -> None:
    card.show_list(on_call(7))
    first = below(card, qapp)
    assert 2 <= first <= 5
    assert card.more.text() == f"{first} more below"
    for _ in range(7):
        QTest.keyClick(card.view, Qt.Key.Key_Down)
    assert below(card, qapp) == 0, "the last row is seen now"
    assert card.view.current_key() == "6"


def test_nothing_is_said_where_all_is_seen(card: ListCard, qapp: QApplication) -> None:
    card.show_list(on_call(2))
    assert below(card, qapp) == 0
    card.show_list(on_call(7))
    assert below(card, qapp) > 0
    card.resize(420, 400)
    assert below(card, qapp) == 0

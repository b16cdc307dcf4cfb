"""A choice is an explicit act: the closed list never changes by a key, and words of two words can be typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain.forms.common import CONSENT
from console.domain.people import Rank
from ui.desktop.forms.from_spec import choices_of
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.forms.view import FormBox
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import Choice

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
URGENT = (
    Choice("p1", "Now", Rank.NOW),
    Choice("p2", "Within the hour", Rank.HOUR),
    Choice("p4", "Next working day", Rank.DAY),
)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the light look."""
    return apply(qapp, choose(dark=False, high_contrast=False))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Return an active window for the boxes, with a field after them."""
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def put(qtbot: QtBot, window: QWidget, look: Look, choices: tuple[Choice, ...], now: str | None) -> ChoiceBox:
    """Return a box in ``window``, focused, and begin to listen."""
    box = ChoiceBox(look, "How urgent", "Choose")
    box.show_choices(choices, now)
    layout = window.layout()
    assert layout is not None
    layout.addWidget(box)
    layout.addWidget(QLineEdit())
    window.show()
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    return box


def press(*keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)


def type_words(words: str) -> None:
    """Type where the focus is, letter by letter: the list takes it at the first."""
    for letter in words:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, letter)


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Delete]
)
def test_no_scrolling_key_changes_a_closed_list(qtbot: QtBot, window: QWidget, look: Look, key: Qt.Key) -> None:
    box = put(qtbot, window, look, URGENT, "p2")
    heard: list[str] = []
    box.chosen.connect(heard.append)
    press(key, key)

    assert box.current() == URGENT[1]
    assert heard == []
    assert not box.view().isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space])
def test_an_arrow_opens_the_list_and_only_enter_takes(qtbot: QtBot, window: QWidget, look: Look, key: Qt.Key) -> None:
    box = put(qtbot, window, look, URGENT, "p1")
    heard: list[str] = []
    box.chosen.connect(heard.append)
    press(key)
    assert box.view().isVisible()
    press(Qt.Key.Key_Down, Qt.Key.Key_Escape)
    assert (box.current(), heard) == (URGENT[0], [])
    press(key, Qt.Key.Key_Down, Qt.Key.Key_Return)

    assert heard == ["p2"]
    assert not box.view().isVisible()


def test_a_value_of_two_words_is_typed(qtbot: QtBot, window: QWidget, look: Look) -> None:
    box = put(qtbot, window, look, choices_of(CONSENT), None)
    heard: list[str] = []
    box.chosen.connect(heard.append)
    type_words("not n")
    assert heard == []
    press(Qt.Key.Key_Return)

    assert heard == ["not_needed_risk"]


def test_one_letter_again_goes_on_to_the_next(qtbot: QtBot, window: QWidget, look: Look) -> None:
    box = put(qtbot, window, look, URGENT, None)
    type_words("nn")
    press(Qt.Key.Key_Return)

    assert box.current() == URGENT[2]


def test_tab_takes_what_is_marked_and_goes_on(qtbot: QtBot, window: QWidget, look: Look) -> None:
    box = put(qtbot, window, look, URGENT, None)
    type_words("wi")
    press(Qt.Key.Key_Tab)

    assert box.current() == URGENT[1]
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_a_key_of_ours_works_over_an_open_list(qtbot: QtBot, window: QWidget, look: Look) -> None:
    box = put(qtbot, window, look, URGENT, "p1")
    answered: list[bool] = []
    QShortcut(QKeySequence("F9"), window).activated.connect(lambda: answered.append(True))
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_F9)

    assert answered == [True]
    assert not box.view().isVisible()
    assert box.current() == URGENT[0]


def test_what_was_typed_is_taken_before_a_key_of_ours_acts(qtbot: QtBot, window: QWidget, look: Look) -> None:
    box = put(qtbot, window, look, URGENT, None)
    found: list[Choice | None] = []
    QShortcut(QKeySequence("F2"), window).activated.connect(lambda: found.append(box.current()))
    heard: list[str] = []
    box.chosen.connect(heard.append)
    type_words("wi")
    press(Qt.Key.Key_F2)

    assert (found, heard) == ([URGENT[1]], ["p2"])
    assert not box.view().isVisible()


@pytest.mark.parametrize("after", [("x",), (Qt.Key.Key_Down,), (Qt.Key.Key_Escape,)], ids=["typo", "arrow", "esc"])
def test_a_key_of_ours_takes_nothing_that_was_not_typed(
    qtbot: QtBot, window: QWidget, look: Look, after: tuple[str | Qt.Key]
) -> None:
    box = put(qtbot, window, look, URGENT, "p1")
    QShortcut(QKeySequence("F2"), window)
    type_words("wi")
    for key in after:
        type_words(key) if isinstance(key, str) else press(key)
    press(Qt.Key.Key_F2)

    assert box.current() == URGENT[0]


@pytest.mark.parametrize("keys", [(Qt.Key.Key_PageDown, Qt.Key.Key_PageUp), (Qt.Key.Key_End, Qt.Key.Key_Home)])
def test_paging_in_a_form_scrolls_and_changes_nothing(qtbot: QtBot, look: Look, keys: tuple[Qt.Key, Qt.Key]) -> None:
    box = FormBox(look)
    qtbot.addWidget(box)
    fields = [FieldRow(f"f{at}", f"Field {at}", Kind.CHOICE, "p1", URGENT) for at in range(24)]
    box.show_form(FormRow("record", "Record", (SectionRow("", tuple(fields)),)))
    box.resize(700, 240)
    box.show()
    box.activateWindow()
    box.focus_first()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), ChoiceBox))
    bar = box._area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    press(keys[0])
    assert bar.value() > 0
    press(keys[1])

    assert bar.value() == 0
    assert set(box.values().values()) == {"p1"}

"""Labels, buttons, chips, choices, fields: plain text, whole text, names, sizes, no stolen changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.domain.people import Rank
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Choice, Face, Span
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import PlainLabel, plain, tip_text
from ui.desktop.widgets.panels import Panel, PanelHost
from ui.desktop.widgets.ticks import TickBox

HOSTILE = ("<b>Anne</b>", '<img src="file:///etc/passwd">', "&Mr &amp; Mrs", "a\u202eb")


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the light look."""
    return apply(qapp, choose(dark=False, high_contrast=False))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_markup_as_text(qtbot: QtBot, look: Look, text: str) -> None:
    label = plain(look, text)
    qtbot.addWidget(label)

    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == text
    assert label.natural_width() > plain(look, "").natural_width()
    assert "<img" not in tip_text(text)


def test_a_narrow_label_elides_and_keeps_its_whole_text(qtbot: QtBot, look: Look) -> None:
    label = plain(look, "In the car, by the reservoir, the second car park")
    qtbot.addWidget(label)
    label.resize(80, 20)

    assert label.elided()
    interface = QAccessible.queryAccessibleInterface(label)
    assert interface.text(QAccessible.Text.Name) == "In the car, by the reservoir, the second car park"


def test_spans_are_read_out_as_one_text_with_spaces(qtbot: QtBot, look: Look) -> None:
    label = PlainLabel(look, (Span("FENN, Marcus"), Span("Born ", gap=18), Span("19-Feb-1992")))
    qtbot.addWidget(label)

    assert label.text() == "FENN, Marcus Born 19-Feb-1992"


def test_a_call_button_takes_no_focus_and_says_its_key(qtbot: QtBot, look: Look) -> None:
    button = KeyButton(look, ButtonFace("Hold", "F8"), focus=False)
    qtbot.addWidget(button)
    interface = QAccessible.queryAccessibleInterface(button)

    assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "Hold"
    assert "F8" in interface.text(QAccessible.Text.Description)


def test_a_button_that_is_off_says_why(qtbot: QtBot, look: Look) -> None:
    button = KeyButton(look, ButtonFace("Confirm", "Ctrl+K", enabled=False, why="Choose one first."))
    qtbot.addWidget(button)

    assert not button.isEnabled()
    assert "Choose one first." in button.accessibleDescription()


def test_a_button_never_elides_what_it_does(qtbot: QtBot, look: Look) -> None:
    button = KeyButton(look, ButtonFace("Hold this and answer", "F9"))
    qtbot.addWidget(button)

    assert button.minimumSizeHint() == button.sizeHint()
    assert button.sizeHint().height() >= 24


def test_a_chip_is_read_by_its_words(qtbot: QtBot, look: Look) -> None:
    chip = Chip(look, ChipRow("LIFE AT RISK NOW", Face.RANK, rank=Rank.NOW))
    qtbot.addWidget(chip)
    chip.grab()

    assert QAccessible.queryAccessibleInterface(chip).text(QAccessible.Text.Name) == "LIFE AT RISK NOW"


CHOICES = (Choice("p1", "Now", Rank.NOW), Choice("p2", "Within the hour", Rank.HOUR))


def test_a_choice_has_a_name_of_its_own_and_ignores_the_wheel(qtbot: QtBot, look: Look) -> None:
    box = ChoiceBox(look, "How urgent", "Choose")
    qtbot.addWidget(box)
    box.show_choices(CHOICES, "p1")
    turned = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)

    assert box.current() == CHOICES[0]
    interface = QAccessible.queryAccessibleInterface(box)
    assert "How urgent" in interface.text(QAccessible.Text.Description)
    assert box.accessibleName() == "How urgent"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_choice_tells_what_the_user_picked_and_not_what_was_shown(qtbot: QtBot, look: Look) -> None:
    box = ChoiceBox(look, "How urgent", "Choose")
    qtbot.addWidget(box)
    box.show()
    heard: list[str] = []
    box.chosen.connect(heard.append)

    box.show_choices(CHOICES, "p1")
    box.show_choices(CHOICES, None)
    assert box.current() is None
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)

    assert heard == ["p1"]


def test_a_field_in_use_is_not_written_over(qtbot: QtBot, look: Look) -> None:
    field = LineField(look, "Caller's name")
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "Lena")

    field.fill("Marcus")

    assert field.text() == "Lena"


def test_a_field_hands_on_one_safe_line(qtbot: QtBot, look: Look) -> None:
    field = LineField(look, "One line", cap=20)
    qtbot.addWidget(field)
    heard: list[str] = []
    field.entered.connect(heard.append)
    field.insert("a\u202eb" + "x" * 50)
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert len(heard[0]) <= 20
    assert "\u202e" not in heard[0]


def test_a_tick_box_is_a_target_of_24_px(qtbot: QtBot, look: Look) -> None:
    box = TickBox(look, "Which drug")
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    box.grab()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 3, 3))

    assert box.isChecked()
    assert box.sizeHint().height() >= 24


def test_a_panel_covers_the_area_and_esc_gives_the_focus_back(qtbot: QtBot, look: Look) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    home = LineField(look, "Note")
    layout = QVBoxLayout(window)
    layout.addWidget(home)
    window.show()
    home.setFocus()
    qtbot.waitUntil(home.hasFocus)
    host = PanelHost(window, home)
    panel = Panel(look, "Find a person")
    field = LineField(look, "Name")
    panel.body.addWidget(field)
    panel.first = field

    host.open(panel)
    assert field.hasFocus()
    assert not home.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert home.hasFocus()
    assert host.current is None


def test_no_label_or_dialog_is_made_outside_its_factory() -> None:
    root = Path(__file__).parents[2] / "ui" / "desktop"
    makers = {"labels.py", "chips.py", "keycap.py"}
    for path in root.rglob("*.py"):
        # Waiting for the end of the journal runs a loop of events, and no dialog.
        text = path.read_text(encoding="utf-8").replace("loop.exec()", "")
        for forbidden in ("QMessageBox", "QDialog(", "setHtml(", "insertHtml(", ".exec()"):
            assert forbidden not in text, f"{path.name} uses {forbidden}"
        if path.name not in makers:
            assert "QLabel(" not in text, path.name
        if path.name != "labels.py":
            assert "setToolTip(" not in text, path.name

"""The coordinator's screen: everything in sight, by keyboard alone, nothing moved or stolen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.helpers.coordinator_rows import coordinator_at_22_17_58, desk_without_a_pair
from tests.helpers.screen_lint import faults
from ui.desktop.forms.rows import FieldRow, FormRow, SectionRow
from ui.desktop.screens.coordinator.rows import CoordinatorRows, ReadNoteRow
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose


class Asked:
    """Implements ``CoordinatorActs`` by writing down what is asked for."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        self.takes = True

    def do(self, act: Act) -> None:
        """Write down an act."""
        self.heard.append(("do", act))

    def number_typed(self, typed: str) -> None:
        """Write it down."""
        self.heard.append(("number_typed", typed))

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write it down."""
        self.heard.append(("mark_number", key, how, words))

    def row(self, of: str, key: str, act: str) -> None:
        """Write down an act on a row."""
        self.heard.append(("row", of, key, act))

    def message(self, text: str) -> bool:
        """Write down a line to the partner."""
        self.heard.append(("message", text))
        return self.takes

    def refused(self, sentence: str) -> None:
        """Write down what the view refused."""
        self.heard.append(("refused", sentence))

    def form_opened(self, key: str, subject: str) -> None:
        """Write down that a form was opened."""
        self.heard.append(("opened", key, subject))

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Write down a field of the fact sheet."""
        self.heard.append(("field", record, field, value, over))

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Write down a filled form."""
        self.heard.append(("sent", key, dict(values)))


@pytest.fixture
def acts() -> Asked:
    return Asked()


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, acts: Asked) -> CoordinatorView:
    made = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), acts)
    qtbot.addWidget(made)
    made.show_rows(coordinator_at_22_17_58())
    made.resize(1366, 690)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.pair.line.hasFocus)
    return made


def press(view: CoordinatorView, act: Act) -> None:
    """Fire the shortcut of ``act``."""
    next(one for one in view.shortcuts if one.objectName() == act.value).activated.emit()


@pytest.mark.parametrize("rows", [coordinator_at_22_17_58(), desk_without_a_pair()], ids=["pair", "no pair"])
def test_nothing_is_nameless_small_or_rich(view: CoordinatorView, rows: CoordinatorRows, qapp: QApplication) -> None:
    view.show_rows(rows)
    qapp.processEvents()

    assert faults(view) == []


def test_it_fits_1280_by_640(view: CoordinatorView) -> None:
    hint = view.minimumSizeHint()

    assert (hint.width() <= 1280, hint.height() <= 640) == (True, True), hint


def test_no_refresh_takes_the_focus_from_the_line(view: CoordinatorView) -> None:
    QTest.keyClicks(view.pair.line, "Police 6 m")
    for _ in range(3):
        view.show_rows(desk_without_a_pair())
        view.show_rows(coordinator_at_22_17_58())
    view.pair.line.setFocus()
    QTest.keyClicks(view.pair.line, "in")

    assert view.pair.line.text() == "Police 6 min"


def test_one_line_goes_to_the_partner_on_enter(view: CoordinatorView, acts: Asked) -> None:
    QTest.keyClicks(view.pair.line, "Ask: front door open?")
    QTest.keyClick(view.pair.line, Qt.Key.Key_Return)

    assert acts.heard == [("message", "Ask: front door open?")]
    assert view.pair.line.text() == ""


def test_ctrl_enter_sends_what_is_not_sent_first(view: CoordinatorView, acts: Asked) -> None:
    press(view, Act.FINISH)

    unsent = next(row for row in coordinator_at_22_17_58().requests if row.send)
    assert acts.heard == [("row", "requests", str(unsent.key), "send")]


def test_ctrl_enter_never_sends_a_request_while_a_line_is_written(view: CoordinatorView, acts: Asked) -> None:
    QTest.keyClicks(view.pair.line, "Police 6 min")
    press(view, Act.FINISH)

    assert acts.heard == [("message", "Police 6 min")]


def test_news_is_logged_about_the_current_request(view: CoordinatorView, acts: Asked) -> None:
    police = coordinator_at_22_17_58().requests[0]
    view.pair.requests.setFocus()
    view.pair.requests.choose(str(police.key))
    press(view, Act.LOG_NEWS)

    assert acts.heard == [("opened", "log_news", str(police.key))]


def test_a_form_is_sent_by_ctrl_enter_with_what_was_written(view: CoordinatorView, acts: Asked) -> None:
    press(view, Act.ASK_HELP)
    form = FormRow("ask_help", "Ask for help", (SectionRow("", (FieldRow("words", "Words", value="dog"),)),))
    view.show_rows(replace(coordinator_at_22_17_58(), forms=(form,)))
    press(view, Act.FINISH)

    assert acts.heard[-1] == ("sent", "ask_help", {"words": "dog"})


def test_enter_reads_the_relay_card_out_line_by_line(view: CoordinatorView, acts: Asked) -> None:
    relay = view.pair.relay
    relay.setFocus()
    relay.choose("3")
    QTest.keyClick(relay, Qt.Key.Key_Return)
    QTest.keyClick(relay, Qt.Key.Key_Return)

    assert acts.heard == [("row", "relay", "3", "said"), ("row", "relay", "4", "said")]
    assert relay.current_key() == "5"


def test_missing_on_the_relay_card_opens_the_fact_to_ask_for(view: CoordinatorView, acts: Asked) -> None:
    missing = next(row for row in coordinator_at_22_17_58().relay if row.missing)
    view.pair.relay.setFocus()
    view.pair.relay.choose(missing.key)
    QTest.keyClick(view.pair.relay, Qt.Key.Key_Return)

    assert acts.heard == [("opened", "fact", f"ask {missing.key}")]


def test_take_takes_the_first_without_an_owner(view: CoordinatorView, acts: Asked) -> None:
    view.show_rows(desk_without_a_pair())
    press(view, Act.TAKE)

    assert acts.heard == [("row", "desk", "s", "take")]


def test_f6_walks_every_pane_and_comes_back(view: CoordinatorView) -> None:
    first = view.pair.line
    visited = []
    for _ in range(8):
        press(view, Act.NEXT_PANE)
        visited.append(view.focusWidget())

    assert len(set(visited)) == 8
    assert visited[-1] is first


def test_the_newest_line_of_the_note_stays_in_sight(view: CoordinatorView, qtbot: QtBot) -> None:
    rows = coordinator_at_22_17_58()
    note = tuple(ReadNoteRow(str(at), "22:17", f"line {at}") for at in range(60))
    view.show_rows(replace(rows, note=note[:30]))
    view.show_rows(replace(rows, note=note))
    bar = view.pair.note.verticalScrollBar()

    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())


def test_the_newest_line_stays_in_sight_when_the_pane_grows_lower_and_whoever_scrolled_back_is_left_there(
    view: CoordinatorView, qtbot: QtBot
) -> None:
    rows = coordinator_at_22_17_58()
    note = tuple(
        ReadNoteRow(str(at), "22:17", f"line {at} of what he said in the car by the water") for at in range(60)
    )
    view.show_rows(replace(rows, note=note[:30]))
    bar = view.pair.note.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    view.show_rows(replace(rows, note=note[:31], notice="Something was ticked as told. " * 8))
    view.resize(1280, 640)
    qtbot.waitUntil(lambda: view.notice.isVisible() and bar.value() == bar.maximum() > 300)
    before = bar.maximum()

    wheel = QWheelEvent(
        QPointF(20, 20), QPointF(20, 20), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.pair.note.viewport(), wheel)
    left = bar.value()
    assert left < before - 30
    view.show_rows(replace(rows, note=note))
    qtbot.waitUntil(lambda: bar.maximum() > before)
    assert bar.value() == left


def test_exclusive_acts_say_why_not_while_the_database_is_away(view: CoordinatorView) -> None:
    view.show_rows(replace(coordinator_at_22_17_58(), away="The shared record is away."))
    buttons = {one.accessibleName(): one for one in view.head.findChildren(QPushButton)}

    for name in ("Swap roles", "Hand back", "Stand down"):
        assert not buttons[name].isEnabled()
        assert "away" in buttons[name].accessibleDescription()
    assert buttons["To the call"].isEnabled()


def test_hostile_text_is_only_text(view: CoordinatorView, qapp: QApplication) -> None:
    rows = coordinator_at_22_17_58()
    hostile = "<b>Anne</b><img src='file:///etc/passwd'>" * 500
    fact = replace(rows.facts[1], text=hostile)
    note = ReadNoteRow("x", "22:17", hostile)
    assert rows.head is not None
    view.show_rows(replace(rows, facts=(fact,), note=(note,), head=replace(rows.head, name=hostile)))
    qapp.processEvents()

    assert hostile in view.pair.facts.rows[0].spoken
    assert faults(view) == []


def test_take_on_an_empty_column_takes_nothing_that_is_not_there(view: CoordinatorView, acts: Asked) -> None:
    view.show_rows(replace(desk_without_a_pair(), summons=(), work=()))
    view.desk.views[0].setFocus()
    view.desk.views[0].choose("none")
    press(view, Act.TAKE)

    assert acts.heard == []


def test_a_line_that_was_not_taken_stays_in_its_box(view: CoordinatorView, acts: Asked) -> None:
    acts.takes = False
    view.pair.line.setFocus()
    QTest.keyClicks(view.pair.line, "police 6 min")
    QTest.keyClick(view.pair.line, Qt.Key.Key_Return)
    assert view.pair.line.text() == "police 6 min"
    acts.takes = True
    QTest.keyClick(view.pair.line, Qt.Key.Key_Return)

    assert view.pair.line.text() == ""
    assert acts.heard == [("message", "police 6 min")] * 2


def test_a_line_begun_in_one_pair_is_never_sent_to_the_next(view: CoordinatorView, acts: Asked) -> None:
    QTest.keyClicks(view.pair.line, "he has a kni")
    view.show_rows(replace(coordinator_at_22_17_58(), incident="another"))
    QTest.keyClick(view.pair.line, Qt.Key.Key_Return)
    assert acts.heard == []
    view.show_rows(coordinator_at_22_17_58())

    assert view.pair.line.text() == "he has a kni"

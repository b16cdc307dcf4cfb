"""With all hands full, nothing on the pair's windows or the board is cut at 1366x690 and 1280x640."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.signal_set import SHIPPED, SPARE_KEYS, SignalSet, SignalSpec
from tests.helpers.busy_pair import ADDED, LONG_LINE, STATES, BusyPair
from tests.helpers.cut_words import cut_words
from tests.helpers.night_windows import Sitting, Windows, focused
from tests.helpers.screen_lint import faults
from tests.helpers.three_screens import make_screen
from ui.desktop.forms.fields import FieldBox
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.palette import Ink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SMALL = (1280, 640)
SIZES = (SMALL, (1366, 690))


@pytest.fixture
def pair(qapp: QApplication) -> Iterator[BusyPair]:
    """The pair in the program's own fonts, with a signal of the service's own on each free key."""
    apply(qapp, choose(dark=False, high_contrast=False))
    made = BusyPair(signals=ADDED)
    yield made
    made.end()


def coordinator(pair: BusyPair) -> CoordinatorView:
    assert isinstance(pair.tom.view, CoordinatorView)
    return pair.tom.view


def handler(pair: BusyPair) -> HandlerView:
    assert isinstance(pair.priya.view, HandlerView)
    return pair.priya.view


def board(pair: BusyPair) -> BoardView:
    assert isinstance(pair.helen.view, BoardView)
    return pair.helen.view


@pytest.mark.parametrize("state", list(STATES))
def test_every_word_is_whole_and_every_place_has_a_name(pair: BusyPair, state: str) -> None:
    STATES[state](pair)
    for size in SIZES:
        pair.sized(*size)
        for one in (pair.priya, pair.tom, pair.helen):
            assert list(cut_words(one.view)) == [], (one.console.who.name, size)
            assert faults(one.view) == []
            assert (one.view.width(), one.view.height()) == size, "the screen itself need not be scrolled"


def test_before_a_pair_is_made_every_word_is_whole_as_well(qapp: QApplication) -> None:
    apply(qapp, choose(dark=False, high_contrast=False))
    room = Windows()
    for answered in (False, True):
        if answered:
            room.answered()
        for size in SIZES:
            for one in (room.priya, room.tom, room.helen):
                one.window.resize(*size)
                one.settle()
                assert list(cut_words(one.view)) == [], (one.console.who.name, size)
    room.end()


def test_the_quick_replies_to_a_signal_are_in_sight_without_scrolling(pair: BusyPair) -> None:
    pair.signal_all()
    pair.sized(*SMALL)
    view = coordinator(pair).pair.signals_view
    first = view.visualRect(view.model().index(0, 0))

    assert len(view.rows[0].acts) == 4, "to answer, and three replies"
    assert view.viewport().rect().contains(first)


def test_a_promise_in_two_lines_is_in_sight_whole(pair: BusyPair) -> None:
    pair.sized(*SMALL)
    hooks = coordinator(pair).pair.hooks

    assert hooks.viewport().rect().contains(hooks.visualRect(hooks.model().index(0, 0)))


def test_no_signal_moves_when_one_is_seen(pair: BusyPair) -> None:
    pair.sized(*SMALL)
    buttons = {act: handler(pair).signals.buttons.button_of(act) for act in (Act.GET_POLICE, Act.CALLER_GONE)}
    buttons[Act.AT_RISK] = handler(pair).signals.risk.button_of(Act.AT_RISK)
    before = {act: button.geometry() for act, button in buttons.items() if button is not None}
    pair.signal_all()
    pair.sized(*SMALL)

    assert {act: button.geometry() for act, button in buttons.items() if button is not None} == before
    assert all("seen" in button.accessibleDescription() for button in buttons.values() if button is not None)


def test_the_partners_longest_line_is_read_whole(pair: BusyPair) -> None:
    pair.sized(*SMALL)
    card = handler(pair).partner
    height = card.height()
    pair.tom.console.pair.say(pair.incident.id, LONG_LINE)
    pair.settle()
    pair.sized(*SMALL)

    assert card.line.text() == LONG_LINE
    assert card.line.heightForWidth(card.line.width()) <= card.line.height()
    assert card.line.geometry().bottom() < card.height()
    assert card.height() == height
    pair.tom.console.pair.say(pair.incident.id, "Ask where he is")
    pair.settle()
    assert not card.line.wordWrap(), "what fits on one line stays the largest text there"


def test_an_empty_list_shows_that_it_has_the_keyboard(pair: BusyPair) -> None:
    pair.sized(*SMALL)
    pair.tom.window.activateWindow()
    view = coordinator(pair).pair
    ring = view._look.colour(Ink.FOCUS).rgb()

    def corner() -> int:
        QApplication.processEvents()
        return view.lines.viewport().grab().toImage().pixel(view.lines.viewport().width() // 2, 1)

    assert view.lines.rows == ()
    view.lines.setFocus()
    assert corner() == ring
    view.line.setFocus()
    assert corner() != ring


LONGEST = ("Woman with two children", "Wrong address was given", "Wants worker named Gwen")


def test_three_signals_of_the_longest_words_have_room(qapp: QApplication) -> None:
    apply(qapp, choose(dark=False, high_contrast=False))
    own = (SignalSpec(f"own {at}", words, key) for at, (words, key) in enumerate(zip(LONGEST, SPARE_KEYS, strict=True)))
    made = BusyPair(signals=SignalSet((*SHIPPED.signals, *own), SHIPPED.replies))
    made.signal_all()
    made.sized(*SMALL)
    view = handler(made)
    try:
        assert list(cut_words(view)) == []
        assert (view.width(), view.height()) == SMALL
        police = view.signals.buttons.button_of(Act.GET_POLICE)
        assert police is not None
        shown, tick = police.grab().toImage(), view._look.colour(Ink.OK).rgb()
        drawn = (shown.pixel(x, y) for x in range(shown.width()) for y in range(shown.height()))
        assert tick in drawn, "that it was seen is shown where there is no room for when"
    finally:
        made.end()


def test_where_there_is_no_room_for_all_keys_none_is_drawn_and_each_is_told(pair: BusyPair) -> None:
    buttons = handler(pair).signals.buttons
    pair.sized(*SMALL)
    police = buttons.button_of(Act.GET_POLICE)
    assert police is not None
    assert police.sizeHint().width() < police.width_with_cap()
    assert "Shift+F1" in police.toolTip()
    pair.sized(1920, 1000)
    assert police.sizeHint().width() == police.width_with_cap()


def test_the_name_of_who_sits_here_outlives_two_warnings(pair: BusyPair) -> None:
    pair.held()
    pair.ask("placement")
    pair.settle(70)
    pair.sized(*SMALL)
    for one in (pair.priya, pair.tom, pair.helen):
        said = [span.text for span in one.view.status._who.spans]
        assert said[:1] == [one.console.who.name]


FORMS = (Act.ASK_HELP, Act.LOG_NEWS, Act.FACT_SHEET, Act.HOOK, Act.RISK_NOW, Act.HAND_OVER, Act.STAND_DOWN)


@pytest.mark.parametrize("act", FORMS, ids=lambda act: act.value)
def test_each_form_is_filled_by_tab_with_the_field_whole_in_sight_and_esc_goes_back(pair: BusyPair, act: Act) -> None:
    pair.sized(*SMALL)
    homes: tuple[tuple[Sitting, QWidget], ...] = (
        (pair.priya, handler(pair).notes.editor),
        (pair.tom, coordinator(pair).pair.line),
    )
    for one, home in homes:
        one.window.activateWindow()
        QApplication.processEvents()
        home.setFocus()
        one.press(act)
        assert list(cut_words(one.view)) == []
        assert faults(one.view) == []
        seen = 0
        while (box := _box_of(focused())) is not None:
            assert box.visibleRegion().boundingRect().height() == box.height(), box.row.key
            seen += 1
            QTest.keyClick(focused(), Qt.Key.Key_Tab)
            QApplication.processEvents()
        assert seen > 0
        QTest.keyClick(focused(), Qt.Key.Key_Escape)
        assert focused() is home


def _box_of(widget: QWidget | None) -> FieldBox | None:
    while widget is not None and not isinstance(widget, FieldBox):
        widget = widget.parentWidget()
    return widget


def test_two_figures_of_open_work_are_whole_on_the_board(pair: BusyPair) -> None:
    pair.crowd()
    pair.sized(*SMALL)

    assert int(board(pair).work._marks[0][2].text()) >= 10
    assert list(cut_words(board(pair).work)) == []


@pytest.mark.parametrize("name", ["coordinator-pair", "coordinator-desk", "board"])
def test_the_reference_evening_is_whole_as_well(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    screen, _ = make_screen(qapp, name, choose(dark=False, high_contrast=False))
    qtbot.addWidget(screen)
    screen.resize(*SMALL)
    screen.show()
    qapp.processEvents()

    assert list(cut_words(screen)) == []

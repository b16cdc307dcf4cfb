"""A caller given to somebody else by keys alone, at real windows, over the simulator's own exchange."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console.domain.call_events import LinkChanged, LinkState, SnapshotTaken
from console.domain.calls import CallState, Transfer, TransferKind
from console.domain.dialling import EMERGENCY_SENTENCE
from console.ports.switchboard import NO_CONFIRMATION, ActionAnswer, Answer
from telephony_adapters.simulator.steps import HangsUp
from tests.helpers.exchange_by_hand import ExchangeByHand
from tests.helpers.night_windows import LINE, NUMBER, Windows, focused
from tests.helpers.passing_evening import Evening
from ui.desktop.forms.fields_area import FieldsArea
from ui.desktop.screens.handler.passing_forms import NO_PLACE
from ui.desktop.shortcuts import Act

pytestmark = [
    pytest.mark.usefixtures("qtbot"),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.fixture
def evening() -> Iterator[Evening]:
    windows = Windows()
    board = ExchangeByHand(windows.room)
    board.call_in(NUMBER, LINE, "1001")
    windows.priya.settle()
    yield Evening(windows, board)
    windows.end()


ASKING = [("Take back", True), ("Need a second", True), ("Give over", True), ("All three together", True)]


def test_a_colleague_is_asked_and_then_given_the_caller_by_keys(evening: Evening) -> None:
    evening.gives("Tom", "Ask")
    state, detail, buttons = evening.bar()
    assert (state, detail) == ("RINGING 1002", "Ringing Tom Adeyemi, 1002; the caller waits.")
    assert [text for text, enabled in buttons if not enabled] == ["Give over", "All three together"]
    evening.goes_on(5)
    assert evening.bar() == ("ASKING 1002", "Asking Tom Adeyemi, 1002; the caller waits.", ASKING)
    evening.panel()
    evening.priya.choose("Give")
    evening.send()
    assert (evening.call.talking, evening.call.transfers) == (
        frozenset({"1002"}),
        (Transfer(TransferKind.ATTENDED, "1001", "1002"),),
    )
    assert evening.bar()[0] != "ASKING 1002"
    evening.goes_on(60)
    assert NO_CONFIRMATION not in evening.priya.notice


@pytest.mark.parametrize(
    ("act", "talking", "state"),
    [
        (Act.GIVE_OVER, {"1002"}, CallState.CONNECTED),
        (Act.ALL_THREE, {"1001", "1002"}, CallState.CONFERENCE),
        (Act.HOLD, {"1001"}, CallState.CONNECTED),
    ],
)
def test_the_buttons_at_the_call_do_it_and_take_no_focus(
    evening: Evening, act: Act, talking: set[str], state: CallState
) -> None:
    evening.gives("Tom", "Ask")
    evening.goes_on(5)
    button = evening.button(act)
    assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
    button.click()
    evening.goes_on(1)
    assert (set(evening.call.talking), evening.call.state) == (talking, state)
    assert evening.call.asked is None


def test_the_key_that_takes_a_caller_back_takes_them_back_from_the_asking(evening: Evening) -> None:
    evening.gives("Tom", "Ask")
    evening.goes_on(5)
    evening.priya.press(Act.HOLD)
    evening.goes_on(1)
    assert evening.call.state is CallState.CONNECTED
    assert evening.bar()[2][0] == ("Hold", True)


def test_two_presses_of_end_leave_nobody_with_a_colleague_by_accident(evening: Evening) -> None:
    evening.gives("Tom", "Ask")
    evening.goes_on(5)
    evening.priya.press(Act.END)
    evening.priya.press(Act.END)
    assert "leave them with 1002" in evening.priya.notice
    assert evening.bar()[0] == "ASKING 1002"


def test_whoever_is_on_a_call_is_marked_and_comes_last(evening: Evening) -> None:
    evening.windows.room.rings("c9", "01632960741", LINE, "1003")
    evening.windows.room.answers("c9", "1003")
    whom = evening.panel().form.fields()[0]
    assert [one.label for one in whom.choices][-1] == "Helen Marsh, 1003 (on a call)"
    assert [one.key for one in whom.choices][:2] == ["1004", "1002"]


def test_a_typed_extension_is_given_the_caller_at_once(evening: Evening) -> None:
    evening.panel()
    evening.priya.choose("", "1005", "Give")
    evening.send()
    assert (evening.call.alerting, evening.call.talking) == (frozenset({"1005"}), frozenset())
    assert evening.call.transfers[0].kind is TransferKind.BLIND


def test_an_emergency_number_is_refused_with_the_card_and_the_caller_stays(evening: Evening) -> None:
    evening.panel()
    evening.priya.choose("", "9 999", "")
    evening.send()
    assert evening.priya.notice == f"{EMERGENCY_SENTENCE} {NO_PLACE}"
    assert evening.view.panels.any_open, "the panel stays, for another number"
    assert evening.call.state is CallState.CONNECTED


def test_keys_on_the_line_are_digits_alone_and_stand_nowhere_afterwards(evening: Evening) -> None:
    panel = evening.panel()
    field = next(one for one in panel.findChildren(QLineEdit) if one.accessibleName() == "Keys on the line")
    field.setFocus()
    QTest.keyClicks(focused(), "4a7b1#")
    assert field.text() == "471#"
    evening.goes_on(5)
    evening.send()
    assert evening.priya.notice == ""
    assert not evening.view.panels.any_open
    assert "471#" not in str(evening.windows.room.store.news(evening.priya.console.who, 0))
    again = evening.panel()
    assert "471#" not in again.box.values().values()


def test_a_parked_caller_stands_in_the_slot_until_fetched_and_others_see_it(evening: Evening) -> None:
    evening.gives("", "Park")
    evening.goes_on(12)
    row = evening.view.slot._row  # noqa: SLF001  what is drawn
    assert row is not None
    assert row.chip is not None
    assert (row.chip.text, row.detail) == ("PARKED 00:12", "Hampshire adults. At 701. Parked by you.")
    evening.panel()
    evening.send()
    assert evening.call.state is CallState.PARKED, "the own telephone rings first"
    evening.goes_on(5)
    assert (evening.call.talking, evening.call.transfers[0].kind) == (frozenset({"1001"}), TransferKind.PARK)
    assert evening.view.slot.buttons.button_of(Act.FETCH) is None


def test_a_caller_who_rings_off_while_parked_is_parked_no_more(evening: Evening) -> None:
    evening.gives("", "Park")
    assert evening.button(Act.FETCH).isEnabled()
    evening.board.do(HangsUp("c1", "caller"))
    evening.goes_on(1)
    assert evening.view.slot.buttons.button_of(Act.FETCH) is None


def test_a_link_lost_in_mid_asking_leaves_what_was_heard_and_says_so(evening: Evening) -> None:
    evening.gives("Tom", "Ask")
    evening.goes_on(5)
    now = evening.windows.room.clock.now()
    evening.windows.room.hears(LinkChanged(now, LinkState.LOST, "The telephones are away."))
    evening.priya.settle()
    assert not any(enabled for text, enabled in evening.bar()[2] if text != "Need a second")
    alive = frozenset(evening.board.exchange.calls)
    evening.windows.room.hears(LinkChanged(now, LinkState.CONNECTED), SnapshotTaken(now, alive))
    evening.priya.settle()
    assert evening.bar() == ("ASKING 1002", "Asking Tom Adeyemi, 1002; the caller waits, as last heard.", ASKING)


def test_what_the_switchboard_refuses_is_said_and_what_it_never_does_is_not_shown(evening: Evening) -> None:
    board = evening.priya.console.switchboard
    refusal = ActionAnswer(Answer.REFUSED, "The telephone system refused: nothing was changed.")
    del board.perform  # from here on it is the memory of what was asked again, that answers as it is told
    board.reply = refusal
    evening.gives("Tom", "Ask")
    assert evening.priya.notice == refusal.sentence
    assert evening.call.state is CallState.CONNECTED
    board.reply = ActionAnswer(Answer.ACCEPTED)
    evening.gives("Tom", "Ask")
    assert evening.bar()[0] == "ON CALL", "accepted is not done"


@pytest.mark.parametrize("size", [(1280, 640), (1366, 690)])
def test_every_state_fits_the_small_window(evening: Evening, size: tuple[int, int]) -> None:
    window = evening.priya.window

    def fits() -> None:
        QApplication.processEvents()
        least = window.minimumSizeHint()
        assert least.width() <= 1280
        assert least.height() <= 640

    window.resize(*size)
    panel = evening.panel()
    QApplication.processEvents()
    (area,) = panel.findChildren(FieldsArea)
    assert area.verticalScrollBar().maximum() == 0, "nothing of the panel has to be scrolled to"
    fits()
    evening.view.panels.put_away()
    evening.gives("Tom", "Ask")
    fits()
    evening.goes_on(5)
    fits()
    evening.priya.press(Act.HOLD)
    evening.goes_on(1)
    evening.gives("", "Park")
    fits()


def test_a_colleague_is_asked_again_after_the_caller_was_taken_back(evening: Evening) -> None:
    for _ in range(2):
        evening.gives("Tom", "Ask")
        evening.goes_on(5)
        assert evening.bar()[0] == "ASKING 1002"
        evening.priya.press(Act.HOLD)
        evening.goes_on(1)
        assert evening.bar()[0] == "ON CALL"

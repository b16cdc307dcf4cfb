"""Real windows: a form and a half-pressed key that were meant for one caller do nothing to another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.call_events import HoldChanged, Parked
from console.ports.switchboard import Act as PhoneAct
from console.services.meant_call import NOT_THAT_CALL
from tests.helpers.night_windows import LINE, Windows, focused
from ui.desktop.screens.handler.aim import HAND
from ui.desktop.screens.handler.passing_forms import GONE
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act

pytestmark = pytest.mark.usefixtures("qtbot")
OTHER = "01632960741"


class Evening:
    """Priya has c1; ``second`` puts it on hold and c2 on the line."""

    def __init__(self) -> None:
        self.windows = Windows()
        self.room, self.priya = self.windows.room, self.windows.priya
        self.windows.answered()
        assert isinstance(self.priya.view, HandlerView)
        self.view = self.priya.view
        self.second()

    def second(self) -> None:
        """Let another caller be on the line, the first on hold."""
        self.room.hears(HoldChanged("c1", self.room.clock.now(), "1001", True))
        self.room.rings("c2", OTHER, LINE, "1001")
        self.room.answers("c2", "1001")
        self.priya.settle()
        self.room.advance(HAND.total_seconds())
        self.priya.settle()
        self.priya.console.switchboard.asked.clear()

    def rings_off(self, call: str) -> None:
        """Let a caller ring off, and the screen show it."""
        self.room.ends(call)
        self.priya.settle()

    def writes(self, target: str) -> None:
        """Open Transfer and write a number in it."""
        self.priya.press(Act.TRANSFER)
        self.priya.choose("")
        QTest.keyClicks(focused(), target)
        self.priya.settle()

    def asked(self) -> list[tuple[PhoneAct, str]]:
        """Return what the switchboard was asked, with whose call."""
        made = self.priya.console.switchboard.asked
        return [(one.act, one.provider_call) for one in made if one.act not in (PhoneAct.PAUSE, PhoneAct.UNPAUSE)]


@pytest.fixture
def evening() -> Iterator[Evening]:
    made = Evening()
    yield made
    made.windows.end()


def test_a_transfer_written_for_one_caller_is_not_done_to_the_next(evening: Evening) -> None:
    evening.writes("1005")
    evening.rings_off("c2")
    form = evening.view.panels._open_form()  # noqa: SLF001  what is open is what the keys go to
    assert form is not None
    assert (form.form.error, form.box.values()["target"]) == (GONE, "1005"), "it says so, and keeps what was typed"
    evening.priya.press(Act.FINISH)
    evening.priya.press(Act.FINISH)
    assert evening.asked() == []
    assert (form.form.error, form.box.values()["target"]) == (GONE, "1005")
    evening.view.panels.put_away()
    evening.priya.press(Act.TRANSFER)
    anew = evening.view.panels._open_form()  # noqa: SLF001
    assert anew is not None
    assert (anew.form.error, anew.box.values()["target"]) == ("", ""), "nothing of it stands in another caller's"


def test_a_transfer_written_for_one_caller_is_done_to_them_alone_after_another_was_answered(evening: Evening) -> None:
    evening.writes("1005")
    evening.room.hears(HoldChanged("c2", evening.room.clock.now(), "1001", True))
    evening.room.rings("c3", "01632960742", LINE, "1001")
    evening.room.answers("c3", "1001")
    evening.priya.settle()
    evening.priya.press(Act.FINISH)
    assert evening.asked() == []
    evening.rings_off("c3")
    evening.priya.press(Act.FINISH)
    assert [call for _, call in evening.asked()] == ["c2"], "their caller is back on the bar, and it is theirs still"


def test_what_was_opened_with_nobody_on_the_line_gives_nobody_away(evening: Evening) -> None:
    evening.rings_off("c2")
    evening.rings_off("c1")
    evening.priya.press(Act.TRANSFER)
    evening.room.rings("c3", "01632960742", LINE, "1001")
    evening.room.answers("c3", "1001")
    evening.priya.settle()
    form = evening.view.panels._open_form()  # noqa: SLF001
    assert form is not None
    assert "You had no call when this was opened" in str(form.form)
    evening.priya.press(Act.FINISH)
    assert evening.asked() == []


def test_the_second_press_of_end_ends_nobody_else(evening: Evening) -> None:
    evening.priya.press(Act.END)
    evening.rings_off("c2")
    assert evening.view.call._row is not None  # noqa: SLF001  what is drawn
    assert "Again to end" not in str(evening.view.call._row), "it is not armed for the caller who is left"  # noqa: SLF001
    evening.priya.press(Act.END)
    assert evening.asked() == []
    assert evening.priya.notice == NOT_THAT_CALL
    evening.room.advance(HAND.total_seconds())
    evening.priya.press(Act.END)
    evening.priya.press(Act.END)
    assert evening.asked() == [(PhoneAct.HANG_UP, "c1")]


@pytest.mark.parametrize("presses", [(Act.HOLD,), (Act.END, Act.END)])
def test_a_key_that_comes_as_the_caller_rings_off_does_nothing_to_the_other(
    evening: Evening, presses: tuple[Act, ...]
) -> None:
    evening.rings_off("c2")
    for act in presses:
        evening.priya.press(act)
    assert evening.asked() == []
    assert evening.priya.notice == NOT_THAT_CALL
    evening.room.advance(HAND.total_seconds())
    evening.priya.press(Act.HOLD)
    assert evening.asked() == [(PhoneAct.RESUME, "c1")]


def test_a_key_before_the_screen_showed_the_end_does_nothing_to_the_other(evening: Evening) -> None:
    evening.room.ends("c2")
    next(one for one in evening.view.shortcuts if one.objectName() == Act.HOLD.value).activated.emit()
    QApplication.processEvents()
    assert evening.asked() == []


def test_whoever_ended_a_call_takes_the_other_back_at_once(evening: Evening) -> None:
    evening.priya.press(Act.END)
    evening.priya.press(Act.END)
    evening.rings_off("c2")
    evening.priya.press(Act.HOLD)
    assert evening.asked() == [(PhoneAct.HANG_UP, "c2"), (PhoneAct.RESUME, "c1")]


def test_the_button_of_a_parked_caller_fetches_nobody_else(evening: Evening) -> None:
    for call, place in (("c1", "701"), ("c2", "702")):
        evening.room.hears(Parked(call, evening.room.clock.now(), True, place))
        evening.priya.settle()
        evening.room.advance(1)
    button = evening.view.slot.buttons.button_of(Act.FETCH)
    assert button is not None
    evening.room.hears(Parked("c1", evening.room.clock.now(), False))
    evening.room.ends("c1")
    button.click()
    assert evening.asked() == []
    evening.priya.settle()
    assert "That caller is not parked any more" in evening.priya.notice

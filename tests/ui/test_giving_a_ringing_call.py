"""A caller who rings here is given to a colleague before anybody answers, by keys at a real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from console.domain.calls import Presentation
from console.domain.dialling import EMERGENCY_SENTENCE
from console.ports.switchboard import Act as PhoneAct
from console.services.passing_on import TAKEN
from telephony_adapters.simulator.steps import Answers, CallArrives, HangsUp, Rings
from tests.helpers.cut_words import cut_words
from tests.helpers.exchange_by_hand import ExchangeByHand
from tests.helpers.night_windows import LINE, NUMBER, Windows
from tests.helpers.passing_evening import Evening
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.passing_forms import GONE
from ui.desktop.shortcuts import Act

pytestmark = [
    pytest.mark.usefixtures("qtbot"),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.fixture
def evening() -> Iterator[Evening]:
    """A caller rings at Priya's 1001; Tom is at 1002, Helen at 1003, Grace at 1004."""
    windows = Windows()
    made = Evening(windows, ExchangeByHand(windows.room))
    made.board.do(CallArrives("c1", NUMBER, Presentation.ALLOWED, LINE, queue="oohs"))
    made.board.do(Rings("c1", ("1001",)))
    made.priya.settle()
    yield made
    windows.end()


def title(evening: Evening) -> str:
    """Open the panel by its key; return its title."""
    return evening.panel().form.title


def sends(evening: Evening, *values: str) -> None:
    """Fill the open panel and press Ctrl+Enter."""
    evening.priya.choose(*values)
    evening.send()


def shown(evening: Evening) -> FormRow:
    """Return the panel that is open."""
    found = evening.view.panels._open_form()  # noqa: SLF001  what is open is what the keys go to
    assert found is not None
    return found.form


def test_it_rings_at_the_colleagues_telephone_and_here_no_more(evening: Evening) -> None:
    assert title(evening) == "Give it to a colleague; nobody has answered yet"
    sends(evening, "Grace")
    assert (evening.call.alerting, evening.call.answered_by) == (frozenset({"1004"}), ())
    assert evening.bar()[0] != "RINGING"
    assert not evening.view.panels.any_open


def test_the_bar_offers_it_beside_answering_and_nothing_is_cut(evening: Evening) -> None:
    evening.priya.window.resize(1280, 640)
    evening.priya.settle()
    button = evening.button(Act.TRANSFER)
    assert button.isEnabled()
    assert list(cut_words(evening.priya.window)) == []
    button.click()
    QApplication.processEvents()
    assert evening.view.panels.any_open


def test_where_the_telephone_system_cannot_nothing_is_offered(evening: Evening) -> None:
    board = evening.priya.console.switchboard
    board.acts = frozenset(PhoneAct) - {PhoneAct.REDIRECT}
    evening.priya.settle()
    assert evening.view.call.buttons.button_of(Act.TRANSFER) is None
    assert title(evening) == "Transfer"


def test_whoever_is_answered_elsewhere_meanwhile_is_not_given_away(evening: Evening) -> None:
    evening.panel()
    evening.board.do(Rings("c1", ("1002",)))
    evening.board.do(Answers("c1", "1002"))
    sends(evening, "Grace")
    assert shown(evening).error == GONE
    assert evening.call.talking == frozenset({"1002"})


def test_a_panel_for_one_caller_never_gives_away_the_next(evening: Evening) -> None:
    evening.panel()
    evening.board.do(HangsUp("c1", "caller"))
    evening.board.do(CallArrives("c2", "01632960741", Presentation.ALLOWED, LINE, queue="oohs"))
    evening.board.do(Rings("c2", ("1001",)))
    sends(evening, "Grace")
    assert shown(evening).error == GONE
    (second,) = (one for one in evening.priya.console.desk.calls() if one.live)
    assert second.alerting == frozenset({"1001"})


def test_answered_here_meanwhile_the_panel_is_that_of_a_caller_on_the_line(evening: Evening) -> None:
    evening.panel()
    evening.board.do(Answers("c1", "1001"))
    evening.priya.settle()
    assert shown(evening).title == "Transfer: the record stays with you"


@pytest.mark.parametrize(
    ("number", "said"), [("9 999", EMERGENCY_SENTENCE), ("1001", "your own telephone"), ("", "Choose a colleague")]
)
def test_what_may_not_be_rung_is_refused_and_it_rings_on(evening: Evening, number: str, said: str) -> None:
    evening.panel()
    sends(evening, "", number)
    assert said in f"{evening.priya.notice} {shown(evening).error}"
    assert evening.call.alerting == frozenset({"1001"})


def test_a_call_that_a_colleague_has_is_not_sent_on_over_their_head(evening: Evening) -> None:
    evening.board.do(Rings("c1", ("1002",)))
    for console in (evening.priya.console, evening.windows.tom.console):
        console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    evening.windows.tom.console.acts.answer(lambda _: None)
    evening.windows.room.settle()
    evening.priya.settle()
    assert evening.view.call.buttons.button_of(Act.TRANSFER) is None
    evening.panel()
    sends(evening, "Grace")
    assert TAKEN in f"{evening.priya.notice} {shown(evening).error}"
    assert "1004" not in evening.call.alerting


def test_whoever_had_it_and_gave_it_has_it_no_more(evening: Evening) -> None:
    by_hand = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    for console in (evening.priya.console, evening.windows.tom.console):
        console.switchboard.acts = by_hand
    evening.priya.console.acts.answer(lambda _: None)
    evening.windows.room.settle()
    title(evening)
    sends(evening, "Tom")
    evening.windows.room.settle()
    (slot,) = evening.windows.tom.console.desk.state().waiting
    assert slot.call.alerting == {"1002"}
    assert slot.claimed_by == ""

"""A ringing call and those that reached nobody, at real windows, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from console.domain.board_emergencies import KEPT
from console.domain.call_events import Answered, CallBegan, EmergencyDialled, LinkChanged, LinkState, NumberLearned
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.missed_reviews import Reviewed
from console.domain.record import Kind, StreamKind
from console.ports.switchboard import Act as PhoneAct
from console.services.call_claims import NeedsReason
from tests.helpers.cut_words import cut_words
from tests.helpers.night_windows import Sitting, Windows
from tests.helpers.plain_words import words_on
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.fields_area import FieldsArea
from ui.desktop.screens.board.rows import Age
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.glance_card import GlanceCard
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.chips import Chip

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LINE = "01632960001"


@pytest.fixture
def night(qapp: QApplication) -> Iterator[Windows]:
    apply(qapp, choose(dark=False, high_contrast=False))
    made = Windows()
    yield made
    made.end()


def chips(one: Sitting) -> str:
    """Return what the status row says is right and wrong."""
    one.settle()
    row = one.view.status._row  # noqa: SLF001 - what was drawn last
    assert row is not None
    return ". ".join(item.text for item in row.health)


def ringing(one: Sitting) -> str:
    """Return what the call bar of a handler says, and its buttons."""
    one.settle()
    assert isinstance(one.view, HandlerView)
    row = one.view.call._row  # noqa: SLF001 - what was drawn last
    assert row is not None
    return f"{row.detail} {'. '.join(button.face.text for button in row.buttons)}"


def reached_nobody(night: Windows) -> None:
    """Let a caller ring off."""
    night.room.rings("gone", "07700900412", LINE, "1001")
    night.room.advance(12)
    night.room.ends("gone", CallOutcome.ABANDONED)
    night.room.advance(2)


@pytest.mark.parametrize("who", ["priya", "tom", "helen"])
def test_a_call_that_reached_nobody_stands_on_every_screen_until_a_key_says_what_became_of_it(
    night: Windows, who: str
) -> None:
    reached_nobody(night)
    one: Sitting = getattr(night, who)
    for screen in (night.priya, night.tom, night.helen):
        assert "1 missed call Ctrl+Shift+M" in chips(screen)
    one.press(Act.MISSED)
    one.choose("Nothing")
    one.press(Act.FINISH)
    assert one.console.night.missed.now(), "a reason is asked for first"
    one.choose("wrong number")
    one.press(Act.FINISH)
    night.room.advance(2)
    reviews = [record.review for record in night.room.consoles[0].folds.call_log() if record.review]
    assert [(review.by, review.what) for review in reviews] == [(one.console.who.worker, Reviewed.NOTHING_NEEDED)]
    for screen in (night.priya, night.tom, night.helen):
        assert "missed call" not in chips(screen)
    one.press(Act.MISSED)
    assert "No call waits for a review" in one.notice


@pytest.mark.parametrize("who", ["priya", "tom"])
def test_a_missed_caller_is_rung_from_the_panel_by_keys_and_stays_there(night: Windows, who: str) -> None:
    reached_nobody(night)
    one: Sitting = getattr(night, who)
    for _ in range(2):
        one.press(Act.MISSED)
        one.choose("Ring")
        one.press(Act.FINISH)
        night.room.advance(11)
    rung = [asked.target for asked in one.console.switchboard.asked if asked.act is PhoneAct.ORIGINATE]
    assert rung == ["+447700900412"] * 2, "the first was not lifted"
    assert "1 missed call" in chips(one)


def test_no_word_of_a_small_board_is_cut_where_its_figures_are_old(night: Windows) -> None:
    night.room.rings("c1", "", LINE, "1001")
    night.helen.window.resize(1280, 640)
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    night.room.advance(41)
    night.helen.settle()
    assert list(cut_words(night.helen.window)) == []
    assert isinstance(night.helen.view, BoardView)
    for old in ("11 min old", "59 min old", "11 h old"):
        night.helen.view.waiting.show_head("Waiting", Age(old, stale=True))
        QApplication.processEvents()
        assert list(cut_words(night.helen.view.waiting)) == []


def test_the_words_below_the_left_column_stand_in_the_middle_of_their_place_from_the_first(night: Windows) -> None:
    (card,) = night.priya.window.findChildren(GlanceCard)
    (words,) = [one for one in card.findChildren(QLabel) if one.text()]
    assert abs(words.geometry().center().y() - card.rect().center().y()) <= 1


def test_nothing_scrolls_where_a_missed_call_is_reviewed_on_a_small_screen(night: Windows) -> None:
    reached_nobody(night)
    night.priya.window.resize(1280, 640)
    night.priya.press(Act.MISSED)
    night.priya.settle()
    areas = [one for one in night.priya.window.findChildren(FieldsArea) if one.isVisible()]
    assert [one.verticalScrollBar().maximum() for one in areas] == [0]


def test_a_reason_written_for_one_colleague_is_asked_for_anew_where_another_took_the_call(night: Windows) -> None:
    for one in (night.priya.console, night.tom.console, night.grace):
        one.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    night.room.rings("c9", "01632960741", LINE, "1001", "1002", "1004")
    night.tom.console.acts.answer(lambda _: None)
    night.room.advance(30)
    night.priya.press(Act.ANSWER)
    night.priya.choose("does not lift")
    with pytest.raises(NeedsReason) as needs:
        night.grace.acts.answer(lambda _: None)
    night.grace.acts.take(needs.value.call, lambda _: None, "Tom is away", needs.value.claim)
    night.room.advance(30)
    night.priya.press(Act.FINISH)
    night.room.advance(1)
    assert "Grace Whitlock has had it since" in ringing(night.priya)
    (panel,) = [one for one in night.priya.window.findChildren(FormPanel) if one.isVisible()]
    assert "Grace Whitlock has had this call since" in panel.form.error
    assert panel.box.values() == {"reason": "does not lift"}, "what was written stands, and is sent by one more key"
    night.priya.press(Act.FINISH)
    night.room.advance(1)
    assert "You have it: lift the handset" in ringing(night.priya)


def test_a_call_a_colleague_has_is_taken_by_two_keys_then_with_a_reason(night: Windows) -> None:
    for one in (night.priya, night.tom):
        one.console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    night.room.rings("c9", "01632960741", LINE, "1001", "1002", "1004")
    night.tom.console.acts.answer(lambda _: None)
    night.room.advance(2)
    assert "Tom Adeyemi has had it since" in ringing(night.priya)
    assert "Take it" in ringing(night.priya)
    night.priya.press(Act.ANSWER)
    assert "press once more to take it" in night.priya.notice
    night.room.advance(30)
    night.priya.press(Act.ANSWER)
    night.priya.choose("does not lift")
    night.priya.press(Act.FINISH)
    night.room.advance(1)
    assert "You have it: lift the handset" in ringing(night.priya)
    assert "Priya Raman took the call that you had: does not lift." in night.tom.heard
    claims = [
        item
        for stream in night.priya.console.ledger.streams(StreamKind.CALL)
        for item in night.priya.console.ledger.items(stream)
        if item.kind is Kind.CALL_CLAIMED
    ]
    assert [item.author for item in claims] == ["tom.adeyemi", "priya.raman"]


def test_that_the_handset_is_to_be_lifted_is_said_until_it_was_and_no_button_asks_for_it_again(night: Windows) -> None:
    for one in (night.priya, night.tom):
        one.console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    for call, screen in (("c9", night.priya), ("c10", night.tom)):
        night.room.rings(call, "01632960741", LINE, "1001", "1002")
        screen.press(Act.ANSWER)
        assert "lift the handset" in screen.notice
        if screen is night.priya:
            assert "I have it" not in ringing(screen)
        night.room.ends(call, CallOutcome.ABANDONED)
        night.room.advance(1)
        screen.settle()
        assert screen.notice == ""


def test_an_emergency_call_of_a_second_is_said_on_every_screen_and_for_five_minutes_after(night: Windows) -> None:
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("e1", now, Direction.OUTBOUND, "999"),
        NumberLearned("e1", now, "1001", "", Presentation.ALLOWED, settled=True),
        EmergencyDialled("e1", now, "999", "1001"),
    )
    night.room.advance(1)
    for screen in (night.priya, night.tom, night.helen):
        assert "999 rung by Priya since 22:14" in chips(screen)
    night.helen.press(Act.WALL)
    night.room.advance(1)
    assert "999 rung by extension 1001" in chips(night.helen)
    night.room.ends("e1")
    night.room.advance(KEPT.total_seconds() - 1)
    assert "999 rung by extension 1001, over 22:14" in chips(night.helen)
    for screen in (night.priya, night.tom):
        assert "999 rung by Priya, over 22:14" in chips(screen)
    night.room.advance(2)
    for screen in (night.priya, night.tom, night.helen):
        assert "999" not in chips(screen)


def test_no_other_trouble_takes_the_place_of_an_emergency_call(night: Windows) -> None:
    reached_nobody(night)
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("e1", now, Direction.OUTBOUND, "999", placed_by="1001"),
        Answered("e1", now, "e1-own", "1001"),
        EmergencyDialled("e1", now, "999", "1001"),
        LinkChanged(now, LinkState.CONNECTED, "Two telephones are not watched."),
    )
    night.room.rings("c1", "", LINE, "1002")
    night.room.advance(2)
    for screen in (night.priya, night.tom, night.helen):
        screen.window.resize(1280, 640)
        screen.settle()
        seen = [one.text() for one in screen.view.status.findChildren(Chip) if one.isVisible()]
        assert "999 spoken with by Priya since 22:14" in seen
        assert list(cut_words(screen.window)) == []
    assert "Call out to 999" in "\n".join(words_on(night.priya.window))


def test_a_new_chip_in_the_status_row_takes_the_keys_from_nobody(night: Windows) -> None:
    night.priya.window.activateWindow()
    night.priya.press(Act.MISSED)
    QApplication.processEvents()
    front = QApplication.activeWindow()
    reached_nobody(night)
    for screen in (night.priya, night.tom, night.helen):
        assert "1 missed call" in chips(screen)
    assert front is night.priya.window
    assert QApplication.activeWindow() is front


def test_a_reason_half_written_for_one_call_is_not_there_for_the_next(night: Windows) -> None:
    for one in (night.priya, night.tom):
        one.console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}

    def asked_why(call: str) -> str:
        night.room.rings(call, "01632960741", LINE, "1001", "1002")
        night.tom.console.acts.answer(lambda _: None)
        night.room.advance(32)
        night.priya.press(Act.ANSWER)
        night.priya.window.activateWindow()
        QApplication.processEvents()
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        return field.text()

    assert asked_why("c9") == ""
    night.priya.choose("not this one")
    night.room.ends("c9")
    night.room.advance(2)
    QTest.keyClick(night.priya.window, Qt.Key.Key_Escape)
    night.priya.settle()
    assert asked_why("c10") == ""


def by_handset(night: Windows) -> None:
    """Let only a handset answer, and no switchboard offer a call to a team."""
    for one in (night.priya, night.tom):
        one.console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER, PhoneAct.OFFER_TO_TEAM}


def test_a_call_that_rings_at_others_alone_is_offered_to_nobody_else(night: Windows) -> None:
    by_handset(night)
    night.answered()
    night.room.rings("c2", "01632960741", LINE, "1002")
    night.room.advance(1)
    shown = "\n".join(words_on(night.priya.window))
    assert "Rings at 1 other telephone, not at yours." in shown
    assert "lift the handset" not in shown
    night.priya.press(Act.ANSWER)
    night.room.advance(1)
    assert "does not ring at your telephone" in "\n".join(words_on(night.priya.window))
    assert night.tom.console.desk.state().waiting[0].claimed_by == ""


def test_the_key_that_offers_a_call_gives_back_the_one_that_this_worker_has(night: Windows) -> None:
    by_handset(night)
    night.room.rings("c9", "01632960741", LINE, "1001", "1002")
    night.priya.press(Act.ANSWER)
    night.room.advance(1)
    assert "Give it back" in ringing(night.priya)
    night.priya.press(Act.OFFER)
    night.room.advance(1)
    assert "Given back: nobody has this call now" in "\n".join(words_on(night.priya.window))
    assert "I have it, lift the handset" in ringing(night.priya)
    assert "You have it" not in ringing(night.priya)

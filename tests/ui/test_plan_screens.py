"""A plan for repeated calls on every screen: at the ring, opened, asked for, set by a manager, opened for review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from console.domain.people import NewPerson, Rank
from console.domain.plans import PlanWords
from console.domain.record import Identity, Role
from console.services.plans import Plans
from tests.helpers.coordinator_rows import coordinator_at_22_17_58
from tests.helpers.handler_rows import STATES
from tests.helpers.night_room import GRACE, HELEN, Console, Room
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.night_windows import Sitting, focused
from tests.helpers.screen_lint import faults
from tests.helpers.seated import seat
from tests.helpers.show_handler import SeenActs
from tests.helpers.three_screens import DeafActs
from tests.ui.test_drop_card import DROPPED
from ui.desktop.forms.rows import SEEN, FormRow
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.rows import CandidatesRow
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.screens.plan_card import PlanCard
from ui.desktop.screens.plan_rows import PlanRow
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.labels import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LIMITS = "Fifteen minutes, then the morning call at 08:00."
PLAN = PlanWords(
    "Name the day's plan back to her.", "Being passed on.", LIMITS, "Adults' team north", date(2026, 12, 15),
    "K Fenn and R Calder",
)  # fmt: skip
ASHA = Identity("asha.bell", "Asha Bell", Role.ASSISTANT_TEAM_MANAGER, "desk-5")


def sets(room: Room, console: Console, person: UUID, words: PlanWords = PLAN) -> None:
    """Let a manager open a record and write a plan on it."""
    room.store.open(console.who, room.store.ask_open(console.who, person, "to write the plan"))
    plans = Plans(console.recorder, console.folds, console.backfill, room.clock)
    plans.opened(person)
    before = plans.of(person)
    plans.write(person, words, before.head if before is not None else None)
    room.settle()


class Planned(Night):
    """A night on which Kayleigh Fenn, who is on the number that rings, has a plan."""

    def __init__(self) -> None:
        super().__init__()
        self.person = self.knows("Kayleigh", date(1992, 2, 19))
        self.other = self.knows("Lena", date(1988, 4, 7))
        sets(self.room, self.helen, self.person)

    def chosen(self) -> None:
        """Let the call be answered and Kayleigh be chosen."""
        self.answered()
        self.picks(1)

    def picks(self, index: int) -> None:
        """Choose one of the candidates as they are drawn, and let the record open."""
        assert isinstance(self.h.who, CandidatesRow)
        self.handler.choose_candidate(index)
        assert self.h.sheet.right == "opened: on the access log"

    def form(self) -> FormRow:
        """Return the form of the plan on the handler's screen."""
        return next(one for one in self.h.forms if one.key == "plan")


@pytest.fixture
def night() -> Iterator[Planned]:
    made = Planned()
    yield made
    made.room.close()


# --- what is shown ----------------------------------------------------------------------------


def test_at_the_ring_a_card_says_that_there_is_a_plan_and_no_word_of_it(night: Planned) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(2)
    rows = night.h
    assert isinstance(rows.who, CandidatesRow)
    assert [(card.name, card.calls_plan) for card in rows.who.cards] == [
        ("FENN, Kayleigh", "Has a plan"),
        ("FENN, Lena", ""),
    ]
    assert rows.plan is None
    assert "Fifteen" not in repr(rows)
    assert "Name the day" not in repr(rows)


def test_the_words_come_with_the_opened_record_and_the_limits_as_ask_first(night: Planned) -> None:
    night.chosen()
    rows = night.h
    assert rows.plan is not None
    assert (rows.plan.state, rows.plan.in_force, rows.plan.asks) == ("Plan: ask first", False, True)
    spoken = {row.key: row.spoken for row in rows.sheet.rows}
    assert spoken["plan-helps"] == "What helps: Name the day's plan back to her."
    assert spoken["plan-limits"] == f"Limits. Ask first: not in force: {LIMITS}"
    assert spoken["plan-owner"] == "Owner: Adults' team north"
    assert spoken["plan-review"] == "Review: Tue 15-Dec-2026"
    assert spoken["plan-v0"] == "Written Tue 01-Dec-2026 22:14, Helen"


def test_an_overdue_review_is_said_in_words_and_drawn_as_old(night: Planned) -> None:
    night.room.clock.set_wall(datetime(2026, 12, 20, 22, 0, tzinfo=night.room.clock.now().tzinfo))
    night.chosen()
    row = next(row for row in night.h.sheet.rows if row.key == "plan-review")
    assert row.spoken == "Review: Tue 15-Dec-2026: overdue"
    night.paired()
    owner = next(row for row in night.c.facts if row.key == "plan owner")
    assert owner.old == "Review Tue 15-Dec-2026: overdue"


def test_whoever_has_no_plan_has_no_card(night: Planned) -> None:
    night.answered()
    night.picks(2)
    assert night.h.plan is None
    assert not [row for row in night.h.sheet.rows if row.key.startswith("plan-")]


# --- the question -----------------------------------------------------------------------------


def test_one_act_answers_and_the_answer_stands_on_both_screens_with_author_and_time(night: Planned) -> None:
    night.chosen()
    night.paired()
    for rows in (night.h, night.c):
        assert rows.plan is not None
        assert rows.plan.state == "Plan: ask first"
    limits = next(row for row in night.c.facts if row.key == "plan limits")
    assert limits.old == "Ask first: not in force"
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    mine, partners = night.h.plan, night.c.plan
    assert mine is not None
    assert partners is not None
    assert mine.state == partners.state == "Plan: limits apply until 23:14"
    assert (mine.words, partners.words) == ("They say not at risk: you 22:14.", "They say not at risk: Priya 22:14.")
    assert mine.in_force
    assert not next(row for row in night.c.facts if row.key == "plan limits").old
    assert next(row.spoken for row in night.h.sheet.rows if row.key == "plan-limits").startswith("Limits. In force")


def test_at_risk_now_lifts_the_limits_of_this_contact_whatever_is_answered_after(night: Planned) -> None:
    night.chosen()
    night.paired()
    assert night.c.plan is not None
    night.coordinator.do(Act.PLAN_AT_RISK)
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    for rows in (night.h, night.c):
        assert rows.plan is not None
        assert rows.plan.state == "Plan: no limits, at risk now"
        assert "do not apply to this contact" in rows.plan.words
        assert rows.plan.limits == ""
        assert not rows.plan.asks


def test_could_not_ask_leaves_the_limits_out_of_force_and_the_question_open(night: Planned) -> None:
    night.chosen()
    night.handler.do(Act.PLAN_NOT_ASKED)
    row = night.h.plan
    assert row is not None
    assert row.state == "Plan: no limits, not asked"
    assert not row.in_force
    assert row.asks


def test_an_answer_older_than_the_set_time_is_asked_anew(night: Planned) -> None:
    night.chosen()
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    night.room.clock.set_wall(night.room.clock.now() + timedelta(minutes=61))
    row = night.h.plan
    assert row is not None
    assert (row.state, row.words) == ("Plan: ask first", "Ask again: the answer of 22:14 holds no more.")
    assert not row.in_force


def states(night: Planned) -> set[str]:
    """Return what both screens say of the plan, where they have not the same words both."""
    assert night.h.plan is not None
    assert night.c.plan is not None
    return {night.h.plan.state, night.c.plan.state}


def test_a_dropped_line_ends_what_was_answered_on_it_and_who_rings_again_is_asked_anew(night: Planned) -> None:
    night.chosen()
    night.paired()
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: limits apply until 23:14"}
    night.room.ends("c1", by="caller")
    night.room.advance(2)
    assert states(night) == {"Plan: ask first"}, "nobody is on the line"
    night.room.rings("c2", NUMBER, LINE, "1001")
    night.room.advance(3)
    night.room.answers("c2", "1001")
    night.room.advance(1)
    night.handler.do(Act.TAKE)
    assert states(night) == {"Plan: ask first"}
    night.coordinator.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: limits apply until 23:14"}


def test_a_word_on_the_risk_after_the_answer_voids_it_on_both_screens(night: Planned) -> None:
    night.chosen()
    night.paired()
    (incident,) = night.tom.folds.incidents()
    night.tom.incidents.risk(incident.id, Rank.SHIFT, "talking")
    night.room.advance(2)
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: limits apply until 23:14"}
    night.tom.incidents.risk(incident.id, Rank.HOUR, "says he has tablets there")
    night.room.advance(2)
    assert states(night) == {"Plan: ask first"}
    assert night.h.plan is not None
    assert night.h.plan.words == "Ask again: the answer of 22:14 holds no more."


def test_not_at_risk_answered_while_a_life_is_at_risk_now_lets_no_limit_apply(night: Planned) -> None:
    night.chosen()
    night.paired()
    (incident,) = night.tom.folds.incidents()
    night.tom.incidents.risk(incident.id, Rank.NOW, "has just taken tablets")
    night.room.advance(2)
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: no limits, at risk now"}
    assert night.h.risk.now
    assert night.h.plan is not None
    assert (night.h.plan.in_force, night.h.plan.limits, night.h.plan.urgent) == (False, "", True)
    assert next(row for row in night.c.facts if row.key == "plan limits").old == "Not in force: at risk now"

    night.tom.incidents.risk(incident.id, Rank.SHIFT, "talking; the tablets were yesterday's")
    night.room.advance(2)
    assert states(night) == {"Plan: ask first"}, "the answer was given while a risk stood"
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: limits apply until 23:14"}


def test_the_records_own_word_on_how_urgent_it_is_counts_as_well(night: Planned) -> None:
    night.chosen()
    night.paired()
    night.fill("priority", "p1_life_now")
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert states(night) == {"Plan: no limits, at risk now"}


def test_whoever_makes_a_pair_after_the_answer_is_told_to_ask_again(night: Planned) -> None:
    night.chosen()
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    night.paired()
    assert states(night) == {"Plan: ask first"}, "an incident begins with a risk now"


def test_with_no_plan_on_screen_an_answer_is_refused_in_words(night: Planned) -> None:
    night.answered()
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert "no plan with limits on screen" in night.h.notice
    night.coordinator.do(Act.PLAN_AT_RISK)
    assert "no plan with limits on screen" in night.c.notice


# --- the form ---------------------------------------------------------------------------------


def test_whoever_is_no_manager_reads_the_plan_in_the_panel_and_sending_it_changes_nothing(night: Planned) -> None:
    night.chosen()
    night.handler.form_opened("plan")
    said = {field.label: field.value for field in night.form().fields()}
    assert said["Agreed limits"] == f"Ask first: not in force. {LIMITS}"
    assert night.form().send == "Close"
    night.handler.form_sent("plan", {})
    assert ("close_panel",) in night.window.asked
    assert night.h.plan is not None


def bare(form: FormRow) -> list[str]:
    """Return the fields that show the limits as if they were in force."""
    return [field.label for field in form.fields() if field.value == LIMITS]


def test_what_was_done_with_a_plan_never_shows_limits_as_if_in_force(night: Planned) -> None:
    night.chosen()
    night.handler.form_opened("plan")
    assert bare(night.form()) == []
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    assert bare(night.form()) == ["Agreed limits"]


def test_a_panel_left_open_in_one_contact_is_no_answer_in_the_next(night: Planned) -> None:
    night.chosen()
    night.handler.do(Act.PLAN_NOT_AT_RISK)
    night.handler.form_opened("plan")
    assert bare(night.form()) == ["Agreed limits"]
    first = night.priya.contact
    night.room.ends("c1")
    night.priya.contacts.keep(first)
    night.room.rings("c2", NUMBER, LINE, "1001")
    night.room.advance(2)
    night.room.answers("c2", "1001")
    night.picks(1)
    assert night.h.plan is not None
    assert night.h.plan.state == "Plan: ask first"
    assert bare(night.form()) == []


def test_a_plan_of_nobody_is_not_opened(night: Planned) -> None:
    night.answered()
    night.handler.form_opened("plan")
    assert "No person's record is open here" in night.h.notice
    assert not [one for one in night.h.forms if one.key == "plan"]


class Managing(Planned):
    """The manager has the caller."""

    def __init__(self) -> None:
        super().__init__()
        self.asha = self.room.console(ASHA, "1009")
        self.handler.stop()
        self.handler_desk, self.window = seat(self.room, self.asha)
        self.handler, self._h = self._handler()
        self.room.rings("c9", NUMBER, LINE, "1009")
        self.room.advance(2)
        self.room.answers("c9", "1009")

    def opened(self, index: int) -> FormRow:
        """Choose a candidate and open the plan."""
        self.picks(index)
        self.handler.form_opened("plan")
        return self.form()


@pytest.fixture
def managing() -> Iterator[Managing]:
    made = Managing()
    yield made
    made.room.close()


def filled(form: FormRow, **more: str) -> dict[str, str]:
    """Return what stands in a form, with other answers."""
    return {field.key: field.value for field in form.fields()} | {SEEN: form.seen} | more


def test_a_manager_writes_a_plan_and_it_stands_beside_the_call(managing: Managing) -> None:
    form = managing.opened(2)
    assert "act" not in {field.key for field in form.fields()}
    review = next(field for field in form.fields() if field.key == "review_on")
    assert [choice.label for choice in review.choices] == [
        "Fri 01-Jan-2027, in 1 month",
        "Mon 01-Mar-2027, in 3 months",
        "Tue 01-Jun-2027, in 6 months",
        "Wed 01-Dec-2027, in 12 months",
    ]
    values = filled(form, helps="Ask about the dog.", limits="Ten minutes.", owner="Adults' team north")
    managing.handler.form_sent("plan", values)
    assert "day of the next review" in managing.form().error or "who agreed" in managing.form().error
    managing.handler.form_sent("plan", values | {"agreed_by": "L Fenn", "review_on": "2027-03-01"})
    row = managing.h.plan
    assert row is not None
    assert (row.state, row.limits) == ("Plan: ask first", "Ten minutes.")


def test_a_plan_is_worded_anew_reviewed_and_ended_and_what_was_done_stays(managing: Managing) -> None:
    form = managing.opened(1)
    managing.handler.form_sent("plan", filled(form, limits="Ten minutes."))
    assert "Choose what to do" in managing.form().error
    managing.handler.form_sent("plan", filled(form, act="write", limits="Ten minutes."))
    managing.handler.form_opened("plan")
    managing.handler.form_sent("plan", filled(managing.form(), act="review", why="It works.", review_on="2027-03-01"))
    managing.handler.form_opened("plan")
    done = [field for field in managing.form().fields() if field.key.startswith("before")]
    assert [field.label.split(" ")[0] for field in done] == ["Reviewed", "Written", "Written"]
    then = "Limits as written then, not in force by that: "
    assert [field.value for field in done] == [f"{then}Ten minutes.", f"{then}Ten minutes.", f"{then}{LIMITS}"]
    managing.handler.form_sent("plan", filled(managing.form(), act="end", why="She no longer rings."))
    assert managing.h.plan is None
    managing.handler.form_opened("plan")
    assert managing.form().fields()[-4].label.startswith("Ended")


def test_words_typed_over_a_plan_that_has_moved_are_refused_and_stay_in_the_panel(managing: Managing) -> None:
    form = managing.opened(1)
    sets(managing.room, managing.helen, managing.person, replace(PLAN, limits="No calls after two."))
    managing.handler.form_sent("plan", filled(form, act="write", limits="Ten minutes."))
    assert "A colleague has changed this plan" in managing.form().error
    assert managing.h.plan is not None
    assert managing.h.plan.limits == "No calls after two."


# --- for review -------------------------------------------------------------------------------


def rings_off(room: Room, call: str) -> None:
    """Let somebody ring and give up."""
    room.rings(call, NUMBER, LINE, "1001", "1002")
    room.advance(1)
    room.ends(call)
    room.advance(1)


def test_a_review_is_open_work_without_an_owner_and_is_taken_from_the_desk_and_from_the_board(night: Planned) -> None:
    for call in ("r1", "r2", "r3"):
        rings_off(night.room, call)
    night.room.advance(2)
    (row,) = [one for one in night.c.work if one.words.startswith("Plan review")]
    assert row.owner == ""
    (listed,) = [one for one in night.b.details["Open work"] if one.words == "Plan review"]
    assert (listed.below, listed.act) == ("Nobody", "take")
    assert "900412" not in repr(night.b)
    assert "Fenn" not in repr(night.b)
    handler = repr((night.h.plan, night.h.history, night.h.notice, night.h.call))
    assert "review" not in handler.lower(), "the handler is told of no judgement"
    night.board.row("work", listed.key, "take")
    night.room.settle()
    (taken,) = [one for one in night.b.details["Open work"] if one.words == "Plan review"]
    assert (taken.below, taken.act) == ("", "")
    assert "It is yours now" in night._b[-1].notice
    night.coordinator.row("desk", row.key, "take")
    assert "Helen Marsh has this" in night.c.notice


def test_whoever_hears_a_person_is_told_of_no_review_of_theirs(night: Planned) -> None:
    for turn in range(4):
        call = f"r{turn}"
        night.room.rings(call, NUMBER, LINE, "1001")
        night.room.advance(1)
        night.room.answers(call, "1001")
        night.picks(1)
        night.priya.people.confirm(night.priya.contact, night.person, "name")
        night.fill("source_code", "1C")
        if turn < 3:
            night.room.ends(call)
            night.handler.do(Act.KEEP)
            night.room.advance(1)
    rows = night.h
    assert "Plan review" in repr(night.c.work)
    assert "No kind chosen" in repr((rows.history, rows.sheet)), "the records of before are listed"
    assert "review" not in repr((rows.history, rows.notice, rows.call, rows.who)).lower()


def test_a_review_on_screen_says_what_was_counted_and_asks_nobody(night: Planned) -> None:
    for call in ("r1", "r2", "r3"):
        rings_off(night.room, call)
    night.room.advance(2)
    (row,) = [one for one in night.c.work if one.words.startswith("Plan review")]
    desk, drawn = seat(night.room, night.helen)[0], list[BoardRows]()
    board = BoardDesk(desk)
    board.show_on(drawn.append)
    board.row("work", row.key, "take")
    night.room.settle()
    (mine,) = night.helen.contacts.unfinished()
    assert "3 calls within 30 days from 07700 900412. Who rings is not known." in mine.value("summary")
    assert mine.subject is None
    board.stop()


# --- by keyboard, in the real windows ---------------------------------------------------------


class Pair:
    """A manager has the caller, Grace is free; both at their windows."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room()
        self.helen = Sitting(self.room, HELEN, "1001", Screen.HANDLER)
        self.grace = Sitting(self.room, GRACE, "1002", Screen.COORDINATOR)
        for one in (self.helen, self.grace):
            qtbot.addWidget(one.window)
            one.window.resize(1280, 640)
        kayleigh = NewPerson("Fenn", "Kayleigh", date(1992, 2, 19), e164="+447700900412")
        self.helen.console.people.create(None, kayleigh)
        self.room.rings("c1", NUMBER, LINE, "1001")
        self.room.advance(2)
        self.room.answers("c1", "1001")
        self.helen.settle()

    @property
    def cards(self) -> tuple[PlanCard, PlanCard]:
        """Return the plan beside the call on both screens, as drawn now."""
        self.helen.settle()
        self.grace.settle()
        handler, coordinator = self.helen.view, self.grace.view
        assert isinstance(handler, HandlerView)
        assert isinstance(coordinator, CoordinatorView)
        return handler.plan, coordinator.plan

    def paired(self) -> None:
        """Let Grace join by her key."""
        self.helen.press(Act.NEED_SECOND)
        self.room.advance(2)
        self.grace.settle()
        self.grace.press(Act.TAKE)
        self.room.advance(2)

    def writes(self, *words: str, review: str) -> None:
        """Fill the open panel from field to field by keys, and send it by its key."""
        self.helen.window.activateWindow()
        QApplication.processEvents()
        for one in words:
            assert focused().accessibleName(), "every field has a name"
            QTest.keyClicks(focused(), one)
            QTest.keyClick(focused(), Qt.Key.Key_Tab)
        self.helen.choose(review)
        self.helen.press(Act.FINISH)


@pytest.fixture
def pair(qtbot: QtBot) -> Iterator[Pair]:
    made = Pair(qtbot)
    yield made
    for one in (made.helen, made.grace):
        one.window.end()
    made.room.close()


def seen(card: PlanCard) -> list[str]:
    """Return the answers that a card offers."""
    return [button.text() for button in card.answers.values() if button.isVisibleTo(card)]


def test_by_keyboard_alone_a_plan_is_written_asked_for_and_answered_on_both_screens(pair: Pair) -> None:
    pair.helen.press(Act.CANDIDATE_1)
    pair.helen.press(Act.PLAN)
    pair.writes("Ask about the dog", "Being passed on", "Ten minutes", "K Fenn", "Adults north", review="Mon")
    pair.paired()
    for card in pair.cards:
        assert "Plan: ask first" in card.text
        assert "Not in force: Ten minutes" in card.text
        assert card.isVisible()
        assert len(seen(card)) == 3
    handler = pair.helen.view
    assert isinstance(handler, HandlerView)
    assert not handler.panels.any_open
    handler.notes.editor.setFocus()
    pair.grace.press(Act.PLAN_NOT_AT_RISK)
    assert [seen(card) for card in pair.cards] == [["At risk"], ["At risk now"]]
    assert all("Plan: limits apply until" in card.text for card in pair.cards)
    pair.helen.press(Act.PLAN_AT_RISK)
    assert all("do not apply to this contact" in card.text for card in pair.cards)
    assert handler.focusWidget() is handler.notes.editor, "no answer moves the focus"
    assert all(one.window.minimumSizeHint().height() <= 640 for one in (pair.helen, pair.grace))


def test_the_buttons_answer_take_no_focus_and_are_named(pair: Pair) -> None:
    current = pair.helen.console.desk.state().current
    assert current is not None
    assert current.looked.candidates is not None
    sets(pair.room, pair.helen.console, current.looked.candidates.people[0].person)
    pair.helen.press(Act.CANDIDATE_1)
    card, _ = pair.cards
    assert card.accessibleName() == "Plan for repeated calls"
    assert card.accessibleDescription() == card.text
    buttons = tuple(card.answers.values())
    assert all(button.focusPolicy() is Qt.FocusPolicy.NoFocus and button.accessibleName() for button in buttons)
    card.answers[Act.PLAN_NOT_ASKED].click()
    card, _ = pair.cards
    assert "Limits do not apply; ask as soon as you can" in card.text
    assert len(seen(card)) == 3


LONG_NOTICE = (
    "Of this number is written: only before 18:00, ask for Lena. Nothing was rung; ring back once more to ring it all "
    "the same."
)
LONG = "x" * 4 + " and so on, as long as somebody may write it" * 9
EACH_ROW = pytest.mark.parametrize(
    "row",
    [
        PlanRow("Plan: ask first", "“Are you at risk now?”", LONG, LONG),
        PlanRow("Plan: limits apply until 23:14", "They say not at risk: Priya 22:14.", LONG, LONG, in_force=True),
        PlanRow(
            "Plan: no limits, at risk now", "At risk now: Tom 22:14. " + LONG[:60], "", LONG, asks=False, urgent=True
        ),
        PlanRow("Plan: no limits", "", "", LONG, asks=False),
    ],
    ids=["ask", "apply", "at risk", "no limits"],
)


def test_the_managers_panel_is_told_aloud_as_it_is_drawn_when_the_limits_lapse(
    qtbot: QtBot, qapp: QApplication, managing: Managing
) -> None:
    view = HandlerView(apply(qapp, choose(dark=False)), SeenActs())
    qtbot.addWidget(view)
    managing.opened(1)
    managing.handler.do(Act.PLAN_NOT_AT_RISK)
    view.show_rows(managing.h)
    view.panels.opens(Act.PLAN)
    view.show_rows(managing.h)

    def named() -> list[str]:
        fields = [one.accessibleName() for one in view.findChildren(QPlainTextEdit)]
        return [name for name in fields if name.startswith("Agreed limits")]

    assert named() == ["Agreed limits (in force)"]
    managing.room.ends("c9")
    managing.room.advance(2)
    view.show_rows(managing.h)
    assert named() == ["Agreed limits (ask first: not in force)"]


@EACH_ROW
@pytest.mark.parametrize("dropped", [False, True], ids=["on the line", "dropped"])
def test_a_notice_beside_the_plan_makes_no_window_higher(
    qtbot: QtBot, qapp: QApplication, row: PlanRow, dropped: bool
) -> None:
    view = HandlerView(apply(qapp, choose(dark=False)), SeenActs())
    qtbot.addWidget(view)
    rows = replace(STATES["handler"], plan=row, drop=DROPPED if dropped else None)
    view.resize(1280, 640)
    view.show_rows(rows)
    view.show()
    qapp.processEvents()
    note = view.notes.geometry()
    view.show_rows(replace(rows, notice=LONG_NOTICE))
    qapp.processEvents()
    assert (view.width(), view.height()) == (1280, 640)
    assert view.minimumSizeHint().height() <= 640
    assert view.notes.geometry() == note
    seen = [one for one in (view.drop, view.plan, view.notice) if one.isVisible()]
    assert view.notice in seen
    assert all(one.height() >= one.sizeHint().height() or one is view.plan for one in seen)
    tops = [(one.y(), one.y() + one.height()) for one in seen]
    assert all(upper[1] <= lower[0] for upper, lower in zip(tops, tops[1:], strict=False))
    view.show_rows(rows)
    qapp.processEvents()
    assert view.glance.isVisible()
    assert view.plan.isVisible() is view.history.isVisible() is not dropped
    view.show_rows(replace(rows, drop=None))
    qapp.processEvents()
    assert view.plan.isVisible()
    assert view.history.isVisible()
    assert (view.width(), view.height()) == (1280, 640)


@EACH_ROW
def test_on_the_smallest_screen_the_card_has_room_for_what_it_says(
    qtbot: QtBot, qapp: QApplication, row: PlanRow
) -> None:
    look = apply(qapp, choose(dark=False))
    handler, coordinator = HandlerView(look, SeenActs()), CoordinatorView(look, DeafActs())
    qtbot.addWidget(handler)
    qtbot.addWidget(coordinator)
    handler.show_rows(replace(STATES["handler"], plan=row))
    coordinator.show_rows(replace(coordinator_at_22_17_58(), plan=row))
    for view in (handler, coordinator):
        view.resize(1280, 640)
        view.show()
        QApplication.processEvents()
        assert faults(view) == []
        least = view.minimumSizeHint()
        assert (least.width() <= 1280, least.height() <= 640) == (True, True), least
        for label in view.plan.findChildren(PlainLabel):
            if label.isVisible():
                assert label.height() >= min(label.heightForWidth(label.width()), label.sizeHint().height())
                assert view.plan.rect().contains(label.geometry())
        state = next(label for label in view.plan.findChildren(PlainLabel) if label.text() == row.state)
        assert not state.elided()
        assert view.plan.text.startswith(row.state)


@EACH_ROW
@pytest.mark.parametrize("notice", ["", "long"], ids=["calm", "with a notice"])
@pytest.mark.parametrize("act", [Act.RECORD, Act.FACT_SHEET, Act.FIND, Act.KEYS], ids=lambda act: act.value)
def test_the_risk_and_the_plans_state_stay_in_sight_while_a_panel_is_open(
    qtbot: QtBot, qapp: QApplication, row: PlanRow, notice: str, act: Act
) -> None:
    view = HandlerView(apply(qapp, choose(dark=False)), SeenActs())
    qtbot.addWidget(view)
    rows = replace(STATES["handler"], plan=row)
    view.resize(1280, 640)
    view.show_rows(rows)
    view.show()
    qapp.processEvents()
    before = [one.geometry() for one in (view.notes, view.plan, view.history, view.glance)]
    view.panels.opens(act)
    view.show_rows(replace(rows, notice=LONG_NOTICE if notice else ""))
    qapp.processEvents()
    said = [one for one in view.plan.findChildren(PlainLabel) if one.isVisible()]
    assert view.who.visibleRegion().boundingRect() == view.who.rect()
    assert view.plan.visibleRegion().boundingRect() == view.plan.rect()
    assert said[0].text() == row.state
    assert not said[0].elided()
    assert all(view.plan.rect().contains(one.geometry()) for one in said)
    asked = [one for one in view.plan.answers.values() if one.isVisible()]
    assert bool(asked) is row.asks
    assert view.notice.isVisible() is bool(notice)
    assert (view.width(), view.height()) == (1280, 640)
    assert faults(view) == []
    view.panels.put_away()
    view.show_rows(rows)
    qapp.processEvents()
    assert [one.geometry() for one in (view.notes, view.plan, view.history, view.glance)] == before

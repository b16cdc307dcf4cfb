"""Ringing back from both screens: what is known of the number stands before whoever rings, whichever way they ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from console.domain.call_events import Alerting, Answered, CallBegan, LegEnd, LegEnded
from console.domain.calls import CallOutcome, Direction
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.ring_safety import NumberKnown
from console.ports.manual import HeldRunner
from console.ports.switchboard import ActionAnswer, Answer
from console.services.access import Access
from console.services.call_looks import Looked, LookState
from console.services.known import known
from console.services.line_drops import DropParts
from console.services.opened_record import Reading
from console.services.ring_safety import RingSafety
from db.people_schema import marker
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.rung_out import RINGS, rung, written
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.handler.rows import CandidatesRow, IdentityRow
from ui.desktop.screens.ringing_back import Chosen, known_of
from ui.desktop.shortcuts import Act

pytest_plugins = ["tests.helpers.night_fixtures"]
OTHER = "07700900988"


def marked(night: Night, person: UUID) -> None:
    """Let a marker in force say that a person must not be rung back."""
    row = {
        "id": uuid4(), "subject": "person", "subject_id": person, "kind": "do_not_call_back", "rank": "p2_harm_tonight",
        "text": "Partner answers", "source": "s", "set_on": date(2026, 11, 1), "set_by": "H Marsh",
        "authorised_by": "H Marsh", "review_on": date(2027, 11, 1), "origin": "file",
    }  # fmt: skip
    with night.room.store.people_room().use() as connection:
        connection.execute(insert(marker).values(row))


def dropped(night: Night) -> None:
    """Let the caller be answered, somebody join, and the line drop."""
    night.answered()
    night.paired()
    night.room.ends("c1", by="caller")


def test_while_a_colleague_rings_them_back_nobody_else_does(night: Night) -> None:
    dropped(night)
    night.room.advance(1)
    night.coordinator.do(Act.RING_BACK)
    night.room.advance(1)
    for _ in range(2):
        night.handler.do(Act.RING_BACK)
    assert (rung(night.tom), rung(night.priya)) == ([RINGS], []), "before the telephone system has told of Tom's call"
    assert night.h.notice == "Tom Adeyemi is ringing back since 22:14:32. Nothing was rung."
    drop = night.h.drop
    assert drop is not None
    assert drop.why_not == night.h.notice
    assert "Number: Tom Adeyemi is ringing back since 22:14:32." in drop.lines
    assert night.c.drop is not None
    assert not night.c.drop.why_not, "he may try again himself"

    now = night.room.clock.now()
    night.room.hears(CallBegan("o1", now, Direction.OUTBOUND, RINGS), Answered("o1", now, "o1-1002", "1002"))
    night.room.advance(90)
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == [], "the claim stands as long as its call"
    night.room.ends("o1", by="caller")
    night.room.advance(1)
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == [RINGS], "it is over, and nobody rings now"


def test_of_two_who_press_in_the_same_moment_one_rings_and_the_other_is_told_who_since_when(night: Night) -> None:
    dropped(night)
    assert night.h.drop is not None
    assert night.c.drop is not None
    night.coordinator.do(Act.RING_BACK)
    night.handler.do(Act.RING_BACK)
    assert (rung(night.tom), rung(night.priya)) == ([RINGS], [])
    assert night.h.notice == "Tom Adeyemi is ringing back since 22:14:31. Nothing was rung."
    assert night.c.notice == ""
    (incident,) = night.priya.folds.incidents()
    assert [(one.by, one.outcome.value) for one in incident.ring_backs] == [("tom.adeyemi", "rung")]


def test_a_claim_of_which_nothing_more_is_heard_ends_by_itself(night: Night) -> None:
    dropped(night)
    night.coordinator.do(Act.RING_BACK)
    night.room.advance(44)
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == []
    night.room.advance(2)
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == [RINGS]
    assert "Priya Raman is ringing back" in str(night.c.drop)


def test_what_the_telephones_refused_or_came_of_it_ends_the_claim_at_once(night: Night) -> None:
    dropped(night)
    night.tom.switchboard.reply = ActionAnswer(Answer.REFUSED, "No line is free.")
    night.coordinator.do(Act.RING_BACK)
    assert night.c.notice == "No line is free."
    assert night.h.drop is not None
    assert not night.h.drop.why_not
    night.tom.switchboard.reply = ActionAnswer(Answer.ACCEPTED)
    night.coordinator.do(Act.RING_BACK)
    assert night.h.drop is not None
    assert "Tom Adeyemi is ringing back" in night.h.drop.why_not
    night.coordinator.form_opened("ring_back", "")
    night.coordinator.form_sent("ring_back", {"outcome": "no_answer", "words": ""})
    night.room.settle()
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == [RINGS]


def test_on_both_sides_of_a_cut_each_may_ring_because_nobody_can_be_asked(night: Night) -> None:
    dropped(night)
    assert night.c.drop is not None
    with night.room.record_away():
        night.room.advance(4)
        night.coordinator.do(Act.RING_BACK)
        night.handler.do(Act.RING_BACK)
        assert rung(night.tom) == rung(night.priya) == [RINGS]
    (incident,) = night.priya.folds.incidents()
    assert {one.by for one in incident.ring_backs} == {"tom.adeyemi", "priya.raman"}


# --- the line that dropped: the same on both screens ---------------------------------------------


def test_a_line_that_is_not_safe_is_refused_on_both_screens_though_nobody_was_chosen(night: Night) -> None:
    written(night, "no")
    dropped(night)
    for rows in (night.h, night.c):
        assert rows.drop is not None
        assert "It is not safe to ring this number (no)" in rows.drop.why_not
    night.handler.do(Act.RING_BACK)
    night.coordinator.do(Act.RING_BACK)

    assert rung(night.priya) == rung(night.tom) == []
    assert "not safe to ring this number" in night.c.notice


def test_a_rule_is_read_first_and_the_number_rung_when_it_is_asked_for_once_more(night: Night) -> None:
    written(night, "only before 18:00")
    dropped(night)
    drop = night.c.drop
    assert drop is not None
    assert "Read before ringing: only before 18:00" in " ".join(drop.lines)
    night.coordinator.do(Act.RING_BACK)
    assert rung(night.tom) == []
    assert "only before 18:00" in night.c.notice
    night.coordinator.do(Act.RING_BACK)

    assert rung(night.tom) == [RINGS]


def test_the_second_workers_question_is_asked_once_and_stands_on_the_access_log(night: Night) -> None:
    written(night, "yes")
    dropped(night)
    for _ in range(3):
        assert night.c.drop is not None

    (asked,) = [one for one in night.room.store._ledger.looks if one.reason == "ringing back"]
    assert (asked.action, asked.worker, asked.call) == (
        "listed",
        night.tom.who.worker,
        night.tom.folds.incidents()[0].calls[0],
    )
    night.coordinator.do(Act.RING_BACK)
    assert rung(night.tom) == [RINGS]


def test_a_marker_of_one_it_may_be_is_a_rule_and_of_who_was_chosen_a_refusal(night: Night) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    marked(night, marcus)
    dropped(night)
    night.coordinator.do(Act.RING_BACK)
    assert rung(night.tom) == []
    assert "somebody else on this number" in night.c.notice
    night.handler.choose_candidate(1)
    night.room.settle()
    assert night.c.drop is not None
    night.coordinator.do(Act.RING_BACK)
    night.coordinator.do(Act.RING_BACK)

    assert rung(night.tom) == []
    assert "A marker says do not ring back" in night.c.notice


def test_while_the_record_is_away_it_says_that_nothing_is_known_and_asks_once_more(night: Night) -> None:
    night.answered()
    night.paired()
    night.room.store.away = True
    night.room.ends("c1", by="caller")
    night.coordinator.do(Act.RING_BACK)
    assert rung(night.tom) == []
    assert "away" in night.c.notice
    night.coordinator.do(Act.RING_BACK)
    assert rung(night.tom) == [RINGS]
    night.room.store.away = False


@pytest.mark.parametrize(
    ("reading", "coming", "unread"),
    [
        (Reading.NOBODY, True, False),
        (Reading.OPENING, True, False),
        (Reading.FAILED, False, True),
        (Reading.REFUSED, False, True),
        (Reading.HERE, False, False),
    ],
)
def test_a_record_that_is_not_here_is_no_record_without_markers(
    night: Night, reading: Reading, coming: bool, unread: bool
) -> None:
    desk, looked = night.coordinator_desk, Looked(LookState.HERE, RINGS)
    made = known_of(desk, RINGS, Chosen(uuid4(), None, reading), looked)
    assert (made.reading, bool(made.unread)) == (coming, unread)
    assert known_of(desk, RINGS, Chosen(), looked) == NumberKnown()
    assert known_of(desk, RINGS, Chosen(), Looked(LookState.ASKING, RINGS)).reading


def slow(night: Night) -> tuple[CoordinatorDesk, HeldRunner]:
    """Return the second worker's acts where look-ups take their time."""
    held, tom = HeldRunner(), night.tom
    safety = RingSafety(Access(night.room.store, held, tom.who), night.room.clock)
    parts = DropParts(tom.recorder, tom.folds, tom.desk, tom.acts, tom.contacts, tom.incidents, safety)
    acts = CoordinatorDesk(replace(night.coordinator_desk, known=known(parts, night.room.clock)))
    rows: list[CoordinatorRows] = []
    acts.show_on(rows.append)
    assert rows[-1].drop is not None
    assert not rows[-1].drop.why_not, "a moment is no refusal"
    assert "Being looked up" in " ".join(rows[-1].drop.lines)
    return acts, held


def test_pressed_while_the_number_is_looked_up_it_rings_when_the_answer_is_here(night: Night) -> None:
    written(night, "yes")
    dropped(night)
    acts, held = slow(night)
    acts.do(Act.RING_BACK)
    assert rung(night.tom) == []
    held.run_all()
    assert rung(night.tom) == [RINGS]


@pytest.mark.parametrize(("said", "seconds"), [("no", 1), ("only before 18:00", 1), ("yes", 10)])
def test_nothing_rings_by_itself_against_what_was_found_or_long_after_it_was_asked_for(
    night: Night, said: str, seconds: int
) -> None:
    written(night, said)
    dropped(night)
    acts, held = slow(night)
    acts.do(Act.RING_BACK)
    night.room.advance(seconds)
    held.run_all()
    assert rung(night.tom) == []
    acts.do(Act.RING_BACK)
    assert rung(night.tom) == ([] if said == "no" else [RINGS])


# --- who rang off --------------------------------------------------------------------------------


def rang_off(night: Night) -> None:
    """Let a caller be gone before anybody answered."""
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(8)
    night.room.ends("c1", CallOutcome.ABANDONED)
    assert "rang off" in night.h.call.detail


def test_who_rang_off_is_not_rung_on_a_line_that_is_not_safe(night: Night) -> None:
    written(night, "no")
    rang_off(night)
    night.handler.do(Act.RING_BACK)
    night.handler.do(Act.RING_BACK)

    assert rung(night.priya) == []
    assert "not safe to ring this number" in night.h.notice
    assert "rang off" in night.h.call.detail


def test_who_rang_off_is_rung_once_the_rule_was_read(night: Night) -> None:
    marked(night, night.knows("Marcus", date(1992, 2, 19)))
    rang_off(night)
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == []
    assert "do not ring back" in night.h.notice
    night.handler.do(Act.RING_BACK)

    assert rung(night.priya) == [RINGS]
    assert "rang off" not in night.h.call.detail


def test_the_caller_of_a_record_without_an_incident_is_not_rung_against_the_line_either(night: Night) -> None:
    written(night, "dangerous: partner answers")
    night.answered()
    night.handler.do(Act.RING_BACK)

    assert rung(night.priya) == []
    assert "dangerous: partner answers" in night.h.notice


def test_a_safe_number_is_looked_up_as_well(night: Night) -> None:
    written(night, "no")
    night.answered()
    night.paired()
    incident = StreamRef(StreamKind.INCIDENT, night.tom.folds.incidents()[0].id)
    body = {"key": "safe_number", "text": NUMBER, "source": "caller stated"}
    night.priya.recorder.record(night.priya.recorder.entry(Kind.INCIDENT_FACT, incident, body, slot="fact:safe_number"))
    night.room.ends("c1", by="caller")
    night.coordinator.do(Act.RING_BACK)
    assert "The record says of this number: no" in night.c.notice
    night.coordinator.do(Act.RING_BACK)

    assert rung(night.tom) == [RINGS], "the caller said so tonight, and it was read what the file says"


# --- while it is rung, and after one's own end ---------------------------------------------------


def test_while_the_caller_is_rung_back_the_cards_stay_and_one_can_be_chosen(night: Night) -> None:
    marcus, _ = night.knows("Marcus", date(1992, 2, 19)), night.knows("Lena", date(1993, 8, 7))
    marked(night, marcus)
    dropped(night)
    before, line_before = night.h.who, night.h.history
    assert isinstance(before, CandidatesRow)
    assert len(before.cards) == 2
    night.rings_out("1001")

    assert night.h.call.state == "ON CALL"
    assert (night.h.who, night.h.history) == (before, line_before)
    night.handler.choose_candidate(2)
    assert isinstance(night.h.who, IdentityRow)


def test_a_call_out_asks_for_the_number_rung_and_not_for_ones_own_extension(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.rings_out("1001")
    current = night.priya.desk.state().current
    assert current is not None
    assert (current.looked.state, current.looked.e164) == (LookState.HERE, RINGS)
    assert current.looked.candidates is not None
    assert [one.given for one in current.looked.candidates.people] == ["Marcus"]


@pytest.mark.parametrize("minutes", [0, 12])
def test_a_call_that_was_ended_by_mistake_has_a_way_back(night: Night, minutes: int) -> None:
    night.answered()
    night.paired()
    night.room.ends("c1", by="1001")
    night.room.advance(60 * minutes)
    night.room.rings("c9", OTHER, LINE, "1002")
    night.room.ends("c9", by="caller")
    night.handler.do(Act.RING_BACK)

    assert rung(night.priya) == [RINGS], night.h.notice


def other_rings_off(night: Night) -> None:
    """Let another caller ring this desk and give up after three seconds."""
    night.room.rings("c2", OTHER, LINE, "1001")
    night.room.advance(3)
    night.room.ends("c2", CallOutcome.ABANDONED)


def test_the_caller_of_the_record_on_screen_is_rung_and_not_who_rang_off_meanwhile(night: Night) -> None:
    night.answered()
    other_rings_off(night)
    night.room.ends("c1", by="caller")
    assert night.h.call.detail == "Shift+F9 rings 07700 900412. 07700 900988 rang off."
    night.handler.do(Act.RING_BACK)

    assert rung(night.priya) == [RINGS]
    assert night.h.notice == "07700 900412 is rung from your telephone."
    assert "07700 900988 rang off" in night.h.call.detail, "nobody rang that one"


def test_without_a_record_on_screen_who_rang_off_is_named_and_rung(night: Night) -> None:
    other_rings_off(night)
    assert night.h.call.detail == "07700 900988 rang off after 00:03, Shift+F9 rings back."
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == ["+447700900988"]


def test_a_caller_without_a_number_who_rang_off_is_said_to_have_none_and_none_is_named_to_ring(night: Night) -> None:
    night.room.rings("c1", "", LINE, "1001")
    night.room.ends("c1", CallOutcome.ABANDONED)
    assert "A caller without a number rang off" in night.h.call.detail
    assert "Shift+F9" not in night.h.call.detail


def test_who_rang_off_before_a_call_that_was_answered_does_not_come_back_after_it(night: Night) -> None:
    other_rings_off(night)
    night.answered()
    night.room.ends("c1", by="caller")
    assert "rang off" not in night.h.call.detail
    assert night.priya.night.missed.now(), "it waits where all of them do"


def test_a_call_ended_by_us_is_rung_back_on_the_safe_number_and_never_against_the_line(night: Night) -> None:
    written(night, "no")
    night.answered()
    night.paired()
    night.room.ends("c1", by="1001")
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == []
    assert "not safe to ring this number" in night.h.notice
    incident = StreamRef(StreamKind.INCIDENT, night.tom.folds.incidents()[0].id)
    body = {"key": "safe_number", "text": "07700 900777", "source": "caller stated"}
    night.priya.recorder.record(night.priya.recorder.entry(Kind.INCIDENT_FACT, incident, body, slot="fact:safe_number"))
    night.handler.do(Act.RING_BACK)
    assert rung(night.priya) == ["+447700900777"]


def test_what_cannot_be_rung_back_is_told_with_the_true_reason(night: Night) -> None:
    night.handler.do(Act.RING_BACK)
    assert "no call belongs to what is on this screen" in night.h.notice
    night.room.rings("c1", "", LINE, "1001")
    night.room.answers("c1", "1001")
    assert night.h.notes.record
    night.room.ends("c1", by="1001")
    night.handler.do(Act.RING_BACK)
    assert "The number was withheld" in night.h.notice
    assert rung(night.priya) == []


def test_a_caller_whom_a_colleague_has_is_not_rung_back_meanwhile(night: Night) -> None:
    night.answered()
    assert night.h.notes.record
    now = night.room.clock.now()
    night.room.hears(
        Alerting("c1", now, "c1-1002", "1002"),
        Answered("c1", now, "c1-1002", "1002"),
        LegEnded("c1", now, "c1-1001", "1001", LegEnd.HUNG_UP),
    )
    assert night.priya.desk.state().current is None
    night.handler.do(Act.RING_BACK)
    assert "on the line with somebody else" in night.h.notice
    assert rung(night.priya) == []


def test_a_window_that_is_ended_twice_is_taken_off_once(night: Night) -> None:
    heard: list[str] = []
    end = night.coordinator_desk.known.safety.watch(lambda: heard.append("changed"))
    end()
    end()
    dropped(night)
    night.room.advance(1)
    assert heard == []

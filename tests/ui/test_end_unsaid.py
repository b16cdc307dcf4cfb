"""A call that is over, of which a watched telephone cannot say who ended it: no alarm, no silence, one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import Alerting, Answered, CallBegan, NumberLearned
from console.domain.calls import CallOutcome, Direction, Presentation
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    """A pair on a call that lamps told of, and that ended three seconds ago."""
    made = Night()
    now = made.room.clock.now()
    made.room.hears(
        CallBegan("c1", now, Direction.INBOUND, LINE, assumed=True),
        NumberLearned("c1", now, NUMBER, "", Presentation.ALLOWED, settled=True),
        Alerting("c1", now, "c1-1001", "1001"),
        Answered("c1", now, "c1-1001", "1001"),
    )
    made.paired()
    made.room.advance(20)
    made.room.ends("c1", CallOutcome.ANSWERED, by="unknown")
    made.room.advance(3)
    yield made
    made.room.close()


def test_both_are_told_that_it_ended_and_that_nobody_can_say_by_whom_without_an_alarm(night: Night) -> None:
    for drop, key in ((night.h.drop, "Ctrl+F12 twice"), (night.c.drop, "Ctrl+Shift+L")):
        assert drop is not None
        assert drop.unsaid
        assert drop.title.startswith("The call ended 22:")
        assert drop.lines[0] == f"The telephone system does not say who ended it. {key} says that it was one of us."
        assert not drop.why_not, "it can be rung back as ever"
    (row,) = night.b.calls
    assert (row.clock_words, row.dropped) == ("who ended it?", False)
    assert row.who_words == "Ring back by Priya or Tom: not rung yet"


def test_the_key_that_ends_a_call_says_that_one_of_us_ended_it_and_the_incident_stays_open(night: Night) -> None:
    night.handler.do(Act.END)
    assert night.h.drop is None
    assert night.c.drop is None
    assert "one of us ended the call" in night.h.notice
    (row,) = night.b.calls
    assert (row.clock_words, row.dropped) == ("call ended", False)
    (incident,) = night.tom.folds.incidents()
    assert incident.live


def test_the_second_worker_says_it_in_the_form_of_what_came_of_it(night: Night) -> None:
    night.coordinator.form_opened("ring_back", "")
    form = next(one for one in night.c.forms if one.key == "ring_back")
    assert "ours" in [one.key for one in form.fields()[0].choices]
    night.coordinator.form_sent("ring_back", {"outcome": "ours"})
    assert night.c.drop is None


def test_rung_back_and_not_reached_it_stands_and_reached_it_is_gone(night: Night) -> None:
    night.coordinator.do(Act.RING_BACK)
    (row,) = night.b.calls
    assert row.who_words.startswith("Being rung back by Tom since ")
    night.coordinator.form_opened("ring_back", "")
    night.coordinator.form_sent("ring_back", {"outcome": "no_answer"})
    drop = night.h.drop
    assert drop is not None
    assert "Rung back once, no answer" in drop.lines[-1]
    night.coordinator.form_opened("ring_back", "")
    night.coordinator.form_sent("ring_back", {"outcome": "reached"})
    assert night.h.drop is None


def test_that_it_was_one_of_us_is_no_choice_where_a_switchboard_says_who_it_was() -> None:
    made = Night()
    made.answered()
    made.paired()
    made.room.ends("c1", by="caller")
    made.coordinator.form_opened("ring_back", "")
    form = next(one for one in made.c.forms if one.key == "ring_back")
    assert "ours" not in [one.key for one in form.fields()[0].choices]
    made.handler.do(Act.END)
    drop = made.h.drop
    assert drop is not None
    assert drop.title.startswith("LINE DROPPED")
    made.room.close()

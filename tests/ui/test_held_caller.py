"""A first caller on hold while a second one talks: on the screen with number and age, and taken back by one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import HoldChanged, LinkChanged, LinkState
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer, Answer
from tests.helpers.night_screens import LINE, Night
from ui.desktop.screens.handler.aim import HAND
from ui.desktop.screens.handler.held_acts import NOT_THAT_CALLER
from ui.desktop.shortcuts import Act

OTHER = "01632960741"
HOLDS = (PhoneAct.HOLD, PhoneAct.RESUME)


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def holds(night: Night, call: str, *, held: bool = True) -> None:
    """Let Priya's telephone put a caller on hold, or take one back."""
    night.room.hears(HoldChanged(call, night.room.clock.now(), "1001", held))


def two_callers(night: Night) -> None:
    """Let Priya have a second caller on the line, and the first on hold for half a minute."""
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1001")
    holds(night, "c1")
    night.room.answers("c2", "1001")
    night.room.advance(30)


def test_the_first_caller_stands_with_number_age_and_the_key_that_takes_them_back(night: Night) -> None:
    two_callers(night)
    slot = night.h.slot
    assert slot.chip is not None
    assert (slot.chip.text, slot.title) == ("ON HOLD 00:30", "07700 900412")
    assert slot.detail == "Hampshire adults. Their record comes back with them."
    assert [(one.act, one.face.text) for one in slot.buttons] == [(Act.ANSWER, "Hold this and take back")]


def test_one_key_holds_the_second_caller_and_takes_the_first_back(night: Night) -> None:
    two_callers(night)
    first = night.h.notes.record
    night.handler.do(Act.ANSWER)
    asked = [(one.act, one.provider_call) for one in night.priya.switchboard.asked[-2:]]
    assert asked == [(PhoneAct.HOLD, "c2"), (PhoneAct.RESUME, "c1")]
    holds(night, "c2")
    holds(night, "c1", held=False)
    assert night.h.call.number == "07700 900412"
    assert night.h.notes.record != first, "the record goes with the caller"
    assert night.h.slot.title == "01632 960741"


def test_with_both_on_hold_the_key_takes_back_the_one_in_the_slot_alone(night: Night) -> None:
    two_callers(night)
    holds(night, "c2")
    assert night.h.call.state == "ON HOLD"
    assert [one.face.text for one in night.h.slot.buttons] == ["Take back"]
    before = len(night.priya.switchboard.asked)
    night.handler.do(Act.ANSWER)
    asked = [(one.act, one.provider_call) for one in night.priya.switchboard.asked[before:]]
    assert asked == [(PhoneAct.RESUME, "c1")]


def test_a_hold_that_is_refused_leaves_both_callers_where_they_are(night: Night) -> None:
    two_callers(night)
    night.priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "The telephone refused.")
    before = len(night.priya.switchboard.asked)
    night.handler.do(Act.ANSWER)
    assert [one.act for one in night.priya.switchboard.asked[before:]] == [PhoneAct.HOLD]
    assert night.h.notice == "The telephone refused."


def test_where_only_the_telephone_itself_holds_the_row_says_so_and_offers_no_key(night: Night) -> None:
    night.priya.switchboard.acts = frozenset(PhoneAct) - set(HOLDS)
    two_callers(night)
    slot = night.h.slot
    assert slot.buttons == ()
    assert slot.detail == "Hampshire adults. Take them back on your telephone."
    night.handler.do(Act.ANSWER)
    assert night.h.notice == "Take the caller back on your telephone: this screen cannot, and follows."


def test_while_a_third_caller_waits_the_call_bar_says_who_is_on_hold(night: Night) -> None:
    two_callers(night)
    night.room.rings("c3", "", LINE, "1001")
    drawn = night.h
    assert drawn.slot.title == "Number withheld"
    assert drawn.call.detail.startswith("07700 900412 on hold 00:30.")
    assert drawn.slot.detail.endswith(" 1 on hold.")


def test_a_key_for_a_caller_who_has_just_rung_off_takes_nobody_back(night: Night) -> None:
    two_callers(night)
    night.room.rings("c3", "", LINE, "1001")
    assert night.h.slot.title == "Number withheld"
    before = len(night.priya.switchboard.asked)
    night.room.ends("c3")
    assert night.h.slot.title == "07700 900412"
    night.handler.do(Act.ANSWER)
    assert len(night.priya.switchboard.asked) == before
    assert night.h.notice == NOT_THAT_CALLER
    night.room.advance(HAND.total_seconds())
    night.handler.do(Act.ANSWER)
    assert night.priya.switchboard.asked[-1].act is PhoneAct.RESUME


def test_a_hold_of_which_nobody_is_sure_is_not_called_one(night: Night) -> None:
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1001")
    night.room.answers("c2", "1001")
    night.room.advance(30)
    chip = night.h.slot.chip
    assert chip is not None
    assert chip.text == "ON YOUR OTHER LINE"


def test_with_the_telephones_away_the_row_says_when_it_was_heard_and_offers_nothing(night: Night) -> None:
    two_callers(night)
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "The telephones do not answer."))
    slot = night.h.slot
    assert slot.buttons == ()
    assert "As last heard" in slot.detail

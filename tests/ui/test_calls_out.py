"""A call out is seen while it rings there, and what is said on it goes into the record of whom it reached."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from console.domain.call_events import Alerting, Answered, CallBegan
from console.domain.calls import CallOutcome, Direction
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer, Answer
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.shortcuts import Act

OTHER = "07700900988"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def rang_off(night: Night) -> None:
    """Let another caller ring this desk and give up after three seconds."""
    night.room.rings("gone", OTHER, LINE, "1001")
    night.room.advance(3)
    night.room.ends("gone", CallOutcome.ABANDONED)


def calls(night: Night, number: str, extension: str = "1001") -> None:
    """Let a telephone ring itself and then, lifted, a number, as an Asterisk tells it."""
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("out", now, Direction.OUTBOUND, "", placed_by=extension),
        Alerting("out", now, "out-own", extension),
    )
    night.room.hears(
        CallBegan("out", now, Direction.OUTBOUND, f"9{number}", placed_by=extension),
        Alerting("out", now, "out-far", "outside"),
    )


def answers(night: Night) -> None:
    """Let them answer."""
    night.room.hears(Answered("out", night.room.clock.now(), "out-far", "outside"))


def test_a_call_out_is_on_the_call_bar_while_it_rings_there_and_can_be_ended(night: Night) -> None:
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("out", now, Direction.OUTBOUND, "", placed_by="1001"), Alerting("out", now, "out-own", "1001")
    )
    bar = night.h.call
    assert (bar.state, bar.number, bar.detail) == (
        "CALLING", "Number not told yet", "Your telephone rings: lift the handset.",
    )  # fmt: skip
    calls(night, OTHER)
    bar = night.h.call
    assert (bar.state, bar.line, bar.number) == ("CALLING", "Call out", "07700 900988")
    assert bar.detail == "It rings there; nobody has answered yet."
    assert [one.act for one in bar.buttons] == [Act.END]
    night.handler.do(Act.END)
    assert night.priya.switchboard.asked[-1].act is PhoneAct.HANG_UP
    answers(night)
    assert night.h.call.state == "ON CALL"


def test_who_rang_off_gets_a_record_of_their_own_when_they_answer(night: Night) -> None:
    rang_off(night)
    night.handler.do(Act.NO_CALL)
    night.write(uuid4(), "of somebody else")
    other = night.record()
    night.handler.do(Act.RING_BACK)
    calls(night, OTHER)
    assert night.h.call.state == "CALLING"
    assert night.record() == "", "nothing can be typed into the record of somebody else any more"
    answers(night)
    made = night.record()
    assert made not in ("", other)
    night.write(uuid4(), "safe at her sister's")
    night.room.advance(2)

    found = {str(one.id): one for one in night.priya.contacts.unfinished()}
    assert [one.text for one in found[made].notes] == ["safe at her sister's"]
    assert [one.text for one in found[other].notes] == ["of somebody else"]
    missed, out = found[made].calls
    records = (night.tom.folds.call(missed), night.tom.folds.call(out))
    assert [one.direction for one in records if one is not None] == [Direction.INBOUND, Direction.OUTBOUND]
    assert (found[made].owner, found[made].value("authority")) == ("priya.raman", "hampshire")
    assert found[made].received == night.priya.folds.call(missed).offered_at  # type: ignore[union-attr]  # just read


def test_the_board_shows_the_call_with_who_was_rung_back(night: Night) -> None:
    rang_off(night)
    night.handler.do(Act.RING_BACK)
    calls(night, OTHER)
    ringing = night.b
    assert len(ringing.calls) == 0
    answers(night)
    (row,) = night.b.calls
    assert ("Hampshire adults" in str(row), "Priya Raman" in str(row), OTHER[1:] in str(row)) == (True, True, False)


def test_where_nobody_answers_no_record_is_left_behind(
    night: Night,
) -> None:
    rang_off(night)
    night.handler.do(Act.RING_BACK)
    calls(night, OTHER)
    night.room.ends("out", CallOutcome.ABANDONED, by="1001")
    assert night.h.notes.record == ""
    assert night.priya.contacts.unfinished() == ()


def test_a_record_begun_by_hand_while_it_rings_there_is_the_one_that_goes_on(night: Night) -> None:
    rang_off(night)
    night.handler.do(Act.RING_BACK)
    calls(night, OTHER)
    night.handler.do(Act.NO_CALL)
    begun = night.record()
    answers(night)
    assert night.record() == begun
    (record,) = night.priya.contacts.unfinished()
    assert len(record.calls) == 1


def test_the_caller_of_a_record_is_rung_back_into_that_record(night: Night) -> None:
    night.answered()
    before = night.record()
    night.room.ends("c1", by="1001")
    night.handler.do(Act.RING_BACK)
    calls(night, NUMBER)
    assert night.record() == before
    answers(night)
    assert night.record() == before
    (record,) = night.priya.contacts.unfinished()
    assert len(record.calls) == 2


@pytest.mark.parametrize(("answer", "number", "seconds"), [
    (Answer.REFUSED, OTHER, 0), (Answer.ACCEPTED, "01632960162", 0), (Answer.ACCEPTED, OTHER, 60),
])  # fmt: skip
def test_a_call_out_that_was_not_meant_leaves_the_record_on_screen(
    night: Night, answer: Answer, number: str, seconds: int
) -> None:
    rang_off(night)
    night.priya.switchboard.reply = ActionAnswer(answer)
    night.handler.do(Act.RING_BACK)
    night.handler.do(Act.NO_CALL)
    before = night.record()
    night.room.advance(seconds)
    now = night.room.clock.now()
    night.room.hears(CallBegan("out", now, Direction.OUTBOUND, f"9{number}", placed_by="1001"))
    answers(night)
    assert (night.h.call.state, night.record()) == ("ON CALL", before)
    assert len(night.priya.contacts.unfinished()) == 1

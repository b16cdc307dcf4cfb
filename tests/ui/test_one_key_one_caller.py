"""Two callers ring at one desk: each key is drawn once, beside the caller whom it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.ports.switchboard import Act as PhoneAct
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act

OTHER = "01632960741"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def offered(drawn: HandlerRows) -> tuple[list[Act], list[Act]]:
    """Return the acts offered on the call bar, and those in the slot."""
    return [one.act for one in drawn.call.buttons], [one.act for one in drawn.slot.buttons]


def two_ring(night: Night) -> None:
    """Let two callers ring at Priya's telephone."""
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(5)
    night.room.rings("c2", OTHER, LINE, "1001")


def test_the_keys_stand_beside_the_caller_whom_they_take(night: Night) -> None:
    two_ring(night)
    drawn = night.h
    assert (drawn.call.number, drawn.slot.title) == ("07700 900412", "01632 960741")
    assert offered(drawn) == ([Act.ANSWER, Act.OFFER, Act.TRANSFER], [])
    night.handler.do(Act.ANSWER)
    assert night.priya.switchboard.asked[-1].provider_call == "c1"


def test_whom_one_has_said_to_answer_stands_on_the_call_bar(night: Night) -> None:
    night.priya.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    two_ring(night)
    second = next(one.call.id for one in night.priya.desk.state().waiting if one.call.caller.number == OTHER)
    night.priya.acts.take(second, lambda _: None)
    drawn = night.h
    assert (drawn.call.number, drawn.slot.title) == ("01632 960741", "07700 900412")
    assert offered(drawn) == ([Act.OFFER, Act.TRANSFER], [])


def test_while_one_rings_here_the_keys_are_not_of_whoever_waits_longer_and_rings_elsewhere(night: Night) -> None:
    night.room.rings("c2", OTHER, LINE, "1002")
    night.room.advance(5)
    night.room.rings("c1", NUMBER, LINE, "1001")
    drawn = night.h
    assert (drawn.call.number, drawn.slot.title) == ("07700 900412", "01632 960741")
    assert offered(drawn) == ([Act.ANSWER, Act.OFFER, Act.TRANSFER], [])
    night.handler.do(Act.ANSWER)
    assert night.priya.switchboard.asked[-1].provider_call == "c1"

"""Calls that reached nobody stay until somebody says what became of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.calls import CallOutcome
from console.domain.missed_reviews import Reviewed
from console.services.refusing import Refused
from console.services.writing import Outcome
from tests.helpers.night_room import PRIYA, TOM, Room

LINE = "01632960001"
CALLER = "07700900412"


@pytest.fixture
def room() -> Iterator[Room]:
    """A room that is closed after the test."""
    made = Room()
    yield made
    made.close()


def rings_off(room: Room, call: str, number: str = CALLER) -> None:
    """Let a caller wait a while and ring off."""
    room.rings(call, number, LINE, "1001")
    room.advance(12)
    room.ends(call, CallOutcome.ABANDONED)
    room.settle()
    room.advance(1)


def test_a_missed_call_outlives_the_consoles_that_saw_it(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    rings_off(room, "c1")
    assert [one.call.e164 for one in priya.night.missed.now()] == ["+447700900412"]
    room.consoles.remove(priya)
    tom = room.console(TOM, "1002")
    room.settle()
    assert [one.call.e164 for one in tom.night.missed.now()] == ["+447700900412"]
    assert [one.call.e164 for one in tom.board.now().missed] == ["+447700900412"]


def test_one_word_takes_it_off_every_list_and_the_second_hears_who_was_first(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    rings_off(room, "c1")
    call = priya.night.missed.now()[0].call.id
    heard: list[Outcome] = []
    priya.night.missed.review(call, Reviewed.RANG_BACK, "", heard.append)
    tom.night.missed.review(call, Reviewed.NO_ANSWER, "", heard.append)
    room.settle()
    assert [one.won for one in heard] == [True, False]
    assert "Priya Raman" in heard[1].sentence
    assert tom.night.missed.now() == priya.night.missed.now() == ()
    with pytest.raises(Refused, match="reviewed this call already"):
        tom.night.missed.review(call, Reviewed.NO_ANSWER, "", heard.append)


@pytest.mark.parametrize("what", [Reviewed.NOTHING_NEEDED, Reviewed.OTHER])
def test_who_rings_nobody_says_why(room: Room, what: Reviewed) -> None:
    priya = room.console(PRIYA, "1001")
    rings_off(room, "c1")
    call = priya.night.missed.now()[0].call.id
    with pytest.raises(Refused, match="Write why nobody is rung"):
        priya.night.missed.review(call, what, "  ", lambda _: None)
    assert priya.night.missed.now()
    priya.night.missed.review(call, what, "wrong number, they said so", lambda _: None)
    room.settle()
    assert not priya.night.missed.now()


def test_a_caller_who_rang_again_is_said_and_still_waits_for_a_person(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    rings_off(room, "c1")
    rings_off(room, "other", "01632960741")
    room.rings("c2", CALLER, LINE, "1001")
    room.answers("c2", "1001")
    room.advance(1)
    first, other = priya.night.missed.now()
    assert first.again is not None
    assert first.again.answered
    assert other.again is None


def test_an_answered_call_is_not_missed(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", CALLER, LINE, "1001")
    room.answers("c1", "1001")
    room.advance(1)
    room.ends("c1")
    room.advance(1)
    assert priya.night.missed.now() == ()

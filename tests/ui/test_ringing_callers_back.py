"""Ringing back a caller around whom there is no incident: of all who see the same missed call, one rings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import Answered, CallBegan
from console.domain.calls import CallOutcome, Direction
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.switchboard import ActionAnswer, Answer
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.rung_out import RINGS, rung
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act


class Two(Night):
    """Two at the telephones, each with the screen of whoever answers; the caller rang off before either did."""

    def __init__(self) -> None:
        super().__init__()
        self.other, self._other = HandlerDesk(self.coordinator_desk), list[HandlerRows]()
        self.other.show_on(self._other.append)
        self.room.rings("c1", NUMBER, LINE, "1001", "1002")
        self.room.advance(8)
        self.room.ends("c1", CallOutcome.ABANDONED)

    @property
    def told(self) -> str:
        """Return what the second of them reads."""
        self.room.settle()
        self.other.draw()
        return self._other[-1].notice


@pytest.fixture
def two() -> Iterator[Two]:
    made = Two()
    yield made
    made.room.close()


def test_of_two_who_ring_a_missed_caller_in_the_same_moment_one_does_and_the_other_reads_who(two: Two) -> None:
    two.handler.do(Act.RING_BACK)
    two.other.do(Act.RING_BACK)
    assert (rung(two.priya), rung(two.tom)) == ([RINGS], [])
    assert two.told == "Priya Raman is ringing back since 22:14:13. Nothing was rung."


def test_a_claim_of_a_caller_lasts_as_long_as_its_call_and_no_longer(two: Two) -> None:
    two.handler.do(Act.RING_BACK)
    two.room.settle()
    now = two.room.clock.now()
    two.room.hears(
        CallBegan("o1", now, Direction.OUTBOUND, RINGS, placed_by="1001"), Answered("o1", now, "o1-1001", "1001")
    )
    two.room.advance(90)
    for _ in range(2):
        two.other.do(Act.RING_BACK)
    assert rung(two.tom) == []
    assert "Priya Raman is ringing back" in two.told
    two.room.ends("o1", by="1001")
    two.room.advance(1)
    two.other.do(Act.RING_BACK)
    assert rung(two.tom) == [RINGS]


def test_what_did_not_go_through_holds_nobody_up(two: Two) -> None:
    two.priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "No line is free.")
    two.handler.do(Act.RING_BACK)
    assert two.h.notice == "No line is free."
    two.other.do(Act.RING_BACK)
    assert rung(two.tom) == [RINGS]


def test_while_the_record_is_away_nobody_can_be_asked_and_each_may_ring(two: Two) -> None:
    two.room.store.away = True
    two.room.advance(4)
    for desk in (two.handler, two.other, two.handler, two.other):
        desk.do(Act.RING_BACK)
    assert rung(two.priya) == rung(two.tom) == [RINGS]
    two.room.store.away = False


def test_a_record_that_refuses_the_claim_for_no_ones_sake_is_said_and_the_second_press_rings(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a team's record does that has not been given the right yet.
    monkeypatch.setattr("db.append.kind_right", lambda kind, _: kind is not Kind.CALL_RING_BACK)
    two.handler.do(Act.RING_BACK)
    assert rung(two.priya) == []
    assert "ring back once more to ring all the same" in two.h.notice
    two.handler.do(Act.RING_BACK)
    assert rung(two.priya) == [RINGS]


def test_the_claim_stands_on_the_call_and_names_nobody_but_the_worker(two: Two) -> None:
    two.handler.do(Act.RING_BACK)
    two.room.settle()
    (call,) = two.tom.desk.calls()
    (written,) = [
        one for one in two.tom.ledger.items(StreamRef(StreamKind.CALL, call.id)) if one.kind is Kind.CALL_RING_BACK
    ]
    assert (written.author, written.content) == ("priya.raman", {"call": str(call.id), "outcome": "claimed"})

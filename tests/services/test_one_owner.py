"""A telephone has one owner, in whatever shift each of two signed in: the newest sign-in has it, and both are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from console.domain.call_events import AgentPaused, Alerting, Answered, CallBegan, LinkChanged, LinkState
from console.domain.calls import Direction
from console.domain.record import Expects, Kind, StreamKind
from console.ports.switchboard import Act
from tests.helpers.night_room import PRIYA, TOM, Console, Room
from tests.helpers.through_the_record import LINE, Case

BEFORE_NOON = datetime(2026, 12, 2, 11, 59, 30, tzinfo=UTC)
"""Still the shift of last night: from noon on a sign-in is to the next one, and no night need be waited for."""
TAKEN = "Tom Adeyemi sits at 1001 now; calls there are no longer yours."


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room(BEFORE_NOON)
    yield made
    made.close()


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case(BEFORE_NOON)
    yield made
    made.room.close()


def next_night(room: Room) -> None:
    """Let the next shift begin; consoles that run on stay signed in to the one before."""
    room.advance(90)


def of_two_nights(room: Room) -> tuple[Console, Console]:
    """Return Priya, still at 1001 since last night, and Tom, who signs in there tonight."""
    priya = room.console(PRIYA, "1001")
    next_night(room)
    tom = room.console(TOM, "1001")
    assert tom.shift.stream != priya.shift.stream
    return priya, tom


def test_who_still_sat_there_since_last_night_is_told_and_owns_nothing_any_more(room: Room) -> None:
    priya, tom = of_two_nights(room)
    assert (priya.outcomes[-1].won, priya.outcomes[-1].sentence, priya.outcomes[-1].by) == (False, TAKEN, TOM.worker)
    assert (priya.desk.extension, tom.desk.extension) == ("", "1001")
    me = priya.shift.me()
    assert me is not None, "she is on her shift all the same"
    assert me.extension == ""
    assert len(priya.outcomes) == 2, "it is said once"


def test_who_signs_in_there_is_told_who_held_it(room: Room) -> None:
    _, tom = of_two_nights(room)
    assert tom.won()
    assert "Priya Raman was still signed in at 1001" in tom.outcomes[-1].sentence
    assert "Calls there are yours now" in tom.outcomes[-1].sentence


def test_the_call_opens_the_record_of_who_sits_there_and_one_console_pauses_the_telephone(room: Room) -> None:
    priya, tom = of_two_nights(room)
    for one in (priya, tom):
        one.switchboard.asked.clear()
    room.rings("c1", "07700900412", LINE, "1001")
    room.answers("c1", "1001")
    room.advance(2)
    current = tom.desk.state().current
    assert current is not None
    assert current.contact is not None
    assert priya.desk.state().current is None
    (record,) = tom.folds.contacts_of_call(current.call.id)
    opened = tom.ledger.items(next(one for one in tom.ledger.streams(StreamKind.CONTACT) if one.id == record.id))[0]
    assert opened.author == TOM.worker
    room.ends("c1")
    room.advance(1)
    assert [act.act for act in tom.switchboard.asked] == [Act.PAUSE]
    assert priya.switchboard.asked == []


def test_a_pause_of_that_telephone_is_the_state_of_who_sits_there_only(room: Room) -> None:
    priya, tom = of_two_nights(room)
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Away"))
    room.advance(2)
    words = [one.state_words for console in (priya, tom) if (one := console.shift.me()) is not None]
    assert words == ["Ready", "Away"]


def test_a_telephone_left_again_is_not_given_back_to_who_sat_there_before(room: Room) -> None:
    priya, tom = of_two_nights(room)
    tom.shift.sign_out()
    room.settle()
    me = priya.shift.me()
    assert me is not None
    assert (me.extension, priya.desk.extension) == ("", "")


def test_who_signs_in_again_where_they_sat_last_night_is_told_nothing(room: Room) -> None:
    before = room.console(PRIYA, "1001")
    next_night(room)
    again = room.console(PRIYA, "1001")
    assert (again.won(), again.outcomes[-1].sentence) == (True, "")
    assert before.desk.extension == "1001"
    assert len(before.outcomes) == 1


def test_a_telephone_that_was_left_last_night_is_taken_without_a_word(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.shift.sign_out()
    next_night(room)
    tom = room.console(TOM, "1001")
    assert (tom.won(), tom.outcomes[-1].sentence) == (True, "")
    assert len(priya.outcomes) == 1, "she signed out and is told nothing"


def test_one_owner_in_one_shift_too_where_the_holder_moved_at_another_console(room: Room) -> None:
    here = room.console(PRIYA, "1001")
    there = room.console(PRIYA, "1002")
    tom = room.console(TOM, "1001")
    assert tom.won()
    assert here.outcomes[-1].sentence == TAKEN
    assert [one.desk.extension for one in (here, there, tom)] == ["", "1002", "1001"]


def test_what_was_signed_in_last_night_and_is_shared_only_now_takes_nothing_from_who_sits_there(room: Room) -> None:
    """Her words waited on her computer; the record hears of them after Tom's sign-in."""
    priya = room.console(PRIYA, "1003")
    body: dict[str, Any] = {"worker": PRIYA.worker, "name": PRIYA.name, "extension": "1001", "unclaimed": True}
    late = priya.recorder.entry(Kind.SHIFT_SIGNED_IN, priya.shift.stream, body, slot="extension:1001")
    next_night(room)
    tom = room.console(TOM, "1001")
    room.store.append(PRIYA, [late])
    room.settle()
    assert (len(tom.outcomes), tom.desk.extension) == (1, "1001")
    assert [one.extension for console in (tom, priya) if (one := console.shift.me()) is not None] == ["1001", ""]


def test_who_sits_down_while_the_record_is_away_has_it_once_the_record_is_back(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    next_night(room)
    with room.record_away():
        tom = room.console(TOM, "1001")
        room.advance(6)
        tom.shift.sign_in("1001", tom.outcomes.append)
        assert priya.desk.extension == "1001", "nobody can tell her yet"
    room.advance(5)
    assert (priya.desk.extension, tom.desk.extension) == ("", "1001")
    assert priya.outcomes[-1].sentence == TAKEN
    assert tom.won()


# --- through a witness --------------------------------------------------------------------------


def tom_takes_it_at_a_witness(case: Case) -> Console:
    """Let Tom sign in at 1001 tonight, and talk there."""
    next_night(case.room)
    tom = case.room.console(TOM, "1001")
    case.settle()
    case.racks[0].witness.hear(LinkChanged(case.room.clock.now(), LinkState.CONNECTED, boot="night"))
    now = case.room.clock.now()
    case.happens(
        CallBegan("c1", now, Direction.INBOUND, LINE),
        Alerting("c1", now, "c1-1", "1001"),
        Answered("c1", now, "c1-1", "1001"),
    )
    return tom


def ask_past_her_console(case: Case, console: Console) -> str:
    """Write what a console that was not told would ask of 1001; return how the witness answers, empty: not at all."""
    body = {"act": "hang_up", "extension": "1001", "call": "", "target": "", "reason": ""}
    stream, slot = console.shift.stream, f"ask:{uuid4()}"
    entry = console.recorder.entry(Kind.SHIFT_ASKED, stream, body, slot=slot, expects=Expects(None))
    case.room.store.append(console.who, [entry])
    case.settle()
    said = [one.content for one in console.ledger.items(stream) if one.kind is Kind.SHIFT_ASK_ANSWERED]
    return str(said[-1]["state"]) if said else ""


def test_through_a_witness_nobody_ends_the_call_of_who_sits_there_now(case: Case) -> None:
    rack = case.rack()
    case.sit()
    tom = tom_takes_it_at_a_witness(case)
    assert ask_past_her_console(case, case.priya) == ""
    assert rack.board.asked == []
    assert ask_past_her_console(case, tom) == "accepted"
    assert [(act.act, act.extension) for act in rack.board.asked] == [(Act.HANG_UP, "1001")]


def test_a_witness_looks_itself_where_an_older_record_let_it_through(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The record of a team that was not upgraded: its door asks about one shift only.
    monkeypatch.setattr("db.append.sits_there", lambda *_: True)
    rack = case.rack()
    case.sit()
    tom = tom_takes_it_at_a_witness(case)
    assert ask_past_her_console(case, case.priya) == "refused"
    tom.shift.sign_out()
    case.settle()
    assert ask_past_her_console(case, case.priya) == "refused", "nor once he has left"
    assert rack.board.asked == []

"""The board of a caller who was given to somebody: by whom, to whom, since when they wait, and where they ring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import Alerting, Answered, CallEvent, LegEnd, LegEnded, Transferred
from console.domain.calls import TransferKind
from console.ports.switchboard import Act as PhoneAct
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.screens.board.lists import call_row
from ui.desktop.screens.board.rows import LiveCallRow
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    """Priya answered at 22:14:19 and has the caller for twenty seconds."""
    made = Night()
    made.answered()
    made.room.advance(20)
    yield made
    made.room.close()


def gives(night: Night, taker: str | None, *then: CallEvent, giver: str | None = "1001") -> None:
    """Let Priya transfer the caller, and let go."""
    now = night.room.clock.now()
    gone = LegEnded("c1", now, "c1-1001", "1001", LegEnd.HUNG_UP)
    others = LegEnded("c1", now, "c1-1002", "1002", LegEnd.ANSWERED_ELSEWHERE)
    night.room.hears(others, Transferred("c1", now, TransferKind.BLIND, giver, taker), gone, *then)


def rings(night: Night, *extensions: str) -> tuple[Alerting, ...]:
    """Return that the caller rings at these telephones."""
    return tuple(Alerting("c1", night.room.clock.now(), f"given-{one}", one) for one in extensions)


def waiting(night: Night) -> LiveCallRow:
    """Return the row of the one caller who waits, a second later."""
    (row,) = (one for one in night.b.calls if one.waiting)
    return row


def test_who_was_given_to_a_colleague_is_offered_to_nobody_else_and_waits_since_then(night: Night) -> None:
    gives(night, "1002", *rings(night, "1002"))
    row = waiting(night)
    assert (row.clock, row.clock_words, row.what) == ("00:01", "waiting", "Waiting since given")
    assert (row.who, row.who_words) == ("Given to Tom Adeyemi", "By Priya at 22:14; rings there")
    assert "Given to Tom Adeyemi, By Priya at 22:14; rings there" in call_row(row).spoken
    night.room.advance(20)
    row = waiting(night)
    assert (row.clock, row.clock_words) == ("00:22", "over 00:20")


def test_one_whom_nobody_answers_there_rings_nowhere_and_still_is_with_nobody(night: Night) -> None:
    gives(night, "1002", *rings(night, "1002"))
    now = night.room.clock.now()
    night.room.hears(LegEnded("c1", now, "given-1002", "1002", LegEnd.NO_ANSWER))
    assert waiting(night).who_words == "By Priya at 22:14; rings nowhere now"
    night.room.hears(*rings(night, "1001"))
    assert waiting(night).who_words == "By Priya at 22:14; rings at Priya"
    night.room.hears(*rings(night, "1009"))
    assert waiting(night).who_words == "By Priya at 22:14; rings at 2 telephones"


@pytest.mark.parametrize(
    ("taker", "ring", "who", "words"),
    [
        ("1009", "1009", "Given to 1009", "By Priya at 22:14; rings there"),
        ("907700900123", "outside", "Given to an outside number", "By Priya at 22:14; rings there"),
        (None, "1009", "Passed on", "By Priya at 22:14; rings at 1009"),
    ],
    ids=["nobody signed in there", "outside", "not told"],
)
def test_to_whom_is_said_as_far_as_it_is_known_and_no_number_from_outside(
    night: Night, taker: str | None, ring: str, who: str, words: str
) -> None:
    gives(night, taker, *rings(night, ring))
    row = waiting(night)
    assert (row.who, row.who_words) == (who, words)


def test_whoever_was_left_and_given_to_nobody_is_said_to_be_with_nobody(night: Night) -> None:
    now = night.room.clock.now()
    night.room.hears(
        LegEnded("c1", now, "c1-1002", "1002", LegEnd.ANSWERED_ELSEWHERE),
        LegEnded("c1", now, "c1-1001", "1001", LegEnd.HUNG_UP),
    )
    row = waiting(night)
    assert (row.clock, row.what) == ("00:01", "Waiting again")
    assert (row.who, row.who_words) == ("Nobody has them now", "Priya had them until 22:14; rings nowhere now")


def test_one_whom_nobody_had_and_who_was_sent_on_waits_since_they_rang() -> None:
    night = Night()
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(10)
    now = night.room.clock.now()
    night.room.hears(
        Transferred("c1", now, TransferKind.REDIRECT, "1001", "1002"),
        LegEnded("c1", now, "c1-1001", "1001", LegEnd.UNKNOWN),
        *rings(night, "1002"),
    )
    row = waiting(night)
    assert (row.clock, row.what) == ("00:11", "Waiting")
    assert (row.who, row.who_words) == ("Given to Tom Adeyemi", "By Priya at 22:14; rings there")
    night.room.close()


def test_a_colleague_who_says_that_they_have_it_is_named_and_who_gave_it_stays(night: Night) -> None:
    gives(night, "1002", *rings(night, "1002"))
    night.tom.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    night.coordinator.do(Act.ANSWER)
    row = waiting(night)
    assert (row.who, row.who_words) == ("Tom Adeyemi has it", "By Priya at 22:14; handset not lifted yet")


def test_a_wall_names_neither_of_the_two(night: Night) -> None:
    night.board.do(Act.WALL)
    gives(night, "1002", *rings(night, "1002"))
    row = waiting(night)
    assert (row.who, row.who_words) == ("Passed on", "Not answered yet")
    assert "Priya" not in call_row(row).spoken


def test_the_incident_of_a_caller_who_waits_again_says_so_and_not_that_the_call_ended(night: Night) -> None:
    night.paired()
    night.priya.contacts.set_field(night.priya.contact, "type", "suicidal_caller")
    gives(night, "1009", *rings(night, "1009"))
    night.room.advance(2)
    incident, row = sorted(night.b.calls, key=lambda one: one.waiting)
    assert (incident.what, incident.clock_words, incident.dropped) == ("Suicidal caller", "caller waits", False)
    assert incident.clock == row.clock == "00:03"


def test_whoever_it_rings_at_is_seen_to_ring_since_it_was_given(night: Night) -> None:
    gives(night, "1002", *rings(night, "1002"))
    staff = {row.name: (row.state, row.since) for row in night.b.staff}
    assert staff["Tom Adeyemi"] == ("Ringing", "00:01")


def test_answered_there_it_is_a_call_like_any_other(night: Night) -> None:
    gives(night, "1002", *rings(night, "1002"))
    night.room.hears(Answered("c1", night.room.clock.now(), "given-1002", "1002"))
    (row,) = night.b.calls
    assert (row.waiting, row.who) == (False, "Tom Adeyemi")

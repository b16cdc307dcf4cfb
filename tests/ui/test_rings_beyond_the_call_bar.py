"""A ringing call on the screens that have no call bar: the second worker's status row, the board, and the wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import LinkChanged, LinkState
from console.domain.calls import CallOutcome
from console.ports.switchboard import Act as PhoneAct
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.screens.board.rows import LiveCallRow
from ui.desktop.screens.handler.call_rows import BY_HAND
from ui.desktop.shortcuts import Act

OTHER = "01632960741"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    for one in (made.priya, made.tom):
        one.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    yield made
    made.room.close()


def waits(night: Night) -> str:
    """Return what the second worker's status row says of the calls that wait."""
    return next((item.text for item in night.c.status.health if "waiting" in item.text), "")


def on_the_board(night: Night) -> LiveCallRow:
    """Return the one call of the board."""
    (row,) = night.b.calls
    return row


def test_the_second_worker_reads_on_which_line_a_caller_waits_and_what_the_key_would_answer(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(12)
    assert waits(night) == "1 waiting 00:12, Hampshire adults"
    night.room.rings("c2", OTHER, LINE, "1002")
    assert waits(night) == "2 waiting 00:12, Hampshire adults rings here: F9"


def test_whoever_said_that_they_have_it_reads_so_on_the_second_workers_screen_too(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001", "1002")
    night.coordinator.do(Act.ANSWER)
    assert waits(night) == "1 waiting 00:00, you have it: lift the handset"
    night.room.answers("c1", "1002")
    assert waits(night) == ""


def test_a_call_that_a_colleague_has_names_them_and_offers_no_key(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001", "1002")
    night.handler.do(Act.ANSWER)
    assert waits(night) == "1 waiting 00:00, Priya Raman has it"
    night.room.rings("c2", OTHER, LINE, "1001")
    night.handler.do(Act.ANSWER)
    assert waits(night) == "2 waiting 00:00, Hampshire adults", "her own comes before the one that nobody has"


def test_while_the_telephones_are_away_it_says_as_of_when_somebody_waited(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(60)
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    night.room.advance(120)
    assert waits(night) == "1 waiting as of 22:15, Hampshire adults"
    row = on_the_board(night)
    assert (row.old, row.who_words) == (True, "As last heard from the telephones")


def test_the_second_of_two_calls_says_that_it_may_be_gone_while_the_telephones_are_away(night: Night) -> None:
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1001")
    assert "As last heard" not in night.h.slot.detail
    night.room.advance(30)
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    assert night.h.slot.detail.startswith("Hampshire adults. As last heard 22:14:19; the caller may be gone.")


def test_the_second_worker_reads_since_when_nobody_has_heard_of_the_call_that_they_work_on(night: Night) -> None:
    night.answered()
    night.paired()
    assert night.c.head is not None
    assert night.c.head.below.startswith("Priya on the line 00:12, with you since")
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    night.room.advance(41)
    assert night.c.head is not None
    assert night.c.head.below.startswith("Priya on the line as of 22:14:19, with you since")


def test_the_board_says_by_how_much_a_caller_waits_too_long_and_that_a_claim_is_no_answer(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(30)
    row = on_the_board(night)
    assert (row.clock_words, row.who, row.who_words) == ("over 00:20", "Not answered", "Offered to everyone on shift")
    night.handler.do(Act.ANSWER)
    night.room.advance(31)
    row = on_the_board(night)
    assert (row.clock_words, row.who, row.who_words) == (
        "over 01:00", "Priya Raman has it", "The handset is not lifted yet"
    )  # fmt: skip


def test_the_wall_names_nobody_who_has_a_ringing_call(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.board.do(Act.WALL)
    assert on_the_board(night).who == "Not answered"
    night.handler.do(Act.ANSWER)
    assert on_the_board(night).who == "One worker has it"


def test_the_board_says_of_nobody_that_they_are_on_a_call_which_the_telephones_no_longer_confirm(night: Night) -> None:
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1002")
    night.room.advance(5)

    def staff() -> dict[str, tuple[str, bool]]:
        return {row.name: (row.state, bool(row.since)) for row in night.b.staff}

    seen = staff()
    assert (seen["Priya Raman"], seen["Tom Adeyemi"]) == (("On a call", True), ("Ringing", True))
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "lost"))
    seen = staff()
    assert (seen["Priya Raman"], seen["Tom Adeyemi"]) == (("Was on a call", False), ("Was ringing", False))


def test_with_the_telephones_away_what_to_do_comes_before_what_happened(night: Night) -> None:
    words = "No witness has been heard since 22:14, and the telephones are heard through it.  Calls still ring."
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, words))
    assert (
        night.h.call.detail
        == f"{BY_HAND} No witness has been heard since 22:14, and the telephones are heard through it."
    )


def test_a_caller_who_rang_off_at_once_is_said_in_words_that_the_tile_has_room_for(night: Night) -> None:
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1002")
    night.room.advance(2)
    night.room.ends("c2", CallOutcome.ABANDONED)
    night.room.advance(1)
    assert night.b.answered.words == "1 of 2; 1 rang off, 1 at once"
    assert night.b.details["Answered"][0].quiet == "since 17:00"

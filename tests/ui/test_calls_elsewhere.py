"""A call that rings at other telephones is not offered as if it could be answered here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.shortcuts import Act

OTHER = "07700900413"


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def offered(night: Night) -> list[Act]:
    """Return the acts of the slot's buttons."""
    return [one.act for one in night.h.slot.buttons]


def test_a_call_at_other_telephones_is_offered_to_the_team_only_and_says_where_it_rings(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1002")

    assert offered(night) == [Act.OFFER]
    assert "Rings at 1 other telephone, not at yours." in night.h.slot.detail


def test_a_call_that_rings_nowhere_says_so(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE)

    assert offered(night) == [Act.OFFER]
    assert "No telephone rings for it now." in night.h.slot.detail


def test_of_two_waiting_calls_the_slot_shows_the_one_that_the_key_answers(night: Night) -> None:
    night.answered()
    night.room.rings("c2", OTHER, LINE, "1002")
    night.room.rings("c3", "07700900414", LINE, "1001")

    assert offered(night) == [Act.ANSWER, Act.OFFER]
    assert (night.h.slot.title, "1 more waits." in night.h.slot.detail) == ("07700 900414", True)


def test_handler_and_board_count_who_is_free_by_one_rule(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1002")
    assert night.b.capacity.free == 2
    assert night.b.capacity.title.startswith("Night capacity: 2 free")
    assert "Nobody free" not in night.h.slot.detail

    night.room.answers("c1", "1002")
    assert night.b.capacity.free == 1
    assert night.h.slot.detail.startswith("No colleague free.")


def test_one_thing_to_fill_in_can_wait_and_more_of_them_can(night: Night) -> None:
    night.answered()
    assert night.h.wrap_up.missing == "1 thing to fill in; it can wait"
    night.fill("type", "suicidal_caller")
    assert night.h.wrap_up.missing.endswith(" things to fill in; they can wait")


def test_whoever_asks_for_a_second_worker_is_not_called_nobody(night: Night) -> None:
    night.answered()
    night.handler.do(Act.NEED_SECOND)
    (asked,) = night.c.summons

    assert (asked.words, asked.owner) == ("Priya Raman, Hampshire adults", "")
    assert (asked.nobody, asked.load) == ("Asked 00:00 ago", "Also asked: Helen.")

"""What is said of a number before it is rung: when it is whole, and in which words."""

from __future__ import annotations

import pytest

from console.domain.lines import is_whole, read_number
from console.domain.ring_back import RingingBack, RingNumber
from console.domain.ring_safety import Safety
from console.domain.typed_safety import of_ringing, without_looking

E164 = "+447700900412"


@pytest.mark.parametrize(
    "typed", ["07700 900412", "907700900412", "+44 7700 900412", "01632 960162", "0800 1111", "+353 1 234 5678", "101"]
)
def test_a_whole_number_is_known_as_one(typed: str) -> None:
    assert is_whole(read_number(typed))


@pytest.mark.parametrize("typed", ["07700 900", "07700 9004", "01632 960", "01632 9601", "0000 000000 00"])
def test_a_number_that_is_still_being_typed_is_not(typed: str) -> None:
    assert not is_whole(read_number(typed))


@pytest.mark.parametrize(
    ("typed", "state", "safety"),
    [
        ("0 999", "Emergency number: ring 999 on your handset", Safety.NEVER),
        ("1002", "A telephone of your own", Safety.FREELY),
        ("111", "A public service", Safety.FREELY),
        ("0000 000000 00", "No number that can be dialled as it stands", None),
    ],
)
def test_what_is_nobodys_own_number_is_said_without_a_look_up(typed: str, state: str, safety: Safety | None) -> None:
    told = without_looking(typed, read_number(typed))
    assert told is not None
    assert (told.typed, told.state, told.safety) == (typed, state, safety)
    assert without_looking("07700 900412", read_number("07700 900412")) is None


@pytest.mark.parametrize(
    ("made", "state", "more", "safety"),
    [
        (RingingBack(E164, RingNumber.LINE, "safe to ring: yes"), "Safe to ring: yes", "", Safety.FREELY),
        (
            RingingBack(E164, RingNumber.LINE, "read before ringing: not after 18:00", rule="Of this number: ..."),
            *("Read before ringing", "Of this number: ...", Safety.RULE),
        ),
        (
            RingingBack(E164, RingNumber.LINE, "safe to ring: yes", rule="A marker of somebody else says no."),
            *("Read before ringing; safe to ring: yes", "A marker of somebody else says no.", Safety.RULE),
        ),
        (
            RingingBack("", RingNumber.LINE, "not safe to ring: no", "It is not safe."),
            *("Not safe to ring", "Of this number is written: no. It is not rung from here.", Safety.NEVER),
        ),
    ],
)
def test_the_words_are_those_of_ringing_back(made: RingingBack, state: str, more: str, safety: Safety) -> None:
    told = of_ringing("07700 900412", made)
    assert (told.state, told.more, told.safety) == (state, more, safety)

"""Whom a board names of a caller who was given away: our own people and telephones, and no number from outside."""

from __future__ import annotations

from uuid import UUID

import pytest

from console.domain.board_given import OUTSIDE_NUMBER, Given, given_of
from console.domain.call_tracks import OUTSIDE
from console.domain.calls import Call, Caller, CallState, Direction, Handed
from console.domain.shifts import ShiftState
from console.ports.manual import NIGHT


def given(taker: str) -> Given:
    handed = Handed("1001", taker, NIGHT)
    call = Call(UUID(int=1), Direction.INBOUND, CallState.ALERTING, Caller(), handed=handed, alone_since=NIGHT)
    found = given_of(call, ShiftState())
    assert found is not None
    return found


@pytest.mark.parametrize(
    "taker",
    [
        *("07700 900123", "+447700900123", "077009001234", "1419 07700900123", "960123", "999", "0999", "101"),
        *("5551234567890", "ring me", OUTSIDE),
    ],
)
def test_what_may_be_a_number_from_outside_is_not_on_the_board(taker: str) -> None:
    assert given(taker).to == OUTSIDE_NUMBER


@pytest.mark.parametrize("taker", ["1002", ""])
def test_an_extension_is_and_nobody_is_nobody(taker: str) -> None:
    assert given(taker).to == taker

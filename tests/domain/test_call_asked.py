"""Who is asked while the caller waits, and where a caller is parked: from the facts, whatever window looks at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEvent,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    Parked,
    PartyJoined,
    SnapshotTaken,
    Transferred,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import Asked, Call, CallState, Direction, TransferKind, asker, is_asked
from tests.helpers import esl_streams
from tests.helpers.recordings import Recording

T0 = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
RINGS, SPEAKS = Asked("1003"), Asked("1003", answered=True)
BEGUN: tuple[CallEvent, ...] = (
    LinkChanged(T0, LinkState.CONNECTED, boot="run 1"),
    CallBegan("c1", T0, Direction.INBOUND, "01632960001"),
    Alerting("c1", T0, "own", "1001"),
    Answered("c1", T0, "own", "1001"),
    HoldChanged("c1", T0, "1001", True),
)
ASKS = Alerting("c1", T0, "theirs", "1003")
LIFTS = LegEnded("c1", T0, "theirs", "1003", LegEnd.HUNG_UP)


def folded(*facts: CallEvent) -> Call:
    """Return the one call of these facts."""
    book = CallBook(UUID(int=7))
    for at, fact in enumerate((*BEGUN, *facts)):
        book.apply(fact, T0 + timedelta(seconds=at))
    (call,) = book.calls()
    return call


def test_whoever_rings_while_the_caller_is_held_is_asked_and_then_speaks() -> None:
    assert folded().asked is None
    assert (folded(ASKS).asked, folded(ASKS).state) == (RINGS, CallState.HELD)
    assert folded(ASKS, LIFTS).asked == SPEAKS
    assert folded(ASKS, LIFTS, LIFTS).asked == SPEAKS


@pytest.mark.parametrize(
    "ends",
    [
        (HoldChanged("c1", T0, "1001", False),),
        (Transferred("c1", T0, TransferKind.ATTENDED, "1001", "1003"),),
        (PartyJoined("c1", T0, "1003"),),
        (Answered("c1", T0, "theirs~1", "1003"),),
        (Parked("c1", T0, True, "701"),),
    ],
    ids=["taken back", "given over", "all together", "with the caller", "parked"],
)
def test_the_asking_is_over(ends: tuple[CallEvent, ...]) -> None:
    assert folded(ASKS, LIFTS, *ends).asked is None


@pytest.mark.parametrize("reason", [LegEnd.NO_ANSWER, LegEnd.REJECTED, LegEnd.BUSY, LegEnd.CALLER_GONE])
def test_whoever_does_not_lift_is_asked_no_more(reason: LegEnd) -> None:
    assert folded(ASKS, LegEnded("c1", T0, "theirs", "1003", reason)).asked is None


def test_a_telephone_that_rings_while_nobody_is_held_is_not_asked() -> None:
    resumed = HoldChanged("c1", T0, "1001", False)
    again = HoldChanged("c1", T0 + timedelta(seconds=9), "1001", True)
    assert folded(resumed, ASKS, again).asked is None, "a plain hold later makes no consultation of it"


def test_a_caller_led_away_rings_and_asks_nobody() -> None:
    given = Transferred("c1", T0, TransferKind.BLIND, "1001", "1003")
    gone = LegEnded("c1", T0, "own", "1001", LegEnd.HUNG_UP)
    assert folded(given, gone, ASKS).asked is None


def test_what_was_heard_before_the_link_was_lost_stands_until_the_caller_is_back() -> None:
    lost = LinkChanged(T0, LinkState.LOST, "lost")
    back = LinkChanged(T0 + timedelta(seconds=30), LinkState.CONNECTED, boot="run 1")
    there = SnapshotTaken(T0 + timedelta(seconds=30), frozenset({"c1"}))
    assert folded(ASKS, LIFTS, lost, back, there).asked == SPEAKS
    resumed = HoldChanged("c1", T0 + timedelta(seconds=40), "1001", False)
    assert folded(ASKS, LIFTS, lost, back, there, resumed).asked is None


def test_a_place_is_known_while_the_caller_is_parked_there() -> None:
    parked = Parked("c1", T0, True, "701")
    call = folded(parked)
    assert (call.state, call.parked_at, call.parked_since) == (CallState.PARKED, "701", T0)
    assert not call.talking
    fetched = folded(parked, Parked("c1", T0, False), Answered("c1", T0, "fetch", "1004"))
    assert (fetched.talking, fetched.parked_at, fetched.parked_since) == (frozenset({"1004"}), "", None)


@pytest.mark.parametrize(
    "facts",
    [
        *(Recording(kind, name).facts() for kind, name in (
            ("asterisk-22", "xfer_attended"),
            ("asterisk-22-rig-channelvars", "consult_then_back"),
            ("asterisk-22-rig-channelvars", "xfer_atxfer_ami"),
            ("asterisk-16-rig-channelvars", "xfer_atxfer_ami"),
        )),
        esl_streams.recorded("xfer_attended").facts(),
    ],
    ids=["REFER", "back again", "Atxfer 22", "Atxfer 16", "FreeSWITCH"],
)  # fmt: skip
def test_a_real_switchboards_asking_is_seen_from_its_ring_to_its_end(facts: list[tuple[datetime, CallEvent]]) -> None:
    book, seen = CallBook(UUID(int=7)), list[Asked | None]()
    for at, fact in facts:
        book.apply(fact, at)
        asks = next((call for call in book.calls() if call.asked is not None), None)
        asked = asks.asked if asks is not None else None
        assert asks is None or (asker(asks), is_asked(asks, "1003"), is_asked(asks, "")) == ("1001", True, False)
        if not seen or seen[-1] != asked:
            seen.append(asked)
    assert seen == [None, RINGS, SPEAKS, None]

"""This computer's clock, put right by what the shared record's heartbeats measure."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from console.domain.call_events import CallBegan, HoldChanged
from console.domain.calls import Direction
from console.domain.record import SCHEMA_VERSION, START
from console.ports.feed import Beat
from console.ports.manual import NIGHT, ManualClock
from console.ports.store import Heartbeat
from console.services.record_time import RecordTime

OFF = timedelta(hours=2)


def beat(server: datetime, asked: datetime, trip: float = 0.0) -> Beat:
    """Return a heartbeat whose answer took ``trip`` seconds."""
    answered = asked + timedelta(seconds=trip)
    return Beat(START, Heartbeat(START, server, SCHEMA_VERSION), asked, answered)


@pytest.fixture
def own() -> ManualClock:
    return ManualClock(NIGHT + OFF)


@pytest.fixture
def time(own: ManualClock) -> RecordTime:
    made = RecordTime(own)
    made.heard(beat(NIGHT, own.now()))
    return made


def test_before_the_first_heartbeat_it_is_this_computers_clock(own: ManualClock) -> None:
    assert RecordTime(own).now() == own.now()


def test_it_is_put_right_by_the_middle_of_the_trip(own: ManualClock) -> None:
    time = RecordTime(own)
    time.heard(beat(NIGHT + timedelta(seconds=1), own.now(), trip=2.0))
    assert time.now() == NIGHT
    own.advance(30)
    assert time.now() == NIGHT + timedelta(seconds=30)


def test_it_does_not_jitter_within_a_second_and_half_the_trip(own: ManualClock, time: RecordTime) -> None:
    time.heard(beat(NIGHT + timedelta(seconds=0.9), own.now()))
    time.heard(beat(NIGHT + timedelta(seconds=1.5 + 1.0), own.now(), trip=3.0))
    assert time.now() == NIGHT
    time.heard(beat(NIGHT + timedelta(seconds=1.1), own.now()))
    assert time.now() == NIGHT + timedelta(seconds=1.1)


@pytest.mark.parametrize("trip", [-7200.0, 5.1, 7200.0])
def test_a_clock_that_was_set_during_the_trip_measures_nothing(own: ManualClock, time: RecordTime, trip: float) -> None:
    time.heard(beat(NIGHT + timedelta(minutes=9), own.now(), trip))
    assert time.now() == NIGHT


def test_a_feed_that_tells_no_times_measures_nothing(own: ManualClock) -> None:
    time = RecordTime(own)
    time.heard(Beat(START, Heartbeat(START, NIGHT, SCHEMA_VERSION)))
    assert time.now() == own.now()


def began(at: datetime) -> CallBegan:
    """Return the beginning of a call."""
    return CallBegan("c1", at, Direction.INBOUND, "01632960001")


def test_a_fact_with_the_time_of_its_arrival_is_put_right(own: ManualClock, time: RecordTime) -> None:
    assert time.placed(began(own.now() - timedelta(seconds=1))).at == NIGHT - timedelta(seconds=1)


@pytest.mark.parametrize("ago", [0, 3, 600, 7200, 10800])
def test_a_fact_with_the_switchboards_own_right_time_stays(own: ManualClock, time: RecordTime, ago: int) -> None:
    event = began(NIGHT - timedelta(seconds=ago))
    assert time.placed(event) is event


def test_a_switchboard_that_is_right_stays_where_this_computer_is_seconds_off(own: ManualClock) -> None:
    time = RecordTime(own)
    time.heard(beat(own.now() + timedelta(seconds=3), own.now()))
    event = began(time.now())
    assert time.placed(event) is event


def test_a_stamp_that_is_part_of_which_fact_it_is_is_never_touched(own: ManualClock, time: RecordTime) -> None:
    event = HoldChanged("c1", own.now(), "1001", held=True)
    assert time.placed(event) is event

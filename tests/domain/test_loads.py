"""The load of everybody on shift: incidents, since when, a red call just over; and who is asked for a second worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from console.domain.calls import Call, Caller, CallState, Direction
from console.domain.loads import RED_FRESH, Load, loads, who_can_come
from console.domain.people import Rank
from console.domain.record import Kind, Role, StreamKind, iso
from console.domain.shifts import ShiftState, WorkerState, fold_shift
from console.domain.work_cards import WorkCard
from tests.helpers.items import TEN_PAST, Stream

NOW = TEN_PAST + timedelta(minutes=30)


class Night:
    """A shift written by hand, with cards of incidents and calls."""

    def __init__(self, *workers: str, role: Role = Role.SUPPORT_WORKER) -> None:
        self.stream = Stream(StreamKind.SHIFT)
        for number, worker in enumerate(workers):
            self.signs_in(worker, str(1001 + number), role)
        self.cards: list[WorkCard] = []
        self.calls: list[Call] = []

    def signs_in(self, worker: str, extension: str, role: Role = Role.SUPPORT_WORKER) -> None:
        """Let a worker sign in."""
        body = {"worker": worker, "name": worker.title(), "role": role.value, "extension": extension}
        self.stream.write(Kind.SHIFT_SIGNED_IN, body, author=worker)

    def says(self, worker: str, state: WorkerState, **more: object) -> None:
        """Let a worker say a state."""
        self.stream.write(Kind.SHIFT_STATE, {"worker": worker, "state": state.value, **more}, author=worker)

    def red_call(self, worker: str, over: datetime) -> None:
        """Let a red call be over for a worker."""
        body = {"worker": worker, "about": uuid4(), "over": iso(over), "answer": "offered"}
        self.stream.write(Kind.SHIFT_RELIEF, body, author=worker)

    def incident(self, lead: str, second: str = "", rank: Rank = Rank.NOW, minutes: int = 10) -> None:
        """Let an incident be open for some minutes, paired from its beginning."""
        since = NOW - timedelta(minutes=minutes)
        paired = since if second else None
        self.cards.append(
            WorkCard(
                uuid4(), "incident", rank=rank, owner=lead, coordinator=second, opened_at=since, paired_since=paired
            )
        )

    def talks(self, extension: str, minutes: int = 5) -> None:
        """Let somebody be on a call."""
        since = NOW - timedelta(minutes=minutes)
        self.calls.append(
            Call(
                uuid4(),
                Direction.INBOUND,
                CallState.CONNECTED,
                Caller(),
                answered_at=since,
                talking=frozenset({extension}),
            )
        )

    @property
    def shift(self) -> ShiftState:
        """Return the shift."""
        return fold_shift(self.stream.items)

    def load(self, worker: str) -> Load:
        """Return one worker's load."""
        return next(one for one in loads(self.shift, self.cards, self.calls, NOW) if one.worker.worker == worker)

    def asked(self) -> list[str]:
        """Return who is asked for a second worker, in order."""
        return [one.worker.worker for one in who_can_come(loads(self.shift, self.cards, self.calls, NOW), NOW)]


def test_a_lead_and_a_second_worker_carry_the_incident_since_it_began_for_each() -> None:
    night = Night("priya", "tom", "grace")
    night.incident("priya", "tom", minutes=10)
    night.incident("grace", "tom", rank=Rank.HOUR, minutes=20)
    tom, grace = night.load("tom"), night.load("grace")
    assert (tom.leads, tom.seconds, tom.incidents, tom.red_now) == (0, 2, 2, True)
    assert tom.since == NOW - timedelta(minutes=20)
    assert (grace.leads, grace.red_now) == (1, False)
    assert night.load("priya").since == NOW - timedelta(minutes=10)


def test_a_call_is_load_too_and_its_clock_is_the_longest_of_what_holds_somebody() -> None:
    night = Night("priya")
    night.talks("1001", minutes=25)
    night.incident("priya", minutes=10)
    priya = night.load("priya")
    assert priya.committed
    assert priya.talking
    assert priya.since == NOW - timedelta(minutes=25)


def test_everybody_free_is_asked_the_least_loaded_first_and_a_fresh_red_call_weighs() -> None:
    night = Night("tom", "grace", "nadia")
    night.red_call("tom", NOW - timedelta(minutes=2))
    night.red_call("grace", NOW - timedelta(minutes=50))
    assert night.asked() == ["nadia", "grace", "tom"]
    assert night.load("tom").just_red(NOW)
    night.red_call("nadia", NOW - RED_FRESH)
    assert not night.load("nadia").just_red(NOW)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (WorkerState.AVAILABLE, True),
        (WorkerState.WRAP_UP, True),
        (WorkerState.BREAK, False),
        (WorkerState.VISIT, False),
        (WorkerState.ON_CALL_HOME, False),
        (WorkerState.TAKE_FIVE, False),
    ],
)
def test_who_is_away_or_in_recovery_is_not_asked(state: WorkerState, asked: bool) -> None:
    night = Night("tom")
    night.says("tom", state)
    assert night.asked() == (["tom"] if asked else [])


def test_in_recovery_only_who_says_i_can_come_is_asked_until_it_is_over_by_its_time() -> None:
    night = Night("tom", "grace", "owen")
    later, over = iso(NOW + timedelta(minutes=5)), iso(NOW - timedelta(seconds=1))
    night.says("tom", WorkerState.TAKE_FIVE, until=later)
    night.says("grace", WorkerState.TAKE_FIVE, until=later, can_come=True)
    night.says("owen", WorkerState.TAKE_FIVE, until=over)
    assert night.asked() == ["grace", "owen"]


def test_nobody_with_a_caller_or_a_seat_is_asked_and_no_reader() -> None:
    night = Night("priya", "tom", "grace")
    night.signs_in("day.reader", "", Role.DAY_TEAM_READER)
    night.incident("priya", "tom")
    night.talks("1003")
    assert night.asked() == []


@pytest.mark.parametrize("body", [{}, {"worker": 7, "answer": ["x"]}, {"answer": "offered", "over": "never"}])
def test_foreign_bodies_never_end_a_shift(body: dict[str, object]) -> None:
    night = Night("tom")
    for kind in (Kind.SHIFT_RELIEF, Kind.SHIFT_CALL_OUT, Kind.SHIFT_QUEUE, Kind.SHIFT_STATE):
        night.stream.write(kind, body, author="tom")
    assert night.asked() == ["tom"]

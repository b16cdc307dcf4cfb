"""The night's state in one piece: guard, loads, the call-out that stands and whether the queue is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.call_outs import CallOut
from console.domain.calls import Call, engaged
from console.domain.capacity import Arming, Guard, NightRules, guard_of, standing, wanted
from console.domain.loads import Load, loads, seated, who_can_come
from console.domain.queue_hold import QueueHold
from console.domain.shifts import ShiftState
from console.domain.signals import Summons
from console.domain.work_cards import WorkCard


@dataclass(frozen=True, slots=True)
class NightState:
    """What every screen says of the night's capacity.  ``asked``: why somebody should be called out now."""

    guard: Guard = field(default_factory=Guard)
    loads: tuple[Load, ...] = ()
    asked: Arming | None = None
    call_out: CallOut | None = None
    queue: QueueHold = field(default_factory=QueueHold)

    def can_come(self, now: datetime) -> tuple[Load, ...]:
        """Return who is asked for a second worker, the least loaded first."""
        return who_can_come(self.loads, now)

    def load(self, worker: str) -> Load | None:
        """Return one worker's load."""
        return next((one for one in self.loads if one.worker.worker == worker), None)


def night_of(
    shift: ShiftState,
    calls: tuple[Call, ...],
    cards: Iterable[WorkCard],
    summons: Iterable[Summons],
    guard: Guard,
    rules: NightRules,
    now: datetime,
) -> NightState:
    """Return the night at ``now``; ``guard`` counts who is left for the next caller."""
    asked = wanted(guard, summons, rules, now)
    found = loads(shift, cards, calls, now)
    return NightState(guard, found, asked, standing(shift.call_outs, asked, now), shift.queue)


def guard_at(
    shift: ShiftState, calls: tuple[Call, ...], cards: Iterable[WorkCard], committed: int, paired: int
) -> Guard:
    """Return the guard: a telephone that only rings can be lifted, so its worker is free."""
    return guard_of(calls, len(shift.could_answer(engaged(calls), seated(cards))), committed, paired)

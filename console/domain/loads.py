"""The load of everybody on shift: in how many incidents, since when, and who has just had a red call.

A count of heads is not enough for a summons: the free one may have come out of a red call two minutes ago
(peers.md 5: show load, not just presence).  No caller is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.calls import Call
from console.domain.people import Rank
from console.domain.record import Kind
from console.domain.rights import kind_right
from console.domain.shifts import STATE_LABELS, ShiftState, WorkerOnShift, WorkerState
from console.domain.work_cards import WorkCard

RED_FRESH = timedelta(hours=1)
"""For how long a red call that is over still counts as load."""


@dataclass(frozen=True, slots=True)
class Load:
    """One worker's load at one moment; ``since`` is when the longest of what holds them now began."""

    worker: WorkerOnShift
    leads: int = 0
    seconds: int = 0
    """In how many live incidents they are the second worker."""
    red_now: bool = False
    talking: bool = False
    since: datetime | None = None
    red_over: datetime | None = None
    """When their last red call of this shift was over."""
    calls: int = 0
    """Calls they have answered that are still under way."""

    @property
    def incidents(self) -> int:
        """Return in how many live incidents they have a seat."""
        return self.leads + self.seconds

    @property
    def committed(self) -> bool:
        """Say whether a caller or an incident has them now."""
        return self.talking or self.incidents > 0

    def just_red(self, now: datetime) -> bool:
        """Say whether a red call was over less than :data:`RED_FRESH` ago."""
        return self.red_over is not None and timedelta() <= now - self.red_over < RED_FRESH

    def weight(self, now: datetime) -> tuple[int, bool, float]:
        """Return what the least loaded has least of: incidents, a fresh red call, how lately it was over."""
        over = -(now - self.red_over).total_seconds() if self.red_over is not None else float("-inf")
        return self.incidents, self.just_red(now), over

    def can_come(self, now: datetime) -> bool:
        """Say whether a call for a second worker is shown to them (:func:`may_come`)."""
        return may_come(self.worker, now, committed=self.committed)


def may_come(worker: WorkerOnShift, now: datetime, *, committed: bool) -> bool:
    """Say whether a call for a second worker is for this worker: the one rule, for who is asked and who is shown it.

    Ready, wrapping up, or in recovery and willing; with no caller and no seat of their own (``committed``); in a role
    that may.
    """
    if committed or not kind_right(Kind.INCIDENT_JOINED, worker.role):
        return False
    if worker.recovering(now):
        return worker.can_come
    return worker.said(now) in (WorkerState.AVAILABLE, WorkerState.WRAP_UP)


def loads(shift: ShiftState, cards: Iterable[WorkCard], calls: Iterable[Call], now: datetime) -> tuple[Load, ...]:
    """Return the load of everybody on shift, in the order they signed in.

    ``cards`` are the open incidents as every role may list them, ``calls`` those the telephones tell of.
    """
    incidents = [card for card in cards if card.kind == "incident"]
    live = [call for call in calls if call.live]
    return tuple(_load(worker, shift, incidents, live) for worker in shift.workers)


def _load(worker: WorkerOnShift, shift: ShiftState, incidents: list[WorkCard], calls: list[Call]) -> Load:
    leads = [card for card in incidents if card.owner == worker.worker]
    seconds = [card for card in incidents if card.coordinator == worker.worker]
    own = [call for call in calls if worker.extension and worker.extension in call.talking]
    began = [card.opened_at for card in leads] + [card.paired_since for card in seconds]
    began += [call.answered_at for call in own]
    red = [one.over for one in shift.reliefs.get(worker.worker, ())]
    return Load(
        worker,
        len(leads),
        len(seconds),
        any(card.rank is Rank.NOW for card in (*leads, *seconds)),
        bool(own),
        min((at for at in began if at is not None), default=None),
        max(red, default=None),
        len(own),
    )


def seated(cards: Iterable[WorkCard]) -> frozenset[str]:
    """Return who has a seat in a live incident, by key: they are committed, also when their own call has ended."""
    found = (worker for card in cards if card.kind == "incident" for worker in (card.owner, card.coordinator))
    return frozenset(worker for worker in found if worker)


def who_can_come(listed: Iterable[Load], now: datetime) -> tuple[Load, ...]:
    """Return who is asked for a second worker, the least loaded first."""
    able = (one for one in listed if one.can_come(now))
    return tuple(sorted(able, key=lambda one: (one.weight(now), one.worker.name)))


def state_of(worker: WorkerOnShift, now: datetime) -> str:
    """Return a worker's said state in words, with what is left of a recovery."""
    if worker.recovering(now):
        return STATE_LABELS[WorkerState.TAKE_FIVE] + (", can come" if worker.can_come else "")
    return worker.state_words

"""Fold of telephone facts into calls: pure, idempotent, without a clock (telephony.md 3.1).

:class:`CallBook` is handed each fact with its time of arrival and answers what changed.  A fact
applied twice changes nothing; an impossible transition is kept as an :class:`Oddity`, never
raised.  It needs no lock: one thread owns it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from console.domain import call_folds as folds
from console.domain.call_changes import ENDED_UNSEEN, CallChange, ChangeKind, Oddity
from console.domain.call_events import (
    AgentPaused,
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    CallsMerged,
    EmergencyDialled,
    HoldChanged,
    LegEnded,
    LinkChanged,
    LinkState,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    QueueTimedOut,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.call_refs import CallRefs
from console.domain.call_shelf import CallShelf
from console.domain.call_tracks import OUTSIDE, Track, close
from console.domain.calls import Call, Caller, CallOutcome, Certainty, Direction, Hold
from console.domain.lines import USUAL, DialPlan

_ODDITIES_KEPT = 200
_OfCall = (
    CallBegan
    | NumberLearned
    | QueueJoined
    | QueueTimedOut
    | Alerting
    | Answered
    | LegEnded
    | HoldChanged
    | PartyJoined
    | PartyLeft
    | SupervisionBegan
    | SupervisionEnded
    | Transferred
    | Parked
    | EmergencyDialled
    | CallEnded
)
_BEGINS = (CallBegan, QueueJoined, Alerting)
"""What may make a call that was never heard of.  Anything else may be the last word on one long forgotten."""


class CallBook:
    """The calls of one switchboard, live and lately ended."""

    def __init__(self, switchboard: UUID, plan: DialPlan = USUAL, refs: CallRefs | None = None) -> None:
        """``refs`` says which call of ours a provider's id means, where that is not made of the switchboard's row."""
        self._refs = refs or CallRefs(switchboard)
        self._plan = plan
        self._tracks = CallShelf()
        self._paused: dict[tuple[str, str], bool] = {}
        self._late: set[str] = set()
        self._oddities: deque[Oddity] = deque(maxlen=_ODDITIES_KEPT)
        self.odd_count = 0

    def calls(self) -> tuple[Call, ...]:
        """Return every call not yet forgotten, oldest first."""
        return tuple(track.call for track in self._tracks.all())

    def live(self) -> tuple[Call, ...]:
        """Return the calls that live, oldest first."""
        return tuple(track.call for track in self._tracks.living())

    def call(self, identity: UUID) -> Call | None:
        """Return one call, or None where it is not known or became an alias of another."""
        track = self._tracks.get(identity)
        return track.call if track else None

    def find(self, provider: str) -> UUID | None:
        """Return our call for a provider's id, aliases followed."""
        return self._refs.find(provider)

    def provider_ids(self, identity: UUID) -> frozenset[str]:
        """Return the provider's ids of one call, for actions."""
        return self._refs.names(identity)

    def take_oddities(self) -> tuple[Oddity, ...]:
        """Return the oddities since the last time (at most 200), for the service's log."""
        taken = tuple(self._oddities)
        self._oddities.clear()
        return taken

    def forget(self, before: datetime) -> tuple[UUID, ...]:
        """Drop calls that ended before ``before``, so that memory stays bounded; return which."""
        gone = self._tracks.drop_ended(before)
        for identity in gone:
            self._refs.forget(identity)
        return gone

    def apply(self, event: CallEvent, arrived: datetime) -> tuple[CallChange, ...]:
        """Fold one fact; ``arrived`` is when it reached this console (aware UTC)."""
        match event:
            case LinkChanged():
                return tuple(self._link(event, arrived))
            case SnapshotTaken():
                return tuple(self._snapshot(event, arrived))
            case AgentPaused():
                return tuple(self._agent(event))
            case CallsMerged():
                return tuple(self._merge(event, arrived))
            case _:
                return tuple(self._of_call(event, arrived))

    def _of_call(self, event: _OfCall, arrived: datetime) -> list[CallChange]:
        if not isinstance(event, _BEGINS) and self._refs.find(event.call) not in self._tracks:
            self._odd(event.at, None, f"{type(event).__name__} of a call that is not known")
            return []
        track, changes = self._track(event)
        if not track.is_new(event):
            return []
        if not track.call.live:
            return self._after_end(track, event)
        before = track.call
        changes += _fold(track, event, self._plan, self._odd)
        if before.certainty is not track.certainty and track.begun:
            track.call = replace(track.call, certainty=track.certainty)
        track.settle(arrived)
        self._check_device(track, event)
        late = event.call in self._late
        return [replace(change, late=True) for change in changes] if late else changes

    def _track(self, event: _OfCall) -> tuple[Track, list[CallChange]]:
        identity = self._refs.learn(event.call)
        track = self._tracks.get(identity)
        if track is not None:
            return track, []
        direction = event.direction if isinstance(event, CallBegan) else Direction.INBOUND
        call = Call(identity, direction, folds.FIRST_STATE[direction], Caller(), offered_at=event.at)
        track = self._tracks.begin(Track(call))
        if not isinstance(event, CallBegan):
            self._odd(event.at, identity, "a fact came before its call began")
            track.call = replace(call, certainty=Certainty.ASSUMED)
        return track, [CallChange(ChangeKind.BEGAN, event.at, identity)]

    def _after_end(self, track: Track, event: _OfCall) -> list[CallChange]:
        if isinstance(event, CallBegan) and not track.call.dialled:
            folds.began(track, event)
        elif not isinstance(event, (LegEnded, PartyLeft, SupervisionEnded, CallEnded, NumberLearned)):
            self._odd(event.at, track.call.id, f"{type(event).__name__} after the call ended")
        return []

    def _check_device(self, track: Track, event: _OfCall) -> None:
        if not isinstance(event, Answered):
            return
        for other in self._tracks.living():
            busy = other is not track and event.extension in other.call.talking
            if busy and event.extension != OUTSIDE and other.call.hold is Hold.NO:
                self._odd(event.at, track.call.id, "one telephone is in two calls at once")

    def _merge(self, event: CallsMerged, arrived: datetime) -> list[CallChange]:
        survivor = self._refs.learn(event.call)
        gone = self._refs.find(event.other)
        self._refs.alias(event.other, survivor)
        if gone is None or gone == survivor:
            return []
        track, other = self._tracks.get(survivor), self._tracks.drop(gone)
        if other is None:
            return []
        if track is None:
            track = self._tracks.begin(Track(replace(other.call, id=survivor), begun=other.begun))
        folds.absorb(track, other)
        track.settle(arrived)
        return [CallChange(ChangeKind.MERGED, event.at, survivor, other=gone)]

    def _link(self, event: LinkChanged, arrived: datetime) -> list[CallChange]:
        changes = [CallChange(ChangeKind.LINK, event.at, reason=event.sentence, link=event.state)]
        if event.state is LinkState.LOST:
            changes += self._all_stale(event.at)
        elif event.boot and event.boot != self._refs.boot:
            changes += self._end_missing(frozenset(), event.at, arrived)
            self._refs.restart(event.boot)
        return changes

    def _all_stale(self, at: datetime) -> list[CallChange]:
        changes = []
        for track in self._tracks.living():
            if track.call.certainty is not Certainty.STALE:
                track.call = replace(track.call, certainty=Certainty.STALE)
                changes.append(CallChange(ChangeKind.STALE, at, track.call.id))
        return changes

    def _snapshot(self, event: SnapshotTaken, arrived: datetime) -> list[CallChange]:
        alive = frozenset(filter(None, (self._refs.find(provider) for provider in event.calls)))
        changes = self._end_missing(alive, event.at, arrived)
        self._late = set(event.joined_late)
        for identity in alive:
            track = self._tracks.get(identity)
            if track is not None and track.call.live and track.call.certainty is not track.certainty:
                track.holders.clear()
                # Who listens now is told after this, where the switchboard can tell it.
                hearers = () if event.tells_hearers else track.call.supervisors
                sure = replace(track.call, certainty=track.certainty, supervisors=hearers)
                track.call = replace(sure, hold=Hold.UNKNOWN, held_since=None)
                track.settle(arrived)
                changes.append(CallChange(ChangeKind.CONFIRMED, event.at, identity))
        return changes

    def _end_missing(self, alive: frozenset[UUID], at: datetime, arrived: datetime) -> list[CallChange]:
        changes = []
        for track in self._tracks.living():
            identity = track.call.id
            if identity not in alive:
                close(
                    track,
                    ended_at=at,
                    outcome=CallOutcome.UNKNOWN,
                    ended_by="unknown",
                    certainty=Certainty.ASSUMED,
                )
                changes.append(CallChange(ChangeKind.ENDED, at, identity, reason=ENDED_UNSEEN))
        return changes

    def _agent(self, event: AgentPaused) -> list[CallChange]:
        key = (event.extension, event.queue)
        if self._paused.get(key) == event.paused:
            return []
        self._paused[key] = event.paused
        return [
            CallChange(ChangeKind.AGENT, event.at, extension=event.extension, reason=event.reason, paused=event.paused)
        ]

    def _odd(self, at: datetime, call: UUID | None, what: str) -> None:
        self.odd_count += 1
        self._oddities.append(Oddity(at, call, what))


_Odd = Callable[[datetime, UUID | None, str], None]


def _fold(track: Track, event: _OfCall, plan: DialPlan, odd: _Odd) -> list[CallChange]:  # noqa: C901  one branch a fact
    """Apply ``event`` to a live call."""
    match event:
        case CallBegan():
            return folds.began(track, event)
        case NumberLearned():
            return folds.number(track, event, plan)
        case QueueJoined():
            return folds.queue_joined(track, event)
        case QueueTimedOut():
            track.queued = False
            return []
        case Alerting():
            return folds.alerting(track, event)
        case Answered():
            return folds.answered(track, event, odd)
        case LegEnded():
            return folds.leg_ended(track, event)
        case HoldChanged():
            return folds.hold(track, event, odd)
        case PartyJoined():
            return folds.joined(track, event)
        case PartyLeft():
            return folds.left(track, event)
        case SupervisionBegan():
            return folds.supervised(track, event)
        case SupervisionEnded():
            return folds.unsupervised(track, event)
        case Transferred():
            return folds.transferred(track, event)
        case Parked():
            return folds.parked(track, event)
        case EmergencyDialled():
            return folds.emergency(track, event)
        case CallEnded():
            return folds.ended(track, event)
        case _:
            assert_never(event)

"""Facts of the switchboard as entries of the record: the same fact is the same entry everywhere.

Every console that sees a fact may report it; its id is made from the fact, and its body says only
what that one event said, so that two reports are one entry (architecture.md 2).  The time of a
once-only fact is the envelope's ``made_at`` and not in the body: where a switchboard sends no
time of its own, two consoles would otherwise disagree about the same thing.

What somebody says who came late to a call is a fact of its own, marked so: it fills in what nobody
saw whole, and never contradicts whoever did (docs/decisions/0020-witnesses.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, assert_never
from uuid import UUID

from console.domain.call_changes import ENDED_UNSEEN, CallChange
from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    CallsMerged,
    EmergencyDialled,
    HoldChanged,
    LegEnded,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.call_folds import shown_caller
from console.domain.call_reducer import CallBook
from console.domain.calls import Direction
from console.domain.ids import fact_id
from console.domain.lines import USUAL, DialPlan
from console.domain.record import Entry, Kind, StreamKind, StreamRef, encode_body, iso
from console.domain.text import NUMBER_CAP, safe_line
from console.ports.clock import Alarm, Timer
from console.services.folds import Replica
from console.services.open_calls import OpenCalls, ended_unseen
from console.services.vantage import Vantage
from console.services.writing import Recording


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: ``parts`` make its id, ``content`` its body; ``at`` is when it happened."""

    kind: Kind
    parts: tuple[str, ...]
    content: Mapping[str, Any]
    at: datetime


def fact_of(event: CallEvent, plan: DialPlan = USUAL) -> Fact | None:
    """Return the fact an event states, or None where the record keeps none of it.

    Only hold, joining, leaving and supervision may happen twice to one call and so take their time with them.
    """
    match event:
        case CallBegan():
            body: dict[str, Any] = {"provider_call": event.call, "direction": event.direction.value}
            body["dialled"] = event.dialled
            if event.assumed:
                body["assumed"] = True
            # A call placed for somebody is told twice, the second time with what was dialled: two facts.
            return Fact(Kind.CALL_SEEN, ("seen", event.direction.value, event.dialled), body, event.at)
        case NumberLearned():
            return _number(event, plan) if event.settled else None
        case QueueJoined():
            return Fact(Kind.CALL_QUEUED, ("queued", event.queue), {"queue": event.queue}, event.at)
        case Alerting():
            body = {"extension": event.extension}
            return Fact(Kind.CALL_OFFERED, ("offered", event.leg, event.extension), body, event.at)
        case Answered():
            body = {"extension": event.extension}
            return Fact(Kind.CALL_ANSWERED, ("answered", event.leg, event.extension), body, event.at)
        case LegEnded():
            body = {"extension": event.extension, "reason": event.reason.value}
            return Fact(Kind.CALL_LEG_ENDED, ("leg ended", event.leg, event.extension), body, event.at)
        case EmergencyDialled():
            body = {"number": event.number, "extension": event.extension}
            return Fact(Kind.CALL_EMERGENCY, ("emergency", event.number, event.extension), body, event.at)
        case CallEnded():
            body = {"outcome": event.outcome.value, "ended_by": event.ended_by}
            return Fact(Kind.CALL_ENDED, ("ended",), body, event.at)
        case _:
            return _repeatable(event)


def fact_for_others(event: CallEvent) -> Fact | None:
    """Return what is told for consoles that hear of calls through the record alone: who placed one, and parking."""
    match event:
        case CallBegan() if event.placed_by:
            body: dict[str, Any] = {"direction": event.direction.value, "dialled": event.dialled}
            body["extension"] = event.placed_by
            return Fact(Kind.CALL_PLACED, ("placed", event.placed_by, event.dialled), body, event.at)
        case Parked():
            return _parked(event)
        case _:
            return None


def _parked(event: Parked) -> Fact:
    """Without the switchboard's own time a parking is told once for each place: never a caller who is there no more."""
    place = safe_line(event.place, NUMBER_CAP)
    body: dict[str, Any] = {"parked": event.parked, "place": place}
    if event.stamp is not None:
        body["stamp"] = iso(event.stamp)
    return Fact(Kind.CALL_PARKED, ("parked", str(event.parked), place, str(body.get("stamp", ""))), body, event.at)


def _repeatable(event: CallEvent) -> Fact | None:
    match event:
        case HoldChanged() | PartyJoined() | PartyLeft() | SupervisionBegan() | SupervisionEnded():
            return _stamped(event) if event.stamped else None
        case Transferred():
            giver, taker = event.giver or "", event.taker or ""
            body = {"kind": event.kind.value, "giver": giver, "taker": taker}
            return Fact(Kind.CALL_TRANSFERRED, ("transferred", event.kind.value, giver, taker), body, event.at)
        case _:
            return None


def _stamped(event: HoldChanged | PartyJoined | PartyLeft | SupervisionBegan | SupervisionEnded) -> Fact:
    when = iso(event.at)
    body: dict[str, Any] = {"extension": event.extension, "at": when}
    match event:
        case HoldChanged():
            parts = ("held", event.extension, str(event.held), when)
            return Fact(Kind.CALL_HELD, parts, body | {"held": event.held}, event.at)
        case PartyJoined():
            return Fact(Kind.CALL_JOINED, ("joined", event.extension, when), body, event.at)
        case PartyLeft():
            return Fact(Kind.CALL_LEFT, ("left", event.extension, when), body, event.at)
        case SupervisionBegan() | SupervisionEnded():
            on = isinstance(event, SupervisionBegan)
            return Fact(
                Kind.CALL_SUPERVISED, ("supervised", event.extension, str(on), when), body | {"on": on}, event.at
            )
        case _:
            assert_never(event)


def _number(event: NumberLearned, plan: DialPlan) -> Fact:
    # A withheld number is dropped here once more: what an adapter lets slip must not enter the record.
    caller = shown_caller(event, plan)
    body = {
        "presentation": event.presentation.value,
        "e164": caller.e164,
        "number": caller.number,
        "name": caller.name,
        "diverted_from": caller.diverted_from,
    }
    # A name may come after the number: what is said is part of which fact it is.
    return Fact(Kind.CALL_NUMBER, ("number", encode_body(body)), body, event.at)


Wait = Callable[[], float]
"""Returns the short random wait, in seconds, of a console that takes no part in a call."""
LATE_WAIT = 2.0
"""Seconds that whoever came late waits longer: who saw the call whole, also from afar, is heard first."""


@dataclass(eq=False, slots=True)
class _Pending:
    """An entry that waits, and the ids that make it needless once the feed has brought one of them."""

    entry: Entry
    unless: tuple[UUID, ...]
    unseen: bool = False
    timer: Timer | None = None


class CallFacts:
    """Writes facts: at once for a call this console takes part in, else after a short random wait.

    Where the feed has brought the fact meanwhile, the console stays silent.  ``eager``: the headless
    witness, which is there for nothing else, writes every fact of a call it saw whole at once.
    ``for_others``: one that acts for consoles without a way to the switchboard tells what they need besides.
    """

    def __init__(
        self,
        switchboard: UUID,
        recording: Recording,
        replica: Replica,
        alarm: Alarm,
        wait: Wait,
        plan: DialPlan = USUAL,
        *,
        eager: bool = False,
        vantage: Vantage | None = None,
        for_others: bool = False,
    ) -> None:
        self._switchboard = switchboard
        self._recording = recording
        self._replica = replica
        self._alarm = alarm
        self._wait = wait
        self._plan = plan
        self._eager = eager
        self._vantage = vantage or Vantage()
        self._for_others = for_others
        self._pending: list[_Pending] = []
        self._open = OpenCalls(switchboard, recording, replica, alarm)

    def hear(self, event: CallEvent, changes: tuple[CallChange, ...], book: CallBook, extension: str) -> UUID | None:
        """Report what ``event`` states, for the console of ``extension``; return our call, if it is about one.

        ``changes`` are what ``book`` made of the event.
        """
        self._vantage.hear(event)
        if isinstance(event, SnapshotTaken):
            self._open.listed(event, self._vantage.boot, book, LATE_WAIT + self._wait())
        for change in changes:
            if change.reason == ENDED_UNSEEN and change.call is not None:
                self._ended_unseen(change.call, change.at)
        if isinstance(event, CallsMerged):
            for change in changes:
                if change.call is not None and change.other is not None:
                    self._merged(event, change.call, change.other, part=_takes_part(book, change.call, extension))
            return None
        provider = str(getattr(event, "call", ""))
        call = book.find(provider) if provider else None
        if call is None or self._is_advice(book, provider, call):
            return call
        for fact in (fact_of(event, self._plan), fact_for_others(event) if self._for_others else None):
            if fact is not None:
                self._write(fact, provider, call, part=_takes_part(book, call, extension))
        return call

    def _is_advice(self, book: CallBook, provider: str, call: UUID) -> bool:
        """Say whether a call among our own telephones was met in its middle.

        It may be a colleague asked for advice, which is no call of its own; who saw it begin knows.
        """
        found = book.call(call)
        return found is not None and found.direction is Direction.INTERNAL and not self._vantage.whole(provider)

    def record_moved(self, streams: frozenset[StreamRef]) -> None:
        """Look at what is new in the record: of one who forgets the shifts' words, while they are there."""
        self._open.learn(streams)

    def flush(self) -> None:
        """Write what still waits, unless it is known by now: the program, or this page of it, ends."""
        self._open.stop()
        for waiting in tuple(self._pending):
            if waiting.timer is not None:
                waiting.timer.cancel()
            self._unless_known(waiting)

    def _ended_unseen(self, call: UUID, at: datetime) -> None:
        """Report that a call was gone when the switchboard could be heard again: how it ended is not known."""
        entry = ended_unseen(self._recording, self._switchboard, call, at)
        self._after(LATE_WAIT, _Pending(entry, (entry.id,), unseen=True))

    def _merged(self, event: CallsMerged, call: UUID, other: UUID, *, part: bool) -> None:
        fact = Fact(Kind.CALL_ALIAS, ("alias", event.other), {"other": str(other)}, event.at)
        self._write(fact, event.call, call, part=part)

    def _write(self, fact: Fact, provider: str, call: UUID, *, part: bool) -> None:
        identity = fact_id(self._switchboard, self._vantage.boot, provider, *fact.parts)
        if not self._vantage.whole(provider):
            self._write_late(fact, provider, call, identity)
            return
        entry = self._entry_of(fact, call, identity)
        if part or self._eager:
            self._recording.record(entry)
        else:
            self._after(0.0, _Pending(entry, (identity,)))

    def _write_late(self, fact: Fact, provider: str, call: UUID, seen_whole: UUID) -> None:
        identity = fact_id(self._switchboard, self._vantage.boot, provider, *fact.parts, "late")
        late = replace(fact, content={**fact.content, "late": True})
        self._after(LATE_WAIT, _Pending(self._entry_of(late, call, identity), (identity, seen_whole)))

    def _entry_of(self, fact: Fact, call: UUID, identity: UUID) -> Entry:
        return self._recording.entry(fact.kind, _stream(call), fact.content, identity=identity, made_at=fact.at)

    def _after(self, longer: float, waiting: _Pending) -> None:
        self._pending.append(waiting)
        waiting.timer = self._alarm.after(longer + self._wait(), partial(self._unless_known, waiting))

    def _unless_known(self, waiting: _Pending) -> None:
        if waiting not in self._pending:
            return
        self._pending.remove(waiting)
        if not any(map(self._replica.holds, waiting.unless)) and not (waiting.unseen and self._is_over(waiting.entry)):
            self._recording.record(waiting.entry)

    def _is_over(self, entry: Entry) -> bool:
        """Say whether somebody has told how a call ended, where this would only say that nobody knows."""
        return any(item.kind is Kind.CALL_ENDED for item in self._replica.items(entry.stream))


@lru_cache(maxsize=256)
def _stream(call: UUID) -> StreamRef:
    """Return the stream of a call: one for all its entries, which a console keeps for the whole night."""
    return StreamRef(StreamKind.CALL, call)


def _takes_part(book: CallBook, identity: UUID, extension: str) -> bool:
    call = book.call(identity)
    if call is None or not extension:
        return False
    return extension in {*call.rang, *call.alerting, *call.talking, *call.answered_by, *call.joined}

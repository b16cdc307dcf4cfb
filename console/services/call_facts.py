"""Facts of the switchboard as entries of the record: the same fact is the same entry everywhere.

Every console that sees a fact may report it; its id is made from the fact, and its body says only
what that one event said, so that two reports are one entry (architecture.md 2).  The time of a
once-only fact is the envelope's ``made_at`` and not in the body: where a switchboard sends no
time of its own, two consoles would otherwise disagree about the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from console.domain.call_changes import CallChange
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
    PartyJoined,
    PartyLeft,
    QueueJoined,
    Transferred,
)
from console.domain.call_folds import shown_caller
from console.domain.call_reducer import CallBook
from console.domain.calls import CallOutcome
from console.domain.ids import fact_id
from console.domain.lines import USUAL, DialPlan
from console.domain.record import Entry, Kind, StreamKind, StreamRef, encode_body, iso
from console.ports.clock import Alarm
from console.services.folds import Replica
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

    Only hold, joining and leaving may happen twice to one call and so take their time with them.
    """
    match event:
        case CallBegan():
            body = {"provider_call": event.call, "direction": event.direction.value, "dialled": event.dialled}
            return Fact(Kind.CALL_SEEN, ("seen",), body, event.at)
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


def _repeatable(event: CallEvent) -> Fact | None:
    match event:
        case HoldChanged():
            when = iso(event.at)
            body = {"extension": event.extension, "held": event.held, "at": when}
            return Fact(Kind.CALL_HELD, ("held", event.extension, str(event.held), when), body, event.at)
        case PartyJoined():
            when = iso(event.at)
            return Fact(
                Kind.CALL_JOINED,
                ("joined", event.extension, when),
                {"extension": event.extension, "at": when},
                event.at,
            )
        case PartyLeft():
            when = iso(event.at)
            return Fact(
                Kind.CALL_LEFT, ("left", event.extension, when), {"extension": event.extension, "at": when}, event.at
            )
        case Transferred():
            giver, taker = event.giver or "", event.taker or ""
            body = {"kind": event.kind.value, "giver": giver, "taker": taker}
            return Fact(Kind.CALL_TRANSFERRED, ("transferred", event.kind.value, giver, taker), body, event.at)
        case _:
            return None


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


class CallFacts:
    """Writes facts: at once for a call this console takes part in, else after a short random wait.

    Where the feed has brought the fact meanwhile, the console stays silent.
    """

    def __init__(
        self,
        switchboard: UUID,
        recording: Recording,
        replica: Replica,
        alarm: Alarm,
        wait: Wait,
        plan: DialPlan = USUAL,
    ) -> None:
        self._switchboard = switchboard
        self._recording = recording
        self._replica = replica
        self._alarm = alarm
        self._wait = wait
        self._plan = plan
        self._boot = ""

    def restarted(self, boot: str) -> None:
        """Note the switchboard's present run: its ids mean other calls now."""
        self._boot = boot or self._boot

    def hear(self, event: CallEvent, changes: tuple[CallChange, ...], book: CallBook, extension: str) -> UUID | None:
        """Report what ``event`` states, for the console of ``extension``; return our call, if it is about one.

        ``changes`` are what ``book`` made of the event.
        """
        if isinstance(event, CallsMerged):
            for change in changes:
                if change.call is not None and change.other is not None:
                    self._merged(event, change.call, change.other, part=_takes_part(book, change.call, extension))
            return None
        provider = str(getattr(event, "call", ""))
        call = book.find(provider) if provider else None
        fact = fact_of(event, self._plan)
        if call is not None and fact is not None:
            self._write(fact, provider, call, part=_takes_part(book, call, extension))
        return call

    def ended_unseen(self, provider: str, call: UUID, at: datetime) -> None:
        """Report that a call was gone when the switchboard could be heard again: how it ended is not known.

        A fact of its own, so that a console that did see the end is not contradicted.
        """
        body = {"outcome": CallOutcome.UNKNOWN.value, "ended_by": "unknown"}
        self._write(Fact(Kind.CALL_ENDED, ("ended unseen",), body, at), provider, call, part=False)

    def _merged(self, event: CallsMerged, call: UUID, other: UUID, *, part: bool) -> None:
        fact = Fact(Kind.CALL_ALIAS, ("alias", event.other), {"other": str(other)}, event.at)
        self._write(fact, event.call, call, part=part)

    def _write(self, fact: Fact, provider: str, call: UUID, *, part: bool) -> None:
        entry = self._entry(fact, provider, call)
        if part:
            self._recording.record(entry)
        else:
            self._alarm.after(self._wait(), lambda: self._unless_known(entry))

    def _entry(self, fact: Fact, provider: str, call: UUID) -> Entry:
        identity = fact_id(self._switchboard, self._boot, provider, *fact.parts)
        stream = StreamRef(StreamKind.CALL, call)
        return self._recording.entry(fact.kind, stream, fact.content, identity=identity, made_at=fact.at)

    def _unless_known(self, entry: Entry) -> None:
        if not self._replica.holds(entry.id):
            self._recording.record(entry)


def _takes_part(book: CallBook, identity: UUID, extension: str) -> bool:
    call = book.call(identity)
    if call is None or not extension:
        return False
    return extension in {*call.rang, *call.alerting, *call.talking, *call.answered_by, *call.joined}

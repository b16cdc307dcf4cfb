"""The simulated switchboard itself: which calls ring, talk and hold.  No clock, no thread.

Every method takes the time and returns the facts it made, as a list; an act that cannot be (an
answer to a call somebody else has) makes none.  That is how a rehearsal and its script live
together: whoever is first, a person or the script, does it, and the other comes too late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from console.domain.call_events import (
    AgentPaused,
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    EmergencyDialled,
    HoldChanged,
    LegEnd,
    LegEnded,
    NumberLearned,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    QueueTimedOut,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.calls import CallOutcome, Direction, Presentation, TransferKind
from console.domain.lines import emergency_number
from console.domain.text import NAME_CAP, NUMBER_CAP, safe_line
from telephony_adapters.simulator import asides
from telephony_adapters.simulator.live import Facts, LiveCall, keep
from telephony_adapters.simulator.numbers import is_extension
from telephony_adapters.simulator.steps import CallArrives, Phone

OUTSIDE = "outside"


@dataclass(slots=True)
class Exchange:
    """All calls alive.  ``boot`` names this run and begins every call id."""

    boot: str
    phones: dict[str, Phone] = field(default_factory=dict)
    calls: dict[str, LiveCall] = field(default_factory=dict)
    paused: dict[str, str] = field(default_factory=dict)

    def name(self, call: str) -> str:
        """Return the provider's id of the call that a script names ``call``."""
        return call if call.startswith(f"{self.boot}/") else f"{self.boot}/{call}"

    def find(self, call: str) -> LiveCall | None:
        """Return a live call by either name."""
        return self.calls.get(self.name(call))

    def of_phone(self, extension: str) -> tuple[LiveCall, ...]:
        """Return the calls this telephone rings for, talks on or placed."""
        return tuple(c for c in self.calls.values() if extension in c.ringing or extension in c.talking)

    def arrive(self, step: CallArrives, at: datetime) -> Facts:
        """A caller from outside is there."""
        identity = self.name(step.call)
        if identity in self.calls:
            return []
        call = self.calls[identity] = LiveCall(identity, Direction.INBOUND, step.queue)
        facts: Facts = [
            CallBegan(identity, at, Direction.INBOUND, dialled=step.dialled),
            _number(identity, step, at),
        ]
        if step.queue:
            facts.append(QueueJoined(identity, at, step.queue))
        return keep(call, facts)

    def ring(self, call: LiveCall, extensions: tuple[str, ...], at: datetime) -> Facts:
        """Let telephones ring that do not ring or talk on this call already."""
        facts: Facts = []
        for extension in extensions:
            if extension in call.ringing or extension in call.talking:
                continue
            leg = call.ringing[extension] = call.leg(extension)
            facts.append(Alerting(call.id, at, leg, extension))
        return keep(call, facts)

    def stop_ringing(
        self, call: LiveCall, extensions: tuple[str, ...], at: datetime, why: LegEnd = LegEnd.NO_ANSWER
    ) -> Facts:
        """Let telephones stop ringing; the caller still waits."""
        # Once each: a script may name a telephone twice.
        ended = [e for e in dict.fromkeys(extensions) if e in call.ringing]
        return keep(call, [LegEnded(call.id, at, call.ringing.pop(e), e, why) for e in ended])

    def answer(self, call: LiveCall, extension: str, at: datetime) -> Facts:
        """Take the call on a ringing telephone; whatever else it talks on is held first."""
        if call.parked_at and extension == call.fetcher:
            return asides.fetched(call, extension, at)
        if extension not in call.ringing:
            return []
        facts = self._hold_others(call, extension, at)
        leg = call.ringing.pop(extension)
        if extension == call.consult and call.talking:
            return facts + asides.lifted(call, leg, at)
        call.talking[extension] = leg
        call.answered = True
        keep(call, [Answered(call.id, at, leg, extension)])
        facts.append(Answered(call.id, at, leg, extension))
        return facts + self.stop_ringing(call, tuple(call.ringing), at, LegEnd.ANSWERED_ELSEWHERE)

    def reject(self, call: LiveCall, extension: str, at: datetime) -> Facts:
        """Refuse on one telephone; without a queue, the last refusal ends the call."""
        facts = self.stop_ringing(call, (extension,), at, LegEnd.REJECTED)
        if facts and extension == call.consult:
            return facts + self.asked_enough(call, at)
        if not facts or call.queue or call.ringing or call.answered:
            return facts
        for placer in tuple(call.talking):
            facts += self._leave(call, placer, at)
        return facts + self.end(call, CallOutcome.REJECTED, extension, at)

    def hold(self, call: LiveCall, extension: str, held: bool, at: datetime) -> Facts:
        """Put the caller on hold or take the caller back."""
        if extension not in call.talking or (extension in call.held_by) is held:
            return []
        (call.held_by.add if held else call.held_by.discard)(extension)
        facts: Facts = [] if held else self._hold_others(call, extension, at)
        return facts + keep(call, [HoldChanged(call.id, at, extension, held)])

    def hang_up(self, call: LiveCall, who: str, at: datetime) -> Facts:
        """``who`` is ``caller``, ``outside`` or an extension that rings, talks or dials on this call."""
        if who in ("caller", OUTSIDE):
            return self._caller_gone(call, who, at)
        if who in call.ringing:
            return self.reject(call, who, at)
        if who in call.heard_by:
            call.heard_by.discard(who)
            return keep(call, [SupervisionEnded(call.id, at, who)])
        if who == call.consult:
            return self.asked_enough(call, at)
        if who not in call.talking:
            return []
        facts = self._leave(call, who, at)
        # The caller from outside is no leg of ours, so one of us keeps such a call alive.
        fewest = 1 if call.direction is Direction.INBOUND else 2
        return facts if len(call.talking) >= fewest else facts + self._caller_gone(call, who, at)

    def asked_enough(self, call: LiveCall, at: datetime) -> Facts:
        """Nobody is asked any more: whoever asked has the caller again."""
        facts = self.stop_ringing(call, (call.consult,), at)
        call.consult, call.consult_up = "", False
        for extension in tuple(call.held_by):
            facts += self.hold(call, extension, False, at)
        return facts

    def transfer(
        self, call: LiveCall, giver: str, taker: str, at: datetime, kind: TransferKind = TransferKind.BLIND
    ) -> Facts:
        """Give the caller to another telephone: it rings there, or talks where it was asked first and has lifted."""
        lifted = taker == call.consult and call.consult_up
        call.consult, call.consult_up = "", False
        if giver not in call.talking or taker == giver or not is_extension(taker):
            return []
        facts = keep(call, [Transferred(call.id, at, kind, giver, taker)])
        facts += self._leave(call, giver, at)
        facts += self.ring(call, (taker,), at)
        if lifted:
            facts += self.answer(call, taker, at)
        return facts

    def join(self, call: LiveCall, extension: str, joined: bool, at: datetime) -> Facts:
        """Join a call others talk on, or leave it while they go on."""
        if joined and call.talking and extension not in call.talking:
            call.talking[extension] = call.leg(extension)
            call.joined.add(extension)
            return keep(call, [PartyJoined(call.id, at, extension)])
        if not joined and extension in call.joined:
            call.joined.discard(extension)
            call.talking.pop(extension, None)
            return keep(call, [PartyLeft(call.id, at, extension)])
        return []

    def listen(self, call: LiveCall, extension: str, at: datetime) -> Facts:
        """Listen to a call that is being spoken."""
        if not call.talking or extension in call.talking:
            return []
        call.heard_by.add(extension)
        return keep(call, [SupervisionBegan(call.id, at, extension)])

    def pause(self, extension: str, paused: bool, reason: str, at: datetime) -> Facts:
        """Take a telephone out of its queues or put it back."""
        if (extension in self.paused) is paused:
            return []
        if paused:
            self.paused[extension] = safe_line(reason)
        else:
            del self.paused[extension]
        return self._pauses(extension, at)

    def dial(self, name: str, extension: str, number: str, at: datetime) -> Facts:
        """Place a call from one of our telephones."""
        identity = self.name(name)
        if identity in self.calls:
            return []
        inside = is_extension(number)
        direction = Direction.INTERNAL if inside else Direction.OUTBOUND
        call = self.calls[identity] = LiveCall(identity, direction)
        call.talking[extension] = call.leg(extension)
        facts: Facts = [CallBegan(identity, at, direction, dialled=number, placed_by=extension)]
        if called := emergency_number(number):
            facts.append(EmergencyDialled(identity, at, called, extension))
        keep(call, facts)
        return facts + self.ring(call, (number if inside else OUTSIDE,), at)

    def queue_gives_up(self, call: LiveCall, at: datetime) -> Facts:
        """End the wait in the queue; the caller hears a message and is still there."""
        if not call.queue or call.answered or call.timed_out:
            return []
        call.timed_out = True
        facts = self.stop_ringing(call, tuple(call.ringing), at)
        return facts + keep(call, [QueueTimedOut(call.id, at, call.queue)])

    def end(self, call: LiveCall, outcome: CallOutcome, ended_by: str, at: datetime) -> Facts:
        """Forget the call."""
        self.calls.pop(call.id, None)
        return [CallEnded(call.id, at, outcome, ended_by)]

    def snapshot(self, at: datetime, known: frozenset[str]) -> Facts:
        """Return what a console must hear after connecting: what lives, and how it came to be so."""
        alive = frozenset(self.calls)
        facts: Facts = [SnapshotTaken(at, alive, alive - known, listed=alive)]
        for call in self.calls.values():
            facts += call.facts
        for extension in self.paused:
            facts += self._pauses(extension, at)
        return facts

    def _pauses(self, extension: str, at: datetime) -> Facts:
        phone = self.phones.get(extension)
        queues = phone.queues if phone and phone.queues else ("",)
        paused, reason = extension in self.paused, self.paused.get(extension, "")
        return [AgentPaused(at, extension, queue, paused, reason) for queue in queues]

    def _hold_others(self, call: LiveCall, extension: str, at: datetime) -> Facts:
        facts: Facts = []
        for other in self.of_phone(extension):
            if other is not call and extension in other.talking:
                facts += self.hold(other, extension, True, at)
        return facts

    def _leave(self, call: LiveCall, extension: str, at: datetime) -> Facts:
        leg = call.talking.pop(extension)
        call.held_by.discard(extension)
        if extension in call.joined:
            call.joined.discard(extension)
            return keep(call, [PartyLeft(call.id, at, extension)])
        return keep(call, [LegEnded(call.id, at, leg, extension, LegEnd.HUNG_UP)])

    def _caller_gone(self, call: LiveCall, who: str, at: datetime) -> Facts:
        facts = self.stop_ringing(call, tuple(call.ringing), at, LegEnd.CALLER_GONE)
        for extension in tuple(call.talking):
            facts += self._leave(call, extension, at)
        return facts + self.end(call, _outcome(call), who, at)


def _outcome(call: LiveCall) -> CallOutcome:
    if call.answered:
        return CallOutcome.ANSWERED
    if call.timed_out:
        return CallOutcome.QUEUE_TIMEOUT
    return CallOutcome.ABANDONED if call.direction is Direction.INBOUND else CallOutcome.NO_ANSWER


def _number(identity: str, step: CallArrives, at: datetime) -> NumberLearned:
    # As a real adapter must: a number the caller withheld goes no further than this.
    shown = step.presentation in (Presentation.ALLOWED, Presentation.UNKNOWN)
    return NumberLearned(
        identity,
        at,
        number=safe_line(step.number, NUMBER_CAP) if shown else "",
        name=safe_line(step.name, NAME_CAP) if shown else "",
        presentation=step.presentation,
        settled=True,
        diverted_from=step.diverted_from,
    )

"""The acts of the night's capacity for one worker, in one piece: call-out, recovery, seats and the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from console.domain.capacity import NightRules
from console.domain.lines import DialPlan
from console.ports.clock import Alarm, Clock
from console.services.board import Board
from console.services.call_desk import CallDesk
from console.services.call_facts import Wait
from console.services.call_out import CallOuts
from console.services.folds import Folds
from console.services.incident_record import IncidentRecord
from console.services.ledger import Ledger
from console.services.missed_calls import MissedCalls
from console.services.presence import on_the_line
from console.services.queue_holding import QueueHolding
from console.services.recovery import Recovery
from console.services.seat_acts import SeatActs
from console.services.seat_watch import SeatWatch
from console.services.shift_desk import ShiftDesk
from console.services.writing import Recording


@dataclass(frozen=True, slots=True)
class NightParts:
    """What they are made of; ``tell`` puts a sentence where the worker reads it."""

    recording: Recording
    folds: Folds
    ledger: Ledger
    calls: CallDesk
    board: Board
    shift: ShiftDesk
    incidents: IncidentRecord
    clock: Clock
    alarm: Alarm
    wait: Wait
    rules: NightRules
    tell: Callable[[str], None]
    plan: DialPlan


@dataclass(frozen=True, slots=True)
class NightDesk:
    """One worker's hand on the night's capacity."""

    rules: NightRules
    call_outs: CallOuts
    recovery: Recovery
    seats: SeatActs
    queue: QueueHolding
    missed: MissedCalls


def night_desk(parts: NightParts) -> NightDesk:
    """Build them and let them hear the record, the telephones and the board."""
    recording, folds, shift = parts.recording, parts.folds, parts.shift
    call_outs = CallOuts(recording, folds, parts.clock, parts.alarm, lambda: shift.stream, parts.wait, parts.rules)
    calls = parts.calls
    talks = partial(on_the_line, calls)
    recovery = Recovery(
        recording, folds, shift, parts.incidents, parts.clock, parts.alarm, parts.rules, parts.tell, talks
    )  # fmt: skip
    seats = SeatActs(recording, folds, parts.incidents, parts.clock, shift.shift, talks, parts.rules)
    parts.board.also(call_outs.board_made)
    parts.ledger.subscribe(call_outs.record_changed)
    parts.ledger.subscribe(recovery.record_changed)
    parts.ledger.subscribe(seats.record_changed)
    parts.ledger.subscribe(SeatWatch(recording.who.worker, folds, parts.tell).record_changed)
    calls.subscribe(recovery.calls_changed)
    queue = QueueHolding(recording, folds, lambda: shift.stream)
    return NightDesk(parts.rules, call_outs, recovery, seats, queue, MissedCalls(recording, folds, parts.plan))

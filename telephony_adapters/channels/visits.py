"""How a caller's visit begins, becomes one with another, and ends, as it is told."""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import CallBegan, CallEnded, CallsMerged, EmergencyDialled, NumberLearned, SnapshotTaken
from console.domain.calls import CallOutcome, Direction
from telephony_adapters.channels.board import Board, C, V, Visit
from telephony_adapters.channels.desk import Desk


def begin(desk: Desk[C, V], visit: V, at: datetime) -> None:
    """Report the visit, or report it again with the number dialled once that is known."""
    visit.begun = True
    desk.say(CallBegan(visit.key, min(visit.at, at), visit.direction, visit.dialled, visit.placed_by))


def emergency(desk: Desk[C, V], visit: V, channel: C, number: str, dialled: str, at: datetime) -> None:
    """Report, once, that one of our telephones dialled an emergency number."""
    if visit.emergency:
        return
    visit.emergency = True
    if not visit.begun:
        visit.placed(channel, dialled, Direction.OUTBOUND)
        begin(desk, visit, at)
    desk.say(EmergencyDialled(visit.key, at, number, channel.extension))


def merge(desk: Desk[C, V], one: V, two: V, at: datetime) -> None:
    """Make two visits one: that of the outside caller's oldest channel survives."""
    survivor, gone = sorted((one, two), key=lambda v: (v.direction is not Direction.INBOUND, v.at, v.key))
    desk.board.adopt(gone, survivor)
    survivor.legs.update(gone.legs)
    if gone.begun:
        gone.ended = True
        desk.say(CallsMerged(survivor.key, at, gone.key))


def with_caller(board: Board[C, V], visit: V, extension: str) -> V | None:
    """Return another visit in which one of our telephones has a caller on the line."""
    others = (other for other in board.visits() if other is not visit and other.begun and not other.ended)
    return next((other for other in others if extension in other.present.values()), None)


def is_consultation(desk: Desk[C, V], visit: V, source: C, called: str) -> bool:
    """Fold a call between two of ours into the call that the first of them has on the line.

    ``called`` is the colleague's extension, or empty.  A colleague asked for advice is no call of its own
    (telephony.md 3.5).  A number outside is: an adviser who rings the police while a caller holds has rung the police.
    """
    caller = with_caller(desk.board, visit, source.extension) if called else None
    if caller is None:
        return False
    source.consulted = True
    desk.board.adopt(visit, caller)
    return True


def learn_number(desk: Desk[C, V], visit: V, number: NumberLearned) -> None:
    """Report the caller's number, unless the same was told already."""
    if visit.number is None or _said(visit.number) != _said(number):
        visit.number = number
        desk.say(number)


def _said(number: NumberLearned) -> tuple[str, ...]:
    return (number.number, number.name, number.presentation, number.diverted_from)


def outcome(visit: Visit, by: str, unanswered: CallOutcome) -> CallOutcome:
    """Return the outcome of a visit that is over.

    ``by`` is who ended it, as far as that is known; ``unanswered`` what its telephones made of it where nobody took it.
    """
    if visit.answered:
        return CallOutcome.ANSWERED
    if visit.timed_out:
        return CallOutcome.QUEUE_TIMEOUT
    if visit.emergency:
        return CallOutcome.UNKNOWN
    if by == "caller" or (visit.placed_by and by == visit.placed_by and not visit.originated):
        return CallOutcome.ABANDONED
    return unanswered


def end(desk: Desk[C, V], visit: V, at: datetime, how: CallOutcome, by: str) -> None:
    """Report the end of a visit, once, where it was ever reported."""
    if visit.begun and not visit.ended:
        desk.say(CallEnded(visit.key, at, how, by))
    visit.ended = True


def open_keys(board: Board[C, V]) -> frozenset[str]:
    """Return the keys of the visits that were told of and are not over."""
    return frozenset(visit.key for visit in board.visits() if visit.begun and not visit.ended)


def snapshot_taken(
    board: Board[C, V], known: frozenset[str], at: datetime, ids: frozenset[str] | None
) -> SnapshotTaken:
    """Return the fact that everything was listed; ``known`` is what :func:`open_keys` returned before that.

    ``ids`` are all that the list held, None where the channels were not listed.
    """
    live = open_keys(board)
    beginning = frozenset(visit.key for visit in board.visits() if not visit.begun and not visit.ended)
    return SnapshotTaken(at, live, live - known, beginning, ids)

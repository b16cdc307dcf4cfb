"""From legs and bridges to the life of a visit: who rang, who took over, who left, when it ended.

Who has the caller is read from bridges and rooms alone; the call centre's own words about its
agents say when a queue let a caller go, and nothing else.
"""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallsMerged,
    EmergencyDialled,
    LegEnd,
    LegEnded,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    SupervisionEnded,
    Transferred,
)
from console.domain.calls import CallOutcome, Direction, TransferKind
from console.domain.lines import NumberKind, emergency_number, read_number
from telephony_adapters.freeswitch_esl import callers, outcomes
from telephony_adapters.freeswitch_esl.board import Leg, Visit
from telephony_adapters.freeswitch_esl.desk import Desk

FETCHES = frozenset({"intercept", "pickup", "valet_park"})
LISTENS = frozenset({"eavesdrop", "userspy"})


def begin(desk: Desk, visit: Visit, at: datetime) -> None:
    """Report the visit, or report it again with the number dialled once that is known."""
    visit.begun = True
    desk.say(CallBegan(visit.key, min(visit.at, at), visit.direction, visit.dialled, visit.placed_by))


def place(visit: Visit, leg: Leg, dialled: str, direction: Direction) -> None:
    """Note that one of our telephones placed the call."""
    visit.placed_by = leg.extension
    visit.dialled = dialled
    visit.direction = direction


def emergency(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    """Report it where one of our telephones dialled an emergency number."""
    number = emergency_number(leg.dest, desk.reading.plan)
    if visit.emergency or not number or not leg.extension:
        return
    visit.emergency = True
    if not visit.begun:
        place(visit, leg, leg.dest, Direction.OUTBOUND)
        begin(desk, visit, at)
    desk.say(EmergencyDialled(visit.key, at, number, leg.extension))


def inward(desk: Desk, dest: str) -> bool:
    """Say whether ``dest`` is dialled inside the house."""
    return read_number(dest, desk.reading.plan).kind is NumberKind.EXTENSION


def calling(desk: Desk, visit: Visit, source: Leg, target: Leg, at: datetime) -> None:
    """A telephone of ours calls somebody: a call of its own, or a question to a colleague."""
    if visit.begun or source.uid != visit.key:
        return
    if target.extension and _consults(desk, visit, source):
        return
    inside = bool(target.extension) or inward(desk, source.dest)
    place(visit, source, source.dest, Direction.INTERNAL if inside else Direction.OUTBOUND)
    begin(desk, visit, at)


def _consults(desk: Desk, visit: Visit, source: Leg) -> bool:
    """Fold a call to a colleague into that of the caller whom the same telephone has on the line.

    A colleague asked for advice is no call of its own (telephony.md 3.5).  A number outside is: an
    adviser who rings the police while a caller holds has rung the police.
    """
    for other in desk.board.visits():
        if other is not visit and other.begun and not other.ended and source.extension in other.present.values():
            source.consulted = True
            desk.board.adopt(visit, other)
            return True
    return False


def merge(desk: Desk, one: Visit, two: Visit, at: datetime) -> Visit:
    """Make two visits one: that of the outside caller's oldest leg survives."""
    survivor, gone = sorted((one, two), key=lambda v: (v.direction is not Direction.INBOUND, v.at, v.key))
    desk.board.adopt(gone, survivor)
    survivor.legs.update(gone.legs)
    if gone.begun:
        gone.ended = True
        desk.say(CallsMerged(survivor.key, at, gone.key))
    return survivor


def alert(desk: Desk, leg: Leg, at: datetime) -> None:
    """A telephone rings in a visit."""
    visit = desk.board.visit_of(leg)
    if visit is None or visit.ended or leg.is_local or leg.leg in visit.legs:
        return
    leg.rang = True
    ensure_begun(desk, visit, at)
    visit.legs[leg.leg] = leg.label
    desk.say(Alerting(visit.key, at, leg.leg, leg.label))
    callers.settle(desk, visit, at)


def ensure_begun(desk: Desk, visit: Visit, at: datetime) -> None:
    """Begin a visit whose own leg we never saw begin."""
    if visit.begun:
        return
    principal = desk.board.channels.get(visit.key)
    if principal is not None and principal.extension:
        place(
            visit, principal, principal.dest, Direction.INTERNAL if inward(desk, principal.dest) else Direction.OUTBOUND
        )
    begin(desk, visit, at)


def queued(desk: Desk, visit: Visit, queue: str, at: datetime) -> None:
    """Report who waits in a queue."""
    ensure_begun(desk, visit, at)
    visit.queue = queue
    visit.timed_out = False
    desk.say(QueueJoined(visit.key, at, queue))
    callers.settle(desk, visit, at)


def picked_up(desk: Desk, leg: Leg, at: datetime) -> None:
    """A ringing telephone of a consultation was answered: it no longer alerts, nor has it the caller."""
    visit = desk.board.visit_of(leg)
    if visit is None or visit.ended or leg.leg not in visit.legs or leg.uid in visit.present:
        return
    source = desk.board.channels.get(leg.source)
    if source is not None and _asks(visit, source):
        desk.say(LegEnded(visit.key, at, leg.leg, leg.label, LegEnd.HUNG_UP))
        leg.turn += 1


def picked_up_before(desk: Desk, leg: Leg) -> None:
    """A colleague who was asked before we looked has a second part in the call still to come."""
    visit, source = desk.board.visit_of(leg), desk.board.channels.get(leg.source)
    if visit is not None and source is not None and _asks(visit, source):
        leg.turn = 1


def _asks(visit: Visit, source: Leg) -> bool:
    """Say whether ``source`` has a caller on the line and called somebody beside that."""
    if not source.extension:
        return False
    return source.consulted or source.uid in visit.present or (source.uid == visit.key and bool(visit.present))


def refresh(desk: Desk, moved: Leg, at: datetime) -> None:
    """Say who came to and who left every caller that ``moved`` may have been bridged with."""
    near = {leg.uid for leg in desk.board.reach(moved)} | {moved.uid}
    for visit in desk.board.visits():
        anchor = desk.board.anchor(visit)
        if visit.ended or (anchor is not None and anchor.extension and not visit.begun):
            # A telephone of ours that only joined others: a dial-in of a conference is no call.
            continue
        if moved.uid in visit.present or (anchor is not None and anchor.uid in near):
            compare(desk, visit, anchor, at)


def compare(desk: Desk, visit: Visit, anchor: Leg | None, at: datetime) -> None:
    """Say who came and who went since the last time."""
    here = {leg.uid: leg for leg in desk.board.reach(anchor)} if anchor else {}
    for uid in [uid for uid in visit.present if uid not in here]:
        _went(desk, visit, uid, at)
    for uid, leg in here.items():
        if uid not in visit.present and not (uid == visit.key or leg.consulted or leg.application in LISTENS):
            _came(desk, visit, leg, at)


def _went(desk: Desk, visit: Visit, uid: str, at: datetime) -> None:
    extension = visit.present.pop(uid)
    if extension in visit.present.values():
        return
    if extension in visit.guests:
        visit.guests.discard(extension)
        desk.say(PartyLeft(visit.key, at, extension))
        return
    _promote(desk, visit, at)


def _promote(desk: Desk, visit: Visit, at: datetime) -> None:
    """Whoever stays with the caller when the last holder leaves has taken the caller over."""
    if any(extension not in visit.guests for extension in visit.present.values()):
        return
    for uid, extension in visit.present.items():
        leg = desk.board.channels.get(uid)
        if leg is not None:
            visit.guests.discard(extension)
            _took_over(desk, visit, leg, at)
            return


def _came(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    ensure_begun(desk, visit, at)
    others = {extension for extension in visit.present.values() if extension != leg.label}
    visit.present[leg.uid] = leg.label
    visit.legs[leg.leg] = leg.label
    if leg.label in visit.guests:
        return
    if others:
        visit.guests.add(leg.label)
        desk.say(PartyJoined(visit.key, at, leg.label))
    else:
        _took_over(desk, visit, leg, at)


def _took_over(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    before = visit.answered[-1] if visit.answered else None
    _say_how(desk, visit, leg, before, at)
    visit.handed = False
    visit.first_gone = ""
    if before != leg.label:
        visit.answered.append(leg.label)
    desk.say(Answered(visit.key, at, leg.leg, leg.label))


def _say_how(desk: Desk, visit: Visit, leg: Leg, before: str | None, at: datetime) -> None:
    """Say by what the caller came to ``leg``, where it was no plain answer."""
    if visit.parker is not None:
        parker, visit.parker = visit.parker, None
        desk.say(Parked(visit.key, at, False))
        desk.say(Transferred(visit.key, at, TransferKind.PARK, parker or None, leg.label))
    elif leg.application in FETCHES:
        desk.say(Transferred(visit.key, at, TransferKind.PICKUP, _rung(desk, visit, leg), leg.label))
    elif before not in (None, leg.label) and not visit.handed:
        source = desk.board.channels.get(leg.source)
        source_extension = source.extension if source is not None else _consulter(visit, leg)
        if source_extension:
            desk.say(Transferred(visit.key, at, TransferKind.ATTENDED, source_extension, leg.label))
        elif leg.source == visit.key:
            desk.say(Transferred(visit.key, at, TransferKind.REDIRECT, before, leg.label))


def _consulter(visit: Visit, leg: Leg) -> str:
    """Return who asked the colleague, where the asking telephone has hung up already."""
    return visit.answered[-1] if leg.source and leg.source != visit.key and leg.turn else ""


def _rung(desk: Desk, visit: Visit, taker: Leg) -> str | None:
    """Return whose ringing telephone was picked up: the leg that was aimed at, or the only one that rang."""
    aimed = visit.legs.get(taker.aim)
    if aimed is not None and taker.aim != visit.key:
        return aimed
    ringing = {leg.extension for leg in desk.board.members(visit) if leg.rang and not leg.up and leg.extension}
    return ringing.pop() if len(ringing) == 1 else None


def hang_up(desk: Desk, leg: Leg, at: datetime) -> None:
    """A leg is going; how it ended may be told a moment later."""
    if leg.hung_up:
        return
    leg.hung_up = True
    for visit in desk.board.visits():
        _note_first(visit, leg)
        _leg_gone(desk, visit, leg, at)
    spoke_with = [visit for visit in desk.board.visits() if leg.uid in visit.present]
    if leg.application in LISTENS and leg.extension:
        _listens_no_more(desk, leg, at)
    desk.board.part(leg)
    leg.room = ""
    for visit in spoke_with:
        compare(desk, visit, desk.board.anchor(visit), at)


def _listens_no_more(desk: Desk, leg: Leg, at: datetime) -> None:
    """A telephone that heard a call is gone; said of a call that goes on."""
    for visit in desk.board.visits():
        if visit.begun and not visit.ended and leg.aim and leg.aim in (visit.key, *visit.present):
            desk.say(SupervisionEnded(visit.key, at, leg.extension))


def _note_first(visit: Visit, leg: Leg) -> None:
    if visit.ended or visit.first_gone:
        return
    last = leg.uid in visit.present and set(visit.present.values()) == {leg.label}
    if last and not visit.handed:
        visit.first_gone = leg.label
    elif leg.uid == visit.key:
        visit.first_gone = visit.key


def _leg_gone(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    # Colleagues who talk on when the caller has gone are no part of a call that is over, and may hang up hours later.
    if visit.ended or leg.leg not in visit.legs:
        return
    spoke = leg.uid in visit.present or (leg.up and leg.label in visit.answered)
    reason = outcomes.leg_end(visit, leg, spoke=spoke)
    if leg.cause in outcomes.REFUSED and leg.extension and not spoke:
        visit.rejecter = leg.extension
    desk.say(LegEnded(visit.key, at, leg.leg, leg.label, reason))


def gone(desk: Desk, leg: Leg, at: datetime) -> None:
    """All that will ever be told of a leg has been told."""
    hang_up(desk, leg, at)
    visit = desk.board.visit_of(leg)
    if visit is not None and not leg.is_local:
        visit.causes.add(leg.cause)
        if leg.uid == visit.key and not visit.ended:
            visit.left = leg
            _before_end(desk, visit, leg, at)
    desk.board.bury(leg.uid)
    if visit is not None:
        _end_if_over(desk, visit, at)


def _before_end(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    if visit.begun:
        callers.settle(desk, visit, at, last=True)
    elif leg.extension and leg.calls_in and not leg.up and not leg.application and leg.dest.removeprefix("+").isdigit():
        # A telephone of ours dialled a number that led nowhere; service codes such as *8 are no calls.
        place(visit, leg, leg.dest, Direction.INTERNAL if inward(desk, leg.dest) else Direction.OUTBOUND)
        begin(desk, visit, at)


def _end_if_over(desk: Desk, visit: Visit, at: datetime) -> None:
    caller_gone = visit.direction is Direction.INBOUND and visit.begun and desk.board.is_gone(visit.key)
    empty = not any(desk.board.owner.get(uid) is visit for uid in desk.board.channels)
    if caller_gone or empty:
        by = outcomes.ended_by(visit)
        end(desk, visit, at, outcomes.outcome(visit, by), by)
    if empty:
        desk.board.drop(visit)


def end(desk: Desk, visit: Visit, at: datetime, outcome: CallOutcome, by: str) -> None:
    """Report the end of a visit, once, where it was ever reported."""
    if visit.begun and not visit.ended:
        desk.say(CallEnded(visit.key, at, outcome, by))
    visit.ended = True

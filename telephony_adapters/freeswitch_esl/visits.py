"""From FreeSWITCH's legs and bridges to the life of a visit: who rang, who took over, who left, when it ended.

The call centre's own words about its agents say when a queue let a caller go, and nothing else.
"""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import LegEnded, Parked, QueueJoined, SupervisionEnded, Transferred
from console.domain.calls import Direction, TransferKind
from console.domain.lines import emergency_number
from telephony_adapters.channels import visits
from telephony_adapters.channels.presence import Presence
from telephony_adapters.channels.visits import begin, end, is_consultation
from telephony_adapters.freeswitch_esl import callers, outcomes
from telephony_adapters.freeswitch_esl.board import Leg, Visit
from telephony_adapters.freeswitch_esl.desk import Desk

FETCHES = frozenset({"intercept", "pickup", "valet_park"})
LISTENS = frozenset({"eavesdrop", "userspy"})


def emergency(desk: Desk, visit: Visit, leg: Leg, at: datetime) -> None:
    """Report it where one of our telephones dialled an emergency number."""
    number = emergency_number(leg.dest, desk.reading.plan)
    if number and leg.extension:
        visits.emergency(desk, visit, leg, number, leg.dest, at)


def calling(desk: Desk, visit: Visit, source: Leg, target: Leg, at: datetime) -> None:
    """A telephone of ours calls somebody: a call of its own, or a question to a colleague."""
    if visit.begun or source.uid != visit.key:
        return
    if is_consultation(desk, visit, source, target.extension):
        return
    towards = Direction.INTERNAL if target.extension else desk.reading.towards(source.dest)
    visit.placed(source, source.dest, towards)
    begin(desk, visit, at)


def alert(desk: Desk, leg: Leg, at: datetime) -> None:
    """A telephone rings in a visit."""
    visit = desk.board.visit_of(leg)
    if visit is not None and _Callers(desk).alert(visit, leg, at):
        callers.settle(desk, visit, at)


def ensure_begun(desk: Desk, visit: Visit, at: datetime) -> None:
    """Begin a visit whose own leg we never saw begin."""
    if visit.begun:
        return
    principal = desk.board.channels.get(visit.key)
    if principal is not None and principal.extension:
        visit.placed(principal, principal.dest, desk.reading.towards(principal.dest))
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
    _Callers(desk).picked_up(leg, at)


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
    _Callers(desk).refresh(moved, at)


class _Callers(Presence[Leg, Visit]):
    """Who is with FreeSWITCH's callers."""

    desk: Desk

    def ensure_begun(self, visit: Visit, at: datetime) -> None:
        ensure_begun(self.desk, visit, at)

    def handed_over(self, visit: Visit, channel: Leg, before: str | None, at: datetime) -> None:
        _say_how(self.desk, visit, channel, before, at)
        visit.first_gone = ""

    def is_asked(self, visit: Visit, channel: Leg) -> bool:
        source = self.desk.board.channels.get(channel.source)
        return source is not None and _asks(visit, source)

    def is_beside(self, channel: Leg) -> bool:
        return channel.application in LISTENS


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
        _Callers(desk).compare(visit, at)


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
    if not visit.may_lose(leg):
        return
    spoke = visit.took_part(leg, up=leg.up)
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
        visit.placed(leg, leg.dest, desk.reading.towards(leg.dest))
        begin(desk, visit, at)


def _end_if_over(desk: Desk, visit: Visit, at: datetime) -> None:
    caller_gone = visit.direction is Direction.INBOUND and visit.begun and desk.board.is_gone(visit.key)
    empty = not any(desk.board.owner.get(uid) is visit for uid in desk.board.channels)
    if caller_gone or empty:
        by = outcomes.ended_by(visit)
        end(desk, visit, at, outcomes.outcome(visit, by), by)
    if empty:
        desk.board.drop(visit)

"""How each fact changes one live call (used by :mod:`console.domain.call_reducer` only)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.call_changes import CallChange, ChangeKind
from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    EmergencyDialled,
    HoldChanged,
    LegEnd,
    LegEnded,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.call_tracks import OUTSIDE, Leg, Track, close
from console.domain.calls import (
    FETCHED,
    Asked,
    Call,
    Caller,
    CallState,
    Direction,
    Handed,
    Hold,
    Presentation,
    Supervised,
    Transfer,
    TransferKind,
)
from console.domain.lines import DialPlan, to_e164
from console.domain.text import NUMBER_CAP, safe_line

FIRST_STATE = {
    Direction.INBOUND: CallState.QUEUED,
    Direction.OUTBOUND: CallState.ALERTING,
    Direction.INTERNAL: CallState.ALERTING,
}
_TOLD = frozenset({LegEnd.ANSWERED_ELSEWHERE, LegEnd.REJECTED, LegEnd.NO_ANSWER})
_NUMBERLESS = frozenset({Presentation.WITHHELD, Presentation.UNAVAILABLE})
_Odd = Callable[[datetime, UUID | None, str], None]


def began(track: Track, event: CallBegan) -> list[CallChange]:
    """Fill in what an earlier fact could not know; a second one may add the number dialled."""
    call = track.call
    track.begun = True
    track.placed_by = track.placed_by or event.placed_by
    track.assumed = track.assumed or event.assumed
    track.call = replace(
        call,
        direction=event.direction,
        dialled=call.dialled or safe_line(event.dialled, NUMBER_CAP),
        offered_at=min(call.offered_at or event.at, event.at),
        caller=_placed(call.caller, event.placed_by),
    )
    return []


def _placed(caller: Caller, extension: str) -> Caller:
    if not extension:
        return caller
    return Caller(number=extension, presentation=Presentation.ALLOWED, settled=True)


def shown_caller(event: NumberLearned, plan: DialPlan) -> Caller:
    """Return what may be shown of a caller: no withheld number or name, whatever the event holds."""
    shown = "" if event.presentation in _NUMBERLESS else safe_line(event.number, NUMBER_CAP)
    return Caller(
        number=shown,
        e164=to_e164(shown, plan) if shown else "",
        name="" if event.presentation is Presentation.WITHHELD else safe_line(event.name),
        presentation=event.presentation,
        diverted_from=safe_line(event.diverted_from, NUMBER_CAP),
        settled=event.settled,
    )


def number(track: Track, event: NumberLearned, plan: DialPlan) -> list[CallChange]:
    """Take number and name; a withheld number is dropped here once more."""
    if track.placed_by or (track.call.caller.settled and not event.settled):
        return []
    caller = shown_caller(event, plan)
    if caller == track.call.caller:
        return []
    track.call = replace(track.call, caller=caller)
    return [_change(track, event.at, ChangeKind.CALLER_CHANGED)]


def queue_joined(track: Track, event: QueueJoined) -> list[CallChange]:
    """The caller waits in a queue; the first queue names the call."""
    track.queued = True
    track.call = replace(track.call, queue=track.call.queue or safe_line(event.queue))
    return [_change(track, event.at, ChangeKind.QUEUED, reason=event.queue)]


def alerting(track: Track, event: Alerting) -> list[CallChange]:
    """A telephone rings: once per leg."""
    if event.leg in track.legs:
        return []
    if _asks(track, event.extension):
        track.asked = Asked(event.extension)
    track.legs[event.leg] = (event.extension, Leg.RINGING)
    call = track.call
    if event.extension != OUTSIDE and event.extension not in call.rang:
        track.call = replace(call, rang=(*call.rang, event.extension))
    return [_change(track, event.at, ChangeKind.OFFERED, event.extension)]


def answered(track: Track, event: Answered, odd: _Odd) -> list[CallChange]:
    """A telephone took the call over."""
    state = track.legs.get(event.leg, (event.extension, Leg.RINGING))[1]
    if state is Leg.GONE:
        odd(event.at, track.call.id, "answered by a leg that had ended")
        return []
    track.legs[event.leg] = (event.extension, Leg.UP)
    track.queued = False
    _out_of_park(track)
    _no_more_asked(track, event.extension)
    call = track.call
    again = bool(call.answered_by) and call.answered_by[-1] == event.extension
    track.call = replace(
        call,
        handed=None,
        answered_at=call.answered_at or event.at,
        answered_by=call.answered_by if again else (*call.answered_by, event.extension),
    )
    return [_change(track, event.at, ChangeKind.ANSWERED, event.extension)]


def leg_ended(track: Track, event: LegEnded) -> list[CallChange]:
    """A telephone is out of the call."""
    extension, state = track.legs.get(event.leg, (event.extension, Leg.GONE))
    track.legs[event.leg] = (extension, Leg.GONE)
    if state is Leg.RINGING:
        _stopped_ringing(track, extension, event.reason)
        told = event.reason.value if event.reason in _TOLD else ""
        track.call = replace(track.call, last_withdrawal=told)
        return [_change(track, event.at, ChangeKind.WITHDRAWN, extension, event.reason.value)]
    guest = f"joined {extension}"
    was_guest = track.legs.get(guest) == (extension, Leg.UP)
    if was_guest:
        track.legs[guest] = (extension, Leg.GONE)
    if state is Leg.UP or was_guest:
        track.holders.discard(extension)
        return [_change(track, event.at, ChangeKind.LEFT, extension)]
    return []


def hold(track: Track, event: HoldChanged, odd: _Odd) -> list[CallChange]:
    """A telephone held the other side, or took it back."""
    call = track.call
    if not event.held:
        was_held = event.extension in track.holders or call.hold is Hold.UNKNOWN
        track.holders.discard(event.extension)
        if not track.holders:
            track.asked = None
        track.call = replace(call, hold=Hold.NO)
        return [_change(track, event.at, ChangeKind.RESUMED, event.extension)] if was_held else []
    if event.extension not in track.with_state(Leg.UP) | {track.placed_by}:
        odd(event.at, call.id, "held by a telephone that is not in the call")
        return []
    if event.extension in track.holders:
        return []
    track.holders.add(event.extension)
    track.call = replace(call, hold=Hold.YES, holds=call.holds + 1, held_since=event.at)
    return [_change(track, event.at, ChangeKind.HELD, event.extension)]


def joined(track: Track, event: PartyJoined) -> list[CallChange]:
    """Somebody joins while another stays."""
    track.legs[f"joined {event.extension}"] = (event.extension, Leg.UP)
    _no_more_asked(track, event.extension)
    call = track.call
    if event.extension not in call.joined:
        track.call = replace(call, joined=(*call.joined, event.extension))
    return [_change(track, event.at, ChangeKind.JOINED, event.extension)]


def left(track: Track, event: PartyLeft) -> list[CallChange]:
    """Somebody who had joined left while the call goes on."""
    there = [leg for leg, held in track.legs.items() if held == (event.extension, Leg.UP)]
    for leg in there:
        track.legs[leg] = (event.extension, Leg.GONE)
    return [_change(track, event.at, ChangeKind.LEFT, event.extension)] if there else []


def supervised(track: Track, event: SupervisionBegan) -> list[CallChange]:
    """A supervisor listens, whispers or breaks in."""
    call = track.call
    ever = call.supervised_by if event.extension in call.supervised_by else (*call.supervised_by, event.extension)
    others = tuple(one for one in call.supervisors if one.extension != event.extension)
    track.call = replace(call, supervised_by=ever, supervisors=(*others, Supervised(event.extension, event.at)))
    return [_change(track, event.at, ChangeKind.SUPERVISED, event.extension)]


def unsupervised(track: Track, event: SupervisionEnded) -> list[CallChange]:
    """A supervisor hears the call no more."""
    left = tuple(one for one in track.call.supervisors if one.extension != event.extension)
    if left == track.call.supervisors:
        return []
    track.call = replace(track.call, supervisors=left)
    return [_change(track, event.at, ChangeKind.UNSUPERVISED, event.extension)]


def transferred(track: Track, event: Transferred) -> list[CallChange]:
    """The caller changed hands; who took over in a transfer has not merely joined."""
    call = track.call
    guests = call.joined
    if event.kind is not TransferKind.BLIND:
        guests = tuple(extension for extension in guests if extension != event.taker)
    track.asked = None
    change = Transfer(event.kind, event.giver, event.taker)
    handed = _handed(call, event)
    track.call = replace(call, transfers=(*call.transfers, change), joined=guests, handed=handed)
    return [_change(track, event.at, ChangeKind.TRANSFERRED, event.taker or "", event.kind.value)]


def _handed(call: Call, event: Transferred) -> Handed | None:
    """Return the change of hands, where it leaves the caller to be answered; who fetches a caller has them."""
    if event.kind in FETCHED:
        return None
    last = next(iter(call.answered_by[-1:]), "")
    giver = event.giver or (last if last != event.taker else "")
    return Handed(giver, event.taker or "", event.at)


def parked(track: Track, event: Parked) -> list[CallChange]:
    """The caller was parked, or fetched back.  With a parked caller talks nobody, whoever hears the place told."""
    if track.parked == event.parked:
        return []
    if not event.parked:
        _out_of_park(track)
    else:
        track.parked, track.asked = True, None
        track.let_go()
        place = safe_line(event.place, NUMBER_CAP)
        track.call = replace(track.call, parked_at=place, parked_since=event.at)
    return [_change(track, event.at, ChangeKind.PARKED if event.parked else ChangeKind.FETCHED)]


def emergency(track: Track, event: EmergencyDialled) -> list[CallChange]:
    """A telephone of ours dialled 999 or the like."""
    if track.call.emergency:
        return []
    track.call = replace(track.call, emergency=event.number)
    return [_change(track, event.at, ChangeKind.EMERGENCY, event.extension, event.number)]


def ended(track: Track, event: CallEnded) -> list[CallChange]:
    """The human call is over; whoever still rings stops."""
    ringing = sorted(track.with_state(Leg.RINGING))
    close(track, ended_at=event.at, outcome=event.outcome, ended_by=event.ended_by)
    withdrawn = [
        _change(track, event.at, ChangeKind.WITHDRAWN, extension, LegEnd.CALLER_GONE.value) for extension in ringing
    ]
    return [*withdrawn, _change(track, event.at, ChangeKind.ENDED, reason=event.outcome.value)]


def _asks(track: Track, extension: str) -> bool:
    """Say whether a telephone rings for somebody who has the caller on hold: to ask, not to answer."""
    talks = track.with_state(Leg.UP)
    held = bool(track.holders) or track.call.hold is Hold.UNKNOWN
    return held and bool(talks) and extension not in (OUTSIDE, *talks)


def _out_of_park(track: Track) -> None:
    if track.parked:
        track.parked = False
        track.call = replace(track.call, parked_at="", parked_since=None)


def _no_more_asked(track: Track, extension: str) -> None:
    """Whoever was asked has come to the caller."""
    if track.asked is not None and track.asked.extension == extension:
        track.asked = None


def _stopped_ringing(track: Track, extension: str, reason: LegEnd) -> None:
    """The telephone of whoever is asked rings no more: lifted, which adapters tell as a leg hung up, or given up."""
    if track.asked is not None and track.asked.extension == extension:
        track.asked = Asked(extension, answered=True) if reason is LegEnd.HUNG_UP else None


def absorb(track: Track, other: Track) -> None:
    """Take over what the call that became an alias knew: who rang and answered, who hears or holds it, an emergency."""
    if other.parked and not track.parked and not track.with_state(Leg.UP):
        # One whom somebody has by now was fetched.
        track.parked = True
        track.call = replace(track.call, parked_at=other.call.parked_at, parked_since=other.call.parked_since)
    track.holders |= other.holders
    _take_answers(track, other)
    for leg, state in other.legs.items():
        track.legs.setdefault(leg, state)
    call, gone = track.call, other.call
    rang = (*call.rang, *(extension for extension in gone.rang if extension not in call.rang))
    track.seen |= other.seen
    heard = {one.extension for one in call.supervisors}
    ever = (*call.supervised_by, *(one for one in gone.supervised_by if one not in call.supervised_by))
    unsure = Hold.UNKNOWN in (call.hold, gone.hold)
    track.call = replace(
        call,
        rang=rang,
        emergency=call.emergency or gone.emergency,
        hold=Hold.UNKNOWN if unsure else call.hold,
        holds=call.holds + gone.holds,
        held_since=min((at for at in (call.held_since, gone.held_since) if at is not None), default=None),
        supervised_by=ever,
        supervisors=(*call.supervisors, *(one for one in gone.supervisors if one.extension not in heard)),
    )


def _take_answers(track: Track, other: Track) -> None:
    """Who talks in the call that became an alias has this one's caller: it is no call that nobody answered."""
    call, gone = track.call, other.call
    talking = other.with_state(Leg.UP) - {OUTSIDE}
    took = tuple(one for one in gone.answered_by if one in talking and one not in call.answered_by)
    if not took or gone.answered_at is None:
        return
    # Not before the caller came: what it became part of may have been under way for long.
    at = max(gone.answered_at, call.offered_at or gone.answered_at)
    track.call = replace(call, answered_by=(*call.answered_by, *took), answered_at=call.answered_at or at)
    track.queued = False


def _change(track: Track, at: datetime, kind: ChangeKind, extension: str = "", reason: str = "") -> CallChange:
    return CallChange(kind, at, track.call.id, extension, reason)

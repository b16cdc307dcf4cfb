"""What a console asks for, as AMI actions; refused here where it must never reach the switchboard.

This is the lowest layer that sees a number on its way out, so the guard is asked here: an emergency
number is never dialled, nor a caller sent to one, whatever asked for it (telephony.md 4.4).
"""

from __future__ import annotations

import re
from typing import assert_never

from console.domain.dialling import (
    EMERGENCY_SENTENCE,
    Guard,
    NotDialled,
    allow_all,
    dial_string,
    no_emergency,
    no_emergency_keys,
)
from console.domain.text import safe_line
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.asides import RING_MS, Planned, Request, refuse, retrieve, supervise
from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.asterisk_ami.rights import BY_NOTIFY, NOT_POSSIBLE, NOTIFY
from telephony_adapters.asterisk_ami.settings import AmiSettings

_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")
_REJECTED_CAUSE = "21"
_ASKED_BY_HAND = "You asked from the telephone itself: give the caller over there; nothing was changed."
LOST_BY_ASKING = (
    "The last call that your telephone was asked to answer or to hold from here was lost by it. It is not asked again: "
    "use its own keys; the screen follows."
)
_AWAY = "Your telephone is not in that call any more; nothing was changed."

__all__ = ["EMERGENCY_SENTENCE", "Guard", "Planned", "Request", "allow_all", "plan"]


def plan(action: Action, board: Board, settings: AmiSettings, guard: Guard) -> Planned:  # noqa: C901  one branch an act
    """Return the requests that carry out ``action``, or the answer where none may be sent."""
    if stopped := no_emergency(action.extension, plan=settings.plan()):
        return refuse(stopped)
    if action.act is Act.DTMF and (stopped := no_emergency_keys(action.target, settings.plan())):
        return refuse(stopped)
    match action.act:
        case Act.PAUSE | Act.UNPAUSE:
            return _pause(action, board, settings)
        case Act.ORIGINATE:
            return _originate(action, settings, guard)
        case Act.BLIND_TRANSFER | Act.START_ATTENDED:
            return _transfer(action, board, settings, guard)
        case Act.REDIRECT:
            return _redirect(action, board, settings, guard)
        case Act.ANSWER | Act.HOLD | Act.RESUME:
            return _notify(action, board, settings)
        case Act.CONFERENCE:
            return _three_together(action, board, settings)
        case Act.LISTEN | Act.WHISPER | Act.BARGE:
            return supervise(action, board, settings)
        case Act.RETRIEVE:
            return retrieve(action, board, settings)
        case Act.HANG_UP | Act.COMPLETE_ATTENDED | Act.CANCEL_ATTENDED | Act.DTMF | Act.PARK | Act.REJECT:
            return _on_own_leg(action, board)
        case Act.OFFER_TO_TEAM:
            return ActionAnswer(Answer.UNSUPPORTED, NOT_POSSIBLE[action.act])
        case _:
            assert_never(action.act)


def _pause(action: Action, board: Board, settings: AmiSettings) -> Planned:
    if not board.is_extension(action.extension):
        return refuse("Your extension is not one of this switchboard's telephones; nothing was asked.")
    usual = f"{settings.technology}/{action.extension}"
    paused = "true" if action.act is Act.PAUSE else "false"
    # A reason with a line break is text from a form; a header may hold one line only.
    reason = safe_line(action.reason)
    fields = (("Paused", paused), *((("Reason", reason),) if reason else ()))
    interfaces = sorted(board.interfaces.get(action.extension, {usual}))
    return [Request("QueuePause", (("Interface", one), *fields)) for one in interfaces]


def _dial_string(action: Action, settings: AmiSettings, guard: Guard) -> str | ActionAnswer:
    """Return what the dial plan must be given to reach the target."""
    digits = dial_string(action.target, settings.plan(), guard)
    return refuse(digits.sentence) if isinstance(digits, NotDialled) else digits


def _originate(action: Action, settings: AmiSettings, guard: Guard) -> Planned:
    target = _dial_string(action, settings, guard)
    if isinstance(target, ActionAnswer):
        return target
    if not re.fullmatch(settings.staff_endpoints, action.extension):
        return refuse("Your extension is not one of this switchboard's telephones; nothing was dialled.")
    fields = (
        ("Channel", f"{settings.technology}/{action.extension}"),
        ("Exten", target),
        ("Context", settings.dial_context),
        ("Priority", "1"),
        ("Async", "true"),
        ("Timeout", RING_MS),
    )
    return [Request("Originate", fields)]


def _transfer(action: Action, board: Board, settings: AmiSettings, guard: Guard) -> Planned:
    target = _dial_string(action, settings, guard)
    if isinstance(target, ActionAnswer):
        return target
    leg = _own_leg(action, board, up=True)
    if leg is None:
        return refuse("Your telephone is not in that call any more; nothing was transferred.")
    fields = (("Channel", leg.name), ("Exten", target), ("Context", settings.dial_context))
    if action.act is Act.BLIND_TRANSFER:
        return [Request("BlindTransfer", fields)]
    leg.asks_colleague = True
    return [Request("Atxfer", fields, keys_on=leg.uid)]


def _redirect(action: Action, board: Board, settings: AmiSettings, guard: Guard) -> Planned:
    target = _dial_string(action, settings, guard)
    if isinstance(target, ActionAnswer):
        return target
    leg = _own_leg(action, board, up=True) or _own_leg(action, board, up=False)
    visit = board.visit_of(leg) if leg else None
    caller = board.anchor(visit) if visit else None
    if leg is None or caller is None or caller is leg:
        return refuse("That call neither rings nor talks at your telephone; nothing was redirected.")
    where = (("Exten", target), ("Context", settings.dial_context), ("Priority", "1"))
    return [Request("Redirect", (("Channel", caller.name), *where))]


def _notify(action: Action, board: Board, settings: AmiSettings) -> Planned:
    """Ask the telephone itself, where telephones here heed it: Asterisk has no such action of its own."""
    if not settings.phone_events:
        return ActionAnswer(Answer.UNSUPPORTED, NOT_POSSIBLE[action.act])
    leg = _own_leg(action, board, up=action.act is not Act.ANSWER)
    if leg is None:
        return refuse(_AWAY)
    if leg.extension in board.unheeding:
        return refuse(LOST_BY_ASKING)
    leg.asked = (leg.state, leg.held)
    return [Request(NOTIFY, (("Channel", leg.name), ("Variable", f"Event={BY_NOTIFY[action.act]}")))]


def _three_together(action: Action, board: Board, settings: AmiSettings) -> Planned:
    """Press the code of the switchboard's own attended transfer that keeps all three, as if at the telephone."""
    leg = _own_leg(action, board, up=True)
    visit = board.visit_of(leg) if leg else None
    if leg is None or visit is None:
        return refuse(_AWAY)
    heard = board.reach(leg)
    caller = board.anchor(visit)
    if not heard or caller in heard:
        return refuse("No colleague has answered who could join the caller and you; nothing was changed.")
    own = ("Channel", leg.name)
    return [Request("PlayDTMF", (own, ("Digit", digit), ("Receive", "true"))) for digit in settings.three_together_code]


def _on_own_leg(action: Action, board: Board) -> Planned:
    ringing = action.act is Act.REJECT
    leg = _own_leg(action, board, up=not ringing) or (
        _own_leg(action, board, up=False) if action.act is Act.HANG_UP else None
    )
    if leg is None:
        return refuse(_AWAY)
    channel = ("Channel", leg.name)
    if action.act is Act.DTMF:
        return _digits(action, board, leg)
    if action.act is Act.PARK:
        return _park(board, leg)
    if action.act is Act.COMPLETE_ATTENDED and _asks_by_hand(board, action.extension):
        # What gives the caller over is the end of this leg; here it would be the caller's own end.
        return refuse(_ASKED_BY_HAND)
    if action.act is Act.CANCEL_ATTENDED:
        # Also where the asking was begun by the telephone's own keys; keys are lost from here on until the tone ends.
        leg.asks_colleague = leg.hears_tone = True
        return [Request("CancelAtxfer", (channel,))]
    return [Request("Hangup", (channel, ("Cause", _REJECTED_CAUSE if ringing else "16")))]


def _asks_by_hand(board: Board, extension: str) -> bool:
    """Say whether a telephone rang a colleague by itself, on a line beside the caller's."""
    return any(one.consulted and one.extension == extension for one in board.channels.values())


def _digits(action: Action, board: Board, leg: Channel) -> Planned:
    if not _DIGITS.fullmatch(action.target):
        return refuse("Only the digits of a telephone can be sent; nothing was sent.")
    # What is played on a channel is heard at its own end: the worker's own would hear the digits, and nobody else.
    others = board.reach(leg)
    if not others:
        return refuse("Nobody else is on that call; nothing was sent.")
    return [Request("PlayDTMF", (("Channel", one.name), ("Digit", d))) for one in others for d in action.target]


def _park(board: Board, leg: Channel) -> Planned:
    others = board.reach(leg)
    if len(others) != 1:
        return refuse("Only a call between two can be parked; nothing was changed.")
    return [Request("Park", (("Channel", others[0].name), ("AnnounceChannel", leg.name)))]


def _own_leg(action: Action, board: Board, *, up: bool) -> Channel | None:
    """Return the asking worker's own channel in the call, or in the only call where none is named."""
    mine = [c for c in board.channels.values() if c.extension == action.extension and (c.state == "Up") == up]
    mine = [c for c in mine if not c.is_aside or _is_with(board, c)]
    if action.provider_call:
        mine = [c for c in mine if _is_in(board, c, action.provider_call)]
    return mine[0] if len(mine) == 1 or (mine and action.provider_call) else None


def _is_with(board: Board, aside: Channel) -> bool:
    """Say whether a telephone that fetched a parked caller has them; one that only hears a call has not."""
    return any(aside.uid in visit.present for visit in board.visits())


def _is_in(board: Board, channel: Channel, call: str) -> bool:
    return any(visit.key == call and _belongs(channel, visit) for visit in board.visits())


def _belongs(channel: Channel, visit: Visit) -> bool:
    return channel.uid in visit.present or channel.uid == visit.principal or channel.leg in visit.legs

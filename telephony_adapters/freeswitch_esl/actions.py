"""What a console asks for, as event-socket commands; refused here where it must never reach the switchboard.

This is the lowest layer that sees a number on its way out, so the guard is asked here: an emergency
number is never dialled, nor a caller sent to one, whatever asked for it (telephony.md 4.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from console.domain.dialling import Guard, NotDialled, dial_string, no_emergency, no_emergency_keys
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities
from telephony_adapters.freeswitch_esl.board import Board, Leg, Visit
from telephony_adapters.freeswitch_esl.mapping import DIALLED, LISTENS_TO
from telephony_adapters.freeswitch_esl.settings import EslSettings, HoldBy

_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_AGENT = re.compile(r"[\w.@:-]{1,80}", re.ASCII)
_RING_S = "30"

_NOT_POSSIBLE = {
    Act.OFFER_TO_TEAM: "FreeSWITCH has no such action: transfer the caller to the team's queue number.",
}
_WHISPERS = {
    Act.LISTEN: "",
    # What is written to the leg that is heard, its own telephone hears; what is read from it, the other side hears.
    Act.WHISPER: "eavesdrop_whisper_bleg=true,",
    Act.BARGE: "eavesdrop_whisper_aleg=true,eavesdrop_whisper_bleg=true,",
}
"""To whom a listener may be heard, by act."""
_THREE_KEY = "0"
"""The key that keeps all three while ``att_xfer`` asks a colleague (its own usual one)."""
_NO_PARKING = "No number that parks is set for this switchboard (park_number): use the telephone's own code."
CAPABILITIES = Capabilities(frozenset(Act) - _NOT_POSSIBLE.keys(), _NOT_POSSIBLE)
"""What can be done where every setting is made."""

_AWAY = "Your telephone is not in that call any more; nothing was changed."
_NOT_OURS = "Your extension is not one of this switchboard's telephones; nothing was dialled."


@dataclass(frozen=True, slots=True)
class Command:
    """One command, by its words.  In the ``background`` it does not keep the socket until it is done."""

    words: tuple[str, ...]
    background: bool = False


Planned = list[Command] | ActionAnswer


def capabilities(settings: EslSettings) -> Capabilities:
    """Return what can be done with these settings, and why not the rest."""
    if settings.park_number:
        return CAPABILITIES
    return Capabilities(
        CAPABILITIES.acts - {Act.PARK, Act.RETRIEVE},
        {**_NOT_POSSIBLE, Act.PARK: _NO_PARKING, Act.RETRIEVE: _NO_PARKING},
    )


def plan(action: Action, board: Board, settings: EslSettings, guard: Guard) -> Planned:  # noqa: C901  one branch an act
    """Return the commands that carry out ``action``, or the answer where none may be sent."""
    if stopped := no_emergency(action.extension, plan=settings.plan()):
        return _refuse(stopped)
    match action.act:
        case Act.PAUSE | Act.UNPAUSE:
            return _pause(action, board)
        case Act.ORIGINATE:
            return _originate(action, board, settings, guard)
        case Act.BLIND_TRANSFER:
            return _blind(action, board, settings, guard)
        case Act.START_ATTENDED:
            return _start_attended(action, board, settings, guard)
        case Act.COMPLETE_ATTENDED:
            return _complete_attended(action, board)
        case Act.CANCEL_ATTENDED:
            return _cancel_attended(action, board)
        case Act.ANSWER | Act.REJECT | Act.HANG_UP:
            return _on_own_leg(action, board)
        case Act.HOLD | Act.RESUME:
            return _hold(action, board, settings)
        case Act.DTMF:
            return _digits(action, board, settings)
        case Act.PARK:
            return _park(action, board, settings)
        case Act.RETRIEVE:
            return _retrieve(action, board, settings)
        case Act.REDIRECT:
            return _redirect(action, board, settings, guard)
        case Act.CONFERENCE:
            return _three_together(action, board)
        case Act.LISTEN | Act.WHISPER | Act.BARGE:
            return _listen(action, board, settings)
        case Act.OFFER_TO_TEAM:
            return ActionAnswer(Answer.UNSUPPORTED, _NOT_POSSIBLE[action.act])
        case _:
            assert_never(action.act)


def _refuse(sentence: str) -> ActionAnswer:
    return ActionAnswer(Answer.REFUSED, sentence)


def _one(*words: str) -> Planned:
    return [Command(words)]


def _pause(action: Action, board: Board) -> Planned:
    """The call centre knows states but no reasons; the reason stands in our own record."""
    names = sorted(name for name in board.agents.get(action.extension, ()) if _AGENT.fullmatch(name))
    if not names:
        return _refuse("Your extension is no agent of this switchboard's call centre; nothing was asked.")
    status = "'On Break'" if action.act is Act.PAUSE else "Available"
    return [Command(("callcenter_config", "agent", "set", "status", name, status)) for name in names]


def _dialled(action: Action, settings: EslSettings, guard: Guard) -> str | ActionAnswer:
    digits = dial_string(action.target, settings.plan(), guard)
    return _refuse(digits.sentence) if isinstance(digits, NotDialled) else digits


def _telephone(extension: str, settings: EslSettings) -> str:
    return f"user/{extension}" + (f"@{settings.domain}" if settings.domain else "")


def _originate(action: Action, board: Board, settings: EslSettings, guard: Guard) -> Planned:
    digits = _dialled(action, settings, guard)
    if isinstance(digits, ActionAnswer):
        return digits
    if not board.is_extension(action.extension) or not _ID.fullmatch(action.extension):
        return _refuse(_NOT_OURS)
    variables = f"{{{DIALLED}={digits},originate_timeout={_RING_S},ignore_early_media=true}}"
    rung = variables + _telephone(action.extension, settings)
    return [Command(("originate", rung, digits, settings.dialplan, settings.dial_context), background=True)]


def _blind(action: Action, board: Board, settings: EslSettings, guard: Guard) -> Planned:
    digits = _dialled(action, settings, guard)
    if isinstance(digits, ActionAnswer):
        return digits
    other = _other_side(action, board)
    if other is None:
        return _refuse("Your telephone is not in that call any more; nothing was transferred.")
    return _one("uuid_transfer", other.uid, digits, settings.dialplan, settings.dial_context)


def _start_attended(action: Action, board: Board, settings: EslSettings, guard: Guard) -> Planned:
    digits = _dialled(action, settings, guard)
    if isinstance(digits, ActionAnswer):
        return digits
    leg = _own_leg(action, board)
    if leg is None or _other_side(action, board) is None:
        return _refuse("Your telephone is not in that call any more; nothing was transferred.")
    inside = board.is_extension(digits) and _ID.fullmatch(digits)
    where = f"loopback/{digits}/{settings.dial_context}/{settings.dialplan}"
    return _one("uuid_broadcast", leg.uid, f"att_xfer::{_telephone(digits, settings) if inside else where}", "aleg")


def _complete_attended(action: Action, board: Board) -> Planned:
    leg, asking = _own_leg(action, board), _asking_leg(action, board)
    if asking is None:
        return _one("uuid_kill", leg.uid, "NORMAL_CLEARING") if leg else _refuse(_AWAY)
    caller = board.channels.get(leg.peer) if leg else None
    colleague = board.channels.get(asking.peer)
    if caller is None or colleague is None:
        return _refuse("There is nobody to give the caller to yet; nothing was changed.")
    return _one("uuid_bridge", caller.uid, colleague.uid)


def _cancel_attended(action: Action, board: Board) -> Planned:
    leg = _own_leg(action, board)
    asking = _asking_leg(action, board) or next(
        (one for one in board.channels.values() if leg and one.source == leg.uid and not one.hung_up), None
    )
    if asking is None:
        return _refuse("No colleague is being asked; nothing was changed.")
    return _one("uuid_kill", asking.uid, "NORMAL_CLEARING")


def _on_own_leg(action: Action, board: Board) -> Planned:
    ringing = _own_leg(action, board, up=False)
    leg = _own_leg(action, board) if action.act is Act.HANG_UP else None
    leg = leg or ringing
    if leg is None:
        return _refuse(_AWAY)
    if action.act is Act.ANSWER:
        return _one("uuid_phone_event", leg.uid, "talk")
    return _one("uuid_kill", leg.uid, "CALL_REJECTED" if action.act is Act.REJECT else "NORMAL_CLEARING")


def _hold(action: Action, board: Board, settings: EslSettings) -> Planned:
    leg = _own_leg(action, board)
    if leg is None:
        return _refuse(_AWAY)
    hold = action.act is Act.HOLD
    if settings.hold_by is HoldBy.PHONE:
        return _one("uuid_phone_event", leg.uid, "hold" if hold else "talk")
    return _one("uuid_hold", *(() if hold else ("off",)), leg.uid)


def _digits(action: Action, board: Board, settings: EslSettings) -> Planned:
    if not _DIGITS.fullmatch(action.target):
        return _refuse("Only the digits of a telephone can be sent; nothing was sent.")
    if stopped := no_emergency_keys(action.target, settings.plan()):
        return _refuse(stopped)
    other = _other_side(action, board)
    return _one("uuid_send_dtmf", other.uid, action.target) if other else _refuse(_AWAY)


def _park(action: Action, board: Board, settings: EslSettings) -> Planned:
    if not settings.park_number:
        return ActionAnswer(Answer.UNSUPPORTED, _NO_PARKING)
    if stopped := no_emergency(settings.park_number, plan=settings.plan()):
        return _refuse(stopped)
    other = _other_side(action, board)
    if other is None:
        return _refuse("Only a call between two can be parked; nothing was changed.")
    return _one("uuid_transfer", other.uid, settings.park_number, settings.dialplan, settings.dial_context)


def _retrieve(action: Action, board: Board, settings: EslSettings) -> Planned:
    """The parked caller rings at the worker's own telephone, as if transferred there."""
    if not settings.park_number:
        return ActionAnswer(Answer.UNSUPPORTED, _NO_PARKING)
    visit = _visit(action, board)
    caller = board.channels.get(visit.key) if visit is not None and visit.parker is not None else None
    if caller is None or not _ID.fullmatch(caller.uid):
        return _refuse("That caller is not parked any more; nothing was changed.")
    if not board.is_extension(action.extension) or not _ID.fullmatch(action.extension):
        return _refuse(_NOT_OURS)
    return _one("uuid_transfer", caller.uid, action.extension, settings.dialplan, settings.dial_context)


def _redirect(action: Action, board: Board, settings: EslSettings, guard: Guard) -> Planned:
    digits = _dialled(action, settings, guard)
    if isinstance(digits, ActionAnswer):
        return digits
    visit, leg = _visit(action, board), _own_leg(action, board) or _own_leg(action, board, up=False)
    caller = board.anchor(visit) if visit is not None and leg is not None else None
    if caller is None or caller is leg or not _ID.fullmatch(caller.uid):
        return _refuse("That call neither rings nor talks at your telephone; nothing was redirected.")
    return _one("uuid_transfer", caller.uid, digits, settings.dialplan, settings.dial_context)


def _three_together(action: Action, board: Board) -> Planned:
    """Press, as if at the telephone, the key that keeps all three while a colleague is asked."""
    leg = _own_leg(action, board)
    asked = next((one for one in board.channels.values() if leg and one.source == leg.uid and one.up), None)
    if leg is None or asked is None or asked.hung_up:
        return _refuse("No colleague has answered who could join the caller and you; nothing was changed.")
    return _one("uuid_recv_dtmf", leg.uid, _THREE_KEY)


def _visit(action: Action, board: Board) -> Visit | None:
    return next((one for one in board.visits() if one.key == action.provider_call and not one.ended), None)


def _listen(action: Action, board: Board, settings: EslSettings) -> Planned:
    """The supervisor's telephone rings, and hears the call; its keypad changes nothing, for the record says how."""
    if not board.is_extension(action.extension) or not _ID.fullmatch(action.extension):
        return _refuse(_NOT_OURS)
    visit = _visit(action, board)
    heard = _heard(board, visit, action) if visit else None
    if heard is None:
        return _refuse("That call cannot be listened to: nobody of ours talks in it; nothing was dialled.")
    manner = f"{_WHISPERS[action.act]}eavesdrop_enable_dtmf=false"
    variables = f"{{{LISTENS_TO}={heard.uid},{manner},originate_timeout={_RING_S}}}"
    rung = variables + _telephone(action.extension, settings)
    return [Command(("originate", rung, f"&eavesdrop({heard.uid})"), background=True)]


def _heard(board: Board, visit: Visit, action: Action) -> Leg | None:
    uids = (*visit.present, visit.key)
    legs = (board.channels[uid] for uid in uids if uid in board.channels and _ID.fullmatch(uid))
    ours = [leg for leg in legs if leg.extension and leg.extension != action.extension and not leg.hung_up]
    return next((leg for leg in ours if action.target in ("", leg.extension)), None)


def _own_leg(action: Action, board: Board, *, up: bool = True) -> Leg | None:
    """Return the asking worker's own leg in the call, or in the only call where none is named."""
    mine = [leg for leg in _of(action, board) if leg.up == up and not leg.consulted]
    if action.provider_call:
        mine = [leg for leg in mine if _is_in(board, leg, action.provider_call)]
    return mine[0] if len(mine) == 1 or (mine and action.provider_call) else None


def _of(action: Action, board: Board) -> list[Leg]:
    legs = (leg for leg in board.channels.values() if leg.extension == action.extension and not leg.hung_up)
    return [leg for leg in legs if _ID.fullmatch(leg.uid)]


def _asking_leg(action: Action, board: Board) -> Leg | None:
    """Return the leg on which the worker's telephone asks a colleague, beside the caller's."""
    return next((leg for leg in _of(action, board) if leg.consulted), None)


def _other_side(action: Action, board: Board) -> Leg | None:
    leg = _own_leg(action, board)
    other = board.channels.get(leg.peer) if leg else None
    return other if other is not None and _ID.fullmatch(other.uid) else None


def _is_in(board: Board, leg: Leg, call: str) -> bool:
    return any(
        visit.key == call and (leg.uid in visit.present or leg.uid == visit.key or leg.leg in visit.legs)
        for visit in board.visits()
    )

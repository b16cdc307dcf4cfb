"""What a console asks for, as AMI actions; refused here where it must never reach the switchboard.

This is the lowest layer that sees a number on its way out, so the guard is asked here: an emergency
number is never dialled, nor a caller sent to one, whatever asked for it (telephony.md 4.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from console.domain.dialling import EMERGENCY_SENTENCE, Guard, NotDialled, allow_all, dial_string
from console.domain.text import safe_line
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities
from telephony_adapters.asterisk_ami.board import Board, Channel
from telephony_adapters.asterisk_ami.settings import AmiSettings

_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")
_RING_MS = "30000"
_REJECTED_CAUSE = "21"

NEEDS: dict[Act, str] = {
    Act.REJECT: "Hangup",
    Act.HANG_UP: "Hangup",
    Act.BLIND_TRANSFER: "BlindTransfer",
    Act.START_ATTENDED: "Atxfer",
    Act.COMPLETE_ATTENDED: "Hangup",
    Act.CANCEL_ATTENDED: "CancelAtxfer",
    Act.ORIGINATE: "Originate",
    Act.DTMF: "PlayDTMF",
    Act.PAUSE: "QueuePause",
    Act.UNPAUSE: "QueuePause",
    Act.PARK: "Park",
}
"""Acts that are possible, and the manager action each needs."""

_NOT_POSSIBLE = {
    Act.ANSWER: "Asterisk cannot lift the handset of a telephone: answer on the telephone itself.",
    Act.HOLD: "Asterisk cannot hold for a telephone: use the telephone's own hold key; the screen follows.",
    Act.RESUME: "Asterisk cannot take back for a telephone: use its own hold key; the screen follows.",
    Act.LISTEN: "Listening in is set up in the dial plan: dial its code on the telephone.",
    Act.OFFER_TO_TEAM: "Asterisk has no such action: transfer the caller to the team's queue number.",
}
CAPABILITIES = Capabilities(frozenset(NEEDS), _NOT_POSSIBLE)
"""What an account with every right can do."""

__all__ = ["CAPABILITIES", "EMERGENCY_SENTENCE", "NEEDS", "Guard", "Request", "allow_all", "capabilities", "plan"]


@dataclass(frozen=True, slots=True)
class Request:
    """One AMI action and its headers."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()


def capabilities(commands: frozenset[str]) -> Capabilities:
    """Return what an account with these manager actions can do, and why not the rest."""
    if not commands:
        return CAPABILITIES
    missing = {act: name for act, name in NEEDS.items() if name not in commands}
    why = {act: f"The switchboard's account for Nightdesk may not use {name}." for act, name in missing.items()}
    return Capabilities(frozenset(NEEDS) - missing.keys(), {**_NOT_POSSIBLE, **why})


def plan(action: Action, board: Board, settings: AmiSettings, guard: Guard) -> list[Request] | ActionAnswer:
    """Return the requests that carry out ``action``, or the answer where none may be sent."""
    match action.act:
        case Act.PAUSE | Act.UNPAUSE:
            return _pause(action, board, settings)
        case Act.ORIGINATE:
            return _originate(action, settings, guard)
        case Act.BLIND_TRANSFER | Act.START_ATTENDED:
            return _transfer(action, board, settings, guard)
        case Act.HANG_UP | Act.COMPLETE_ATTENDED | Act.CANCEL_ATTENDED | Act.DTMF | Act.PARK | Act.REJECT:
            return _on_own_leg(action, board)
        case Act.ANSWER | Act.HOLD | Act.RESUME | Act.LISTEN | Act.OFFER_TO_TEAM:
            return ActionAnswer(Answer.UNSUPPORTED, _NOT_POSSIBLE[action.act])
        case _:
            assert_never(action.act)


def _refuse(sentence: str) -> ActionAnswer:
    return ActionAnswer(Answer.REFUSED, sentence)


def _pause(action: Action, board: Board, settings: AmiSettings) -> list[Request] | ActionAnswer:
    if not board.is_extension(action.extension):
        return _refuse("Your extension is not one of this switchboard's telephones; nothing was asked.")
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
    return _refuse(digits.sentence) if isinstance(digits, NotDialled) else digits


def _originate(action: Action, settings: AmiSettings, guard: Guard) -> list[Request] | ActionAnswer:
    target = _dial_string(action, settings, guard)
    if isinstance(target, ActionAnswer):
        return target
    if not re.fullmatch(settings.staff_endpoints, action.extension):
        return _refuse("Your extension is not one of this switchboard's telephones; nothing was dialled.")
    fields = (
        ("Channel", f"{settings.technology}/{action.extension}"),
        ("Exten", target),
        ("Context", settings.dial_context),
        ("Priority", "1"),
        ("Async", "true"),
        ("Timeout", _RING_MS),
    )
    return [Request("Originate", fields)]


def _transfer(action: Action, board: Board, settings: AmiSettings, guard: Guard) -> list[Request] | ActionAnswer:
    target = _dial_string(action, settings, guard)
    if isinstance(target, ActionAnswer):
        return target
    leg = _own_leg(action, board, up=True)
    if leg is None:
        return _refuse("Your telephone is not in that call any more; nothing was transferred.")
    name = "BlindTransfer" if action.act is Act.BLIND_TRANSFER else "Atxfer"
    return [Request(name, (("Channel", leg.name), ("Exten", target), ("Context", settings.dial_context)))]


def _on_own_leg(action: Action, board: Board) -> list[Request] | ActionAnswer:
    ringing = action.act is Act.REJECT
    leg = _own_leg(action, board, up=not ringing) or (
        _own_leg(action, board, up=False) if action.act is Act.HANG_UP else None
    )
    if leg is None:
        return _refuse("Your telephone is not in that call any more; nothing was changed.")
    channel = ("Channel", leg.name)
    if action.act is Act.DTMF:
        return _digits(action, channel)
    if action.act is Act.PARK:
        return _park(action, board, leg)
    if action.act is Act.CANCEL_ATTENDED:
        return [Request("CancelAtxfer", (channel,))]
    return [Request("Hangup", (channel, ("Cause", _REJECTED_CAUSE if ringing else "16")))]


def _digits(action: Action, channel: tuple[str, str]) -> list[Request] | ActionAnswer:
    if not _DIGITS.fullmatch(action.target):
        return _refuse("Only the digits of a telephone can be sent; nothing was sent.")
    return [Request("PlayDTMF", (channel, ("Digit", digit))) for digit in action.target]


def _park(action: Action, board: Board, leg: Channel) -> list[Request] | ActionAnswer:
    others = [channel for channel in board.reach(leg) if channel is not leg]
    if len(others) != 1:
        return _refuse("Only a call between two can be parked; nothing was changed.")
    return [Request("Park", (("Channel", others[0].name), ("AnnounceChannel", leg.name)))]


def _own_leg(action: Action, board: Board, *, up: bool) -> Channel | None:
    """Return the asking worker's own channel in the call, or in the only call where none is named."""
    mine = [c for c in board.channels.values() if c.extension == action.extension and (c.state == "Up") == up]
    if action.provider_call:
        mine = [c for c in mine if _is_in(board, c, action.provider_call)]
    return mine[0] if len(mine) == 1 or (mine and action.provider_call) else None


def _is_in(board: Board, channel: Channel, call: str) -> bool:
    return any(
        visit.key == call
        and (channel.uid in visit.present or channel.uid == visit.principal or channel.leg in visit.legs)
        for visit in board.visits()
    )

"""Requests that ring the asking worker's own telephone beside a call: to hear a colleague's, to fetch a parked one.

The channel that Asterisk makes for it gets an id of ours (:data:`board.ASIDE`), by which every console knows that it is
no call.  The application that hears a call is named in the request itself, so that the switchboard's dial plan needs
nothing added; an account with the right to originate may name it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

from console.domain.dialling import no_emergency
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.board import ASIDE, Board, Channel, Visit
from telephony_adapters.asterisk_ami.settings import AmiSettings

RING_MS = "30000"
_NAME = re.compile(r"[\w./@;:+-]{1,120}", re.ASCII)
"""What a channel's name may hold where it stands among options: a comma would begin another one."""
_PLACE = re.compile(r"[0-9]{1,12}")
_CAR_PARK = re.compile(r"[\w.-]{1,80}", re.ASCII)
_HEARS = {Act.LISTEN: "qES", Act.WHISPER: "qwES", Act.BARGE: "qBES"}
"""Options of ChanSpy: no beep and no spoken names, ends with the call that is heard; w to the colleague, B to both.

The listener's keypad changes nothing: how somebody listens is what the record says (option ``d`` is not asked for).
"""
_NOT_OURS = "Your extension is not one of this switchboard's telephones; nothing was dialled."


@dataclass(frozen=True, slots=True)
class Request:
    """One AMI action and its headers."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()
    keys_on: str = ""
    """The Uniqueid of the channel by whose keys the switchboard does it, where it does (``tones``)."""


Planned = list[Request] | ActionAnswer


def refuse(sentence: str) -> ActionAnswer:
    """Return the answer to what is not asked of the switchboard at all."""
    return ActionAnswer(Answer.REFUSED, sentence)


def supervise(action: Action, board: Board, settings: AmiSettings) -> Planned:
    """Ring the supervisor's own telephone into a call; whoever hears it already, and asks anew, is rung anew."""
    if not board.is_extension(action.extension):
        return refuse(_NOT_OURS)
    visit = _visit(board, action)
    heard = _heard(board, visit, action) if visit else None
    if heard is None:
        return refuse("That call cannot be listened to: nobody of ours talks in it; nothing was dialled.")
    before = [one for one in board.channels.values() if one.is_aside and one.extension == action.extension]
    ends = [Request("Hangup", (("Channel", one.name), ("Cause", "16"))) for one in before]
    spies = (("Application", "ChanSpy"), ("Data", f"{heard.name},{_HEARS[action.act]}"))
    return [*ends, _ring(action, settings, spies)]


def retrieve(action: Action, board: Board, settings: AmiSettings) -> Planned:
    """Ring the worker's own telephone, and give it the parked caller once it is lifted: so nobody is lost."""
    if not board.is_extension(action.extension):
        return refuse(_NOT_OURS)
    visit = _visit(board, action)
    if visit is None or not _PLACE.fullmatch(visit.parked_at):
        return refuse("It is not known here where that caller is parked: dial that number on the telephone.")
    if stopped := no_emergency(visit.parked_at, plan=settings.plan()):
        return refuse(stopped)
    fetches: tuple[tuple[str, str], ...]
    fetches = (("Exten", visit.parked_at), ("Context", settings.parking_context), ("Priority", "1"))
    if _CAR_PARK.fullmatch(visit.car_park):
        fetches = (("Application", "ParkedCall"), ("Data", f"{visit.car_park},{visit.parked_at}"))
    return [_ring(action, settings, fetches)]


def _ring(action: Action, settings: AmiSettings, then: tuple[tuple[str, str], ...]) -> Request:
    own = ("Channel", f"{settings.technology}/{action.extension}")
    shown = ("CallerID", f"Nightdesk <{action.extension}>")
    fields = (own, *then, shown, ("Async", "true"), ("Timeout", RING_MS), ("ChannelId", f"{ASIDE}{uuid4().hex}"))
    return Request("Originate", fields)


def _visit(board: Board, action: Action) -> Visit | None:
    return next((one for one in board.visits() if one.key == action.provider_call and not one.ended), None)


def _heard(board: Board, visit: Visit, action: Action) -> Channel | None:
    """Return the colleague's channel in the call: that of ``target`` where it is named, else of whoever talks."""
    uids = (*visit.present, visit.principal)
    here = (board.channels[uid] for uid in uids if uid in board.channels)
    ours = [one for one in here if one.extension and one.extension != action.extension and _NAME.fullmatch(one.name)]
    return next((one for one in ours if action.target in ("", one.extension)), None)

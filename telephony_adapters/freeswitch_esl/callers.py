"""Whether a caller's number may be shown, and when it leaves the adapter (telephony.md 4.2).

FreeSWITCH carries a withheld number like any other, but marks it on every message of the leg:
``Caller-Privacy-Hide-Number``.  The header ``Privacy`` and an anonymous ``From`` are believed beside it.
"""

from __future__ import annotations

import re
from datetime import datetime

from console.domain.call_events import NumberLearned
from console.domain.calls import Direction, Presentation, Unmarked
from console.domain.lines import presentation_word
from console.domain.text import NUMBER_CAP, safe_line
from telephony_adapters.channels.visits import learn_number
from telephony_adapters.freeswitch_esl.board import Leg, Visit
from telephony_adapters.freeswitch_esl.desk import Desk
from telephony_adapters.freeswitch_esl.protocol import Message

_HIDE = "Caller-Privacy-Hide-Number"
_PRIVACY = ("sip_Privacy", "sip_h_Privacy")
_PRIVATE = frozenset({"id", "user", "header"})
_DIVERSION = "sip_h_Diversion"
_ADDRESS = re.compile(r"(?:sips?|tel):\+?(?P<user>[^@;>]{1,64})")
_HIDDEN_DIVERSION = re.compile(r"privacy\s*=\s*\"?(?:full|uri)", re.IGNORECASE)


def read(leg: Leg, message: Message) -> None:
    """Take what a message says of a leg's number; once withheld is withheld until the leg ends."""
    mark = message.get(_HIDE).lower()
    leg.marked = leg.marked or mark in ("true", "false")
    leg.withheld = leg.withheld or mark == "true" or _is_private(message)
    if not leg.number:
        # The first is the caller's; in a transfer the switchboard may turn caller and called round.
        leg.number = message.get("Caller-Caller-ID-Number")
        leg.shown_name = message.get("Caller-Caller-ID-Name")
    leg.diverted_from = leg.diverted_from or _diverted(message.variable(_DIVERSION))


def _is_private(message: Message) -> bool:
    wishes = {word.strip().lower() for name in _PRIVACY for word in message.variable(name).split(";")}
    return bool(wishes & _PRIVATE) or message.variable("sip_from_host").lower() == "anonymous.invalid"


def _diverted(header: str) -> str:
    """Return who diverted the call last, unless that number is withheld itself."""
    newest = header.removeprefix("ARRAY::").partition("|:")[0].partition(",")[0]
    found = _ADDRESS.search(newest)
    if found is None or _HIDDEN_DIVERSION.search(newest) or presentation_word(found["user"]) is not None:
        return ""
    return safe_line(found["user"], NUMBER_CAP)


def settle(desk: Desk, visit: Visit, at: datetime, *, last: bool = False) -> None:
    """Let the caller's number out, once its presentation is known or will never be.

    ``last`` is True when the leg is about to go: what has no mark by then has none.
    """
    caller = desk.board.channels.get(visit.key)
    if caller is None or visit.direction is not Direction.INBOUND or not visit.begun:
        return
    if not (caller.marked or caller.withheld or presentation_word(caller.number) or last):
        return
    learn_number(desk, visit, _judged(desk, visit, caller, at))


def _judged(desk: Desk, visit: Visit, caller: Leg, at: datetime) -> NumberLearned:
    presentation = _presentation(caller)
    shown, name = safe_line(caller.number, NUMBER_CAP), safe_line(caller.shown_name)
    hidden = presentation is Presentation.UNKNOWN and desk.reading.unmarked is Unmarked.HIDE
    if presentation is Presentation.WITHHELD or hidden:
        shown = name = ""
    elif presentation is Presentation.UNAVAILABLE:
        shown = ""
    # The switchboard puts the number in place of a name that was not sent.
    if presentation_word(name) is not None or name == shown:
        name = ""
    return NumberLearned(visit.key, at, shown, name, presentation, settled=True, diverted_from=caller.diverted_from)


def _presentation(caller: Leg) -> Presentation:
    if caller.withheld:
        return Presentation.WITHHELD
    word = presentation_word(caller.number)
    if word is not None:
        return word
    return Presentation.ALLOWED if caller.marked else Presentation.UNKNOWN

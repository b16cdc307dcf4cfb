"""The call bar while a colleague is asked, and the slot of a parked caller."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.board import BoardLimits
from console.domain.calls import Asked, Call, Caller, Handed, Hold
from console.domain.people import Rank
from console.domain.words import clock_words, span_words
from console.ports.switchboard import Act as PhoneAct
from console.services.call_acts import ON_A_CALL
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.rows import ActButton, SlotRow, Tone
from ui.desktop.shortcuts import IN_A_PANEL, Act, key_of
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face


def state(asked: Asked) -> str:
    """Return the state of the call bar."""
    return f"{'ASKING' if asked.answered else 'RINGING'} {asked.extension}"


def detail(given: HandlerInputs, asked: Asked, hold: Hold) -> str:
    """Say who is asked and that the caller waits; after a lost link, as it was last heard."""
    who = given.named_at(asked.extension)
    does = f"Asking {who}" if asked.answered else f"Ringing {who}"
    waits = "the caller waits." if hold is Hold.YES else "the caller waits, as last heard."
    return " ".join((f"{does}; {waits}", *given.heard_by))


def given_by(given: HandlerInputs, call: Call, handed: Handed) -> str:
    """Say when the caller who rings here was given away, and by whom."""
    by = f" by {given.named_at(handed.giver)}" if handed.giver else ""
    return f"Given over at {clock_words(call.alone_since or handed.at)}{by}"


def buttons(given: HandlerInputs, asked: Asked, away: str, second: ActButton) -> tuple[ActButton, ...]:
    """Return what the call bar offers; ``second`` keeps its place, and what waits for an answer is there already."""
    why = away or ("" if asked.answered else f"{asked.extension} has not answered yet.")
    offered = (
        (PhoneAct.CANCEL_ATTENDED, _button(Act.HOLD, "Take back", away)),
        (None, second),
        (PhoneAct.COMPLETE_ATTENDED, _button(Act.GIVE_OVER, "Give over", why)),
        (PhoneAct.CONFERENCE, _button(Act.ALL_THREE, "All three together", why)),
    )
    return tuple(one for act, one in offered if act is None or act in given.passing or away)


def parked(given: HandlerInputs, limits: BoardLimits, number: Callable[[Caller], str]) -> SlotRow:
    """Return the slot of the caller who has been parked longest."""
    first, *others = given.calls.parked
    call = first.call
    waits = given.now - call.parked_since if call.parked_since is not None else None
    words = f"PARKED {span_words(waits)}" if waits is not None else "PARKED"
    chip = ChipRow(words, Face.AMBER, rank=Rank.HOUR)
    place = f" At {call.parked_at}." if call.parked_at else ""
    me = given.shift.worker(given.worker)
    parker = call.answered_by[-1] if call.answered_by else ""
    mine = me is not None and me.extension == parker
    by = f" Parked by {'you' if mine else given.named_at(parker)}." if parker else ""
    more = f" {len(others)} more parked." if others else ""
    tone = Tone.ALARM if waits is not None and waits >= limits.amber_wait else Tone.LIVE
    current = given.calls.current
    why = ON_A_CALL if current is not None and not current.on_hold else ""
    fetch = (_button(Act.FETCH, "Fetch", why),) if PhoneAct.RETRIEVE in given.passing else ()
    return SlotRow(number(call.caller), chip, f"{first.line}.{place}{by}{more}", tone, fetch)


def _button(act: Act, text: str, why: str) -> ActButton:
    by_key = f"By key: in the panel of {key_of(IN_A_PANEL[act])}." if act in IN_A_PANEL else ""
    return ActButton(act, ButtonFace(text, enabled=not why, why=why or by_key))

"""The slot of a caller on hold while this worker talks to another, and what the call bar says of them."""

from __future__ import annotations

from console.domain.people import Rank
from console.domain.search import shown_number
from console.domain.words import span_words
from console.ports.switchboard import Act as PhoneAct
from console.services.call_slots import CallSlot
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.number_words import number_words
from ui.desktop.screens.handler.rows import ActButton, SlotRow, Tone
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face
from ui.desktop.words import second_words


def slot(given: HandlerInputs) -> SlotRow:
    """Return the slot of whoever has been on hold longest."""
    first, *others = given.calls.held
    more = f" {len(others)} more on hold." if others else ""
    chip = ChipRow(_state(first, given).upper(), Face.AMBER, rank=Rank.HOUR)
    return SlotRow(_number(first), chip, f"{first.line}. {_how(first, given)}{more}", Tone.LIVE, _buttons(given))


def beside_who_waits(given: HandlerInputs) -> tuple[str, ...]:
    """Return ``07700 900412 on hold 00:30`` for the call bar, where whoever waits has the slot; else nothing."""
    first = next(iter(given.calls.held), None)
    if first is None or not given.calls.waiting:
        return ()
    return (f"{_number(first)} {_state(first, given)}",)


def _number(one: CallSlot) -> str:
    return shown_number(one.rung) if one.rung else number_words(one.call.caller)


def _state(one: CallSlot, given: HandlerInputs) -> str:
    if not one.on_hold:
        # Not every telephone system tells of a hold: what is not known is not said.
        return "on your other line"
    since = one.call.held_since
    return f"on hold {span_words(given.now - since)}" if since is not None else "on hold"


def _how(one: CallSlot, given: HandlerInputs) -> str:
    if given.calls.phones.away:
        heard = f" {second_words(one.call.last_news)}" if one.call.last_news is not None else ""
        return f"As last heard{heard}; take them back on your telephone."
    if not _by_key(given):
        return "Take them back on your telephone."
    return "Their record comes back with them."


def _by_key(given: HandlerInputs) -> bool:
    return given.passing >= {PhoneAct.HOLD, PhoneAct.RESUME}


def _buttons(given: HandlerInputs) -> tuple[ActButton, ...]:
    if given.calls.phones.away or not _by_key(given):
        return ()
    current = given.calls.current
    text = "Take back" if current is None or current.on_hold else "Hold this and take back"
    if given.by_word:
        text = "Talking to them again"
    return (ActButton(Act.ANSWER, ButtonFace(text)),)

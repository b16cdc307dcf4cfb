"""The call bar, or the slot, of a worker whom a colleague asks about a caller: theirs it is not until given over."""

from __future__ import annotations

from console.domain.calls import Direction, Hold, asker
from console.domain.forms.registry import title_of
from console.domain.ids import short_reference
from console.domain.people import Rank
from console.domain.words import clock_words, span_words
from console.domain.work_cards import WorkCard
from console.services.call_slots import CallSlot
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.rows import CallBarRow, SlotRow, Tone
from ui.desktop.widgets.faces import ChipRow, Face
from ui.desktop.words import second_words

ASKED, SPEAKING = "COLLEAGUE RINGS", "COLLEAGUE ASKS"
OUT = "Call out"


def bar(given: HandlerInputs, asks: CallSlot) -> CallBarRow:
    """Return the call bar of somebody without a call of their own: who asks, about which line, since when one waits."""
    since = asks.call.held_since
    clock = span_words(given.now - since) if since is not None else ""
    tone = Tone.OLD if given.calls.phones.away else Tone.LIVE if _speaks(asks) else Tone.ALARM
    who, detail = f"{_who(given, asks)} asks you", _detail(given, asks)
    return CallBarRow(_state(asks), _line(asks), clock, who, detail=detail, tone=tone)


def slot(given: HandlerInputs, asks: CallSlot) -> SlotRow:
    """Return the slot of somebody who has a call of their own on the bar."""
    since = asks.call.held_since
    words = f"{_state(asks)} {span_words(given.now - since)}" if since is not None else _state(asks)
    chip = ChipRow(words, Face.AMBER, rank=Rank.HOUR)
    tone = Tone.LIVE if _speaks(asks) else Tone.ALARM
    detail = f"{_line(asks)}. {_detail(given, asks)}"
    return SlotRow(f"{_who(given, asks)} asks you", chip, detail, tone, said="A colleague rings")


def beside_who_waits(given: HandlerInputs) -> str:
    """Return who asks, for the slot that somebody who waits has; empty where it is said elsewhere or nobody asks."""
    asks = given.calls.asks
    return f" {_who(given, asks)} asks you." if asks is not None and given.own_line is not None else ""


def _detail(given: HandlerInputs, asks: CallSlot) -> str:
    call, phones = asks.call, given.calls.phones
    if phones.away:
        heard = f" {second_words(call.last_news)}" if call.last_news is not None else ""
        return f"As last heard{heard}; the telephones do not answer."
    since = f" since {clock_words(call.held_since)}" if call.held_since is not None else ""
    whose = "Their caller waits" if call.direction is Direction.INBOUND else "Whom they rang waits"
    sure = "" if call.hold is Hold.YES else ", as last heard"
    does = "The caller stays theirs until given over." if _speaks(asks) else "Lift the handset to speak to them."
    return f"{whose}{since}{sure}. {does}{_record(given.asked_about)}"


def _record(card: WorkCard | None) -> str:
    """Return what every list shows of it: the reference, by which the two can speak of it, and the kind."""
    if card is None:
        return ""
    kind = title_of(card.type) if card.type else ""
    return f" Record {short_reference(card.id)}" + (f", {kind[:1].lower()}{kind[1:]}." if kind else ".")


def _who(given: HandlerInputs, asks: CallSlot) -> str:
    extension = asker(asks.call)
    return given.shift.name_at(extension) or (f"Extension {extension}" if extension else "A colleague")


def _line(asks: CallSlot) -> str:
    return asks.line if asks.call.direction is Direction.INBOUND else OUT


def _state(asks: CallSlot) -> str:
    return SPEAKING if _speaks(asks) else ASKED


def _speaks(asks: CallSlot) -> bool:
    return asks.call.asked is not None and asks.call.asked.answered

"""What a screen without a call bar says of calls: who waits and whose that is to answer, and who is on the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.domain.calls import Call, Certainty, Direction, Hold, asker
from console.domain.words import clock_words, span_words
from console.services.call_slots import CallSlot, DeskState, next_to_answer
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.words import second_words


def waiting_words(
    state: DeskState, worker: str, name_of: Callable[[str], str], now: datetime, *, free: bool = True
) -> str:
    """Return ``1 waiting 00:25, Hampshire adults rings here: F9``; empty where nobody waits.

    What is said after the wait is about the call that F9 takes.  ``free``: somebody is, to answer it.  While the
    telephones are away nobody knows how long the caller still waited: it says as of when they did.
    """
    first = next_to_answer(state.waiting, worker)
    if first is None:
        return ""
    many = len(state.waiting)
    return f"{many} waiting{_since(state, now)}, {_whose(first, worker, name_of, many)}" + _nobody(first, free=free)


def asked_words(state: DeskState, name_at: Callable[[str], str], now: datetime) -> str:
    """Return ``Priya Raman asks you: Hampshire adults, caller waits 00:12``; empty where no colleague asks."""
    asks = state.asks
    if asks is None:
        return ""
    by, since = asker(asks.call), asks.call.held_since
    who = name_at(by) or by or "A colleague"
    line = f": {asks.line}" if asks.call.direction is Direction.INBOUND else ""
    if state.phones.away and state.phones.since is not None:
        return f"{who} asks you{line}, as of {clock_words(state.phones.since)}"
    waits = f", caller waits {span_words(now - since)}" if since is not None else ""
    return f"{who} asks you{line}{waits}"


def _since(state: DeskState, now: datetime) -> str:
    since, phones = state.waiting[0].call.waits_since, state.phones
    if phones.away and phones.since is not None:
        return f" as of {clock_words(phones.since)}"
    return f" {span_words(now - since)}" if since is not None else ""


def _whose(first: CallSlot, worker: str, name_of: Callable[[str], str], many: int) -> str:
    line = f" {first.line}" if many > 1 else " it"
    if first.claimed_by == worker:
        return f"you have{line}: lift the handset"
    if first.claimed_by:
        # What nobody has goes before it: where this is the first, somebody has each of them.
        return "colleagues have them" if many > 1 else f"{name_of(first.claimed_by)} has it"
    return f"{first.line} rings here: {key_of(Act.ANSWER)}" if first.alerting else first.line


def _nobody(first: CallSlot, *, free: bool) -> str:
    return "" if free or first.claimed_by or first.alerting else ", nobody free"


def on_line_words(partner: str, call: Call, now: datetime) -> str:
    """Return ``Priya on the line 01:13, the caller on hold``; as of when, where the telephones confirm it no more."""
    held = call.hold is Hold.YES
    if call.answered_at is None:
        return "The caller is on hold" if held else ""
    since = span_words(now - call.answered_at)
    if call.certainty is Certainty.STALE and call.last_news is not None:
        since = f"as of {second_words(call.last_news)}"
    return f"{partner} on the line {since}" + (", the caller on hold" if held else "")

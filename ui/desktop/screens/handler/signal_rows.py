"""The signals with how far each has come, and the partner's last word: what the handler reads at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.capacity import NightRules
from console.domain.receipts import Reached
from console.domain.rota import Duty
from console.domain.search import shown_number
from console.domain.signal_set import Sender, Shown, SignalSpec
from console.domain.signals import Summons, for_seats_now
from console.domain.words import clock_words, span_words
from console.services.receipts import SignalNews
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.rows import ActButton, PartnerRow, SignalsRow, Tone
from ui.desktop.screens.night_words import call_out_words, others_present, shown_to_words
from ui.desktop.shortcuts import Act, act_of, key_of
from ui.desktop.widgets.faces import ButtonFace, Mark

LIT_FOR = timedelta(seconds=60)
"""A signal that is over once it was seen stays lit this long after it was sent."""
BY_HAND_FOR = timedelta(minutes=2)
"""So long a signal that nobody's console has stands in the partner's place, if nothing newer comes from there."""
NOBODY_YET = "nobody has this yet: ring 999"
"""What stands there where nobody is beside this worker, and a second one is asked for already."""
_MARKS = {
    Reached.SEEN: Mark.TICK,
    Reached.ANSWERED: Mark.TICK,
    Reached.DELIVERED: Mark.CLOCK,
    Reached.BY_HAND: Mark.SQUARE,
}


def signals(given: HandlerInputs) -> SignalsRow:
    """Return the signals of the service's set with how far each has come: seen, or to be given by hand."""
    partner = given.partner_name()
    title = f"Signals to {partner}" if partner else "Signals"
    mine = given.signal_set.by(Sender.LEAD, Sender.ANY)
    row = tuple(_button(given, one) for one in mine if one.shown is Shown.ROW)
    apart = next(_button(given, one) for one in mine if one.shown is Shown.APART)
    return SignalsRow(title, "make no sound", row, apart)


def _button(given: HandlerInputs, spec: SignalSpec) -> ActButton:
    act, words = act_of(spec), spec.words
    if given.contact is None:
        return ActButton(act, ButtonFace(words, enabled=False, why="Signals begin with a call or a record."))
    news = next((one for one in reversed(given.signal_news) if one.signal.kind == spec.key), None)
    if news is None or _is_over(news, given.now):
        return ActButton(act, ButtonFace(words))
    why = "" if news.short == news.words else news.words
    mark = _MARKS.get(news.reached, Mark.NONE)
    return ActButton(act, ButtonFace(words, note=news.short, mark=mark, lit=True, why=why))


def _is_over(news: SignalNews, now: datetime) -> bool:
    return not news.signal.standing and bool(news.seen_by) and now - news.signal.at >= LIT_FOR


# --- the partner -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """One thing the partner said: a line, an answer, or a signal.  The record's order holds, not the clocks'."""

    seq: int
    begun: datetime
    at: datetime
    text: str
    by: str
    answers: bool = False
    """It answers a signal of this worker's."""


def partner(given: HandlerInputs) -> PartnerRow:
    """Return the partner's last word, largest on the page; or how the call for a second worker stands."""
    words = _theirs(given)
    by_hand = _by_hand(given, words)
    if by_hand is not None:
        return _signal_by_hand(given, by_hand, words)
    if given.pair:
        return _partner_line(given, words)
    answered = _answered_alone(given, words)
    if answered is not None:
        return answered
    summons = given.signals.open_summons
    if summons is not None:
        asked = f"Asked {span_words(summons.waited(given.now))} ago"
        return PartnerRow("Second worker", "", asked, "", _summons_words(summons, given), Tone.LIVE, quiet=True)
    second = "Nobody asked. F7 asks." if given.contact is not None else "Nobody asked."
    return PartnerRow("Second worker", second=second, quiet=True)


def _summons_words(summons: Summons, given: HandlerInputs) -> str:
    """Return who is asked and, when nobody came for the set time, the one key that calls the manager out."""
    limits = given.board.limits.night if given.board is not None else NightRules()
    if summons.unanswered(given.now, limits.summons):
        manager = given.directory.manager
        who = manager.name if manager is not None else "the on-call manager"
        made = given.night.call_out
        if made is not None and made.rung_at is not None:
            return f"Nobody has come. {call_out_words(made)}."
        return f"Nobody came. {key_of(Act.CALL_OUT)} calls out {who}."
    if summons.wanted:
        return f"{summons.named_by or 'The manager'} asks {summons.wanted_name}; then everybody who is free."
    shown = shown_to_words(given.night, given.worker, given.now)
    if not given.managed():
        return f"{shown} No manager is signed in. {on_call_words(given.directory.manager)}".strip()
    return f"{shown} Manager after {int(limits.summons.total_seconds())} s."


def _theirs(given: HandlerInputs) -> tuple[_Word, ...]:
    """Return what others said to this worker, oldest first."""
    me = given.worker
    lines = (one for one in given.signals.messages if one.author != me and one.to in ("", me))
    words = [_Word(one.seq, one.begun, one.at, one.text, one.author) for one in lines]
    for one in given.signals.signals:
        if for_seats_now(one, given.incident).is_for(me, manager=False):
            words.append(_Word(one.seq, one.at, one.at, one.words, one.by))
        if one.by == me:
            words += [_Word(each.seq, each.at, each.at, each.words, each.by, answers=True) for each in one.answers]
    return tuple(sorted(words, key=lambda word: (word.seq == 0, word.seq)))


def _by_hand(given: HandlerInputs, words: tuple[_Word, ...]) -> SignalNews | None:
    """Return the newest own signal that nobody's console has, unless somebody was heard of since."""
    newest = given.signal_news[-1] if given.signal_news else None
    if newest is None or newest.reached is not Reached.BY_HAND or given.now - newest.signal.at >= BY_HAND_FOR:
        return None
    since = bool(words) and 0 < newest.signal.seq < words[-1].seq
    return None if since else newest


def _signal_by_hand(given: HandlerInputs, news: SignalNews, words: tuple[_Word, ...]) -> PartnerRow:
    name, ago = given.partner_name(), f"{span_words(given.now - news.signal.at)} ago"
    summons = given.signals.open_summons
    asked = news.receipt.alone and summons is not None
    said = NOBODY_YET if asked else news.words
    line = f"{said[:1].upper()}{said[1:]}"
    if asked and summons is not None:
        second_clock, second = "", _summons_words(summons, given)
    elif words:
        second_clock, second = clock_words(words[-1].begun), words[-1].text
    else:
        second_clock, second = "", "" if given.pair else "Nobody is with you. F7 asks for a second worker."
    who = f"{news.signal.words}, to {name}" if name else news.signal.words
    return PartnerRow(who, ago, line, second_clock, second, Tone.ALARM)


def _partner_line(given: HandlerInputs, words: tuple[_Word, ...]) -> PartnerRow:
    others = others_present(given.incident)
    name = f"{given.partner_name()}; {others}" if others else given.partner_name()
    if not words:
        joined_at = given.incident.coordinator.since if given.incident and given.incident.coordinator else None
        since, seen = f"since {clock_words(joined_at)}" if joined_at else "", _only_seen(given, 0)
        return PartnerRow(name, since, "With you", "", seen, tone=Tone.LIVE)
    newest, before = words[-1], words[-2] if len(words) > 1 else None
    theirs, seen = _is_partners(given, newest), _only_seen(given, newest.seq)
    clock, second = (clock_words(before.begun), _said(given, before, newest)) if before and not seen else ("", seen)
    return PartnerRow(
        name if theirs else f"{given.first_name(newest.by)}; with you {name}",
        f"{span_words(given.now - newest.at)} ago",
        newest.text,
        clock,
        second,
        Tone.LIVE,
    )


def _only_seen(given: HandlerInputs, since: int) -> str:
    """Return an own signal after entry ``since`` that others saw than it waits for: on its button there is no room."""
    newest = given.signal_news[-1] if given.signal_news else None
    if newest is None or newest.reached is not Reached.SEEN or newest.receipt.only_seen is None:
        return ""
    return f"{newest.signal.words}: {newest.words}" if newest.signal.seq > since else ""


def _is_partners(given: HandlerInputs, word: _Word) -> bool:
    return given.incident is not None and word.by in given.incident.beside(given.worker)


def _said(given: HandlerInputs, word: _Word, beside: _Word | None = None) -> str:
    """Return what was said; with who said it where that is not the partner, or differs from what stands ``beside``."""
    name = given.first_name(word.by)
    same = _is_partners(given, word) and (beside is None or beside.by == word.by)
    return word.text if same or word.text.startswith(name) else f"{name}: {word.text}"


def _answered_alone(given: HandlerInputs, words: tuple[_Word, ...]) -> PartnerRow | None:
    """Return what was answered to somebody who has nobody beside them; None where nothing was, or who answered left."""
    members = given.incident.members if given.incident is not None else ()
    left = max((one.until for one in members if one.until is not None and one.worker != given.worker), default=None)
    answers = [one for one in words if one.answers and (left is None or one.at >= left)]
    summons = given.signals.open_summons
    if not answers or (summons is not None and summons.asked_at > answers[-1].at):
        return None
    newest, before = answers[-1], answers[-2] if len(answers) > 1 else None
    clock, second = (clock_words(before.at), _said(given, before)) if before is not None else ("", "")
    if before is None and summons is not None:
        second = _summons_words(summons, given)
    ago = f"{span_words(given.now - newest.at)} ago"
    return PartnerRow(given.first_name(newest.by), ago, newest.text, clock, second, Tone.LIVE)


def on_call_words(manager: Duty | None) -> str:
    """Return whom to ring where no manager is signed in; empty where the rota names nobody."""
    if manager is None:
        return ""
    return f"On call: {manager.name}, {shown_number(manager.number)} ({key_of(Act.DIRECTORY)})."

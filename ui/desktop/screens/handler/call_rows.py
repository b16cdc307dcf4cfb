"""The call bar and the slot for the next call."""

from __future__ import annotations

from datetime import timedelta

from console.domain.board import BoardLimits
from console.domain.calls import Hold, Presentation
from console.domain.lines import to_e164
from console.domain.people import Rank
from console.domain.search import shown_number
from console.domain.shifts import WorkerOnShift, WorkerState
from console.domain.signals import Summons
from console.domain.words import clock_words, span_words
from console.ports.switchboard import Act as PhoneAct
from console.services.call_slots import CallSlot, LostCall, RangOff, can_lift, next_to_answer
from ui.desktop.screens.handler import asked_rows, held_rows, passing_rows
from ui.desktop.screens.handler.inputs import GIVING, HandlerInputs
from ui.desktop.screens.handler.number_words import number_words
from ui.desktop.screens.handler.rows import ActButton, CallBarRow, SlotRow, Tone
from ui.desktop.screens.night_words import asked_words, asker_words, is_at_risk
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Mark
from ui.desktop.words import counted, second_words

GIVE_BACK = "Give it back"
"""A call that this worker has is nobody's again, and rings at everybody's desk where the switchboard can let it."""
BY_HAND = f"Answer on the handset; {key_of(Act.NO_CALL)} begins the record."


def button(act: Act, text: str, *, lit: bool = False, filled: bool = False, why: str = "", note: str = "") -> ActButton:
    """Return a button; ``why`` not empty: it cannot be pressed now."""
    return ActButton(act, ButtonFace(text, "", note, Mark.NONE, lit, filled, not why, why))


# --- call bar ------------------------------------------------------------------------------------


def call_bar(given: HandlerInputs) -> CallBarRow:
    """Return the call of this worker, or what this worker is doing without one."""
    own = given.own_line
    if own is None:
        asks = given.calls.asks
        return asked_rows.bar(given, asks) if asks is not None else _no_call(given)
    if own is given.calls.calling:
        return _calling(given, own)
    ringing = given.calls.current is None
    call = own.call
    tone = Tone.OLD if given.calls.phones.away else Tone.ALARM if ringing else Tone.LIVE
    start = call.waits_since if ringing else call.answered_at
    late = ringing and start is not None and given.now - start >= _limits(given).red_wait
    state = "LATE" if late else "RINGING" if ringing else "ON HOLD" if call.hold is Hold.YES else "ON CALL"
    asked = None if ringing else call.asked
    if asked is not None:
        state = passing_rows.state(asked)
    if given.by_word and not ringing:
        # A program told it, or this worker did: nobody here sees the telephone.
        state = f"{state}, AS TOLD"
    known = call.caller.settled and call.caller.presentation in (Presentation.ALLOWED, Presentation.UNKNOWN)
    buttons = _ringing_buttons(given, own) if ringing else _call_buttons(given, own)
    detail = _detail(given, own)
    if asked is not None:
        buttons = passing_rows.buttons(given, asked, _away(given), buttons[1])
        detail = passing_rows.detail(given, asked, call.hold) if not given.calls.phones.away else detail
    clock = span_words(given.now - start) if start else ""
    line, number = ("Call out", shown_number(own.rung)) if own.rung else (own.line, number_words(call.caller))
    return CallBarRow(state, line, clock, number, known, detail, tone, buttons, str(call.id), bool(given.heard_by))


def _calling(given: HandlerInputs, own: CallSlot) -> CallBarRow:
    """Return a call out that nobody has answered yet."""
    away, since, me = _away(given), own.call.offered_at, given.shift.worker(given.worker)
    lifts = me is not None and me.extension in own.call.alerting
    detail = "Your telephone rings: lift the handset." if lifts else "It rings there; nobody has answered yet."
    number = shown_number(own.rung) if own.rung else "Number not told yet"
    ended, why = "It has ended" if given.by_word else "End call", away or given.refusal(PhoneAct.HANG_UP)
    end = button(Act.END, ended, why=why)
    tone = Tone.OLD if away else Tone.LIVE
    clock = span_words(given.now - since) if since else ""
    return CallBarRow("CALLING", "Call out", clock, number, bool(own.rung), detail, tone, (end,))


def _detail(given: HandlerInputs, own: CallSlot) -> str:
    call, held = own.call, held_rows.beside_who_waits(given)
    parts = list(held)
    if call.answered_at and call.offered_at and given.calls.current is not None:
        parts.append(f"{'Rang' if own.rung else 'Waited'} {span_words(call.answered_at - call.offered_at)}")
    line = given.candidates.line if given.candidates else None
    if line is not None and (line.place or line.kind != "unknown"):
        parts.append(line.place or line.kind.capitalize())
    if call.caller.e164:
        ordinal = {1: "First", 2: "Second", 3: "Third"}.get(given.tonight, f"{given.tonight}th")
        parts.append(f"{ordinal} call from this number tonight")
    if call.caller.diverted_from:
        parts.append(f"Diverted from {call.caller.diverted_from}")
    # A program at the desk hands over what it shows its own user.
    if call.caller.presentation is Presentation.UNKNOWN and call.caller.settled and not given.by_word:
        parts.append("The telephone system does not say whether this number may be shown")
    if given.same_line:
        parts.insert(0, f"The line that dropped: {key_of(Act.TAKE)} makes it the same incident")
    parts = [*_who_before(given, own), *parts]
    # There is room for one thing in the small window: that somebody listens, or that all of it is old, is that one.
    parts = [*given.heard_by, *held] if given.heard_by else parts
    if given.calls.phones.away:
        heard = f" {second_words(call.last_news)}" if call.last_news is not None else ""
        parts = [f"As last heard{heard}; the telephones do not answer"]
    elif given.by_word and given.calls.current is None:
        parts.append(f"Answer on your telephone; {key_of(Act.ANSWER)} only says that you did")
    return ". ".join(parts) + "." if parts else ""


def _who_before(given: HandlerInputs, own: CallSlot) -> tuple[str, ...]:
    """Return who has a call that rings here, and who gave it away; nothing of one on the line."""
    if given.calls.current is not None:
        return ()
    has = (_has_it(own, given),) if own.claimed_by else ()
    handed = own.call.handed
    return has if handed is None else (*has, passing_rows.given_by(given, own.call, handed))


def _call_buttons(given: HandlerInputs, own: CallSlot) -> tuple[ActButton, ...]:
    away = _away(given)
    held = own.call.hold is Hold.YES
    hold = "Resume" if held else "Hold"
    if given.by_word:
        hold = "Talking again" if held else "On hold now"
    ended = "It has ended" if given.by_word else "End call"
    return (
        button(Act.HOLD, hold, why=away or given.refusal(PhoneAct.RESUME if held else PhoneAct.HOLD)),
        _second_button(given),
        button(Act.TRANSFER, "Transfer", why=away or given.refusal(*GIVING)),
        button(Act.END, ended, why=away or given.refusal(PhoneAct.HANG_UP)),
    )


def _away(given: HandlerInputs) -> str:
    """Return why no button at the call can be pressed, or nothing."""
    return given.calls.phones.sentence or "The telephones are away." if given.calls.phones.away else ""


def _second_button(given: HandlerInputs) -> ActButton:
    if given.pair:
        why = "Swapping waits until the shared record is back." if given.link.is_away else ""
        if not given.may_swap:
            why = f"{given.partner_name()} can swap the two of you; your role may not (Ctrl+F7 on that screen)."
        return button(Act.SWAP, "Swap roles", why=why)
    summons = given.signals.open_summons
    if summons is not None:
        return button(Act.NEED_SECOND, f"Second asked {span_words(summons.waited(given.now))}", lit=True)
    return button(Act.NEED_SECOND, "Need a second")


def _ringing_buttons(given: HandlerInputs, own: CallSlot) -> tuple[ActButton, ...]:
    taken = next_to_answer(given.calls.waiting, given.worker)
    if taken is not None and taken is not own:
        # The keys take another, and are drawn in the slot beside that one.
        return ()
    words = "Answer" if given.can_answer else "I have it, lift the handset"
    if own.claimed_by and own.claimed_by != given.worker:
        return (button(Act.ANSWER, "Take it"), button(Act.OFFER, "Offer to the team"))
    give = (button(Act.TRANSFER, "Give it to"),) if PhoneAct.REDIRECT in given.passing else ()
    if own.claimed_by and not given.by_word:
        # What is left is to lift the handset, and the row says so.
        return (button(Act.OFFER, GIVE_BACK), *give)
    if given.by_word:
        words = "I have answered"
    return (button(Act.ANSWER, words, filled=True), button(Act.OFFER, "Offer to the team"), *give)


def _no_call(given: HandlerInputs) -> CallBarRow:
    me = given.shift.worker(given.worker)
    if me is not None and me.recovering(given.now):
        return _in_recovery(given, me)
    ready = me is not None and me.state is WorkerState.AVAILABLE
    state = me.state_words.upper() if me is not None and not ready else "READY" if ready else "NOT SIGNED IN"
    where = f"Extension {me.extension}" if me and me.extension else "No telephone"
    since = span_words(given.now - me.since) if me and me.since and not ready else ""
    detail = "Calls ring here." if ready else "Calls do not ring here."
    if ready and given.has_seat:
        # Who said ready is not free while an incident has them, and the room must not read that they are.
        state, detail = "IN AN INCIDENT", "Calls ring here; while your incident stands you do not count as free."
    if ready and given.telephone_refused:
        detail = "Calls may not ring here: the telephone system refused this telephone."
    if given.calls.phones.away:
        detail = _by_hand(given.calls.phones.sentence)
    if not given.calls.phones.away:
        detail = _after_words(given, detail)
    count = len(given.unfinished)
    buttons: tuple[ActButton, ...] = (
        button(Act.READY, "Away" if ready else "Ready"),
        button(Act.NO_CALL, "Start a record"),
        button(Act.UNFINISHED, "Unfinished", note=str(count) if count else ""),
    )
    if given.relief:
        buttons = (*buttons, button(Act.TAKE_FIVE, "Take five"))
    if given.incident is not None and given.incident.live and given.incident.member(given.worker) is not None:
        why = "Standing down waits until the shared record is back." if given.link.is_away else ""
        buttons = (*buttons, button(Act.STAND_DOWN, "Stand down", why=why))
    return CallBarRow(state, where, since, "No call", False, detail, Tone.CALM, buttons)


def _by_hand(sentence: str) -> str:
    """Return what to do while the telephones are away, and then what happened: a narrow window cuts the end."""
    happened = sentence.partition(". ")[0].rstrip(".")
    return " ".join((BY_HAND, f"{happened}." if happened else "")).rstrip()


def _after_words(given: HandlerInputs, detail: str) -> str:
    """Return what became of the calls before, else ``detail``, and whom ringing back rings."""
    gone, lost, key = given.calls.rang_off, given.calls.lost, key_of(Act.RING_BACK)
    rings = f" {key} rings {given.rings_back}." if given.rings_back and given.drop is None else ""
    if lost is not None:
        return f"{_lost_words(lost)}{rings}"
    if gone is None:
        return f"{detail}{rings}"
    if gone.untold:
        return f"The end of a call was not heard: {gone.line}.{rings}"
    # By number, and whose is rung first: the worker may have just ended a call with somebody else.
    who = shown_number(to_e164(gone.number) or gone.number) if gone.number else "A caller without a number"
    if rings and who != given.rings_back:
        return f"{rings.strip()} {who} {_went(gone)}."
    if gone.handed is not None:
        return f"{who} {_went(gone)}" + (f", {key} rings back." if rings else ".")
    waited = f" after {span_words(gone.at - gone.offered_at)}" if gone.offered_at else ""
    return f"{who} {_went(gone)}{waited}" + (f", {key} rings back." if rings else f": {gone.line}.")


def _went(gone: RangOff) -> str:
    if gone.handed is None:
        return "rang off"
    return f"was not answered at {gone.handed.taker}" if gone.handed.taker else "was transferred and not answered"


def _lost_words(lost: LostCall) -> str:
    """Say what is known of a call of which nobody saw the end, and who must write it down."""
    at = second_words(lost.at)
    if not lost.own:
        return f"A caller who waited was gone at {at}, unseen."
    when = f"{second_words(lost.heard_at)} to {at}" if lost.heard_at is not None else f"before {at}"
    return f"Ended unseen, {when}: write down how."


def _in_recovery(given: HandlerInputs, me: WorkerOnShift) -> CallBarRow:
    """Return the bar of somebody in recovery: until when, and the two ways out of it."""
    left = span_words(me.until - given.now) if me.until is not None else ""
    until = f"Until {clock_words(me.until)}, then ready by itself." if me.until is not None else ""
    come = "You can be asked to come as second worker." if me.can_come else "Nothing comes to you meanwhile."
    buttons = (
        button(Act.READY, "Ready"),
        button(Act.TAKE_FIVE, "I can come", lit=me.can_come),
        button(Act.UNFINISHED, "Unfinished", note=str(len(given.unfinished)) if given.unfinished else ""),
    )
    return CallBarRow("TAKE FIVE", "In recovery", left, "No call", False, f"{until} {come}".strip(), Tone.CALM, buttons)


# --- the slot ------------------------------------------------------------------------------------


def slot(given: HandlerInputs) -> SlotRow:
    """Return the row of the next waiting call: number and line, never a name."""
    waiting = [one for one in given.calls.waiting if one is not given.own_line]
    asks = given.calls.asks if given.own_line is not None else None
    if asks is not None and not waiting:
        return asked_rows.slot(given, asks)
    if given.resting():
        return SlotRow("Others take what comes", detail="You are in recovery. Shift+F12 says that you can come.")
    if not waiting and given.calls.held:
        return held_rows.slot(given)
    if not waiting and given.summons:
        return _summons_slot(given.summons[0], given)
    if not waiting and given.calls.parked:
        return passing_rows.parked(given, _limits(given), number_words)
    if not waiting:
        return SlotRow("No calls waiting", detail=_free_words(given))
    # The one that F9 answers: the oldest that rings here, else the oldest.
    first = next_to_answer(waiting, given.worker) or waiting[0]
    since = first.call.waits_since
    wait = given.now - since if since else timedelta()
    limits = _limits(given)
    late = wait >= limits.red_wait
    words = f"{'LATE' if late else 'WAITING'} {span_words(wait)}"
    more = f" {counted(len(waiting) - 1, 'more waits', 'more wait')}." if len(waiting) > 1 else ""
    nobody = " Nobody free; the duty manager sees it."
    if not given.managed():
        nobody = f" Nobody free, and no manager signed in. {_on_call(given)}".rstrip()
    free = "" if given.free() else nobody
    tone = Tone.ALARM if wait >= limits.amber_wait else Tone.LIVE
    here = can_lift(first, given.calls.phones, by_word=given.by_word)
    mine = bool(first.claimed_by) and first.claimed_by == given.worker
    where = "" if here or mine else f" {_rings_elsewhere(first)}"
    if first.claimed_by:
        where += f" {_has_it(first, given)}."
    chip = ChipRow(words, Face.AMBER, rank=Rank.HOUR)
    aside = f" {len(given.calls.held)} on hold." if given.calls.held else ""
    aside += f" {len(given.calls.parked)} parked." if given.calls.parked else ""
    detail = f"{first.line}.{asked_rows.beside_who_waits(given)}{_as_heard(first, given)}{where}{free}{more}{aside}"
    return SlotRow(number_words(first.call.caller), chip, detail, tone, _slot_buttons(first, given, here=here))


def _slot_buttons(first: CallSlot, given: HandlerInputs, *, here: bool) -> tuple[ActButton, ...]:
    if given.rings_anew and next_to_answer(given.calls.waiting, given.worker) is given.own_line:
        # One key, one caller: it takes the one on the call bar, and is drawn there.
        return ()
    if first.claimed_by and first.claimed_by == given.worker:
        return (button(Act.OFFER, GIVE_BACK),)
    current = given.calls.current
    answer = "Hold this and answer" if current is not None and not current.on_hold else "Answer"
    if not given.can_answer:
        answer = "I have it, lift the handset"
    if given.by_word:
        answer = "I have answered this"
    if first.claimed_by:
        answer = "Take it"
    offer = button(Act.OFFER, "Offer to the team")
    return (button(Act.ANSWER, answer), offer) if here else (offer,)


def _as_heard(one: CallSlot, given: HandlerInputs) -> str:
    """Say when a waiting call was last heard of; empty while the telephones answer."""
    if not given.calls.phones.away or one.call.last_news is None:
        return ""
    return f" As last heard {second_words(one.call.last_news)}; the caller may be gone."


def _on_call(given: HandlerInputs) -> str:
    """Say whom the rota names to be rung, where nobody else can be."""
    manager = given.directory.manager
    return f"On call: {manager.name}, {shown_number(manager.number)}." if manager is not None else ""


def _has_it(one: CallSlot, given: HandlerInputs) -> str:
    """Say who has a ringing call, and since when."""
    if one.claimed_by == given.worker:
        here = can_lift(one, given.calls.phones, by_word=given.by_word)
        return "You have it: lift the handset" if here else "You have it, and your telephone does not ring"
    worker = given.shift.worker(one.claimed_by)
    since = f" since {clock_words(one.claimed_at)}" if one.claimed_at is not None else ""
    return f"{worker.name if worker is not None else 'A colleague'} has had it{since}"


def _rings_elsewhere(one: CallSlot) -> str:
    """Say where a call rings that this telephone cannot answer."""
    count = len(one.call.alerting)
    if count:
        return f"Rings at {counted(count, 'other telephone', 'other telephones')}, not at yours."
    return "No telephone rings for it now."


def _limits(given: HandlerInputs) -> BoardLimits:
    return given.board.limits if given.board is not None else BoardLimits()


def _summons_slot(one: Summons, given: HandlerInputs) -> SlotRow:
    signalled = given.signalled.get(one.entry, ())
    asked = f"SECOND ASKED {span_words(one.waited(given.now))}"
    chip = ChipRow(f"AT RISK, {asked}" if is_at_risk(signalled) else asked, Face.AMBER, rank=Rank.HOUR)
    named = one.wanted == given.worker
    others = f"{one.named_by} asks you." if named else asked_words(given.night, one, given.worker, given.now)
    words = f"{one.line}. {others or 'Join as second worker.'}"
    return SlotRow(asker_words(one, signalled), chip, words, Tone.ALARM, (_JOIN,))


_JOIN = ActButton(Act.TAKE, ButtonFace("Join"))


def _free_words(given: HandlerInputs) -> str:
    free = [one for one in given.free() if one.worker != given.worker]
    parts = [f"{counted(len(free), 'colleague', 'colleagues')} free." if free else "No colleague free."]
    longest = given.board.answered.longest_wait if given.board is not None else None
    if longest:
        parts.append(f"Longest wait tonight {span_words(longest)}.")
    return " ".join(parts)

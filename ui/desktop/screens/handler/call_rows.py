"""The call bar, the slot for the next call, and who it may be."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from console.domain.board import BoardLimits
from console.domain.calls import Caller, Hold, Presentation
from console.domain.incidents import IncidentState
from console.domain.people import Address, Candidate, Marker, PersonRecord, Rank, age_on, display_name
from console.domain.search import shown_number
from console.domain.shifts import WorkerState
from console.domain.signals import Summons
from console.domain.words import clock_words, day_words, since_words, span_words
from console.services.call_looks import LookState
from console.services.call_slots import CallSlot
from console.services.opened_record import Reading
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.lists import marker_rows, unread_rows
from ui.desktop.screens.handler.rows import (
    ActButton,
    CallBarRow,
    CandidateCardRow,
    CandidatesRow,
    IdentityRow,
    RiskRow,
    SlotRow,
    Tone,
)
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Mark
from ui.desktop.widgets.rows import Row
from ui.desktop.words import counted

MOST_CARDS = 9


def button(act: Act, text: str, *, lit: bool = False, filled: bool = False, why: str = "", note: str = "") -> ActButton:
    """Return a button; ``why`` not empty: it cannot be pressed now."""
    return ActButton(act, ButtonFace(text, "", note, Mark.NONE, lit, filled, not why, why))


# --- call bar ------------------------------------------------------------------------------------


def call_bar(given: HandlerInputs) -> CallBarRow:
    """Return the call of this worker, or what this worker is doing without one."""
    own = given.own_line
    if own is None:
        return _no_call(given)
    ringing = given.calls.current is None
    call = own.call
    tone = Tone.OLD if given.calls.phones.away else Tone.ALARM if ringing else Tone.LIVE
    start = call.offered_at if ringing else call.answered_at
    late = ringing and start is not None and given.now - start >= _limits(given).red_wait
    state = "LATE" if late else "RINGING" if ringing else "ON HOLD" if call.hold is Hold.YES else "ON CALL"
    known = call.caller.settled and call.caller.presentation in (Presentation.ALLOWED, Presentation.UNKNOWN)
    buttons = _ringing_buttons(given) if ringing else _call_buttons(given, own)
    clock = span_words(given.now - start) if start else ""
    return CallBarRow(state, own.line, clock, number_words(call.caller), known, _detail(given, own), tone, buttons)


def number_words(caller: Caller) -> str:
    """Return the number as drawn; withheld, unavailable and not yet known are states of their own."""
    if not caller.settled:
        return "Number not yet known"
    if caller.presentation is Presentation.WITHHELD:
        return "Number withheld"
    if caller.presentation is Presentation.UNAVAILABLE or not caller.number:
        return "No number sent"
    return shown_number(caller.e164) if caller.e164 else caller.number


def _detail(given: HandlerInputs, own: CallSlot) -> str:
    call = own.call
    parts = []
    if call.answered_at and call.offered_at:
        parts.append(f"Waited {span_words(call.answered_at - call.offered_at)}")
    line = given.candidates.line if given.candidates else None
    if line is not None and (line.place or line.kind != "unknown"):
        parts.append(line.place or line.kind.capitalize())
    if call.caller.e164:
        ordinal = {1: "First", 2: "Second", 3: "Third"}.get(given.tonight, f"{given.tonight}th")
        parts.append(f"{ordinal} call from this number tonight")
    if call.caller.diverted_from:
        parts.append(f"Diverted from {call.caller.diverted_from}")
    if call.caller.presentation is Presentation.UNKNOWN and call.caller.settled:
        parts.append("The telephone system does not say whether this number may be shown")
    if given.calls.phones.away:
        parts.insert(0, "As last heard; the telephones do not answer")
    return ". ".join(parts) + "." if parts else ""


def _call_buttons(given: HandlerInputs, own: CallSlot) -> tuple[ActButton, ...]:
    away = given.calls.phones.sentence or "The telephones are away." if given.calls.phones.away else ""
    hold = "Resume" if own.call.hold is Hold.YES else "Hold"
    return (
        button(Act.HOLD, hold, why=away),
        _second_button(given),
        button(Act.TRANSFER, "Transfer", why=away),
        button(Act.END, "End call", why=away),
    )


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


def _ringing_buttons(given: HandlerInputs) -> tuple[ActButton, ...]:
    words = "Answer" if given.can_answer else "I have it, lift the handset"
    return (button(Act.ANSWER, words, filled=True), button(Act.OFFER, "Offer to the team"))


def _no_call(given: HandlerInputs) -> CallBarRow:
    me = given.shift.worker(given.worker)
    ready = me is not None and me.state is WorkerState.AVAILABLE
    state = me.state_words.upper() if me is not None and not ready else "READY" if ready else "NOT SIGNED IN"
    where = f"Extension {me.extension}" if me and me.extension else "No telephone"
    since = span_words(given.now - me.since) if me and me.since and not ready else ""
    detail = "Calls ring here." if ready else "Calls do not ring here."
    if ready and given.telephone_refused:
        detail = "Calls may not ring here: the telephone system refused this telephone."
    if given.calls.phones.away:
        detail = given.calls.phones.sentence or "Answer on the handset; begin the record by hand."
    if given.calls.rang_off is not None:
        gone = given.calls.rang_off
        waited = f" after {span_words(gone.at - gone.offered_at)}" if gone.offered_at else ""
        detail = f"Caller rang off{waited}: {gone.line}."
    count = len(given.unfinished)
    buttons: tuple[ActButton, ...] = (
        button(Act.READY, "Away" if ready else "Ready"),
        button(Act.NO_CALL, "Start a record"),
        button(Act.UNFINISHED, "Unfinished", note=str(count) if count else ""),
    )
    if given.incident is not None and given.incident.live and given.incident.member(given.worker) is not None:
        buttons = (*buttons, button(Act.STAND_DOWN, "Stand down"))
    return CallBarRow(state, where, since, "No call", False, detail, Tone.CALM, buttons)


# --- the slot ------------------------------------------------------------------------------------


def slot(given: HandlerInputs) -> SlotRow:
    """Return the row of the next waiting call: number and line, never a name."""
    waiting = [one for one in given.calls.waiting if one is not given.own_line]
    summons = [one for one in _asking(given) if one.asked_by != given.worker]
    if not waiting and summons:
        return _summons_slot(summons[0], given.now)
    if not waiting:
        return SlotRow("No calls waiting", detail=_free_words(given))
    # The one that F9 answers: the oldest that rings here, else the oldest.
    first = next((one for one in waiting if one.alerting), waiting[0])
    since = first.call.offered_at
    wait = given.now - since if since else timedelta()
    limits = _limits(given)
    late = wait >= limits.red_wait
    words = f"{'LATE' if late else 'WAITING'} {span_words(wait)}"
    more = f" {counted(len(waiting) - 1, 'more waits', 'more wait')}." if len(waiting) > 1 else ""
    nobody = " Nobody free; the duty manager sees it." if given.managed() else " Nobody free, and no manager signed in."
    free = "" if given.free() else nobody
    tone = Tone.ALARM if wait >= limits.amber_wait else Tone.LIVE
    current = given.calls.current
    answer = "Hold this and answer" if current is not None and not current.on_hold else "Answer"
    if not given.can_answer:
        answer = "I have it, lift the handset"
    here = first.alerting or not given.can_answer
    buttons = (*((button(Act.ANSWER, answer),) if here else ()), button(Act.OFFER, "Offer to the team"))
    where = "" if here else f" {_rings_elsewhere(first)}"
    chip = ChipRow(words, Face.AMBER, rank=Rank.HOUR)
    return SlotRow(number_words(first.call.caller), chip, f"{first.line}.{where}{free}{more}", tone, buttons)


def _rings_elsewhere(one: CallSlot) -> str:
    """Say where a call rings that this telephone cannot answer."""
    count = len(one.call.alerting)
    if count:
        return f"Rings at {counted(count, 'other telephone', 'other telephones')}, not at yours."
    return "No telephone rings for it now."


def _limits(given: HandlerInputs) -> BoardLimits:
    return given.board.limits if given.board is not None else BoardLimits()


def _asking(given: HandlerInputs) -> tuple[Summons, ...]:
    return given.board.pairs.asked if given.board is not None else ()


def _summons_slot(one: Summons, now: datetime) -> SlotRow:
    chip = ChipRow(f"SECOND ASKED {span_words(one.waited(now))}", Face.AMBER, rank=Rank.HOUR)
    return SlotRow(one.asker_name, chip, f"{one.line}. Join as second worker.", Tone.ALARM, (_JOIN,))


_JOIN = ActButton(Act.TAKE, ButtonFace("Join"))


def _free_words(given: HandlerInputs) -> str:
    free = [one for one in given.free() if one.worker != given.worker]
    parts = [f"{counted(len(free), 'colleague', 'colleagues')} free." if free else "No colleague free."]
    longest = given.board.answered.longest_wait if given.board is not None else None
    if longest:
        parts.append(f"Longest wait tonight {span_words(longest)}.")
    return " ".join(parts)


# --- who -----------------------------------------------------------------------------------------


def who(given: HandlerInputs) -> IdentityRow | CandidatesRow:
    """Return the chosen person, or who it may be; the program never chooses."""
    subject = given.contact.subject if given.contact else None
    if given.contact is not None and subject is not None and not given.rings_anew:
        return _identity(given)
    if given.own_line is None and given.contact is None:
        chip = ChipRow("No call", Face.CALM)
        return CandidatesRow(chip, "Nobody on the line.", body="Who it may be appears here when your telephone rings.")
    return _candidates(given)


def _candidates(given: HandlerInputs) -> CandidatesRow:
    looked = given.looked
    buttons = [button(Act.FIND, "Find"), button(Act.NEW_PERSON, "New person")]
    if given.contact is None or given.rings_anew:
        buttons = []
    if looked.state is LookState.NO_NUMBER or (given.own_line is None and looked.state is LookState.NOT_ASKED):
        caller = given.own_line.call.caller if given.own_line else Caller(settled=True)
        title = number_words(caller) if given.own_line else "No call"
        chip = ChipRow(title, Face.NOTICE, Mark.RING)
        body = "Ask for a name and a date of birth, then find (F3)."
        return CandidatesRow(chip, "Nobody can be found by number.", "The note can begin; a person can be added later.",
                             body=body, buttons=tuple(buttons))  # fmt: skip
    chip = ChipRow("Not confirmed", Face.NOTICE, Mark.RING)
    if looked.state is LookState.AWAY:
        return CandidatesRow(chip, "Names cannot be looked up now.", looked.sentence, buttons=tuple(buttons))
    found = looked.candidates
    if found is None:
        return CandidatesRow(chip, "Looking up this number.", "The note can begin.", buttons=tuple(buttons))
    if not found.people:
        return CandidatesRow(chip, "Not known here.", "New person, or find by name.", body="", buttons=tuple(buttons))
    return _cards(given, found.people, found.total, chip, buttons)


def _cards(
    given: HandlerInputs, people: tuple[Candidate, ...], total: int, chip: ChipRow, buttons: list[ActButton]
) -> CandidatesRow:
    shown = people[:MOST_CARDS]
    today = given.today
    cards = tuple(_card(at, one, today) for at, one in enumerate(shown, 1))
    title = f"{counted(total, 'person uses', 'people use')} this number."
    more = f"and {total - len(shown)} more: Find F3" if total > len(shown) else ""
    neither = "Neither of them" if total == 2 else "None of them" if total > 2 else "Somebody else"
    note = "Nobody is chosen; no record is open."
    if given.contact is None or given.rings_anew:
        note = "Answer first; nobody is chosen and no record is open."
    elif buttons:
        buttons.append(button(Act.CONFIRM, "Confirm", why="Choose one first, then ask name and date of birth."))
    return CandidatesRow(chip, title, note, neither if buttons else "", cards, more, buttons=tuple(buttons))


def _card(index: int, one: Candidate, today: date) -> CandidateCardRow:
    if one.restricted:
        reason = "A restricted record: call the duty manager."
        return CandidateCardRow(index, "Restricted record", reason=reason, restricted=True)
    parts = [one.reason.rstrip(".") + "."]
    if one.last_contact is not None:
        parts.append(f"Last contact {day_words(one.last_contact)}.")
    marker = min(one.markers, key=lambda found: (found.out_of_date(today), found.rank.value), default=None)
    if marker is None:
        parts.append("No markers.")
    out = ", out of date." if marker is not None and marker.out_of_date(today) else "."
    return CandidateCardRow(
        index, display_name(one.family, one.given), _born(one.born), _age(one.born, one.deceased_on or today),
        one.gender or "Not known",
        one.reference, " ".join(parts), _marker_words(marker) if marker else "", out if marker else "",
        _address(one.address, today), died=died_words(one.deceased_on),
    )  # fmt: skip


def _born(born: date | None) -> str:
    return day_words(born) if born else "Not known"


def died_words(day: date | None) -> str:
    """Return ``Died 03-Oct-2025``, or nothing."""
    return f"Died {day_words(day)}" if day is not None else ""


def _age(born: date | None, today: date) -> str:
    return f"({age_on(born, today)}y)" if born else ""


def _marker_words(marker: Marker) -> str:
    return (marker.text or marker.kind.replace("_", " ")).rstrip(".")[:60].lower()


def _address(address: Address | None, today: date) -> str:
    if address is None:
        return "No address on record"
    if address.do_not_disclose:
        return "Address not to be disclosed"
    since = f", as at {since_words(address.as_at, today)}" if address.as_at else ""
    return f"Record address {', '.join(address.lines)}{since}"


def _identity(given: HandlerInputs) -> IdentityRow:
    contact = given.contact
    subject = contact.subject if contact else None
    if contact is None or subject is None:
        raise ValueError("an identity needs a subject")
    today, record = given.today, given.record
    died = record.deceased_on if record else _candidate_died(given)
    born = record.born if record else subject.born
    name = record.display_name() if record else subject.name or "Name not known"
    place = given.incident.where if given.incident else None
    address, note = _record_address(record, today)
    return IdentityRow(
        name, _born(born), _age(born, died or today), (record.gender if record else subject.gender) or "Not known",
        (record.reference if record else subject.reference) or "None",
        asked="" if subject.confirmed and "born" in subject.confirmed_by else "Date of birth not asked",
        chip=_confirmed_chip(subject.confirmed_by, subject.confirmed_at),
        confirm=button(Act.CONFIRM, "Change" if subject.confirmed else "Confirm"),
        where=place.text if place else "",
        where_source=f"{place.source_words} {clock_words(place.at)}" if place else "",
        address=address, address_note=note, died=died_words(died),
    )  # fmt: skip


def _candidate_died(given: HandlerInputs) -> date | None:
    """Return what the list of candidates says, while the record of the chosen one is not here (yet)."""
    subject = given.contact.subject if given.contact else None
    people = given.candidates.people if given.candidates else ()
    return next((one.deceased_on for one in people if subject and one.person == subject.person), None)


def _confirmed_chip(by: str, at: datetime | None) -> ChipRow:
    if not by:
        return ChipRow("Not confirmed", Face.NOTICE, Mark.RING)
    words = f"Confirmed by {by.removeprefix('by ')}"
    return ChipRow(f"{words} {clock_words(at)}" if at else words, Face.OK, Mark.TICK)


def _record_address(record: PersonRecord | None, today: date) -> tuple[str, ChipRow | None]:
    address = record.addresses[0] if record and record.addresses else None
    if address is None:
        return "", None
    if address.do_not_disclose:
        return "Address not to be disclosed", None
    words = f"as at {since_words(address.as_at, today)}" if address.as_at else "age not known"
    chip = ChipRow(f"{words}: ask where they are now", Face.OLD)
    return f"Record address {', '.join(address.lines)}", chip


# --- risks ---------------------------------------------------------------------------------------


def risk(given: HandlerInputs) -> RiskRow:
    """Return the risk band: what is at risk now, and the markers by rank, old ones grey."""
    today = given.today
    if given.rings_anew:
        # The record below is another caller's: its risks must not stand under the number that rings.
        return RiskRow(None, "", (), "", now=False)
    subject = given.contact.subject if given.contact else None
    markers = _markers(given) if subject is not None else ()
    current = [one for one in markers if not one.out_of_date(today)]
    incident = given.incident
    now = incident is not None and incident.live and incident.risk is Rank.NOW
    now = now or (given.contact is not None and given.contact.value("priority") == Rank.NOW.value)
    banner = ChipRow("LIFE AT RISK NOW", Face.RANK, rank=Rank.NOW) if now else None
    if banner is None and current:
        banner = ChipRow(_marker_words(current[0]).upper(), Face.RANK, rank=current[0].rank)
    chips = tuple(_marker_chip(one, today) for one in markers)
    text = _risk_words(incident) if incident and now else "" if chips or now or not subject else _no_markers(given)
    count = counted(len(markers), "marker", "markers") if markers else ""
    detail = (*(_marker_detail(one, today) for one in markers), *unread_rows(given.reading))
    return RiskRow(banner, text, chips, count, now, detail)


def _no_markers(given: HandlerInputs) -> str:
    """Return what stands where the markers would: "none" only of a record that was read."""
    if given.record is not None:
        return "No markers known"
    return "Markers not read" if given.reading is Reading.REFUSED else "Markers not read yet"


def _risk_words(incident: IncidentState) -> str:
    """Return what the risk is: as somebody said it, else what was taken, with its source and time."""
    if incident.risk_words:
        return incident.risk_words
    taken = incident.fact("taken") or incident.fact("happening")
    return f"{taken.text}, {taken.source} {clock_words(taken.at)}" if taken is not None else ""


def _markers(given: HandlerInputs) -> tuple[Marker, ...]:
    if given.record is not None:
        found = given.record.markers
    else:
        subject = given.contact.subject if given.contact else None
        people = given.candidates.people if given.candidates else ()
        found = next((one.markers for one in people if subject and one.person == subject.person), ())
    today = given.today
    return tuple(sorted(found, key=lambda one: (one.out_of_date(today), one.rank.value, one.set_on)))


def _marker_chip(one: Marker, today: date) -> ChipRow:
    words = (one.text or one.kind.replace("_", " ")).rstrip(".")
    words = f"{words[:1].upper()}{words[1:]}, set {day_words(one.set_on)}"
    if one.out_of_date(today):
        return ChipRow(f"{words}: out of date since {day_words(one.review_on)}", Face.OLD)
    return ChipRow(words, Face.CALM, rank=one.rank)


def _marker_detail(one: Marker, today: date) -> Row:
    old = one.out_of_date(today)
    title = one.kind.replace("_", " ")
    review = f"out of date since {day_words(one.review_on)}" if old else f"review {day_words(one.review_on)}"
    sources = f"Set {day_words(one.set_on)} by {one.set_by}, authorised by {one.authorised_by}. Source: {one.source}."
    return marker_rows(str(one.id), one.rank, title[:1].upper() + title[1:], one.text, sources, review, old=old)

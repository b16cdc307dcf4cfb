"""From the pair's read models to the coordinator's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from console.domain.board import WorkCard
from console.domain.calendar import local
from console.domain.calls import Call, Hold
from console.domain.contacts import ContactState
from console.domain.forms.registry import title_of
from console.domain.help_ages import Thresholds, ages
from console.domain.help_kinds import HELP_LABELS
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.night import NightState
from console.domain.notes import NoteLine
from console.domain.people import PersonRecord, age_on
from console.domain.proposals import Proposal
from console.domain.quick_replies import quick_replies
from console.domain.receipts import Reached, Receipt
from console.domain.risk_said import only_asked, risk_now
from console.domain.shifts import ShiftState
from console.domain.signal_set import SHIPPED, SignalSet
from console.domain.signals import Signal, SignalsState, Summons, answer_lines
from console.domain.words import clock_words, day_words, span_words
from console.services.directory import DirectoryState
from console.services.opened_record import Reading
from console.services.plans import PlanShown
from console.services.receipts import SignalNews
from ui.desktop.call_words import on_line_words
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.directory_rows import directory_rows
from ui.desktop.screens.coordinator.help_rows import HelpAround, help_row_of, in_need
from ui.desktop.screens.coordinator.known_facts import proposed, taken_back_words, to_settle
from ui.desktop.screens.coordinator.line_rows import Both, line_rows
from ui.desktop.screens.coordinator.record_facts import plan_facts, record_facts
from ui.desktop.screens.coordinator.relay import RelayShown, reading_words, relay_rows
from ui.desktop.screens.coordinator.rows import (
    HEAD_ACTS,
    CoordinatorRows,
    FactRow,
    HeadRow,
    HelpRow,
    LineRow,
    ReadNoteRow,
    ReplyFace,
    SignalRow,
    WorkRow,
)
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.screens.known_rows import DropNow, drop_row, hook_rows
from ui.desktop.screens.night_words import asked_words, asker_words, others_present
from ui.desktop.screens.plan_rows import plan_row
from ui.desktop.shortcuts import REPLIES, Act, key_of
from ui.desktop.widgets.faces import StatusRow
from ui.desktop.words import second_words

FRESH = timedelta(seconds=6)
"""A line of the note this young is drawn as new."""
REPLY = "reply "
"""Begins the act of a quick reply; its words follow: what stood on the button is what is sent."""
TYPING = timedelta(seconds=4)
"""After a text this young the partner is said to be typing."""
UNREAD = "Who is in this incident, and what they wrote, cannot be read here yet."
UNREAD_AWAY = "Who is with you, and what they wrote, cannot be read until the shared record is back."


@dataclass(frozen=True, slots=True)
class CoordinatorInputs:
    """Everything the screen folds.  ``incident`` None: no pair, only the desk."""

    worker: str
    status: StatusRow
    shift: ShiftState
    incident: IncidentState | None = None
    contact: ContactState | None = None
    signals: SignalsState = field(default_factory=SignalsState)
    helps: tuple[HelpRequest, ...] = ()
    other_helps: tuple[HelpRequest, ...] = ()
    call: Call | None = None
    record: PersonRecord | None = None
    reading: Reading = Reading.NOBODY
    line: str = ""
    relay: RelayShown = field(default_factory=RelayShown)
    directory: DirectoryState = field(default_factory=DirectoryState)
    people: DirectoryList = field(default_factory=lambda: DirectoryList(""))
    place_of: Callable[[str], str] = str
    """The name of an authority, by key."""
    work: tuple[WorkCard, ...] = ()
    own_work: frozenset[UUID] = frozenset()
    """Of those the incidents, and their contacts, in which this worker is too."""
    name_of: Callable[[str], str] = str
    """The name of a worker who is not on shift now, by key."""
    summons: tuple[Summons, ...] = ()
    receipt_of: Callable[[NoteLine], Receipt] | None = None
    """How far an own line has come."""
    own_signals: tuple[SignalNews, ...] = ()
    answer_of: Callable[[Signal], Receipt | None] | None = None
    """How far an own answer has come."""
    signal_set: SignalSet = SHIPPED
    by_handset: frozenset[str] = frozenset()
    proposals: tuple[Proposal, ...] = ()
    plan: PlanShown | None = None
    drop: DropNow | None = None
    away: str = ""
    forms: tuple[FormRow, ...] = ()
    notice: str = ""
    limits: Thresholds = field(default_factory=Thresholds)
    """When a request that stands still is somebody's business."""
    night: NightState = field(default_factory=NightState)
    script: str = ""
    """What a caller is told who waits while nobody is free."""
    signalled: Mapping[UUID, tuple[Signal, ...]] = field(default_factory=dict)
    """What the asker of each call for a second worker has signalled and nobody answered, by entry."""


def coordinator_rows(given: CoordinatorInputs, now: datetime) -> CoordinatorRows:
    """Return what the coordinator's screen shows at ``now``."""
    work = _work(given, now)
    unowned = sum(1 for row in work if not row.owner)
    return CoordinatorRows(
        status=given.status,
        head=_head(given, now),
        note_title=_note_title(given),
        note=_note(given, now),
        typing=_typing(given, now),
        facts=_facts(given, now),
        requests=_requests(given, now),
        signals=tuple(_signal(one, given, now) for one in reversed(_from_partner(given))),
        signals_words=_signals_words(given),
        lines=_said(given, now),
        relay=relay_rows(given.relay),
        relay_form=given.relay.form,
        relay_to=reading_words(given.relay),
        relay_others=given.relay.others,
        missing=len(given.relay.card.missing) if given.relay.card is not None else 0,
        directory=tuple(directory_rows(given.directory, given.place_of, now)),
        people=given.people,
        work=work,
        work_words=f"{unowned} without an owner" if unowned else "",
        rest=_rest(given, now),
        script=given.script if given.night.guard.nobody_for_next else "",
        summons=tuple(_summons(one, given, now) for one in given.summons),
        away=given.away,
        forms=given.forms,
        notice=given.notice,
        incident=str(given.incident.id) if given.incident else "",
        by_handset=given.by_handset,
        hooks=hook_rows(given.incident.hooks, now) if given.incident else (),
        plan=plan_row(given.plan, partial(_first_name_of, given)),
        drop=drop_row(given.drop, given.incident, now, partial(_first_name_of, given)),
    )


def _rest(given: CoordinatorInputs, now: datetime) -> str:
    """Return how long somebody's recovery lasts, and the ways out of it; empty for everybody else."""
    me = given.shift.worker(given.worker)
    if me is None or not me.recovering(now):
        return ""
    until = f" until {clock_words(me.until)}" if me.until is not None else ""
    come = "You can be asked to come." if me.can_come else f"Nothing comes to you; {key_of(Act.TAKE_FIVE)}: I can come."
    return f"You are in recovery{until}. {come} {key_of(Act.READY)}: ready."


def _first_name(name: str) -> str:
    return name.split(" ", 1)[0] if name else ""


def _partner(given: CoordinatorInputs) -> str:
    """Return the first name of the worker on the line, or of whoever else is known to be there; empty for nobody."""
    incident = given.incident
    if incident is None or incident.guessed:
        return ""
    lead = incident.lead
    if lead is not None and lead.worker != given.worker:
        return _first_name(lead.name)
    others = [member for member in incident.present if member.worker != given.worker]
    return _first_name(others[0].name) if others else ""


def _note_title(given: CoordinatorInputs) -> str:
    partner = _partner(given)
    return f"{partner}'s note" if partner else "The note" if given.incident else ""


def _head(given: CoordinatorInputs, now: datetime) -> HeadRow | None:
    incident = given.incident
    if incident is None:
        return None
    is_now = risk_now(incident, given.contact, given.plan.limits if given.plan is not None else None)
    risk = incident.risk_words.upper() or "LIFE AT RISK NOW" if is_now else ""
    # Once somebody came, the line below says with whom since when.
    asked = not risk and only_asked(incident, given.contact) and given.signals.open_summons is not None
    name, age = _who(given, now)
    kind = title_of(given.contact.type).lower() if given.contact and given.contact.type else ""
    words = ", ".join(part for part in (age, kind, given.line) if part)
    own = given.contact is not None and given.contact.owner == given.worker
    below, partner = _since(given, now), _partner(given)
    acts, is_known = _head_acts(given), not incident.guessed
    said = f" {words}" if age else f", {words}" if words else ""
    return HeadRow(risk, name, said, below, partner, acts=acts, own=own, is_known=is_known, asked=asked)


def _head_acts(given: CoordinatorInputs) -> frozenset[Act]:
    """Return what can be done: nothing for two where there is one, and no listening without a call."""
    refused: set[Act] = set()
    if not _partner(given):
        refused |= {Act.LISTEN, Act.SWAP}
        # Whoever came in unread may go again.
        refused |= set() if given.incident and given.incident.guessed else {Act.HAND_BACK}
    if given.call is None or not given.call.live:
        refused.add(Act.LISTEN)
    return HEAD_ACTS - refused


def _who(given: CoordinatorInputs, now: datetime) -> tuple[str, str]:
    subject = given.contact.subject if given.contact else None
    if given.record is not None:
        born, died = given.record.born, given.record.deceased_on
        age = f"({age_on(born, died or local(now).date())}y)" if born else ""
        return given.record.display_name(), f"{age} died {day_words(died)}".strip() if died else age
    if subject is not None and subject.name:
        age = f"({age_on(subject.born, local(now).date())}y)" if subject.born else ""
        return subject.name, age
    return "Caller not known", ""


def _since(given: CoordinatorInputs, now: datetime) -> str:
    incident, call, partner = given.incident, given.call, _partner(given)
    if incident is not None and incident.guessed:
        return UNREAD_AWAY if given.away else UNREAD
    mine = incident.member(given.worker) if incident else None
    with_you = f"with you since {second_words(mine.since)}" if mine else ""
    if call is None or not call.live:
        ended = f"The call ended {second_words(call.ended_at)}" if call and call.ended_at else "No call now"
        alone = "" if partner else "Nobody is with you. "
        return f"{alone}{ended}; the incident stands until it is stood down."
    if not partner:
        return "Nobody is with you. The call is still under way."
    on_line = on_line_words(partner, call, now)
    said = ", ".join(part for part in (on_line, with_you) if part)
    others = others_present(incident)
    if others:
        return f"{on_line or with_you}. Also {others}."
    if _hears(given, call):
        return f"{said}. You hear the call."
    # With the caller on hold nobody could be listened to, and the narrow window has no room for it.
    return f"{said}." if call.hold is Hold.YES else f"{said}. Reading, not listening in."


def _hears(given: CoordinatorInputs, call: Call) -> bool:
    me = given.shift.worker(given.worker)
    return me is not None and any(one.extension == me.extension for one in call.supervisors)


def _note(given: CoordinatorInputs, now: datetime) -> tuple[ReadNoteRow, ...]:
    if given.contact is None:
        return ()
    lines = given.contact.notes
    newest = max((line.at for line in lines), default=None)
    rows = []
    for line in lines:
        fresh = "just now" if line.at == newest and now - line.at <= FRESH else ""
        author = "" if line.author == given.contact.owner else _first_name(_name_of(given, line.author))
        rows.append(ReadNoteRow(str(line.line), clock_words(line.begun), line.text, fresh, author))
    return tuple(rows)


def _typing(given: CoordinatorInputs, now: datetime) -> str:
    if given.contact is None or not given.contact.notes or not _partner(given):
        return ""
    newest = max(line.at for line in given.contact.notes)
    return f"{_partner(given)} is typing" if now - newest <= TYPING else ""


def _facts(given: CoordinatorInputs, now: datetime) -> tuple[FactRow, ...]:
    incident = given.incident
    if incident is None:
        return ()
    name_of = partial(_first_name_of, given)
    rows = [_where(incident, now, name_of), *to_settle(incident, name_of), *proposed(given.proposals, name_of)]
    # What two people differ in stands above, with both values.
    for fact in (one for one in incident.facts if not one.clash):
        rows.append(FactRow(fact.key, fact.label, fact.text, fact.source, span_words(now - fact.at)))
    for hazard in incident.hazards:
        key = f"hazard {hazard.entry}"
        rows.append(FactRow(key, "Hazard", hazard.text, hazard.source, span_words(now - hazard.at)))
    rows.extend(record_facts(given.record, given.reading, local(now).date()))
    rows.extend(plan_facts(given.plan, local(now).date()))
    return tuple(rows)


def _where(incident: IncidentState, now: datetime, name_of: Callable[[str], str]) -> FactRow:
    place = incident.where
    if place is None:
        below = taken_back_words(incident, name_of) or "No place has been stated yet."
        return FactRow("where", "Where now", "Not known. Ask.", "", "", lead=True, below=below)
    if len(incident.where_stands) > 1:
        return FactRow("where", "Where now", "Two places stand", "", "", lead=True, below="Ask, and let one hold.")
    below = f"{place.source_words[:1].upper()}{place.source_words[1:]} {second_words(place.at)}."
    return FactRow(
        "where", "Where now", place.text, place.source_words, span_words(now - place.at), lead=True, below=below
    )


def _first_name_of(given: CoordinatorInputs, worker: str) -> str:
    return "you" if worker == given.worker else _first_name(_name_of(given, worker))


def _requests(given: CoordinatorInputs, now: datetime) -> tuple[HelpRow, ...]:
    about = HelpAround(given.worker, given.incident, given.limits, lambda worker: _first_name(_name_of(given, worker)))
    return tuple(help_row_of(one, about, now) for one in in_need(given.helps))


def _name_of(given: CoordinatorInputs, worker: str) -> str:
    known = given.shift.worker(worker)
    if known is not None:
        return known.name
    members = given.incident.members if given.incident else ()
    return next((member.name for member in members if member.worker == worker), given.name_of(worker))


def _from_partner(given: CoordinatorInputs) -> tuple[Signal, ...]:
    return tuple(one for one in given.signals.signals if one.by != given.worker)


def _signal(one: Signal, given: CoordinatorInputs, now: datetime) -> SignalRow:
    receipt = given.answer_of(one) if given.answer_of is not None else None
    # An answer that was seen needs no more words.
    open_ = receipt is not None and receipt.reached(now) is not Reached.SEEN
    answer, *before = answer_lines(one, partial(_first_name_of, given)) or ("",)
    return SignalRow(
        str(one.entry),
        second_words(one.at),
        one.words,
        answer,
        done=not one.waits,
        before="; ".join(before),
        replies=_replies(one, given, now) if one.waits else (),
        state=receipt.words(now) if receipt is not None and open_ else "",
        trouble=receipt is not None and receipt.is_late(now),
    )


def _replies(one: Signal, given: CoordinatorInputs, now: datetime) -> tuple[ReplyFace, ...]:
    offered = quick_replies(given.signal_set, one.kind, given.helps, now)
    return tuple(
        ReplyFace(f"{REPLY}{reply.words}", reply.words, key_of(act))
        for act, reply in zip(REPLIES, offered, strict=False)
    )


def _signals_words(given: CoordinatorInputs) -> str:
    waiting = sum(1 for one in _from_partner(given) if one.waits)
    if waiting:
        return f"{waiting} to answer: Enter"
    if not _partner(given):
        return "nobody is with you"
    return "all in hand" if _from_partner(given) else "none yet"


def _said(given: CoordinatorInputs, now: datetime) -> tuple[LineRow, ...]:
    both = Both(given.worker, given.own_signals, partial(_first_name_of, given), given.receipt_of)
    return line_rows(given.signals.messages, both, now)


def _work(given: CoordinatorInputs, now: datetime) -> tuple[WorkRow, ...]:
    rows = [
        WorkRow(
            f"help {one.id}", one.rank, f"{HELP_LABELS[one.kind]}: {one.words_of_state.lower()}",
            one.owner_name, span_words(ages(one, now, given.limits).since),
        )
        for one in given.other_helps
        if one.open
    ]  # fmt: skip
    for card in given.work:
        opened = f"open {span_words(now - card.opened_at)}" if card.opened_at else ""
        words = ", ".join(part for part in (title_of(card.type) or "Record", card.line) if part)
        own = card.id in given.own_work
        state = "you are in it" if own else opened
        rows.append(WorkRow(f"{card.kind} {card.id}", card.rank, words, _name_of(given, card.owner), state, own=own))
    return tuple(sorted(rows, key=lambda row: (not row.own, row.rank.value, bool(row.owner))))


def _summons(one: Summons, given: CoordinatorInputs, now: datetime) -> WorkRow:
    named = f"{one.named_by} asks you." if one.wanted == given.worker else ""
    load = named or asked_words(given.night, one, given.worker, now)
    asker = asker_words(one, given.signalled.get(one.entry, ()))
    words = ", ".join(part for part in (asker, one.line) if part)
    nobody = f"Asked {span_words(one.waited(now))} ago"
    return WorkRow(str(one.entry), one.rank, words, "", f"asked {span_words(one.waited(now))}", nobody, load)

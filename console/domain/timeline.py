"""The shared timeline of an incident: notes, places, facts, signals and requests in time order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.contacts import ContactState
from console.domain.drops import RING_WORDS
from console.domain.help_kinds import STATE_WORDS
from console.domain.help_requests import HelpRequest
from console.domain.help_told import told_words
from console.domain.hooks import END_WORDS, HOOK_WORDS
from console.domain.incidents import IncidentState
from console.domain.notes import NoteLine
from console.domain.plans import RISK_NOW_WORDS
from console.domain.record import StreamKind, StreamRef
from console.domain.seat_words import SEAT_WORDS
from console.domain.signal_set import SignalKind, words_of
from console.domain.signals import SignalsState


class TimelineKind(StrEnum):
    """domain.md 8.2, TimelineEntry."""

    SAID = "said"
    OBSERVED = "observed"
    ACTION = "action"
    SIGNAL = "signal"
    DECISION = "decision"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line; ``entry`` tells how far it has come (kept, shared, seen).

    ``place`` orders lines of one moment, lowest first: a call rings before it is answered.
    """

    at: datetime
    by: str
    kind: TimelineKind
    text: str
    entry: UUID
    stream: StreamRef | None = None
    seq: int = 0
    place: int = 0


def timeline(
    incident: IncidentState | None,
    contacts: Iterable[ContactState] = (),
    signals: SignalsState | None = None,
    helps: Iterable[HelpRequest] = (),
) -> tuple[TimelineLine, ...]:
    """Return everything that happened, oldest first."""
    lines: list[TimelineLine] = []
    for contact in contacts:
        lines += _contact_lines(contact)
    if incident is not None:
        lines += _incident_lines(incident)
    if signals is not None:
        lines += _signal_lines(signals)
    for request in helps:
        lines += _help_lines(request, incident)
    return in_order(lines)


def in_order(lines: Iterable[TimelineLine]) -> tuple[TimelineLine, ...]:
    """Return lines by their time; of the same moment always in the same order."""
    return tuple(sorted(lines, key=lambda line: (line.at, line.place, str(line.entry))))


def _note(note: NoteLine) -> TimelineLine:
    return TimelineLine(note.begun, note.author, TimelineKind.SAID, note.text, note.entry, note.stream, note.seq)


def _contact_lines(contact: ContactState) -> Iterator[TimelineLine]:
    yield from map(_note, contact.notes)
    for made in contact.decisions:
        yield TimelineLine(made.at, made.by, TimelineKind.DECISION, f"{made.decision}: {made.rationale}", made.entry)
    stream = StreamRef(StreamKind.CONTACT, contact.id)
    for asked in contact.asked:
        words = f"Risk now, before a plan's limits: {RISK_NOW_WORDS[asked.answer].lower()}"
        yield TimelineLine(asked.at, asked.by, TimelineKind.SAID, words, asked.entry, stream, asked.seq)


def _known_lines(incident: IncidentState, stream: StreamRef) -> Iterator[TimelineLine]:
    """Yield what was known when, and what was taken back."""
    for place in incident.places:
        words = f"Where: {place.text} ({place.source_words})"
        yield TimelineLine(place.at, place.by, TimelineKind.OBSERVED, words, place.entry, stream, place.seq)
        if place.ended is not None and place.ended_at is not None:
            words = f"Not there: {place.text}" + (f". {place.why[:1].upper()}{place.why[1:]}" if place.why else "")
            yield TimelineLine(place.ended_at, place.ended_by, TimelineKind.OBSERVED, words, place.ended, stream)
    for fact in incident.facts:
        for head in fact.register.heads:
            words = f"{fact.label}: {head.value}"
            yield TimelineLine(head.at, head.author, TimelineKind.OBSERVED, words, head.entry, stream, head.seq)
    for fact in incident.withdrawn:
        words = f"{fact.label}: no longer so ({fact.text})" if fact.text else f"{fact.label}: emptied"
        yield TimelineLine(fact.at, fact.by, TimelineKind.OBSERVED, words, fact.register.head, stream)
    for hazard in incident.hazards_said:
        yield TimelineLine(hazard.at, hazard.by, TimelineKind.OBSERVED, f"Hazard: {hazard.text}", hazard.entry, stream)
        if hazard.ended is not None and hazard.ended_at is not None:
            words = f"Hazard no longer so: {hazard.text}"
            yield TimelineLine(hazard.ended_at, hazard.ended_by, TimelineKind.OBSERVED, words, hazard.ended, stream)


def _incident_lines(incident: IncidentState) -> Iterator[TimelineLine]:
    yield from map(_note, incident.notes)
    stream = StreamRef(StreamKind.INCIDENT, incident.id)
    yield from _known_lines(incident, stream)
    for one in incident.said:
        if one.text:
            words = f"Read out from the relay card: {one.text}"
            yield TimelineLine(one.at, one.by, TimelineKind.ACTION, words, one.entry, stream, one.seq)
    for hook in incident.hooks:
        words = f"{HOOK_WORDS[hook.sort]}: {hook.text}" + (f". {END_WORDS[hook.done]}" if hook.done else "")
        yield TimelineLine(hook.at, hook.by, TimelineKind.OBSERVED, words, hook.heads[-1], stream, hook.seq)
    for tried in incident.ring_backs:
        words = f"Ring back: {RING_WORDS[tried.outcome]}. {tried.words}".rstrip(". ")
        yield TimelineLine(tried.at, tried.by, TimelineKind.ACTION, words, tried.entry, stream, tried.seq)
    for member in incident.members:
        words = f"{member.name}: {SEAT_WORDS[member.role]}"
        yield TimelineLine(member.since, member.worker, TimelineKind.SYSTEM, words, member.head, stream)


def _signal_lines(signals: SignalsState) -> Iterator[TimelineLine]:
    yield from map(_note, signals.messages)
    for signal in signals.signals:
        stream = signal.stream
        yield TimelineLine(signal.at, signal.by, TimelineKind.SIGNAL, signal.words, signal.entry, stream, signal.seq)
        for one in signal.answers:
            words = f"{signal.words}: {one.words}"
            yield TimelineLine(one.at, one.by, TimelineKind.SIGNAL, words, one.entry, stream, one.seq)
    for summons in signals.summons:
        words = words_of(SignalKind.NEED_A_SECOND) + (f": {summons.accepter_name} came" if summons.accepted_by else "")
        yield TimelineLine(summons.asked_at, summons.asked_by, TimelineKind.SIGNAL, words, summons.entry)


def _help_lines(request: HelpRequest, incident: IncidentState | None) -> Iterator[TimelineLine]:
    told = {one.entry: told_words(one, incident) for one in request.passed}
    stream = StreamRef(StreamKind.HELP, request.id)
    if request.drafted_at is not None:
        words = f"{request.label}: drafted. {request.words}".rstrip()
        yield TimelineLine(request.drafted_at, request.drafted_by, TimelineKind.ACTION, words, request.id, stream)
    for news in request.news:
        state = STATE_WORDS[news.state].lower() if news.state is not None else "news"
        said = told.get(news.entry, news.text)
        extra = ". ".join(part for part in (news.reference, news.grade, news.name, said) if part)
        words = f"{request.label}: {state}. {extra}".rstrip(". ") + (f". {news.refused}" if news.refused else "")
        yield TimelineLine(news.at, news.by, TimelineKind.ACTION, words, news.entry, stream)

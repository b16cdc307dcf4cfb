"""The forms of the pair's work, for handler and coordinator alike: ask for help, log news, a fact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from console.domain.help_kinds import (
    EMERGENCY,
    HELP_LABELS,
    MOVES,
    POLICE,
    RCRP_WORDS,
    STATE_WORDS,
    HelpKind,
    HelpState,
    RcrpGround,
)
from console.domain.help_requests import HelpRequest
from console.domain.incidents import FACT_LABELS, IncidentState
from console.domain.locations import LOCATION_SOURCE_WORDS, LocationSource
from console.domain.people import Rank
from console.domain.recovery import OFFERED_TO
from console.domain.words import weekday_clock
from console.services.drafts import PanelWords
from console.services.help_ledger import Draft, HelpLedger, News
from console.services.incident_record import IncidentRecord
from ui.desktop.forms.rows import SEEN, FieldRow, FormRow, Kind, SectionRow
from ui.desktop.widgets.faces import Choice

WHERE, HAZARD = "where", "hazard"
_RANKS = (
    Choice(Rank.NOW.value, "Now", Rank.NOW),
    Choice(Rank.HOUR.value, "Within the hour", Rank.HOUR),
    Choice(Rank.SHIFT.value, "This shift", Rank.SHIFT),
)
FACT_SOURCES: Mapping[str, str] = {
    "caller_stated": "caller stated",
    "handler_heard": "heard on the line",
    "third_party": "told by somebody else",
    "case_record": "case record",
    "inferred": "inferred",
}


def ask_help_form(error: str = "") -> FormRow:
    """Return the form that drafts a request; nothing is sent by it."""
    fields = (
        FieldRow("kind", "What help", Kind.CHOICE, choices=tuple(Choice(k.value, HELP_LABELS[k]) for k in HelpKind)),
        FieldRow("words", "In a few words", Kind.LONG, help="What happened, to whom, what is needed."),
        FieldRow("rank", "How urgent, if not as usual for it", Kind.CHOICE, choices=_RANKS),
        FieldRow("agency", "Agency, if another than usual"),
        FieldRow(
            "ground", "Police: on what ground", Kind.CHOICE,
            choices=tuple(Choice(g.value, RCRP_WORDS[g]) for g in RcrpGround),
            why="Without a ground the police may decline (Right Care Right Person).",
        ),
        FieldRow("nobody", "Leave it for somebody to take", Kind.TICK),
    )  # fmt: skip
    intro = "This drafts the request. Nightdesk rings nobody: tell them, then press Send now."
    return FormRow("ask_help", "Ask for help", (SectionRow("", fields),), intro, "Draft request", error)


def draft_from(values: Mapping[str, str], *, incident: UUID | None, contact: UUID | None, line: str) -> Draft | str:
    """Return the request a filled form asks for, or the sentence that says what is missing."""
    if not values.get("kind"):
        return "Choose what help is wanted; nothing was drafted yet."
    kind = HelpKind(values["kind"])
    ground = RcrpGround(values["ground"]) if kind in POLICE and values.get("ground") else None
    return Draft(
        kind, values.get("words", ""), Rank(values.get("rank") or usual_rank(kind).value), incident, contact,
        values.get("agency", ""), line, ground, nobody=values.get("nobody") == "yes",
    )  # fmt: skip


def usual_rank(kind: HelpKind) -> Rank:
    """Return how urgent this kind of help usually is: emergency services now, all else within the hour."""
    return Rank.NOW if kind in EMERGENCY else Rank.HOUR


def log_news_form(requests: Iterable[HelpRequest], chosen: str, error: str = "") -> FormRow:
    """Return the form for news of a request; ``chosen`` is the request's id."""
    listed = tuple(requests)
    one = next((request for request in listed if str(request.id) == chosen), None)
    states = tuple(state for state in HelpState if one is None or state in MOVES[one.state])
    fields = [
        FieldRow(
            "request", "Which request", Kind.CHOICE, chosen,
            tuple(Choice(str(request.id), f"{request.label}: {request.words_of_state}") for request in listed),
        ),
        FieldRow(
            "state", "What they say", Kind.CHOICE,
            choices=(*(Choice(state.value, STATE_WORDS[state]) for state in states), *_MORE),
        ),
        # What is known is shown and not filled in: another request may be chosen, and it is not that one's.
        FieldRow(
            "reference", "Their reference", help="Log number or case number, as they say it.", placeholder=_ref(one)
        ),
        FieldRow("name", "Who answered", placeholder=one.name if one else ""),
        FieldRow("grade", "Category or grade", placeholder=one.grade if one else ""),
        FieldRow("minutes", "Minutes they said"),
        FieldRow("text", "In their words, or the reason", Kind.LONG),
    ]  # fmt: skip
    return FormRow("log_news", "Log news", (SectionRow("", tuple(fields)),), "", "Log it", error)


_MORE = (
    Choice("update", "Information passed on"),
    Choice("alternative", "Declined: what is done instead"),
    Choice("told", "Caller told that nobody is coming"),
)


MINUTES_OF_A_DAY = 1440


def _wrong_minutes(written: str) -> str:
    if written and not written.isdecimal():
        return "Minutes must be a whole number, such as 6; nothing was logged yet."
    # Counted first: a number of thousands of digits is not even read.
    if len(written) > 6 or int(written or "0") > MINUTES_OF_A_DAY:
        return f"Minutes must be at most {MINUTES_OF_A_DAY} (one day); nothing was logged yet."
    return ""


def _ref(one: HelpRequest | None) -> str:
    return one.reference if one else ""


def log_news(ledger: HelpLedger, values: Mapping[str, str]) -> str:
    """Log a filled form; return the sentence that says why not, or nothing.  Raises ``NightdeskError``."""
    if not values.get("request") or not values.get("state"):
        return "Choose the request and what they say; nothing was logged yet."
    request, state, text = UUID(values["request"]), values["state"], values.get("text", "")
    minutes = values.get("minutes", "").strip()
    wrong = _wrong_minutes(minutes)
    if wrong:
        return wrong
    if state == "update":
        ledger.update(request, text)
    elif state == "alternative":
        ledger.alternative(request, text)
    elif state == "told":
        ledger.told(request, text)
    elif state == HelpState.SENT.value:
        ledger.send(request, text=text, name=values.get("name", ""))
    elif state == HelpState.DECLINED.value:
        ledger.decline(request, text, values.get("name", ""), values.get("reference", ""))
    elif state == HelpState.ESCALATED.value:
        ledger.escalate(request, values.get("name", "") or text, text)
    elif state == HelpState.CANCELLED.value:
        ledger.cancel(request, text)
    else:
        news = News(
            HelpState(state), text, values.get("reference", ""), values.get("name", ""), values.get("grade", ""),
            int(minutes) if minutes else None,
        )  # fmt: skip
        return ledger.log(request, news)
    return ""


def fact_form(key: str = "", text: str = "", error: str = "", label: str = "", stand: tuple[str, ...] = ()) -> FormRow:
    """Return the form that states or corrects one fact; ``where`` is where the person is now.

    Nothing is chosen before the worker chooses it: how we know a thing is never assumed.
    ``label`` names a fact that is none of the well-known ones; ``stand`` are the values of which
    one must be chosen, where two people differ.
    """
    names = ((WHERE, "Where now"), *FACT_LABELS.items(), (HAZARD, "Hazard"))
    if key and key not in dict(names):
        names = (*names, (key, label or key))
    sources = tuple(Choice(source, words) for source, words in FACT_SOURCES.items())
    fields: tuple[FieldRow, ...] = (
        FieldRow("key", "What", Kind.CHOICE, key, tuple(Choice(name, words) for name, words in names), needed=True),
        FieldRow("text", "In the words used", Kind.LONG, text),
        FieldRow("source", "How we know", Kind.CHOICE, "", sources, needed=not stand),
    )
    if stand:
        values = tuple(Choice(value, value) for value in stand)
        fields = (FieldRow("chosen", "Two values stand: which holds", Kind.CHOICE, "", values), *fields)
    intro = "A place from a record is never shown as where the person is now."
    return FormRow("fact", "State a fact", (SectionRow("", fields),), intro, "Record it", error)


def with_seen(form: FormRow, state: IncidentState) -> FormRow:
    """Return the form of a fact with the values of all facts that stand while it is opened."""
    seen = {one.key: [str(head.entry) for head in one.register.heads] for one in state.facts}
    return replace(form, seen=json.dumps(seen))


def state_fact(incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str]) -> str:
    """Record a filled fact form; return what is missing, or nothing.  Raises ``NightdeskError``."""
    known, incident = state.fact(values.get("key", "")), state.id
    chosen = known and next((one for one in known.register.heads if one.value == values.get("chosen")), None)
    seen = json.loads(values[SEEN]).get(values.get("key", ""), []) if values.get(SEEN) else None
    unseen = known is not None and seen is not None and known.register.unseen(seen, incidents.worker)
    if values.get("chosen") and chosen is None:
        return "The value you chose stands no more; nothing was recorded. Close this and look at what stands now."
    if known is not None and chosen and unseen:
        # A further value came while the worker chose: it stands until it was seen too.
        incidents.fact(incident, known.key, chosen.value, chosen.source, over=seen)
        return ""
    if known is not None and chosen:
        incidents.choose_fact(incident, known.key, chosen.value, chosen.source)
        return ""
    text, key, source = values.get("text", "").strip(), values.get("key", ""), values.get("source", "")
    if not text:
        return "Write the fact; nothing was recorded yet."
    if not key:
        return "Choose what it is about; nothing was recorded yet."
    if not source:
        return "Choose how we know it; nothing was recorded yet."
    if key == WHERE:
        incidents.place(incident, text, place_source(source))
    elif key == HAZARD:
        incidents.hazard(incident, text, FACT_SOURCES.get(source, source))
    elif known is not None and known.clash and not unseen:
        incidents.choose_fact(incident, key, text, FACT_SOURCES.get(source, source))
    else:
        incidents.fact(incident, key, text, FACT_SOURCES.get(source, source), FACT_LABELS.get(key, ""), seen)
    return ""


def risk_form(state: IncidentState, error: str = "") -> FormRow:
    """Return the form that says how great the risk is now."""
    fields = (
        FieldRow("rank", "How great", Kind.CHOICE, state.risk.value, _RANKS, needed=True),
        FieldRow("words", "What the risk is, in a few words", value=state.risk_words),
    )
    return FormRow("risk_now", "Risk now", (SectionRow("", fields),), "It stands on every screen.", "Record it", error)


def change_risk(incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str]) -> str:
    """Record a filled risk form; return what is missing, or nothing.  Raises ``NightdeskError``."""
    if not values.get("rank"):
        return "Choose how great the risk is now; nothing was recorded yet."
    incidents.risk(state.id, Rank(values["rank"]), values.get("words", "").strip())
    return ""


_DEBRIEFS = (Choice("accepted", "Offered and accepted"), Choice("declined", "Offered and declined"))
_DEBRIEF = "debrief "


def stand_down_form(state: IncidentState, error: str = "") -> FormRow:
    """Return the form that ends an incident: why, and to whom a debrief was offered (domain.md 1.2)."""
    offers = tuple(
        FieldRow(f"{_DEBRIEF}{one.worker}", f"Debrief for {one.name}", Kind.CHOICE, choices=_DEBRIEFS,
                 placeholder="Not offered yet")
        for one in state.present if one.role in OFFERED_TO
    )  # fmt: skip
    why = FieldRow("reason", "Why it can be stood down", Kind.LONG, needed=True)
    intro = "It is refused while a request for help is open. Of a debrief only the offer is kept."
    return FormRow("stand_down", "Stand down", (SectionRow("", (why, *offers)),), intro, "Stand down", error)


def stand_down(incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str]) -> str:
    """End an incident.  Raises ``NightdeskError`` where it cannot end yet; then nothing is written."""
    incidents.stand_down(state.id, values.get("reason", ""))
    for key, answer in values.items():
        if key.startswith(_DEBRIEF) and answer:
            incidents.debrief(state.id, key.removeprefix(_DEBRIEF), answer == "accepted")
    return ""


def left_over_form(key: str, words: PanelWords) -> FormRow:
    """Return what was half filled about something that is over: its words to read; sending it discards it."""
    fields = tuple(FieldRow(f"said {at}", label, Kind.SAID, written) for at, (label, written) in enumerate(words.said))
    intro = (
        f"Written {weekday_clock(words.typed)} and not sent. What it was about is over, or no longer yours. "
        "Read it and write what still matters where it belongs; it stays until you discard it."
    )
    return FormRow(key, f"Half filled: {words.title}", (SectionRow("", fields),), intro, "Discard it")


def place_source(source: str) -> LocationSource:
    """Return the kind of source a place has; a case record never says where somebody is now."""
    if source == "case_record":
        return LocationSource.VERIFIED_RECORD
    known = {one.value for one in LOCATION_SOURCE_WORDS}
    return LocationSource(source) if source in known else LocationSource.INFERRED

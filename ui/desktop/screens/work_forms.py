"""The forms of the pair's work, for handler and coordinator alike: a fact, the risk, the stand-down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from console.domain.fact_sheet import FACT_LABELS, FACT_SOURCES, WHERE
from console.domain.hazards import Hazard
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.locations import place_source
from console.domain.people import Rank
from console.domain.recovery import OFFERED_TO
from console.domain.words import weekday_clock
from console.services.drafts import PanelWords
from console.services.incident_record import IncidentRecord
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import SEEN, FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.help_forms import RANKS
from ui.desktop.screens.known_forms import GONE as NOT_THERE
from ui.desktop.screens.known_forms import not_there_rows
from ui.desktop.widgets.faces import Choice

HAZARD = "hazard"
GONE = "gone"


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
    """Return the form of a fact with the values of all facts, places among them, that stand while it is opened."""
    stands = {one.key: one.register for one in (*state.facts, *state.withdrawn)}
    if state.where_said is not None:
        stands[WHERE] = state.where_said
    seen = {key: [str(head.entry) for head in register.heads] for key, register in stands.items()}
    return replace(form, seen=json.dumps(seen))


def with_hazard(form: FormRow, hazard: Hazard) -> FormRow:
    """Return the form of a hazard that stands: it may be taken back, or another stated."""
    no_longer = Choice(str(hazard.entry), f"No longer so: {hazard.text}")
    gone = FieldRow(
        GONE, "Does this hazard still stand", Kind.CHOICE, "", (no_longer,), placeholder=f"It stands: {hazard.text}"
    )
    (section,) = form.sections
    # Whoever takes it back needs to say nothing more; whoever states another is told what is missing.
    others = tuple(replace(one, needed=False) for one in section.fields)
    return replace(form, sections=(replace(section, fields=(gone, *others)),))


def with_places(form: FormRow, state: IncidentState) -> FormRow:
    """Return the form of where they are with a field for each place that stands: it may be taken back."""
    gone = not_there_rows(state)
    (section,) = form.sections
    # Whoever takes one back needs to say nothing more.
    others = tuple(replace(one, needed=one.needed and not gone) for one in section.fields)
    return replace(form, sections=(replace(section, fields=(*gone, *others)),))


def state_fact(incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str]) -> str:
    """Record a filled fact form; return what is missing, or nothing.  Raises ``NightdeskError``."""
    if values.get(GONE):
        incidents.take_back(state.id, UUID(values[GONE]))
        return ""
    gone = {key.removeprefix(NOT_THERE): why for key, why in values.items() if key.startswith(NOT_THERE) and why}
    if gone and values.get("text", "").strip():
        return "You wrote a place and said that they are not there: do one of the two; nothing was recorded yet."
    for place, why in gone.items():
        incidents.not_there(state.id, UUID(place), why)
    return "" if gone else _state_value(incidents, state, values)


def _state_value(incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str]) -> str:
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
        _state_place(incidents, state, text, source, seen)
    elif key == HAZARD:
        incidents.hazard(incident, text, FACT_SOURCES.get(source, source))
    elif known is not None and known.clash and not unseen:
        incidents.choose_fact(incident, key, text, FACT_SOURCES.get(source, source))
    else:
        incidents.fact(incident, key, text, FACT_SOURCES.get(source, source), FACT_LABELS.get(key, ""), seen)
    return ""


def _state_place(
    incidents: IncidentRecord, state: IncidentState, text: str, source: str, seen: list[str] | None
) -> None:
    """Record where they are; over what was seen, so that what came meanwhile stands beside it."""
    stands = state.where_said
    settles = stands is not None and stands.clash and not (seen is not None and stands.unseen(seen, incidents.worker))
    over = stands.settles if stands is not None and settles else ()
    incidents.place(state.id, text, place_source(source), over=seen, settles=over)


def risk_form(state: IncidentState, error: str = "") -> FormRow:
    """Return the form that says how great the risk is now."""
    fields = (
        FieldRow("rank", "How great", Kind.CHOICE, state.risk.value, RANKS, needed=True),
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
_SIGN = "sign "


def stand_down_form(state: IncidentState, error: str = "", helps: Iterable[HelpRequest] = ()) -> FormRow:
    """Return the form that ends an incident: why, and to whom a debrief was offered (domain.md 1.2).

    ``helps`` are the requests of the incident: each that is open is signed here, or ended first.
    """
    offers = tuple(
        FieldRow(f"{_DEBRIEF}{one.worker}", f"Debrief for {one.name}", Kind.CHOICE, choices=_DEBRIEFS,
                 placeholder="Not offered yet")
        for one in state.present if one.role in OFFERED_TO
    )  # fmt: skip
    why = FieldRow("reason", "Why it can be stood down", Kind.LONG, needed=True)
    still = tuple(_still_open(one) for one in helps if one.open)
    intro = "It is refused while a request for help is open and not signed. Of a debrief only the offer is kept."
    sections = (SectionRow("", (why, *still, *offers)),)
    return FormRow("stand_down", "Stand down", sections, intro, "Stand down", error)


def _still_open(one: HelpRequest) -> FieldRow:
    """Return the field that signs a request off, or the words of what must be done first."""
    now = f"{one.label}, {one.words_of_state.lower()}"
    if one.open_risk:
        return FieldRow(f"still {one.id}", now, Kind.SAID, f"First {' and '.join(one.still_needed)} (Log news).")
    who = "Nobody was reached" if one.unreached else "It is still open"
    below = f"{who}. Your name and role stand under it."
    return FieldRow(f"{_SIGN}{one.id}", f"{now}: why it can close", help=below)


def stand_down(
    incidents: IncidentRecord, state: IncidentState, values: Mapping[str, str], refused: Callable[[str], None]
) -> str:
    """End an incident.  Raises ``NightdeskError`` where it cannot end yet; then nothing is written.

    ``refused`` hears why it was not ended after all, where somebody changed it first or the record did not answer.
    """
    signed = {UUID(key.removeprefix(_SIGN)): why for key, why in values.items() if key.startswith(_SIGN)}
    at_once: list[str] = []
    tell: Callable[[str], None] = at_once.append

    def answered(outcome: Outcome) -> None:
        if not outcome.won:
            tell(outcome.sentence)
            return
        for key, answer in values.items():
            if key.startswith(_DEBRIEF) and answer:
                incidents.debrief(state.id, key.removeprefix(_DEBRIEF), answer == "accepted")

    incidents.stand_down(state.id, values.get("reason", ""), signed, answered)
    tell = refused  # from here on the panel is closed
    return at_once[0] if at_once else ""


def put_back(desk: Desk, panel: str, subject: str, say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what is done where a panel is refused after it closed: its words stand half filled again, and why is said.

    Make it before the panel is sent.
    """
    words = desk.half_filled.of(panel, subject)

    def refused(sentence: str) -> None:
        if words is not None:
            desk.half_filled.put_back(words)
        say(f"{sentence}  What you wrote is half filled (Ctrl+U)." if words is not None else sentence)

    return refused


def left_over_form(key: str, words: PanelWords) -> FormRow:
    """Return what was half filled about something that is over: its words to read; sending it discards it."""
    fields = tuple(FieldRow(f"said {at}", label, Kind.SAID, written) for at, (label, written) in enumerate(words.said))
    intro = (
        f"Written {weekday_clock(words.typed)} and not sent. What it was about is over, or no longer yours. "
        "Read it and write what still matters where it belongs; it stays until you discard it."
    )
    return FormRow(key, f"Half filled: {words.title}", (SectionRow("", fields),), intro, "Discard it")

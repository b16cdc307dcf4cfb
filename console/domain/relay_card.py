"""The card the second worker reads out to 999, in the order its call-takers ask (domain.md 4.4).

It assembles itself from the record.  A gap is a row that says *Missing*, with what to ask; a
record address never fills the row of the exact place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from console.domain.contacts import ContactState, Subject
from console.domain.fact_sheet import FACTS
from console.domain.help_kinds import EMERGENCY, HELP_LABELS, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.incidents import Fact, IncidentState
from console.domain.people import age_on
from console.domain.words import clock_words, day_words


@dataclass(frozen=True, slots=True)
class RelayItem:
    """One row.  ``number`` is empty for a row that belongs to the one above.

    ``missing`` rows have in ``text`` what to ask for; ``ask`` is the fact key an answer fills.
    """

    number: str
    key: str
    name: str
    text: str
    missing: bool = False
    ask: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class RelaySources:
    """What the card is made of.  ``ring_back`` is our own number, never the caller's."""

    incident: IncidentState
    contact: ContactState | None = None
    helps: tuple[HelpRequest, ...] = ()
    ring_back: str = ""
    today: date | None = None
    caller_on_line: bool = True


@dataclass(frozen=True, slots=True)
class RelayCard:
    """The rows in 999 order, and when the card was made."""

    items: tuple[RelayItem, ...]
    made_at: datetime

    @property
    def missing(self) -> tuple[RelayItem, ...]:
        """Return the rows with a gap."""
        return tuple(item for item in self.items if item.missing)

    def text(self) -> str:
        """Return the card as plain lines, for print."""
        rows = (f"{i.number or ' ':>2} {i.name}: {'MISSING: ' if i.missing else ''}{i.text}" for i in self.items)
        return "\n".join(rows)


def relay_card(sources: RelaySources, now: datetime) -> RelayCard:
    """Return the card as the record stands at ``now``."""
    items = (
        RelayItem("1", "service", "Service", _services(sources)),
        place_row(sources),
        fact_row(sources, "", "access", "Access", "gate, barrier, which entrance"),
        RelayItem("3", "ring_back", "Ring back", ring_back_words(sources)),
        happening_row(sources),
        *known_rows(sources, "with_them"),
        state_row(sources),
        *known_rows(sources, "number"),
        *taken_rows(sources),
        *known_rows(sources, "children"),
        hazards_row(sources),
        name_row(sources),
        RelayItem("8", "others", "Others asked", others_words(sources)),
        RelayItem("9", "speaking", "Speaking", speaking_words(sources)),
        RelayItem("10", "ask_for", "Ask them for", "Log number, grade, call-taker's name, time"),
    )
    return RelayCard(items, now)


_NAMES: Mapping[str, str] = {"with_them": "With them", "number": "Number hurt", "children": "Children"}
"""Rows that stand only where something is known: no call-taker's first questions, so no gap is said."""


def known_rows(sources: RelaySources, *rows: str) -> tuple[RelayItem, ...]:
    """Return those of :data:`_NAMES` of which something is known."""
    said = ((row, _row_words(sources, row)) for row in rows)
    return tuple(RelayItem("", row, _NAMES[row], ". ".join(words)) for row, words in said if words)


def _row_words(sources: RelaySources, row: str) -> list[str]:
    """Return what is known of every fact that stands in a row; all but the row's own with its label."""
    stated = ((one, sources.incident.fact(one.key)) for one in FACTS if one.relay == row)
    return [
        f"{'' if one.key == row else f'{one.label}: '}{_fact_words(fact)}" for one, fact in stated if fact is not None
    ]


def _services(sources: RelaySources) -> str:
    asked = [one for one in sources.helps if one.kind in EMERGENCY and one.state is not HelpState.CANCELLED]
    names = list(dict.fromkeys(HELP_LABELS[one.kind] for one in sorted(asked, key=lambda one: one.kind.value)))
    if not names:
        return "Say which: ambulance, police or fire"
    rest = " and ".join(name.lower() for name in names[1:])
    return f"{names[0]} and {rest}" if rest else names[0]


def place_row(sources: RelaySources) -> RelayItem:
    """Return where it is: a place that can be where somebody is now, never a record address."""
    where = sources.incident.where_words
    if not where:
        return RelayItem("2", "place", "Exact place", "where exactly, what is near", missing=True, ask="place")
    # Both, where two were told different places: somebody must be asked.
    return RelayItem("2", "place", "Exact place", where, exact=True)


def fact_row(sources: RelaySources, number: str, key: str, name: str, ask: str) -> RelayItem:
    """Return one fact, or that it is missing with what to ask."""
    fact = sources.incident.fact(key)
    if fact is None:
        return RelayItem(number, key, name, ask, missing=True, ask=key)
    return RelayItem(number, key, name, _fact_words(fact))


def _fact_words(fact: Fact) -> str:
    """Return a fact's words; where two people differ, both, because somebody must be asked."""
    if not fact.clash:
        return fact.text
    return " or ".join(dict.fromkeys(head.value or "no longer so" for head in fact.register.heads))


def ring_back_words(sources: RelaySources) -> str:
    """Return our own number: a call-taker rings us, never the caller."""
    number = sources.ring_back or "Our desk's number"
    return f"{number}, our desk. We are a third party"


def happening_row(sources: RelaySources) -> RelayItem:
    """Return what is happening now."""
    told = sources.incident.fact("happening")
    parts = [told] if told is not None else [sources.incident.fact(key) for key in ("taken", "means", "alone")]
    known = [_fact_words(fact) for fact in parts if fact is not None]
    if not known:
        return RelayItem("4", "happening", "What is happening", "what is happening now", missing=True, ask="happening")
    return RelayItem("4", "happening", "What is happening", ". ".join(known))


def state_row(sources: RelaySources) -> RelayItem:
    """Return whether they are awake and breathing, as of when, with sex and age where known."""
    item = fact_row(sources, "5", "state", "Awake, breathing", "awake, breathing")
    fact = sources.incident.fact("state")
    if fact is None:
        return item
    person = _person_words(sources)
    words = f"{item.text} at {clock_words(fact.at)}" + (f". {person}" if person else "")
    return RelayItem("5", "state", item.name, words)


def _person_words(sources: RelaySources) -> str:
    subject = _subject(sources)
    if subject is None:
        return ""
    day = sources.today
    age = str(age_on(subject.born, day)) if subject.born is not None and day is not None else ""
    return ", ".join(part for part in (subject.gender, age) if part)


def _subject(sources: RelaySources) -> Subject | None:
    return sources.contact.subject if sources.contact is not None else None


_TAKEN: Mapping[str, tuple[str, str]] = {
    "taken": ("Taken", "anything taken, how much"),
    "taken_at": ("Taken when", "at what time, all at once"),
    "substance": ("Substance", "which drug"),
}


def taken_rows(sources: RelaySources) -> tuple[RelayItem, ...]:
    """Return what was taken, when and which drug, where that is the matter; what is not known of it is a gap.

    Of somebody suicidal it is asked whether anything was taken; of others there is no row until it was said.
    """
    if any(sources.incident.fact(key) is not None for key in _TAKEN):
        return tuple(fact_row(sources, "", key, name, ask) for key, (name, ask) in _TAKEN.items())
    if sources.contact is not None and sources.contact.type == "suicidal_caller":
        return (fact_row(sources, "", "taken", *_TAKEN["taken"]),)
    return ()


def hazards_row(sources: RelaySources) -> RelayItem:
    """Return what can hurt whoever goes there."""
    known = [hazard.text for hazard in sources.incident.hazards] + _row_words(sources, "hazards")
    if not known:
        return RelayItem("6", "hazards", "Hazards", "violence, weapons, dogs", missing=True, ask="hazards")
    return RelayItem("6", "hazards", "Hazards", ". ".join(known))


def name_row(sources: RelaySources) -> RelayItem:
    """Return name and date of birth, and whether they were confirmed."""
    subject, said = _subject(sources), sources.incident.fact("name")
    if subject is not None and subject.name:
        born = day_words(subject.born) if subject.born is not None else "born not known"
        sure = "" if subject.confirmed else " (not confirmed)"
        spoken = _spoken(subject.name)
        # What somebody gave as a name is read out too: it may be another person than the record says.
        other = f". Name given: {_fact_words(said)}" if said is not None and said.text != spoken else ""
        return RelayItem("7", "name", "Name, born", f"{spoken}, {born}{sure}{other}")
    if said is not None:
        return RelayItem("7", "name", "Name, born", _fact_words(said))
    return RelayItem("7", "name", "Name, born", "name, date of birth", missing=True, ask="name")


def _spoken(name: str) -> str:
    """Return ``FENN, Marcus`` as it is said: ``Marcus Fenn``."""
    family, comma, given = name.partition(", ")
    return f"{given} {family.title()}" if comma else name


def others_words(sources: RelaySources) -> str:
    """Return who else was asked, each with what came of it and their reference: the next agency plans by it."""
    asked = [one for one in sources.helps if one.sent_at is not None and one.state is not HelpState.CANCELLED]
    return ". ".join(_asked_words(one) for one in asked) or "Nobody yet"


def _asked_words(one: HelpRequest) -> str:
    unanswered = one.state in (HelpState.SENT, HelpState.ACKNOWLEDGED)
    parts = ["asked"] if unanswered and not one.reference else [] if unanswered else [one.words_of_state.lower()]
    parts += [one.reference or "no reference yet"] if one.reference or unanswered else []
    return f"{one.label} {', '.join(parts)}"


def speaking_words(sources: RelaySources) -> str:
    """Return how to speak with them, and that their line is taken while it is."""
    fact = sources.incident.fact("speaking")
    said = _fact_words(fact) if fact is not None else "Language not noted"
    return f"{said}. On our line now: do not ring them" if sources.caller_on_line else said

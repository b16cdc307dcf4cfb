"""The relay card in the three forms that are asked for: 999's order, ETHANE, SBAR (domain.md 4.4).

One record, three orders.  Each line is made of what is known and says *Missing* where nothing is; below
a major incident the M of METHANE is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from console.domain.contacts import ContactState
from console.domain.forms.registry import title_of
from console.domain.help_kinds import EMERGENCY, HELP_LABELS, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.people import Rank
from console.domain.relay_card import (
    RelayCard,
    RelayItem,
    RelaySources,
    fact_row,
    happening_row,
    hazards_row,
    known_rows,
    name_row,
    others_words,
    place_row,
    relay_card,
    ring_back_words,
    speaking_words,
    state_row,
    taken_rows,
)
from console.domain.risk_said import only_asked
from console.domain.words import clock_words


class RelayForm(StrEnum):
    """In which order the card is read out."""

    CALL_TAKER = "999"
    ETHANE = "ETHANE"
    SBAR = "SBAR"


def next_form(form: RelayForm) -> RelayForm:
    """Return the form after ``form``, the first after the last."""
    forms = tuple(RelayForm)
    return forms[(forms.index(form) + 1) % len(forms)]


def card_as(form: RelayForm, sources: RelaySources, now: datetime) -> RelayCard:
    """Return the card in one form, as the record stands at ``now``."""
    return _CARDS[form](sources, now)


def _ethane(sources: RelaySources, now: datetime) -> RelayCard:
    items = (
        replace(place_row(sources), number="E", name="Exact location"),
        RelayItem("T", "type", "Type", _type(sources)),
        *_where_known(
            happening_row(sources),
            *taken_rows(sources),
            *known_rows(sources, "with_them"),
        ),
        replace(hazards_row(sources), number="H"),
        *known_rows(sources, "children"),
        fact_row(sources, "A", "access", "Access", "gate, barrier, which entrance"),
        _number(sources),
        *_where_known(state_row(sources), name_row(sources), *_speaking(sources)),
        RelayItem("E", "services", "Services", _services_words(sources)),
        RelayItem("", "ring_back", "Ring back", ring_back_words(sources)),
    )
    return RelayCard(items, now)


def _where_known(*rows: RelayItem) -> tuple[RelayItem, ...]:
    """Return the rows that a form has no letter for: what is known is read out, no gap is said."""
    return tuple(replace(one, number="") for one in rows if not one.missing)


def _speaking(sources: RelaySources) -> tuple[RelayItem, ...]:
    known = sources.incident.fact("speaking") is not None
    return (RelayItem("", "speaking", "Speaking", speaking_words(sources)),) if known else ()


def _sbar(sources: RelaySources, now: datetime) -> RelayCard:
    items = (
        replace(happening_row(sources), number="S", name="Situation"),
        replace(place_row(sources), number="", name="Exact place"),
        *_where_known(fact_row(sources, "", "access", "Access", "")),
        replace(name_row(sources), number="B", name="Background"),
        *taken_rows(sources),
        *known_rows(sources, "with_them"),
        RelayItem("", "kind", "Kind of call", _type(sources)),
        replace(state_row(sources), number="A", name="Assessment"),
        *known_rows(sources, "number"),
        RelayItem("", "risk", "Risk", _risk(sources)),
        replace(hazards_row(sources), number="", name="Hazards"),
        *known_rows(sources, "children"),
        *_speaking(sources),
        RelayItem("R", "recommendation", "Asked for", _asked_words(sources)),
        RelayItem("", "others", "Others asked", others_words(sources)),
        RelayItem("", "ring_back", "Ring back", ring_back_words(sources)),
    )
    return RelayCard(items, now)


def _type(sources: RelaySources) -> str:
    contact: ContactState | None = sources.contact
    return title_of(contact.type) if contact is not None and contact.type else "Concern for somebody's life or welfare"


def _number(sources: RelaySources) -> RelayItem:
    """How many are hurt is never concluded from how many are in the record."""
    return fact_row(sources, "N", "number", "Number hurt", "how many are hurt, how many are there")


def _services_words(sources: RelaySources) -> str:
    sent = [one for one in sources.helps if one.kind in EMERGENCY and one.sent_at is not None and one.open]
    wanted = [one for one in sources.helps if one.kind in EMERGENCY and one.state is HelpState.DRAFTED]
    here = _labels([one for one in sent if one.scene_at is not None])
    parts = (
        f"On scene: {here}" if here else "",
        f"Asked: {_labels([one for one in sent if one.scene_at is None])}" if len(sent) > _count(sent) else "",
        f"Needed: {_labels(wanted)}" if wanted else "",
    )
    return ". ".join(part for part in parts if part) or "None asked yet. Say which are needed"


def _count(sent: list[HelpRequest]) -> int:
    return sum(1 for one in sent if one.scene_at is not None)


def _labels(helps: list[HelpRequest]) -> str:
    names = dict.fromkeys(HELP_LABELS[one.kind] for one in sorted(helps, key=lambda one: one.kind.value))
    return ", ".join(names)


_RISKS: Mapping[Rank, str] = MappingProxyType(
    {
        Rank.NOW: "Life at risk now",
        Rank.HOUR: "Serious harm tonight is likely",
        Rank.SHIFT: "Cannot wait for the day service",
        Rank.DAY: "Can wait for the day service",
        Rank.INFORMATION: "No risk recorded",
    }
)


def _risk(sources: RelaySources) -> str:
    incident = sources.incident
    if only_asked(incident, sources.contact):
        return "Not said yet"
    words = incident.risk_words or _RISKS[incident.risk]
    return f"{words}, since {clock_words(incident.risk_at)}" if incident.risk_at is not None else words


def _asked_words(sources: RelaySources) -> str:
    asked = [one for one in sources.helps if one.open]
    said = [f"{one.label}: {one.words}" if one.words else one.label for one in asked]
    return ". ".join(said) or "Say what you ask for, and what you will do meanwhile"


_Make = Callable[[RelaySources, datetime], RelayCard]
_CARDS: Mapping[RelayForm, _Make] = MappingProxyType(
    {RelayForm.CALL_TAKER: relay_card, RelayForm.ETHANE: _ethane, RelayForm.SBAR: _sbar}
)

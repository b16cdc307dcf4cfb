"""Form values that follow from what is recorded elsewhere, until somebody types over them.

A worker who has the place in the incident need not write it into the form as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from console.domain.contacts import ContactState
from console.domain.forms.spec import joined
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState

_URGENT = frozenset({"p1_life_now", "p2_harm_tonight", "p3_before_day_service"})


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a contact: its incident and the requests for help, where there are any."""

    contact: ContactState
    incident: IncidentState | None = None
    helps: tuple[HelpRequest, ...] = ()


def form_values(around: Around) -> Mapping[str, str]:
    """Return the values of a contact's form: what was typed, else what follows from the rest."""
    values = {key: rule(around) for key, rule in _RULES.items()}
    typed = {name: found.value for name, found in around.contact.fields.items() if found.value.strip()}
    return {**{key: value for key, value in values.items() if value}, **typed}


def reached(helps: Iterable[HelpRequest]) -> bool:
    """Say whether any service has reached the person."""
    return any(one.reached_at is not None for one in helps)


def _subject(around: Around) -> str:
    subject = around.contact.subject
    return str(subject.person) if subject is not None else ""


def _summary(around: Around) -> str:
    return around.contact.notes[0].text if around.contact.notes else ""


def _can_it_wait(around: Around) -> str:
    return "no" if around.contact.value("priority") in _URGENT else ""


def _location_source(around: Around) -> str:
    where = around.incident.where if around.incident is not None else None
    return where.source.value if where is not None else ""


def _place(around: Around) -> str:
    where = around.incident.where if around.incident is not None else None
    return where.text if where is not None else ""


def _taken(around: Around) -> str:
    fact = around.incident.fact("taken") if around.incident is not None else None
    return fact.text if fact is not None else ""


def _reached(around: Around) -> str:
    return "yes" if reached(around.helps) else ""


def _handover(around: Around) -> str:
    handover = around.contact.handover
    return joined(handover.to) if handover is not None else ""


_RULES: Mapping[str, Callable[[Around], str]] = {
    "subject": _subject,
    "summary": _summary,
    "can_it_wait": _can_it_wait,
    "location_source": _location_source,
    "child_where": _place,
    "taken": _taken,
    "person_reached": _reached,
    "handover_to": _handover,
}

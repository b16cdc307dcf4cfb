"""Which fact the form is about that opens on a row of the facts or of the relay card."""

from __future__ import annotations

from console.domain.fact_sheet import FACT_LABELS, WHERE
from console.domain.incidents import IncidentState
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.work_forms import HAZARD, fact_form, with_hazard, with_places, with_seen


def form_of_fact(subject: str, incident: IncidentState | None) -> FormRow:
    """Return the form for a row of Facts (``state``, ``hazard 0192..``) or of the relay card (``ask 3 place``)."""
    key = subject.rpartition(" ")[2] if subject.startswith("ask ") else subject
    key = WHERE if key == "place" else HAZARD if key.startswith("hazard ") else key
    fact = incident.fact(key) if incident else None
    if fact is not None:
        stand = tuple(one.value for one in fact.register.heads) if fact.clash else ()
        made = fact_form(key, fact.text, label=fact.label, stand=stand)
    else:
        made = fact_form(key if key in (WHERE, HAZARD, *FACT_LABELS) else "")
    hazards = incident.hazards if incident else ()
    hazard = next((one for one in hazards if subject == f"{HAZARD} {one.entry}"), None)
    made = with_hazard(made, hazard) if hazard is not None else made
    made = with_places(made, incident) if key == WHERE and incident is not None else made
    return with_seen(made, incident) if incident else made

"""What an agency was told, in words, for whoever may read the incident: the request itself names only the entries.

A request is read by every role of the shift, and what is known in an incident by those who are in it (decision 0027).
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from console.domain.help_news import Passed
from console.domain.incidents import IncidentState


def told_words(passed: Passed, incident: IncidentState | None) -> str:
    """Return ``Told: A dog in the car; and 1 more``: the words that are readable here, and how many are not."""
    known = dict(_said(incident)) if incident is not None else {}
    said = [known[one] for one in passed.entries if one in known]
    left = len(passed.entries) - len(said)
    if not said:
        return passed.counted
    return f"Told: {'; '.join(said)}" + (f"; and {left} more" if left else "")


def _said(incident: IncidentState) -> Iterator[tuple[UUID, str]]:
    for hazard in incident.hazards:
        yield hazard.entry, hazard.text
    for place in incident.places:
        yield place.entry, f"Where now: {place.text}"
        if place.ended is not None:
            yield place.ended, f"No longer at: {place.text}"
    for fact in incident.facts:
        # What was told stays told, also where another value stands by now.
        for written in fact.register.history:
            yield written.entry, f"{fact.label}: {written.value}"
    if incident.risk_head is not None:
        yield incident.risk_head, f"The risk: {incident.risk_words}" if incident.risk_words else "How great the risk is"

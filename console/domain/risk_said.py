"""Whether somebody has said that a life is at risk now: a second worker who was asked for says nothing of that.

An incident opens at the highest rank, so that it stands first everywhere until somebody knows more.  That is an order
of work and nobody's finding: it must not be read out, or acted on, as one.
"""

from __future__ import annotations

from console.domain.contacts import ContactState
from console.domain.incidents import IncidentState
from console.domain.people import Rank
from console.domain.plans import Limits, LimitsNow

ASKED_FOR = "Second worker asked for"
"""What stands in the place of the risk until somebody has said one."""


def risk_now(incident: IncidentState | None, contact: ContactState | None, plan: LimitsNow | None = None) -> bool:
    """Say whether somebody wrote it: in the incident, in the record's *How urgent*, or as the answer before a plan."""
    written = incident is not None and incident.risk_head is not None and incident.risk is Rank.NOW
    urgent = contact is not None and contact.value("priority") == Rank.NOW.value
    return written or urgent or (plan is not None and plan.limits is Limits.AT_RISK)


def only_asked(incident: IncidentState | None, contact: ContactState | None) -> bool:
    """Say whether a live incident stands at its first rank and nobody has said how great the risk is."""
    if incident is None or not incident.live or incident.risk_head is not None:
        return False
    return contact is None or not contact.value("priority")

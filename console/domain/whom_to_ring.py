"""Which agency of the directory is rung for which help, and which help is only ever rung on a handset.

Emergency services are rung by a person on a telephone: 999 is routed by the place of the line that calls, and a
program may not decide that (telephony.md 4.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from console.domain.help_kinds import EMERGENCY, HelpKind
from console.domain.help_requests import HelpRequest
from console.domain.people import Agency
from console.domain.ring_safety import Safety, said_of

AGENCIES_OF: Mapping[HelpKind, tuple[str, ...]] = MappingProxyType(
    {
        HelpKind.POLICE_LOG_ONLY: ("police",),
        HelpKind.WELFARE_CHECK: ("police",),
        HelpKind.CRISIS_TEAM: ("crisis_team", "nhs111"),
        HelpKind.AA: ("aa_provider",),
        HelpKind.INTERPRETER: ("interpreter",),
        HelpKind.PLACEMENT: ("foster_agency", "home"),
        HelpKind.TRANSPORT: ("transport",),
        HelpKind.AMHP: ("amhp",),
        HelpKind.LEGAL: ("legal",),
        HelpKind.MEDICAL: ("hospital", "gp", "nhs111"),
    }
)
"""Kinds of agency (domain.md 8.1), the first to ring first; a kind of help that is not here names its agency."""


def rings_freely(safe: str) -> bool:
    """Say whether what is known of when a number may be rung is no rule that must be read first."""
    return said_of(safe) is Safety.FREELY


def by_handset(request: HelpRequest) -> bool:
    """Say whether this help is asked for on a handset: police, ambulance or fire who are to come."""
    return request.kind in EMERGENCY


def agency_for(request: HelpRequest, agencies: Iterable[Agency]) -> Agency | None:
    """Return whom to ring: the agency the request names, else the first of its kind whose number is not said wrong."""
    listed = tuple(agencies)
    named = next((one for one in listed if request.agency and _named(one, request.agency)), None)
    if named is not None:
        return named
    kinds = AGENCIES_OF.get(request.kind, ())
    fitting = [one for one in listed if one.kind in kinds]
    fitting.sort(key=lambda one: (one.wrong_on is not None, kinds.index(one.kind), one.name))
    return fitting[0] if fitting else None


def _named(agency: Agency, words: str) -> bool:
    wanted = words.casefold().strip()
    return wanted in (agency.name.casefold(), f"{agency.name}, {agency.area}".casefold())

"""What the parts in an incident are called, on every screen and in every account of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.domain.incidents import IncidentRole

SEAT_WORDS: Mapping[IncidentRole, str] = MappingProxyType(
    {
        IncidentRole.LEAD: "lead",
        IncidentRole.COORDINATOR: "second worker",
        IncidentRole.MANAGER: "manager",
        IncidentRole.OBSERVER: "watches",
    }
)

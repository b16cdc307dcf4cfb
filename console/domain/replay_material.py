"""What a replay is made from: the entries of one incident, and who looked at whose record around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.record import SeenMark, Stored

SIGNED_IN_BEFORE = timedelta(hours=16)
"""How long before the first entry a sign-in can lie that still holds: the longest shift, and an hour."""
LOOKED_BEFORE = timedelta(hours=12)
"""How long an opened record lets its reader see the cases about that person (the doors' own rule)."""
LOOKED_AFTER = timedelta(hours=1)
"""How long after the last entry a look still belongs to it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One row of the access log: ``action`` is listed, opened, opened_offline or refused.  No reason, no question."""

    at: datetime
    worker: str
    action: str
    person: UUID | None
    call: UUID | None


@dataclass(frozen=True, slots=True)
class Material:
    """What the doors give of one incident, in the order of the record.

    ``entries`` are those of the incident, its contacts, calls, signals, requests for help and of what was learned of
    the people in it, and the sign-ins of the night.  A body is None where the reader may not read it, or it was erased.
    ``seen`` is how far each worker had *ever* seen each stream: the record keeps no earlier marks (decision 0031).
    """

    incident: UUID
    entries: tuple[Stored, ...]
    looks: tuple[Looked, ...] = ()
    seen: tuple[SeenMark, ...] = ()

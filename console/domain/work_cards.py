"""Open work as lists may show it to every role: a whitelisted card of a contact or an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.people import Rank


@dataclass(frozen=True, slots=True)
class WorkCard:
    """An open contact or incident as lists may show it: no words, no names of callers."""

    id: UUID
    kind: str
    """``contact`` or ``incident``."""
    type: str = ""
    rank: Rank = Rank.SHIFT
    line: str = ""
    """Authority and service in words, such as "Hampshire adults"."""
    authority: str = ""
    service: str = ""
    owner: str = ""
    """Worker key of who must finish it, or of the lead."""
    coordinator: str = ""
    call: UUID | None = None
    rationale: bool = True
    """False where a decision with its rationale is still missing."""
    live: bool = True
    """False when it is put aside to be finished later."""
    opened_at: datetime | None = None
    paired_since: datetime | None = None
    telling: tuple[str, ...] = ()
    """Marks of what an incident's agencies must know of, without words."""
    rung: str = ""
    """What came of ringing back after the line dropped, as :func:`board_drops.rung_mark` writes it."""

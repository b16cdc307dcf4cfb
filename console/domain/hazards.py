"""What can hurt whoever goes there, as a fold: what stands, and what was taken back and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import text
from console.domain.record import Kind


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard as it was said.  ``ended`` is the entry that took it back, None while it stands."""

    text: str
    source: str
    at: datetime
    by: str
    entry: UUID
    ended: UUID | None = None
    ended_at: datetime | None = None
    ended_by: str = ""


def fold_hazards(items: Iterable[Item]) -> tuple[Hazard, ...]:
    """Return every hazard that was ever said, in order.

    An entry without words that corrects one takes it back; an older console, which knows no such entry, goes on
    showing it.  Who takes back first is remembered.
    """
    found: dict[UUID, Hazard] = {}
    for item in items:
        if item.kind is not Kind.INCIDENT_HAZARD or not item.readable:
            continue
        said, over = text(item.content, "text"), item.corrects
        if said:
            found[item.id] = Hazard(said, text(item.content, "source"), item.made_at, item.author, item.id)
        elif over is not None and over in found and found[over].ended is None:
            found[over] = replace(found[over], ended=item.id, ended_at=item.made_at, ended_by=item.author)
    return tuple(found.values())
